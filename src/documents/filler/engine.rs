//! The template engine, set up so that a template reaches nothing but its values.

use std::io::Write;

use chrono::NaiveDate;
use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, Value};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::bounds;
use super::error::{FillError, TagFault};
use super::near::paragraph_around;
use crate::domain::wording;

/// Steps a template may take; a letter of three pages takes about 2,000.
const FUEL: u64 = 2_000_000;
/// How deep loops may call themselves; twice as deep as blocks can be.
const RECURSION_LIMIT: usize = 2 * bounds::MAX_DEPTH;
/// The most a part may grow to, in bytes.
const OUTPUT_LIMIT: usize = 32 * 1024 * 1024;

/// Whether the engine understands the part, which it does not see where that is beyond its bounds.
pub(super) fn check(part: &str, source: &str) -> Result<(), FillError> {
    bounds::check(part, source)?;
    environment().template_from_named_str(part, source).map(drop).map_err(|it| explained(part, source, &it))
}

/// The dotted names the part takes values from.
pub(super) fn names(part: &str, source: &str) -> Result<Vec<String>, FillError> {
    let environment = environment();
    let template =
        environment.template_from_named_str(part, source).map_err(|it| explained(part, source, &it))?;
    Ok(template.undeclared_variables(true).into_iter().collect())
}

/// The part with its values.
pub(super) fn fill(part: &str, source: &str, values: &serde_json::Value) -> Result<String, FillError> {
    let environment = environment();
    let explain = |it: &minijinja::Error| explained(part, source, it);
    let template = environment.template_from_named_str(part, source).map_err(|it| explain(&it))?;
    let mut out = Limited(Vec::new());
    template.render_captured_to(Value::from(Serde(values)), &mut out).map_err(|it| explain(&it))?;
    let structure = |message: String| FillError::Structure { part: part.to_owned(), message };
    let xml = String::from_utf8(out.0).map_err(|it| structure(it.to_string()))?;
    well_formed(&xml).map_err(structure)?;
    Ok(xml)
}

/// Output that stops where a template grows without end.
struct Limited(Vec<u8>);

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > OUTPUT_LIMIT {
            return Err(std::io::Error::other("the filled part is too long"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn invalid(message: String) -> minijinja::Error {
    minijinja::Error::new(ErrorKind::InvalidOperation, message)
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_fuel(Some(FUEL));
    // Blocks within one another, and values wrapped by a loop that calls itself.
    environment.set_recursion_limit(RECURSION_LIMIT);
    // What outlives the turns of a loop can be wrapped once in each, until dropping it overflows the stack.
    environment.remove_global("namespace");
    // Otherwise a release does not know where an error stands.
    environment.set_debug(true);
    environment.set_formatter(|out, _, value| {
        if value.is_undefined() {
            return Err(minijinja::Error::new(ErrorKind::UndefinedError, "no value"));
        }
        let text = match value.kind() {
            ValueKind::None => return Ok(()),
            ValueKind::Bool => (if value.is_true() { "是" } else { "否" }).to_owned(),
            ValueKind::String => value.as_str().unwrap_or_default().to_owned(),
            ValueKind::Number => value.to_string(),
            other => return Err(invalid(format!("{other} 不是可以填写的文字"))),
        };
        out.write_str(&value_as_xml(&text))
            .map_err(|it| minijinja::Error::new(ErrorKind::WriteFailure, it.to_string()))
    });
    environment.add_filter("中文数字", |number: u32| wording::numeral(number));
    // The lines of a text, for a loop that makes a paragraph of each.
    environment.add_filter("段落", |text: String| -> Vec<String> {
        text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    });
    environment.add_filter("中文日期", |day: String, style: Option<String>| {
        let parsed = day.parse::<NaiveDate>().map_err(|_| invalid(format!("{day:?} 不是日期")))?;
        match style.as_deref() {
            None => Ok(wording::day(parsed)),
            Some("汉字") => Ok(wording::day_in_characters(parsed)),
            Some("月日") => Ok(wording::short_day(parsed)),
            Some(other) => Err(invalid(format!("没有“{other}”这种日期写法"))),
        }
    });
    environment
}

/// A value as the content of a `w:t`: escaped, line ends as `w:br`, without what XML forbids.
fn value_as_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(it) = chars.next() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str(r#"</w:t><w:br/><w:t xml:space="preserve">"#),
            '\t' => out.push_str(r#"</w:t><w:tab/><w:t xml:space="preserve">"#),
            it if u32::from(it) < 0x20 || matches!(it, '\u{fffe}' | '\u{ffff}') => {}
            other => out.push(other),
        }
    }
    out
}

/// The reader refuses an end that fits no start; that everything started also ends is seen by counting.
fn well_formed(xml: &str) -> Result<(), String> {
    let mut reader = Reader::from_str(xml);
    let mut n_open = 0_u32;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) if n_open == 0 => return Ok(()),
            Ok(Event::Eof) => return Err(format!("{n_open} elements are not closed")),
            Ok(Event::Start(_)) => n_open = n_open.saturating_add(1),
            Ok(Event::End(_)) => n_open = n_open.saturating_sub(1),
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
}

/// The engine's error with the paragraph it stands in, for a line of XML would help nobody.
fn explained(part: &str, source: &str, error: &minijinja::Error) -> FillError {
    let detail = error.detail().unwrap_or_default().to_owned();
    let fault = match error.kind() {
        ErrorKind::UndefinedError => TagFault::NoValue,
        ErrorKind::SyntaxError | ErrorKind::BadEscape => TagFault::Syntax(detail),
        ErrorKind::UnknownFilter | ErrorKind::UnknownTest | ErrorKind::UnknownFunction => {
            TagFault::UnknownFilter(detail)
        }
        ErrorKind::OutOfFuel | ErrorKind::WriteFailure => TagFault::TooLong,
        other if detail.is_empty() => TagFault::Value(other.to_string()),
        _ => TagFault::Value(detail),
    };
    let near = error.range().map(|it| paragraph_around(source, it.start, it.end)).unwrap_or_default();
    FillError::Tag { part: part.to_owned(), fault, near }
}
