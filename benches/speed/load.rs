//! The register brought into a database by the fastest way that database has.
//!
//! Indexes are dropped and built again at the end. SQLite takes rows through the program's own prepared
//! statements, PostgreSQL through `COPY`.

use std::fmt::Display;

use anyhow::Context;
use chrono::{NaiveDate, NaiveDateTime};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use gongkai::domain::case::Case;
use gongkai::domain::labels::Coded;
use gongkai::domain::report::forms;
use gongkai::domain::report::forms::{Figure, NORMATIVE_DOCUMENTS, RULES};
use gongkai::storage::access::agencies;
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::remedy::remedies;
use gongkai::storage::report::figures;
use gongkai::storage::schema;
use gongkai::storage::upkeep::plans;
use gongkai::storage::{Address, Db, DbConnection, StorageError, journal, search};

use crate::data::{self, Block, Counter, Register};
use crate::random::Random;

/// Fills an empty database with so many cases. SQLite learns of its tables from the program alone, as after an
/// import; a server looks at them by itself within minutes, so it does here at once.
pub fn fill(db: &Db, n_cases: u32) -> anyhow::Result<()> {
    match db.address() {
        Address::Sqlite(path) => fill_sqlite(db, path, n_cases),
        Address::Postgres(url) => fill_postgres(db, url, n_cases),
    }
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    definition: String,
}

