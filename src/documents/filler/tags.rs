//! Puts tags together that a word processor has split, and lifts those that stand alone out of their
//! paragraph or table row.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::error::FillError;

/// A piece of a part.
enum Piece {
    /// Copied as it is.
    Raw(String),
    /// The content of a `w:t`.
    Text(Vec<Span>),
}

/// A stretch of text of one nature.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    is_tag: bool,
    text: String,
}

/// An open paragraph or row: where it starts among the pieces, and which of them are its texts.
struct Frame {
    start: usize,
    texts: Vec<usize>,
}

/// The state of one pass over a part.
struct Pass<'a> {
    part: &'a str,
    pieces: Vec<Piece>,
    paragraphs: Vec<Frame>,
    rows: Vec<Frame>,
    in_text: bool,
}

/// The part as the engine takes it: every tag whole, everything else escaped where it could be taken for one.
///
/// # Errors
/// [`FillError::Xml`] for a part that is not well-formed, [`FillError::Unclosed`] for half a tag.
pub(super) fn prepare(part: &str, xml: &str) -> Result<String, FillError> {
    let mut reader = Reader::from_str(xml);
    let mut pass = Pass { part, pieces: vec![], paragraphs: vec![], rows: vec![], in_text: false };
    loop {
        let from = position(&reader);
        let event = reader.read_event().map_err(|it| pass.broken(it))?;
        let raw = xml.get(from..position(&reader)).unwrap_or_default();
        if matches!(event, Event::Eof) {
            break;
        }
        pass.take(&event, raw)?;
    }
    if !pass.paragraphs.is_empty() || !pass.rows.is_empty() {
        return Err(pass.broken("it ends within a paragraph"));
    }
    Ok(pass.finish(xml.len()))
}

