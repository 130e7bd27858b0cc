//! Text files of cells: comma, tab or semicolon, in UTF-8, UTF-16 or GB18030.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::import::problems::{FileError, Format};
use crate::import::quotes::Records;
use crate::import::row::{Row, Visit, from_text, hand_over};

/// The most characters a cell of a spreadsheet holds. A longer one comes from an open quotation mark.
const MAX_CELL: usize = 32_767;

/// How many bytes are looked at to tell what a file is.
const SAMPLE: usize = 4096;

/// Reads a text file row by row.
///
/// # Errors
/// [`FileError`] where the file is no text, or the first error of `visit`.
pub(crate) fn each_row(bytes: &[u8], file_name: &str, visit: &mut Visit<'_>) -> Result<Format, FileError> {
    if let Some(found) = other_kind(bytes) {
        return Err(FileError::NotASheet { name: file_name.to_owned(), found });
    }
    let (text, encoding) = decode(bytes);
    let delimiter = delimiter(&text, file_name);
    let kind = if delimiter == b'\t' { "tsv" } else { "csv" };
    let mut records = Records::new(&text, delimiter);
    while let Some(record) = records.next()? {
        let row = record.row;
        let mut cells = Vec::with_capacity(record.fields.len());
        for (column, field) in (0..).zip(record.fields) {
            if field.len() > MAX_CELL && field.chars().count() > MAX_CELL {
                return Err(FileError::OpenQuote { row, column });
            }
            if let Some(cell) = from_text(field.into_owned()) {
                cells.push((column, cell));
            }
        }
        hand_over(Row { number: row, cells }, visit)?;
    }
    Ok(Format { kind, encoding: Some(encoding), sheet: None, other_sheets: Vec::new() })
}

/// What else a file may be that is often taken for a register.
fn other_kind(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(SAMPLE)).unwrap_or(bytes);
    let starts = |it: &[u8]| head.starts_with(it);
    if starts(b"%PDF") {
        return Some("PDF 文件");
    }
    if starts(b"\x89PNG") || starts(b"\xFF\xD8\xFF") || starts(b"GIF8") {
        return Some("图片");
    }
    if starts(b"Rar!") || starts(b"7z\xBC\xAF") || starts(b"\x1F\x8B") {
        return Some("压缩文件");
    }
    if starts(b"{\\rtf") {
        return Some("文字处理文档");
    }
    // Office systems export web pages under the name of a workbook.
    let text = String::from_utf8_lossy(head).trim_start_matches('\u{FEFF}').trim_start().to_ascii_lowercase();
    let is_markup = ["<!doctype", "<html", "<?xml", "<table", "<meta", "<style", "mime-version:"]
        .iter()
        .any(|it| text.starts_with(it));
    if is_markup {
        return Some("网页或 XML 格式的文件");
    }
    let is_wide = Encoding::for_bom(head).is_some() || guess_utf_16(head).is_some();
    // A stray zero byte or two occur in exported text; they are dropped with the other control characters.
    if !is_wide && head.iter().filter(|it| **it == 0).count() * 50 > head.len() {
        return Some("无法识别的文件");
    }
    None
}

/// The text and the name of its encoding. Bytes that are in no encoding become U+FFFD, which
/// reading the cell then refuses.
fn decode(bytes: &[u8]) -> (Cow<'_, str>, &'static str) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        let text = bytes.get(length..).unwrap_or_default();
        return (encoding.decode_without_bom_handling(text).0, encoding.name());
    }
    if let Some(encoding) = guess_utf_16(bytes.get(..bytes.len().min(SAMPLE)).unwrap_or(bytes)) {
        return (encoding.decode_without_bom_handling(bytes).0, encoding.name());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), UTF_8.name());
    }
    let (text, is_damaged) = GB18030.decode_without_bom_handling(bytes);
    if is_damaged && is_mostly_utf_8(bytes) {
        return (UTF_8.decode_without_bom_handling(bytes).0, UTF_8.name());
    }
    (text, "GB18030")
}

