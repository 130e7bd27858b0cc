//! One case: acting on it, its files and letters, and what is stored of it.

pub mod acts;
pub mod bundle;
pub mod concurrency;
pub mod file_limits;
pub mod file_scanner;
pub mod file_upload;
pub mod letter_pages;
pub mod letters_at_once;
pub mod letters_pdf;
pub mod numbers;
pub mod pages;
pub mod reads;
pub mod splits;
pub mod stored_attachments;
pub mod stored_cases;
pub mod stored_letters;
