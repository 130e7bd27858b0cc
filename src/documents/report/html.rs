//! The whole report as a page that stands by itself, to be put on the website.

use askama::Template;

use crate::documents::html::table;
use crate::documents::report::{
    agency, dated_words, draft_words, fee_grid, heading, is_fee_table, table_of, title,
};
use crate::documents::{DocumentError, printable};
use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::ParagraphKind;
use crate::domain::report::text::whole::WholeReport;

/// A paragraph, or a table among them.
enum Block {
    Text(String),
    Heading(String),
    Table(String),
}

struct Section {
    /// Empty over what stands before the first section.
    heading: &'static str,
    blocks: Vec<Block>,
}

#[derive(Template)]
#[template(path = "documents/report_whole.html")]
struct Page {
    agency: String,
    title: String,
    draft: String,
    sections: Vec<Section>,
    dated: String,
}

fn blocks(whole: &WholeReport, part: Part) -> Vec<Block> {
    let mut blocks: Vec<_> = whole
        .narrative
        .part(part)
        .iter()
        .map(|it| match it.kind {
            _ if is_fee_table(it) => Block::Table(table(&fee_grid(&whole.fees), None)),
            ParagraphKind::Heading => Block::Heading(printable(&it.text())),
            _ => Block::Text(printable(&it.text())),
        })
        .collect();
    blocks.extend(table_of(whole, part).map(|it| Block::Table(table(&it, None))));
    blocks
}

/// Writes the page.
///
/// # Errors
/// [`DocumentError::Html`] where the page cannot be written.
pub fn render(whole: &WholeReport) -> Result<Vec<u8>, DocumentError> {
    let page = Page {
        agency: agency(whole),
        title: title(whole),
        draft: draft_words(whole),
        sections: Part::ALL
            .iter()
            .map(|it| Section {
                heading: it.number().map_or("", |_| heading(whole, *it)),
                blocks: blocks(whole, *it),
            })
            .collect(),
        dated: dated_words(whole),
    };
    Ok(page.render()?.into_bytes())
}
