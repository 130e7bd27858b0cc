//! How a form of a case is shown: blank, or again with what was typed.

use actix_web::http::StatusCode;

use crate::domain::refusal::Refusal;
use crate::service::case::open_case::CaseFile;
use crate::web::pages::case::controls::field_of;
use crate::web::pages::case::fields::Fields;
use crate::web::pages::case::view::{TimelineEntry, timeline};

/// How a form is shown: blank, or again with what was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    /// What was typed.
    pub fields: Fields,
    /// Whether it is shown for the first time.
    pub is_blank: bool,
    /// Whether it was typed before the login ended.
    pub is_kept: bool,
    /// What is wrong with it.
    pub refusals: Vec<Refusal>,
    /// The last journal entry the page knew, where the case has been changed since.
    pub stale_since: Option<i32>,
}

impl Shown {
    /// A blank form, with what stands in the address.
    pub fn blank(fields: Fields) -> Self {
        Self { fields, is_blank: true, ..Self::default() }
    }

    /// The errors for the summary: field, message.
    pub fn errors(&self) -> Vec<(String, String)> {
        self.refusals.iter().map(|it| (field_of(it).to_owned(), it.message.clone())).collect()
    }

    /// What has changed since.
    pub fn changes(&self, file: &CaseFile) -> Vec<TimelineEntry> {
        self.stale_since.map(|seq| timeline(file, seq)).unwrap_or_default()
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        if self.stale_since.is_some() {
            StatusCode::CONFLICT
        } else if self.refusals.is_empty() {
            StatusCode::OK
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}
