//! Tables and text of the annual report, against those that were published.

pub mod checks;
pub mod published_tables;
pub mod published_texts;
pub mod statistics_agree;
pub mod table_pages;
pub mod tables;
pub mod text_pages;
