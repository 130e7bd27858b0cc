//! Cases with what was asked and what was replied.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, NextDay, Reply};
use crate::domain::ids::{AgencyId, CaseId, DepartmentId};
use crate::domain::outcome::Outcome;
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::{ClockFacts, SuspendedBy};
use crate::domain::workflow::Status;
use crate::storage::agencies::Scope;
use crate::storage::codes::Code;
use crate::storage::schema::{agencies, case_counters, case_links, cases, replies, requests};
use crate::storage::{DbConnection, StorageError, insert_all};

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_null = true)]
struct CaseRow {
    id: String,
    agency_id: i32,
    case_no: String,
    status: Code<Status>,
    is_open: bool,
    version: i32,
    channel: Option<Code<Channel>>,
    received_on: NaiveDate,
    applicant_kind: Code<ApplicantKind>,
    applicant_name: String,
    department_id: Option<i32>,
    handler_id: Option<String>,
    closed_on: Option<NaiveDate>,
    outcome: Option<Code<Outcome>>,
    round: i32,
    clock: String,
    due_on: NaiveDate,
    due_provisional: bool,
    waiting_for: Option<Code<SuspendedBy>>,
    registered_at: NaiveDateTime,
    changed_at: NaiveDateTime,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = requests, treat_none_as_null = true)]
struct RequestRow {
    case_id: String,
    content: String,
    preferred_form: Option<Code<PreferredForm>>,
    id_number: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    address: Option<String>,
    submitted_on: Option<NaiveDate>,
    arrived_on: Option<NaiveDate>,
    confirmed_on: Option<NaiveDate>,
    confirmed_how: Option<String>,
    remarks: String,
}

#[derive(Debug, Clone, Queryable, Insertable, AsChangeset)]
#[diesel(table_name = replies, treat_none_as_null = true)]
struct ReplyRow {
    case_id: String,
    round: i32,
    outcome: Option<Code<Outcome>>,
    particulars: String,
    body: String,
    reply_no: Option<String>,
    legal_reviewed_on: Option<NaiveDate>,
    signed_off_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    delivery_method: Option<String>,
    tracking_no: Option<String>,
    signed_for_on: Option<NaiveDate>,
}

fn json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, StorageError> {
    serde_json::to_string(value).map_err(|err| StorageError::Unreadable { what, text: err.to_string() })
}

fn from_json<T: serde::de::DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StorageError> {
    serde_json::from_str(text).map_err(|_| StorageError::Unreadable { what, text: text.to_owned() })
}

fn id<T: std::str::FromStr>(text: &str) -> Result<T, StorageError> {
    text.parse().map_err(|_| StorageError::Unreadable { what: "identifier", text: text.to_owned() })
}

impl CaseRow {
    fn new(
        case: &Case,
        next: NextDay,
        registered_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            id: case.id.to_string(),
            agency_id: case.agency_id.0,
            case_no: case.case_no.clone(),
            status: Code(case.status),
            is_open: case.status.is_open(),
            version: case.version,
            channel: case.channel.map(Code),
            received_on: case.received_on,
            applicant_kind: Code(case.applicant_kind),
            applicant_name: case.applicant_name.clone(),
            department_id: case.department_id.map(|it| it.0),
            handler_id: case.handler_id.map(|it| it.to_string()),
            closed_on: case.closed.map(|(day, _)| day),
            outcome: case.closed.map(|(_, outcome)| Code(outcome)),
            round: case.round,
            clock: json("clock", &case.clock)?,
            due_on: next.on,
            due_provisional: next.provisional,
            waiting_for: next.waiting_for.map(Code),
            registered_at: registered_at.naive_utc(),
            changed_at: now.naive_utc(),
        })
    }

    fn case(self, reply: Option<ReplyRow>) -> Result<Case, StorageError> {
        Ok(Case {
            id: id(&self.id)?,
            agency_id: AgencyId(self.agency_id),
            case_no: self.case_no,
            version: self.version,
            status: self.status.0,
            channel: self.channel.map(|it| it.0),
            received_on: self.received_on,
            applicant_kind: self.applicant_kind.0,
            applicant_name: self.applicant_name,
            department_id: self.department_id.map(DepartmentId),
            handler_id: self.handler_id.as_deref().map(id).transpose()?,
            round: self.round,
            closed: self.closed_on.zip(self.outcome.map(|it| it.0)),
            clock: from_json("clock", &self.clock)?,
            reply: reply.map(ReplyRow::reply).transpose()?,
        })
    }
}

