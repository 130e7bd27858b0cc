//! The tables as a workbook: a sheet per table, with the merged headings of the form.
//!
//! Totals are real `SUM` formulas with their results stored, so that a viewer that does not calculate
//! shows them too, and 表三 ends with a row of the form's identity, which must be 0. A total that is not
//! the sum of its cells is written as the number it is, in red: a formula would silently mend it.

use rust_decimal::Decimal;
use rust_xlsxwriter::utility::{cell_range, row_col_to_cell};
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, DocProperties, Format, Formula, Workbook, Worksheet,
    XlsxError,
};

use crate::documents::grid::{Area, Balance, Cell, Content, Figure, Grid, Number};
use crate::documents::layout::grids;
use crate::documents::{DocumentError, Front};
use crate::domain::report::statistics::report::Report;

mod checks;
mod heights;
mod styles;

use styles::Styles;

/// The rows above a table: the heading of the section, then agency and period.
const N_TITLE_ROWS: u32 = 2;

/// Widths of a sheet's columns together, in characters: what fills an A4 page on its side at full size.
const SHEET_WIDTH: f64 = 138.0;

/// A4, in the numbering of the file format.
const A4: u8 = 9;

/// Writes the workbook.
///
/// # Errors
/// [`DocumentError::Xlsx`] where the library refuses; [`DocumentError::BeforeYear`].
pub fn render(report: &Report) -> Result<Vec<u8>, DocumentError> {
    let front = Front::of(report)?;
    let mut workbook = Workbook::new();
    let properties = DocProperties::new().set_title(&front.title).set_author(&front.agency);
    workbook.set_properties(&properties);
    let styles = Styles::new();
    for grid in grids(report) {
        let sheet = workbook.add_worksheet().set_name(grid.name)?;
        write_table(sheet, &grid, &front, &styles)?;
    }
    checks::write(workbook.add_worksheet(), report, &front, &styles)?;
    Ok(workbook.save_to_buffer()?)
}

/// The row of the sheet that a row of the table is written to.
fn sheet_row(row: u16) -> u32 {
    u32::from(row) + N_TITLE_ROWS
}

/// The width of a column of the sheet, or of several, in characters.
fn width_of(grid: &Grid, area: Area) -> f64 {
    grid.share_of(area) * SHEET_WIDTH
}

fn write_table(sheet: &mut Worksheet, grid: &Grid, front: &Front, styles: &Styles) -> Result<(), XlsxError> {
    for column in 0..grid.n_columns() {
        sheet.set_column_width(column, width_of(grid, Area::cell(0, column)))?;
    }
    let last_column = grid.n_columns() - 1;
    let unit = grid.unit.map(|it| format!("单位：{it}"));
    let under = std::iter::once(front.agency.as_str()).chain(front.lines()).chain(unit.as_deref());
    sheet.merge_range(0, 0, 0, last_column, grid.heading, &styles.title)?.set_row_height(0, 30)?;
    sheet.merge_range(1, 0, 1, last_column, &under.collect::<Vec<_>>().join("　"), &styles.under)?;
    sheet.set_row_height(1, 20)?;
    for (height, row) in heights::of(grid).into_iter().zip(0..) {
        sheet.set_row_height(sheet_row(row), height)?;
    }
    for cell in &grid.cells {
        write_cell(sheet, grid, cell, styles)?;
    }
    let mut last_row = sheet_row(grid.n_rows - 1);
    if let Some(balance) = grid.balance {
        last_row += 1;
        write_balance(sheet, grid, balance, styles)?;
    }
    set_up_page(sheet, last_row, last_column)?;
    if grid.n_head_rows != 0 {
        let n_label_columns = grid.balance.map_or(0, |it| it.columns.0);
        sheet.set_repeat_rows(0, sheet_row(grid.n_head_rows) - 1)?;
        sheet.set_freeze_panes(sheet_row(grid.n_head_rows), n_label_columns)?;
    }
    Ok(())
}

