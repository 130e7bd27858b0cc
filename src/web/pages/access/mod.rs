//! Who may come in: login, the first start, accounts, agencies, one's own account.

pub mod accounts;
pub mod agencies;
pub mod login;
pub mod my_account;
pub mod setup;
