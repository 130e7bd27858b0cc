//! Letters (文书): which there are, what each demands of a case, and what it says.
//!
//! A letter is a template filled with values. The template is a file an agency can edit; the values come
//! from the facts of the case, the settings of the agency, and a few parts the clerk writes. Here is
//! everything but the file: whether a letter fits a case ([`offers`], [`obstacles`]), and its values
//! ([`values()`]).
//!
//! A letter never rests on another law than the outcome on record: that is refused here, whatever page or
//! program asks.

mod facts;
mod fitting;
mod kind;
mod known;
mod part;
mod rules;
mod sample;
mod settings;
#[cfg(test)]
mod tests;
mod values;

pub use facts::{IssuedPaper, LetterFacts, Opinion};
pub use fitting::{Offer, day_of, obstacles, offers};
pub use kind::{LetterKind, Series};
pub use part::Part;
pub use rules::{Addressee, Belongs, LetterRule};
pub use sample::{known_names, sample};
pub use settings::{LetterDefaults, LetterSettings};
pub use values::{addressee, values};
