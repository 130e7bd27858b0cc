//! Looking after an installation: the journal, the files, the search index, and the demonstration.

pub mod check_files;
pub mod demo_bureau;
pub mod look_through_journal;
pub mod refresh_search;
pub mod verify_journal;
