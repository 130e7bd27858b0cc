//! A statutory table as a page shows it: the same grid as every file, with every number a link, last
//! year's difference beside it, and the cells of broken identities marked.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::documents::grid::{Area, Cell, Content, Grid, Kind, Number};
use crate::domain::report::forms::TABLE3_CORNER;
use crate::web::view::words::escaped;

/// How a table is to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Looks<'a> {
    /// The address before the name of a cell.
    pub prefix: &'a str,
    /// The address after it.
    pub suffix: &'a str,
    /// The same table of last year.
    pub before: Option<&'a Grid>,
    /// The names of cells to be marked.
    pub broken: &'a BTreeSet<String>,
}

/// Draws a table.
pub fn draw(grid: &Grid, looks: &Looks<'_>) -> String {
    let compare = if looks.before.is_some() { " statutory-compare" } else { "" };
    let unit = grid.unit.map(|it| format!("（单位：{it}）")).unwrap_or_default();
    let mut out = format!(
        "<table class=\"statutory{compare}\"><caption class=\"vh\">{}{unit}</caption>",
        escaped(grid.heading)
    );
    let mut group = "";
    for row in 0..grid.n_rows {
        let opens = if row < grid.n_head_rows { "thead" } else { "tbody" };
        if (row == 0 && opens == "thead") || grid.bodies.contains(&row) {
            if !group.is_empty() {
                out += &format!("</{group}>");
            }
            out += &format!("<{opens}>");
            group = opens;
        }
        // A row whose first number is a sum over rows is the row of the total.
        let numbers: Vec<_> = grid.starting_in(row).into_iter().filter(|it| it.figure().is_some()).collect();
        let is_sum = 1 < numbers.len() && numbers.iter().all(|it| it.kind() == Kind::Total);
        out += if is_sum { "<tr class=\"sum\">" } else { "<tr>" };
        for cell in grid.starting_in(row) {
            out += &cell_html(cell, grid, looks);
        }
        out += "</tr>";
    }
    if !group.is_empty() {
        out += &format!("</{group}>");
    }
    out + "</table>"
}

fn cell_html(cell: &Cell, grid: &Grid, looks: &Looks<'_>) -> String {
    let Area { row, n_rows, n_columns, column } = cell.area;
    let span = |name: &str, n: u16| if n == 1 { String::new() } else { format!(" {name}=\"{n}\"") };
    let spans = span("rowspan", n_rows) + &span("colspan", n_columns);
    match &cell.content {
        Content::Head(text) => {
            let is_block = grid.bodies.contains(&row) && n_columns == grid.n_columns();
            let attributes = match (is_block, *text == TABLE3_CORNER, 1 < n_columns) {
                (true, ..) => " scope=\"rowgroup\" class=\"block\"",
                (_, true, _) => " class=\"corner\"",
                (.., true) => " scope=\"colgroup\"",
                _ => " scope=\"col\"",
            };
            format!("<th{attributes}{spans}>{}</th>", escaped(text))
        }
        Content::Label(text) => {
            let attributes = match (1 < n_rows, column) {
                (true, 0) => " scope=\"rowgroup\" class=\"side-head\"",
                (true, _) => " scope=\"rowgroup\" class=\"group\"",
                (false, _) => " scope=\"row\"",
            };
            format!("<th{attributes}{spans}>{}</th>", escaped(text))
        }
        Content::Figure(figure) => {
            let code = figure.code.as_deref();
            let mut classes = Vec::new();
            if cell.kind() == Kind::Total {
                classes.push("total");
            }
            if cell.is_missing() {
                classes.push("missing");
            }
            if code.is_some_and(|it| looks.broken.contains(it)) {
                classes.push("cell-broken");
            }
            let class =
                if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) };
            let delta = looks.before.and_then(|it| delta(cell, grid, it)).unwrap_or_default();
            let delta = match (looks.before.is_some(), delta.is_empty()) {
                (false, _) => String::new(),
                (true, true) => "<span class=\"delta\"></span>".to_owned(),
                (true, false) => {
                    format!("<span class=\"delta\"><span class=\"vh\">，比上年</span>{delta}</span>")
                }
            };
            let number = escaped(&cell.text());
            let zero = if figure.number == Number::Count(0) { " class=\"zero\"" } else { "" };
            let content = match code {
                Some(code) => format!(
                    "<a href=\"{}{}{}\" data-sheet{zero}>{number}{delta}</a>",
                    escaped(looks.prefix),
                    escaped(code),
                    escaped(looks.suffix)
                ),
                None => format!("<span>{number}{delta}</span>"),
            };
            format!("<td{class}{spans}>{content}</td>")
        }
    }
}

/// The difference from last year: `+3`, `−2`, or nothing where there is none or no such cell.
fn delta(cell: &Cell, grid: &Grid, before: &Grid) -> Option<String> {
    let now = cell.figure()?.number.exact()?;
    let last = match &cell.figure()?.code {
        Some(code) => {
            before.cells.iter().find(|it| it.figure().is_some_and(|it| it.code.as_deref() == Some(code)))?
        }
        // Figures of table 2 have no names; the same place of the same form is the same figure.
        None if before.n_rows == grid.n_rows && before.widths == grid.widths => {
            before.at(cell.area.row, cell.area.column)?
        }
        None => return None,
    };
    let difference = now - last.figure()?.number.exact()?;
    match difference.cmp(&Decimal::ZERO) {
        std::cmp::Ordering::Greater => Some(format!("+{difference}")),
        std::cmp::Ordering::Less => Some(format!("−{}", difference.abs())),
        std::cmp::Ordering::Equal => None,
    }
}
