//! The tables as a Word document, written directly as WordprocessingML.
//!
//! What no library offered is a single attribute here: heading rows that repeat on every page, rows that
//! do not break, headings that stay with their table. Fonts are named as offices have them; the file
//! carries none. It is the skeleton of the report to publish: title, the three headings, the three tables.

use quick_xml::escape::escape;

use crate::documents::grid::{Area, Cell, Grid, Kind};
use crate::documents::layout::grids;
use crate::documents::{DocumentError, Front, checks_summary, severity_label};
use crate::domain::report::statistics::report::Report;

pub(super) mod package;

/// The width of the text on the page, in twentieths of a point: A4 less the margins of `sectPr`.
const TEXT_WIDTH: u16 = 8844;

const NAMESPACES: &str = concat!(
    r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" "#,
    r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#
);

/// Page and margins of official papers (GB/T 9704-2012).
const SECTION: &str = concat!(
    r#"<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/>"#,
    r#"<w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="1400" w:gutter="0"/>"#,
    r#"</w:sectPr>"#
);

/// Writes the document.
///
/// # Errors
/// [`DocumentError::Zip`] and [`DocumentError::Io`] where the file cannot be packed;
/// [`DocumentError::BeforeYear`].
pub fn render(report: &Report) -> Result<Vec<u8>, DocumentError> {
    let front = Front::of(report)?;
    package::pack(&document(report, &front), &front)
}

/// `word/document.xml`.
fn document(report: &Report, front: &Front) -> String {
    let mut out = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document {NAMESPACES}><w:body>"#
    );
    out += &paragraph("ReportTitle", &front.agency);
    out += &paragraph("ReportTitle", &front.title);
    for line in front.lines() {
        out += &paragraph("ReportFacts", line);
    }
    let broken: Vec<_> = report.checks.iter().filter(|it| !it.holds).collect();
    if !broken.is_empty() {
        out += &paragraph("Notice", &checks_summary(report));
        for check in broken {
            out += &paragraph("Notice", &format!("〔{}〕{}", severity_label(check.severity), check.detail));
        }
    }
    for grid in grids(report) {
        out += &paragraph(
            if grid.is_long() { "SectionHeadingOnNewPage" } else { "SectionHeading" },
            grid.heading,
        );
        out += &table(&grid, STYLED);
    }
    // A table must be followed by a paragraph.
    out += r#"<w:p><w:pPr><w:pStyle w:val="TableText"/></w:pPr></w:p>"#;
    out + SECTION + "</w:body></w:document>"
}

/// A paragraph of one style. The hint makes quotation marks Chinese, which Unicode shares with Latin.
fn paragraph(style: &str, text: &str) -> String {
    let run = run(text);
    format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>"#)
}

fn run(text: &str) -> String {
    let text = escape(text);
    format!(
        r#"<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#
    )
}

/// How a table is to be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looks {
    /// The width, in twentieths of a point.
    pub(super) width: u16,
    /// Whether the looks of its text are said in every cell: a document that is not ours has other styles.
    pub(super) is_direct: bool,
}

/// In our own document.
const STYLED: Looks = Looks { width: TEXT_WIDTH, is_direct: false };

/// The table, as WordprocessingML.
pub(super) fn table(grid: &Grid, looks: Looks) -> String {
    let border = |side: &str| format!(r#"<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>"#);
    let borders = ["top", "left", "bottom", "right", "insideH", "insideV"].map(border).concat();
    let mut out = format!(
        concat!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:jc w:val="center"/>"#,
            r#"<w:tblBorders>{}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>"#,
            r#"<w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>"#,
            r#"<w:bottom w:w="20" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#
        ),
        looks.width, borders
    );
    for column in 0..grid.n_columns() {
        out += &format!(r#"<w:gridCol w:w="{:.0}"/>"#, width(grid, Area::cell(0, column), looks));
    }
    out += "</w:tblGrid>";
    for row in 0..grid.n_rows {
        let header = if row < grid.n_head_rows { "<w:tblHeader/>" } else { "" };
        out += &format!(
            r#"<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="340" w:hRule="atLeast"/>{header}</w:trPr>"#
        );
        let mut column = 0;
        while let Some(cell) = grid.at(row, column) {
            out += &draw(grid, cell, row, looks);
            column = cell.area.last_column() + 1;
        }
        out += "</w:tr>";
    }
    out + "</w:tbl>"
}

/// A width in twentieths of a point.
fn width(grid: &Grid, area: Area, looks: Looks) -> f64 {
    grid.share_of(area) * f64::from(looks.width)
}

/// A cell in one of the rows it covers; its text stands in the first.
fn draw(grid: &Grid, cell: &Cell, row: u16, looks: Looks) -> String {
    let area = cell.area;
    let mut properties = format!(r#"<w:tcW w:w="{:.0}" w:type="dxa"/>"#, width(grid, area, looks));
    if area.n_columns != 1 {
        properties += &format!(r#"<w:gridSpan w:val="{}"/>"#, area.n_columns);
    }
    if area.n_rows != 1 {
        properties += if area.row == row { r#"<w:vMerge w:val="restart"/>"# } else { "<w:vMerge/>" };
    }
    let style = match cell.kind() {
        Kind::Label => "TableLabel",
        Kind::Number if cell.is_missing() => "TableMissing",
        Kind::Head | Kind::Number | Kind::Total => "TableText",
    };
    let runs = match (area.row == row, looks.is_direct) {
        (false, _) => String::new(),
        (true, false) => run(&cell.text()),
        (true, true) => direct_run(&cell.text(), cell.is_missing()),
    };
    // Rows of the headings and the first one below stay together, so that no page ends with a heading.
    // A short table stays on one page as a whole.
    let is_kept = row < grid.n_head_rows.max(1) || (!grid.is_long() && row + 1 < grid.n_rows);
    let keep = if is_kept { "<w:keepNext/>" } else { "" };
    let paragraph = match looks.is_direct {
        false => format!(r#"<w:pStyle w:val="{style}"/>{keep}"#),
        true => {
            let place = if cell.kind() == Kind::Label { "left" } else { "center" };
            format!(
                concat!(
                    r#"{}<w:snapToGrid w:val="0"/><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="exact"/>"#,
                    r#"<w:ind w:left="0" w:right="0" w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="{}"/>"#
                ),
                keep, place
            )
        }
    };
    format!(
        r#"<w:tc><w:tcPr>{properties}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{paragraph}</w:pPr>{runs}</w:p></w:tc>"#
    )
}

/// A run that says its own looks: 小五号宋体, in red where a figure is missing.
fn direct_run(text: &str, is_missing: bool) -> String {
    let text = escape(text);
    let colour = if is_missing { r#"<w:color w:val="C00000"/>"# } else { "" };
    format!(
        concat!(
            r#"<w:r><w:rPr><w:rFonts w:hint="eastAsia" w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="宋体"/>"#,
            r#"<w:b w:val="0"/>{}<w:sz w:val="18"/><w:szCs w:val="18"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#
        ),
        colour, text
    )
}