/// UTF-16 without its mark: commas, digits and line ends have a zero byte on one and the same side.
fn guess_utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|it| **it == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    // At least three, and one in twenty characters: a stray zero byte makes no UTF-16.
    let is_many = |zeros: usize| zeros >= 3 && zeros * 40 > head.len();
    match (even, odd) {
        (0, odd) if is_many(odd) => Some(UTF_16LE),
        (even, 0) if is_many(even) => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether the damage is a small part of a text that is otherwise UTF-8.
fn is_mostly_utf_8(bytes: &[u8]) -> bool {
    let (text, _) = UTF_8.decode_without_bom_handling(bytes);
    let damaged = text.chars().filter(|it| *it == char::REPLACEMENT_CHARACTER).count();
    damaged * 20 < text.chars().filter(|it| !it.is_ascii()).count()
}

/// The sign that stands most often in the first lines; titles above the header have none.
fn delimiter(text: &str, file_name: &str) -> u8 {
    let count = |sign: char| text.lines().take(20).map(|it| it.matches(sign).count()).sum::<usize>();
    let (comma, tab, semicolon) = (count(','), count('\t'), count(';'));
    if tab > 0 && (tab >= comma || file_name.to_ascii_lowercase().ends_with(".tsv")) {
        b'\t'
    } else if semicolon > comma {
        b';'
    } else {
        b','
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::row::Cell;

    /// The number of each row and its cells.
    type Rows = Vec<(u32, Vec<(u32, String)>)>;

    fn read(bytes: &[u8]) -> (Format, Rows) {
        let mut rows = Vec::new();
        let format = each_row(bytes, "register.csv", &mut |row| {
            let text = |(column, cell)| match cell {
                Cell::Text(text) => (column, text),
                other => panic!("{other:?}"),
            };
            rows.push((row.number, row.cells.into_iter().map(text).collect()));
            Ok(())
        });
        (format.unwrap(), rows)
    }

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_rows() {
        let text = "登记号,收到日期\n2022-1,㐂𠮷\n";
        let (gb, _, _) = GB18030.encode(text);
        let with_mark = format!("\u{FEFF}{text}");
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (with_mark.as_bytes().to_vec(), "UTF-8"),
            (gb.into_owned(), "GB18030"),
            (utf_16(&with_mark, u16::to_le_bytes), "UTF-16LE"),
            (utf_16(&with_mark, u16::to_be_bytes), "UTF-16BE"),
            (utf_16(text, u16::to_le_bytes), "UTF-16LE"),
            (utf_16(text, u16::to_be_bytes), "UTF-16BE"),
        ] {
            let (format, rows) = read(&bytes);
            assert_eq!(format.encoding, Some(name));
            let cell = |column, text: &str| (column, text.to_owned());
            assert_eq!(
                rows,
                [
                    (1, vec![cell(0, "登记号"), cell(1, "收到日期")]),
                    (2, vec![cell(0, "2022-1"), cell(1, "㐂𠮷")])
                ]
            );
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let numbers = |text: &str| read(text.as_bytes()).1.iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(numbers("a,b\nc,d"), [1, 2]);
        assert_eq!(numbers("a,b\n\nc,d\n"), [1, 3]);
        assert_eq!(numbers("a,b\r\rc,d\r"), [1, 3]);
        assert_eq!(numbers("\n\na,b\n,\nc,d\n"), [3, 5]);
        assert_eq!(numbers("a,\"b\nb\nb\"\nc,d\r\n\r\ne,f\r\n"), [1, 2, 4]);
    }

    #[test]
    fn delimiters_are_told_apart() {
        for text in ["标题\na\tb,c\td\n", "标题\na;b,c;d\n", "标题\na,\"b,c\",d\n"] {
            let (_, rows) = read(text.as_bytes());
            assert_eq!(
                rows[1].1.iter().map(|it| it.1.as_str()).collect::<Vec<_>>(),
                ["a", "b,c", "d"],
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_register_is_named() {
        for bytes in
            [&b"%PDF-1.7"[..], b"\x89PNG", b"<html><table>", b"\xEF\xBB\xBF<?xml version", b"\x01\x00\x00ab"]
        {
            let error = each_row(bytes, "a.xls", &mut |_| Ok(())).unwrap_err();
            assert!(matches!(error, FileError::NotASheet { .. }), "{error}");
        }
        let open = format!("a,\"{}\n", "字".repeat(MAX_CELL + 1));
        let error = FileError::OpenQuote { row: 1, column: 1 };
        assert_eq!(each_row(open.as_bytes(), "a.csv", &mut |_| Ok(())), Err(error));
    }
}
