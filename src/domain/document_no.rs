//! Numbers of official papers (发文字号): `机关代字〔year〕n号`, as GB/T 9704-2012 section 7.2.5 writes them.

use std::fmt;

/// The number of an official paper in its three parts.
///
/// Printed with the six-cornered brackets of the standard, whatever brackets it was read with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentNo {
    /// The agency's characters, such as 聊自然资规公开.
    pub agency_words: String,
    /// The year, four digits.
    pub year: u16,
    /// The running number within the year, from 1.
    pub number: u32,
}

impl fmt::Display for DocumentNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{}〕{}号", self.agency_words, self.year, self.number)
    }
}

/// Years a paper can bear.
const YEARS: std::ops::RangeInclusive<u16> = 1949..=2099;

impl DocumentNo {
    /// Reads a number written with any brackets, full-width digits or blanks.
    ///
    /// None for everything else: 第 before the number, leading zeros, 之一, several numbers. Those are
    /// kept as their authors wrote them, because a number that is cited must stay findable.
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|it| !it.is_whitespace()).map(narrow).collect();
        let (agency_words, rest) = text.split_once('〔')?;
        let (year, rest) = rest.split_once('〕')?;
        let number = rest.strip_suffix('号')?;
        let is_plain = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
        if agency_words.is_empty() || !is_plain(year) || !is_plain(number) || number.starts_with('0') {
            return None;
        }
        let year = year.parse().ok().filter(|it| YEARS.contains(it))?;
        Some(Self { agency_words: agency_words.to_owned(), year, number: number.parse().ok()? })
    }
}

/// The number as the standard writes it, or the text as it is where it is no such number.
pub fn normal_document_no(text: &str) -> String {
    DocumentNo::parse(text).map_or_else(|| text.trim().to_owned(), |it| it.to_string())
}

fn narrow(character: char) -> char {
    match character {
        '[' | '(' | '［' | '（' | '【' | '〖' | '﹝' => '〔',
        ']' | ')' | '］' | '）' | '】' | '〗' | '﹞' => '〕',
        '０'..='９' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bracket_becomes_the_official_one() {
        for text in [
            "聊自然资规公开〔2022〕12号",
            "聊自然资规公开[2022]12号",
            "聊自然资规公开（2022）12号",
            "聊自然资规公开(2022)12号",
            "聊自然资规公开【2022】12号",
            " 聊自然资规公开 ［２０２２］ １２ 号",
        ] {
            assert_eq!(normal_document_no(text), "聊自然资规公开〔2022〕12号", "{text}");
        }
        let read = DocumentNo::parse("国办公开办函[2021]30号").unwrap();
        assert_eq!((read.agency_words.as_str(), read.year, read.number), ("国办公开办函", 2021, 30));
    }

    #[test]
    fn anything_else_stays_as_written() {
        for text in [
            "",
            "聊公开[2022]第12号",
            "聊公开[2022]012号",
            "聊公开[2022]12号之一",
            "聊公开[22]12号",
            "聊公开[2222]12号",
            "[2022]12号",
            "聊公开2022-12",
            "聊公开[2022]12号、13号",
            "聊公开[2022]99999999999号",
            "无",
        ] {
            assert_eq!(normal_document_no(text), text);
        }
    }
}
