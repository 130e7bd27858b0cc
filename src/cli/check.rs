//! `gongkai check`: an office's records, or a table typed in from a published report.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;

use crate::cli::Office;
use crate::documents::entered::parse_table;
use crate::domain::report::statistics::checks::{Check as Identity, Severity, check_table3, check_table4};
use crate::service::report::check_agency::{check_agency, renew_cached_days};

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["agency", "table"])))]
pub(super) struct Check {
    /// 机关代码
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// 只核对这一年；不给出则核对有记录的每一年
    #[arg(long, value_name = "YYYY", requires = "agency")]
    year: Option<i32>,
    /// 核对一份填好的表（json，格式同 report --format json）
    #[arg(long, value_name = "FILE")]
    table: Option<PathBuf>,
}

pub(super) fn run(office: &Office, command: &Check) -> anyhow::Result<()> {
    match command {
        Check { table: Some(path), .. } => {
            let bytes = fs::read(path).with_context(|| format!("无法读取文件 {}", path.display()))?;
            let entered = parse_table(&bytes).with_context(|| format!("{} 无法核对", path.display()))?;
            let mut checks = check_table3(&entered.table3);
            checks.extend(check_table4(&entered.table4));
            println!("按 {} 格式核对", entered.table3.form.code);
            conclude(show(&checks))
        }
        Check { agency: Some(agency), year, .. } => {
            let db = office.db()?;
            let caller = office.caller();
            let mut n_broken = 0;
            for year in db.snapshot(|conn| check_agency(conn, &caller, agency, *year))? {
                println!("{}年", year.year);
                n_broken += show(&year.checks);
            }
            let rules = office.rules(&db)?;
            let renewed = db.write(|conn| renew_cached_days(conn, &caller, &rules, agency))?;
            if renewed > 0 {
                println!("已更新{renewed}件的列表期限");
            }
            conclude(n_broken)
        }
        Check { .. } => unreachable!("clap demands one of them"),
    }
}

/// Prints what is broken, and how many hold. Returns how many are broken and no mere warning.
fn show(checks: &[Identity]) -> usize {
    let mut n_broken = 0;
    for check in checks.iter().filter(|it| !it.holds) {
        match check.severity {
            Severity::Error => {
                n_broken += 1;
                println!("  不成立 {}：{}", check.code, check.detail);
            }
            Severity::Warning => println!("  提醒 {}：{}", check.code, check.detail),
        }
    }
    let n_held = checks.iter().filter(|it| it.holds).count();
    println!("  {n_held}项成立，{n_broken}项不成立");
    n_broken
}

fn conclude(n_broken: usize) -> anyhow::Result<()> {
    if n_broken > 0 {
        bail!("有{n_broken}项勾稽关系不成立");
    }
    println!("勾稽关系全部成立");
    Ok(())
}
