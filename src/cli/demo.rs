//! `gongkai demo`.

use clap::Args;

use crate::cli::{Office, serve};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// 只填入演示数据，不启动服务
    #[arg(long)]
    no_serve: bool,
}

pub(super) fn run(office: Office, command: &Demo) -> anyhow::Result<()> {
    if command.no_serve { Ok(()) } else { serve::run(office, true) }
}
