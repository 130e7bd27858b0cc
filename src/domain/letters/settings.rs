//! What the letters of an agency name, as the agency has set it.

use serde::{Deserialize, Serialize};

use crate::domain::document_no::DocumentNo;
use crate::domain::letters::Series;

/// What the letters of every agency of an installation name where the agency has set nothing of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LetterDefaults {
    /// The reconsideration body that replies name; empty for a blank to fill in.
    pub reconsideration_body: String,
    /// The court of first instance that replies name; empty for a blank to fill in.
    pub court: String,
}

/// The settings of an agency for its letters. Every text is empty where it has not been set; nothing
/// is guessed, and a letter that needs it is not issued.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterSettings {
    /// The agency's characters in document numbers (机关代字), such as 聊自然资规公开.
    pub document_words: String,
    /// What follows them in numbers of replies; empty for [`Series::usual_mark`], as the next three.
    pub reply_mark: String,
    /// In numbers of notices.
    pub notice_mark: String,
    /// In numbers of letters that ask for an opinion.
    pub consultation_mark: String,
    /// In numbers of fee notices.
    pub fee_mark: String,
    /// The reconsideration body (行政复议机关).
    pub reconsideration_body: String,
    /// Where reconsideration can be applied for online (复议法 art. 22(2)).
    pub reconsideration_online: String,
    /// The court of first instance.
    pub court: String,
    /// Whom to ask.
    pub contact_name: String,
    /// The telephone of the disclosure office.
    pub contact_phone: String,
    /// The address of the disclosure office.
    pub address: String,
    /// Its postcode.
    pub postcode: String,
    /// How fees are paid.
    pub payment: String,
    /// Whether letters carry a red head.
    pub has_red_head: bool,
}

impl LetterSettings {
    /// What follows the agency's words in a series.
    pub fn mark(&self, series: Series) -> &str {
        let set = match series {
            Series::Reply => &self.reply_mark,
            Series::Notice => &self.notice_mark,
            Series::Consultation => &self.consultation_mark,
            Series::Fee => &self.fee_mark,
        };
        if set.is_empty() { series.usual_mark() } else { set }
    }

    /// The same, with what the installation names where the agency has set nothing of its own.
    pub fn or(mut self, defaults: &LetterDefaults) -> Self {
        if self.reconsideration_body.is_empty() {
            self.reconsideration_body.clone_from(&defaults.reconsideration_body);
        }
        if self.court.is_empty() {
            self.court.clone_from(&defaults.court);
        }
        self
    }

    /// The number `no` of a series in a year; none while the agency's words are not set.
    pub fn document_no(&self, series: Series, year: i32, no: i64) -> Option<DocumentNo> {
        if self.document_words.is_empty() {
            return None;
        }
        let agency_words = format!("{}{}", self.document_words, self.mark(series));
        Some(DocumentNo { agency_words, year: year.try_into().ok()?, number: no.try_into().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_the_words_of_agency_and_series() {
        let mut settings = LetterSettings::default();
        assert_eq!(settings.document_no(Series::Reply, 2026, 12), None);
        settings.document_words = "聊自然资规公开".to_owned();
        let number = |settings: &LetterSettings, series| {
            settings.document_no(series, 2026, 12).map(|it| it.to_string()).unwrap_or_default()
        };
        assert_eq!(number(&settings, Series::Reply), "聊自然资规公开复〔2026〕12号");
        settings.notice_mark = "通".to_owned();
        assert_eq!(number(&settings, Series::Notice), "聊自然资规公开通〔2026〕12号");
    }
}
