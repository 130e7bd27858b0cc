//! The figures agree, however they are come by: counted in SQL, by the pure functions, case by case
//! behind each cell, and from the journal. Proved over random histories.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::event::{CountedFacts, Event, Subject};
use gongkai::domain::ids::{AgencyId, RemedyId};
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use gongkai::domain::report::forms;
use gongkai::domain::report::forms::{CARRIED_IN, CARRIED_OUT, RemedyColumn};
use gongkai::domain::report::statistics::placement::Cell;
use gongkai::domain::report::statistics::tables::{CaseTally, RemedyTally, Table3, Table4};
use gongkai::domain::report::statistics::{CountedCase, Period};
use gongkai::service::report::check_agency::check_agency;
use gongkai::service::report::derive_tables::{ReportQuery, annual_report};
use gongkai::service::report::list_cell::cell_lines;
use gongkai::storage::access::agencies::{Agency, Scope};
use gongkai::storage::case::cases;
use gongkai::storage::journal::{Entry, Head};
use gongkai::storage::remedy::remedies;
use gongkai::storage::remedy::remedies::Remedy;
use gongkai::storage::report::statistics;
use gongkai::storage::{Db, journal};
use serde_json::json;

use crate::support::office::{a_stored_case, actor, an_agency, day};
use crate::support::on_both_databases;

const N_HISTORIES: u64 = 20;
const N_CASES: u64 = 60;
const N_REMEDIES: u64 = 20;
const TODAY: &str = "2026-12-31";
const YEARS: std::ops::RangeInclusive<i32> = 2019..=2026;

/// Numbers that look random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len().try_into().unwrap())).unwrap()]
    }

    /// A day of the years, often one at a year's end, where mistakes are made.
    fn day(&mut self) -> NaiveDate {
        let first = day("2019-01-01");
        let it = match self.below(3) {
            0 => {
                let turn =
                    NaiveDate::from_ymd_opt(2019 + i32::try_from(self.below(8)).unwrap(), 12, 30).unwrap();
                turn + Days::new(self.below(4))
            }
            _ => first + Days::new(self.below(8 * 365)),
        };
        it.min(day(TODAY))
    }

    /// A day from another on, at most today.
    fn day_from(&mut self, from: NaiveDate) -> NaiveDate {
        let span = self.one(&[1, 20, 60, 500]);
        (from + Days::new(self.below(span))).min(day(TODAY))
    }
}

/// What was known since which day, oldest first.
type Knowledge<T> = Vec<(NaiveDate, T)>;

/// What was known at the end of a day.
fn known_by<T>(knowledge: &Knowledge<T>, as_of: NaiveDate) -> Option<&T> {
    knowledge.iter().rev().find(|(since, _)| *since <= as_of).map(|(_, it)| it)
}

/// Agencies with everything that was ever known of their cases and proceedings.
struct History {
    agencies: Vec<Agency>,
    cases: Vec<(AgencyId, Knowledge<CountedCase>)>,
    remedies: Vec<(AgencyId, Knowledge<RemedyFacts>)>,
}

fn some_case(dice: &mut Dice) -> Knowledge<CountedCase> {
    let received_on = dice.day();
    let open = CountedCase { applicant_kind: dice.one(ApplicantKind::ALL), received_on, closed: None };
    let mut knowledge = vec![(dice.day_from(received_on), open)];
    let mut add = |dice: &mut Dice, counted: CountedCase| {
        let (last, _) = knowledge[knowledge.len() - 1];
        let since = counted.closed_on().unwrap_or(counted.received_on).max(last);
        knowledge.push((dice.day_from(since), counted));
    };
    let mut counted = open;
    if dice.below(4) != 0 {
        counted.closed = Some((dice.day_from(received_on), dice.one(Outcome::ALL)));
        add(dice, counted);
    }
    // Set right later on.
    if dice.below(3) == 0 {
        counted.applicant_kind = dice.one(ApplicantKind::ALL);
        add(dice, counted);
    }
    if let Some((on, _)) = counted.closed.filter(|_| dice.below(3) == 0) {
        counted.closed = Some((dice.day_from(on), dice.one(Outcome::ALL)));
        add(dice, counted);
    }
    if dice.below(4) == 0 {
        let until = counted.closed_on().unwrap_or(received_on);
        counted.received_on = (received_on - Days::new(dice.below(40))).min(until);
        add(dice, counted);
    }
    knowledge
}

