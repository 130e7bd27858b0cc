//! Deadlines as an iCalendar file (RFC 5545), for the calendar programs of people.
//!
//! Events are of whole days, so that no time zone enters: a day is a day in Beijing. Lines are folded
//! between characters, never within one, although the standard would allow it: programs that unfold
//! bytes and programs that unfold characters then read the same.

use chrono::{DateTime, NaiveDate, Utc};

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar<'a> {
    /// What the calendar program calls it.
    pub name: &'a str,
    /// What is in it.
    pub events: &'a [Event],
}

/// An event of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What identifies it for good.
    pub uid: String,
    /// How often it has changed.
    pub sequence: i32,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// The day.
    pub on: NaiveDate,
    /// Whether the day may still move.
    pub is_tentative: bool,
    /// The title.
    pub summary: String,
    /// More about it.
    pub description: String,
    /// Where to look; empty for nowhere.
    pub url: String,
}

/// How long a line may be, in bytes, without its end.
const MAX_LINE: usize = 75;

/// Draws the file.
pub fn draw(calendar: &Calendar<'_>) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| fold(&mut out, &format!("{name}:{value}"));
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//gongkai//deadlines//ZH-CN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    // The names that calendar programs look for: RFC 7986, and the older ones.
    line("NAME", &escape(calendar.name));
    line("X-WR-CALNAME", &escape(calendar.name));
    line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
    line("X-PUBLISHED-TTL", "PT1H");
    for event in calendar.events {
        let instant = event.changed_at.format("%Y%m%dT%H%M%SZ").to_string();
        let next = event.on.succ_opt().unwrap_or(event.on);
        line("BEGIN", "VEVENT");
        line("UID", &escape(&event.uid));
        line("DTSTAMP", &instant);
        line("LAST-MODIFIED", &instant);
        line("SEQUENCE", &event.sequence.to_string());
        line("DTSTART;VALUE=DATE", &event.on.format("%Y%m%d").to_string());
        // The day after: the end is not part of the event.
        line("DTEND;VALUE=DATE", &next.format("%Y%m%d").to_string());
        line("SUMMARY", &escape(&event.summary));
        if !event.description.is_empty() {
            line("DESCRIPTION", &escape(&event.description));
        }
        if !event.url.is_empty() {
            line("URL", &event.url);
        }
        line("STATUS", if event.is_tentative { "TENTATIVE" } else { "CONFIRMED" });
        line("CLASS", "PRIVATE");
        // A deadline takes up no time: the day stays free.
        line("TRANSP", "TRANSPARENT");
        line("END", "VEVENT");
    }
    line("END", "VCALENDAR");
    out
}

/// Text as a value: backslash, comma and semicolon are escaped, ends of lines written out (3.3.11). Other
/// control characters have no place in a value.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for it in text.replace("\r\n", "\n").chars() {
        match it {
            '\\' | ',' | ';' => {
                escaped.push('\\');
                escaped.push(it);
            }
            '\n' | '\r' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            it if it.is_control() => {}
            it => escaped.push(it),
        }
    }
    escaped
}

/// Writes a line, broken so that none is longer than [`MAX_LINE`] bytes; continuations begin with a space
/// that counts (3.1).
fn fold(out: &mut String, line: &str) {
    let mut length = 0;
    for it in line.chars() {
        if MAX_LINE < length + it.len_utf8() {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(it);
        length += it.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn event(summary: &str) -> Event {
        Event {
            uid: "a-reply@gongkai".to_owned(),
            sequence: 2,
            changed_at: "2026-03-02T02:03:04Z".parse().unwrap(),
            on: "2026-12-31".parse().unwrap(),
            is_tentative: true,
            summary: summary.to_owned(),
            description: String::new(),
            url: String::new(),
        }
    }

    #[test]
    fn an_event_is_of_one_whole_day() {
        let text = draw(&Calendar { name: "期限", events: &[event("答复期限")] });
        for line in [
            "UID:a-reply@gongkai",
            "DTSTAMP:20260302T020304Z",
            "SEQUENCE:2",
            "DTSTART;VALUE=DATE:20261231",
            "DTEND;VALUE=DATE:20270101",
            "SUMMARY:答复期限",
            "STATUS:TENTATIVE",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line} is not in\n{text}");
        }
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn marks_are_escaped() {
        assert_eq!(escape("a,b;c\\d\r\ne\u{0}"), "a\\,b\\;c\\\\d\\ne");
    }

    proptest! {
        /// Lines are short enough, every piece is whole characters, and unfolding gives the text again.
        #[test]
        fn folding_loses_nothing(text in "[\u{0}-\u{7f}一-龥，。𠮷😀]{0,120}") {
            let drawn = draw(&Calendar { name: &text, events: &[event(&text)] });
            for line in drawn.split("\r\n") {
                prop_assert!(line.len() <= MAX_LINE, "{}", line.len());
                prop_assert!(!line.contains('\n') && !line.contains('\r'));
            }
            let unfolded = drawn.replace("\r\n ", "");
            let summary = format!("\r\nSUMMARY:{}\r\n", escape(&text));
            prop_assert!(unfolded.contains(&summary));
        }
    }
}
