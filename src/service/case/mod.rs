//! One case: registering, acting on it, its files and letters, and cases that come from a spreadsheet.

pub mod act_on_case;
pub mod attach_file;
pub mod bundle_case;
pub mod import_cases;
pub mod letters;
pub mod look_up_applicant;
pub mod open_case;
pub mod register_case;
pub mod register_once;
pub mod remove_attachment;
pub mod split_case;
pub mod work_on_case;
