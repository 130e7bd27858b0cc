//! The sheet 校验: every identity with its arithmetic, the broken ones first and in red.

use rust_xlsxwriter::{Worksheet, XlsxError};

use crate::documents::xlsx::styles::Styles;
use crate::documents::xlsx::{A4, heights};
use crate::documents::{Front, checks_summary, rollup_line, severity_label};
use crate::domain::report::statistics::report::Report;

/// Headings and widths of the columns.
const COLUMNS: [(&str, f64); 4] = [("结论", 10.0), ("性质", 8.0), ("说明", 84.0), ("代码", 36.0)];
/// Index of the column whose text may wrap.
const DETAIL: usize = 2;

pub(super) fn write(
    sheet: &mut Worksheet,
    report: &Report,
    front: &Front,
    styles: &Styles,
) -> Result<(), XlsxError> {
    sheet.set_name("校验")?;
    for ((_, width), column) in COLUMNS.iter().zip(0..) {
        sheet.set_column_width(column, *width)?;
    }
    let whole_width: f64 = COLUMNS.iter().map(|(_, width)| width).sum();
    let mut row = 0;
    sheet.merge_range(row, 0, row, 3, "勾稽校验", &styles.title)?.set_row_height(row, 30)?;
    let under = format!("{}{}　{}", front.agency, front.title, checks_summary(report));
    for line in [Some(under), rollup_line(report)].into_iter().flatten() {
        row += 1;
        let centred = styles.under.clone().set_text_wrap();
        sheet.merge_range(row, 0, row, 3, &line, &centred)?;
        sheet.set_row_height(row, heights::of_text(&line, whole_width))?;
    }
    row += 1;
    for ((heading, _), column) in COLUMNS.iter().zip(0..) {
        sheet.write_string_with_format(row, column, *heading, &styles.head)?;
    }
    let head_row = row;
    let (held, broken): (Vec<_>, Vec<_>) = report.checks.iter().partition(|it| it.holds);
    for check in broken.into_iter().chain(held) {
        row += 1;
        let (verdict, format) =
            if check.holds { ("成立", &styles.label) } else { ("不成立", &styles.broken) };
        let severity = if check.holds { "" } else { severity_label(check.severity) };
        let texts = [verdict, severity, &check.detail, &check.code];
        for (text, column) in texts.into_iter().zip(0..) {
            sheet.write_string_with_format(row, column, text, format)?;
        }
        sheet.set_row_height(row, heights::of_text(&check.detail, COLUMNS[DETAIL].1))?;
    }
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3)
        .set_footer("&C第 &P 页，共 &N 页")
        .set_repeat_rows(head_row, head_row)?
        .set_freeze_panes(head_row + 1, 0)?;
    Ok(())
}
