//! Text cut into records and fields, strict about quotation marks.
//!
//! A field that starts with `"` goes on to the next `"` that is not doubled, over delimiters and line ends. A
//! mark without its partner would swallow the rows below it, so nothing is read that a spreadsheet would not
//! have written: a mark that is never closed, one that is closed before the end of its field, and one whose
//! partner stands in another row, so that whole rows lie between them. A mark inside a field that does not
//! start with one is a letter like any other, as it is to spreadsheets.

use std::borrow::Cow;

use crate::import::problems::FileError;

/// A row of the sheet.
#[derive(Debug, PartialEq)]
pub(super) struct Record<'a> {
    /// Its number, from 1.
    pub row: u32,
    /// Its fields, from the left.
    pub fields: Vec<Cow<'a, str>>,
}

/// The records of a text, from the top down. Empty lines are rows too; line ends within a field are not.
#[derive(Debug)]
pub(super) struct Records<'a> {
    text: &'a str,
    delimiter: u8,
    /// Where the next record begins.
    at: usize,
    /// How many records were read.
    row: u32,
    /// The most fields of a record so far: as many as the table has columns.
    width: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
        Self { text, delimiter, at: 0, row: 0, width: 0 }
    }

    /// The next record; none at the end.
    ///
    /// # Errors
    /// A quotation mark without its partner.
    pub(super) fn next(&mut self) -> Result<Option<Record<'a>>, FileError> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        self.row = self.row.saturating_add(1);
        let begins = self.at;
        let mut fields = Vec::with_capacity(self.width);
        let mut spanning = None;
        loop {
            let column = u32::try_from(fields.len()).unwrap_or(u32::MAX);
            if self.byte() == Some(b'"') {
                let from = self.at;
                fields.push(self.quoted(column)?);
                let field = self.since(from);
                if lines(field).nth(1).is_some() {
                    if self.has_half_a_pair(field) {
                        return Err(FileError::QuoteOverRows { row: self.row, column });
                    }
                    spanning.get_or_insert(column);
                }
            } else {
                fields.push(self.plain());
            }
            if self.byte() != Some(self.delimiter) {
                break;
            }
            self.at += 1;
        }
        if let Some(column) = spanning.filter(|_| self.has_two_rows(self.since(begins))) {
            return Err(FileError::QuoteOverRows { row: self.row, column });
        }
        self.width = self.width.max(fields.len());
        let line_end = if self.text[self.at..].starts_with("\r\n") { 2 } else { 1 };
        self.at = self.text.len().min(self.at + line_end);
        Ok(Some(Record { row: self.row, fields }))
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn since(&self, from: usize) -> &'a str {
        &self.text[from..self.at]
    }

    /// Whether a field ends here.
    fn is_at_end(&self) -> bool {
        self.byte().is_none_or(|it| it == self.delimiter || matches!(it, b'\r' | b'\n'))
    }

    fn plain(&mut self) -> Cow<'a, str> {
        let from = self.at;
        while !self.is_at_end() {
            self.at += 1;
        }
        Cow::Borrowed(self.since(from))
    }

    fn quoted(&mut self, column: u32) -> Result<Cow<'a, str>, FileError> {
        let row = self.row;
        let from = self.at + 1;
        let mut until = from;
        let mut has_doubled = false;
        loop {
            let found = self.text[until..].find('"').ok_or(FileError::OpenQuote { row, column })?;
            until += found;
            if !self.text[until + 1..].starts_with('"') {
                break;
            }
            has_doubled = true;
            until += 2;
        }
        let content = &self.text[from..until];
        self.at = until + 1;
        // Blanks before the delimiter are harmless, and some programs write them.
        while !self.is_at_end() && self.byte() == Some(b' ') {
            self.at += 1;
        }
        if !self.is_at_end() {
            return Err(match lines(content).nth(1) {
                Some(_) => FileError::OpenQuote { row, column },
                None => FileError::TextAfterQuote { row, column },
            });
        }
        Ok(if has_doubled { Cow::Owned(content.replace("\"\"", "\"")) } else { Cow::Borrowed(content) })
    }

    /// Whether what was read as one record is several: two of its lines have as many delimiters as a row of
    /// this table.
    fn has_two_rows(&self, record: &str) -> bool {
        let n_fields = |line: &str| line.bytes().filter(|it| *it == self.delimiter).count() + 1;
        3 <= self.width && 1 < lines(record).filter(|it| n_fields(it) == self.width).count()
    }

    /// Whether the other mark of a pair was typed as `“` or `”`: it stands alone in the first or last line of
    /// the field, with a delimiter outside of what it was to enclose.
    fn has_half_a_pair(&self, field: &str) -> bool {
        let (first, last) =
            (lines(field).next().unwrap_or_default(), lines(field).last().unwrap_or_default());
        let is_outside = |it: &str| it.as_bytes().contains(&self.delimiter);
        let closed = first.split_once('”').filter(|(before, _)| !before.contains('“'));
        let opened = last.rsplit_once('“').filter(|(_, after)| !after.contains('”'));
        closed.is_some_and(|(_, after)| is_outside(after))
            || opened.is_some_and(|(before, _)| is_outside(before))
    }
}

