//! Text as people type it into spreadsheets, brought to one form: widths, blanks, control characters.
//!
//! Four strengths, from weakest to strongest: [`prose`] keeps lines and punctuation, [`line()`] makes
//! one line of it, [`code`] is for numbers and addresses, [`key`] is for comparing words only.

/// A full-width ASCII character as the plain one; every other character as it is.
pub fn narrow(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => {
            u32::from(character).checked_sub(0xFEE0).and_then(char::from_u32).unwrap_or(character)
        }
        '\u{3000}' => ' ',
        other => other,
    }
}

/// Characters that are there and cannot be seen: control characters, joiners, byte order marks.
fn is_invisible(character: char) -> bool {
    (character.is_control() && !matches!(character, '\n' | '\r' | '\t'))
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}')
}

/// Text of several lines: ends trimmed, line ends unified, invisible characters dropped.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Some writers leave Excel's escape of a carriage return in the text.
    for piece in text.split("_x000D_") {
        let mut characters = piece.chars().peekable();
        while let Some(it) = characters.next() {
            match it {
                '\r' => {
                    if characters.peek() != Some(&'\n') {
                        out.push('\n');
                    }
                }
                '\t' | '\u{A0}' => out.push(' '),
                _ if is_invisible(it) => {}
                _ => out.push(it),
            }
        }
    }
    let trimmed = out.trim();
    if trimmed.len() == out.len() { out } else { trimmed.to_owned() }
}

/// Text of one line: every run of blanks and line ends becomes one blank.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for it in text.chars().filter(|it| !is_invisible(*it)) {
        if it.is_whitespace() {
            blank = !out.is_empty();
        } else {
            if std::mem::take(&mut blank) {
                out.push(' ');
            }
            out.push(it);
        }
    }
    out
}

/// A name on one line. Names of two characters are often spread with blanks to the width of three;
/// blanks between two Chinese characters are dropped.
pub fn name(text: &str) -> String {
    let text = line(text);
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(it) = characters.next() {
        let is_spread = it == ' '
            && out.chars().next_back().is_some_and(is_han)
            && characters.peek().is_some_and(|it| is_han(*it));
        if !is_spread {
            out.push(it);
        }
    }
    out
}

fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A number, an address or another code: full-width letters, digits and signs become plain, blanks
/// and the apostrophe that keeps Excel from reading a number are dropped.
pub fn code(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_whitespace() && !is_invisible(*it))
        .map(narrow)
        .collect::<String>()
        .trim_matches(['\'', '‘', '’', '`'])
        .to_owned()
}

/// An agency's own number: as [`code`], but Chinese brackets stay as they were written.
pub fn own_number(text: &str) -> String {
    text.chars()
        .filter(|it| !it.is_whitespace() && !is_invisible(*it))
        .map(|it| match it {
            '（' | '）' | '［' | '］' => it,
            other => narrow(other),
        })
        .collect::<String>()
        .trim_matches(['\'', '‘', '’', '`'])
        .to_owned()
}

/// What is left to compare two words by: letters and digits, without punctuation, quotation marks
/// or blanks, in lower case.
pub fn key(text: &str) -> String {
    text.chars().map(narrow).filter(|it| it.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a cell says that there is nothing to say.
pub fn is_blank(text: &str) -> bool {
    let mut meant = text.chars().filter(|it| !it.is_whitespace() && !is_invisible(*it)).peekable();
    meant.peek().is_none() || meant.all(|it| matches!(narrow(it), '/' | '\\' | '-' | '—' | '–' | '―' | '－'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_strength_does_its_work() {
        assert_eq!(prose(" 一、甲\r\n二、乙\u{0}\r三，（丙）_x000D_\n"), "一、甲\n二、乙\n三，（丙）");
        assert_eq!(line("\u{FEFF}某局 \n 办公室\t\u{3000}一科 "), "某局 办公室 一科");
        assert_eq!(name("李\u{3000}四"), "李四");
        assert_eq!(name("John  Smith"), "John Smith");
        assert_eq!(name("㐂 𠮷"), "㐂𠮷");
        assert_eq!(code("'１３８ ０013８００１"), "13800138001");
        assert_eq!(code("ａ＠ｂ．ｃｎ"), "a@b.cn");
        assert_eq!(own_number("２０２２－００２"), "2022-002");
        assert_eq!(own_number("（２０２２）１号"), "（2022）1号");
        assert_eq!(key("危及“三安全一稳定”"), "危及三安全一稳定");
        assert_eq!(key("Ｅ-Mail"), "email");
    }

    #[test]
    fn dashes_and_strokes_are_blank() {
        for text in ["", "  ", "/", "／", "--", "——", " \\ ", "\u{200B}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["无", "0", "-1"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