impl ReplyRow {
    fn new(case: CaseId, round: i32, reply: &Reply) -> Result<Self, StorageError> {
        Ok(Self {
            case_id: case.to_string(),
            round,
            outcome: reply.outcome.map(Code),
            particulars: json("particulars", &reply.particulars)?,
            body: reply.body.clone(),
            reply_no: reply.reply_no.clone(),
            legal_reviewed_on: reply.legal_reviewed_on,
            signed_off_on: reply.signed_off_on,
            closed_on: reply.closed_on,
            delivery_method: reply.delivery_method.clone(),
            tracking_no: reply.tracking_no.clone(),
            signed_for_on: reply.signed_for_on,
        })
    }

    fn reply(self) -> Result<Reply, StorageError> {
        let particulars: BTreeMap<_, _> = from_json("particulars", &self.particulars)?;
        Ok(Reply {
            outcome: self.outcome.map(|it| it.0),
            particulars,
            body: self.body,
            reply_no: self.reply_no,
            legal_reviewed_on: self.legal_reviewed_on,
            signed_off_on: self.signed_off_on,
            closed_on: self.closed_on,
            delivery_method: self.delivery_method,
            tracking_no: self.tracking_no,
            signed_for_on: self.signed_for_on,
        })
    }
}

impl RequestRow {
    fn new(case: CaseId, request: &Request) -> Self {
        Self {
            case_id: case.to_string(),
            content: request.content.clone(),
            preferred_form: request.preferred_form.map(Code),
            id_number: request.id_number.clone(),
            phone: request.phone.clone(),
            email: request.email.clone(),
            address: request.address.clone(),
            submitted_on: request.submitted_on,
            arrived_on: request.arrived_on,
            confirmed_on: request.confirmed_on,
            confirmed_how: request.confirmed_how.clone(),
            remarks: request.remarks.clone(),
        }
    }

    fn request(self) -> Request {
        Request {
            content: self.content,
            preferred_form: self.preferred_form.map(|it| it.0),
            id_number: self.id_number,
            phone: self.phone,
            email: self.email,
            address: self.address,
            submitted_on: self.submitted_on,
            arrived_on: self.arrived_on,
            confirmed_on: self.confirmed_on,
            confirmed_how: self.confirmed_how,
            remarks: self.remarks,
        }
    }
}

/// A case to be stored for the first time.
#[derive(Debug, Clone)]
pub struct NewCase {
    /// The case.
    pub case: Case,
    /// What was asked.
    pub request: Request,
    /// What the clock says, for lists.
    pub next: NextDay,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
}

/// Stores new cases with their requests and, where there are any, replies.
///
/// # Errors
/// [`StorageError::Conflict`] where a number is taken in its agency.
pub fn insert(conn: &mut DbConnection, new: &[NewCase]) -> Result<(), StorageError> {
    let mut case_rows = Vec::with_capacity(new.len());
    let mut request_rows = Vec::with_capacity(new.len());
    let mut reply_rows = Vec::new();
    for NewCase { case, request, next, registered_at } in new {
        case_rows.push(CaseRow::new(case, *next, *registered_at, *registered_at)?);
        request_rows.push(RequestRow::new(case.id, request));
        if let Some(reply) = &case.reply {
            reply_rows.push(ReplyRow::new(case.id, case.round, reply)?);
        }
    }
    insert_cases(conn, &case_rows)?;
    insert_requests(conn, &request_rows)?;
    insert_replies(conn, &reply_rows)
}

fn insert_cases(conn: &mut DbConnection, rows: &[CaseRow]) -> Result<(), StorageError> {
    insert_all!(conn, cases::table, rows)
}

fn insert_requests(conn: &mut DbConnection, rows: &[RequestRow]) -> Result<(), StorageError> {
    insert_all!(conn, requests::table, rows)
}

fn insert_replies(conn: &mut DbConnection, rows: &[ReplyRow]) -> Result<(), StorageError> {
    insert_all!(conn, replies::table, rows)
}

/// Stores a changed case where nobody has changed it since it was read.
///
/// # Errors
/// [`StorageError::Conflict`] where somebody has.
pub fn update(
    conn: &mut DbConnection,
    case: &Case,
    next: NextDay,
    now: DateTime<Utc>,
) -> Result<(), StorageError> {
    let registered_at: NaiveDateTime = cases::table
        .filter(cases::id.eq(case.id.to_string()))
        .filter(cases::version.eq(case.version - 1))
        .select(cases::registered_at)
        .first(conn)
        .optional()?
        .ok_or(StorageError::Conflict)?;
    let row = CaseRow::new(case, next, registered_at.and_utc(), now)?;
    let n_changed = diesel::update(
        cases::table.filter(cases::id.eq(&row.id)).filter(cases::version.eq(case.version - 1)),
    )
    .set(&row)
    .execute(conn)?;
    if n_changed == 0 {
        return Err(StorageError::Conflict);
    }
    if let Some(reply) = &case.reply {
        let row = ReplyRow::new(case.id, case.round, reply)?;
        let known =
            replies::table.filter(replies::case_id.eq(&row.case_id)).filter(replies::round.eq(row.round));
        if diesel::update(known).set(&row).execute(conn)? == 0 {
            diesel::insert_into(replies::table).values(&row).execute(conn)?;
        }
    }
    Ok(())
}

