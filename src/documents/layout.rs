//! The three tables of the annual report laid out as grids, by walking the form.
//!
//! No row, label or block is written here a second time: a change of the form is a change of
//! [`Form`] and nothing else. Only the fixed words over the columns are kept here.

use crate::documents::grid::{Area, Balance, Figure, Grid, Number, count};
use crate::domain::applicant::{ApplicantKind, N_KINDS};
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyKind;
use crate::domain::report::forms::{
    CARRIED_IN, CARRIED_OUT, EnteredRow, Fill, Form, NEW, OUTCOMES_HEADING, RemedyColumn, Row, TABLE3_CORNER,
    TOTAL,
};
use crate::domain::report::statistics::placement;
use crate::domain::report::statistics::report::Report;
use crate::domain::report::statistics::table2::Table2;
use crate::domain::report::statistics::tables::{N_RESULTS, Table3, Table4};

/// The heading, and the code, of the last column of tables 3 and 4.
pub const TOTAL_COLUMN: (&str, &str) = ("total", "总计");

/// The code of a column of table 3, from 0 to 6.
pub fn applicant_column(column: usize) -> (&'static str, &'static str) {
    ApplicantKind::ALL.get(column).map_or(TOTAL_COLUMN, |it| (it.code(), it.label()))
}

/// The code and label of a column of a group of table 4, from 0 to 4.
pub fn result_column(column: usize) -> (&'static str, &'static str) {
    RemedyColumn::ALL.get(column).map_or(TOTAL_COLUMN, |it| (it.code(), it.label()))
}

/// The three tables, in the order of the report.
pub fn grids(report: &Report) -> [Grid; 3] {
    [
        table2(&report.table2, report.form),
        table3(&report.table3),
        table4(&report.table4, report.form.sections[3]),
    ]
}

/// The heading over the labels of a block of table 2.
const SUBJECT: &str = "信息内容";
/// Widths of the labels and of the numbers of table 2; the latter divides by any number of columns a
/// form has.
const TABLE2_WIDTHS: (u16, u16) = (28, 72);

/// Table 2: the blocks of the form one under the other.
///
/// Blocks have different numbers of columns. The grid has as many as divide evenly among all of them.
pub fn table2(table: &Table2, form: &'static Form) -> Grid {
    let n_parts = form.table2.iter().map(|it| count(it.columns.len())).fold(1, least_common_multiple);
    let mut widths = vec![TABLE2_WIDTHS.0];
    widths.resize(usize::from(n_parts) + 1, TABLE2_WIDTHS.1 / n_parts);
    let mut grid = Grid {
        name: "表二",
        heading: form.sections[1],
        unit: None,
        n_head_rows: 0,
        bodies: Vec::new(),
        n_rows: 0,
        widths,
        cells: Vec::new(),
        balance: None,
    };
    let mut at = 0;
    for block in form.table2 {
        let n_wide = n_parts / count(block.columns.len());
        grid.bodies.push(at);
        grid.head(Area::new(at, 0, 1, n_parts + 1), block.heading);
        grid.head(Area::cell(at + 1, 0), SUBJECT);
        for (column, label) in block.columns.iter().enumerate() {
            grid.head(Area::new(at + 1, 1 + count(column) * n_wide, 1, n_wide), label);
        }
        at += 2;
        for row in block.rows {
            grid.label(Area::cell(at, 0), row.label);
            for (column, number) in entered(table, row).into_iter().enumerate() {
                let area = Area::new(at, 1 + count(column) * n_wide, 1, n_wide);
                grid.figure(area, Figure { number, sum_of: None, code: None });
            }
            at += 1;
        }
    }
    grid.n_rows = at;
    grid
}

/// The numbers of a row of table 2; a row the table does not have has not been entered.
fn entered(table: &Table2, row: &EnteredRow) -> Vec<Number> {
    match table.row(row.code) {
        Some(line) => line.cells.iter().map(|it| it.map_or(Number::NotEntered, Number::Exact)).collect(),
        None => vec![Number::NotEntered; row.cells.len()],
    }
}

fn least_common_multiple(a: u16, b: u16) -> u16 {
    let (mut divisor, mut rest) = (a, b);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    a / divisor * b
}

/// The rows of headings of tables 3 and 4.
const N_HEAD_ROWS: u16 = 3;
/// The columns of labels of table 3.
const N_LABELS: u16 = 3;

