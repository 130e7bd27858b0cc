//! Real reports of real agencies, end to end: a register that must yield them is imported, the tables
//! are derived, and every cell compared. Reports whose figures contradict themselves cannot be made;
//! there the check must find and name the fault.

use std::collections::BTreeSet;
use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate};
use gongkai::documents::entered::{EnteredReport, parse_table};
use gongkai::domain::applicant::{ApplicantKind, N_KINDS};
use gongkai::domain::calendar::WorkCalendar;
use gongkai::domain::labels::Coded;
use gongkai::domain::letters::LetterDefaults;
use gongkai::domain::mail::MailPolicy;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::remedy::{RemedyKind, RemedyResult};
use gongkai::domain::reminders::ReminderPolicy;
use gongkai::domain::report::forms::{FORM_2019, Fill};
use gongkai::domain::report::statistics::Period;
use gongkai::domain::report::statistics::checks::{Check, check_table3, check_table4};
use gongkai::domain::report::statistics::tables::{CaseTally, Table3};
use gongkai::domain::response_clock::ClockSettings;
use gongkai::domain::workflow::Policy;
use gongkai::import;
use gongkai::service::access::add_agency::add_agency;
use gongkai::service::case::import_cases::import_cases;
use gongkai::service::remedy::import_remedies::import_remedies;
use gongkai::service::report::derive_tables::{ReportQuery, annual_report};
use gongkai::service::report::list_cell::cell_lines;
use gongkai::service::{Caller, Rules, ServiceError};
use gongkai::storage::Db;

use crate::support::on_both;

struct Published {
    name: String,
    year: i32,
    violations: Vec<String>,
    entered: EnteredReport,
}

fn published() -> Vec<Published> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/published_reports");
    let mut reports: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|it| {
            let path = it.unwrap().path();
            let bytes = std::fs::read(&path).unwrap();
            let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            Published {
                name: path.file_stem().unwrap().to_str().unwrap().to_owned(),
                year: json["year"].as_i64().unwrap().try_into().unwrap(),
                violations: serde_json::from_value(json["violations"].clone()).unwrap(),
                entered: parse_table(&bytes).unwrap(),
            }
        })
        .collect();
    reports.sort_by(|a, b| a.name.cmp(&b.name));
    reports
}

fn checks(entered: &EnteredReport) -> Vec<Check> {
    let mut checks = check_table3(&entered.table3);
    checks.extend(check_table4(&entered.table4));
    checks
}

#[test]
fn a_report_that_contradicts_itself_is_found_and_named() {
    let mut n_contradictory = 0;
    for report in published() {
        let broken: Vec<_> = checks(&report.entered).into_iter().filter(|it| !it.holds).collect();
        assert_eq!(broken.is_empty(), report.violations.is_empty(), "{}: {broken:?}", report.name);
        assert!(
            broken.len() >= report.violations.len(),
            "{}: {broken:?} do not name all of {:?}",
            report.name,
            report.violations
        );
        n_contradictory += usize::from(!broken.is_empty());
    }
    assert_eq!(n_contradictory, 5);
}

/// What stands at fault in one of them, in the words an office reads.
#[test]
fn the_fault_is_named_by_column_and_figures() {
    let report = published().into_iter().find(|it| it.name == "pingtan-natural-resources-2021").unwrap();
    let broken: Vec<_> =
        checks(&report.entered).into_iter().filter(|it| !it.holds).map(|it| it.detail).collect();
    assert_eq!(
        broken,
        [
            "“自然人”列：新收16＋上年结转0＝16，总计18＋结转下年0＝18",
            "“自然人”列：各项办理结果之和16，总计18",
            "“社会公益组织”列：新收2＋上年结转0＝2，总计0＋结转下年0＝0",
            "“社会公益组织”列：各项办理结果之和2，总计0",
        ]
    );
}

/// Two registers, of cases and of remedies, that must yield the report.
struct Register {
    cases: String,
    appeals: String,
    n_cases: u32,
}

