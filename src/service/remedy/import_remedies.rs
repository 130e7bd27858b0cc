//! Imports an office's register of reconsiderations and suits.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::json;

use crate::domain::event::{CountedFacts, Event, Subject};
use crate::domain::ids::{AgencyId, CaseId, RemedyId};
use crate::domain::outcome::RemedyClass;
use crate::domain::register::RemedyRow;
use crate::domain::remedy::{RemedyFacts, RemedyKind};
use crate::service::case::import_cases::Imported;
use crate::service::{Caller, ServiceError, agency, note};
use crate::storage::case::cases;
use crate::storage::journal::{Entry, Head};
use crate::storage::remedy::remedies;
use crate::storage::remedy::remedies::Remedy;
use crate::storage::{DbConnection, journal};

/// Something about one row that only the database can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFinding {
    /// The row of the sheet.
    pub sheet_row: u32,
    /// The heading of the column it is about, as the register names it.
    pub column: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
}

/// What an import of remedies did or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportedRemedies {
    /// The number of rows, by what became of them.
    pub imported: Imported,
    /// Rows that contradict the records. Where there are any, nothing has been stored.
    pub problems: Vec<RowFinding>,
    /// Rows to look at.
    pub warnings: Vec<RowFinding>,
}

/// Imports the rows of a register of remedies, after checking them against the cases they are about.
///
/// # Errors
/// An unknown agency, or a failure of the database.
pub fn import_remedies(
    conn: &mut DbConnection,
    caller: &Caller,
    agency_code: &str,
    file_name: &str,
    rows: &[RemedyRow],
) -> Result<ImportedRemedies, ServiceError> {
    let agency = agency(conn, agency_code)?.agency_id();
    let numbers = cases::numbers(conn, agency)?;
    let known = remedies::of_agency(conn, agency)?;
    let mut result = ImportedRemedies::default();
    check_rows(conn, rows, &numbers, &mut result)?;
    if !result.problems.is_empty() {
        return Ok(result);
    }
    let (mut new, mut entries) = (Vec::new(), Vec::new());
    for row in rows {
        let before = known.get(&row.remedy_no);
        let after = remedy(agency, &numbers, row, before);
        let import = Import { caller, agency, file_name, row };
        match before {
            None => {
                entries.extend(import.first_entries(&after));
                new.push(after);
                result.imported.n_new += 1;
            }
            Some(before) if after == *before => result.imported.n_unchanged += 1,
            Some(before) => {
                let after = Remedy { version: before.version + 1, ..after };
                remedies::update(conn, &after)?;
                journal::append(conn, import.change_entry(before, &after))?;
                result.imported.n_changed += 1;
            }
        }
    }
    remedies::insert(conn, &new)?;
    journal::append_all(conn, &entries)?;
    Ok(result)
}

/// Checks rows against the cases they are about.
fn check_rows(
    conn: &mut DbConnection,
    rows: &[RemedyRow],
    numbers: &BTreeMap<String, CaseId>,
    result: &mut ImportedRemedies,
) -> Result<(), ServiceError> {
    for row in rows {
        let Some(case_no) = &row.case_no else { continue };
        let finding = |column, message| RowFinding { sheet_row: row.sheet_row, column, message };
        let Some(id) = numbers.get(case_no) else {
            result.problems.push(finding(
                "原登记号",
                format!("没有登记号为“{case_no}”的申请；请核对登记号，或者先导入该申请"),
            ));
            continue;
        };
        let case = cases::fetch(conn, *id)?;
        if row.accepted_on < case.received_on {
            result.problems.push(finding(
                "受理日期",
                format!("受理日期{}早于原申请的收到日期{}，请核对", row.accepted_on, case.received_on),
            ));
        }
        let needs_reconsideration = case
            .closed
            .is_some_and(|(_, outcome)| outcome.rule().remedy == RemedyClass::ReconsiderationFirst);
        if row.kind == RemedyKind::DirectSuit && needs_reconsideration {
            result.warnings.push(finding(
                "类型",
                "不予公开的答复应当先申请行政复议（行政复议法第二十三条），请核对是否确为未经复议直接起诉"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

/// The proceeding a row describes. What the row leaves empty stays as it was.
fn remedy(
    agency: AgencyId,
    numbers: &BTreeMap<String, CaseId>,
    row: &RemedyRow,
    before: Option<&Remedy>,
) -> Remedy {
    let case_id = row.case_no.as_ref().and_then(|it| numbers.get(it)).copied();
    let concluded = row.concluded.map(|it| (it.on, it.result));
    Remedy {
        id: before.map_or_else(RemedyId::new, |it| it.id),
        agency_id: agency,
        remedy_no: row.remedy_no.clone(),
        case_id: case_id.or(before.and_then(|it| it.case_id)),
        version: before.map_or(1, |it| it.version),
        facts: RemedyFacts {
            kind: row.kind,
            accepted_on: row.accepted_on,
            concluded: concluded.or(before.and_then(|it| it.facts.concluded)),
            capacity: row.capacity,
        },
        body: row.body.clone().or(before.map(|it| it.body.clone())).unwrap_or_default(),
        remarks: row.remarks.clone().or(before.map(|it| it.remarks.clone())).unwrap_or_default(),
    }
}

struct Import<'a> {
    caller: &'a Caller,
    agency: AgencyId,
    file_name: &'a str,
    row: &'a RemedyRow,
}

impl Import<'_> {
    fn first_entries(&self, remedy: &Remedy) -> Vec<Entry> {
        let mut head = Head::none();
        let pending = RemedyFacts { concluded: None, ..remedy.facts.clone() };
        let details = json!({ "file": self.file_name, "row": self.row.sheet_row });
        let accepted_on = remedy.facts.accepted_on;
        let mut entries = vec![head.follow(self.entry(remedy, "import", accepted_on, details, &pending))];
        if let Some((day, result)) = remedy.facts.concluded {
            let details =
                json!({ "file": self.file_name, "row": self.row.sheet_row, "on": day, "result": result });
            entries.push(head.follow(self.entry(remedy, "import_conclusion", day, details, &remedy.facts)));
        }
        entries
    }

    fn change_entry(&self, before: &Remedy, after: &Remedy) -> Event {
        let only_concluded = before.facts.concluded.is_none()
            && RemedyFacts { concluded: None, ..after.facts.clone() } == before.facts;
        let concluded = after.facts.concluded.filter(|_| only_concluded);
        let known_on = concluded.map_or(self.caller.today(), |(day, _)| day);
        let details = json!({
            "file": self.file_name,
            "row": self.row.sheet_row,
            "facts": [before.facts, after.facts],
        });
        self.entry(after, "import_change", known_on, details, &after.facts)
    }

    fn entry(
        &self,
        remedy: &Remedy,
        action: &str,
        known_on: NaiveDate,
        details: serde_json::Value,
        facts: &RemedyFacts,
    ) -> Event {
        let counted = CountedFacts::of_remedy(facts);
        let id = remedy.id.to_string();
        let event =
            note::event(self.caller, Subject::Remedy, id, Some(self.agency), action, details, counted);
        Event { known_on, ..event }
    }
}
