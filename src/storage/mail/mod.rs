//! The outbox, who reads mail, and the facts reminders are derived from.

pub mod outbox;
pub mod readers;
pub mod reminder_facts;
