//! What is stored of a case for the first time.

use chrono::{DateTime, Utc};

use crate::domain::case::{Case, NextDay};
use crate::domain::request::Request;

/// A case to be stored for the first time.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The case.
    pub case: Case,
    /// What was asked.
    pub request: Request,
    /// What the clock says, for lists.
    pub next: NextDay,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}
