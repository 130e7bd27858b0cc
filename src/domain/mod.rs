//! The rules of the field, pure: no input or output, no clock, no database.
//!
//! Facts come in, conclusions or refusals go out. Nothing here reads the time, a file, a row or
//! a socket, and nothing here is `async`; a test of the tree (`tests/it/tidy.rs`) keeps it so.

pub mod account;
pub mod applicant;
pub mod attachment;
pub mod beijing;
pub mod calendar;
pub mod case;
pub mod dates;
pub mod deadlines;
pub mod document_no;
pub mod event;
pub mod fees;
pub mod file_type;
pub mod find;
pub mod forecast;
pub mod identity;
pub mod ids;
pub mod job;
pub mod journal;
pub mod labels;
pub mod letters;
pub mod mail;
pub mod masking;
pub mod normal;
pub mod outcome;
pub mod password;
pub mod refusal;
pub mod register;
pub mod regulation;
pub mod remedy;
pub mod remedy_instruction;
pub mod reminders;
pub mod report;
pub mod request;
pub mod response_clock;
pub mod search;
pub mod similarity;
pub mod terms;
pub mod urgency;
pub mod visibility;
pub mod wording;
pub mod workflow;
