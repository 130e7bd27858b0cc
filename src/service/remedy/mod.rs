//! Reconsiderations and suits: recording, acting on them, finding them, and those that come from a spreadsheet.

pub mod act_on_remedy;
pub mod find_remedies;
pub mod import_remedies;
pub mod record_remedy;
