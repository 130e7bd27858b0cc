//! The templates an agency has put in place of those built in: appended to, never changed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::letters::LetterKind;
use crate::storage::codes::Code;
use crate::storage::schema::letter_templates;
use crate::storage::{DbConnection, StorageError};

/// A version of a template, without its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateVersion {
    /// Of which letter.
    pub kind: LetterKind,
    /// Its number, from 1.
    pub version: i32,
    /// The name of the file that was sent; empty for a return to the template built in.
    pub file_name: String,
    /// SHA-256 of the file, in hexadecimal; none for a return to the template built in.
    pub sha256: Option<String>,
    /// Who put it in place.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
}

type Columns = (Code<LetterKind>, i32, String, Option<String>, String, NaiveDateTime);

fn version((kind, version, file_name, sha256, made_by, made_at): Columns) -> TemplateVersion {
    TemplateVersion { kind: kind.0, version, file_name, sha256, made_by, made_at: made_at.and_utc() }
}

/// Every version of an agency's templates: by kind, the latest first.
pub fn of_agency(conn: &mut DbConnection, agency: AgencyId) -> Result<Vec<TemplateVersion>, StorageError> {
    let rows: Vec<Columns> = letter_templates::table
        .filter(letter_templates::agency_id.eq(agency.0))
        .order((letter_templates::kind, letter_templates::version_no.desc()))
        .select((
            letter_templates::kind,
            letter_templates::version_no,
            letter_templates::file_name,
            letter_templates::sha256,
            letter_templates::made_by,
            letter_templates::made_at,
        ))
        .load(conn)?;
    Ok(rows.into_iter().map(version).collect())
}

/// The number and file of the version in force; none where the one built in is.
pub fn in_force(
    conn: &mut DbConnection,
    agency: AgencyId,
    kind: LetterKind,
) -> Result<Option<(i32, Vec<u8>)>, StorageError> {
    let last: Option<(i32, Option<Vec<u8>>)> = letter_templates::table
        .filter(letter_templates::agency_id.eq(agency.0))
        .filter(letter_templates::kind.eq(Code(kind)))
        .order(letter_templates::version_no.desc())
        .select((letter_templates::version_no, letter_templates::docx))
        .first(conn)
        .optional()?;
    Ok(last.and_then(|(version, file)| file.map(|it| (version, it))))
}

/// The file of a version; none for a return to the template built in.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such version.
pub fn file(
    conn: &mut DbConnection,
    agency: AgencyId,
    kind: LetterKind,
    version: i32,
) -> Result<Option<Vec<u8>>, StorageError> {
    Ok(letter_templates::table
        .filter(letter_templates::agency_id.eq(agency.0))
        .filter(letter_templates::kind.eq(Code(kind)))
        .filter(letter_templates::version_no.eq(version))
        .select(letter_templates::docx)
        .first(conn)?)
}

/// What is put in place: the name of the file, its SHA-256, and the file.
pub type NewTemplate<'a> = (&'a str, &'a str, &'a [u8]);

/// Puts a template in place, or with none the one built in. Returns the number of the version.
///
/// # Errors
/// [`StorageError::Stale`] where somebody else put one in place at the same moment.
pub fn put(
    conn: &mut DbConnection,
    agency: AgencyId,
    kind: LetterKind,
    new: Option<NewTemplate<'_>>,
    made_by: &str,
    now: DateTime<Utc>,
) -> Result<i32, StorageError> {
    let last: Option<i32> = letter_templates::table
        .filter(letter_templates::agency_id.eq(agency.0))
        .filter(letter_templates::kind.eq(Code(kind)))
        .select(diesel::dsl::max(letter_templates::version_no))
        .first(conn)?;
    let version = last.unwrap_or(0) + 1;
    diesel::insert_into(letter_templates::table)
        .values((
            letter_templates::agency_id.eq(agency.0),
            letter_templates::kind.eq(Code(kind)),
            letter_templates::version_no.eq(version),
            letter_templates::file_name.eq(new.map_or("", |it| it.0)),
            letter_templates::sha256.eq(new.map(|it| it.1)),
            letter_templates::docx.eq(new.map(|it| it.2)),
            letter_templates::made_by.eq(made_by),
            letter_templates::made_at.eq(now.naive_utc()),
        ))
        .execute(conn)
        .map_err(StorageError::in_succession)?;
    Ok(version)
}
