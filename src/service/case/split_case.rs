//! Splits an application that asks for several things into cases of their own.

use chrono::Datelike;
use serde_json::json;

use crate::domain::case::{Case, next_day};
use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::domain::workflow::{self, Action};
use crate::service::case::open_case::Sighted;
use crate::service::case::register_case;
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::DbConnection;
use crate::storage::case::cases;

/// Splits a case: the first text stays with it, each further one becomes a case of its own, received
/// the same day by the same channel, and linked to the first. Each part is one 件 in the tables.
///
/// # Errors
/// Fewer than two parts, an empty part, a case that was answered before, a stale version, or the
/// workflow's refusal.
pub fn split_case(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    sighted: &Sighted,
    version: i32,
    parts: &[String],
) -> Result<Vec<Case>, ServiceError> {
    let before = sighted.case();
    if before.version != version {
        return Err(ServiceError::Stale);
    }
    let status =
        workflow::next_status(&rules.policy, before.status, Action::Split, &caller.viewer.roles, None)?;
    if before.round != 1 {
        // It was answered and counted as one; parts would be counted as answered then, too.
        let message = "重新办理的申请已经作为一件答复过，不能拆分".to_owned();
        return Err(ServiceError::refused(message));
    }
    let parts: Vec<_> = parts.iter().map(|it| it.trim()).collect();
    if parts.len() < 2 || parts.iter().any(|it| it.is_empty()) {
        let message = "拆分应当至少有两项内容，每项都不能为空".to_owned();
        return Err(ServiceError::field("parts", message));
    }
    let mut request = cases::request(conn, before.id)?;
    let first = Case { version: before.version + 1, status, ..before.clone() };
    let next = next_day(&first.clock, &rules.calendar, &rules.clock, caller.today());
    cases::update(conn, &first, next, caller.now)?;
    let whole = std::mem::replace(&mut request.content, parts[0].to_owned());
    cases::update_request(conn, before.id, &request)?;

    let mut result = vec![first];
    for part in &parts[1..] {
        let case_no = cases::next_number(conn, before.agency_id, before.received_on.year())?;
        // A draft there may be was about the whole.
        let new = Case { id: CaseId::new(), case_no, version: 1, reply: None, ..before.clone() };
        request.content = (*part).to_owned();
        let details = json!({ "case_no": new.case_no, "split_from": before.case_no });
        let new = register_case::store(conn, caller, rules, new, &request, Action::Split.code(), details)?;
        cases::link(conn, before.id, new.id, "拆分自同一申请")?;
        result.push(new);
    }
    let numbers: Vec<_> = result.iter().map(|it| &it.case_no).collect();
    let details = json!({ "content_before": whole, "parts": numbers });
    note::case(conn, caller, before, Action::Split.code(), details)?;
    Ok(result)
}
