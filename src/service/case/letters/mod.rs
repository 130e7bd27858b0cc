//! Letters of a case: what can be issued, how it would read, and issuing it.

pub mod change_settings;
mod compose_letter;
mod gather_facts;
mod issue_letter;
pub mod put_template;

pub use compose_letter::{Composed, Wanted, compose};
pub use gather_facts::{CaseLetters, case_letters};
pub use issue_letter::{Drawing, IssueLetter, issue_drawn_by, issue_letter};

use crate::domain::ids::LetterId;
use crate::service::case::open_case::sighted_case;
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;
use crate::storage::case::letters;

pub use crate::storage::case::letter_templates::TemplateVersion;
pub use crate::storage::case::letters::IssuedLetter;

/// SHA-256 in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    })
}

/// An issued letter with its file, for somebody who sees the case.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] where there is none, or none this person sees.
pub fn issued_letter(
    conn: &mut DbConnection,
    caller: &Caller,
    letter: LetterId,
) -> Result<(IssuedLetter, String, Vec<u8>), ServiceError> {
    let issued = letters::fetch(conn, letter)?;
    let sighted = sighted_case(conn, caller, issued.case)?;
    let file = letters::file(conn, letter)?;
    Ok((issued, sighted.case().case_no.clone(), file))
}
