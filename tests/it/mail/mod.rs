//! Sending, reminders, and their pages.

pub mod pages;
pub mod reminders;
pub mod sending;