/// A4 on its side, a whole table on one page.
fn set_up_page(sheet: &mut Worksheet, last_row: u32, last_column: u16) -> Result<(), XlsxError> {
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 1)
        .set_print_center_horizontally(true)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C第 &P 页，共 &N 页")
        .set_print_area(0, 0, last_row, last_column)?;
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, grid: &Grid, cell: &Cell, styles: &Styles) -> Result<(), XlsxError> {
    let (row, column) = (sheet_row(cell.area.row), cell.area.column);
    let (last_row, last_column) = (sheet_row(cell.area.last_row()), cell.area.last_column());
    let format = styles.of(cell, grid);
    if (row, column) != (last_row, last_column) {
        // A merged range takes its text when it is merged; numbers are written over its first cell.
        let text = match &cell.content {
            Content::Head(text) | Content::Label(text) => text,
            Content::Figure(_) => "",
        };
        sheet.merge_range(row, column, last_row, last_column, text, &format)?;
    }
    match &cell.content {
        Content::Head(_) | Content::Label(_) if (row, column) != (last_row, last_column) => {}
        Content::Head(text) | Content::Label(text) => {
            sheet.write_string_with_format(row, column, *text, &format)?;
        }
        Content::Figure(figure) => write_figure(sheet, grid, (row, column), figure, &format)?,
    }
    Ok(())
}

fn write_figure(
    sheet: &mut Worksheet,
    grid: &Grid,
    (row, column): (u32, u16),
    figure: &Figure,
    format: &Format,
) -> Result<(), XlsxError> {
    match (figure.number, figure.sum_of) {
        (number, Some(area)) if number.exact() == Some(grid.sum(area)) => {
            let (first, last) = (sheet_row(area.row), sheet_row(area.last_row()));
            let range = cell_range(first, area.column, last, area.last_column());
            let formula = Formula::new(format!("=SUM({range})")).set_result(number.text());
            sheet.write_formula_with_format(row, column, formula, format)?;
        }
        (number, _) => match number.exact().and_then(as_stored) {
            Some(stored) => {
                sheet.write_number_with_format(row, column, stored, format)?;
            }
            None => {
                sheet.write_string_with_format(row, column, number.text(), format)?;
            }
        },
    }
    Ok(())
}

/// The number as a workbook stores it, or nothing where that would not be the same number: a workbook
/// keeps 15 digits.
fn as_stored(number: Decimal) -> Option<f64> {
    let stored: f64 = number.to_string().parse().ok()?;
    let digits = number.normalize().mantissa().unsigned_abs();
    (digits < 1_000_000_000_000_000 && stored.to_string().parse() == Ok(number)).then_some(stored)
}

/// The identity of the form under the table, column by column, with what is off in red.
fn write_balance(
    sheet: &mut Worksheet,
    grid: &Grid,
    balance: Balance,
    styles: &Styles,
) -> Result<(), XlsxError> {
    let row = sheet_row(grid.n_rows);
    let (first, last) = balance.columns;
    let label = "勾稽校验：第一项＋第二项－第三项总计－第四项，应为0";
    sheet.merge_range(row, 0, row, first - 1, label, &styles.label)?.set_row_height(row, 20)?;
    for column in first..=last {
        let cell = |row: u16| row_col_to_cell(sheet_row(row), column);
        let number = |row: u16| grid.sum(Area::cell(row, column));
        let ([a, b], [c, d]) = (balance.came, balance.gone);
        let formula = Formula::new(format!("={}+{}-{}-{}", cell(a), cell(b), cell(c), cell(d)));
        let result = number(a) + number(b) - number(c) - number(d);
        sheet.write_formula_with_format(
            row,
            column,
            formula.set_result(result.to_string()),
            &styles.total,
        )?;
    }
    let is_off = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::NotEqualTo(0))
        .set_format(styles.broken_rule());
    sheet.add_conditional_format(row, first, row, last, &is_off)?;
    Ok(())
}

/// Whether a total is the sum it should be by the form.
fn is_off(grid: &Grid, cell: &Cell) -> bool {
    cell.figure().is_some_and(|it| it.sum_of.is_some_and(|area| it.number.exact() != Some(grid.sum(area))))
}

/// How many decimals a number is shown with: those it was entered with.
fn decimals(number: Number) -> u32 {
    match number {
        Number::Exact(number) => number.scale(),
        Number::Count(_) | Number::NotEntered => 0,
    }
}
