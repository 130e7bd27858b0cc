//! Row heights for wrapped labels.
//!
//! Neither Excel nor LibreOffice fits a row to its text when merged cells lie in it, so heights are said.

use crate::documents::grid::{Cell, Grid};

/// The height of a line of text, in points.
const LINE: f64 = 13.5;
/// The space above and below the text of a row, in points.
const PADDING: f64 = 4.0;
/// The lowest row, in points.
const LOWEST: f64 = 18.0;
/// What the borders, the indent and the space beside the text take of a cell's width, in characters.
const MARGIN: f64 = 2.0;

/// The height of each row of a table, in points.
pub(super) fn of(grid: &Grid) -> Vec<f64> {
    let mut heights = vec![LOWEST; grid.n_rows.into()];
    let mut cells: Vec<&Cell> = grid.cells.iter().collect();
    // Cells of one row first, so that one of several rows only adds what is still wanting.
    cells.sort_by_key(|it| it.area.n_rows);
    for cell in cells {
        let rows = usize::from(cell.area.row)..=usize::from(cell.area.last_row());
        let wanting = height_of(cell, grid) - heights[rows.clone()].iter().sum::<f64>();
        if 0.0 < wanting {
            let share = wanting / f64::from(cell.area.n_rows);
            heights[rows].iter_mut().for_each(|it| *it += share);
        }
    }
    heights
}

fn height_of(cell: &Cell, grid: &Grid) -> f64 {
    let room = super::width_of(grid, cell.area) - MARGIN;
    (width(&cell.text()) / room).ceil().max(1.0) * LINE + PADDING
}

/// The width of a text, in characters of the width of a digit; Chinese ones take two.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(|it| if it.is_ascii() { 1.0 } else { 2.0 }).sum()
}

/// The height of a row that holds one text in a column of this width, in points.
pub(super) fn of_text(text: &str, column_width: f64) -> f64 {
    ((width(text) / (column_width - MARGIN)).ceil().max(1.0) * LINE + PADDING).max(LOWEST)
}
