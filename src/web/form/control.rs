//! The parts of a form, drawn by one template.

use askama::Template;

use crate::domain::labels::Coded;
use crate::web::form::Shown;

/// One part of a form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(path = "form/control.html")]
pub struct Control {
    /// `text`, `date`, `number`, `area`, `large`, `select`, `choices`, `tick`, `note` or `hidden`.
    pub kind: &'static str,
    /// The name of the field.
    pub name: String,
    /// Its words.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// What helps to fill it in; the text of a note.
    pub hint: String,
    /// What is wrong with it.
    pub error: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What there is to choose from: code, words, a note.
    pub options: Vec<(String, String, String)>,
    /// The same for a list: code, words.
    pub pairs: Vec<(String, String)>,
    /// `w2`, `w3`, `w4` or empty; the tone of a note.
    pub width: &'static str,
}

impl Control {
    /// With a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Must be filled in.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a width.
    pub fn width(mut self, width: &'static str) -> Self {
        self.width = width;
        self
    }
}

/// The parts of a form with what was typed, or with defaults on a blank form, and with what was wrong.
impl Shown {
    /// Whether the form sent had this field at all.
    pub fn was_asked(&self, name: &str) -> bool {
        self.fields.has(name)
    }

    /// What stands in a field.
    pub fn value(&self, name: &str, default: &str) -> String {
        if self.is_blank && !self.fields.has(name) {
            default.to_owned()
        } else {
            self.fields.get(name).to_owned()
        }
    }

    /// What stands in the field of this name that comes in this place, from 0.
    pub fn nth(&self, name: &str, i: usize) -> String {
        self.fields.all(name).nth(i).unwrap_or_default().to_owned()
    }

    fn control(&self, kind: &'static str, name: &str, label: &str, default: &str) -> Control {
        Control {
            kind,
            name: name.to_owned(),
            label: label.to_owned(),
            value: self.value(name, default),
            error: self.e(name),
            ..Control::default()
        }
    }

    /// One line of text.
    pub fn text(&self, name: &str, label: &str, default: &str) -> Control {
        self.control("text", name, label, default)
    }

    /// A day.
    pub fn day(&self, name: &str, label: &str, default: Option<chrono::NaiveDate>) -> Control {
        let default = default.map(|it| it.to_string()).unwrap_or_default();
        self.control("date", name, label, &default).width("w3")
    }

    /// A number.
    pub fn number(&self, name: &str, label: &str, default: &str) -> Control {
        self.control("number", name, label, default).width("w2")
    }

    /// Several lines of text.
    pub fn area(&self, name: &str, label: &str, default: &str) -> Control {
        self.control("area", name, label, default)
    }

    /// Many lines of text, with their number.
    pub fn large(&self, name: &str, label: &str, default: &str) -> Control {
        self.control("large", name, label, default)
    }

    /// A list to choose from.
    pub fn select(&self, name: &str, label: &str, pairs: Vec<(String, String)>, default: &str) -> Control {
        Control { pairs, ..self.control("select", name, label, default) }
    }

    /// Cards to choose from.
    pub fn choices(&self, name: &str, label: &str, options: &[(&str, &str, &str)], default: &str) -> Control {
        let options = options
            .iter()
            .map(|(code, words, note)| ((*code).to_owned(), (*words).to_owned(), (*note).to_owned()))
            .collect();
        Control { options, ..self.control("choices", name, label, default) }
    }

    /// A closed set as a list.
    pub fn coded<T: Coded>(&self, name: &str, label: &str, set: &[T], default: &str) -> Control {
        let options = set.iter().map(|it| (it.code().to_owned(), it.label().to_owned())).collect();
        self.select(name, label, options, default)
    }

    /// A tick box.
    pub fn tick(&self, name: &str, label: &str) -> Control {
        self.control("tick", name, label, "")
    }

    /// Words between the fields.
    pub fn note(&self, tone: &'static str, title: impl Into<String>, text: impl Into<String>) -> Control {
        Control { kind: "note", label: title.into(), hint: text.into(), width: tone, ..Control::default() }
    }
}
