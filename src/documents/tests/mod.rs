//! The formats, each read back by another program's eyes.

use insta::assert_snapshot;

use super::*;
use crate::documents::sample::{report, troubled_report};

mod docx;
mod entered;
mod grids;
mod html;
mod letters;
mod text;
mod xlsx;

#[test]
fn every_format_is_named_and_drawn() {
    for year in [2020, 2022] {
        for format in Format::ALL {
            let bytes = render(&report(year), *format).unwrap();
            assert!(!bytes.is_empty(), "{format:?}");
        }
    }
}

#[test]
fn file_names_are_safe_in_every_file_system() {
    assert_snapshot!(file_name(&report(2022), Format::Docx), @"聊城市自然资源和规划局2022年政府信息公开工作年度报告.docx");
    assert_snapshot!(file_name(&troubled_report(), Format::Csv), @"b市局b & “测试”2022年政府信息公开工作年度报告.csv");
}

#[test]
fn a_day_before_the_year_is_refused() {
    let mut report = report(2022);
    report.as_of = chrono::NaiveDate::from_ymd_opt(2021, 12, 31);
    assert!(matches!(render(&report, Format::Html), Err(DocumentError::BeforeYear(_))));
}

/// Writes samples of every format to `target/samples`, to be looked at.
#[test]
#[ignore = "writes files for people to look at"]
fn write_samples() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/samples");
    std::fs::create_dir_all(&directory).unwrap();
    let reports = [("2022", report(2022)), ("2020", report(2020)), ("troubled", troubled_report())];
    for (name, report) in reports {
        for format in Format::ALL {
            let path = directory.join(name).with_extension(format.extension());
            std::fs::write(path, render(&report, *format).unwrap()).unwrap();
        }
    }
}
