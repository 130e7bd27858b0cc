//! `gongkai agency`.

use clap::Subcommand;

use crate::cli::Office;
use crate::service::ServiceError;
use crate::service::access::add_agency::{add_agency, list_agencies};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 添加机关
    Add {
        /// 机关代码，不可重复
        #[arg(long)]
        code: String,
        /// 机关全称
        #[arg(long)]
        name: String,
        /// 上级机关的代码
        #[arg(long, value_name = "CODE")]
        parent: Option<String>,
    },
    /// 列出机关
    List,
}

pub(super) fn run(office: &Office, command: Command) -> anyhow::Result<()> {
    let db = office.db()?;
    match command {
        Command::Add { code, name, parent } => {
            let caller = office.caller();
            let added = db.write(|conn| add_agency(conn, &caller, &code, &name, parent.as_deref()))?;
            println!("已添加机关 {}（{}）", added.name, added.code);
        }
        Command::List => {
            let agencies = db.read(|conn| -> Result<_, ServiceError> { list_agencies(conn) })?;
            if agencies.is_empty() {
                println!("还没有机关；可用 gongkai agency add --code 代码 --name 名称 添加");
            }
            for agency in agencies {
                // The path of the root is /1/; every level below it has one number more.
                let depth = agency.path.matches('/').count().saturating_sub(2);
                println!("{}{}  {}", "  ".repeat(depth), agency.code, agency.name);
            }
        }
    }
    Ok(())
}
