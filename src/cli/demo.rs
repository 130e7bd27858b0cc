//! `gongkai demo`: the bureau to try the program with.

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::Args;

use crate::cli::{Office, serve};
use crate::domain::report::text::Filing;
use crate::service::access::add_agency::list_agencies;
use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::text::file_report::{FileReport, file_report};
use crate::service::upkeep::demo_bureau;
use crate::service::upkeep::demo_bureau::annual_text::YEAR;
use crate::service::upkeep::demo_bureau::{CODE, PASSWORD};
use crate::service::{Caller, ServiceError};
use crate::storage::Db;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// 只填入演示数据，不启动服务
    #[arg(long)]
    no_serve: bool,
}

pub(super) fn run(office: Office, command: &Demo) -> anyhow::Result<()> {
    let db = office.db()?;
    let agencies = db.read(|conn| -> Result<_, ServiceError> { list_agencies(conn) })?;
    if agencies.is_empty() {
        let rules = office.rules(&db)?;
        let caller = office.caller();
        let people = db.write(|conn| demo_bureau::fill(conn, &caller, &rules))?;
        file_reports(&db, &caller)?;
        println!("已填入演示数据：机关代码 {CODE}");
        println!("登录用户名（密码都是 {PASSWORD}）：");
        for (login, words) in people {
            println!("  {login}  {words}");
        }
    } else if agencies.iter().any(|it| it.code == CODE) {
        println!("数据库中已有演示数据，直接使用；密码都是 {PASSWORD}");
    } else {
        bail!("数据库中已有其他机关的数据；演示数据只填入空数据库，请用 --database-url 指定一个新的数据库");
    }
    if command.no_serve { Ok(()) } else { serve::run(office, true) }
}

/// Files the bureau's report that is written out, on the days the bureau filed its own.
fn file_reports(db: &Db, caller: &Caller) -> anyhow::Result<()> {
    let query = ReportQuery { agency: CODE.to_owned(), year: YEAR, rollup: false, as_of: None };
    let first = NaiveDate::from_ymd_opt(YEAR + 1, 1, 28).context("a day of every year")?;
    for filing in [Filing::Submitted, Filing::Published] {
        let wanted = FileReport { filing, filed_on: first };
        file_report(db, caller, &query, &wanted)?;
    }
    Ok(())
}
