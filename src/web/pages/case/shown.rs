//! What stands over a form about a case that is shown again.

use crate::service::case::open_case::CaseFile;
use crate::web::form::Shown;
use crate::web::pages::case::view::{TimelineEntry, timeline};

/// What has changed in a case since the page of a form was opened; nothing where the form is not stale.
pub fn changes(shown: &Shown, file: &CaseFile) -> Vec<TimelineEntry> {
    if shown.is_stale() { timeline(file, shown.v("seq").parse().unwrap_or(0)) } else { Vec::new() }
}
