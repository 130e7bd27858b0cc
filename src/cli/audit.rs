//! `gongkai audit`.

use anyhow::bail;
use clap::Subcommand;

use crate::cli::Office;
use crate::service::verify_journal::verify_journal;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 校验办理日志是否被改动
    Verify,
}

pub(super) fn run(office: &Office, command: &Command) -> anyhow::Result<()> {
    let Command::Verify = command;
    let (n_entries, broken) = office.db()?.snapshot(verify_journal)?;
    println!("办理日志共{n_entries}条");
    for it in &broken {
        eprintln!("{} 第{}条：{}", it.subject_id, it.seq, it.fault);
    }
    if !broken.is_empty() {
        bail!("有{}条记录与校验值不符", broken.len());
    }
    println!("校验值全部相符");
    Ok(())
}
