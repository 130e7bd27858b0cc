//! Finding the row, or the two rows, that name the columns, and which column holds what.
//!
//! Titles and units may stand above, notes below, columns in any order. Merged cells are not asked
//! for, because text files and some workbooks have none: the deeper name counts, and a name that is
//! merged over several columns is carried to the right to tell 补正／收到日期 from 收到日期.

use std::collections::HashMap;

use crate::domain::normal;
use crate::import::problems::{FileError, KnownColumn, UnknownColumn, column_letters, shortened};
use crate::import::row::{Cell, Row};

/// How far down the header is looked for.
pub(crate) const SEARCHED_ROWS: usize = 30;

/// What is known of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ColumnRule {
    /// The official heading.
    pub name: &'static str,
    /// Other headings that mean the same.
    pub synonyms: &'static [&'static str],
    /// Headings that mean it only where no column has a proper one; such a column is then unknown.
    pub fallbacks: &'static [&'static str],
    /// Whether a register without it cannot be read.
    pub is_required: bool,
    /// Whether its values identify or reach a person.
    pub is_private: bool,
}

/// A set of columns a register may have.
pub(crate) trait Column: Copy + Eq + std::fmt::Debug + 'static {
    /// All of them, in the official order.
    const ALL: &'static [Self];

    /// What is known of this one.
    fn rule(self) -> ColumnRule;
}

/// A column of a file that is known.
#[derive(Debug, Clone)]
pub(crate) struct Known<C> {
    pub column: C,
    /// Its place, from 0.
    pub at: u32,
    /// Its heading as the file has it.
    pub header: String,
}

/// The header of a file.
#[derive(Debug, Clone)]
pub(crate) struct Header<C> {
    /// The row of the sheet that holds the deeper names, from 1.
    pub row: u32,
    /// The known columns.
    pub known: Vec<Known<C>>,
    /// The other columns that have a heading, each with its place and heading.
    pub unknown: Vec<(u32, String)>,
    /// The places of running numbers.
    pub ignored: Vec<u32>,
}

/// Headings of running numbers, which are neither known nor worth keeping.
const IGNORED: &[&str] = &["序号", "序", "行号", "no"];

/// How sure a heading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Proper,
    Fallback,
}

/// One column of a possible header: where, the heading, and what it may mean.
type Heading<C> = (u32, String, Option<(C, Strength)>);

/// A row, or two, that may be the header.
struct Candidate<C> {
    /// How many columns it names, and whether it is one row only.
    worth: (usize, bool),
    row: u32,
    headings: Vec<Heading<C>>,
}

impl<C: Column> Header<C> {
    /// Finds the header among the first rows of a sheet: the row that, alone or with the one below,
    /// names the most columns.
    ///
    /// # Errors
    /// [`FileError::NoHeader`], [`FileError::MissingColumns`] and [`FileError::DuplicateColumn`].
    pub fn find(rows: &[Row]) -> Result<Self, FileError> {
        let meanings = meanings();
        let mut best: Option<Candidate<C>> = None;
        for (i, row) in rows.iter().enumerate() {
            let single = Some((true, row.number, headings(None, row, &meanings)));
            let below = rows.get(i + 1).filter(|it| it.number == row.number + 1);
            let double = below.map(|it| (false, it.number, headings(Some(row), it, &meanings)));
            for (is_single, number, found) in [single, double].into_iter().flatten() {
                // Where a second row names nothing more it is a title above or a record below.
                let worth = (count_known(&found), is_single);
                if best.as_ref().is_none_or(|it| it.worth < worth) {
                    best = Some(Candidate { worth, row: number, headings: found });
                }
            }
        }
        match best {
            Some(it) if it.worth.0 >= 2 => Self::new(it.row, it.headings),
            _ => Err(no_header::<C>(rows)),
        }
    }

    fn new(row: u32, headings: Vec<Heading<C>>) -> Result<Self, FileError> {
        let mut header = Self { row, known: Vec::new(), unknown: Vec::new(), ignored: Vec::new() };
        for column in C::ALL {
            let means = |strength| {
                headings.iter().filter(move |it| it.2 == Some((*column, strength))).collect::<Vec<_>>()
            };
            let mut candidates = means(Strength::Proper);
            if candidates.is_empty() {
                candidates = means(Strength::Fallback);
            }
            match candidates[..] {
                [] => {}
                [(at, text, _)] => {
                    header.known.push(Known { column: *column, at: *at, header: text.clone() });
                }
                _ => {
                    return Err(FileError::DuplicateColumn {
                        row,
                        name: column.rule().name,
                        found: candidates.iter().map(|it| place(it.0, &it.1)).collect(),
                    });
                }
            }
        }
        for (at, text, _) in &headings {
            if header.known.iter().any(|it| it.at == *at) {
                continue;
            }
            if IGNORED.contains(&normal::key(text).as_str()) {
                header.ignored.push(*at);
            } else {
                header.unknown.push((*at, text.clone()));
            }
        }
        let is_missing =
            |it: &&C| it.rule().is_required && header.known.iter().all(|known| known.column != **it);
        let missing: Vec<_> = C::ALL.iter().filter(is_missing).map(|it| it.rule().name).collect();
        if missing.is_empty() {
            return Ok(header);
        }
        let found = headings.iter().map(|it| place(it.0, &it.1)).collect();
        Err(FileError::MissingColumns { row, missing, found })
    }

