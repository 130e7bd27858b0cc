//! Imports an office's register of applications: new cases, and what has become of known ones.
//!
//! A register that was kept elsewhere was the record of its days, so the journal says that its facts
//! were known when they happened; what is set right later is known from the day it was set right.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::domain::case::{Case, Reply, next_day};
use crate::domain::event::{Event, Subject};
use crate::domain::ids::{AgencyId, CaseId, DepartmentId};
use crate::domain::register::CaseRow;
use crate::domain::request::Request;
use crate::domain::response_clock::{
    ClockFacts, Consultation, Correction, Extension, FeeNotice, Party, Start,
};
use crate::domain::workflow::Status;
use crate::service::{Caller, Rules, ServiceError, agency, note};
use crate::storage::access::agencies;
use crate::storage::case::cases;
use crate::storage::case::cases::NewCase;
use crate::storage::journal::{Entry, Head};
use crate::storage::{DbConnection, journal};

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that became new records.
    pub n_new: usize,
    /// Rows that changed a known record.
    pub n_changed: usize,
    /// Rows that said nothing new.
    pub n_unchanged: usize,
}

/// The number of rows that are read, compared and stored together.
const BATCH: usize = 500;

/// Imports the rows of a register. What a row leaves empty changes nothing; what it gives fills in or
/// corrects. Importing the same register again changes nothing.
///
/// `progress` is told how many rows are done.
///
/// # Errors
/// An unknown agency, or a failure of the database; the caller's transaction then leaves nothing behind.
pub fn import_cases(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    agency_code: &str,
    file_name: &str,
    rows: &[CaseRow],
    progress: &mut dyn FnMut(usize),
) -> Result<Imported, ServiceError> {
    let agency = agency(conn, agency_code)?.agency_id();
    let import = Import { caller, rules, agency, file_name, departments: departments(conn, agency, rows)? };
    let known = cases::numbers(conn, agency)?;
    let mut imported = Imported::default();
    for (i, batch) in rows.chunks(BATCH).enumerate() {
        import.store(conn, batch, &known, &mut imported)?;
        progress(i * BATCH + batch.len());
    }
    Ok(imported)
}

/// The departments the rows name, added where they are new.
fn departments(
    conn: &mut DbConnection,
    agency: AgencyId,
    rows: &[CaseRow],
) -> Result<BTreeMap<String, DepartmentId>, ServiceError> {
    let mut departments = BTreeMap::new();
    for name in rows.iter().filter_map(|it| it.department.as_ref()) {
        if !departments.contains_key(name) {
            departments.insert(name.clone(), agencies::department(conn, agency, name)?);
        }
    }
    Ok(departments)
}

struct Import<'a> {
    caller: &'a Caller,
    rules: &'a Rules,
    agency: AgencyId,
    file_name: &'a str,
    departments: BTreeMap<String, DepartmentId>,
}

