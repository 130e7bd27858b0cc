//! What stands in a Word document: its paragraphs and tables, for a preview in the page.
//!
//! Deliberately coarse: text, its place on the line, and whether it is a heading. The file itself is the
//! letter; this is for reading before it is issued.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::error::FillError;
use super::package;

/// Where a paragraph stands on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alignment {
    /// From the left margin, or filling the line.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// At the right margin.
    Right,
}

/// A paragraph as it is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paragraph {
    /// Its text; line ends within it are `\n`.
    pub text: String,
    /// Its place on the line.
    pub alignment: Alignment,
    /// Whether its first line is indented, as paragraphs of text are.
    pub is_indented: bool,
    /// The size of its letters in half points, of the first run that says one.
    pub half_points: Option<u32>,
    /// Whether it is printed in red, as the head of a paper is.
    pub is_red: bool,
    /// Whether it ends with a line across, as a head may.
    pub is_ruled: bool,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Paragraph),
    /// A table: its rows, each with the paragraphs of its cells.
    Table(Vec<Vec<Vec<Paragraph>>>),
}

/// The blocks of the body of a document, in order.
///
/// # Errors
/// [`FillError`]: it is no Word document, or its body is not well-formed.
pub fn blocks(file: &[u8]) -> Result<Vec<Block>, FillError> {
    let name = "word/document.xml";
    let xml = package::part(file, name)?
        .ok_or_else(|| FillError::NotDocx("there is no word/document.xml".to_owned()))?;
    read(&xml).map_err(|message| FillError::Xml { part: name.to_owned(), message })
}

/// All text of the body, a line for each paragraph; cells of a row are separated by tabs.
///
/// # Errors
/// As [`blocks`].
pub fn plain(file: &[u8]) -> Result<String, FillError> {
    let mut text = String::new();
    for block in blocks(file)? {
        match block {
            Block::Paragraph(it) => {
                text.push_str(&it.text);
                text.push('\n');
            }
            Block::Table(rows) => {
                for row in rows {
                    let cell = |it: &Vec<Paragraph>| {
                        it.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n")
                    };
                    text.push_str(&row.iter().map(cell).collect::<Vec<_>>().join("\t"));
                    text.push('\n');
                }
            }
        }
    }
    Ok(text)
}

/// What is being read.
#[derive(Default)]
struct Reading {
    blocks: Vec<Block>,
    /// The table being read; tables within tables are read as text of the outer one.
    table: Option<Vec<Vec<Vec<Paragraph>>>>,
    table_depth: u32,
    paragraph: Option<Paragraph>,
    in_text: bool,
    /// A copy of drawn text for older programs, which would be read twice.
    fallback_depth: u32,
}

fn read(xml: &str) -> Result<Vec<Block>, String> {
    let mut reader = Reader::from_str(xml);
    let mut reading = Reading::default();
    loop {
        match reader.read_event().map_err(|it| it.to_string())? {
            Event::Eof => return Ok(reading.blocks),
            Event::Start(it) => reading.start(&it, true),
            Event::Empty(it) => reading.start(&it, false),
            Event::End(it) => reading.end(it.name().as_ref()),
            Event::Text(it) if reading.in_text => reading.push(&it),
            Event::CData(it) if reading.in_text => reading.push(&it),
            Event::GeneralRef(it) if reading.in_text => {
                let text = format!("&{};", &*it);
                let text = quick_xml::escape::unescape(&text).map_err(|it| it.to_string())?;
                reading.push(&text);
            }
            _ => {}
        }
    }
}

impl Reading {
    fn push(&mut self, text: &str) {
        if self.fallback_depth == 0
            && let Some(it) = self.paragraph.as_mut()
        {
            it.text.push_str(text);
        }
    }

    fn start(&mut self, element: &BytesStart<'_>, has_end: bool) {
        let name = element.name();
        match name.as_ref() {
            "mc:Fallback" if has_end => self.fallback_depth += 1,
            "w:tbl" if has_end => {
                self.table_depth += 1;
                self.table.get_or_insert_with(Vec::new);
            }
            "w:tr" if has_end && self.table_depth == 1 => {
                if let Some(it) = self.table.as_mut() {
                    it.push(Vec::new());
                }
            }
            "w:tc" if has_end && self.table_depth == 1 => {
                if let Some(row) = self.table.as_mut().and_then(|it| it.last_mut()) {
                    row.push(Vec::new());
                }
            }
            "w:p" if !has_end => self.add(Paragraph::default()),
            "w:p" => self.paragraph = Some(Paragraph::default()),
            "w:t" => self.in_text = has_end,
            "w:br" => self.push("\n"),
            "w:tab" if self.paragraph.as_ref().is_some_and(|it| !it.text.is_empty()) => self.push("\t"),
            _ => self.format(element),
        }
    }

    fn format(&mut self, element: &BytesStart<'_>) {
        let value = |key: &str| {
            element
                .attributes()
                .flatten()
                .find(|it| it.key.as_ref() == key)
                .map(|it| it.value.to_string())
                .unwrap_or_default()
        };
        let Some(paragraph) = self.paragraph.as_mut() else { return };
        match element.name().as_ref() {
            "w:jc" => {
                paragraph.alignment = match value("w:val").as_str() {
                    "center" => Alignment::Center,
                    "right" | "end" => Alignment::Right,
                    _ => Alignment::Left,
                };
            }
            "w:ind" => {
                let is_set = |it: &str| it.parse::<u32>().is_ok_and(|it| it > 0);
                paragraph.is_indented = is_set(&value("w:firstLineChars")) || is_set(&value("w:firstLine"));
            }
            "w:sz" if paragraph.half_points.is_none() => paragraph.half_points = value("w:val").parse().ok(),
            "w:color" => {
                let colour = value("w:val").to_ascii_uppercase();
                paragraph.is_red |= colour.starts_with("E6") || colour.starts_with("FF0000");
            }
            "w:pBdr" => paragraph.is_ruled = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "mc:Fallback" => self.fallback_depth = self.fallback_depth.saturating_sub(1),
            "w:t" => self.in_text = false,
            "w:p" => {
                if let Some(it) = self.paragraph.take() {
                    self.add(it);
                }
            }
            "w:tbl" => {
                self.table_depth = self.table_depth.saturating_sub(1);
                if self.table_depth == 0
                    && let Some(it) = self.table.take()
                {
                    self.blocks.push(Block::Table(it));
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, paragraph: Paragraph) {
        match self.table.as_mut() {
            None => self.blocks.push(Block::Paragraph(paragraph)),
            Some(rows) => {
                if let Some(cell) = rows.last_mut().and_then(|it| it.last_mut()) {
                    cell.push(paragraph);
                }
            }
        }
    }
}