    /// The known columns, for people.
    pub fn known_columns(&self) -> Vec<KnownColumn> {
        let known = |it: &Known<C>| KnownColumn {
            name: it.column.rule().name,
            column: column_letters(it.at),
            header: it.header.clone(),
        };
        self.known.iter().map(known).collect()
    }

    /// The unknown columns, for the report.
    pub fn unknown_columns(&self) -> Vec<UnknownColumn> {
        self.unknown
            .iter()
            .map(|(at, header)| UnknownColumn { column: column_letters(*at), header: header.clone() })
            .collect()
    }

    /// Whether a row says the same as the header: at least two known columns hold their own heading.
    pub fn is_repeated_by(&self, row: &Row) -> bool {
        let repeats = |it: &&Known<C>| {
            row.cells.iter().any(|(at, cell)| {
                *at == it.at && matches!(cell, Cell::Text(text) if normal::line(text) == it.header)
            })
        };
        self.known.iter().filter(repeats).count() >= 2
    }
}

fn place(at: u32, text: &str) -> String {
    format!("{}列“{text}”", column_letters(at))
}

fn count_known<C: Column>(headings: &[Heading<C>]) -> usize {
    C::ALL.iter().filter(|column| headings.iter().any(|it| it.2.is_some_and(|it| it.0 == **column))).count()
}

/// The headings of a row, each read together with the one above it where there is one.
fn headings<C: Column>(above: Option<&Row>, row: &Row, meanings: &Meanings<C>) -> Vec<Heading<C>> {
    let meaning = |heading: &str| meaning(heading, meanings);
    let text_at = |row: &Row, at: u32| {
        row.cells.iter().find(|it| it.0 == at).map(|it| cell_text(&it.1)).filter(|it| !it.is_empty())
    };
    let mut columns: Vec<u32> =
        row.cells.iter().chain(above.iter().flat_map(|it| &it.cells)).map(|it| it.0).collect();
    columns.sort_unstable();
    columns.dedup();
    let mut carried = String::new();
    let mut out = Vec::with_capacity(columns.len());
    for at in columns {
        let upper = above.and_then(|it| text_at(it, at));
        let lower = text_at(row, at);
        if let Some(upper) = &upper {
            carried.clone_from(upper);
        }
        let heading = match (upper, lower) {
            (_, Some(lower)) => {
                // A lower cell without a meaning takes the upper one's away: were it kept, a header
                // together with the first record below it would name as much as the header alone.
                let found = meaning(&format!("{carried}{lower}")).or_else(|| meaning(&lower));
                (at, lower, found)
            }
            (Some(upper), None) => {
                let found = meaning(&upper);
                (at, upper, found)
            }
            (None, None) => continue,
        };
        out.push(heading);
    }
    out
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => normal::line(text),
        Cell::Number(_) | Cell::Date(_) | Cell::Error(_) => String::new(),
    }
}

/// What each heading means, by its key.
type Meanings<C> = HashMap<String, (C, Strength)>;

fn meanings<C: Column>() -> Meanings<C> {
    let mut out = HashMap::new();
    for column in C::ALL {
        let rule = column.rule();
        for heading in rule.synonyms.iter().chain([&rule.name]) {
            out.insert(normal::key(heading), (*column, Strength::Proper));
        }
        for heading in rule.fallbacks {
            out.insert(normal::key(heading), (*column, Strength::Fallback));
        }
    }
    out
}

/// What a heading means, with or without what it adds in brackets: 延期工作日（天）, *登记号.
fn meaning<C: Column>(heading: &str, meanings: &Meanings<C>) -> Option<(C, Strength)> {
    let outside = || {
        let outside: String = heading.chars().map(normal::narrow).take_while(|it| *it != '(').collect();
        meanings.get(&normal::key(&outside))
    };
    meanings.get(&normal::key(heading)).or_else(outside).copied()
}

fn no_header<C: Column>(rows: &[Row]) -> FileError {
    let nearest = rows.iter().max_by_key(|it| it.cells.len());
    let texts = |row: &Row| {
        let filled = row.cells.iter().map(|it| cell_text(&it.1)).filter(|it| !it.is_empty());
        filled.map(|it| shortened(&it, 20)).take(30).collect()
    };
    FileError::NoHeader {
        searched: SEARCHED_ROWS,
        wanted: C::ALL.iter().map(|it| it.rule()).filter(|it| it.is_required).map(|it| it.name).collect(),
        found: nearest.map(|it| (it.number, texts(it))),
    }
}
