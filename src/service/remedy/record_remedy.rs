//! Records a reconsideration or suit against a reply.

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::ids::{CaseId, RemedyId};
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::remedy::stages::{Procedure, Stage};
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind};
use crate::domain::wording;
use crate::service::case::open_case::{Sighted, sighted_by_no, sighted_case};
use crate::service::{Caller, ServiceError, note};
use crate::storage::remedy::remedies::Remedy;
use crate::storage::remedy::{remedies, stages};
use crate::storage::{DbConnection, StorageError};

/// A proceeding as it becomes known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRemedy {
    /// Its number.
    pub remedy_no: String,
    /// Which group of table 4.
    pub kind: RemedyKind,
    /// In which capacity the agency takes part.
    pub capacity: Capacity,
    /// The body or court.
    pub body: String,
    /// The day it was accepted.
    pub accepted_on: NaiveDate,
    /// In which procedure it is heard.
    pub procedure: Procedure,
    /// The day the copy was received.
    pub copy_received_on: Option<NaiveDate>,
    /// Anything else.
    pub remarks: String,
}

/// The case a proceeding is to be recorded against, where the person may act on it.
///
/// # Errors
/// [`StorageError::NotFound`] for a case that is not theirs to see or to act on.
pub fn challenged_case(
    conn: &mut DbConnection,
    caller: &Caller,
    id: CaseId,
) -> Result<Sighted, ServiceError> {
    let sighted = sighted_case(conn, caller, id)?;
    if caller.viewer.acts_on(sighted.place()) { Ok(sighted) } else { Err(StorageError::NotFound.into()) }
}

/// The case with this number in the person's agency, where they may act on it.
///
/// # Errors
/// A refusal where there is none.
pub fn case_by_no(conn: &mut DbConnection, caller: &Caller, case_no: &str) -> Result<Sighted, ServiceError> {
    match sighted_by_no(conn, caller, case_no) {
        // A case of their own agency that they see is theirs to act on.
        Err(ServiceError::Storage(StorageError::NotFound)) => Err(ServiceError::field(
            "case_no",
            format!("没有登记号为“{case_no}”的申请，请核对；早于本系统的，把这一栏空着"),
        )),
        found => found,
    }
}

/// Records a proceeding. The same once more, as by a double click, finds what is there already.
///
/// # Errors
/// Refusals field by field, or a case that is not theirs to see.
pub fn record_remedy(
    conn: &mut DbConnection,
    caller: &Caller,
    case: Option<&Sighted>,
    command: &RecordRemedy,
) -> Result<Remedy, ServiceError> {
    let mut refusals = Vec::new();
    let mut refuse = |field, message: String| refusals.push(Refusal::at(field, message));
    let (remedy_no, body) = (command.remedy_no.trim(), command.body.trim());
    if remedy_no.is_empty() {
        refuse("remedy_no", "请填写案号".to_owned());
    }
    if body.is_empty() {
        refuse("body", "请填写复议机关或者法院".to_owned());
    }
    let today = caller.today();
    if today < command.accepted_on {
        refuse("accepted_on", "受理日期还没有到，请核对日期".to_owned());
    }
    if let Some(copy) = command.copy_received_on {
        if today < copy {
            refuse("copy_received_on", "收到副本的日期还没有到，请核对日期".to_owned());
        } else if copy < command.accepted_on {
            let message = format!("收到副本的日期早于受理日期（{}），请核对两个日期", command.accepted_on);
            refuse("copy_received_on", message);
        }
    }
    let case = case.map(Sighted::case);
    if let Some(case) = case.filter(|it| command.accepted_on < it.received_on) {
        let message = format!("受理日期早于收到申请的日期（{}），请核对", wording::day(case.received_on));
        refuse("accepted_on", message);
    }
    Refusals::check(refusals)?;
    let facts = RemedyFacts {
        kind: command.kind,
        accepted_on: command.accepted_on,
        concluded: None,
        capacity: command.capacity,
    };
    match remedies::by_no(conn, caller.viewer.agency, remedy_no) {
        Err(StorageError::NotFound) => {}
        Err(err) => return Err(err.into()),
        Ok(known) if known.case_id == case.map(|it| it.id) && known.facts == facts => return Ok(known),
        Ok(_) => {
            return Err(ServiceError::field("remedy_no", format!("案号“{remedy_no}”已经登记过，请核对")));
        }
    }
    let remedy = Remedy {
        id: RemedyId::new(),
        agency_id: caller.viewer.agency,
        remedy_no: remedy_no.to_owned(),
        case_id: case.map(|it| it.id),
        version: 1,
        facts,
        body: body.to_owned(),
        remarks: command.remarks.trim().to_owned(),
    };
    let stage = Stage {
        procedure: command.procedure,
        copy_received_on: command.copy_received_on,
        ..Stage::first(&remedy.facts, remedy_no, body)
    };
    remedies::insert(conn, std::slice::from_ref(&remedy))?;
    stages::keep(conn, remedy.id, std::slice::from_ref(&stage))?;
    let details = json!({
        "remedy_no": remedy.remedy_no,
        "case_no": case.map(|it| &it.case_no),
        "facts": remedy.facts,
        "stage": stage,
    });
    note::remedy(conn, caller, &remedy, "record", details)?;
    Ok(remedy)
}
