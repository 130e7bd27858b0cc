//! `gongkai report` and `gongkai report-cases`.
//!
//! With `--whole` the report is written as a text with its tables, and can also be had as PDF.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::cli::Office;
use crate::documents::Format;
use crate::documents::office::Office as Converter;
use crate::domain::labels::Coded;
use crate::domain::report::statistics::table2::Table2;
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::service::report::draw_report::{TEXT_FORMATS, draw_tables, draw_text};
use crate::service::report::enter_figures::{RowFigures, enter_figures};
use crate::service::report::list_cell::{CellLine, cell_lines};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Report {
    #[command(subcommand)]
    set: Option<Set>,
    #[command(flatten)]
    query: Option<Query>,
    /// 报告全文（六个部分的文字和附表），格式为 docx、html 或者 pdf
    #[arg(long)]
    whole: bool,
    /// 格式：json、html、xlsx、docx、csv
    #[arg(long, value_parser = format, required = true)]
    format: Option<Wanted>,
    /// 写入文件；不给出则写到标准输出
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Query {
    /// 机关代码
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// 统计年度
    #[arg(long, value_name = "YYYY")]
    year: i32,
    /// 汇总本机关及其全部下级
    #[arg(long)]
    rollup: bool,
    /// 截至某日终了时的数字
    #[arg(long, value_name = "YYYY-MM-DD")]
    as_of: Option<NaiveDate>,
}

impl Query {
    fn query(&self) -> ReportQuery {
        ReportQuery { agency: self.agency.clone(), year: self.year, rollup: self.rollup, as_of: self.as_of }
    }
}

#[derive(Debug, Subcommand)]
enum Set {
    /// 填报表二的数字，例如 rules=1,0,11 fees_10k_yuan=96171.6
    Set {
        /// 机关代码
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// 统计年度
        #[arg(long, value_name = "YYYY")]
        year: i32,
        /// 行代码=数字，同一行的数字以逗号分隔
        #[arg(required = true, value_parser = row_figures)]
        figures: Vec<RowFigures>,
    },
}

/// What is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// One of the formats of the tables.
    Format(Format),
    /// The whole report for print.
    Pdf,
}

fn format(text: &str) -> Result<Wanted, String> {
    if text == "pdf" {
        return Ok(Wanted::Pdf);
    }
    let known = || Format::ALL.iter().map(|it| it.code()).collect::<Vec<_>>().join("、");
    Format::from_code(text).map(Wanted::Format).map_err(|_| format!("应为以下之一：{}", known()))
}

/// The report as a text. One that lacks something is marked as a draft, and what it lacks is printed.
fn whole(office: &Office, query: &ReportQuery, wanted: Wanted) -> anyhow::Result<Vec<u8>> {
    let format = match wanted {
        Wanted::Format(format) => format,
        Wanted::Pdf => Format::Docx,
    };
    if !TEXT_FORMATS.contains(&format) {
        bail!("报告全文的格式应为 docx、html 或者 pdf；附表的其他格式请不加 --whole");
    }
    let (whole, file) = draw_text(&office.db()?, &office.caller(), query, format)?;
    for missing in &whole.narrative.missing {
        eprintln!("还缺：{missing}");
    }
    for contradiction in &whole.narrative.contradictions {
        eprintln!("矛盾：{contradiction}");
    }
    if wanted != Wanted::Pdf {
        return Ok(file.bytes);
    }
    let converter = Converter::find("soffice")
        .context("没有安装 LibreOffice，不能转换 PDF；请用 --format docx，再另存为 PDF")?;
    let mut made =
        converter.to_pdf(&[&file.bytes]).map_err(|err| anyhow::Error::new(err).context("没有转换成 PDF"))?;
    made.pop().context("没有转换成 PDF")
}

fn row_figures(text: &str) -> Result<RowFigures, String> {
    let (row, values) = text.split_once('=').ok_or("应写作 行代码=数字，例如 rules=1,0,11")?;
    Ok(RowFigures { row: row.to_owned(), values: values.split(',').map(|it| it.trim().to_owned()).collect() })
}