/// Stores what was asked, where it was set right.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such case.
pub fn update_request(conn: &mut DbConnection, case: CaseId, request: &Request) -> Result<(), StorageError> {
    let row = RequestRow::new(case, request);
    match diesel::update(requests::table.filter(requests::case_id.eq(&row.case_id)))
        .set(&row)
        .execute(conn)?
    {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}

fn with_reply(conn: &mut DbConnection, row: CaseRow) -> Result<Case, StorageError> {
    let reply = replies::table
        .filter(replies::case_id.eq(&row.id))
        .filter(replies::round.eq(row.round))
        .first(conn)
        .optional()?;
    row.case(reply)
}

/// The case with this identifier.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, case: CaseId) -> Result<Case, StorageError> {
    let row: CaseRow = cases::table.filter(cases::id.eq(case.to_string())).first(conn)?;
    with_reply(conn, row)
}

/// The case with this number in this agency.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn by_no(conn: &mut DbConnection, agency: AgencyId, case_no: &str) -> Result<Case, StorageError> {
    let row: CaseRow =
        cases::table.filter(cases::agency_id.eq(agency.0)).filter(cases::case_no.eq(case_no)).first(conn)?;
    with_reply(conn, row)
}

/// What was asked in a case.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such case.
pub fn request(conn: &mut DbConnection, case: CaseId) -> Result<Request, StorageError> {
    let row: RequestRow = requests::table.filter(requests::case_id.eq(case.to_string())).first(conn)?;
    Ok(row.request())
}

