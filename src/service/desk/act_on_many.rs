//! One action on several cases: each on its own, as the person saw it, and each reported.

use crate::domain::case::Command;
use crate::domain::ids::{CaseId, DepartmentId, UserId};
use crate::service::case::act_on_case::act_on_case;
use crate::service::case::open_case::sighted_case;
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::access::agencies;
use crate::storage::desk::names;
use crate::storage::{Db, StorageError};

/// More than a page of a list holds.
pub const MAX_CASES: usize = 200;

/// What became of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The case.
    pub id: CaseId,
    /// Its number; empty where the person does not see it.
    pub case_no: String,
    /// Why it was refused; none where it was done.
    pub refused: Option<String>,
}

/// Gives each case to a department, and to a person where one is named.
///
/// Each case is a change of its own: one that somebody else has changed since the page was shown is
/// refused, the others are done.
///
/// # Errors
/// Where the database fails, or the handler is none of this agency.
pub fn assign_many(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    seen: &[(CaseId, i32)],
    department: Option<DepartmentId>,
    handler: Option<UserId>,
) -> Result<Vec<Done>, ServiceError> {
    let known = db.read(|conn| names::handlers(conn, caller.viewer.agency))?;
    let departments = db.read(|conn| agencies::departments(conn, caller.viewer.agency))?;
    let of_handler = match handler {
        None => None,
        Some(handler) => {
            let id = handler.to_string();
            let found = known.iter().find(|it| it.id == id);
            let found = found.ok_or_else(|| ServiceError::field("handler", "请选择本机关的承办人"))?;
            found.department_id.map(DepartmentId)
        }
    };
    let department = department.or(of_handler).filter(|it| departments.iter().any(|(known, _)| known == it));
    let Some(department) = department else {
        let message = if handler.is_some() {
            "该承办人没有所属部门，请同时选择承办部门"
        } else {
            "请选择承办人或者承办部门"
        };
        return Err(ServiceError::field("department", message));
    };
    act_on_many(db, caller, rules, seen, &Command::Assign { department, handler })
}

/// Carries one command out on each case.
///
/// # Errors
/// Where the database fails. What is refused is reported, and is no error.
pub fn act_on_many(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    seen: &[(CaseId, i32)],
    command: &Command,
) -> Result<Vec<Done>, ServiceError> {
    let mut done = Vec::new();
    for (id, version) in seen.iter().take(MAX_CASES) {
        let mut case_no = String::new();
        let result = db.write(|conn| {
            let sighted = sighted_case(conn, caller, *id)?;
            case_no.clone_from(&sighted.case().case_no);
            if !caller.viewer.acts_on(sighted.place()) {
                return Err(ServiceError::refused("不是本机关的申请，只能查看"));
            }
            act_on_case(conn, caller, rules, &sighted, *version, command)
        });
        let refused = match result {
            Ok(_) => None,
            Err(ServiceError::Stale) => {
                Some("打开列表之后，其他人已经办理过这件申请。请查看最新情况后再决定".to_owned())
            }
            Err(ServiceError::Storage(StorageError::NotFound)) => Some("没有找到".to_owned()),
            Err(err @ ServiceError::Storage(_)) => return Err(err),
            Err(err) => Some(err.to_string()),
        };
        done.push(Done { id: *id, case_no, refused });
    }
    Ok(done)
}
