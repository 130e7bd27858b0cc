//! One task on a case, as its page or the interface for programs gives it: the one way from a person
//! to [`act_on_case`], with the person's sight checked and what belongs to the request kept beside.

use serde_json::{Map, Value, json};

use crate::domain::case::{Amendment, Applied, Case, Command, next_day};
use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::domain::masking;
use crate::domain::refusal::Refusals;
use crate::domain::request::{PreferredForm, Request};
use crate::domain::workflow::{Action, WorkflowError};
use crate::service::case::act_on_case::{act_on_case, change_beside};
use crate::service::case::open_case::sighted_case;
use crate::service::case::split_case::split_case;
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::DbConnection;
use crate::storage::case::cases;

/// What was asked, set right; none leaves a fact as it is, an empty text takes it away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestAmendment {
    /// The information asked for.
    pub content: Option<String>,
    /// The form the applicant prefers.
    pub preferred_form: Option<PreferredForm>,
    /// Identity number or credit code.
    pub id_number: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// What is to be done with a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// A command of the case alone.
    Command(Command),
    /// The application becomes several cases.
    Split {
        /// What each is about.
        parts: Vec<String>,
    },
    /// What was recorded wrongly is set right.
    Amend {
        /// In the case.
        case: Amendment,
        /// In what was asked.
        request: RequestAmendment,
    },
}

/// What has become of the case.
#[derive(Debug, Clone)]
pub struct Worked {
    /// The case as it is now.
    pub case: Case,
    /// Whether the person still sees it: who has given a case away may not.
    pub is_seen: bool,
}

/// Carries a task out on a case this person may act on.
///
/// The case is read once, under the lock of the write: `read` makes the task of what was typed and of the case
/// as it is now.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] for a case this person does not see, [`ServiceError::Stale`] where it
/// has been changed since `version`, or the refusal of `read` or of the rules.
pub fn work_on_case(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    case: CaseId,
    version: i32,
    action: Action,
    read: impl FnOnce(&Case, &Request) -> Result<Task, Refusals>,
) -> Result<Worked, ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    if !caller.viewer.acts_on(sighted.place()) {
        return Err(WorkflowError::NotPermitted { action }.into());
    }
    if sighted.case().version != version {
        return Err(ServiceError::Stale);
    }
    // Only what sets a request right must know it.
    let request = if action == Action::Amend { cases::request(conn, case)? } else { Request::default() };
    let task = read(sighted.case(), &request)?;
    let after = match &task {
        Task::Command(command) => {
            if let Command::Assign { handler: Some(handler), department } = command {
                check_handler(conn, sighted.case(), *department, *handler)?;
            }
            act_on_case(conn, caller, rules, &sighted, version, command)?
        }
        Task::Split { parts } => split_case(conn, caller, rules, &sighted, version, parts)?.swap_remove(0),
        Task::Amend { case: amendment, request: changes } => {
            amend_case(conn, caller, rules, sighted.case(), amendment, request, changes)?
        }
    };
    Ok(Worked { is_seen: sighted.is_seen_after(caller, &after), case: after })
}

/// A handler works in the department a case is given to.
fn check_handler(
    conn: &mut DbConnection,
    case: &Case,
    department: crate::domain::ids::DepartmentId,
    handler: crate::domain::ids::UserId,
) -> Result<(), ServiceError> {
    let account = crate::storage::access::accounts::fetch(conn, handler)?;
    let is_there = account.agency_id == case.agency_id && account.department_id == Some(department);
    if is_there && !account.is_disabled {
        return Ok(());
    }
    let message = "该承办人不在所选部门，请重新选择承办人".to_owned();
    Err(ServiceError::field("handler", message))
}

/// Sets the case and what was asked right, as one entry of the journal. Personal data stands there
/// masked, for the journal is kept for good.
fn amend_case(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    before: &Case,
    amendment: &Amendment,
    old: Request,
    changes: &RequestAmendment,
) -> Result<Case, ServiceError> {
    let command = Command::Amend(amendment.clone());
    let Applied { case, mut details } = before.apply(&command, &rules.context(caller))?;
    let mut request = old.clone();
    let changed = amend_request(&mut request, changes)?;
    if let Value::Object(details) = &mut details {
        details.extend(changed);
        if details.len() < 2 {
            let message = "没有更正任何内容；请修改需要更正的项目".to_owned();
            return Err(ServiceError::refused(message));
        }
    }
    change_beside(conn, before, &command)?;
    let next = next_day(&case.clock, &rules.calendar, &rules.clock, caller.today());
    cases::update(conn, &case, next, caller.now)?;
    if request != old {
        cases::update_request(conn, case.id, &request)?;
    }
    note::case(conn, caller, &case, Action::Amend.code(), details)?;
    Ok(case)
}

/// Sets a request right; returns before and after of what changed.
fn amend_request(
    request: &mut Request,
    changes: &RequestAmendment,
) -> Result<Map<String, Value>, ServiceError> {
    let mut changed = Map::new();
    if let Some(content) = changes.content.as_ref().filter(|it| **it != request.content) {
        if content.trim().is_empty() {
            let message = "请填写申请公开的内容".to_owned();
            return Err(ServiceError::field("content", message));
        }
        changed.insert("content".to_owned(), json!([request.content, content]));
        request.content.clone_from(content);
    }
    if changes.preferred_form.is_some() && changes.preferred_form != request.preferred_form {
        changed.insert("preferred_form".to_owned(), json!([request.preferred_form, changes.preferred_form]));
        request.preferred_form = changes.preferred_form;
    }
    type Mask = fn(&str) -> String;
    let personal: [(&str, &mut Option<String>, &Option<String>, Mask); 4] = [
        ("id_number", &mut request.id_number, &changes.id_number, masking::id_number),
        ("phone", &mut request.phone, &changes.phone, masking::phone),
        ("email", &mut request.email, &changes.email, masking::email),
        ("address", &mut request.address, &changes.address, masking::address),
    ];
    for (key, old, new, mask) in personal {
        let Some(new) = new else { continue };
        let new = Some(new.trim().to_owned()).filter(|it| !it.is_empty());
        if new == *old {
            continue;
        }
        changed.insert(key.to_owned(), json!([old.as_deref().map(mask), new.as_deref().map(mask)]));
        *old = new;
    }
    Ok(changed)
}
