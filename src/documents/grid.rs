//! A statutory table as cells with spans, before it is drawn in any format.
//!
//! Every format draws the same [`Grid`], so a web page and a printed file cannot disagree. A grid
//! knows nothing of pixels, fonts or files; it does know which cells are sums of which, so that a
//! workbook can carry real formulas, and which case list proves a number, so that a page can link it.

use rust_decimal::Decimal;

/// What is printed where a figure has not been entered. A blank could be mistaken for zero.
pub const NOT_ENTERED: &str = "未填报";

/// A rectangle of a table; rows and columns count from 0, from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The first row.
    pub row: u16,
    /// The first column.
    pub column: u16,
    /// How many rows.
    pub n_rows: u16,
    /// How many columns.
    pub n_columns: u16,
}

impl Area {
    /// A rectangle of this size at this place.
    pub fn new(row: u16, column: u16, n_rows: u16, n_columns: u16) -> Self {
        Self { row, column, n_rows, n_columns }
    }

    /// A single place.
    pub fn cell(row: u16, column: u16) -> Self {
        Self::new(row, column, 1, 1)
    }

    /// The last row inside.
    pub fn last_row(self) -> u16 {
        self.row + self.n_rows - 1
    }

    /// The last column inside.
    pub fn last_column(self) -> u16 {
        self.column + self.n_columns - 1
    }

    /// Whether the place lies inside.
    pub fn contains(self, row: u16, column: u16) -> bool {
        (self.row..=self.last_row()).contains(&row) && (self.column..=self.last_column()).contains(&column)
    }
}

/// The number in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Counted from cases.
    Count(u64),
    /// Entered by the office, with the decimals it was entered with.
    Exact(Decimal),
    /// To be entered, and not entered yet.
    NotEntered,
}

impl Number {
    /// The number as printed.
    pub fn text(self) -> String {
        match self {
            Self::Count(n) => n.to_string(),
            Self::Exact(n) => n.to_string(),
            Self::NotEntered => NOT_ENTERED.to_owned(),
        }
    }

    /// The number itself, where there is one.
    pub fn exact(self) -> Option<Decimal> {
        match self {
            Self::Count(n) => Some(Decimal::from(n)),
            Self::Exact(n) => Some(n),
            Self::NotEntered => None,
        }
    }
}

/// A number with what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The number.
    pub number: Number,
    /// The cells it is the sum of by the form; none where it is not a sum.
    pub sum_of: Option<Area>,
    /// The name of the cell, such as `granted/natural_person`, where a list of cases stands behind it.
    pub code: Option<String>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The heading of columns, or of a block.
    Head(&'static str),
    /// The label of a row.
    Label(&'static str),
    /// A number.
    Figure(Figure),
}

/// What a cell is for: what a format chooses its looks by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The heading of columns, or of a block.
    Head,
    /// The label of a row.
    Label,
    /// A number.
    Number,
    /// A number that is a sum of others.
    Total,
}

/// A cell, which may span rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The places it covers.
    pub area: Area,
    /// What it holds.
    pub content: Content,
}

impl Cell {
    /// What it is for.
    pub fn kind(&self) -> Kind {
        match &self.content {
            Content::Head(_) => Kind::Head,
            Content::Label(_) => Kind::Label,
            Content::Figure(Figure { sum_of: Some(_), .. }) => Kind::Total,
            Content::Figure(_) => Kind::Number,
        }
    }

    /// The text as printed.
    pub fn text(&self) -> String {
        match &self.content {
            Content::Head(text) | Content::Label(text) => (*text).to_owned(),
            Content::Figure(figure) => figure.number.text(),
        }
    }

    /// The number, where it holds one.
    pub fn figure(&self) -> Option<&Figure> {
        match &self.content {
            Content::Figure(figure) => Some(figure),
            Content::Head(_) | Content::Label(_) => None,
        }
    }

    /// Whether its number is still to be entered.
    pub fn is_missing(&self) -> bool {
        self.figure().is_some_and(|it| it.number == Number::NotEntered)
    }
}

/// The rows of an identity that must hold in every column of numbers: what came is what went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// The rows of one side.
    pub came: [u16; 2],
    /// The rows of the other side.
    pub gone: [u16; 2],
    /// The columns of numbers: the first and the last.
    pub columns: (u16, u16),
}

/// A statutory table, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Its short name: `表三`.
    pub name: &'static str,
    /// The official heading of the section it is the table of.
    pub heading: &'static str,
    /// The unit of all its numbers, where they share one.
    pub unit: Option<&'static str>,
    /// How many rows at the top are headings, to be repeated on every page.
    pub n_head_rows: u16,
    /// The first row of each group of rows below the headings.
    pub bodies: Vec<u16>,
    /// How many rows.
    pub n_rows: u16,
    /// Relative widths of the columns.
    pub widths: Vec<u16>,
    /// The cells. Every place is covered by exactly one of them.
    pub cells: Vec<Cell>,
    /// The identity of the table, to be shown as a row of its own where formulas are possible.
    pub balance: Option<Balance>,
}

impl Grid {
    /// How many columns.
    pub fn n_columns(&self) -> u16 {
        count(self.widths.len())
    }

    /// Whether the table fills most of a printed page, and so begins on a new one.
    pub fn is_long(&self) -> bool {
        20 < self.n_rows
    }

    /// The cell that covers a place.
    pub fn at(&self, row: u16, column: u16) -> Option<&Cell> {
        self.cells.iter().find(|it| it.area.contains(row, column))
    }

    /// The cells that begin in a row, from left to right.
    pub fn starting_in(&self, row: u16) -> Vec<&Cell> {
        let mut cells: Vec<_> = self.cells.iter().filter(|it| it.area.row == row).collect();
        cells.sort_by_key(|it| it.area.column);
        cells
    }

    /// The part of the table's width that a cell takes, between 0 and 1.
    pub fn share_of(&self, area: Area) -> f64 {
        let wide: u16 = self.widths.iter().skip(area.column.into()).take(area.n_columns.into()).sum();
        f64::from(wide) / f64::from(self.widths.iter().sum::<u16>())
    }

    /// The exact sum of the numbers in a rectangle; numbers not entered add nothing.
    pub fn sum(&self, area: Area) -> Decimal {
        let inside = self.cells.iter().filter(|it| area.contains(it.area.row, it.area.column));
        inside.filter_map(|it| it.figure()?.number.exact()).sum()
    }

    /// How many numbers are still to be entered.
    pub fn n_missing(&self) -> usize {
        self.cells.iter().filter(|it| it.is_missing()).count()
    }

    /// Adds a heading.
    pub(super) fn head(&mut self, area: Area, text: &'static str) {
        self.cells.push(Cell { area, content: Content::Head(text) });
    }

    /// Adds the label of rows.
    pub(super) fn label(&mut self, area: Area, text: &'static str) {
        self.cells.push(Cell { area, content: Content::Label(text) });
    }

    /// Adds a number.
    pub(super) fn figure(&mut self, area: Area, figure: Figure) {
        self.cells.push(Cell { area, content: Content::Figure(figure) });
    }
}

/// A number of rows or columns as the type places are counted in.
pub(super) fn count(n: usize) -> u16 {
    u16::try_from(n).expect("tables of the form have some dozens of rows and columns")
}
