//! Table 2: what an office enters, and how a figure is read.

use rust_decimal::Decimal;

use crate::domain::report::forms::{EnteredRow, Figure, Form};

/// A row of table 2 with what has been entered.
#[derive(Debug, Clone, PartialEq)]
pub struct EnteredLine {
    /// The row of the form.
    pub row: &'static EnteredRow,
    /// One figure per cell; none where nothing has been entered. Decimals as entered.
    pub cells: Vec<Option<Decimal>>,
}

impl PartialEq for EnteredRow {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// Table 2: figures an office enters, for no case record yields them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table2 {
    /// The rows of the form, in its order.
    pub lines: Vec<EnteredLine>,
}

impl Table2 {
    /// The table with nothing entered.
    pub fn empty(form: &'static Form) -> Self {
        let line = |row: &'static EnteredRow| EnteredLine { row, cells: vec![None; row.cells.len()] };
        Self { lines: form.entered_rows().map(line).collect() }
    }

    /// One line.
    pub fn row(&self, code: &str) -> Option<&EnteredLine> {
        self.lines.iter().find(|it| it.row.code == code)
    }

    /// One line, to enter figures in.
    pub fn row_mut(&mut self, code: &str) -> Option<&mut EnteredLine> {
        self.lines.iter_mut().find(|it| it.row.code == code)
    }

    /// The figures of a line, where all of them have been entered.
    pub fn counts(&self, code: &str) -> Option<Vec<Decimal>> {
        self.row(code)?.cells.iter().copied().collect()
    }

    /// Whether nothing at all has been entered.
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|it| it.cells.iter().all(Option::is_none))
    }

    /// Adds another unit's table, cell by cell; an unentered cell adds nothing.
    ///
    /// # Panics
    /// Where the other table is of another form.
    pub fn add(&mut self, other: &Self) {
        assert_eq!(self.lines.len(), other.lines.len(), "units of one report use one form");
        for (line, other) in self.lines.iter_mut().zip(&other.lines) {
            for (cell, more) in line.cells.iter_mut().zip(&other.cells) {
                *cell = match (*cell, *more) {
                    (Some(a), Some(b)) => Some(a + b),
                    (a, b) => a.or(b),
                };
            }
        }
    }
}

/// Why a figure cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// Not a number.
    #[error("“{0}”不是数字")]
    NotANumber(String),
    /// A count with decimals, or below zero.
    #[error("“{0}”不是件数：应为不小于零的整数")]
    NotACount(String),
    /// An amount below zero.
    #[error("“{0}”不是金额：应为不小于零的数，单位万元")]
    NotAnAmount(String),
    /// More digits than a sum over all units could keep.
    #[error("“{0}”位数过多：整数部分至多12位，小数部分至多10位")]
    TooLong(String),
}

impl Figure {
    /// Reads one figure of table 2. Amounts keep their decimals exactly, also in a sum over many units:
    /// a [`Decimal`] has 28 digits, and silently rounds what goes beyond.
    ///
    /// # Errors
    /// [`FigureError`] names the text and what was expected.
    pub fn parse(self, text: &str) -> Result<Decimal, FigureError> {
        let number: Decimal = text.trim().parse().map_err(|_| FigureError::NotANumber(text.to_owned()))?;
        if 10 < number.scale() || Decimal::from(1_000_000_000_000_u64) <= number.abs() {
            return Err(FigureError::TooLong(text.to_owned()));
        }
        match self {
            Self::Count if !number.fract().is_zero() || number.is_sign_negative() => {
                Err(FigureError::NotACount(text.to_owned()))
            }
            Self::Change if !number.fract().is_zero() => Err(FigureError::NotACount(text.to_owned())),
            Self::Amount if number.is_sign_negative() => Err(FigureError::NotAnAmount(text.to_owned())),
            Self::Count | Self::Change | Self::Amount => Ok(number),
        }
    }
}
