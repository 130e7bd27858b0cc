//! The fields of a form as they were typed, and reading facts from them.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};

/// Fields by name, in the order of the form; a name may come more than once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// The text of a field; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(it, _)| it == name).map_or("", |(_, text)| text.as_str())
    }

    /// The texts of all fields of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(it, _)| it == name).map(|(_, text)| text.as_str())
    }

    /// Whether there is a field of this name.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(it, _)| it == name)
    }

    /// Puts a text in place of what the field had.
    pub fn set(&mut self, name: &str, text: String) {
        self.0.retain(|(it, _)| it != name);
        self.0.push((name.to_owned(), text));
    }
}

/// Reads facts from fields, and notes what cannot be read.
#[derive(Debug)]
pub struct Reader<'a> {
    fields: &'a Fields,
    refusals: Vec<Refusal>,
}

impl<'a> Reader<'a> {
    /// A reader of these fields.
    pub fn new(fields: &'a Fields) -> Self {
        Self { fields, refusals: Vec::new() }
    }

    /// Notes something wrong at a field.
    pub fn refuse(&mut self, field: &'static str, message: impl Into<String>) {
        self.refusals.push(Refusal::at(field, message));
    }

    /// What was read, or what was wrong.
    ///
    /// # Errors
    /// Everything that could not be read, by field.
    pub fn finish<T>(self, read: T) -> Result<T, Refusals> {
        Refusals::check(self.refusals).map(|()| read)
    }

    /// A text without blanks around it.
    pub fn text(&self, name: &str) -> String {
        // Browsers send line breaks in two characters.
        self.fields.get(name).trim().replace("\r\n", "\n")
    }

    /// A text, or none where it is empty.
    pub fn optional_text(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|it| !it.is_empty())
    }

    /// A day that must be given. Some day where it is not: [`Self::finish`] then gives the refusals.
    pub fn day(&mut self, name: &'static str, what: &str) -> NaiveDate {
        match self.optional_day(name, what) {
            Some(day) => day,
            None => {
                if self.text(name).is_empty() {
                    self.refuse(name, format!("请填写{what}"));
                }
                NaiveDate::default()
            }
        }
    }

    /// A day, where one is given.
    pub fn optional_day(&mut self, name: &'static str, what: &str) -> Option<NaiveDate> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let day = parse_day(&text);
        if day.is_none() {
            self.refuse(name, format!("{what}“{text}”不是日期，请按 2026-03-05 的样子填写"));
        }
        day
    }

    /// One of a closed set that must be chosen; its first where it is not, beside the refusal.
    pub fn code<T: Coded>(&mut self, name: &'static str, what: &str) -> T {
        self.optional_code(name).unwrap_or_else(|| {
            self.refuse(name, format!("请选择{what}"));
            T::ALL[0]
        })
    }

    /// One of a closed set, where one is chosen.
    pub fn optional_code<T: Coded>(&self, name: &str) -> Option<T> {
        T::from_code(self.fields.get(name)).ok()
    }

    /// A number that must be given.
    pub fn number(&mut self, name: &'static str, what: &str) -> u32 {
        self.text(name).parse().unwrap_or_else(|_| {
            self.refuse(name, format!("请用数字填写{what}"));
            0
        })
    }
}

/// A day as browsers send it, or as people type it: `2026-03-05`, `2026/3/5`, `2026年3月5日`, `20260305`.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    if text.len() == 8 && digits(text) {
        return NaiveDate::parse_from_str(text, "%Y%m%d").ok();
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts[..] else { return None };
    if year.len() != 4 || ![year, month, day].into_iter().all(digits) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 5);
        for text in ["2026-03-05", "2026/3/5", "2026.03.05", " 2026年3月5日 ", "20260305"] {
            assert_eq!(parse_day(text), day, "{text}");
        }
        for text in ["", "2026", "2026-13-01", "26-3-5", "三月五日", "2026-03-05-01", "+026-3-5"] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
