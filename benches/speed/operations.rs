//! What is measured: each operation of the program beside the barest SQL for the same rows.

use chrono::{Datelike, NaiveDate};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::ids::AgencyId;
use gongkai::domain::request::{Channel, Request};
use gongkai::service::case::register_case::{RegisterCase, register_case};
use gongkai::service::report::derive_tables::{ReportQuery, annual_report};
use gongkai::service::report::list_cell::cell_lines;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::access::agencies::{Agency, Scope};
use gongkai::storage::case::cases;
use gongkai::storage::{Db, StorageError};

use crate::bare::{Bare, Value};
use crate::data;
use crate::measure::{Figure, Setting, Target};
use crate::random::Random;
use crate::registration::{insert_bare, words_of};
use crate::values;

/// The year of the reports: the last whole one.
const YEAR: i32 = 2025;
/// Lines on a page.
const PAGE: i64 = 50;

const REPORT: Target = Target { millis: Some(5.0), ratio: Some(1.5) };
const ROLLUP: Target = Target { millis: Some(500.0), ratio: Some(1.5) };
const DRILL_DOWN: Target = Target { millis: Some(20.0), ratio: Some(1.5) };
const LIST: Target = Target { millis: Some(2.0), ratio: Some(1.5) };
const REGISTRATION: Target = Target { millis: None, ratio: Some(2.0) };

/// A filled database from both sides.
pub struct Bench<'a> {
    setting: Setting<'a>,
    db: &'a Db,
    bare: Bare,
    actor: Caller,
    rules: Rules,
    agencies: Vec<Agency>,
    figures: Vec<Figure>,
}

fn first_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).expect("a year of four digits")
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).expect("a year of four digits")
}

/// Measures everything.
pub fn measure(setting: Setting<'_>, db: &Db) -> anyhow::Result<Vec<Figure>> {
    let mut bench = Bench {
        setting,
        db,
        bare: Bare::connect(db.address())?,
        actor: Caller::at_command_line("科员1", data::instant(data::today(), 0)),
        rules: data::rules(),
        agencies: data::agencies(),
        figures: Vec::new(),
    };
    let sizes = bench.bare.numbers_with_counts(
        "SELECT agency_id, count(*) FROM cases GROUP BY agency_id ORDER BY 2 DESC, 1",
        values![],
    )?;
    let (largest, large) = (sizes[0], sizes[sizes.len() / 100]);
    for (name, (agency, n)) in [("a large agency", large), ("the largest agency", largest)] {
        let name = format!("{name} ({n} cases)");
        bench.report(&name, agency)?;
        bench.drill_down(&name, agency, false, "granted/natural_person")?;
        bench.deadlines(&name, &Scope::Agency(AgencyId(agency)))?;
    }
    bench.rollup(YEAR)?;
    bench.rollup(YEAR - 2)?;
    for cell in [
        "granted/natural_person",
        "total/total",
        "new/total",
        "carried_in/total",
        "carried_out/total",
        "refuse_publication/total",
    ] {
        bench.drill_down("the country", 1, true, cell)?;
    }
    // As the program has it below the only root.
    let country = Scope::Subtree("/".to_owned());
    bench.deadlines("the country", &country)?;
    let province = Scope::of(&bench.agencies[1], true);
    bench.deadlines("a province", &province)?;
    bench.drill_down("a province", 2, true, "granted/natural_person")?;
    bench.registration()?;
    Ok(bench.figures)
}

/// The condition on the agency, if any, with the value for its `?`; ours leaves it out for the country too.
#[derive(Clone)]
struct Condition {
    sql: &'static str,
    value: Option<Value>,
}

impl Condition {
    fn of(scope: &Scope) -> Self {
        match scope {
            Scope::Agency(id) => Self { sql: "agency_id = ? AND", value: Some(id.0.into()) },
            Scope::Subtree(path) if path == "/1/" || path == "/" => Self { sql: "", value: None },
            Scope::Subtree(path) => Self {
                sql: "agency_id IN (SELECT id FROM agencies WHERE path LIKE ?) AND",
                value: Some(format!("{path}%").as_str().into()),
            },
        }
    }

