//! Sentences with names of figures in braces: `收到申请{收到申请}件，{收到申请：较上年}`.
//!
//! A name may be several, joined by `＋`, and may be followed by `：` and what is to be said of it.
//! Half-width and full-width signs are the same. There are no conditions and no loops: whatever a
//! sentence says of a figure is one of [`FILTERS`], computed.

use crate::domain::labels::Coded;
use crate::domain::report::statistics::report::Report;
use crate::domain::report::text::Problem;
use crate::domain::report::text::derived::{Derived, FeeSums};
use crate::domain::report::text::indicator::IndicatorLine;
use crate::domain::report::text::names::WORDS;

/// What can be said of a figure, with an example.
pub const FILTERS: &[(&str, &str)] = &[
    ("较上年", "较2021年度增加38件、较2021年度减少3件、与2021年度持平"),
    ("增幅", "增长51.35%、下降10%、持平"),
    ("占比（…）", "占括号里的数的百分比，如 51.35%"),
    ("办结情况（…）", "均按时办理完毕，办结率100%；括号里是总数"),
    ("首项", "逐项清单中第一项的政策文件或者标题，如 《关于……的通知》"),
    ("清单", "逐项清单的全部标题，以顿号相连"),
];

/// Everything a sentence may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The name of the agency.
    pub agency: &'a str,
    /// The year.
    pub year: i32,
    /// The days the figures are of, in words.
    pub period: &'a str,
    /// The tables.
    pub this: &'a Report,
    /// Last year's tables; none where the system knows nothing of that year.
    pub last: Option<&'a Report>,
    /// The fee of the year.
    pub fees: &'a FeeSums,
    /// The fee of last year.
    pub last_fees: &'a FeeSums,
    /// The indicators that are in use.
    pub indicators: &'a [IndicatorLine],
    /// This year's problems.
    pub problems: &'a [Problem],
    /// Last year's problems, with what was done.
    pub last_problems: &'a [Problem],
}

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Words as they stand.
    Text(String),
    /// A name in braces.
    Tag {
        /// As it was written, braces included.
        raw: String,
        /// What it asks for, or what is wrong with it.
        tag: Result<Tag, String>,
    },
}

/// What a name in braces asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// The names, to be added up.
    pub(super) names: Vec<String>,
    /// What is to be said of the sum.
    pub(super) filter: Option<Filter>,
}

/// What is to be said of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    AgainstLastYear,
    Growth,
    ShareOf(Vec<String>),
    CompletionOf(Vec<String>),
    FirstItem,
    AllItems,
}

/// Takes a line apart.
pub(super) fn tokens(line: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['{', '｛', '}', '｝']) {
        let (before, from) = rest.split_at(at);
        text += before;
        let is_open = from.starts_with(['{', '｛']);
        let end = from.find(['}', '｝']).filter(|_| is_open);
        if !text.is_empty() {
            found.push(Token::Text(std::mem::take(&mut text)));
        }
        let (raw, tag, after) = match end {
            Some(end) => {
                let length = from[end..].chars().next().map_or(0, char::len_utf8);
                let (raw, after) = from.split_at(end + length);
                let inner: String = raw.chars().skip(1).take(raw.chars().count() - 2).collect();
                (raw, parse(&inner), after)
            }
            None => {
                let length = from.chars().next().map_or(0, char::len_utf8);
                let (raw, after) = from.split_at(length);
                (raw, Err("花括号没有成对".to_owned()), after)
            }
        };
        found.push(Token::Tag { raw: raw.to_owned(), tag });
        rest = after;
    }
    text += rest;
    if !text.is_empty() {
        found.push(Token::Text(text));
    }
    found
}

/// Reads what stands between braces.
fn parse(inner: &str) -> Result<Tag, String> {
    let plain: String = inner
        .chars()
        .filter(|it| !it.is_whitespace())
        .map(|it| match it {
            '：' => ':',
            '＋' => '+',
            '（' => '(',
            '）' => ')',
            other => other,
        })
        .collect();
    let (names, filter) = match plain.split_once(':') {
        Some((names, filter)) => (names, Some(filter)),
        None => (plain.as_str(), None),
    };
    let split = |text: &str| -> Result<Vec<String>, String> {
        let names: Vec<_> = text.split('+').map(str::to_owned).collect();
        match names.iter().any(String::is_empty) {
            true => Err("花括号里没有写名称".to_owned()),
            false => Ok(names),
        }
    };
    let names = split(names)?;
    let argument = |filter: &str| filter.strip_suffix(')').map_or(Ok(Vec::new()), split);
    let filter = match filter {
        None => None,
        Some("较上年") => Some(Filter::AgainstLastYear),
        Some("增幅") => Some(Filter::Growth),
        Some("首项") => Some(Filter::FirstItem),
        Some("清单") => Some(Filter::AllItems),
        Some(other) => {
            let of = |name: &str| other.strip_prefix(name).and_then(|it| it.strip_prefix('('));
            match (of("占比"), of("办结情况")) {
                (Some(it), _) => Some(Filter::ShareOf(argument(it)?)),
                (_, Some(it)) => Some(Filter::CompletionOf(argument(it)?)),
                (None, None) => return Err(format!("没有“{other}”这种说法")),
            }
        }
    };
    match &filter {
        Some(Filter::ShareOf(of) | Filter::CompletionOf(of)) if of.is_empty() => {
            Err("括号里应写另一个数的名称".to_owned())
        }
        _ => Ok(Tag { names, filter }),
    }
}