/// Table 3: three rows of headings over seven columns of numbers, three columns of labels.
pub fn table3(table: &Table3) -> Grid {
    let form = table.form;
    let row_at = |code: &str| N_HEAD_ROWS + count(form.row_index(code).expect("codes are those of the form"));
    let last_column = N_LABELS + count(N_KINDS);
    let mut grid = Grid {
        name: "表三",
        heading: form.sections[2],
        unit: Some("件"),
        n_head_rows: N_HEAD_ROWS,
        bodies: vec![N_HEAD_ROWS],
        n_rows: N_HEAD_ROWS + count(form.table3.len()),
        widths: vec![8, 13, 30, 7, 7, 7, 7, 7, 7, 7],
        cells: Vec::new(),
        balance: Some(Balance {
            came: [row_at(NEW), row_at(CARRIED_IN)],
            gone: [row_at(TOTAL), row_at(CARRIED_OUT)],
            columns: (N_LABELS, last_column),
        }),
    };
    head_of_table3(&mut grid);
    labels_of_table3(&mut grid, form.table3);

    let first_outcome = form.table3.iter().position(|it| matches!(it.fills, Fill::Closed(_)));
    let first_outcome = N_HEAD_ROWS + count(first_outcome.expect("every form counts outcomes"));
    for ((row, line), at) in table.rows().zip(N_HEAD_ROWS..) {
        for (column, n) in line.iter().enumerate() {
            let kind = ApplicantKind::ALL.get(column).copied();
            let place = N_LABELS + count(column);
            let sum_of = match (kind, row.fills) {
                (None, _) => Some(Area::new(at, N_LABELS, 1, count(N_KINDS))),
                (Some(_), Fill::Total) => Some(Area::new(first_outcome, place, at - first_outcome, 1)),
                (Some(_), _) => None,
            };
            let code = Some(placement::Cell::Cases(row, kind).code());
            grid.figure(Area::cell(at, place), Figure { number: Number::Count(*n), sum_of, code });
        }
    }
    grid
}

/// The headings of table 3: 自然人 stands alone, the other kinds stand under 法人或其他组织.
fn head_of_table3(grid: &mut Grid) {
    let n_organizations = count(N_KINDS) - 1;
    let total = N_LABELS + count(N_KINDS);
    grid.head(Area::new(0, 0, N_HEAD_ROWS, N_LABELS), TABLE3_CORNER);
    grid.head(Area::new(0, N_LABELS, 1, count(N_KINDS) + 1), "申请人情况");
    grid.head(Area::new(1, N_LABELS, 2, 1), ApplicantKind::NaturalPerson.label());
    grid.head(Area::new(1, N_LABELS + 1, 1, n_organizations), "法人或其他组织");
    grid.head(Area::new(1, total, 2, 1), TOTAL_COLUMN.1);
    for kind in ApplicantKind::ALL.iter().filter(|it| **it != ApplicantKind::NaturalPerson) {
        grid.head(Area::cell(2, N_LABELS + count(kind.column())), kind.label());
    }
}

fn labels_of_table3(grid: &mut Grid, rows: &'static [Row]) {
    let is_outcome = |row: &Row| matches!(row.fills, Fill::Closed(_) | Fill::Total);
    let mut at = N_HEAD_ROWS;
    for part in rows.chunk_by(|a, b| is_outcome(a) == is_outcome(b)) {
        if part.first().is_some_and(is_outcome) {
            grid.label(Area::new(at, 0, count(part.len()), 1), OUTCOMES_HEADING);
            for group in part.chunk_by(|a, b| a.group.is_some() && a.group == b.group) {
                label_group(grid, at, group);
                at += count(group.len());
            }
        } else {
            for row in part {
                grid.label(Area::new(at, 0, 1, N_LABELS), row.label);
                at += 1;
            }
        }
    }
}

/// The labels of rows under one heading, or of a row that has none.
fn label_group(grid: &mut Grid, at: u16, group: &'static [Row]) {
    if let Some(heading) = group.first().and_then(|it| it.group) {
        grid.label(Area::new(at, 1, count(group.len()), 1), heading);
    }
    for (row, at) in group.iter().zip(at..) {
        match row.group {
            Some(_) => grid.label(Area::cell(at, 2), row.label),
            None => grid.label(Area::new(at, 1, 1, 2), row.label),
        }
    }
}

/// Table 4: three rows of headings over one row of three times five numbers.
pub fn table4(table: &Table4, heading: &'static str) -> Grid {
    let n_results = count(N_RESULTS);
    let n_groups = count(RemedyKind::ALL.len());
    let mut grid = Grid {
        name: "表四",
        heading,
        unit: Some("件"),
        n_head_rows: N_HEAD_ROWS,
        bodies: vec![N_HEAD_ROWS],
        n_rows: N_HEAD_ROWS + 1,
        widths: vec![1; usize::from(n_groups * n_results)],
        cells: Vec::new(),
        balance: None,
    };
    grid.head(Area::new(0, n_results, 1, (n_groups - 1) * n_results), "行政诉讼");
    for (kind, group) in RemedyKind::ALL.iter().zip(0..) {
        let first = group * n_results;
        // Suits have a level of headings more than reconsiderations, whose last one is higher instead.
        let is_suit = *kind != RemedyKind::Reconsideration;
        grid.head(Area::new(u16::from(is_suit), first, 1, n_results), kind.label());
        for (column, n) in table.group(*kind).iter().enumerate() {
            let place = first + count(column);
            let head = if is_suit { Area::cell(2, place) } else { Area::new(1, place, N_HEAD_ROWS - 1, 1) };
            grid.head(head, result_column(column).1);
            let column = RemedyColumn::ALL.get(column).copied();
            let sum_of = match column {
                None => Some(Area::new(N_HEAD_ROWS, first, 1, n_results - 1)),
                Some(_) => None,
            };
            let code = Some(placement::Cell::Remedies(*kind, column).code());
            let figure = Figure { number: Number::Count(*n), sum_of, code };
            grid.figure(Area::cell(N_HEAD_ROWS, place), figure);
        }
    }
    grid
}
