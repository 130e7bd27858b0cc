//! The frame of pages outside the work.

/// The frame of pages outside the work: login, set-up, errors.
#[derive(Debug, Clone)]
pub struct BarePage {
    /// The name of the agency; empty where it is not known.
    pub agency: String,
    /// The token of the form; empty before a login.
    pub csrf: String,
    /// Whether this is the demonstration.
    pub demo: bool,
}

impl BarePage {
    /// The frame of a page nobody is signed in to, with the token of its form.
    pub fn new(is_demo: bool, csrf: &str) -> Self {
        Self { agency: String::new(), csrf: csrf.to_owned(), demo: is_demo }
    }
}