fn some_remedy(dice: &mut Dice) -> Knowledge<RemedyFacts> {
    let kind = dice.one(RemedyKind::ALL);
    let accepted_on = dice.day();
    let capacity = if dice.below(5) == 0 { Capacity::ReconsiderationBody } else { Capacity::ActingAgency };
    let pending = RemedyFacts { kind, accepted_on, concluded: None, capacity };
    let first = dice.day_from(accepted_on);
    let mut knowledge = vec![(first, pending.clone())];
    if dice.below(3) != 0 {
        let results: Vec<_> = RemedyResult::ALL.iter().copied().filter(|it| it.fits(kind)).collect();
        let on = dice.day_from(accepted_on);
        let facts = RemedyFacts { concluded: Some((on, dice.one(&results))), ..pending };
        knowledge.push((dice.day_from(on.max(first)), facts));
    }
    knowledge
}

/// The journal of one case or proceeding.
fn entries<T>(
    subject: Subject,
    subject_id: &str,
    agency: AgencyId,
    knowledge: &Knowledge<T>,
    counted: impl Fn(&T) -> Option<CountedFacts>,
) -> Vec<Entry> {
    let mut head = Head::none();
    let entry = |(since, it): &(NaiveDate, T)| {
        head.follow(Event {
            subject,
            subject_id: subject_id.to_owned(),
            agency_id: Some(agency),
            action: "import".to_owned(),
            actor: "李四".to_owned(),
            recorded_at: day(TODAY).and_time(NaiveTime::MIN).and_utc(),
            known_on: *since,
            details: json!({}),
            counted: counted(it),
        })
    };
    knowledge.iter().map(entry).collect()
}

/// Makes a history and stores it: the cases as they stand, and the journal of how they came to.
fn a_history(db: &Db, seed: u64) -> History {
    let dice = &mut Dice(seed);
    let code = |it: &str| format!("H{seed}{it}");
    let root = an_agency(db, &code("R"), None);
    let child = an_agency(db, &code("C"), Some(&root.code));
    let grandchild = an_agency(db, &code("G"), Some(&child.code));
    let agencies = vec![root, child, grandchild];
    let ids: Vec<_> = agencies.iter().map(Agency::agency_id).collect();
    let mut history = History { agencies, cases: Vec::new(), remedies: Vec::new() };
    let (mut new_cases, mut new_remedies, mut journal_entries) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..N_CASES {
        let (agency, knowledge) = (dice.one(&ids), some_case(dice));
        let now = knowledge[knowledge.len() - 1].1;
        let new = a_stored_case(agency, &i.to_string(), now.applicant_kind, now.received_on, now.closed);
        let id = new.case.id.to_string();
        journal_entries.extend(entries(Subject::Case, &id, agency, &knowledge, |it| Some(it.into())));
        new_cases.push(new);
        history.cases.push((agency, knowledge));
    }
    for i in 0..N_REMEDIES {
        let (agency, knowledge) = (dice.one(&ids), some_remedy(dice));
        let remedy = Remedy {
            id: RemedyId::new(),
            agency_id: agency,
            remedy_no: i.to_string(),
            case_id: None,
            version: 1,
            facts: knowledge[knowledge.len() - 1].1.clone(),
            body: String::new(),
            remarks: String::new(),
        };
        let id = remedy.id.to_string();
        journal_entries.extend(entries(Subject::Remedy, &id, agency, &knowledge, CountedFacts::of_remedy));
        new_remedies.push(remedy);
        history.remedies.push((agency, knowledge));
    }
    db.write(|conn| {
        cases::insert(conn, &new_cases)?;
        remedies::insert(conn, &new_remedies)?;
        journal::append_all(conn, &journal_entries)
    })
    .unwrap();
    history
}