fn position(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

impl Pass<'_> {
    fn broken(&self, message: impl std::fmt::Display) -> FillError {
        FillError::Xml { part: self.part.to_owned(), message: message.to_string() }
    }

    fn raw(&mut self, raw: &str) {
        self.pieces.push(Piece::Raw(raw.to_owned()));
    }

    fn frame(&self) -> Frame {
        Frame { start: self.pieces.len(), texts: Vec::new() }
    }

    fn take(&mut self, event: &Event<'_>, raw: &str) -> Result<(), FillError> {
        match event {
            Event::Start(it) if it.name().as_ref() == "w:p" => {
                self.paragraphs.push(self.frame());
                self.raw(raw);
            }
            Event::Start(it) if it.name().as_ref() == "w:tr" => {
                self.rows.push(self.frame());
                self.raw(raw);
            }
            Event::Start(it) if it.name().as_ref() == "w:t" => {
                self.in_text = true;
                self.raw(r#"<w:t xml:space="preserve">"#);
                let at = self.pieces.len();
                if let Some(it) = self.paragraphs.last_mut() {
                    it.texts.push(at);
                }
                if let Some(it) = self.rows.last_mut() {
                    it.texts.push(at);
                }
                self.pieces.push(Piece::Text(Vec::new()));
            }
            Event::End(it) if it.name().as_ref() == "w:t" => {
                self.in_text = false;
                self.raw(raw);
            }
            Event::Text(_) | Event::GeneralRef(_) | Event::CData(_) if self.in_text => {
                let text = match event {
                    Event::CData(it) => it.to_string(),
                    _ => quick_xml::escape::unescape(raw).map_err(|it| self.broken(it))?.into_owned(),
                };
                if let Some(Piece::Text(spans)) = self.pieces.last_mut() {
                    spans.push(Span { is_tag: false, text });
                }
            }
            // Marks that the word processor sets anew, and comments, which could hide a tag.
            Event::Empty(it) if matches!(it.name().as_ref(), "w:proofErr" | "w:lastRenderedPageBreak") => {}
            Event::Comment(_) => {}
            Event::End(it) if it.name().as_ref() == "w:p" => {
                self.raw(raw);
                let frame =
                    self.paragraphs.pop().ok_or_else(|| self.broken("w:p ends that did not start"))?;
                self.join_tags(&frame.texts)?;
                // A cell must keep a paragraph, so within a row the rule of rows decides, not this one.
                if self.rows.is_empty() {
                    self.lift(&frame);
                }
            }
            Event::End(it) if it.name().as_ref() == "w:tr" => {
                self.raw(raw);
                let frame = self.rows.pop().ok_or_else(|| self.broken("w:tr ends that did not start"))?;
                self.lift(&frame);
            }
            _ => self.raw(raw),
        }
        Ok(())
    }

    /// Moves each tag of a paragraph whole into the text in which it starts.
    fn join_tags(&mut self, texts: &[usize]) -> Result<(), FillError> {
        // All characters of the paragraph, each with the text it lives in.
        let mut chars: Vec<(usize, char)> = Vec::new();
        for (k, at) in texts.iter().enumerate() {
            if let Some(Piece::Text(spans)) = self.pieces.get(*at) {
                chars.extend(spans.iter().flat_map(|it| it.text.chars()).map(|it| (k, it)));
            }
        }
        let mut joined: Vec<Vec<Span>> = vec![Vec::new(); texts.len()];
        // Text between two tags, which may hold half a tag.
        let mut plain = String::new();
        let mut i = 0;
        while let Some(&(k, character)) = chars.get(i) {
            let Some(spans) = joined.get_mut(k) else { break };
            if let Some(end) = end_of_tag(&chars, i) {
                let tag: String = chars.get(i..end).unwrap_or_default().iter().map(|it| it.1).collect();
                self.refuse_half_tags(&plain, &chars)?;
                plain.clear();
                spans.push(Span { is_tag: true, text: without_typography(&tag) });
                i = end;
            } else {
                plain.push(character);
                match spans.last_mut() {
                    Some(it) if !it.is_tag => it.text.push(character),
                    _ => spans.push(Span { is_tag: false, text: character.to_string() }),
                }
                i += 1;
            }
        }
        self.refuse_half_tags(&plain, &chars)?;
        for (at, spans) in texts.iter().zip(joined) {
            if let Some(it) = self.pieces.get_mut(*at) {
                *it = Piece::Text(spans);
            }
        }
        Ok(())
    }

    /// A tag that is left in the letter as it was typed is never meant.
    fn refuse_half_tags(&self, plain: &str, paragraph: &[(usize, char)]) -> Result<(), FillError> {
        let halves = ["{{", "{%", "{#", "}}", "%}", "#}"];
        match halves.into_iter().find(|it| plain.contains(it)) {
            None => Ok(()),
            Some(marker) => {
                let near = paragraph.iter().map(|it| it.1).take(80).collect();
                Err(FillError::Unclosed { part: self.part.to_owned(), marker, near })
            }
        }
    }

    /// Puts the tags of a paragraph or row that holds nothing else in its place.
    fn lift(&mut self, frame: &Frame) {
        let Some(tags) = self.only_blocks(&frame.texts) else { return };
        // The end of a section, or a picture, is content that must stay.
        let is_content = |it: &Piece| matches!(it, Piece::Raw(it) if ["<w:sectPr", "<w:drawing", "<w:pict", "<w:object"].iter().any(|tag| it.starts_with(tag)));
        if self.pieces.iter().skip(frame.start).any(is_content) {
            return;
        }
        self.pieces.truncate(frame.start);
        self.pieces.push(Piece::Text(vec![Span { is_tag: true, text: tags }]));
    }

    /// The tags, where these texts hold nothing but blocks and comments, and at least one block.
    fn only_blocks(&self, texts: &[usize]) -> Option<String> {
        let mut tags = String::new();
        for at in texts {
            let Some(Piece::Text(spans)) = self.pieces.get(*at) else { return None };
            for span in spans {
                match span {
                    Span { is_tag: true, text } if text.starts_with("{%") => tags.push_str(text),
                    Span { is_tag: true, text } if text.starts_with("{#") => {}
                    Span { is_tag: false, text } if text.trim().is_empty() => {}
                    _ => return None,
                }
            }
        }
        (!tags.is_empty()).then_some(tags)
    }

    fn finish(self, capacity: usize) -> String {
        let mut source = String::with_capacity(capacity);
        for piece in &self.pieces {
            match piece {
                Piece::Raw(raw) => push_without_tags(raw, &mut source),
                Piece::Text(spans) => {
                    for span in spans {
                        if span.is_tag {
                            source.push_str(&span.text);
                        } else {
                            push_escaped(&span.text, &mut source);
                        }
                    }
                }
            }
        }
        source
    }
}

/// Where the tag that starts here ends, if one starts here and ends within the paragraph.
fn end_of_tag(chars: &[(usize, char)], from: usize) -> Option<usize> {
    let at = |i: usize| chars.get(i).map(|it| it.1);
    let close = match (at(from)?, at(from + 1)?) {
        ('{', '{') => '}',
        ('{', '%') => '%',
        ('{', '#') => '#',
        _ => return None,
    };
    let end = (from + 2..chars.len()).find(|it| at(*it) == Some(close) && at(*it + 1) == Some('}'))?;
    Some(end + 2)
}

/// A tag with the quotation marks, blanks and signs that word processors put in place of plain ones.
/// What stands between quotation marks is text and stays.
fn without_typography(tag: &str) -> String {
    let mut quote: Option<char> = None;
    let plain = |it: char| match it {
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '\u{a0}' | '\u{3000}' => ' ',
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '｜' => '|',
        '．' => '.',
        other => other,
    };
    tag.chars()
        .map(|it| match (quote, plain(it)) {
            (None, mark @ ('\'' | '"')) => {
                quote = Some(mark);
                mark
            }
            (Some(open), mark) if mark == open => {
                quote = None;
                mark
            }
            (Some(_), _) => it,
            (None, other) => other,
        })
        .collect()
}

/// Markup, in which an accidental `{{` must not become a tag.
fn push_without_tags(raw: &str, out: &mut String) {
    let mut rest = raw.chars().peekable();
    while let Some(it) = rest.next() {
        match (it, rest.peek()) {
            ('{', Some('{' | '%' | '#')) => out.push_str("&#123;"),
            _ => out.push(it),
        }
    }
}

/// Literal text of the template. Its braces can never become a tag.
fn push_escaped(text: &str, out: &mut String) {
    for it in text.chars() {
        match it {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '{' => out.push_str("&#123;"),
            other => out.push(other),
        }
    }
}