pub(super) fn run(office: &Office, command: Report) -> anyhow::Result<()> {
    match command {
        Report { set: Some(Set::Set { agency, year, figures }), .. } => set(office, &agency, year, &figures),
        Report { query: Some(query), whole: true, format: Some(format), out, .. } => {
            let bytes = whole(office, &query.query(), format)?;
            write(out, &bytes)
        }
        Report { format: Some(Wanted::Pdf), .. } => bail!("只有报告全文可以转换 PDF，请加上 --whole"),
        Report { query: Some(query), format: Some(Wanted::Format(format)), out, .. } => {
            let file = draw_tables(&office.db()?, &office.caller(), &query.query(), format)?;
            write(out, &file.bytes)
        }
        Report { .. } => unreachable!("clap demands an agency, a year and a format"),
    }
}

fn write(out: Option<PathBuf>, bytes: &[u8]) -> anyhow::Result<()> {
    match out {
        Some(path) => {
            fs::write(&path, bytes).with_context(|| format!("无法写入文件 {}", path.display()))?;
            println!("已写入 {}", path.display());
        }
        None => std::io::stdout().write_all(bytes).context("无法写到标准输出")?,
    }
    Ok(())
}

fn set(office: &Office, agency: &str, year: i32, figures: &[RowFigures]) -> anyhow::Result<()> {
    let db = office.db()?;
    let caller = office.caller();
    let table = db.write(|conn| enter_figures(conn, &caller, agency, year, figures))?;
    show_table2(&table);
    let query = ReportQuery { agency: agency.to_owned(), year, rollup: false, as_of: None };
    let report = db.snapshot(|conn| annual_report(conn, &caller, &query))?;
    for check in report.checks.iter().filter(|it| !it.holds && it.code.starts_with("table2.")) {
        println!("提醒：{}", check.detail);
    }
    Ok(())
}

fn show_table2(table: &Table2) {
    for line in &table.lines {
        let cells: Vec<_> =
            line.cells.iter().map(|it| it.map_or_else(|| "未填报".to_owned(), |it| it.to_string())).collect();
        println!("{}（{}）：{}", line.row.label, line.row.code, cells.join("，"));
    }
}

#[derive(Debug, Args)]
pub(super) struct ReportCases {
    #[command(flatten)]
    query: Query,
    /// 单元格：行代码/列代码，例如 granted/natural_person、new/total、review/pending
    #[arg(long, value_name = "ROW/COLUMN")]
    cell: String,
    /// 格式：json、csv
    #[arg(long, default_value = "json", value_parser = ["json", "csv"])]
    format: String,
}

pub(super) fn run_cases(office: &Office, command: &ReportCases) -> anyhow::Result<()> {
    let db = office.db()?;
    let caller = office.caller();
    let query = command.query.query();
    let lines = db.snapshot(|conn| cell_lines(conn, &caller, &query, &command.cell, &None, i64::MAX))?;
    let text =
        if command.format == "csv" { csv(&lines)? } else { serde_json::to_string_pretty(&lines)? + "\n" };
    write(None, text.as_bytes())
}

/// One line per case; spreadsheets know the encoding by the mark at its beginning.
fn csv(lines: &[CellLine]) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(vec![0xEF, 0xBB, 0xBF]);
    writer.write_record(["case_no", "received_on", "closed_on", "outcome", "reasons", "agency"])?;
    for line in lines {
        let closed_on = line.closed_on.map_or_else(String::new, |it| it.to_string());
        let received_on = line.received_on.to_string();
        let outcome = line.outcome.unwrap_or_default();
        let reasons = line.reasons.join("；");
        writer.write_record([
            &line.case_no,
            &received_on,
            &closed_on,
            outcome,
            &reasons,
            &line.agency.name,
        ])?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