impl Import<'_> {
    fn store(
        &self,
        conn: &mut DbConnection,
        batch: &[CaseRow],
        known: &BTreeMap<String, CaseId>,
        imported: &mut Imported,
    ) -> Result<(), ServiceError> {
        let ids: Vec<_> = batch.iter().filter_map(|row| known.get(&row.case_no).copied()).collect();
        let mut stored = cases::fetch_many(conn, &ids)?;
        let mut new = Vec::new();
        let mut entries = Vec::new();
        for row in batch {
            match known.get(&row.case_no).and_then(|id| stored.remove(id)) {
                None => {
                    let case = self.new_case(row)?;
                    entries.extend(self.first_entries(&case.case, row));
                    new.push(case);
                    imported.n_new += 1;
                }
                Some(before) if self.change(conn, &before, row)? => imported.n_changed += 1,
                Some(_) => imported.n_unchanged += 1,
            }
        }
        cases::insert(conn, &new)?;
        Ok(journal::append_all(conn, &entries)?)
    }

    fn new_case(&self, row: &CaseRow) -> Result<NewCase, ServiceError> {
        let mut case = Case::received_before(self.agency, row, self.caller.today())?;
        let mut request = Request::default();
        self.fill(&mut case, &mut request, row);
        if case.status == Status::Registered && case.department_id.is_some() {
            case.status = Status::Handled;
        }
        let next = next_day(&case.clock, &self.rules.calendar, &self.rules.clock, self.caller.today());
        Ok(NewCase { case, request, next, registered_at: self.caller.now })
    }

    /// Puts what a row says into a case. What it leaves empty stays as it is.
    fn fill(&self, case: &mut Case, request: &mut Request, row: &CaseRow) {
        case.received_on = row.received_on;
        case.applicant_kind = row.applicant_kind;
        if row.channel.is_some() {
            case.channel = row.channel;
            case.clock.channel = row.channel;
        }
        if let Some(name) = &row.applicant_name {
            case.applicant_name.clone_from(name);
        }
        if let Some(name) = &row.department {
            case.department_id = self.departments.get(name).copied();
        }
        fill_request(request, row);
        if case.round > 1 {
            // The register speaks of the application; the clock runs for the new reply by now.
            return;
        }
        fill_clock(&mut case.clock, row);
        if let Some(closing) = row.closed {
            case.closed = Some((closing.on, closing.outcome));
            case.clock.closed_on = Some(closing.on);
            case.status = if closing.outcome.ends_without_reply() { Status::Ended } else { Status::Answered };
            let reply = case.reply.get_or_insert_with(Reply::default);
            reply.outcome = Some(closing.outcome);
            reply.closed_on = Some(closing.on);
        }
        if let Some(reply) = &mut case.reply {
            fill_text(&mut reply.reply_no, &row.reply_no);
            fill_text(&mut reply.delivery_method, &row.delivery_method);
            reply.legal_reviewed_on = row.legal_review_on.or(reply.legal_reviewed_on);
        }
    }

    /// The history of a new case as the register tells it: received, and, where it is, closed.
    fn first_entries(&self, case: &Case, row: &CaseRow) -> Vec<Entry> {
        let mut head = Head::none();
        let details = json!({ "file": self.file_name, "row": row.sheet_row });
        let open = crate::domain::report::statistics::CountedCase { closed: None, ..case.counted() };
        let mut entries =
            vec![head.follow(self.entry(case, "import", case.received_on, details.clone(), (&open).into()))];
        if let Some((day, outcome)) = case.closed {
            let details =
                json!({ "file": self.file_name, "row": row.sheet_row, "on": day, "outcome": outcome });
            entries.push(head.follow(self.entry(
                case,
                "import_closing",
                day,
                details,
                (&case.counted()).into(),
            )));
        }
        entries
    }

    fn entry(
        &self,
        case: &Case,
        action: &str,
        known_on: NaiveDate,
        details: Value,
        counted: crate::domain::event::CountedFacts,
    ) -> Event {
        let event = note::event(
            self.caller,
            Subject::Case,
            case.id.to_string(),
            Some(self.agency),
            action,
            details,
            Some(counted),
        );
        Event { known_on, ..event }
    }

    /// Stores what a row changes in a known case; whether it changed anything.
    fn change(
        &self,
        conn: &mut DbConnection,
        (before, request_before): &(Case, Request),
        row: &CaseRow,
    ) -> Result<bool, ServiceError> {
        let (mut case, mut request) = (before.clone(), request_before.clone());
        self.fill(&mut case, &mut request, row);
        if case == *before && request == *request_before {
            return Ok(false);
        }
        case.version += 1;
        let next = next_day(&case.clock, &self.rules.calendar, &self.rules.clock, self.caller.today());
        cases::update(conn, &case, next, self.caller.now)?;
        if request != *request_before {
            cases::update_request(conn, case.id, &request)?;
        }
        // A case that was open and is now closed was closed on its day; a correction is made today.
        let only_closed = before.closed.is_none()
            && (case.received_on, case.applicant_kind) == (before.received_on, before.applicant_kind);
        let known_on = case.closed.filter(|_| only_closed).map_or(self.caller.today(), |(day, _)| day);
        let details = json!({
            "file": self.file_name,
            "row": row.sheet_row,
            "received_on": [before.received_on, case.received_on],
            "applicant_kind": [before.applicant_kind, case.applicant_kind],
            "closed": [before.closed, case.closed],
            "clock": [before.clock, case.clock],
            "reply_no": [reply_no(before), reply_no(&case)],
        });
        journal::append(
            conn,
            self.entry(&case, "import_change", known_on, details, (&case.counted()).into()),
        )?;
        Ok(true)
    }
}

fn reply_no(case: &Case) -> Option<&String> {
    case.reply.as_ref()?.reply_no.as_ref()
}

fn fill_text(old: &mut Option<String>, new: &Option<String>) {
    if new.is_some() {
        old.clone_from(new);
    }
}

fn fill_request(request: &mut Request, row: &CaseRow) {
    if let Some(content) = &row.content {
        request.content.clone_from(content);
    }
    if let Some(remarks) = &row.remarks {
        request.remarks.clone_from(remarks);
    }
    request.preferred_form = row.preferred_form.or(request.preferred_form);
    fill_text(&mut request.id_number, &row.id_number);
    fill_text(&mut request.phone, &row.phone);
    fill_text(&mut request.email, &row.email);
    fill_text(&mut request.address, &row.address);
}

/// The one correction, consultation, extension and fee a row has room for. Where the office has
/// recorded more than a row can say, the record stays.
fn fill_clock(clock: &mut ClockFacts, row: &CaseRow) {
    clock.start = Start::Received(row.received_on);
    if let Some(given) = row.correction {
        let reply_by = clock.correction.as_ref().and_then(|it| it.reply_by);
        clock.correction =
            Some(Correction { notified_on: given.notified_on, reply_by, received_on: given.received_on });
    }
    if let (Some(given), [] | [_]) = (row.consultation, &clock.consultations[..]) {
        let mut it = clock.consultations.pop().unwrap_or_else(|| Consultation {
            id: 1,
            // Registers do not say who was asked; a third party's period is the usual one.
            party: Party::ThirdParty,
            name: String::new(),
            sent_on: given.sent_on,
            delivered_on: None,
            returned_on: None,
            consent: None,
        });
        it.sent_on = given.sent_on;
        it.returned_on = given.returned_on.or(it.returned_on);
        clock.consultations.push(it);
    }
    if let (Some(given), [] | [_]) = (row.extension, &clock.extensions[..]) {
        let approved_on = clock.extensions.pop().and_then(|it| it.approved_on).unwrap_or(given.notified_on);
        clock.extensions.push(Extension {
            // Registers keep the day the applicant was told; the approval came no later.
            approved_on: Some(approved_on.min(given.notified_on)),
            notified_on: given.notified_on,
            working_days: given.working_days,
        });
    }
    if let Some(given) = row.fee {
        let before = clock.fee.take();
        clock.fee = Some(FeeNotice {
            sent_on: given.notified_on,
            delivered_on: before.as_ref().and_then(|it| it.delivered_on),
            paid_on: given.paid_on.or(before.as_ref().and_then(|it| it.paid_on)),
            amount: before.and_then(|it| it.amount),
        });
    }
}
