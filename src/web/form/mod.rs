//! Forms: what was typed is read here, shown again here with what is wrong, and refused here without the
//! token of the login.
//!
//! A handler takes [`Posted`] fields, reads them with a [`Reader`], runs a use case, and where that is refused
//! makes a [`Shown`] of fields and error: it knows what stands in each field, what is wrong beside it and over
//! the form, and the status of the answer.

mod control;
mod fields;
mod posted;
mod reader;
mod shown;

pub use control::Control;
pub use fields::Fields;
pub use posted::{MAX_FORM, Posted, PublicToken};
pub use reader::Reader;
pub use shown::Shown;
