//! The annual report as a whole: the text with its tables, as a document and as a page for the website.
//!
//! The document is a template that an office may replace by its own ([`docx::built_in`] is the one it
//! starts from); the tables are drawn by this program into the places the template has for them.

pub mod docx;
pub mod html;

use crate::documents::filler::FillError;
use crate::documents::grid::{Area, Figure, Grid, Number};
use crate::documents::layout::grids;
use crate::documents::{DocumentError, printable};
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::{Paragraph, ParagraphKind};
use crate::domain::report::text::derived::FeeSums;
use crate::domain::report::text::whole::WholeReport;
use crate::domain::wording;

/// Why a whole report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WholeError {
    /// The office's document cannot be filled.
    #[error(transparent)]
    Template(#[from] FillError),
    /// The office's document has no place for a table.
    #[error("模板里没有 {{{{ {0} }}}}：请在应当放这张表的地方单独起一段，写上 {{{{ {0} }}}}")]
    NoPlace(&'static str),
    /// The report could not be drawn.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// `2022年政府信息公开工作年度报告`.
fn title(whole: &WholeReport) -> String {
    super::title(&whole.report)
}

/// The name to save it under, without its end.
pub fn file_stem(whole: &WholeReport) -> String {
    super::file_stem(&whole.report)
}

/// The agency as printed.
fn agency(whole: &WholeReport) -> String {
    printable(&whole.report.agency.name)
}

/// What is said over a report that is not complete; nothing over one that is.
fn draft_words(whole: &WholeReport) -> String {
    if whole.narrative.is_complete() {
        return String::new();
    }
    "草稿：标有【缺】的内容和没有填报的数字尚未填齐，或者有数字互相矛盾，不能报送、公布。".to_owned()
}

/// The day it bears, or the blank official papers leave for it.
fn dated_words(whole: &WholeReport) -> String {
    whole.dated.map_or_else(|| "　　年　　月　　日".to_owned(), wording::day)
}

/// The table that stands in a section.
fn table_of(whole: &WholeReport, part: Part) -> Option<Grid> {
    let index = match part {
        Part::Proactive => 0,
        Part::Applications => 1,
        Part::Remedies => 2,
        _ => return None,
    };
    grids(&whole.report).into_iter().nth(index)
}

/// The official heading of a section.
fn heading(whole: &WholeReport, part: Part) -> &'static str {
    part.heading(whole.report.form)
}

/// The table of the information processing fee.
pub fn fee_grid(fees: &FeeSums) -> Grid {
    let mut grid = Grid {
        name: "信息处理费收取情况",
        heading: "依申请公开信息处理费收取情况",
        unit: None,
        n_head_rows: 2,
        bodies: vec![2],
        n_rows: 3,
        widths: vec![1; 4],
        cells: Vec::new(),
        balance: None,
    };
    grid.head(Area::new(0, 0, 1, 2), "发出收费通知");
    grid.head(Area::new(0, 2, 1, 2), "实际收取");
    let amount = |it: Option<rust_decimal::Decimal>| it.map_or(Number::NotEntered, Number::Exact);
    let numbers = [
        ("件数（件）", Number::Count(fees.n_notices)),
        ("总金额（元）", amount(fees.noticed)),
        ("件数（件）", Number::Count(fees.n_payments)),
        ("总金额（元）", amount(fees.paid)),
    ];
    for (column, (head, number)) in (0..).zip(numbers) {
        grid.head(Area::cell(1, column), head);
        grid.figure(Area::cell(2, column), Figure { number, sum_of: None, code: None });
    }
    grid
}

/// Whether a paragraph is the place of the table of the fee.
fn is_fee_table(paragraph: &Paragraph) -> bool {
    paragraph.kind == ParagraphKind::FeeTable
}