impl Register {
    /// Cases of the year in every row and column, some of them carried in, those carried out, and
    /// decoys just outside the year on either side.
    fn that_yields(report: &Published) -> Self {
        let mut register = Self {
            cases: "登记号,收到日期,申请人类型,申请内容,答复日期,办理结果\n".to_owned(),
            appeals: "案号,类型,受理机关,受理日期,审结日期,结果\n".to_owned(),
            n_cases: 0,
        };
        let table = &report.entered.table3;
        let first = NaiveDate::from_ymd_opt(report.year, 1, 1).unwrap();
        let last = NaiveDate::from_ymd_opt(report.year, 12, 31).unwrap();
        for kind in ApplicantKind::ALL {
            let column = kind.column();
            let carried_in = table.row("carried_in")[column];
            let new = table.row("new")[column];
            // Received before the year, then within it; each is closed in it, or left for the next.
            let before = (0..carried_in).map(|i| first - Days::new(1 + i % 40));
            let within = (0..new).map(|i| first + Days::new(i % 365));
            let mut received = before.chain(within);
            for (row, line) in table.rows() {
                let Fill::Closed(leaves) = row.fills else { continue };
                let outcomes: Vec<_> =
                    Outcome::ALL.iter().filter(|it| leaves.contains(&it.leaf())).copied().collect();
                for i in 0..line[column] {
                    let on = received.next().unwrap();
                    let closed_on = (on + Days::new(i % 50)).clamp(first, last);
                    let outcome = outcomes[usize::try_from(i).unwrap() % outcomes.len()];
                    register.case(on, *kind, Some((closed_on, outcome)));
                }
            }
            for (i, on) in received.enumerate() {
                // Some are still open, some were closed in the next year.
                let closed = (i % 2 == 0).then(|| (last + Days::new(1), Outcome::Provided));
                register.case(on, *kind, closed);
            }
            register.case(first - Days::new(60), *kind, Some((first - Days::new(1), Outcome::Partial)));
            register.case(last + Days::new(1), *kind, None);
        }
        register.remedies(report, first, last);
        register
    }

    fn case(&mut self, on: NaiveDate, kind: ApplicantKind, closed: Option<(NaiveDate, Outcome)>) {
        self.n_cases += 1;
        let (closed_on, outcome) = match closed {
            Some((day, outcome)) => (day.to_string(), outcome.label()),
            None => (String::new(), ""),
        };
        let kind = kind.label();
        writeln!(self.cases, "{:05},{on},{kind},某项信息,{closed_on},{outcome}", self.n_cases).unwrap();
    }

    fn remedies(&mut self, report: &Published, first: NaiveDate, last: NaiveDate) {
        let mut n = 0;
        let mut add = |kind: RemedyKind, accepted_on: NaiveDate, concluded: Option<(NaiveDate, &str)>| {
            n += 1;
            let (on, result) = concluded.map_or((String::new(), ""), |(on, it)| (on.to_string(), it));
            writeln!(self.appeals, "{n},{},某机关,{accepted_on},{on},{result}", kind.label()).unwrap();
        };
        for kind in RemedyKind::ALL {
            let line = report.entered.table4.group(*kind);
            let results = [RemedyResult::Upheld, RemedyResult::Corrected, RemedyResult::OtherResult];
            for (n_of_result, result) in line.iter().zip(results) {
                for i in 0..*n_of_result {
                    // Some were pending when the year began.
                    let accepted_on =
                        if i % 3 == 0 { first - Days::new(20) } else { first + Days::new(i % 300) };
                    add(*kind, accepted_on, Some((accepted_on.max(first) + Days::new(30), result.label())));
                }
            }
            for i in 0..line[3] {
                let concluded = (i % 2 == 0).then(|| (last + Days::new(1), "结果维持"));
                add(*kind, first + Days::new(i % 365), concluded);
            }
            add(*kind, first - Days::new(50), Some((first - Days::new(1), "结果纠正")));
            add(*kind, last + Days::new(1), None);
        }
    }
}

fn actor() -> Caller {
    // After every decoy of every report.
    let now = DateTime::parse_from_rfc3339("2026-11-24T02:00:00Z").unwrap().to_utc();
    Caller::at_command_line("测试", now)
}

fn rules() -> Rules {
    Rules {
        policy: Policy::default(),
        clock: ClockSettings::default(),
        calendar: WorkCalendar::published(),
        mail: MailPolicy::default(),
        reminders: ReminderPolicy::default(),
        letters: LetterDefaults::default(),
    }
}

fn import_register(db: &Db, code: &str, register: &Register) {
    let (actor, rules) = (actor(), rules());
    let cases = import::read_cases(register.cases.as_bytes(), "台账.csv", actor.today()).unwrap();
    let appeals = import::read_remedies(register.appeals.as_bytes(), "复议诉讼.csv", actor.today()).unwrap();
    assert_eq!((cases.problems, appeals.problems), (vec![], vec![]));
    db.write(|conn| -> Result<(), ServiceError> {
        add_agency(conn, &actor, code, code, None)?;
        let imported = import_cases(conn, &actor, &rules, code, "台账.csv", &cases.rows, &mut |_| {})?;
        assert_eq!(imported.n_new, usize::try_from(register.n_cases).unwrap());
        let imported = import_remedies(conn, &actor, code, "复议诉讼.csv", &appeals.rows)?;
        assert_eq!(imported.problems, []);
        Ok(())
    })
    .unwrap();
}

