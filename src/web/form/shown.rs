//! A form as it is shown: blank, or again with what was typed and what is wrong with it.

use actix_web::http::StatusCode;

use crate::domain::refusal::{Refusal, Refusals};
use crate::web::error::{PageError, WebError};
use crate::web::form::Fields;

/// A form as it is shown. Templates ask it what stands in a field ([`Self::v`]) and what is wrong with it
/// ([`Self::e`]); the macro `again` of `components.html` draws what stands over the form.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// What was typed.
    pub fields: Fields,
    /// Whether it is shown for the first time.
    pub(super) is_blank: bool,
    pub(super) refusals: Vec<Refusal>,
    is_stale: bool,
    is_kept: bool,
}

impl Shown {
    /// A form shown for the first time, with what is known already.
    pub fn blank(fields: Fields) -> Self {
        Self { fields, is_blank: true, ..Self::default() }
    }

    /// A form shown again, without anything being wrong.
    pub fn again(fields: Fields) -> Self {
        Self { fields, ..Self::default() }
    }

    /// A form shown again with what was typed before the login ended.
    pub fn kept(fields: Fields) -> Self {
        Self { fields, is_kept: true, ..Self::default() }
    }

    /// A form that was refused.
    pub fn refused(fields: Fields, refusals: Refusals) -> Self {
        Self { fields, refusals: refusals.into_iter().collect(), ..Self::default() }
    }

    /// A form about something that somebody has changed since it was opened.
    pub fn stale(fields: Fields) -> Self {
        Self { fields, is_stale: true, ..Self::default() }
    }

    /// A form after what it asked for was refused, or had become stale.
    ///
    /// # Errors
    /// Any other error, to be shown as a page.
    pub fn after(fields: Fields, err: WebError) -> Result<Self, PageError> {
        if err.is_stale() { Ok(Self::stale(fields)) } else { Ok(Self::refused(fields, err.refusals()?)) }
    }

    /// With something else that is wrong.
    pub fn with(mut self, refusal: Refusal) -> Self {
        self.refusals.push(refusal);
        self
    }

    /// With the refusals of the rules at the fields of this form, where it calls a fact by another name.
    pub fn renamed(mut self, name: impl Fn(&str) -> Option<String>) -> Self {
        for it in &mut self.refusals {
            if let Some(field) = name(&it.field) {
                it.field = field.into();
            }
        }
        self
    }

    /// Puts into a field what is known, where nothing was typed.
    pub fn fill(&mut self, name: &str, known: impl Into<String>) {
        if !self.fields.has(name) {
            self.fields.set(name, known);
        }
    }

    /// What stands in a field.
    pub fn v(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    /// What is wrong with a field; empty for nothing.
    pub fn e(&self, name: &str) -> String {
        let of_field = self.refusals.iter().filter(|it| it.field == name);
        of_field.map(|it| it.message.as_str()).collect::<Vec<_>>().join("；")
    }

    /// What is wrong, for the summary: field, message.
    pub fn errors(&self) -> Vec<(&str, &str)> {
        self.refusals.iter().map(|it| (&*it.field, it.message.as_str())).collect()
    }

    /// Whether it is shown for the first time.
    pub fn is_blank(&self) -> bool {
        self.is_blank
    }

    /// Whether something is wrong with it.
    pub fn is_refused(&self) -> bool {
        !self.refusals.is_empty()
    }

    /// Whether somebody has changed since what it is about.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Whether it was typed before the login ended.
    pub fn is_kept(&self) -> bool {
        self.is_kept
    }

    /// The status of the answer that shows it.
    pub fn status(&self) -> StatusCode {
        if self.is_stale {
            StatusCode::CONFLICT
        } else if self.is_refused() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}
