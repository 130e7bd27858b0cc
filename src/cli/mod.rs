//! The command line: parse, run a use case, print what came of it.
//!
//! Exit status 0 is done, 1 a refusal with its reasons on standard error, 2 wrong usage.

mod agency;
mod audit;
mod calendar;
mod check;
mod database;
mod demo;
mod import;
mod report;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use crate::config::{Settings, Sources};
use crate::files::Store;
use crate::service::clock::Clock;
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::{Db, StorageError};

/// 政府信息公开申请办理与年度报告
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, arg_required_else_help = true, disable_help_subcommand = false)]
struct Cli {
    /// 配置文件
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// 数据库地址：sqlite://路径 或者 postgres://…
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// 现在的时刻，用于演练；不填即系统时间
    #[arg(long, global = true, hide = true, value_name = "RFC3339")]
    now: Option<DateTime<Utc>>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 机关
    #[command(subcommand)]
    Agency(agency::Command),
    /// 导入台账
    #[command(subcommand)]
    Import(import::Command),
    /// 年度报告的三张表
    Report(report::Report),
    /// 表中一个单元格的案件，以及每件计入的理由
    ReportCases(report::ReportCases),
    /// 核对勾稽关系和记录
    Check(check::Check),
    /// 工作日历
    #[command(subcommand)]
    Calendar(calendar::Command),
    /// 演示：在空数据库中填入演示数据并启动
    Demo(demo::Demo),
    /// 启动服务
    Serve,
    /// 升级数据库结构
    Migrate,
    /// 备份数据库和附件
    Backup(database::Backup),
    /// 从备份恢复数据库和附件
    Restore(database::Restore),
    /// 账号
    #[command(subcommand)]
    User(user::Command),
    /// 办理日志
    #[command(subcommand)]
    Audit(audit::Command),
}

/// Runs the program. Returns its exit status.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            // One reason a line; the chain below a message is its cause.
            eprintln!("{err:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    let settings = Settings::load(&Sources::of_process(cli.config, cli.database_url)?)?;
    let office = Office { settings, clock: Clock::set_to(cli.now) };
    match cli.command {
        Command::Agency(command) => agency::run(&office, command),
        Command::Import(command) => import::run(&office, command),
        Command::Report(command) => report::run(&office, command),
        Command::ReportCases(command) => report::run_cases(&office, &command),
        Command::Check(command) => check::run(&office, &command),
        Command::Calendar(command) => calendar::run(&office, command),
        Command::Demo(command) => demo::run(office, &command),
        Command::Serve => serve::run(office, false),
        Command::Migrate => database::migrate(&office),
        Command::Backup(command) => database::backup(&office, &command),
        Command::Restore(command) => database::restore(&office, &command),
        Command::User(command) => user::run(&office, command),
        Command::Audit(command) => audit::run(&office, &command),
    }
}

/// The installation a command works on.
struct Office {
    settings: Settings,
    clock: Clock,
}

impl Office {
    /// Whoever runs the command line: they have the database in their hands, and so every role.
    fn caller(&self) -> Caller {
        let user = std::env::var("USER").unwrap_or_else(|_| "未知用户".to_owned());
        Caller::at_command_line(&user, self.clock.now())
    }

    /// Opens the database as it is.
    fn open(&self) -> anyhow::Result<Db> {
        let url = &self.settings.database.url;
        Db::open(url.expose(), self.settings.database.pool_size)
            .with_context(|| format!("无法打开数据库 {url}"))
    }

    /// Opens the database for use: an empty one is made ready, an old one is left alone and refused.
    fn db(&self) -> anyhow::Result<Db> {
        let db = self.open()?;
        if db.is_empty()? {
            db.migrate()?;
        } else if db.has_pending_migrations()? {
            anyhow::bail!("数据库结构不是本版本的，请先备份，再运行 gongkai migrate");
        }
        Ok(db)
    }

    /// The files of cases, where the settings say, or beside the database.
    fn files(&self, db: &Db) -> Store {
        Store::new(self.settings.files.directory.clone().unwrap_or_else(|| db.files_beside()))
    }

    /// The rules as set here, with the calendar of the database.
    fn rules(&self, db: &Db) -> Result<Rules, ServiceError> {
        let calendar = crate::service::calendar::import_notice::calendar(db)?;
        Ok(Rules {
            policy: self.settings.workflow.clone(),
            clock: self.settings.clock,
            calendar,
            mail: self.settings.mail_policy.clone(),
            reminders: self.settings.reminders.clone(),
            letters: self.settings.office.clone(),
        })
    }
}

/// A transaction that is rolled back on purpose, with what it found out.
enum Stop<T> {
    /// Nothing went wrong; nothing is to be kept.
    Enough(T),
    Failed(ServiceError),
}

impl<T> From<StorageError> for Stop<T> {
    fn from(err: StorageError) -> Self {
        Self::Failed(err.into())
    }
}

impl<T> From<ServiceError> for Stop<T> {
    fn from(err: ServiceError) -> Self {
        Self::Failed(err)
    }
}
