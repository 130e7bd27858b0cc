//! Reads a reconsideration or suit, and enters what happens in it.

use serde_json::json;

use crate::domain::case::Case;
use crate::domain::ids::RemedyId;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::remedy::stages::{RemedyCommand, Stage, apply};
use crate::domain::remedy::{Capacity, RemedyKind};
use crate::domain::visibility::CasePlace;
use crate::domain::workflow::Status;
use crate::service::case::open_case::sighted_case;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::agencies;
pub use crate::storage::journal::Entry as HistoryEntry;
pub use crate::storage::remedy::remedies::Remedy as Recorded;
use crate::storage::remedy::{remedies, stages};
use crate::storage::{DbConnection, StorageError, journal};

/// A proceeding with everything there is about it.
#[derive(Debug, Clone, PartialEq)]
pub struct RemedyFile {
    /// The proceeding.
    pub remedy: Recorded,
    /// Its stages, oldest first; never empty.
    pub stages: Vec<Stage>,
    /// The case whose reply is challenged.
    pub case: Option<Case>,
    /// Its history, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Whether the person may enter anything.
    pub may_act: bool,
}

/// A proceeding, where the person sees it.
///
/// # Errors
/// [`StorageError::NotFound`] for one that is not theirs to see.
pub fn remedy_file(
    conn: &mut DbConnection,
    caller: &Caller,
    id: RemedyId,
) -> Result<RemedyFile, ServiceError> {
    let remedy = remedies::fetch(conn, id)?;
    let (case, place) = match remedy.case_id {
        Some(case) => {
            let sighted = sighted_case(conn, caller, case)?;
            (Some(sighted.case().clone()), sighted.place().clone())
        }
        // About no case of record: for those who see the whole agency.
        None => {
            let place = CasePlace {
                agency: remedy.agency_id,
                agency_path: agencies::by_id(conn, remedy.agency_id)?.path,
                department: None,
                handler: None,
                status: Status::Received,
            };
            if !caller.viewer.sees(&place) {
                return Err(StorageError::NotFound.into());
            }
            (None, place)
        }
    };
    let mut stages = stages::of(conn, &[id])?.remove(&id).unwrap_or_default();
    if stages.is_empty() {
        stages.push(Stage::first(&remedy.facts, &remedy.remedy_no, &remedy.body));
    }
    let history = journal::history(conn, &id.to_string())?;
    let may_act = caller.viewer.acts_on(&place);
    Ok(RemedyFile { remedy, stages, case, history, may_act })
}

/// Enters what happened in a proceeding, as the page of `version` showed it.
///
/// # Errors
/// [`ServiceError::Stale`] for a stale page, [`StorageError::NotFound`] for a proceeding that is not
/// theirs to act on, or refusals field by field.
pub fn act_on_remedy(
    conn: &mut DbConnection,
    caller: &Caller,
    id: RemedyId,
    version: i32,
    command: &RemedyCommand,
) -> Result<Recorded, ServiceError> {
    let RemedyFile { mut remedy, mut stages, may_act, .. } = remedy_file(conn, caller, id)?;
    if !may_act {
        return Err(StorageError::NotFound.into());
    }
    if remedy.version != version {
        return Err(ServiceError::Stale);
    }
    let details = apply(&mut remedy.facts, &mut stages, command, caller.today())?;
    store(conn, caller, remedy, &stages, command.action(), details)
}

/// What may be set right in the record of a proceeding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectRemedy {
    /// Its number.
    pub remedy_no: String,
    /// Which group of table 4.
    pub kind: RemedyKind,
    /// In which capacity the agency takes part.
    pub capacity: Capacity,
    /// The body or court.
    pub body: String,
    /// The day it was accepted.
    pub accepted_on: chrono::NaiveDate,
    /// Anything else.
    pub remarks: String,
}

/// Sets right what was recorded wrongly.
///
/// # Errors
/// Those of [`act_on_remedy`].
pub fn correct_remedy(
    conn: &mut DbConnection,
    caller: &Caller,
    id: RemedyId,
    version: i32,
    command: &CorrectRemedy,
) -> Result<Recorded, ServiceError> {
    let RemedyFile { mut remedy, mut stages, may_act, .. } = remedy_file(conn, caller, id)?;
    if !may_act {
        return Err(StorageError::NotFound.into());
    }
    if remedy.version != version {
        return Err(ServiceError::Stale);
    }
    let mut refusals = Vec::new();
    let mut refuse = |field, message: &str| refusals.push(Refusal::at(field, message));
    let (remedy_no, body) = (command.remedy_no.trim(), command.body.trim());
    if remedy_no.is_empty() {
        refuse("remedy_no", "请填写案号");
    }
    if body.is_empty() {
        refuse("body", "请填写复议机关或者法院");
    }
    if caller.today() < command.accepted_on {
        refuse("accepted_on", "受理日期还没有到，请核对日期");
    }
    let first = stages.first();
    let earliest = first.and_then(|it| it.copy_received_on.or(it.end.as_ref().map(|end| end.on)));
    let concluded = remedy.facts.concluded.map(|(day, _)| day);
    if [earliest, concluded].into_iter().flatten().any(|it| it < command.accepted_on) {
        refuse("accepted_on", "受理日期晚于收到副本或者审结的日期，请核对");
    }
    let is_other_road =
        (command.kind == RemedyKind::Reconsideration) != (remedy.facts.kind == RemedyKind::Reconsideration);
    if is_other_road && (1 < stages.len() || remedy.facts.concluded.is_some()) {
        refuse("kind", "已经有审理结果，不能在复议和诉讼之间更改；请先撤销审结");
    }
    match remedies::by_no(conn, remedy.agency_id, remedy_no) {
        Ok(other) if other.id != remedy.id => refuse("remedy_no", "这个案号已经登记过，请核对"),
        Ok(_) | Err(StorageError::NotFound) => {}
        Err(err) => return Err(err.into()),
    }
    Refusals::check(refusals)?;
    let before = json!({ "remedy_no": remedy.remedy_no, "facts": remedy.facts, "body": remedy.body, "remarks": remedy.remarks });
    if let Some(first) = stages.first_mut() {
        let named = Stage::first(&remedy.facts, &remedy.remedy_no, &remedy.body);
        remedy.facts.kind = command.kind;
        remedy.facts.accepted_on = command.accepted_on;
        let renamed = Stage::first(&remedy.facts, remedy_no, body);
        first.kind = renamed.kind;
        first.accepted_on = renamed.accepted_on;
        // The first stage has the number and body of the proceeding, unless it was given others.
        if first.docket_no == named.docket_no {
            first.docket_no = renamed.docket_no;
        }
        if first.body == named.body {
            first.body = renamed.body;
        }
    }
    remedy.facts.capacity = command.capacity;
    remedy_no.clone_into(&mut remedy.remedy_no);
    body.clone_into(&mut remedy.body);
    command.remarks.trim().clone_into(&mut remedy.remarks);
    let after = json!({ "remedy_no": remedy.remedy_no, "facts": remedy.facts, "body": remedy.body, "remarks": remedy.remarks });
    store(conn, caller, remedy, &stages, "correct", json!({ "before": before, "after": after }))
}

fn store(
    conn: &mut DbConnection,
    caller: &Caller,
    mut remedy: Recorded,
    stages: &[Stage],
    action: &str,
    details: serde_json::Value,
) -> Result<Recorded, ServiceError> {
    remedy.version += 1;
    remedies::update(conn, &remedy)?;
    stages::keep(conn, remedy.id, stages)?;
    note::remedy(conn, caller, &remedy, action, details)?;
    Ok(remedy)
}
