//! Accounts and their logins, agencies and their departments.

pub mod accounts;
pub mod agencies;
