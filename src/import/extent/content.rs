//! The content of an ods workbook: rows and cells, each with the number of times it is repeated.

use std::io::{BufReader, Read};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::import::extent::{Memory, too_large};
use crate::import::problems::FileError;

/// Where the parser stops repeating.
const MAX_ROWS: u64 = 1_048_576;
const MAX_COLUMNS: u64 = 16_384;

const CELLS: [&str; 2] = ["table:table-cell", "table:covered-table-cell"];

/// Refuses content whose tables would take too much memory.
///
/// Content that is no good XML is looked at up to there: the parser gets no farther.
pub(super) fn check(content: impl Read, max_unpacked: u64) -> Result<(), FileError> {
    let mut limited = content.take(max_unpacked);
    let mut reader = Reader::from_reader(BufReader::new(&mut limited));
    let config = reader.config_mut();
    config.check_end_names = false;
    config.expand_empty_elements = true;
    let mut tables = Tables::default();
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(it)) => tables.start(&it)?,
            Ok(Event::End(it)) => tables.end(it.name().into_inner())?,
            Ok(Event::Text(it)) => tables.text(it.len()),
            Ok(Event::GeneralRef(it)) => tables.text(it.len()),
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    drop(reader);
    if limited.limit() == 0 { Err(too_large()) } else { Ok(()) }
}

/// Where the walk stands.
#[derive(Default)]
struct Tables {
    memory: Memory,
    table: Option<Table>,
    row: Option<Row>,
    cell: Option<Cell>,
}

#[derive(Default)]
struct Table {
    /// Rows up to the last with something in it.
    n_rows: u64,
    /// Empty rows since.
    n_empty: u64,
    /// Rows in all, as the parser counts them.
    n_all: u64,
    width: u64,
}

#[derive(Default)]
struct Row {
    repeats: u64,
    /// Cells up to the last with something in it.
    width: u64,
    /// Cells up to the last.
    n_cells: u64,
    /// Empty cells at the end, which the parser leaves out.
    n_empty: u64,
    n_bytes: u64,
}

struct Cell {
    /// How the element is called, for the end of it.
    name: String,
    repeats: u64,
    is_empty: bool,
    /// Whether its text is its value.
    is_text: bool,
    /// Elements of the same name within it.
    depth: u32,
    in_annotation: bool,
    n_bytes: u64,
}

impl Tables {
    fn start(&mut self, it: &BytesStart<'_>) -> Result<(), FileError> {
        let name = it.name().into_inner();
        if let Some(cell) = &mut self.cell {
            match name {
                "office:annotation" => cell.in_annotation = true,
                "text:s" => cell.n_bytes = cell.n_bytes.saturating_add(count(it, "text:c")),
                _ if name == cell.name => cell.depth += 1,
                _ => {}
            }
            // So much text is refused before it comes to its end.
            return self.check_text();
        }
        if self.row.is_some() && CELLS.contains(&name) {
            self.cell = Some(Cell::begin(it));
        } else if self.table.is_some() && name == "table:table-row" {
            self.row = Some(Row { repeats: count(it, "table:number-rows-repeated"), ..Row::default() });
        } else if self.table.is_none() && name == "table:table" {
            self.table = Some(Table::default());
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), FileError> {
        if let Some(cell) = &mut self.cell {
            match name {
                "office:annotation" => cell.in_annotation = false,
                _ if cell.is_text && CELLS.contains(&name) && !cell.in_annotation => self.end_cell()?,
                _ if cell.is_text || name != cell.name => {}
                _ if cell.depth == 0 => self.end_cell()?,
                _ => cell.depth -= 1,
            }
            return Ok(());
        }
        match name {
            "table:table-row" => self.end_row(),
            "table:table" => {
                self.row = None;
                self.table = None;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn text(&mut self, len: usize) {
        if let Some(cell) = &mut self.cell {
            cell.n_bytes = cell.n_bytes.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        }
    }

    fn check_text(&self) -> Result<(), FileError> {
        let n_bytes = self.cell.as_ref().map_or(0, |it| it.n_bytes);
        Memory(self.memory.0).add(0, n_bytes)
    }

    fn end_cell(&mut self) -> Result<(), FileError> {
        let (Some(cell), Some(row)) = (self.cell.take(), &mut self.row) else { return Ok(()) };
        let before = row.n_cells;
        row.n_cells = row.n_cells.saturating_add(row.n_empty).min(MAX_COLUMNS);
        let repeats = cell.repeats.min(MAX_COLUMNS - row.n_cells);
        row.n_empty = 0;
        if cell.is_empty {
            row.n_empty = repeats;
            return self.memory.add(row.n_cells - before, 0);
        }
        row.n_cells += repeats;
        row.width = row.n_cells;
        let n_bytes = cell.n_bytes.saturating_mul(repeats);
        row.n_bytes = row.n_bytes.saturating_add(n_bytes);
        self.memory.add(row.n_cells - before, n_bytes)
    }

    fn end_row(&mut self) -> Result<(), FileError> {
        let (Some(row), Some(table)) = (self.row.take(), &mut self.table) else { return Ok(()) };
        let repeats = row.repeats.min(MAX_ROWS.saturating_sub(table.n_all));
        table.n_all += repeats;
        if row.width == 0 {
            table.n_empty += repeats;
            return Ok(());
        }
        // Where the first row with something in it lies does not matter: what is above takes no room.
        let n_new = if table.n_rows == 0 { repeats } else { table.n_empty + repeats };
        let before = table.n_rows.saturating_mul(table.width);
        table.n_rows += n_new;
        table.n_empty = 0;
        table.width = table.width.max(row.width);
        let after = table.n_rows.saturating_mul(table.width);
        self.memory.add(after - before, row.n_bytes.saturating_mul(repeats))
    }
}

impl Cell {
    fn begin(it: &BytesStart<'_>) -> Self {
        let mut cell = Self {
            name: it.name().into_inner().to_owned(),
            repeats: count(it, "table:number-columns-repeated"),
            is_empty: true,
            is_text: false,
            depth: 0,
            in_annotation: false,
            n_bytes: 0,
        };
        // The text stands in the element, unless an attribute gives it; that of an error may do both.
        let (mut has_value, mut is_error, mut is_blank) = (false, false, false);
        for attribute in it.attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            if key.starts_with("office:") || key == "table:formula" {
                cell.is_empty = false;
                let len = u64::try_from(attribute.value.len()).unwrap_or(u64::MAX);
                cell.n_bytes = cell.n_bytes.saturating_add(len);
            }
            match key {
                "office:value-type" => cell.is_text = attribute.value == "string",
                "calcext:value-type" => is_error = attribute.value == "error",
                "office:value" | "office:date-value" | "office:time-value" | "office:boolean-value" => {
                    has_value = true;
                }
                "office:string-value" => {
                    is_blank = !has_value && attribute.value.is_empty();
                    has_value = true;
                }
                _ => {}
            }
        }
        cell.is_text = (cell.is_text && !has_value) || (is_error && is_blank);
        cell
    }
}

/// How many times something is repeated; once where it does not say.
fn count(it: &BytesStart<'_>, name: &str) -> u64 {
    let attribute = it.try_get_attribute(name).ok().flatten();
    let value = attribute.and_then(|it| it.normalized_value(XmlVersion::Implicit1_0).ok());
    value.and_then(|it| it.trim().parse().ok()).unwrap_or(1)
}
