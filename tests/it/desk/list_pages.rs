//! Lists read page by page: every case once, in order, whatever the size of the page.

use chrono::{Days, NaiveDate};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::NextDay;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::report::statistics::{Measure, Period};
use gongkai::domain::workflow::Status;
use gongkai::storage::access::agencies::{Agency, Scope};
use gongkai::storage::case::cases;
use gongkai::storage::case::cases::{DeadlineLine, NewCase};
use gongkai::storage::report::statistics;
use gongkai::storage::report::statistics::{CellQuery, CountedRow};
use gongkai::storage::{Db, DbConnection, StorageError};

use crate::support::office::{a_stored_case, an_agency, day};
use crate::support::on_both_databases;

/// Sixty cases of a few days only, so that most days are shared; some closed, some of them late.
fn some_cases(agency: &Agency) -> Vec<NewCase> {
    (0..60_u64)
        .map(|i| {
            let received_on = day("2025-12-24") + Days::new(i * 7 % 12);
            let closed = match i % 4 {
                0 => Some((received_on + Days::new(i % 5), Outcome::Provided)),
                1 => Some((received_on + Days::new(30), Outcome::Partial)),
                _ => None,
            };
            let kind = if i % 3 == 0 { ApplicantKind::Other } else { ApplicantKind::NaturalPerson };
            let no = format!("{}-{i}", agency.code);
            let mut new = a_stored_case(agency.agency_id(), &no, kind, received_on, closed);
            new.next = NextDay { on: day("2026-01-26") + Days::new(i % 6), ..new.next };
            new
        })
        .collect()
}

/// A tree of agencies with cases: the root, a child, the child's child, and one outside.
fn a_tree(db: &Db) -> (Vec<Agency>, Vec<NewCase>) {
    let codes = [("R", None), ("C", Some("R")), ("G", Some("C")), ("X", None)];
    let agencies: Vec<_> = codes.iter().map(|(code, parent)| an_agency(db, code, *parent)).collect();
    let cases: Vec<_> = agencies.iter().flat_map(some_cases).collect();
    db.write(|conn| cases::insert(conn, &cases)).unwrap();
    (agencies, cases)
}

/// The scopes to look at, each with the codes of its agencies.
fn scopes(agencies: &[Agency]) -> Vec<(Scope, Vec<&str>)> {
    let whole = Scope::Subtree("/".to_owned());
    vec![
        (Scope::of(&agencies[0], false), vec!["R"]),
        (Scope::of(&agencies[2], false), vec!["G"]),
        (Scope::of(&agencies[0], true), vec!["R", "C", "G"]),
        (Scope::of(&agencies[1], true), vec!["C", "G"]),
        (Scope::of(&agencies[2], true), vec!["G"]),
        (Scope::of(&agencies[3], true), vec!["X"]),
        (whole, vec!["R", "C", "G", "X"]),
    ]
}

/// Reads all pages of a size; each but the last is full, and after the last comes an empty one.
#[track_caller]
fn all_pages<T>(
    db: &Db,
    limit: i64,
    key: impl Fn(&T) -> (NaiveDate, String),
    page: impl Fn(&mut DbConnection, Option<(NaiveDate, String)>) -> Result<Vec<T>, StorageError>,
) -> Vec<(NaiveDate, String)> {
    let mut all = Vec::new();
    loop {
        let lines = db.read(|conn| page(conn, all.last().cloned())).unwrap();
        let is_last = i64::try_from(lines.len()).unwrap() < limit;
        assert!(i64::try_from(lines.len()).unwrap() <= limit);
        all.extend(lines.iter().map(&key));
        if is_last {
            let beyond = db.read(|conn| page(conn, all.last().cloned())).unwrap();
            assert!(all.is_empty() || beyond.is_empty());
            return all;
        }
    }
}

fn belongs(new: &NewCase, agencies: &[Agency], codes: &[&str]) -> bool {
    let agency = agencies.iter().find(|it| it.agency_id() == new.case.agency_id).unwrap();
    codes.contains(&agency.code.as_str())
}

#[test]
fn the_deadline_list_shows_every_open_case_once() {
    on_both_databases(|db| {
        let (agencies, cases) = a_tree(db);
        for (scope, codes) in scopes(&agencies) {
            let mut expected: Vec<_> = cases
                .iter()
                .filter(|it| it.case.status.is_open() && belongs(it, &agencies, &codes))
                .map(|it| (it.next.on, it.case.id.to_string()))
                .collect();
            expected.sort();
            assert_eq!(expected.len(), 30 * codes.len());
            for limit in [1, 2, 7, 30, 31, 1_000] {
                let found = all_pages(
                    db,
                    limit,
                    |it: &DeadlineLine| (it.due_on, it.id.clone()),
                    |conn, after| {
                        let after = after.as_ref().map(|(day, id)| (*day, id.as_str()));
                        cases::deadlines(conn, &scope, after, limit)
                    },
                );
                assert_eq!(found, expected, "{scope:?}, {limit} a page");
            }
        }
    });
}

