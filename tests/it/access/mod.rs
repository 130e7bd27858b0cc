pub mod kept;
pub mod pages;
pub mod walk;
