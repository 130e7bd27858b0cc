//! What the letters of an agency name, as its administrator sets it.

use serde_json::{Map, Value, json};

use crate::domain::letters::LetterSettings;
use crate::service::access::manage_agencies::{Unit, unit};
use crate::service::{Caller, ServiceError, note};
use crate::storage::DbConnection;
use crate::storage::case::letter_settings;

/// The settings of an agency that is the administrator's to keep, with their version.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] for any other agency.
pub fn letter_settings_of(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
) -> Result<(Unit, LetterSettings, i32), ServiceError> {
    let (unit, _) = unit(conn, caller, code)?;
    let (settings, version) = letter_settings::of(conn, unit.agency_id())?;
    Ok((unit, settings, version))
}

/// Keeps the settings of an agency. The same once more changes nothing.
///
/// # Errors
/// [`ServiceError::Stale`] where somebody else has changed them since `version`, or a refusal in words.
pub fn keep_letter_settings(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
    version: i32,
    settings: &LetterSettings,
) -> Result<(), ServiceError> {
    let (unit, before, known) = letter_settings_of(conn, caller, code)?;
    if before == *settings {
        return Ok(());
    }
    if known != version {
        return Err(ServiceError::Stale);
    }
    let has_number =
        settings.document_words.chars().any(|it| it.is_whitespace() || "〔〕[]（）()号".contains(it));
    if has_number {
        let message = "机关代字只写代字，不写年份、序号和空格，例如“聊自然资规公开”";
        return Err(ServiceError::field("document_words", message));
    }
    letter_settings::keep(conn, unit.agency_id(), known, settings)?;
    let details = Value::Object(changes(&before, settings));
    note::agency(conn, caller, unit.agency_id(), "letter_settings", details)?;
    Ok(())
}

fn changes(before: &LetterSettings, after: &LetterSettings) -> Map<String, Value> {
    let fields = |it: &LetterSettings| match json!(it) {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let before = fields(before);
    let changed = fields(after).into_iter().filter_map(|(name, after)| {
        let before = before.get(&name).cloned().unwrap_or_default();
        (before != after).then(|| (name, json!([before, after])))
    });
    changed.collect()
}
