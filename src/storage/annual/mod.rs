//! What the annual report is made of besides its tables: indicators, wordings, problems, the agency's
//! document, and the reports that were filed.

pub mod filed;
pub mod indicators;
pub mod wordings;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::storage::StorageError;

/// A file as text: the two databases have no common type for bytes.
fn encoded(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn decoded(text: &str) -> Result<Vec<u8>, StorageError> {
    STANDARD
        .decode(text)
        .map_err(|_| StorageError::Unreadable { what: "file", text: text.chars().take(20).collect() })
}
