//! The report as pages show it: figures marked with the name they come from, and what is missing.

use std::collections::BTreeSet;

use crate::documents::layout::grids;
use crate::documents::report::fee_grid;
use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::{Paragraph, ParagraphKind, Piece};
use crate::domain::report::text::whole::WholeReport;
use crate::web::pages::report::tables::table;
use crate::web::pages::report::tables::table::Looks;
use crate::web::view::words::escaped;

/// A paragraph, drawn.
pub struct Drawn {
    /// `text`, `heading` or `table`.
    pub kind: &'static str,
    pub html: String,
}

/// A part of the report, drawn.
pub struct DrawnPart {
    pub code: &'static str,
    /// The official heading; empty over what stands before the first section.
    pub heading: &'static str,
    /// What is edited: 前言, 总体情况.
    pub name: &'static str,
    pub paragraphs: Vec<Drawn>,
    /// Its table; empty where it has none.
    pub table: String,
    /// Where the wording comes from, in words.
    pub origin: String,
}

/// The paragraphs of a part.
pub fn paragraphs(whole: &WholeReport, paragraphs: &[Paragraph]) -> Vec<Drawn> {
    let piece = |it: &Piece| match it {
        Piece::Text(text) => escaped(text),
        Piece::Figure { text, from } => {
            format!("<span class=\"fig\" title=\"{}\">{}</span>", escaped(from), escaped(text))
        }
        Piece::Missing { from, why } => format!(
            "<mark class=\"lack\" title=\"{}\">缺：{}</mark>",
            escaped(why),
            escaped(from.trim_matches(['{', '}', '｛', '｝']))
        ),
    };
    let drawn = |it: &Paragraph| match it.kind {
        ParagraphKind::FeeTable => {
            Drawn { kind: "table", html: table::draw(&fee_grid(&whole.fees), &plain(&BTreeSet::new())) }
        }
        ParagraphKind::Heading => Drawn { kind: "heading", html: it.pieces.iter().map(piece).collect() },
        ParagraphKind::Body => Drawn { kind: "text", html: it.pieces.iter().map(piece).collect() },
    };
    paragraphs.iter().map(drawn).collect()
}

/// Without links and last year's figures.
fn plain(broken: &BTreeSet<String>) -> Looks<'_> {
    Looks { prefix: "", suffix: "", before: None, broken }
}

/// Every part, with its table. `prefix` and `suffix` make the links behind the numbers.
pub fn parts(whole: &WholeReport, prefix: &str, suffix: &str) -> Vec<DrawnPart> {
    let [table2, table3, table4] = grids(&whole.report);
    let broken = crate::web::pages::report::tables::identities::broken_cells(&whole.report.checks);
    let looks = Looks { prefix, suffix, before: None, broken: &broken };
    let part = |it: &Part| {
        let grid = match it {
            Part::Proactive => Some(&table2),
            Part::Applications => Some(&table3),
            Part::Remedies => Some(&table4),
            _ => None,
        };
        DrawnPart {
            code: it.code(),
            heading: it.number().map_or("", |_| it.heading(whole.report.form)),
            name: it.label(),
            paragraphs: paragraphs(whole, whole.narrative.part(*it)),
            table: grid.map(|it| table::draw(it, &looks)).unwrap_or_default(),
            origin: match whole.wordings.get(it) {
                Some(it) if it.body.is_empty() => "没有文字，只有附表".to_owned(),
                Some(it) => origin(&it.origin),
                None => String::new(),
            },
        }
    };
    Part::ALL.iter().map(part).collect()
}

/// Where a wording comes from, in words.
pub fn origin(origin: &crate::domain::report::text::whole::Origin) -> String {
    use crate::domain::report::text::whole::Origin;
    match origin {
        Origin::BuiltIn => "系统自带的表述，请按本机关的实际改写".to_owned(),
        Origin::EarlierYear(year) => format!("沿用{year}年度报告的表述，请核对"),
        Origin::Written { author, at } => {
            let day = crate::domain::wording::day(crate::service::beijing_day(*at));
            format!("{author}，{day}")
        }
    }
}
