//! The templates of an agency: what is in force, every version, and putting another in place.

use chrono::Datelike;
use serde_json::json;

use crate::documents::letters::{built_in, faults};
use crate::domain::labels::Coded;
use crate::domain::letters::{LetterDefaults, LetterKind, day_of, sample, values};
use crate::service::access::manage_agencies::{Unit, unit};
use crate::service::case::letters::sha256;
use crate::service::{Caller, ServiceError, note};
use crate::storage::case::letter_templates::TemplateVersion;
use crate::storage::case::{letter_settings, letter_templates};
use crate::storage::{Db, DbConnection};

/// The versions of an agency's templates: by kind, the latest first.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] for an agency that is not the administrator's to keep.
pub fn agency_templates(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
) -> Result<(Unit, Vec<TemplateVersion>), ServiceError> {
    let (unit, _) = unit(conn, caller, code)?;
    let versions = letter_templates::of_agency(conn, unit.agency_id())?;
    Ok((unit, versions))
}

/// The file of a template: of this version, of the one in force where none is named, of the one built in
/// for version 0.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] where there is no such version.
pub fn template_file(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
    kind: LetterKind,
    version: Option<i32>,
) -> Result<(i32, Vec<u8>), ServiceError> {
    let (unit, _) = unit(conn, caller, code)?;
    let own = match version {
        None => letter_templates::in_force(conn, unit.agency_id(), kind)?,
        Some(0) => None,
        Some(version) => {
            letter_templates::file(conn, unit.agency_id(), kind, version)?.map(|file| (version, file))
        }
    };
    match own {
        Some(own) => Ok(own),
        None => Ok((0, built_in(kind).map_err(|it| ServiceError::refused(it.explain()))?)),
    }
}

/// Puts a template in place that has no faults. The one in force already, sent once more, changes nothing.
///
/// # Errors
/// What is wrong with the file, at the field `file`.
pub fn put_template(
    db: &Db,
    caller: &Caller,
    code: &str,
    kind: LetterKind,
    file: (&str, &[u8]),
) -> Result<(), ServiceError> {
    let (unit, _) = db.read(|conn| unit(conn, caller, code))?;
    // Sample letters are drawn with it, before anybody has to wait.
    let faults = faults(kind, file.1);
    if !faults.is_empty() {
        return Err(ServiceError::field("file", faults.join("；")));
    }
    db.write(|conn| put(conn, caller, &unit, kind, file))
}

fn put(
    conn: &mut DbConnection,
    caller: &Caller,
    unit: &Unit,
    kind: LetterKind,
    (file_name, file): (&str, &[u8]),
) -> Result<(), ServiceError> {
    let agency = unit.agency_id();
    if letter_templates::in_force(conn, agency, kind)?.is_some_and(|(_, known)| known == file) {
        return Ok(());
    }
    let hash = sha256(file);
    let new = Some((file_name, hash.as_str(), file));
    let version = letter_templates::put(conn, agency, kind, new, &caller.name, caller.now)?;
    let details =
        json!({ "letter_kind": kind.label(), "version": version, "file": file_name, "sha256": hash });
    note::agency(conn, caller, unit.agency_id(), "put_template", details)?;
    Ok(())
}

/// Returns to the template built in.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] for an agency that is not the administrator's to keep.
pub fn restore_built_in(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
    kind: LetterKind,
) -> Result<(), ServiceError> {
    let (unit, _) = unit(conn, caller, code)?;
    let agency = unit.agency_id();
    if letter_templates::in_force(conn, agency, kind)?.is_none() {
        return Ok(());
    }
    let version = letter_templates::put(conn, agency, kind, None, &caller.name, caller.now)?;
    let details = json!({ "letter_kind": kind.label(), "version": version });
    note::agency(conn, caller, unit.agency_id(), "restore_template", details)?;
    Ok(())
}

/// The values of a sample case in this agency, with what it has set: to look at a template with.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] for an agency that is not the administrator's to keep.
pub fn sample_values(
    conn: &mut DbConnection,
    caller: &Caller,
    defaults: &LetterDefaults,
    code: &str,
    kind: LetterKind,
) -> Result<serde_json::Value, ServiceError> {
    let (unit, _) = unit(conn, caller, code)?;
    let (settings, _) = letter_settings::of(conn, unit.agency_id())?;
    let mut facts = sample(kind, true);
    let day = day_of(kind, &facts);
    facts.settings = settings.or(defaults);
    facts.agency_name = unit.name;
    let no = kind.series().and_then(|it| facts.settings.document_no(it, day.year(), 12));
    facts.document_no = no.map(|it| it.to_string());
    Ok(values(kind, &facts))
}