    /// The values of a statement with this condition at its beginning.
    fn values(&self, rest: &[Value]) -> Vec<Value> {
        self.value.iter().chain(rest).cloned().collect()
    }
}

/// The ranges of the year of closing in which a case open at the end of `year` lies.
fn years_after(scope: &Scope, year: i32) -> Vec<(i32, i32)> {
    match scope {
        Scope::Agency(_) => vec![(year + 1, 9999)],
        Scope::Subtree(_) => (year + 1..=data::today().year()).chain([9999]).map(|it| (it, it)).collect(),
    }
}

/// The statements of a report, each with its values.
struct ReportSql {
    cases: Vec<(String, Vec<Value>)>,
    closed: (String, Vec<Value>),
    remedies: [(String, Vec<Value>); 2],
    figures: (String, Vec<Value>),
}

impl ReportSql {
    fn of(scope: &Scope, year: i32) -> Self {
        let condition = Condition::of(scope);
        let of = condition.sql;
        let (before, first, last) = (last_day(year - 1), first_day(year), last_day(year));
        let counts = |rest: &str| {
            format!("SELECT applicant_kind, count(*) FROM cases WHERE {of} {rest} GROUP BY applicant_kind")
        };
        let carried = |day: NaiveDate| {
            let (mut parts, mut values) = (Vec::new(), Vec::new());
            for (from, through) in years_after(scope, day.year()) {
                if from == through {
                    parts.push(counts("closing_year = ? AND received_on <= ?"));
                    values.extend(condition.values(values![from, day]));
                } else {
                    parts.push(counts("closing_year BETWEEN ? AND ? AND received_on <= ?"));
                    values.extend(condition.values(values![from, through, day]));
                }
            }
            (parts.join(" UNION ALL "), values)
        };
        let remedies = |rest: &str| {
            format!(
                "SELECT kind, result, count(*) FROM remedies WHERE {of} {rest} \
                 AND capacity = 'acting_agency' GROUP BY kind, result"
            )
        };
        let pending = [
            remedies("accepted_on <= ? AND concluded_on IS NULL"),
            remedies("accepted_on <= ? AND concluded_on > ?"),
        ];
        let pending_values = [condition.values(values![last]), condition.values(values![last, last])];
        Self {
            cases: vec![
                (counts("received_on BETWEEN ? AND ?"), condition.values(values![first, last])),
                carried(before),
                carried(last),
            ],
            closed: (
                format!(
                    "SELECT applicant_kind, outcome, count(*) FROM cases WHERE {of} closing_year = ? \
                     GROUP BY applicant_kind, outcome"
                ),
                condition.values(values![year]),
            ),
            remedies: [
                (remedies("concluded_on BETWEEN ? AND ?"), condition.values(values![first, last])),
                (pending.join(" UNION ALL "), pending_values.concat()),
            ],
            figures: (
                format!("SELECT row_code, cell, value FROM report_figures WHERE {of} year IN (?, ?)"),
                condition.values(values![year, year - 1]),
            ),
        }
    }

    fn run(&self, bare: &mut Bare) -> anyhow::Result<()> {
        for (sql, values) in &self.cases {
            bare.counts(sql, values)?;
        }
        for (sql, values) in self.remedies.iter().chain([&self.closed]) {
            bare.counts_of_results(sql, values)?;
        }
        bare.figures(&self.figures.0, &self.figures.1)?;
        Ok(())
    }
}

const AGENCY: &str = "SELECT id, code, name FROM agencies WHERE code = ?";
const WITHOUT_CASES: &str = "SELECT id, code, name FROM agencies WHERE path LIKE ? \
    AND NOT EXISTS (SELECT 1 FROM cases WHERE agency_id = agencies.id AND received_on BETWEEN ? AND ?) \
    AND NOT EXISTS (SELECT 1 FROM cases WHERE agency_id = agencies.id AND closing_year >= ? AND received_on < ?)";

