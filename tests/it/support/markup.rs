//! A page as lines: one for each block of it, without what no browser shows and what differs in every run.

use std::collections::BTreeMap;

/// Elements that stand on lines of their own.
const BLOCKS: &[&str] = &[
    "html",
    "head",
    "body",
    "title",
    "header",
    "footer",
    "nav",
    "main",
    "section",
    "article",
    "aside",
    "div",
    "form",
    "fieldset",
    "legend",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "details",
    "summary",
    "dialog",
    "figure",
    "figcaption",
    "blockquote",
    "pre",
    "option",
    "optgroup",
    "script",
];
/// Elements without an end, on lines of their own.
const VOIDS: &[&str] = &["meta", "link", "hr", "col"];
/// Elements that stand beside each other on a line; blanks between them are not shown.
const CELLS: &[&str] = &["td", "th"];
/// Elements in which every blank counts.
const EXACT: &[&str] = &["textarea", "pre"];

/// The page as lines, each as deep as its block.
pub fn readable(html: &str) -> String {
    let mut lines = Lines::default();
    let mut rest = html;
    let mut exact = 0_usize;
    while !rest.is_empty() {
        let Some(tag) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            lines.text(&rest[..end], exact > 0);
            rest = &rest[end..];
            continue;
        };
        let end = end_of_tag(tag) + 1;
        let whole = &rest[..end];
        rest = &rest[end..];
        let is_end = tag.starts_with('/');
        let name: String =
            tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if EXACT.contains(&name.as_str()) {
            exact = if is_end { exact.saturating_sub(1) } else { exact + 1 };
        }
        match (name.as_str(), is_end) {
            (it, true) if BLOCKS.contains(&it) => lines.close(whole),
            (it, false) if BLOCKS.contains(&it) => lines.open(whole),
            (it, _) if VOIDS.contains(&it) => lines.alone(whole),
            (it, _) if CELLS.contains(&it) => lines.cell(whole),
            _ => lines.inline(whole),
        }
    }
    lines.flush();
    lines.done.iter().map(|it| format!("{it}\n")).collect()
}

/// Where the tag ends: a `>` in the value of an attribute ends nothing.
fn end_of_tag(tag: &str) -> usize {
    let mut is_quoted = false;
    for (at, it) in tag.char_indices() {
        match it {
            '"' => is_quoted = !is_quoted,
            '>' if !is_quoted => return at + 1,
            _ => {}
        }
    }
    tag.len()
}

#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    /// How deep the line begins.
    line_depth: usize,
    /// The open blocks: how many lines were done when each began.
    open: Vec<usize>,
    /// Whether blanks are not shown here.
    at_edge: bool,
}

impl Lines {
    fn flush(&mut self) {
        let line = self.line.trim_end();
        if !line.is_empty() {
            self.done.push(format!("{}{line}", " ".repeat(self.line_depth)));
        }
        self.line.clear();
        self.line_depth = self.open.len();
        self.at_edge = true;
    }

    fn text(&mut self, text: &str, exact: bool) {
        if exact {
            self.line += &text.replace('\r', "").replace('\n', "⏎").replace(' ', "␣");
            self.at_edge = false;
            return;
        }
        for it in text.chars() {
            // The wide blank of Chinese text is shown.
            let is_blank = matches!(it, ' ' | '\n' | '\t' | '\r');
            if is_blank && (self.at_edge || self.line.is_empty() || self.line.ends_with(' ')) {
                continue;
            }
            self.line.push(if is_blank { ' ' } else { it });
            self.at_edge = false;
        }
    }

    fn inline(&mut self, tag: &str) {
        self.line += tag;
        self.at_edge = false;
    }

    fn cell(&mut self, tag: &str) {
        let n = self.line.trim_end().len();
        self.line.truncate(n);
        self.line += tag;
        self.at_edge = true;
    }

    fn alone(&mut self, tag: &str) {
        self.flush();
        self.line += tag;
        self.flush();
    }

    fn open(&mut self, tag: &str) {
        self.flush();
        self.line += tag;
        self.open.push(self.done.len());
        self.at_edge = true;
    }

