//! Rust source as far as the rules of the tree need it: words and paths, without comments and literals.

/// A piece of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A name or keyword.
    Word(String),
    /// `::`
    PathSep,
    /// Anything else that is no space.
    Other(char),
}

/// A token and its line, from 1.
#[derive(Debug, Clone)]
pub struct Spot {
    pub line: usize,
    pub token: Token,
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || it == '_'
}

/// The tokens of a text, comments and literals left out.
pub fn tokens(text: &str) -> Vec<Spot> {
    let chars: Vec<char> = text.chars().collect();
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    let mut spots = Vec::new();
    let (mut i, mut line) = (0, 1);
    while i < chars.len() {
        let start = i;
        match (at(i), at(i + 1)) {
            ('/', '/') => i = end_of_line(&chars, i),
            ('/', '*') => i = end_of_comment(&chars, i),
            ('"', _) => i = end_of_string(&chars, i),
            ('\'', '\\') => i = end_of_quoted(&chars, i, '\''),
            ('\'', _) if at(i + 2) == '\'' => i += 3,
            (':', ':') => {
                spots.push(Spot { line, token: Token::PathSep });
                i += 2;
            }
            (it, _) if is_word(it) => {
                while is_word(at(i)) {
                    i += 1;
                }
                let word: String = chars[start..i].iter().collect();
                let n_hashes = (i..).take_while(|it| at(*it) == '#').count();
                match word.as_str() {
                    "r" | "br" | "cr" if at(i + n_hashes) == '"' => {
                        i = end_of_raw(&chars, i + n_hashes, n_hashes)
                    }
                    // A raw name, such as `r#type`.
                    "r" if n_hashes == 1 => i += 1,
                    _ => spots.push(Spot { line, token: Token::Word(word) }),
                }
            }
            (it, _) => {
                if !it.is_whitespace() {
                    spots.push(Spot { line, token: Token::Other(it) });
                }
                i += 1;
            }
        }
        line += chars[start..i.min(chars.len())].iter().filter(|it| **it == '\n').count();
    }
    spots
}

fn end_of_line(chars: &[char], from: usize) -> usize {
    chars[from..].iter().position(|it| *it == '\n').map_or(chars.len(), |it| from + it)
}

/// The end of a block comment, which may hold others.
fn end_of_comment(chars: &[char], from: usize) -> usize {
    let (mut i, mut depth) = (from, 0);
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (i, depth) = (i + 2, depth + 1),
            ('*', '/') => (i, depth) = (i + 2, depth - 1),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    end_of_quoted(chars, from, '"')
}

fn end_of_quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut i = from + 1;
    while i < chars.len() && chars[i] != quote {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    i + 1
}

/// The end of a raw string whose opening quotation mark is at `quote`.
fn end_of_raw(chars: &[char], quote: usize, n_hashes: usize) -> usize {
    let mut end = vec!['"'];
    end.extend(std::iter::repeat_n('#', n_hashes));
    let rest = &chars[quote + 1..];
    rest.windows(end.len()).position(|it| it == end).map_or(chars.len(), |it| quote + 1 + it + end.len())
}

/// The paths that begin with this word, without it: one for each leaf of a group, with its line.
pub fn paths(tokens: &[Spot], root: &str) -> Vec<(usize, Vec<String>)> {
    let mut paths = Vec::new();
    for i in 0..tokens.len() {
        // After a keyword, the leading `::` of `use ::std::fs` continues nothing.
        let word = |i: usize| {
            let is_name = |it: &str| !matches!(it, "use" | "as" | "in" | "return" | "else" | "mut" | "dyn");
            tokens.get(i).is_some_and(|it| matches!(&it.token, Token::Word(it) if is_name(it)))
        };
        let is_root = matches!(&tokens[i].token, Token::Word(it) if it == root);
        let continues = i >= 2 && tokens[i - 1].token == Token::PathSep && word(i - 2);
        if is_root && !continues && tokens.get(i + 1).is_some_and(|it| it.token == Token::PathSep) {
            tree(tokens, i + 2, &[], &mut paths);
        }
    }
    paths
}

/// Reads one tree of a `use`, or a path in code, and returns where it ends.
fn tree(tokens: &[Spot], from: usize, prefix: &[String], paths: &mut Vec<(usize, Vec<String>)>) -> usize {
    let mut path = prefix.to_vec();
    let mut i = from;
    let mut line = tokens.get(from).map_or(0, |it| it.line);
    while let Some(spot) = tokens.get(i) {
        match &spot.token {
            Token::Word(word) => {
                (i, line) = (i + 1, spot.line);
                path.push(word.clone());
                if tokens.get(i).is_none_or(|it| it.token != Token::PathSep) {
                    break;
                }
                i += 1;
            }
            Token::Other('{') => {
                i += 1;
                loop {
                    match tokens.get(i).map(|it| &it.token) {
                        None => return i,
                        Some(Token::Other('}')) => return i + 1,
                        Some(Token::Other(',') | Token::PathSep) => i += 1,
                        Some(Token::Word(word)) if word == "as" => i += 2,
                        Some(_) => i = tree(tokens, i, &path, paths).max(i + 1),
                    }
                }
            }
            Token::Other('*') => {
                path.push("*".to_owned());
                i += 1;
                break;
            }
            // `::<`
            _ => break,
        }
    }
    paths.push((line, path));
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = paths(&tokens(text), "crate")
            .into_iter()
            .map(|(line, path)| format!("{line} {}", path.join("::")))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn paths_are_found_in_all_forms() {
        check("use crate::a::B;", &["1 a::B"]);
        check("use crate::{a, b::C as D, e::{self, F}};", &["1 a", "1 b::C", "1 e::self", "1 e::F"]);
        check("use crate::{\n    a::*,\n    b,\n};", &["2 a::*", "3 b"]);
        check("use {crate::a, std::fs};", &["1 a"]);
        check("let x = crate::a::b::<u8>(crate::c::D);", &["1 a::b", "1 c::D"]);
        check("pub(in crate::a) fn f(x: &crate::b::C<'_>) -> $crate::d::E {}", &["1 a", "1 b::C", "1 d::E"]);
        check("pub(crate) mod x;", &[]);
    }

    #[test]
    fn comments_and_literals_are_no_code() {
        check("// crate::a\n/* crate::b /* */ crate::c */ //! crate::d\nx(crate::e)", &["3 e"]);
        check("\"crate::a \\\" crate::b\" r#\"crate::c \" \"# br\"crate::d\" crate::e", &["1 e"]);
        check(
            "let c = '\"'; crate::a; let d = '\\''; crate::b; fn f<'a>(x: &'a crate::c::D) {}",
            &["1 a", "1 b", "1 c::D"],
        );
        check("\"a\nb\"; crate::r#type::X", &["2 type::X"]);
    }
}