impl Bench<'_> {
    fn query(&self, agency: i32, year: i32, rollup: bool) -> ReportQuery {
        let index = usize::try_from(agency - 1).expect("positive");
        ReportQuery { agency: self.agencies[index].code.clone(), year, rollup, as_of: None }
    }

    /// Begins what reads one state of the database, as a report must.
    fn begin_snapshot(bare: &Bare) -> &'static str {
        if bare.is_sqlite() { "BEGIN" } else { "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY" }
    }

    fn report(&mut self, name: &str, agency: i32) -> anyhow::Result<()> {
        let query = self.query(agency, YEAR, false);
        let sql = ReportSql::of(&Scope::Agency(AgencyId(agency)), YEAR);
        let Self { setting, db, bare, actor, .. } = self;
        let figure = setting.compare(
            format!("report of {name}"),
            REPORT,
            || Ok(db.snapshot(|conn| annual_report(conn, actor, &query))?),
            || {
                bare.batch(Self::begin_snapshot(bare))?;
                bare.agencies(AGENCY, values![query.agency.as_str()])?;
                sql.run(bare)?;
                Ok(bare.batch("COMMIT")?)
            },
        )?;
        self.figures.extend(figure);
        Ok(())
    }

    fn rollup(&mut self, year: i32) -> anyhow::Result<()> {
        let query = self.query(1, year, true);
        let sql = ReportSql::of(&Scope::of(&self.agencies[0], true), year);
        let Self { setting, db, bare, actor, .. } = self;
        let figure = setting.compare(
            format!("roll-up of the country, {year}"),
            ROLLUP,
            || Ok(db.snapshot(|conn| annual_report(conn, actor, &query))?),
            || {
                bare.batch(Self::begin_snapshot(bare))?;
                sql.run(bare)?;
                let (first, last) = (first_day(year), last_day(year));
                bare.agencies(WITHOUT_CASES, values!["/1/%", first, last, year, first])?;
                bare.numbers("SELECT count(*) FROM agencies WHERE path LIKE ?", values!["/1/%"])?;
                Ok(bare.batch("COMMIT")?)
            },
        )?;
        self.figures.extend(figure);
        Ok(())
    }

    fn drill_down(&mut self, name: &str, agency: i32, rollup: bool, cell: &str) -> anyhow::Result<()> {
        let query = self.query(agency, YEAR, rollup);
        let index = usize::try_from(agency - 1).expect("positive");
        let scope = Scope::of(&self.agencies[index], rollup);
        let condition = Condition::of(&scope);
        let (first, last) = (first_day(YEAR), last_day(YEAR));
        let open_after = |day: NaiveDate| -> Vec<(String, Vec<Value>)> {
            let range = |(from, through): (i32, i32)| {
                if from == through {
                    ("closing_year = ? AND received_on <= ?".to_owned(), vec![from.into(), day.into()])
                } else {
                    let values = vec![from.into(), through.into(), day.into()];
                    ("closing_year BETWEEN ? AND ? AND received_on <= ?".to_owned(), values)
                }
            };
            years_after(&scope, day.year()).into_iter().map(range).collect()
        };
        let closed = |rest: &str| {
            vec![(format!("closing_year = ? AND received_on <= ? {rest}"), vec![YEAR.into(), last.into()])]
        };
        let rests = match cell {
            "granted/natural_person" => {
                closed("AND applicant_kind = 'natural_person' AND outcome IN ('already_public', 'provided')")
            }
            "refuse_publication/total" => closed("AND outcome = 'publication'"),
            "total/total" => closed(""),
            // A later page begins later, and has no need of the first day.
            "new/total" => vec![("received_on <= ?".to_owned(), vec![last.into()])],
            "carried_in/total" => open_after(last_day(YEAR - 1)),
            _ => open_after(last),
        };
        // The first page, and one that begins in the middle of the year.
        let middle = NaiveDate::from_ymd_opt(YEAR, 7, 1).expect("a fixed date");
        let is_long = rollup && !cell.starts_with("carried");
        let start = (cell == "new/total").then(|| (first, String::new()));
        for after in [None, Some((middle, String::new()))].into_iter().take(if is_long { 2 } else { 1 }) {
            let one = |(rest, values): &(String, Vec<Value>)| {
                let mut values = condition.values(values);
                let mut later = "";
                if let Some((day, id)) = after.as_ref().or(start.as_ref()) {
                    later = "AND received_on >= ? AND (received_on > ? OR id > ?)";
                    values.extend([(*day).into(), (*day).into(), id.as_str().into()]);
                }
                let sql = format!(
                    "SELECT id, case_no, applicant_kind, received_on, closed_on, outcome FROM cases \
                     WHERE {} {rest} {later} ORDER BY received_on, id LIMIT 50",
                    condition.sql
                );
                (sql, values)
            };
            let statements: Vec<_> = rests.iter().map(one).collect();
            let place = if after.is_some() { ", from July" } else { "" };
            let Self { setting, db, bare, actor, .. } = self;
            let figure = setting.compare(
                format!("drill-down {cell} of {name}{place}"),
                DRILL_DOWN,
                || Ok(db.read(|conn| cell_lines(conn, actor, &query, cell, &after, PAGE))?),
                || {
                    bare.agencies(AGENCY, values![query.agency.as_str()])?;
                    for (sql, values) in &statements {
                        bare.cell_lines(sql, values)?;
                    }
                    Ok(())
                },
            )?;
            self.figures.extend(figure);
        }
        Ok(())
    }

    fn deadlines(&mut self, name: &str, scope: &Scope) -> anyhow::Result<()> {
        let condition = Condition::of(scope);
        let of = condition.sql;
        let order = "ORDER BY due_on, id";
        let places = format!("SELECT due_on, id FROM cases WHERE {of} is_open {order}");
        let places = self.bare.places(&places, &condition.values(&[]))?;
        let depth = places.len() * 9 / 10;
        let deep = places.get(depth).cloned();
        for (after, place) in [(None, "first page".to_owned()), (deep, format!("after {depth} lines"))] {
            let (rest, values) = match &after {
                None => ("", condition.values(&[])),
                Some((day, id)) => (
                    "AND due_on >= ? AND (due_on > ? OR id > ?)",
                    condition.values(values![*day, *day, id.as_str()]),
                ),
            };
            let sql = format!(
                "SELECT id, case_no, agency_id, status, applicant_name, received_on, due_on, due_provisional, \
                 waiting_for FROM cases WHERE {of} is_open {rest} {order} LIMIT 50"
            );
            let Self { setting, db, bare, .. } = self;
            let figure = setting.compare(
                format!("deadline list of {name}, {place}"),
                LIST,
                || {
                    let after = after.as_ref().map(|(day, id)| (*day, id.as_str()));
                    let lines = db.read(|conn| -> Result<_, StorageError> {
                        cases::deadlines(conn, scope, after, PAGE)
                    });
                    Ok(lines?)
                },
                || Ok(bare.deadline_lines(&sql, &values)?),
            )?;
            self.figures.extend(figure);
        }
        Ok(())
    }

    fn registration(&mut self) -> anyhow::Result<()> {
        let mut random = Random::new(4);
        let mut other = Random::new(5);
        let request = Request {
            content: "申请公开本村集体土地征收补偿安置方案的批复文件及补偿款发放明细。".repeat(3),
            phone: Some("13800000000".to_owned()),
            address: Some("某某省某某市某某县某某镇某某村".to_owned()),
            submitted_on: Some(data::today()),
            ..Request::default()
        };
        let Self { setting, db, bare, actor, rules, .. } = self;
        let words = words_of(&request.content);
        let agency = |random: &mut Random| i32::try_from(random.below(3_000)).map(|it| it + 1);
        let figure = setting.compare(
            "one registration, durable",
            REGISTRATION,
            || {
                let command = RegisterCase {
                    agency: AgencyId(agency(&mut random)?),
                    channel: Channel::InPerson,
                    received_on: data::today(),
                    applicant_kind: ApplicantKind::NaturalPerson,
                    applicant_name: "张三".to_owned(),
                    request: request.clone(),
                    department: None,
                };
                let registered: Result<_, ServiceError> =
                    db.write(|conn| register_case(conn, actor, rules, &command));
                Ok(registered?)
            },
            || insert_bare(bare, agency(&mut other)?, &request.content, &words),
        )?;
        self.figures.extend(figure);
        Ok(())
    }
}