#[test]
fn a_line_of_the_deadline_list_says_what_the_case_says() {
    on_both_databases(|db| {
        let (agencies, cases) = a_tree(db);
        let lines = db.read(|conn| cases::deadlines(conn, &Scope::of(&agencies[1], false), None, 1)).unwrap();
        let new = cases.iter().find(|it| it.case.id.to_string() == lines[0].id).unwrap();
        let line = &lines[0];
        assert_eq!((&line.case_no, line.agency_id), (&new.case.case_no, agencies[1].id));
        assert_eq!((line.status.0, line.applicant_name.as_str()), (Status::Handled, "王五"));
        assert_eq!((line.received_on, line.due_on), (new.case.received_on, new.next.on));
        assert_eq!((line.due_provisional, line.waiting_for), (new.next.provisional, None));
    });
}

#[test]
fn the_list_behind_a_cell_shows_every_case_once() {
    let query = |measure, kind, outcomes| CellQuery { measure, kind, outcomes };
    let mut queries: Vec<_> = Measure::ALL.map(|it| query(it, None, None)).into();
    queries.extend(Measure::ALL.map(|it| query(it, Some(ApplicantKind::Other), None)));
    queries.push(query(Measure::Closed, None, Some(vec![Outcome::Partial, Outcome::Withdrawn])));
    queries.push(query(Measure::Closed, Some(ApplicantKind::Other), Some(vec![Outcome::Provided])));
    on_both_databases(|db| {
        let (agencies, cases) = a_tree(db);
        for (scope, codes) in scopes(&agencies) {
            for (query, year) in queries.iter().flat_map(|it| [(it, 2025), (it, 2026)]) {
                let period = Period::year(year);
                let is_wanted = |it: &&NewCase| {
                    let (counted, outcome) = (it.case.counted(), it.case.closed.map(|(_, outcome)| outcome));
                    belongs(it, &agencies, &codes)
                        && counted.is_counted(query.measure, period)
                        && query.kind.is_none_or(|kind| kind == counted.applicant_kind)
                        && query.outcomes.as_ref().is_none_or(|it| outcome.is_some_and(|o| it.contains(&o)))
                };
                let wanted = cases.iter().filter(is_wanted);
                let mut expected: Vec<_> =
                    wanted.map(|it| (it.case.received_on, it.case.id.to_string())).collect();
                expected.sort();
                for limit in [3, 500] {
                    let found = all_pages(
                        db,
                        limit,
                        |it: &CountedRow| (it.counted.received_on, it.id.clone()),
                        |conn, after| statistics::cases_in_cell(conn, &scope, period, query, &after, limit),
                    );
                    assert_eq!(found, expected, "{scope:?}, {query:?}, {year}, {limit} a page");
                }
            }
        }
    });
}

#[test]
fn the_cached_days_of_all_cases_are_read_page_by_page() {
    on_both_databases(|db| {
        let (agencies, cases) = a_tree(db);
        for (agency, n_cases) in [(None, 240), (Some(agencies[2].agency_id()), 60)] {
            let mut seen: Vec<String> = Vec::new();
            loop {
                let after = seen.last().cloned().unwrap_or_default();
                let page = db.read(|conn| cases::cached_days(conn, agency, false, &after, 17)).unwrap();
                if page.is_empty() {
                    break;
                }
                seen.extend(page.into_iter().map(|it| it.id));
            }
            assert!(seen.is_sorted() && seen.len() == n_cases, "{} of {n_cases}", seen.len());
            assert!(seen.iter().all(|it| cases.iter().any(|new| new.case.id.to_string() == *it)));
        }
    });
}

/// That the path of one agency begins like that of another does not put it below.
#[test]
fn a_tree_of_many_agencies_keeps_its_branches_apart() {
    on_both_databases(|db| {
        let codes: Vec<_> = (1..=12).map(|i| format!("A{i}")).collect();
        let agencies: Vec<_> = codes
            .iter()
            .enumerate()
            .map(|(i, code)| an_agency(db, code, if i == 11 { Some("A11") } else { None }))
            .collect();
        let below = |agency: &Agency| -> Vec<_> {
            let found =
                db.read(|conn| gongkai::storage::access::agencies::subtree(conn, &agency.path)).unwrap();
            found.into_iter().map(|it| it.code).collect()
        };
        assert_eq!(below(&agencies[0]), ["A1"]);
        assert_eq!(below(&agencies[10]), ["A11", "A12"]);
        let new = a_stored_case(agencies[11].agency_id(), "1", ApplicantKind::Other, day("2026-01-05"), None);
        db.write(|conn| cases::insert(conn, &[new])).unwrap();
        let n_lines = |agency: &Agency| {
            db.read(|conn| cases::deadlines(conn, &Scope::of(agency, true), None, 9)).unwrap().len()
        };
        assert_eq!((n_lines(&agencies[0]), n_lines(&agencies[10])), (0, 1));
    });
}

/// As its description promises: parents before children, whatever their codes.
#[test]
fn all_agencies_are_listed_parents_first() {
    on_both_databases(|db| {
        an_agency(db, "Z", None);
        an_agency(db, "M", Some("Z"));
        an_agency(db, "A", Some("M"));
        an_agency(db, "B", None);
        let all = db.read(gongkai::storage::access::agencies::all).unwrap();
        let codes: Vec<_> = all.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["Z", "M", "A", "B"]);
    });
}
