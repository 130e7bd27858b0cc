//! The tables as HTML: a fragment for the pages of this program, and a whole page to save or print.

use askama::Template;
use quick_xml::escape::escape;

use crate::documents::grid::{Area, Cell, Grid, Kind};
use crate::documents::layout::grids;
use crate::documents::{DocumentError, Front, checks_summary, rollup_line, severity_label};
use crate::domain::report::statistics::report::Report;

/// A whole page that needs nothing else: styles inside, no scripts, ready to be printed on A4.
#[derive(Template)]
#[template(path = "documents/report.html")]
struct Page<'a> {
    front: Front,
    issued_by: &'a str,
    sections: Vec<Section>,
    rollup: Option<String>,
    checks_summary: String,
    broken: Vec<CheckLine<'a>>,
    held: Vec<CheckLine<'a>>,
}

struct Section {
    heading: &'static str,
    name: &'static str,
    table: String,
    n_missing: usize,
    /// Long enough to need a printed page to itself.
    is_long: bool,
    /// Too wide for a small screen, and so to be scrolled there.
    is_wide: bool,
}

struct CheckLine<'a> {
    severity: &'static str,
    detail: &'a str,
}

/// A table of this many columns cannot be read on a small screen without scrolling.
const WIDE: u16 = 10;

/// Writes the page.
///
/// # Errors
/// [`DocumentError::BeforeYear`], where the report stands as of a day before its year.
pub fn render(report: &Report) -> Result<Vec<u8>, DocumentError> {
    let section = |grid: &Grid| Section {
        heading: grid.heading,
        name: grid.name,
        table: table(grid, None),
        n_missing: grid.n_missing(),
        is_long: grid.is_long(),
        is_wide: WIDE <= grid.n_columns(),
    };
    let lines = |holds: bool| {
        let checks = report.checks.iter().filter(|it| it.holds == holds);
        checks.map(|it| CheckLine { severity: severity_label(it.severity), detail: &it.detail }).collect()
    };
    let page = Page {
        front: Front::of(report)?,
        issued_by: report.form.issued_by,
        sections: grids(report).iter().map(section).collect(),
        rollup: rollup_line(report),
        checks_summary: checks_summary(report),
        broken: lines(false),
        held: lines(true),
    };
    Ok(page.render()?.into_bytes())
}

/// A table as a fragment: `<table class="statutory">` with a caption, column widths, headings that
/// name what they head, and spans as in the form.
///
/// With a link prefix, every number that a list of cases stands behind becomes a link to the prefix
/// followed by the name of the cell: `/reports/2022/` leads to `/reports/2022/granted/natural_person`.
pub fn table(grid: &Grid, link_prefix: Option<&str>) -> String {
    let caption = match grid.unit {
        Some(unit) => format!("{}（单位：{unit}）", grid.name),
        None => grid.name.to_owned(),
    };
    let mut out = format!("<table class=\"statutory\">\n<caption>{}</caption>\n<colgroup>", escape(&caption));
    for column in 0..grid.n_columns() {
        let share = grid.share_of(Area::cell(0, column)) * 100.0;
        out += &format!("<col style=\"width: {share:.2}%\" />");
    }
    out += "</colgroup>\n";
    let mut group = "";
    for row in 0..grid.n_rows {
        let opens = if row < grid.n_head_rows { "thead" } else { "tbody" };
        if (row == 0 && opens == "thead") || grid.bodies.contains(&row) {
            close(&mut out, group);
            out += &format!("<{opens}>\n");
            group = opens;
        }
        out += "<tr>";
        for cell in grid.starting_in(row) {
            out += &draw(cell, grid, link_prefix);
        }
        out += "</tr>\n";
    }
    close(&mut out, group);
    out + "</table>\n"
}

fn close(out: &mut String, group: &str) {
    if !group.is_empty() {
        *out += &format!("</{group}>\n");
    }
}

/// A cell. What a heading heads is said by `scope`: a block's heading all rows of its group, a label
/// the rows it spans, any other heading the columns it spans.
fn draw(cell: &Cell, grid: &Grid, link_prefix: Option<&str>) -> String {
    let is_block_head = grid.bodies.contains(&cell.area.row) && cell.area.n_columns == grid.n_columns();
    let (tag, attributes) = match cell.kind() {
        Kind::Head if is_block_head => ("th", " scope=\"rowgroup\" class=\"block\""),
        Kind::Head => ("th", " scope=\"col\""),
        Kind::Label => ("th", " scope=\"row\""),
        Kind::Number if cell.is_missing() => ("td", " class=\"missing\""),
        Kind::Number => ("td", ""),
        Kind::Total => ("td", " class=\"total\""),
    };
    let span = |name: &str, n: u16| if n == 1 { String::new() } else { format!(" {name}=\"{n}\"") };
    let spans = span("rowspan", cell.area.n_rows) + &span("colspan", cell.area.n_columns);
    let text = cell.text();
    let text = escape(&text);
    let content = match (link_prefix, cell.figure().and_then(|it| it.code.as_deref())) {
        (Some(prefix), Some(code)) => format!("<a href=\"{}{}\">{text}</a>", escape(prefix), escape(code)),
        _ => text.into_owned(),
    };
    format!("<{tag}{attributes}{spans}>{content}</{tag}>")
}
