//! `gongkai migrate`, `backup` and `restore`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use anyhow::{Context, bail};
use clap::Args;

use crate::cli::Office;
use crate::service::refresh_search::refresh_search;
use crate::storage::{Address, Db};

pub(super) fn migrate(office: &Office) -> anyhow::Result<()> {
    let db = office.open()?;
    // An SQLite file is one copy away from safety; a server has backups of its own.
    if let (Address::Sqlite(path), false, true) = (db.address(), db.is_empty()?, db.has_pending_migrations()?)
    {
        let copy = format!("{path}.before-{}", env!("CARGO_PKG_VERSION"));
        if !Path::new(&copy).exists() {
            db.back_up(Path::new(&copy))?;
            println!("升级前已备份到 {copy}");
        }
    }
    match db.migrate()? {
        0 => println!("数据库结构已是最新"),
        n => println!("已执行{n}项结构升级"),
    }
    // Cases of a time before there was full text, or of an upgrade that was interrupted.
    match refresh_search(&db)? {
        0 => {}
        n => println!("已为{n}件申请建立检索"),
    }
    Ok(())
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// 备份文件；不能已经存在
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// 备份文件
    file: PathBuf,
}

pub(super) fn backup(office: &Office, command: &Backup) -> anyhow::Result<()> {
    let file = &command.file;
    if file.exists() {
        bail!("文件 {} 已经存在，请换一个文件名", file.display());
    }
    let db = office.db()?;
    match db.address() {
        Address::Sqlite(_) => db.back_up(file)?,
        Address::Postgres(url) => {
            let mut dump = Process::new("pg_dump");
            dump.args(["--format=custom", "--no-owner", "--file"]).arg(file).arg("--dbname").arg(url);
            run(dump, "pg_dump")?;
        }
    }
    println!("已备份到 {}", file.display());
    Ok(())
}

pub(super) fn restore(office: &Office, command: &Restore) -> anyhow::Result<()> {
    let file = &command.file;
    if !file.is_file() {
        bail!("没有备份文件 {}", file.display());
    }
    match Address::parse(office.settings.database.url.expose())? {
        Address::Sqlite(path) => {
            if Path::new(&path).exists() {
                bail!("数据库 {path} 已经存在；为免覆盖，请先把它移走，或者用 --database-url 指定新的位置");
            }
            if let Some(folder) = Path::new(&path).parent().filter(|it| !it.as_os_str().is_empty()) {
                fs::create_dir_all(folder).with_context(|| format!("无法建立文件夹 {}", folder.display()))?;
            }
            fs::copy(file, &path).with_context(|| format!("无法写入 {path}"))?;
        }
        Address::Postgres(url) => {
            if !office.open()?.is_empty()? {
                bail!("目标数据库不是空的；为免覆盖，请恢复到一个新建的空数据库");
            }
            let mut restore = Process::new("pg_restore");
            restore.args(["--no-owner", "--exit-on-error", "--dbname"]).arg(&url).arg(file);
            run(restore, "pg_restore")?;
        }
    }
    check_restored(&office.open()?)?;
    println!("已从 {} 恢复", file.display());
    Ok(())
}

fn check_restored(db: &Db) -> anyhow::Result<()> {
    if db.is_empty()? {
        bail!("备份文件里没有本系统的数据");
    }
    Ok(())
}

fn run(mut process: Process, name: &str) -> anyhow::Result<()> {
    let status = process
        .status()
        .with_context(|| format!("无法运行 {name}；备份和恢复 PostgreSQL 需要安装 PostgreSQL 客户端程序"))?;
    if !status.success() {
        bail!("{name} 没有成功");
    }
    Ok(())
}
