//! A filled letter drawn in a page, for reading before it is issued.

use crate::documents::filler::text::{self, Alignment, Block, Paragraph};

/// A paragraph as the page draws it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Its classes.
    pub class: String,
    pub text: String,
}

/// A part of the letter.
#[derive(Debug, Clone)]
pub enum Part {
    /// A paragraph.
    Line(Line),
    /// A table: rows of cells of paragraphs.
    Table(Vec<Vec<Vec<Line>>>),
}

/// Letters of this size and larger are a title, in half points.
const TITLE: u32 = 40;

fn line(it: &Paragraph) -> Line {
    let mut class = String::new();
    let mut add = |is_so: bool, name: &str| {
        if is_so {
            class.push(' ');
            class.push_str(name);
        }
    };
    let is_title = it.half_points.is_some_and(|it| it >= TITLE);
    add(it.is_red, "paper-head");
    add(is_title && !it.is_red, "letter-title");
    add(it.alignment == Alignment::Right, "right");
    add(it.alignment == Alignment::Center, "center");
    add(!it.is_indented, "flush");
    Line { class: class.trim_start().to_owned(), text: it.text.clone() }
}

/// The parts of a filled letter; or why it cannot be read.
pub fn parts(docx: &[u8]) -> Result<Vec<Part>, String> {
    let blocks = text::blocks(docx).map_err(|it| it.explain())?;
    let parts = blocks.iter().map(|it| match it {
        Block::Paragraph(it) => Part::Line(line(it)),
        Block::Table(rows) => {
            let cell = |it: &Vec<Paragraph>| it.iter().map(line).collect();
            Part::Table(rows.iter().map(|row| row.iter().map(cell).collect()).collect())
        }
    });
    Ok(parts.collect())
}
