//! `gongkai user`: accounts, for whoever has the database in their hands.

use clap::Subcommand;

use crate::cli::Office;
use crate::domain::labels::Coded;
use crate::domain::workflow::Role;
use crate::service::access::accounts;
use crate::service::access::accounts::{EditAccount, NewAccount};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 添加账号；打印一次性密码
    Add {
        /// 用户名，不可重复
        #[arg(long)]
        login: String,
        /// 姓名
        #[arg(long)]
        name: String,
        /// 机关代码
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// 部门名称
        #[arg(long)]
        department: Option<String>,
        /// 职责，可给出多个，以逗号分隔
        #[arg(long, required = true, value_delimiter = ',', value_parser = role)]
        roles: Vec<Role>,
    },
    /// 列出账号
    List,
    /// 重置密码；打印新的一次性密码，并退出全部登录
    ResetPassword {
        /// 用户名
        login: String,
    },
    /// 停用账号
    Disable {
        /// 用户名
        login: String,
    },
    /// 恢复停用的账号
    Enable {
        /// 用户名
        login: String,
    },
    /// 解除锁定
    Unlock {
        /// 用户名
        login: String,
    },
    /// 改变职责
    Roles {
        /// 用户名
        login: String,
        /// 职责，以逗号分隔
        #[arg(required = true, value_delimiter = ',', value_parser = role)]
        roles: Vec<Role>,
    },
}

fn role(text: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|it| format!("{}（{}）", it.code(), it.label())).collect::<Vec<_>>();
    Role::from_code(text).map_err(|_| format!("应为以下之一：{}", known().join("、")))
}

fn labels(roles: &[Role]) -> String {
    roles.iter().map(|it| it.label()).collect::<Vec<_>>().join("、")
}

pub(super) fn run(office: &Office, command: Command) -> anyhow::Result<()> {
    let (db, caller) = (office.db()?, office.caller());
    match command {
        Command::Add { login, name, agency, department, roles } => {
            let new = NewAccount { login, name, agency, department, roles };
            let (account, password) = accounts::add(&db, &caller, &new)?;
            println!("已添加账号 {}（{}，{}）", account.login, account.name, labels(&account.roles));
            println!("一次性密码：{password}（首次登录时须修改）");
        }
        Command::List => {
            let listed = accounts::list(&db, &caller)?;
            if listed.is_empty() {
                println!("还没有账号；可用 gongkai user add 添加，或者启动服务后按提示初始设置");
            }
            for it in listed {
                let state = if it.account.is_disabled { "  已停用" } else { "" };
                let (login, name) = (&it.account.login, &it.account.name);
                println!("{login}  {name}  {}  {}{state}", it.agency.name, labels(&it.account.roles));
            }
        }
        Command::ResetPassword { login } => {
            let account = accounts::by_login(&db, &caller, &login)?;
            let password = accounts::reset_password(&db, &caller, account.id, account.version)?;
            println!("已重置 {login} 的密码，一次性密码：{password}");
        }
        Command::Disable { login } => {
            let account = accounts::by_login(&db, &caller, &login)?;
            accounts::set_disabled(&db, &caller, account.id, account.version, true)?;
            println!("已停用 {login}");
        }
        Command::Enable { login } => {
            let account = accounts::by_login(&db, &caller, &login)?;
            accounts::set_disabled(&db, &caller, account.id, account.version, false)?;
            println!("已恢复 {login}");
        }
        Command::Unlock { login } => {
            let account = accounts::by_login(&db, &caller, &login)?;
            accounts::unlock(&db, &caller, account.id)?;
            println!("已解除 {login} 的锁定");
        }
        Command::Roles { login, roles } => {
            let account = accounts::by_login(&db, &caller, &login)?;
            let listed = accounts::look(&db, &caller, account.id)?.0;
            let edit = EditAccount { name: listed.account.name, department: listed.department, roles };
            let account = accounts::edit(&db, &caller, account.id, account.version, &edit)?;
            println!("{login} 的职责：{}", labels(&account.roles));
        }
    }
    Ok(())
}
