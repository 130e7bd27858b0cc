//! Why the rules refuse what was given: what is wrong, and at which field, from the rule to the page.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

/// One thing wrong with what was given, at one of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The field, in `snake_case`; empty for what was given as a whole.
    pub field: Cow<'static, str>,
    /// What is wrong, where, and what to do.
    pub message: String,
}

impl Refusal {
    /// What is wrong at a field.
    pub fn at(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }

    /// What is wrong with what was given as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Self::at("", message)
    }
}

/// Everything that is wrong with what was given: one refusal or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// One thing wrong, at a field.
    pub fn at(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Refusal::at(field, message).into()
    }

    /// One thing wrong, with what was given as a whole.
    pub fn whole(message: impl Into<String>) -> Self {
        Refusal::whole(message).into()
    }

    /// Refuses where something wrong was found.
    ///
    /// # Errors
    /// What was found.
    pub fn check(found: Vec<Refusal>) -> Result<(), Self> {
        if found.is_empty() { Ok(()) } else { Err(Self(found)) }
    }

    /// The same at other fields: where a form calls a fact by another name than the rule.
    pub fn renamed(self, name: impl Fn(&str) -> Option<String>) -> Self {
        let rename = |it: Refusal| match name(&it.field) {
            Some(field) => Refusal { field: field.into(), ..it },
            None => it,
        };
        Self(self.0.into_iter().map(rename).collect())
    }
}

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

impl IntoIterator for Refusals {
    type Item = Refusal;
    type IntoIter = std::vec::IntoIter<Refusal>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Deref for Refusals {
    type Target = [Refusal];

    fn deref(&self) -> &[Refusal] {
        &self.0
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, it) in self.0.iter().enumerate() {
            if 0 < i {
                f.write_str("；")?;
            }
            f.write_str(&it.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_found_is_no_refusal() {
        assert_eq!(Refusals::check(Vec::new()), Ok(()));
        let refused = Refusals::check(vec![Refusal::at("on", "日期"), Refusal::whole("本件")]);
        assert_eq!(refused.unwrap_err().to_string(), "日期；本件");
    }

    #[test]
    fn a_form_may_call_a_field_by_another_name() {
        let refused =
            Refusals::at("handler", "不在部门").renamed(|it| (it == "handler").then(|| "assignee".into()));
        assert_eq!(refused, Refusals::at("assignee", "不在部门"));
    }
}
