//! Full text: how a text is cut into tokens, and what somebody types into a search.
//!
//! Chinese writes no spaces, and words of two characters are the rule, so every character is a token
//! of its own and a word is a phrase of them. Runs of letters and runs of digits are tokens as a whole.
//! Both databases index the same tokens, so that both find the same cases.

/// The longest run of letters or digits that is kept.
const MAX_RUN: usize = 48;
/// What an index keeps of one case at most; positions beyond are not kept by PostgreSQL.
pub const MAX_TOKENS: usize = 15_000;
/// More terms than anybody types.
const MAX_TERMS: usize = 8;
/// More characters than a phrase needs.
const MAX_PHRASE: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Letter,
    Digit,
    Single,
    Between,
}

fn kind(it: char) -> Kind {
    match it {
        _ if it.is_ascii_digit() => Kind::Digit,
        // From the radicals on, writing has no spaces.
        _ if it.is_alphanumeric() && '\u{2e80}' <= it => Kind::Single,
        _ if it.is_alphanumeric() => Kind::Letter,
        _ => Kind::Between,
    }
}

/// Full-width letters, digits and signs as plain ones.
fn plain(it: char) -> char {
    match it {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(it) - 0xfee0).unwrap_or(it),
        _ => it,
    }
}

/// The tokens of a text, in order: each Chinese character, each run of letters in lower case, each run
/// of digits. Only letters and digits are in them, so that they need no escaping.
pub fn search_tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = Kind::Between;
    for it in text.chars().map(plain).flat_map(char::to_lowercase) {
        let kind = kind(it);
        match (kind, tokens.last_mut()) {
            (Kind::Between, _) => {}
            (Kind::Letter | Kind::Digit, Some(run)) if kind == last => {
                if run.len() < MAX_RUN {
                    run.push(it);
                }
            }
            _ => tokens.push(it.to_string()),
        }
        last = kind;
    }
    tokens
}

/// Tokens that must follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// At least one.
    pub tokens: Vec<String>,
    /// Whether the last may go on: `gongk` finds `gongkai`.
    pub is_open: bool,
}

/// What somebody looks for: every phrase must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// At least one.
    pub phrases: Vec<Phrase>,
}

/// Reads what was typed: what stands between spaces is a phrase. None where there is no letter and no
/// digit in it. Signs have no meaning, so nothing typed can break a query.
pub fn search_query(text: &str) -> Option<SearchQuery> {
    let phrases: Vec<Phrase> = text
        .split_whitespace()
        .take(MAX_TERMS)
        .map(search_tokens)
        .filter(|it| !it.is_empty())
        .map(|mut tokens| {
            tokens.truncate(MAX_PHRASE);
            let is_open = tokens.last().is_some_and(|it| may_go_on(it));
            Phrase { tokens, is_open }
        })
        .collect();
    (!phrases.is_empty()).then_some(SearchQuery { phrases })
}

/// Beginnings of letters are worth completing. Those of digits are not until they are long: `20` begins
/// nearly every number there is.
fn may_go_on(token: &str) -> bool {
    match token.chars().next().map(kind) {
        Some(Kind::Letter) => 2 <= token.len(),
        Some(Kind::Digit) => 5 <= token.len(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(search_tokens(text).join(" "), expected);
    }

    #[test]
    fn characters_and_runs_are_tokens() {
        check("征收补偿", "征 收 补 偿");
        check("2026-0001号", "2026 0001 号");
        check("PM2.5监测ＡＢ１２", "pm 2 5 监 测 ab 12");
        check("《条例》第“36”条", "条 例 第 36 条");
        check("𬱖某（女）", "𬱖 某 女");
        check("\"' OR * NEAR(", "or near");
        check("……", "");
    }

    #[test]
    fn what_is_typed_is_phrases() {
        let open = |text: &str| search_query(text).map(|it| it.phrases[0].is_open);
        assert_eq!(open("gon"), Some(true));
        assert_eq!(open("2026"), Some(false));
        assert_eq!(open("征收"), Some(false));
        assert_eq!(open("\"*"), None);
        assert_eq!(search_query("征收 2026-0108").map(|it| it.phrases.len()), Some(2));
    }
}