/// The lines of a text, whatever ends them.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|it| it.strip_suffix('\r').unwrap_or(it).split('\r'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, Vec<String>)>, FileError> {
        let mut records = Records::new(text, b',');
        let mut found = Vec::new();
        while let Some(it) = records.next()? {
            found.push((it.row, it.fields.into_iter().map(Cow::into_owned).collect()));
        }
        Ok(found)
    }

    #[track_caller]
    fn rows(text: &str, expected: &[(u32, &[&str])]) {
        let expected: Vec<(u32, Vec<String>)> =
            expected.iter().map(|(row, it)| (*row, it.iter().map(|it| (*it).to_owned()).collect())).collect();
        assert_eq!(read(text), Ok(expected), "{text:?}");
    }

    #[track_caller]
    fn refused(text: &str, error: FileError) {
        for line_end in ["\n", "\r\n", "\r"] {
            let text = text.replace('\n', line_end);
            assert_eq!(read(&text), Err(error.clone()), "{text:?}");
        }
    }

    #[test]
    fn a_quoted_field_holds_delimiters_and_line_ends_and_doubled_marks() {
        rows("a,\"b,\"\"c\"\"\"\n\"\",\"\"\"\"", &[(1, &["a", "b,\"c\""]), (2, &["", "\""])]);
        rows("\"a\nb\r\nc\rd\",e\r\nf", &[(1, &["a\nb\r\nc\rd", "e"]), (2, &["f"])]);
        rows("\"a\" ,\"b\"", &[(1, &["a", "b"])]);
        rows("a,", &[(1, &["a", ""])]);
    }

    #[test]
    fn every_line_end_ends_a_row_and_empty_lines_are_rows() {
        for line_end in ["\n", "\r\n", "\r"] {
            rows(&["a", "", "b", ""].join(line_end), &[(1, &["a"]), (2, &[""]), (3, &["b"])]);
        }
    }

    #[test]
    fn a_mark_that_is_never_closed_is_refused_where_it_opens() {
        let open = |row, column| FileError::OpenQuote { row, column };
        refused("a,b\n1,\"甲”\n2,乙\n", open(2, 1));
        refused("a,b\n\n1,2\n\"甲", open(4, 0));
        refused("a,b\n1,\"", open(2, 1));
        refused("a,b\n1,\"甲\"\"\n2,乙\n", open(2, 1));
        // Up to the mark that opens a field of another row.
        refused("a,b\n1,\"甲”\n2,\"乙,丙\"\n", open(2, 1));
        refused("a,b\n\"1\n\",\"甲”\n2,\"乙”\n", open(2, 1));
    }

    #[test]
    fn text_after_the_closing_mark_is_refused() {
        refused("a,b\n1,\"三公\"经费\n", FileError::TextAfterQuote { row: 2, column: 1 });
        refused("\"a\"\"b\" \"c\",d\n", FileError::TextAfterQuote { row: 1, column: 0 });
    }

    #[test]
    fn a_mark_whose_partner_stands_in_another_row_is_refused() {
        let over = |row, column| FileError::QuoteOverRows { row, column };
        refused("a,b,c\n1,\"甲,x\n2,乙\",y\n", over(2, 1));
        refused("a,b,c\n1,\"甲,x\n2,乙,y\n3,丙,z\n4,丁\",w\n", over(2, 1));
        // The last fields are missing, so that the lines are no whole rows.
        refused("a,b,c,d\n1,\"甲”,x\n2,乙\"\n", over(2, 1));
        refused("a,b,c,d\n1,\"甲,x\n2,“乙\"\n", over(2, 1));
    }

    #[test]
    fn text_of_several_lines_may_hold_delimiters_and_quotations() {
        for text in ["“甲”,乙\n“丙”,丁", "甲“乙\n丙”丁", "1,2\n3\n4,5", "“一\n“二”,三"]
        {
            let expected: &[(u32, &[&str])] = &[(1, &["a", "b", "c", "d"]), (2, &["1", text, "x", "y"])];
            rows(&format!("a,b,c,d\n1,\"{text}\",x,y"), expected);
        }
    }

    #[test]
    fn a_mark_inside_a_field_is_a_letter() {
        rows(
            "a,b\n关于\"三公\"经费,2\n5\"管,“甲\"\n \"x,y\n",
            &[
                (1, &["a", "b"]),
                (2, &["关于\"三公\"经费", "2"]),
                (3, &["5\"管", "“甲\""]),
                (4, &[" \"x", "y"]),
            ],
        );
    }

    proptest! {
        /// Whatever is written as it should be is read back; rows read are the rows written.
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec("[甲,\"b]{0,6}", 1..5), 1..8)) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let found: Vec<_> = read(&text).unwrap().into_iter().map(|it| it.1).collect();
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn nothing_panics(text in "[甲”“\",\r\n ]{0,40}") {
            let n_lines = lines(&text).count();
            prop_assert!(read(&text).map_or(true, |it| it.len() <= n_lines));
        }
    }
}
