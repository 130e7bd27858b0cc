//! Who may come in: every address, role and login.

pub mod forms;
pub mod kept;
pub mod pages;
pub mod walk;