#[test]
fn every_consistent_report_is_derived_to_the_last_cell() {
    let reports: Vec<_> = published().into_iter().filter(|it| it.violations.is_empty()).collect();
    assert_eq!(reports.len(), 21);
    on_both(|url| {
        let db = Db::open(url, 2).unwrap();
        db.migrate().unwrap();
        // Each in an agency of its own, all in one database: none may count another's cases.
        for report in &reports {
            import_register(&db, &report.name, &Register::that_yields(report));
        }
        for report in &reports {
            check_derived(&db, report);
        }
    });
}

fn check_derived(db: &Db, report: &Published) {
    let actor = actor();
    let query = ReportQuery { agency: report.name.clone(), year: report.year, rollup: false, as_of: None };
    let derived = db.snapshot(|conn| annual_report(conn, &actor, &query)).unwrap();
    let entered = &report.entered;
    assert!(derived.checks.iter().all(|it| it.holds), "{}", report.name);
    assert_eq!(derived.table4, entered.table4, "{}", report.name);
    if entered.table3.form.code == derived.form.code {
        assert_eq!(derived.table3, entered.table3, "{}", report.name);
    }
    // The journal yields the same, and, for reports printed in the old form, that form too.
    let as_of = ReportQuery { as_of: Some(actor.today()), ..query.clone() };
    let from_journal = db.snapshot(|conn| annual_report(conn, &actor, &as_of)).unwrap();
    assert_eq!(from_journal.table3, derived.table3, "{}", report.name);
    if entered.table3.form.code == FORM_2019.code {
        check_in_form_2019(db, report, &query);
    }
    // The list behind a cell is as long as its figure says, and every line gives its reasons.
    for cell in ["new/total", "granted/natural_person", "total/total", "carried_out/total", "review/total"] {
        let lines = db.snapshot(|conn| cell_lines(conn, &actor, &query, cell, &None, i64::MAX)).unwrap();
        let (row, column) = cell.split_once('/').unwrap();
        let column = if column == "total" { N_KINDS } else { 0 };
        let figure = match row {
            "review" => derived.table4.review[4],
            row => derived.table3.row(row)[column],
        };
        assert_eq!(u64::try_from(lines.len()).unwrap(), figure, "{} {cell}", report.name);
        assert!(lines.iter().all(|it| !it.reasons.is_empty()));
        let numbers: BTreeSet<_> = lines.iter().map(|it| &it.case_no).collect();
        assert_eq!(numbers.len(), lines.len(), "{} {cell}", report.name);
    }
}

/// Reports of later years that still print one row for （六）其他处理 are compared in that form.
fn check_in_form_2019(db: &Db, report: &Published, query: &ReportQuery) {
    let actor = actor();
    let mut cases = Vec::new();
    for cell in ["new/total", "carried_in/total"] {
        let lines = db.snapshot(|conn| cell_lines(conn, &actor, query, cell, &None, i64::MAX)).unwrap();
        cases.extend(lines);
    }
    let kinds: std::collections::BTreeMap<String, ApplicantKind> = ApplicantKind::ALL
        .iter()
        .flat_map(|kind| {
            ["new", "carried_in"].map(|row| {
                let cell = format!("{row}/{}", kind.code());
                let lines =
                    db.snapshot(|conn| cell_lines(conn, &actor, query, &cell, &None, i64::MAX)).unwrap();
                lines.into_iter().map(|it| (it.case_no, *kind)).collect::<Vec<_>>()
            })
        })
        .flatten()
        .collect();
    let counted = cases.into_iter().map(|line| gongkai::domain::report::statistics::CountedCase {
        applicant_kind: kinds[&line.case_no],
        received_on: line.received_on,
        closed: line.closed_on.map(|day| {
            let outcome = Outcome::ALL.iter().find(|it| Some(it.label()) == line.outcome).unwrap();
            (day, *outcome)
        }),
    });
    let tally = CaseTally::of(counted, Period::year(report.year));
    assert_eq!(Table3::fill(&FORM_2019, &tally), report.entered.table3, "{}", report.name);
}
