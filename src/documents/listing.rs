//! A plain list as CSV and as a workbook: one heading line, and lines of text under it.
//!
//! Both are written as the lines come, so that a long list takes no more memory than a short one.

use rust_xlsxwriter::{Format, Workbook};

use crate::documents::{DocumentError, printable};

/// Excel takes the first line's width for the column's; contents are longer than most.
const WIDTHS: &[(&str, f64)] = &[("申请内容", 60.0), ("申请人", 24.0), ("机关", 28.0), ("办理结果", 24.0)];
const USUAL_WIDTH: f64 = 14.0;

/// A text that a spreadsheet would take for a formula is marked as a text: what an applicant writes must
/// not be run on the desk of the reader.
fn harmless(text: &str) -> String {
    let text = printable(text);
    if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text }
}

fn csv_of<T: AsRef<str>>(start: &str, lines: &[Vec<T>]) -> Result<Vec<u8>, DocumentError> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start.as_bytes().to_vec());
    for line in lines {
        writer.write_record(line.iter().map(|it| harmless(it.as_ref())))?;
    }
    Ok(writer.into_inner().map_err(|it| it.into_error())?)
}

/// The beginning of a CSV file: the mark that tells Excel it is UTF-8, and the headings.
///
/// # Errors
/// Where the library refuses to write.
pub fn csv_start(headings: &[&str]) -> Result<Vec<u8>, DocumentError> {
    csv_of("\u{feff}", &[headings.to_vec()])
}

/// Lines of a CSV file.
///
/// # Errors
/// Where the library refuses to write.
pub fn csv_lines(lines: &[Vec<String>]) -> Result<Vec<u8>, DocumentError> {
    csv_of("", lines)
}

/// A workbook in the making, of one sheet.
pub struct Listing {
    workbook: Workbook,
    n_rows: u32,
}

impl Listing {
    /// A sheet with its headings, which stay in sight.
    ///
    /// # Errors
    /// Where the library refuses to write.
    pub fn new(name: &str, headings: &[&str]) -> Result<Self, DocumentError> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(name)?;
        for (column, heading) in (0..).zip(headings) {
            let width = WIDTHS.iter().find(|(it, _)| it == heading).map_or(USUAL_WIDTH, |(_, width)| *width);
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, *heading, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { workbook, n_rows: 1 })
    }

    /// Adds lines.
    ///
    /// # Errors
    /// Where the library refuses to write.
    pub fn write(&mut self, lines: &[Vec<String>]) -> Result<(), DocumentError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for line in lines {
            for (column, text) in (0..).zip(line) {
                // Texts of a workbook are texts; nothing in them is run.
                sheet.write_string(self.n_rows, column, printable(text))?;
            }
            self.n_rows += 1;
        }
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// Where the library refuses to write.
    pub fn finish(mut self) -> Result<Vec<u8>, DocumentError> {
        Ok(self.workbook.save_to_buffer()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_texts() {
        let line = vec!["=1+1".to_owned(), "征收\n补偿".to_owned(), "a,\"b\"".to_owned()];
        let text = String::from_utf8(csv_lines(&[line]).unwrap()).unwrap();
        assert_eq!(text, "'=1+1,征收补偿,\"a,\"\"b\"\"\"\r\n");
    }

    #[test]
    fn a_workbook_is_packed() {
        let mut listing = Listing::new("申请", &["登记号", "申请内容"]).unwrap();
        listing.write(&[vec!["2026-0001".to_owned(), "=1+1".to_owned()]]).unwrap();
        assert!(listing.finish().unwrap().starts_with(b"PK"));
    }
}
