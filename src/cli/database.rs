//! `gongkai migrate`, `backup` and `restore`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use anyhow::{Context, bail};
use clap::Args;

use crate::cli::Office;
use crate::files::{Copied, Store, copy_all};
use crate::service::upkeep::check_files::{FileReport, check_files};
use crate::service::upkeep::refresh_search::refresh_search;
use crate::storage::upkeep::plans;
use crate::storage::{Address, Db};

pub(super) fn migrate(office: &Office) -> anyhow::Result<()> {
    let db = office.open()?;
    // An SQLite file is one copy away from safety; a server has backups of its own.
    if let (Address::Sqlite(path), false, true) = (db.address(), db.is_empty()?, db.has_pending_migrations()?)
    {
        let copy = format!("{path}.before-{}", env!("CARGO_PKG_VERSION"));
        if !Path::new(&copy).exists() {
            refuse_leftovers(Path::new(&copy))?;
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
    Ok(db.write(plans::renew)?)
}

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// 备份文件；不能已经存在。附件放在同名加 .files 的文件夹中
    file: PathBuf,
    /// 附件的备份文件夹；多次备份用同一个，只复制新增的附件
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// 备份文件
    file: PathBuf,
    /// 附件的备份文件夹；默认是备份文件名加 .files
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
}

pub(super) fn backup(office: &Office, command: &Backup) -> anyhow::Result<()> {
    let file = &command.file;
    if file.exists() {
        bail!("文件 {} 已经存在，请换一个文件名", file.display());
    }
    let db = office.db()?;
    match db.address() {
        Address::Sqlite(_) => {
            refuse_leftovers(file)?;
            db.back_up(file)?;
        }
        Address::Postgres(url) => {
            let mut dump = Process::new("pg_dump");
            dump.args(["--format=custom", "--no-owner", "--file"]).arg(file).arg("--dbname").arg(url);
            run(dump, "pg_dump")?;
        }
    }
    println!("已备份到 {}", file.display());
    // After the database: files only come, so that every row of the copy finds its file.
    let copies = Store::new(command.files.clone().unwrap_or_else(|| beside(file)));
    let copied = copy_all(&office.files(&db), &copies)?;
    show_copied(&copied, &copies);
    conclude_files(&check_files(&db, &copies)?, "备份")
}

/// The folder of the files that belong to a backup.
fn beside(file: &Path) -> PathBuf {
    with_ending(file, ".files")
}

fn show_copied(copied: &Copied, to: &Store) {
    if copied.n_new + copied.n_known > 0 {
        println!(
            "附件文件{}个，新复制{}个：{}",
            copied.n_new + copied.n_known,
            copied.n_new,
            to.root().display()
        );
    }
    for hash in &copied.damaged {
        eprintln!("没有复制 {hash}：内容与校验值不符");
    }
}

/// That every file which a row names is where it should be.
fn conclude_files(report: &FileReport, what: &str) -> anyhow::Result<()> {
    for it in &report.faults {
        let cases: Vec<_> = it.cases.iter().map(|(no, name)| format!("{no}“{name}”")).collect();
        eprintln!("缺少 {}；用于{}", it.hash, cases.join("、"));
    }
    if !report.faults.is_empty() {
        bail!("数据库已{what}，但有{}个附件文件缺失或者损坏", report.faults.len());
    }
    Ok(())
}

pub(super) fn restore(office: &Office, command: &Restore) -> anyhow::Result<()> {
    let file = &command.file;
    if !file.is_file() {
        bail!("没有备份文件 {}", file.display());
    }
    match Address::parse(office.settings.database.url.expose())? {
        Address::Sqlite(path) => {
            // A link that leads nowhere would be written through, beside what lies where it leads.
            if fs::symlink_metadata(&path).is_ok() {
                bail!("数据库 {path} 已经存在；为免覆盖，请先把它移走，或者用 --database-url 指定新的位置");
            }
            refuse_leftovers(Path::new(&path))?;
            refuse_unfinished(file)?;
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
            // Asking whether it is empty has made the table of migrations, which the copy brings too.
            restore.args(["--no-owner", "--exit-on-error", "--clean", "--if-exists", "--dbname"]);
            restore.arg(&url).arg(file);
            run(restore, "pg_restore")?;
        }
    }
    let db = office.open()?;
    check_restored(&db)?;
    println!("已从 {} 恢复", file.display());
    if db.has_pending_migrations()? {
        // A copy of an earlier version may know no files; whoever upgrades it checks then.
        println!("备份是早先版本的，请接着运行 gongkai migrate");
    }
    let store = office.files(&db);
    let copies = Store::new(command.files.clone().unwrap_or_else(|| beside(file)));
    show_copied(&copy_all(&copies, &store)?, &store);
    if db.has_pending_migrations()? { Ok(()) } else { conclude_files(&check_files(&db, &store)?, "恢复") }
}

/// What SQLite keeps beside a database while it is in use, or after a crash.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// SQLite would write what an earlier database of this name has left into the new one, and so destroy it.
fn refuse_leftovers(file: &Path) -> anyhow::Result<()> {
    let mut left =
        BESIDE.iter().map(|it| with_ending(file, it)).filter(|it| fs::symlink_metadata(it).is_ok());
    match left.next() {
        None => Ok(()),
        Some(left) => bail!(
            "{} 是原来的数据库留下的，里面可能有还没有写进原数据库的内容；新的数据库放在它旁边会被写坏。\
             请确认没有程序在用这个数据库，再把它和原来的数据库文件一起移到别处保存，然后重新运行",
            left.display()
        ),
    }
}

/// A database that was copied while it was in use is not whole without what stands beside it.
fn refuse_unfinished(file: &Path) -> anyhow::Result<()> {
    let is_filled = |it: &PathBuf| it.metadata().is_ok_and(|it| it.len() > 0);
    match ["-wal", "-journal"].iter().map(|it| with_ending(file, it)).find(is_filled) {
        None => Ok(()),
        Some(left) => bail!(
            "{} 旁边有 {}，说明它不是 gongkai backup 做的备份，而是正在使用的数据库，或者没有正常关闭的数据库；\
             只复制它会丢失最近的内容。请在原处用 gongkai backup 做一份备份，再从那份备份恢复",
            file.display(),
            left.display()
        ),
    }
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