/// The sentences of a line, each with its stop; braces are not cut through.
pub(super) fn sentences(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (at, it) in line.char_indices() {
        match it {
            '{' | '｛' => depth += 1,
            '}' | '｝' => depth = depth.saturating_sub(1),
            '。' | '；' | '！' | '？' if depth == 0 => {
                let end = at + it.len_utf8();
                found.push(&line[start..end]);
                start = end;
            }
            _ => {}
        }
    }
    if start < line.len() {
        found.push(&line[start..]);
    }
    found
}

/// What of the cases and of table 2 must not be typed: words of a sentence, the name to be used, and what
/// it is counted in. 出台3项措施 beside 依申请公开 counts no application.
const SPOKEN_OF: &[(&str, Derived, &str)] = &[
    ("行政复议", Derived::Reviews, "件起宗"),
    ("行政诉讼", Derived::Suits, "件起宗"),
    ("依申请", Derived::New, "件宗"),
    ("信息公开申请", Derived::New, "件宗"),
    ("公开申请", Derived::New, "件宗"),
    ("规范性文件", Derived::DocumentsMade, "件个部份"),
    ("规章", Derived::RulesMade, "件个部份"),
    ("行政许可", Derived::Licences, "件宗"),
    ("行政处罚", Derived::Penalties, "件宗起"),
    ("行政强制", Derived::Coercions, "件宗起"),
];

/// What cannot stay in a text, one message for each sentence: names there are not, and figures of the
/// tables that were typed. `names` are those of the indicators in use.
pub fn faults(text: &str, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for sentence in text.lines().flat_map(sentences) {
        let mut spoken = String::new();
        let mut add = |why: String| found.push(format!("“{}”：{why}", sentence.trim()));
        for token in tokens(sentence) {
            match token {
                Token::Text(text) => spoken += &text,
                Token::Tag { raw, tag } => {
                    spoken.push('\u{0}');
                    match tag {
                        Err(why) => add(format!("{raw} {why}")),
                        Ok(tag) => unknown(&tag, names).into_iter().for_each(|it| {
                            add(format!("{raw} 没有名为“{it}”的数字或者内容"));
                        }),
                    }
                }
            }
        }
        if let Some((typed, derived)) = typed_figure(&spoken) {
            add(format!(
                "直接写了“{typed}”。申请、复议诉讼、规范性文件等的数字由报表得出，请写成 {{{}}} 这样的名称；与报表无关的数，请用汉字写",
                derived.label()
            ));
        }
    }
    found
}

/// The names of a tag that nothing is called by.
fn unknown<'a>(tag: &'a Tag, names: &[&str]) -> Vec<&'a str> {
    let more = match &tag.filter {
        Some(Filter::ShareOf(of) | Filter::CompletionOf(of)) => of.as_slice(),
        _ => &[],
    };
    let is_known = |it: &str| {
        names.contains(&it)
            || Derived::ALL.iter().any(|derived| derived.label() == it)
            || WORDS.iter().any(|(word, _)| *word == it)
    };
    tag.names.iter().chain(more).map(String::as_str).filter(|it| !is_known(it)).collect()
}

/// A figure that was typed in a sentence which speaks of what the tables count.
fn typed_figure(spoken: &str) -> Option<(String, Derived)> {
    // Rules and regulations of an office's own are no rules in the sense of table 2.
    let spoken = spoken.replace("规章制度", "\u{0}");
    let of = SPOKEN_OF.iter().filter(|(word, ..)| spoken.contains(word));
    of.filter_map(|(_, derived, units)| Some((counted_in(&spoken, units)?, *derived))).next()
}

/// The first number of a text with one of these units after it.
fn counted_in(spoken: &str, units: &str) -> Option<String> {
    let letters: Vec<char> = spoken.chars().collect();
    let is_digit = |it: &char| it.is_ascii_digit() || ('０'..='９').contains(it);
    let mut at = 0;
    while at < letters.len() {
        if !is_digit(&letters[at]) {
            at += 1;
            continue;
        }
        let end = (at..letters.len()).find(|it| !is_digit(&letters[*it])).unwrap_or(letters.len());
        let unit = (end..letters.len()).find(|it| letters[*it] != ' ');
        if let Some(unit) = unit.filter(|it| units.contains(letters[*it])) {
            return Some(letters[at..=unit].iter().filter(|it| **it != ' ').collect());
        }
        at = end;
    }
    None
}