impl History {
    /// Each agency alone, and those with others below rolled up.
    fn scopes(&self) -> Vec<(&Agency, bool, Vec<AgencyId>)> {
        let ids: Vec<_> = self.agencies.iter().map(Agency::agency_id).collect();
        let own = self.agencies.iter().map(|it| (it, false, vec![it.agency_id()]));
        let rollups = self.agencies.iter().enumerate().map(|(i, it)| (it, true, ids[i..].to_vec()));
        own.chain(rollups).collect()
    }

    /// What the pure functions make of what was known at the end of a day.
    fn tallies(&self, of: &[AgencyId], known: NaiveDate, period: Period) -> (CaseTally, RemedyTally) {
        let cases = self.cases.iter().filter(|(agency, _)| of.contains(agency));
        let cases = cases.filter_map(|(_, it)| known_by(it, known)).copied();
        let remedies = self.remedies.iter().filter(|(agency, _)| of.contains(agency));
        let remedies = remedies.filter_map(|(_, it)| known_by(it, known));
        (CaseTally::of(cases, period), RemedyTally::of(remedies, period))
    }
}

fn query(agency: &Agency, year: i32, rollup: bool, as_of: Option<NaiveDate>) -> ReportQuery {
    ReportQuery { agency: agency.code.clone(), year, rollup, as_of }
}

fn histories(db: &Db) -> Vec<History> {
    (0..N_HISTORIES).map(|seed| a_history(db, seed)).collect()
}

#[test]
fn what_sql_counts_is_what_the_pure_functions_count() {
    on_both_databases(|db| {
        for history in histories(db) {
            for ((agency, rollup, of), year) in
                history.scopes().into_iter().flat_map(|it| YEARS.map(move |year| (it.clone(), year)))
            {
                let (scope, period) = (Scope::of(agency, rollup), Period::year(year));
                let (cases, remedies) = history.tallies(&of, day(TODAY), period);
                let counted = db.read(|conn| statistics::case_tally(conn, &scope, period)).unwrap();
                assert_eq!(counted, cases, "{} {year}", agency.code);
                let counted = db.read(|conn| statistics::remedy_tally(conn, &scope, period)).unwrap();
                assert_eq!(counted, remedies, "{} {year}", agency.code);
            }
        }
    });
}

/// Every cell of the tables of a report with its figure.
fn cells(table3: &Table3, table4: &Table4) -> Vec<(String, u64)> {
    let kinds = || ApplicantKind::ALL.iter().map(|it| it.code()).chain(["total"]);
    let columns = || RemedyColumn::ALL.iter().map(|it| it.code()).chain(["total"]);
    let cases = table3
        .rows()
        .flat_map(|(row, line)| kinds().zip(line).map(|(column, n)| (format!("{}/{column}", row.code), *n)));
    let remedies = RemedyKind::ALL.iter().flat_map(|kind| {
        let line = table4.group(*kind);
        columns().zip(line).map(|(column, n)| (format!("{}/{column}", kind.code()), *n))
    });
    cases.chain(remedies).collect()
}

/// The cases behind every cell are as many as it says. `as_of` is a day within or after the year.
fn check_cells(db: &Db, query: &ReportQuery) {
    let actor = actor(TODAY);
    let report = db.snapshot(|conn| annual_report(conn, &actor, query)).unwrap();
    assert!(report.checks.iter().all(|it| it.holds), "{query:?}: {:?}", report.checks);
    for (cell, n) in cells(&report.table3, &report.table4) {
        let lines = db.read(|conn| cell_lines(conn, &actor, query, &cell, &None, 10_000)).unwrap();
        assert_eq!(u64::try_from(lines.len()).unwrap(), n, "{query:?} {cell}");
        let ids: BTreeMap<_, _> = lines.iter().map(|it| (&it.id, ())).collect();
        assert_eq!(ids.len(), lines.len(), "{query:?} {cell}: one is there twice");
        let n_reasons = if matches!(Cell::parse(&cell, report.form), Ok(Cell::Cases(..))) { 2 } else { 1 };
        for line in &lines {
            assert!(!line.case_no.is_empty() && line.reasons.len() == n_reasons, "{line:?}");
        }
    }
}

