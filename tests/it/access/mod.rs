//! Who may come in: every address, role and login.

pub mod kept;
pub mod pages;
pub mod walk;
