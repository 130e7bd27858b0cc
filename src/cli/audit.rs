//! `gongkai audit`.

use anyhow::bail;
use clap::Subcommand;

use crate::cli::Office;
use crate::files::Condition;
use crate::service::upkeep::check_files::check_files;
use crate::service::upkeep::verify_journal::verify_journal;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 校验办理日志和附件是否被改动
    Verify,
}

pub(super) fn run(office: &Office, command: &Command) -> anyhow::Result<()> {
    let Command::Verify = command;
    let db = office.db()?;
    let (n_entries, broken) = db.snapshot(verify_journal)?;
    println!("办理日志共{n_entries}条");
    for it in &broken {
        eprintln!("{} 第{}条：{}", it.subject_id, it.seq, it.fault);
    }
    let store = office.files(&db);
    let files = check_files(&db, &store)?;
    println!("附件共{}份，文件{}个", files.n_rows, files.n_files);
    for it in &files.faults {
        let fault =
            if it.condition == Condition::Missing { "文件缺失" } else { "内容与校验值不符" };
        let cases: Vec<_> = it.cases.iter().map(|(no, name)| format!("{no}“{name}”")).collect();
        eprintln!("{}：{fault}；用于{}", it.hash, cases.join("、"));
    }
    if files.n_unnamed > 0 {
        println!("另有{}个文件没有附件使用（上传中断所留，可以不管）", files.n_unnamed);
    }
    match (broken.len(), files.faults.len()) {
        (0, 0) => println!("校验值全部相符"),
        (n, 0) => bail!("有{n}条记录与校验值不符"),
        (0, n) => bail!("有{n}个文件缺失或者与校验值不符；附件文件夹：{}", store.root().display()),
        (n, m) => bail!("有{n}条记录与校验值不符，{m}个文件缺失或者与校验值不符"),
    }
    Ok(())
}
