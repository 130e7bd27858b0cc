//! `gongkai import`: all of a register, or nothing and the reasons.

use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::{Office, Stop};
use crate::import::{self, ImportFile, Problem};
use crate::service::case::import_cases::{Imported, import_cases};
use crate::service::remedy::import_remedies::{ImportedRemedies, RowFinding, import_remedies};
use crate::storage::upkeep::plans;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 导入申请台账（xlsx、xls、ods、csv）
    Cases(Source),
    /// 导入行政复议、行政诉讼台账
    Appeals(Source),
}

#[derive(Debug, Args)]
pub(super) struct Source {
    /// 台账文件
    file: PathBuf,
    /// 机关代码
    #[arg(long, value_name = "CODE")]
    agency: String,
    /// 只检查，不导入
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(office: &Office, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Cases(source) => cases(office, &source),
        Command::Appeals(source) => remedies(office, &source),
    }
}

fn read(file: &Path) -> anyhow::Result<(Vec<u8>, String)> {
    let bytes = fs::read(file).with_context(|| format!("无法读取文件 {}", file.display()))?;
    let name = file.file_name().map_or_else(String::new, |it| it.to_string_lossy().into_owned());
    Ok((bytes, name))
}

fn cases(office: &Office, source: &Source) -> anyhow::Result<()> {
    let (bytes, name) = read(&source.file)?;
    let caller = office.caller();
    let spinner = spinner("读取");
    let file = import::read_cases(&bytes, &name, caller.today());
    spinner.finish_and_clear();
    drop(bytes);
    let file = file?;
    show_file(&name, &file);
    refuse(&file, &[])?;

    let db = office.db()?;
    let rules = office.rules(&db)?;
    let bar = bar(file.rows.len());
    let result = db.write_many(|conn| {
        let mut progress = |done: usize| bar.set_position(u64::try_from(done).unwrap_or(u64::MAX));
        let imported = import_cases(conn, &caller, &rules, &source.agency, &name, &file.rows, &mut progress)?;
        if source.dry_run { Err(Stop::Enough(imported)) } else { Ok(imported) }
    });
    bar.finish_and_clear();
    let imported = kept(result)?;
    if !source.dry_run {
        db.write(plans::renew)?;
    }
    show_imported(source.dry_run, imported);
    Ok(())
}

fn remedies(office: &Office, source: &Source) -> anyhow::Result<()> {
    let (bytes, name) = read(&source.file)?;
    let caller = office.caller();
    let file = import::read_remedies(&bytes, &name, caller.today())?;
    show_file(&name, &file);
    refuse(&file, &[])?;

    let db = office.db()?;
    let result = db.write(|conn| {
        let result = import_remedies(conn, &caller, &source.agency, &name, &file.rows)?;
        if source.dry_run || !result.problems.is_empty() { Err(Stop::Enough(result)) } else { Ok(result) }
    });
    let ImportedRemedies { imported, problems, warnings } = kept(result)?;
    for warning in &warnings {
        println!("提醒：{}", place(&file, warning));
    }
    refuse(&file, &problems)?;
    if !source.dry_run {
        db.write(plans::renew)?;
    }
    show_imported(source.dry_run, imported);
    Ok(())
}

/// What a transaction found, whether it was kept or rolled back on purpose.
fn kept<T>(result: Result<T, Stop<T>>) -> anyhow::Result<T> {
    match result {
        Ok(found) | Err(Stop::Enough(found)) => Ok(found),
        Err(Stop::Failed(err)) => Err(err.into()),
    }
}

/// Says what was read, and what a person should look at.
fn show_file<T>(name: &str, file: &ImportFile<T>) {
    println!("{name}：{}，表头在第{}行", file.format, file.header_row);
    println!("读取{}行", file.rows.len() + n_bad_rows(&file.problems));
    show_lines("未识别的列，内容存入备注", &file.unknown_columns);
    for row in &file.skipped {
        println!("{row}");
    }
    for warning in &file.warnings {
        println!("提醒：{warning}");
    }
}

fn show_lines<T: Display>(heading: &str, lines: &[T]) {
    if !lines.is_empty() {
        let lines: Vec<_> = lines.iter().map(ToString::to_string).collect();
        println!("{heading}：{}", lines.join("、"));
    }
}

fn n_bad_rows(problems: &[Problem]) -> usize {
    let mut rows: Vec<_> = problems.iter().map(|it| it.row).collect();
    rows.sort_unstable();
    rows.dedup();
    rows.len()
}

/// Ends with every problem, each with its row and column, where there is any.
fn refuse<T>(file: &ImportFile<T>, findings: &[RowFinding]) -> anyhow::Result<()> {
    let mut lines: Vec<String> = file.problems.iter().map(ToString::to_string).collect();
    lines.extend(findings.iter().map(|it| place(file, it)));
    if lines.is_empty() {
        return Ok(());
    }
    let mut rows: Vec<u32> = file.problems.iter().map(|it| it.row).collect();
    rows.extend(findings.iter().map(|it| it.sheet_row));
    rows.sort_unstable();
    rows.dedup();
    bail!(
        "{}\n有{}行存在问题，全部没有导入，数据没有任何改变；请改正后重新导入",
        lines.join("\n"),
        rows.len()
    )
}

fn place<T>(file: &ImportFile<T>, finding: &RowFinding) -> String {
    format!("{}：{}", file.place(finding.sheet_row, finding.column), finding.message)
}

fn show_imported(dry_run: bool, imported: Imported) {
    let Imported { n_new, n_changed, n_unchanged } = imported;
    let counts = format!("新增{n_new}件，更新{n_changed}件，没有变化{n_unchanged}件，拒绝0行");
    if dry_run {
        println!("检查通过，没有导入：将{counts}");
    } else if n_new + n_changed == 0 {
        println!("没有新的内容，数据没有任何改变：{counts}");
    } else {
        println!("已导入：{counts}");
    }
}

/// Shown on a terminal only; it goes to standard error, beside the result.
fn bar(n_rows: usize) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(n_rows).unwrap_or(u64::MAX));
    if let Ok(style) = ProgressStyle::with_template("导入 {bar:40} {pos}/{len} 行，剩余 {eta}") {
        bar.set_style(style);
    }
    bar
}

fn spinner(what: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(std::time::Duration::from_millis(200));
    spinner
}