    fn close(&mut self, tag: &str) {
        let began = self.open.pop();
        if began != Some(self.done.len()) {
            self.flush();
        }
        let n = self.line.trim_end().len();
        self.line.truncate(n);
        self.line += tag;
        self.flush();
    }
}

/// What stands around `<main>`, the main part itself, and a line that says the title and the item of the
/// navigation; none for what is no page of the workbench.
pub fn in_frame(html: &str) -> Option<(String, String, String)> {
    let start = html.find("<main class=\"main\"")?;
    let end = html.find("</main>")? + "</main>".len();
    let (before, main, after) = (&html[..start], &html[start..end], &html[end..]);
    let (head, rest) = before.split_once("<title>")?;
    let (title, rest) = rest.split_once("</title>")?;
    let (rest, item) = match rest.split_once(" aria-current=\"page\"") {
        Some((a, b)) => {
            let href = a.rsplit("href=").next().unwrap_or("");
            (format!("{a}{b}"), href.to_owned())
        }
        None => (rest.to_owned(), "none".to_owned()),
    };
    let mark = format!("title: {title}\nat: {item}");
    Some((format!("{head}<title></title>{rest}<main></main>{after}"), main.to_owned(), mark))
}

/// The text without what differs in every run.
pub fn redacted(text: &str) -> String {
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(it) = rest.chars().next() {
        if let Some(id) = uuid_at(rest).filter(|_| !out.ends_with(|it: char| it.is_ascii_alphanumeric())) {
            let n = ids.len() + 1;
            let n = *ids.entry(id.to_owned()).or_insert(n);
            out += &format!("{{id {n}}}");
            rest = &rest[id.len()..];
        } else if let Some(length) =
            hash_at(rest).filter(|_| !out.ends_with(|it: char| it.is_ascii_hexdigit()))
        {
            out += "{token}";
            rest = &rest[length..];
        } else if let Some(place) = rest.strip_prefix("after=").and_then(after_place) {
            // The place in a list: an instant, or the beginning of a hash.
            out += "after={place}";
            rest = place;
        } else if let Some(after) = rest.strip_prefix("?v=") {
            out += "?v={version}";
            rest = &after[after.find(['"', '#']).unwrap_or(0)..];
        } else {
            out.push(it);
            rest = &rest[it.len_utf8()..];
        }
    }
    out
}

/// What follows a number that is longer than a year, a day or a count.
fn after_place(text: &str) -> Option<&str> {
    let length = text.bytes().take_while(|it| it.is_ascii_digit() || *it == b'-').count();
    (12 < length).then(|| &text[length..])
}

fn uuid_at(text: &str) -> Option<&str> {
    let id = text.get(..36)?;
    let fits = |(at, it): (usize, u8)| match at {
        8 | 13 | 18 | 23 => it == b'-',
        _ => it.is_ascii_hexdigit(),
    };
    id.bytes().enumerate().all(fits).then_some(id)
}

/// The length of a hash or a token, of which nobody can read anything.
fn hash_at(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_hexdigit).count();
    (length == 64).then_some(length)
}

#[test]
fn a_page_is_lines_of_blocks() {
    let page = "<div class=\"a\">\n  <p>one   <b>two</b>\n three</p>\n\n<table><tr>\n<td> 1 </td> <td>2</td>\n</tr>\
        </table><textarea>a\n b</textarea></div>";
    let lines = "<div class=\"a\">\n <p>one <b>two</b> three</p>\n <table>\n  <tr><td>1</td><td>2</td></tr>\n </table>\n \
        <textarea>a⏎␣b</textarea>\n</div>\n";
    assert_eq!(readable(page), lines);
    let id = "019a0b1c-2d3e-7f40-8a5b-6c7d8e9f0a1b";
    assert_eq!(
        redacted(&format!("<a href=\"/x/{id}\">{id}</a>?v=0.1\"")),
        "<a href=\"/x/{id 1}\">{id 1}</a>?v={version}\""
    );
}
