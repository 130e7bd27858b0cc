use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use crate::documents::sample::{report, troubled_report};
use crate::documents::xlsx::render;
use crate::domain::report::statistics::report::Report;

/// The workbook as a spreadsheet program reads it.
struct Sheets(Xlsx<Cursor<Vec<u8>>>);

impl Sheets {
    fn of(report: &Report) -> Self {
        Self(calamine::open_workbook_from_rs(Cursor::new(render(report).unwrap())).unwrap())
    }

    fn value(&mut self, sheet: &str, place: (u32, u32)) -> String {
        self.0.worksheet_range(sheet).unwrap().get_value(place).map_or(String::new(), Data::to_string)
    }

    fn formula(&mut self, sheet: &str, place: (u32, u32)) -> String {
        self.0.worksheet_formula(sheet).unwrap().get_value(place).cloned().unwrap_or_default()
    }
}

#[test]
fn there_is_a_sheet_per_table_and_one_of_checks() {
    for year in [2020, 2022] {
        assert_eq!(Sheets::of(&report(year)).0.sheet_names(), ["表二", "表三", "表四", "校验"]);
    }
}

#[test]
fn totals_are_formulas_with_their_results() {
    let mut sheets = Sheets::of(&report(2022));
    // Two rows of titles stand above the table, so row 0 of the table is row 3 of the sheet.
    assert_eq!(
        (sheets.formula("表三", (5, 9)), sheets.value("表三", (5, 9))),
        ("SUM(D6:I6)".into(), "431".into())
    );
    assert_eq!(
        (sheets.formula("表三", (28, 3)), sheets.value("表三", (28, 3))),
        ("SUM(D8:D28)".into(), "397".into())
    );
    assert_eq!(sheets.formula("表三", (28, 9)), "SUM(D29:I29)");
    assert_eq!(
        (sheets.formula("表四", (5, 4)), sheets.value("表四", (5, 4))),
        ("SUM(A6:D6)".into(), "11".into())
    );
    assert_eq!(sheets.formula("表四", (5, 14)), "SUM(K6:N6)");
    assert_eq!(sheets.value("表三", (7, 3)), "186");
}

#[test]
fn the_identity_is_a_row_that_must_be_zero() {
    let mut sheets = Sheets::of(&report(2022));
    assert_eq!(
        (sheets.formula("表三", (30, 3)), sheets.value("表三", (30, 3))),
        ("D6+D7-D29-D30".into(), "0".into())
    );
    assert_eq!(sheets.formula("表三", (30, 9)), "J6+J7-J29-J30");
    let mut old = Sheets::of(&report(2020));
    assert_eq!(old.formula("表三", (28, 3)), "D6+D7-D27-D28");
}

#[test]
fn a_broken_total_is_shown_and_not_mended() {
    let mut sheets = Sheets::of(&troubled_report());
    assert_eq!((sheets.formula("表三", (5, 9)), sheets.value("表三", (5, 9))), (String::new(), "431".into()));
    assert_eq!(sheets.value("表三", (30, 3)), "1");
    assert_eq!(sheets.value("校验", (4, 0)), "不成立");
    assert_eq!(sheets.value("校验", (5, 0)), "不成立");
    assert_eq!(sheets.value("校验", (6, 0)), "成立");
}

#[test]
fn amounts_are_exact_and_missing_ones_marked() {
    let mut sheets = Sheets::of(&report(2022));
    assert_eq!(sheets.value("表二", (15, 1)), "59237.24");
    assert_eq!(sheets.value("表二", (12, 1)), "未填报");
    let mut report = report(2022);
    report.table2.row_mut("fees_10k_yuan").unwrap().cells[0] = Some("1234567890123456.78".parse().unwrap());
    // More digits than a workbook keeps: written as a text rather than rounded.
    assert_eq!(Sheets::of(&report).value("表二", (15, 1)), "1234567890123456.78");
}
