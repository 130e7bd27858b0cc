pub mod pages;
pub mod reminders;
pub mod sending;
