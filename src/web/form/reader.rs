//! Reading facts from the fields of a form. Whether the facts hold is for the rules to say.

use chrono::NaiveDate;

use crate::domain::dates::{self, DateError};
use crate::domain::labels::Coded;
use crate::domain::normal;
use crate::domain::refusal::{Refusal, Refusals};
use crate::web::form::Fields;

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
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.refusals.push(Refusal::at(field.to_owned(), message));
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

    /// A code, a telephone number, an address of mail: full-width characters are made plain, blanks dropped.
    pub fn plain(&self, name: &str) -> String {
        normal::code(self.fields.get(name))
    }

    /// The same, or none where it is empty.
    pub fn optional_plain(&self, name: &str) -> Option<String> {
        Some(self.plain(name)).filter(|it| !it.is_empty())
    }

    /// A number that an office or a court has given: as [`Self::plain`], but Chinese brackets stay.
    pub fn own_number(&self, name: &str) -> String {
        normal::own_number(self.fields.get(name))
    }

    /// The same, or none where it is empty.
    pub fn optional_own_number(&self, name: &str) -> Option<String> {
        Some(self.own_number(name)).filter(|it| !it.is_empty())
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    /// A day that must be given. Some day where it is not: [`Self::finish`] then gives the refusals.
    pub fn day(&mut self, name: &str, what: &str) -> NaiveDate {
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

    /// A day, where one is given, in any spelling an import takes.
    pub fn optional_day(&mut self, name: &str, what: &str) -> Option<NaiveDate> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        match dates::parse(&text) {
            Ok(day) => Some(day),
            Err(err) => {
                let why = if err == DateError::NotADate { String::new() } else { format!("（{err}）") };
                self.refuse(name, format!("{what}“{text}”不是日期{why}，请按 2026-03-05 的样子填写"));
                None
            }
        }
    }

    /// One of a closed set that must be chosen; its first where it is not, beside the refusal.
    pub fn code<T: Coded>(&mut self, name: &str, what: &str) -> T {
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
    pub fn number<T: std::str::FromStr + Default>(&mut self, name: &str, what: &str) -> T {
        self.plain(name).parse().unwrap_or_else(|_| {
            self.refuse(name, format!("请用数字填写{what}"));
            T::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        [("it", text)].into_iter().collect()
    }

    #[test]
    fn a_day_is_read_in_every_spelling_of_an_import() {
        for text in
            ["2026-03-05", "2026/3/5", " 2026年3月5日 ", "20260305", "２０２６．３．５", "二〇二六年三月五日"]
        {
            let fields = fields(text);
            let mut it = Reader::new(&fields);
            let day = it.day("it", "日期");
            assert_eq!(it.finish(day), Ok(NaiveDate::from_ymd_opt(2026, 3, 5).unwrap()), "{text}");
        }
        for (text, message) in [
            ("", "请填写日期"),
            ("三月五日", "日期“三月五日”不是日期（没有写年份），请按 2026-03-05 的样子填写"),
            ("2026-02-30", "日期“2026-02-30”不是日期（没有这一天），请按 2026-03-05 的样子填写"),
            ("明天", "日期“明天”不是日期，请按 2026-03-05 的样子填写"),
        ] {
            let fields = fields(text);
            let mut it = Reader::new(&fields);
            let day = it.day("it", "日期");
            assert_eq!(it.finish(day), Err(Refusals::at("it", message)));
        }
    }

    #[test]
    fn full_width_digits_are_digits() {
        let fields = fields("　１５ ");
        let mut it = Reader::new(&fields);
        assert_eq!(it.number::<u32>("it", "天数"), 15);
        assert_eq!(Reader::new(&fields).plain("it"), "15");
    }
}
