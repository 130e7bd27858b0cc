//! Letters of a case: what can be issued, how it would read, and issuing it.
//!
//! Use cases know no file formats: what fills a template is handed in as a [`Press`].

mod compose;
mod gather;
mod issue;
pub mod settings;
pub mod templates;

use serde_json::Value;

pub use compose::{Composed, Wanted, compose};
pub use gather::{CaseLetters, case_letters};
pub use issue::{IssueLetter, issue_letter};

use crate::domain::ids::LetterId;
use crate::domain::letters::{LetterKind, LetterSettings};
use crate::service::case_file::sighted_case;
use crate::service::{Caller, ServiceError};
use crate::storage::{DbConnection, letters};

pub use crate::storage::letter_templates::TemplateVersion;
pub use crate::storage::letters::IssuedLetter;

/// What letters are made with.
#[derive(Debug, Clone)]
pub struct Press {
    /// The template that comes with the program.
    pub built_in: fn(LetterKind) -> Result<Vec<u8>, String>,
    /// Fills a template; or why it cannot be filled, in words for the person at the desk.
    pub fill: fn(&[u8], &Value) -> Result<Vec<u8>, String>,
    /// What a filled letter reads.
    pub read: fn(&[u8]) -> Result<String, String>,
    /// What is wrong with a template; nothing where it can be put in place.
    pub faults: fn(LetterKind, &[u8]) -> Vec<String>,
    /// The reconsideration body of the whole installation, for agencies that have set none of their own.
    pub reconsideration_body: String,
    /// Its court of first instance, likewise.
    pub court: String,
}

impl Press {
    /// The settings of an agency, with those of the installation where it has none of its own.
    pub fn with_installation(&self, mut settings: LetterSettings) -> LetterSettings {
        if settings.reconsideration_body.is_empty() {
            settings.reconsideration_body.clone_from(&self.reconsideration_body);
        }
        if settings.court.is_empty() {
            settings.court.clone_from(&self.court);
        }
        settings
    }
}

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
