//! Workbooks that would take more memory than there is.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

const TOO_LARGE: &str =
    "文件太大：工作表展开后超过1GB，表格以外的行、列里可能有多余的内容；请分成几个文件导入";
const DAMAGED: &str = "文件已损坏或者格式不对（内部结构错误）；请用表格软件打开后另存为 xlsx 再导入";

/// Reads a file, and what it is refused for.
#[track_caller]
fn check_refused(bytes: &[u8], name: &str, message: &str) {
    let refused = read_cases(bytes, name, today()).unwrap_err().to_string();
    assert_eq!(refused, message);
}

/// The sample xls with some bytes changed: from the place of the first `mark`, so far on.
#[track_caller]
fn changed_xls(mark: &[u8], on: usize, bytes: &[u8]) -> Vec<u8> {
    let mut file = sample_bytes("register.xls");
    let place = file.windows(mark.len()).position(|it| it == mark).expect("the mark");
    file[place + on..place + on + bytes.len()].copy_from_slice(bytes);
    file
}

/// A record of the size of a sheet.
const DIMENSIONS: &[u8] = &[0x00, 0x02, 0x0E, 0x00];
/// A record of a cell with shared text.
const CELL: &[u8] = &[0xFD, 0x00, 0x0A, 0x00];

#[test]
fn an_xls_that_claims_a_vast_sheet_is_refused() {
    // From row 0 to row 2,147,483,647, from column 0 to column 65,535.
    let claim = [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0xFF, 0xFF];
    check_refused(&changed_xls(DIMENSIONS, 4, &claim), "a.xls", TOO_LARGE);
    // The last row before the first.
    let claim = [0xFF, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0];
    check_refused(&changed_xls(DIMENSIONS, 4, &claim), "a.xls", DAMAGED);
    // The whole of what an xls can hold is nothing unusual to claim.
    let claim = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    let file = read_cases(&changed_xls(DIMENSIONS, 4, &claim), "a.xls", today()).unwrap();
    assert_eq!(file.rows.len(), 2);
}

#[test]
fn an_xls_with_a_cell_far_out_is_refused() {
    check_refused(&changed_xls(CELL, 4, &[0xFF, 0xFF, 0xFF, 0xFF]), "a.xls", TOO_LARGE);
    check_refused(&changed_xls(CELL, 4, &[0xFF, 0xFF, 0x00, 0x20]), "a.xls", TOO_LARGE);
}

#[test]
fn an_xls_whose_parts_go_in_a_circle_is_refused() {
    let original = sample_bytes("register.xls");
    let number = |at: usize| u32::from_le_bytes(original[at..at + 4].try_into().unwrap());
    let place = |sector: u32| 512 + 512 * usize::try_from(sector).unwrap();
    let table = place(number(76));
    let entry = |sector: u32| table + 4 * usize::try_from(sector).unwrap();
    // The directory follows itself.
    let directory = number(48);
    let mut file = original.clone();
    file[entry(directory)..entry(directory) + 4].copy_from_slice(&directory.to_le_bytes());
    check_refused(&file, "a.xls", DAMAGED);
    // So does the workbook, which claims to have no end.
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let workbook = original.windows(name.len()).position(|it| it == name).expect("the workbook");
    let start = number(workbook + 116);
    let mut file = original.clone();
    file[workbook + 120..workbook + 124].copy_from_slice(&u32::MAX.to_le_bytes());
    file[entry(start)..entry(start) + 4].copy_from_slice(&start.to_le_bytes());
    check_refused(&file, "a.xls", DAMAGED);
}

/// An ods with these rows in its table.
fn ods(rows: &str) -> Vec<u8> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let parts = [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet".to_owned()),
        ("META-INF/manifest.xml", "<manifest:manifest/>".to_owned()),
        (
            "content.xml",
            format!(
                "<office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body>\
                 <office:spreadsheet><table:table table:name='台账'>{rows}</table:table>\
                 </office:spreadsheet></office:body></office:document-content>"
            ),
        ),
    ];
    for (name, text) in parts {
        file.start_file(name, SimpleFileOptions::default()).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }
    file.finish().unwrap().into_inner()
}

/// A row, repeated; of cells with their text, each repeated.
fn row(repeats: u64, cells: &[(&str, u64)]) -> String {
    let cell = |(text, repeats): &(&str, u64)| {
        let repeated = format!("table:number-columns-repeated='{repeats}'");
        if text.is_empty() {
            return format!("<table:table-cell {repeated}/>");
        }
        format!(
            "<table:table-cell office:value-type='string' {repeated}><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let cells: String = cells.iter().map(cell).collect();
    format!("<table:table-row table:number-rows-repeated='{repeats}'>{cells}</table:table-row>")
}

/// The header and one record.
fn register() -> String {
    let header = row(1, &[("登记号", 1), ("收到日期", 1), ("申请人类型", 1)]);
    header + &row(1, &[("2022-1", 1), ("2022-03-01", 1), ("自然人", 1)])
}

#[test]
fn an_ods_with_empty_rows_and_columns_to_the_end_is_read() {
    let empty = row(1_048_574, &[("", 16_384)]);
    let wide = row(1, &[("2022-2", 1), ("2022-03-02", 1), ("自然人", 1), ("", 16_381)]);
    let file = read_cases(&ods(&(register() + &wide + &empty)), "a.ods", today()).unwrap();
    assert_eq!((file.rows.len(), file.problems.len()), (2, 0));
}

#[test]
fn an_ods_that_repeats_itself_without_end_is_refused() {
    let check = |rows: &str| check_refused(&ods(&(register() + rows)), "a.ods", TOO_LARGE);
    // One row a million times; one cell in the last row; empty cells between full ones.
    check(&row(1_000_000, &[("甲", 30)]));
    check(&(row(1_048_573, &[("", 1)]) + &row(1, &[("", 100), ("甲", 1)])));
    check(&row(1, &[("", 16_000), ("", 1)]).repeat(1_100));
    check(&row(1, &[("甲", 16_384)]).repeat(1_100));
    // Little memory for cells, much for their text.
    check(&row(1_000, &[(&"甲".repeat(400), 1_000)]));
    check(&row(1, &[("<text:s text:c='4000000000'/>", 1)]));
    check(&row(1, &[("<text:s text:c='400000000'/><text:s text:c='&#57;00000000'/>", 1)]));
}