/// Links two cases, both ways.
///
/// # Errors
/// [`StorageError::Conflict`] where they are linked already.
pub fn link(conn: &mut DbConnection, one: CaseId, other: CaseId, reason: &str) -> Result<(), StorageError> {
    for (case, other) in [(one, other), (other, one)] {
        diesel::insert_into(case_links::table)
            .values((
                case_links::case_id.eq(case.to_string()),
                case_links::other_id.eq(other.to_string()),
                case_links::reason.eq(reason),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The cases linked to a case: identifier, number and why.
///
/// # Errors
/// Where the database fails.
pub fn links(conn: &mut DbConnection, case: CaseId) -> Result<Vec<(CaseId, String, String)>, StorageError> {
    let rows: Vec<(String, String, String)> = case_links::table
        .inner_join(cases::table.on(cases::id.eq(case_links::other_id)))
        .filter(case_links::case_id.eq(case.to_string()))
        .order(cases::case_no)
        .select((case_links::other_id, cases::case_no, case_links::reason))
        .load(conn)?;
    rows.into_iter().map(|(other, no, reason)| Ok((id(&other)?, no, reason))).collect()
}

/// Every number in use in an agency, with the identifier of its case.
///
/// # Errors
/// Where the database fails.
pub fn numbers(conn: &mut DbConnection, agency: AgencyId) -> Result<BTreeMap<String, CaseId>, StorageError> {
    let rows: Vec<(String, String)> =
        cases::table.filter(cases::agency_id.eq(agency.0)).select((cases::case_no, cases::id)).load(conn)?;
    rows.into_iter().map(|(no, case)| Ok((no, id(&case)?))).collect()
}

/// The numbers of cases, by identifier.
///
/// # Errors
/// Where the database fails.
pub fn numbers_of(conn: &mut DbConnection, ids: &[String]) -> Result<BTreeMap<String, String>, StorageError> {
    let mut numbers = BTreeMap::new();
    for ids in ids.chunks(1_000) {
        let rows: Vec<(String, String)> =
            cases::table.filter(cases::id.eq_any(ids)).select((cases::id, cases::case_no)).load(conn)?;
        numbers.extend(rows);
    }
    Ok(numbers)
}

/// The next number of the year, such as `2026-0001`; it grows past four digits where it must.
///
/// The counter row is updated in the caller's transaction, so that two clerks wait for each other and
/// a registration that fails leaves no gap. Numbers an import has taken are passed over.
///
/// # Errors
/// Where the database fails.
pub fn next_number(conn: &mut DbConnection, agency: AgencyId, year: i32) -> Result<String, StorageError> {
    loop {
        let counter = case_counters::table
            .filter(case_counters::agency_id.eq(agency.0))
            .filter(case_counters::year.eq(year));
        let advanced: Vec<i64> = diesel::update(counter)
            .set(case_counters::last_no.eq(case_counters::last_no + 1))
            .returning(case_counters::last_no)
            .load(conn)?;
        let Some(no) = advanced.first() else {
            // The first of the year. Where two come at once, one of them waits here for the other.
            diesel::sql_query(
                "INSERT INTO case_counters (agency_id, year, last_no) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING",
            )
            .bind::<diesel::sql_types::Integer, _>(agency.0)
            .bind::<diesel::sql_types::Integer, _>(year)
            .execute(conn)?;
            continue;
        };
        let case_no = format!("{year}-{no:04}");
        let taken: bool = diesel::select(diesel::dsl::exists(
            cases::table.filter(cases::agency_id.eq(agency.0)).filter(cases::case_no.eq(&case_no)),
        ))
        .get_result(conn)?;
        if !taken {
            return Ok(case_no);
        }
    }
}

/// A line of a deadline list.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct DeadlineLine {
    /// The identifier of the case.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// The agency.
    pub agency_id: i32,
    /// Where it stands.
    pub status: Code<Status>,
    /// The applicant.
    pub applicant_name: String,
    /// The day of receipt.
    pub received_on: NaiveDate,
    /// The day to act by.
    pub due_on: NaiveDate,
    /// Whether that day is provisional.
    pub due_provisional: bool,
    /// What is awaited.
    pub waiting_for: Option<Code<SuspendedBy>>,
}

/// One page of the open cases by the day to act by: at most `limit` after `after`, the day and
/// identifier of the last line of the page before.
///
/// # Errors
/// Where the database fails, or holds an unknown code.
pub fn deadlines(
    conn: &mut DbConnection,
    scope: &Scope,
    after: Option<(NaiveDate, &str)>,
    limit: i64,
) -> Result<Vec<DeadlineLine>, StorageError> {
    let mut query = cases::table
        .filter(cases::is_open.eq(true))
        .order((cases::due_on, cases::id))
        .limit(limit)
        .select((
            cases::id,
            cases::case_no,
            cases::agency_id,
            cases::status,
            cases::applicant_name,
            cases::received_on,
            cases::due_on,
            cases::due_provisional,
            cases::waiting_for,
        ))
        .into_boxed();
    match scope {
        Scope::Agency(agency) => query = query.filter(cases::agency_id.eq(agency.0)),
        // The whole tree needs no condition, and is walked in order through an index of its own.
        Scope::Subtree(path) if path == "/" => {}
        Scope::Subtree(path) => {
            let below = agencies::table.filter(agencies::path.like(format!("{path}%")));
            query = query.filter(cases::agency_id.eq_any(below.select(agencies::id)));
        }
    }
    if let Some((day, id)) = after {
        // Not `day > x OR (day = x AND id > y)`: PostgreSQL walks no index for that.
        query =
            query.filter(cases::due_on.ge(day)).filter(cases::due_on.gt(day).or(cases::id.gt(id.to_owned())));
    }
    Ok(query.load(conn)?)
}

/// What a list caches of a case, with the facts it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedDay {
    /// The identifier of the case.
    pub id: String,
    /// Its number.
    pub case_no: String,
    /// The facts.
    pub clock: ClockFacts,
    /// What is cached.
    pub next: NextDay,
}

/// What is cached of cases, a page at a time, by identifier.
///
/// # Errors
/// Where the database fails, or holds a clock that cannot be read.
pub fn cached_days(
    conn: &mut DbConnection,
    agency: Option<AgencyId>,
    after: &str,
    limit: i64,
) -> Result<Vec<CachedDay>, StorageError> {
    type Row = (String, String, String, NaiveDate, bool, Option<Code<SuspendedBy>>);
    let mut query = cases::table
        .filter(cases::id.gt(after.to_owned()))
        .order(cases::id)
        .limit(limit)
        .select((
            cases::id,
            cases::case_no,
            cases::clock,
            cases::due_on,
            cases::due_provisional,
            cases::waiting_for,
        ))
        .into_boxed();
    if let Some(agency) = agency {
        query = query.filter(cases::agency_id.eq(agency.0));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter()
        .map(|(id, case_no, clock, on, provisional, waiting_for)| {
            let next = NextDay { on, provisional, waiting_for: waiting_for.map(|it| it.0) };
            Ok(CachedDay { id, case_no, clock: from_json("clock", &clock)?, next })
        })
        .collect()
}

/// Renews what is cached of a case. No fact changes, so neither does its version.
///
/// # Errors
/// Where the database fails.
pub fn cache_day(conn: &mut DbConnection, case: &str, next: NextDay) -> Result<(), StorageError> {
    diesel::update(cases::table.filter(cases::id.eq(case)))
        .set((
            cases::due_on.eq(next.on),
            cases::due_provisional.eq(next.provisional),
            cases::waiting_for.eq(next.waiting_for.map(Code)),
        ))
        .execute(conn)?;
    Ok(())
}
