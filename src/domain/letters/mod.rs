//! Letters (文书): which there are, what each demands of a case, and what it says.
//!
//! A letter is a template filled with values. The template is a file an agency can edit; the values come
//! from the facts of the case, the settings of the agency, and a few parts the clerk writes. Here is
//! everything but the file: whether a letter fits a case, and the values.

mod kind;
mod settings;

pub use kind::{LetterKind, Series};
pub use settings::LetterSettings;
