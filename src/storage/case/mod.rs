//! Cases and what belongs to one: its request, files and letters, and what registration asks of the register.

pub mod attachments;
pub mod cases;
pub mod file;
pub mod intake;
pub mod letter_settings;
pub mod letter_templates;
pub mod letters;
pub mod lists;
pub mod new_case;
pub mod numbers;
pub mod renewal;
pub mod rows;