/// All years of one history, one year of each other, in turn; own figures and rolled up.
#[test]
fn behind_every_cell_are_as_many_cases_as_it_says() {
    on_both_databases(|db| {
        for (i, history) in histories(db).iter().enumerate() {
            let turn = 2019 + i32::try_from(i).unwrap() % 8;
            for year in YEARS.filter(|it| i == 0 || *it == turn) {
                check_cells(db, &query(&history.agencies[1], year, false, None));
                check_cells(db, &query(&history.agencies[0], year, true, None));
            }
            if i % 5 == 0 {
                let as_of = NaiveDate::from_ymd_opt(turn, 8, 31).unwrap();
                check_cells(db, &query(&history.agencies[0], turn, true, Some(as_of)));
                let as_of = (as_of + Days::new(200)).min(day(TODAY));
                check_cells(db, &query(&history.agencies[1], turn, false, Some(as_of)));
            }
        }
    });
}

#[test]
fn what_is_carried_out_of_a_year_is_carried_into_the_next() {
    on_both_databases(|db| {
        let actor = actor(TODAY);
        for history in histories(db) {
            for rollup in [false, true] {
                let reports = YEARS.map(|year| {
                    let query = query(&history.agencies[0], year, rollup, None);
                    db.snapshot(|conn| annual_report(conn, &actor, &query)).unwrap()
                });
                let tables: Vec<_> = reports.map(|it| it.table3).collect();
                for pair in tables.windows(2) {
                    assert_eq!(pair[0].row(CARRIED_OUT), pair[1].row(CARRIED_IN));
                }
            }
            for agency in &history.agencies {
                let years = db.snapshot(|conn| check_agency(conn, &actor, &agency.code, None)).unwrap();
                let broken: Vec<_> = years.iter().flat_map(|it| &it.checks).filter(|it| !it.holds).collect();
                assert!(broken.is_empty(), "{}: {broken:?}", agency.code);
            }
        }
    });
}

#[test]
fn the_figures_of_a_past_day_are_those_that_were_known_then() {
    on_both_databases(|db| {
        let actor = actor(TODAY);
        for (seed, history) in histories(db).iter().enumerate() {
            let dice = &mut Dice(u64::try_from(seed).unwrap() + 1_000);
            for (agency, rollup, of) in history.scopes() {
                for _ in 0..4 {
                    let as_of = dice.day();
                    let year = as_of.year() - i32::try_from(dice.below(2)).unwrap();
                    let Ok(form) = forms::form(year) else { continue };
                    let period = Period::as_of(year, as_of).unwrap();
                    let (cases, remedies) = history.tallies(&of, as_of, period);
                    let query = query(agency, year, rollup, Some(as_of));
                    let report = db.snapshot(|conn| annual_report(conn, &actor, &query)).unwrap();
                    assert_eq!(report.table3, Table3::fill(form, &cases), "{query:?}");
                    assert_eq!(report.table4, Table4::fill(&remedies), "{query:?}");
                }
                let year = dice.one(&[2019, 2020, 2021, 2025, 2026]);
                let today = query(agency, year, rollup, Some(day(TODAY)));
                let live = query(agency, year, rollup, None);
                let [today, live] = [today, live]
                    .map(|query| db.snapshot(|conn| annual_report(conn, &actor, &query)).unwrap());
                assert_eq!((today.table3, today.table4), (live.table3, live.table4));
                assert_eq!(today.rollup, live.rollup);
            }
        }
    });
}