fn fill_sqlite(db: &Db, path: &str, n_cases: u32) -> anyhow::Result<()> {
    db.migrate()?;
    frame(db)?;
    let mut conn = SqliteConnection::establish(path)?;
    conn.batch_execute(
        "PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -1000000; \
         PRAGMA wal_autocheckpoint = 20000",
    )?;
    let indexes: Vec<Line> = diesel::sql_query(
        "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    )
    .load(&mut conn)?;
    for Line { name, .. } in &indexes {
        conn.batch_execute(&format!("DROP INDEX {name}"))?;
    }
    let mut register = Register::new(n_cases);
    let mut conn = DbConnection::Sqlite(conn);
    for block in register.by_ref() {
        conn.transaction(|conn| {
            cases::insert(conn, &block.cases)?;
            journal::append_all(conn, &block.entries)?;
            remedies::insert(conn, &block.remedies)
        })?;
        while search::index_pending(&mut conn, 20_000)? != 0 {}
    }
    let counters: Vec<_> = register.counters().iter().map(counter).collect();
    for counters in counters.chunks(10_000) {
        let values = counters.join(", ");
        conn.batch_execute(&format!("INSERT INTO case_counters (agency_id, year, last_no) VALUES {values}"))?;
    }
    for Line { definition, .. } in &indexes {
        conn.batch_execute(definition)?;
    }
    db.write(plans::renew)?;
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

fn counter((agency, year, last_no): &Counter) -> String {
    format!("({agency}, {year}, {last_no})")
}

/// The agencies, and what each entered in table 2.
fn frame(db: &Db) -> anyhow::Result<()> {
    let all = data::agencies();
    let mut random = Random::new(6);
    let by_id = |id: i32| usize::try_from(id - 1).ok().and_then(|it| all.get(it));
    db.write(|conn| -> Result<(), StorageError> {
        for agency in &all {
            let made = agencies::insert(conn, &agency.code, &agency.name, agency.parent_id.and_then(by_id))?;
            assert_eq!(&made, agency, "the tree is as planned");
            for year in 2024..=2025 {
                let form = forms::form(year).expect("a year with a form");
                for row in form.entered_rows() {
                    let values: Vec<_> =
                        row.cells.iter().map(|it| entered(&mut random, row.code, *it)).collect();
                    figures::enter(conn, agency.agency_id(), year, row.code, &values)?;
                }
            }
        }
        Ok(())
    })?;
    Ok(())
}

/// A figure of table 2: few documents, many licences and penalties, amounts to the cent.
fn entered(random: &mut Random, row: &str, figure: Figure) -> String {
    match (row, figure) {
        (_, Figure::Amount) => format!("{}.{:04}", random.below(10_000), random.below(10_000)),
        (RULES | NORMATIVE_DOCUMENTS, _) => random.below(20).to_string(),
        _ => random.below(100_000).to_string(),
    }
}

fn fill_postgres(db: &Db, url: &str, n_cases: u32) -> anyhow::Result<()> {
    db.migrate()?;
    frame(db)?;
    let mut conn = PgConnection::establish(url)?;
    // The rows fit one another: foreign keys need not be checked a million times.
    conn.batch_execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")?;
    let indexes: Vec<Line> = diesel::sql_query(
        "SELECT indexname::text AS name, indexdef AS definition FROM pg_indexes \
         WHERE schemaname = 'public' AND tablename <> '__diesel_schema_migrations' \
         AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
    )
    .load(&mut conn)?;
    for Line { name, .. } in &indexes {
        conn.batch_execute(&format!("DROP INDEX {name}"))?;
    }
    let mut register = Register::new(n_cases);
    for block in register.by_ref() {
        copy_block(&mut conn, &block)?;
    }
    let counters: Vec<_> = register.counters().iter().map(counter).collect();
    if !counters.is_empty() {
        let values = counters.join(", ");
        conn.batch_execute(&format!("INSERT INTO case_counters (agency_id, year, last_no) VALUES {values}"))?;
    }
    conn.batch_execute("ANALYZE cases; ANALYZE requests")?;
    let mut conn = DbConnection::Postgres(conn);
    let mut last = String::new();
    while let Some((_, id)) = search::fill(&mut conn, &last, 20_000)? {
        last = id;
    }
    while search::index_pending(&mut conn, 20_000)? != 0 {}
    for Line { definition, .. } in &indexes {
        conn.batch_execute(definition)?;
    }
    conn.batch_execute("VACUUM (ANALYZE)")?;
    conn.batch_execute("CHECKPOINT")?;
    Ok(())
}

/// Lines as `COPY` reads them.
#[derive(Default)]
struct Lines {
    text: String,
    is_first: bool,
}

impl Lines {
    fn line(&mut self) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.is_first = true;
        self
    }

    fn optional(&mut self, value: Option<impl Display>) -> &mut Self {
        if !self.is_first {
            self.text.push('\t');
        }
        self.is_first = false;
        match value {
            None => self.text.push_str("\\N"),
            Some(value) => {
                for it in value.to_string().chars() {
                    match it {
                        '\\' => self.text.push_str("\\\\"),
                        '\n' => self.text.push_str("\\n"),
                        '\t' => self.text.push_str("\\t"),
                        it => self.text.push(it),
                    }
                }
            }
        }
        self
    }

    fn add(&mut self, value: impl Display) -> &mut Self {
        self.optional(Some(value))
    }

    fn code(&mut self, value: Option<impl Coded>) -> &mut Self {
        self.optional(value.map(Coded::code))
    }

    fn at(&mut self, value: NaiveDateTime) -> &mut Self {
        self.add(value.format("%Y-%m-%d %H:%M:%S%.6f"))
    }

    fn on(&mut self, value: Option<NaiveDate>) -> &mut Self {
        self.optional(value)
    }
}

/// All but the one the database derives.
macro_rules! case_columns {
    ($($column:ident),+) => { ($(schema::cases::$column,)+) };
}

macro_rules! copy {
    ($conn:expr, $table:ident, $columns:expr, $lines:expr) => {{
        let text = $lines.text + "\n";
        let write = |to: &mut dyn std::io::Write| {
            to.write_all(text.as_bytes())
                .map_err(|err| diesel::result::Error::SerializationError(Box::new(err)))
        };
        if text != "\n" {
            diesel::copy_from(schema::$table::table)
                .from_raw_data($columns, write)
                .execute($conn)
                .context(stringify!($table))?;
        }
    }};
}

fn copy_block(conn: &mut PgConnection, block: &Block) -> anyhow::Result<()> {
    let (mut cases, mut requests, mut replies) = (Lines::default(), Lines::default(), Lines::default());
    for new in &block.cases {
        copy_case(&mut cases, new)?;
        copy_request(&mut requests, new);
        copy_reply(&mut replies, &new.case)?;
    }
    let (mut entries, mut remedies) = (Lines::default(), Lines::default());
    for it in &block.entries {
        entries.line().add(&it.subject_id).add(it.seq).code(Some(it.subject.0)).optional(it.agency_id);
        entries.add(&it.action).add(&it.actor).at(it.recorded_at).add(it.known_on).add(&it.details);
        entries.on(it.opened_on).on(it.closed_on).optional(it.kind.as_ref()).optional(it.result.as_ref());
        entries.add(&it.previous_hash).add(&it.hash);
    }
    for it in &block.remedies {
        let (day, result) = (it.facts.concluded.map(|it| it.0), it.facts.concluded.map(|it| it.1));
        remedies
            .line()
            .add(it.id)
            .add(it.agency_id.0)
            .add(&it.remedy_no)
            .optional(it.case_id)
            .add(it.version);
        remedies.code(Some(it.facts.kind)).code(Some(it.facts.capacity)).add(&it.body);
        remedies.add(it.facts.accepted_on).on(day).code(result).add(&it.remarks);
    }
    copy!(
        conn,
        cases,
        case_columns!(
            id,
            agency_id,
            case_no,
            status,
            is_open,
            version,
            channel,
            received_on,
            applicant_kind,
            applicant_name,
            department_id,
            handler_id,
            closed_on,
            outcome,
            round,
            clock,
            due_on,
            due_provisional,
            waiting_for,
            registered_at,
            changed_at
        ),
        cases
    );
    copy!(conn, requests, schema::requests::table, requests);
    copy!(conn, replies, schema::replies::table, replies);
    copy!(conn, journal, schema::journal::table, entries);
    copy!(conn, remedies, schema::remedies::table, remedies);
    Ok(())
}

fn copy_case(to: &mut Lines, new: &NewCase) -> anyhow::Result<()> {
    let NewCase { case, next, registered_at, .. } = new;
    to.line().add(case.id).add(case.agency_id.0).add(&case.case_no).code(Some(case.status));
    to.add(case.status.is_open()).add(case.version).code(case.channel).add(case.received_on);
    to.code(Some(case.applicant_kind)).add(&case.applicant_name).optional(case.department_id.map(|it| it.0));
    to.optional(case.handler_id).on(case.closed.map(|it| it.0)).code(case.closed.map(|it| it.1));
    to.add(case.round).add(serde_json::to_string(&case.clock)?).add(next.on).add(next.provisional);
    to.code(next.waiting_for).at(registered_at.naive_utc()).at(registered_at.naive_utc());
    Ok(())
}

fn copy_request(to: &mut Lines, new: &NewCase) {
    let it = &new.request;
    to.line().add(new.case.id).add(&it.content).code(it.preferred_form).optional(it.id_number.as_ref());
    to.optional(it.phone.as_ref()).optional(it.email.as_ref()).optional(it.address.as_ref());
    to.on(it.submitted_on).on(it.arrived_on).on(it.confirmed_on).optional(it.confirmed_how.as_ref());
    to.add(&it.remarks);
}

fn copy_reply(to: &mut Lines, case: &Case) -> anyhow::Result<()> {
    let Some(it) = &case.reply else { return Ok(()) };
    to.line().add(case.id).add(case.round).code(it.outcome).add(serde_json::to_string(&it.particulars)?);
    to.add(&it.body).optional(it.reply_no.as_ref()).on(it.legal_reviewed_on).on(it.signed_off_on);
    to.on(it.closed_on).optional(it.delivery_method.as_ref()).optional(it.tracking_no.as_ref());
    to.on(it.signed_for_on);
    Ok(())
}
