//! What keeps a report from being complete: what it cannot say yet, and what in it contradicts the tables.

use crate::domain::labels::Coded;
use crate::domain::report::text::Part;

/// Where something that is missing is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MendIn {
    /// The text of the part.
    Text,
    /// The problems of the year and what is done about them.
    Problems,
    /// Table 2.
    Table2,
    /// The indicators.
    Indicators,
}

/// Why something cannot be said yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lack {
    /// Why, in words.
    pub why: String,
    /// Where that is mended.
    pub mend_in: MendIn,
}

impl Lack {
    /// A lack that is mended there.
    pub fn in_(mend_in: MendIn, why: String) -> Self {
        Self { why, mend_in }
    }
}

/// A lack that is mended where the sentence stands.
impl From<String> for Lack {
    fn from(why: String) -> Self {
        Self::in_(MendIn::Text, why)
    }
}

impl std::fmt::Display for Lack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.why)
    }
}

/// A sentence that cannot be said yet, or a table that is not filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The part it is in.
    pub part: Part,
    /// The sentence, with its names in braces; empty for a table.
    pub sentence: String,
    /// Why.
    pub lack: Lack,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.sentence.is_empty() {
            true => write!(f, "{}：{}", self.part.label(), self.lack),
            false => write!(f, "{}，“{}”：{}", self.part.label(), self.sentence, self.lack),
        }
    }
}

/// What contradicts the tables, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// An indicator that says something else than the tables, or than its own list.
    Indicator(String),
    /// Tables that do not add up.
    Tables(String),
}

impl std::fmt::Display for Contradiction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Indicator(text) | Self::Tables(text) => f.write_str(text),
        }
    }
}
