//! The people of the bureau.

use crate::domain::ids::{DepartmentId, UserId};
use crate::domain::workflow::Role;
use crate::service::access::hashing::hash_password;
use crate::service::upkeep::demo_bureau::{Person, past};
use crate::service::{Caller, ServiceError};
use crate::storage::DbConnection;
use crate::storage::access::accounts::Account;
use crate::storage::access::agencies::Agency;
use crate::storage::access::{accounts, agencies};

/// The password of everyone in the demonstration, where there is nothing to protect.
pub const PASSWORD: &str = "gongkai-demo";

pub(super) fn add(
    conn: &mut DbConnection,
    caller: &Caller,
    agency: &Agency,
) -> Result<Vec<Person>, ServiceError> {
    let password_hash = hash_password(PASSWORD)?;
    let mut people = Vec::new();
    let staff: [(&str, &str, &[Role], Option<usize>); 8] = [
        ("dengji", "周敏", &[Role::Clerk], None),
        ("chengban", "刘建国", &[Role::Handler], Some(0)),
        ("chengban2", "孙丽", &[Role::Handler], Some(1)),
        ("falv", "赵律", &[Role::LegalAdviser], None),
        ("fuzeren", "陈主任", &[Role::Approver], None),
        ("guanli", "王科长", &[Role::Manager], None),
        ("admin", "系统管理员", &[Role::Administrator], None),
        ("shenji", "审计员", &[Role::Auditor], None),
    ];
    for (login, name, roles, department) in staff {
        let department: Option<DepartmentId> = department
            .map(|it| agencies::department(conn, agency.agency_id(), past::DEPARTMENTS[it]))
            .transpose()?;
        let account = Account {
            id: UserId::new(),
            login: login.to_owned(),
            name: name.to_owned(),
            agency_id: agency.agency_id(),
            department_id: department,
            version: 1,
            password_hash: password_hash.clone(),
            password_set_at: caller.now,
            must_change_password: false,
            totp_secret: None,
            is_disabled: false,
            n_failures: 0,
            locked_until: None,
            created_at: caller.now,
            roles: roles.to_vec(),
        };
        accounts::insert(conn, &account)?;
        people.push(Person { account, agency_path: agency.path.clone() });
    }
    Ok(people)
}
