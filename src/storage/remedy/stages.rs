//! The stages of reconsiderations and suits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::domain::ids::RemedyId;
use crate::domain::remedy::RemedyResult;
use crate::domain::remedy::stages::{Paper, Procedure, Stage, StageEnd, StageKind};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::remedy_stages;
use crate::storage::{DbConnection, StorageError};

#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = remedy_stages)]
struct StageRow {
    remedy_id: Id<RemedyId>,
    seq: i32,
    kind: Code<StageKind>,
    docket_no: String,
    body: String,
    accepted_on: NaiveDate,
    procedure: Code<Procedure>,
    copy_received_on: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    hearing_on: Option<NaiveDate>,
    notes: String,
    ended_on: Option<NaiveDate>,
    served_on: Option<NaiveDate>,
    paper: Option<Code<Paper>>,
    result: Option<Code<RemedyResult>>,
}

impl StageRow {
    fn new(remedy: RemedyId, seq: i32, stage: &Stage) -> Self {
        let end = stage.end.as_ref();
        Self {
            remedy_id: Id(remedy),
            seq,
            kind: Code(stage.kind),
            docket_no: stage.docket_no.clone(),
            body: stage.body.clone(),
            accepted_on: stage.accepted_on,
            procedure: Code(stage.procedure),
            copy_received_on: stage.copy_received_on,
            answered_on: stage.answered_on,
            hearing_on: stage.hearing_on,
            notes: stage.notes.clone(),
            ended_on: end.map(|it| it.on),
            served_on: end.and_then(|it| it.served_on),
            paper: end.map(|it| Code(it.paper)),
            result: end.map(|it| Code(it.result)),
        }
    }

    fn stage(self) -> Stage {
        let end = match (self.ended_on, self.paper, self.result) {
            (Some(on), Some(paper), Some(result)) => {
                Some(StageEnd { on, served_on: self.served_on, paper: paper.0, result: result.0 })
            }
            _ => None,
        };
        Stage {
            kind: self.kind.0,
            docket_no: self.docket_no,
            body: self.body,
            accepted_on: self.accepted_on,
            procedure: self.procedure.0,
            copy_received_on: self.copy_received_on,
            answered_on: self.answered_on,
            hearing_on: self.hearing_on,
            notes: self.notes,
            end,
        }
    }
}

/// Keeps the stages of a proceeding, in place of what was kept before.
pub fn keep(conn: &mut DbConnection, remedy: RemedyId, stages: &[Stage]) -> Result<(), StorageError> {
    diesel::delete(remedy_stages::table.filter(remedy_stages::remedy_id.eq(Id(remedy)))).execute(conn)?;
    for (seq, stage) in (1..).zip(stages) {
        diesel::insert_into(remedy_stages::table).values(StageRow::new(remedy, seq, stage)).execute(conn)?;
    }
    Ok(())
}

/// The stages of some proceedings, each oldest first, by the identifier of the proceeding. One that
/// came from a register has none.
pub fn of(
    conn: &mut DbConnection,
    remedies: &[RemedyId],
) -> Result<BTreeMap<RemedyId, Vec<Stage>>, StorageError> {
    let rows: Vec<StageRow> = remedy_stages::table
        .filter(remedy_stages::remedy_id.eq_any(remedies.iter().copied().map(Id)))
        .order((remedy_stages::remedy_id, remedy_stages::seq))
        .load(conn)?;
    let mut found: BTreeMap<RemedyId, Vec<Stage>> = BTreeMap::new();
    for row in rows {
        found.entry(row.remedy_id.0).or_default().push(row.stage());
    }
    Ok(found)
}
