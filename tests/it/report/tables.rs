//! The annual report through its use cases: figures entered, figures of a past day, roll-ups, and checks.

use chrono::NaiveDate;
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{Amendment, Command};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::register::{Conclusion, RemedyRow};
use gongkai::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use gongkai::domain::report::statistics::checks::Severity;
use gongkai::domain::report::statistics::report::Report;
use gongkai::domain::report::statistics::table2::Table2;
use gongkai::service::ServiceError;
use gongkai::service::case::register_case::register_case;
use gongkai::service::remedy::import_remedies::import_remedies;
use gongkai::service::report::derive_tables::{ReportQuery, annual_report};
use gongkai::service::report::enter_figures::{RowFigures, enter_figures};
use gongkai::service::report::list_cell::cell_lines;
use gongkai::storage::{Db, journal};
use serde_json::json;

use crate::support::office::{a_case, act, actor, an_agency, an_application, answer, day, rules};
use crate::support::on_both_databases;

fn query(agency: &str, year: i32) -> ReportQuery {
    ReportQuery { agency: agency.to_owned(), year, rollup: false, as_of: None }
}

fn report(db: &Db, today: &str, query: &ReportQuery) -> Result<Report, ServiceError> {
    db.snapshot(|conn| annual_report(conn, &actor(today), query))
}

/// The report as of a day, drawn up much later.
fn as_of(db: &Db, query: &ReportQuery, day: NaiveDate) -> Report {
    report(db, "2026-11-24", &ReportQuery { as_of: Some(day), ..query.clone() }).unwrap()
}

/// Enters rows such as `rules=1,0,11`.
fn enter(db: &Db, agency: &str, year: i32, rows: &[&str]) -> Result<Table2, ServiceError> {
    enter_on(db, "2026-11-24", agency, year, rows)
}

fn enter_on(db: &Db, today: &str, agency: &str, year: i32, rows: &[&str]) -> Result<Table2, ServiceError> {
    let row = |text: &&str| {
        let (row, values) = text.split_once('=').unwrap();
        RowFigures { row: row.to_owned(), values: values.split(',').map(str::to_owned).collect() }
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    db.write(|conn| enter_figures(conn, &actor(today), agency, year, &rows))
}

/// The figures of a row as they would be printed; `-` where none has been entered.
fn figures(table: &Table2, row: &str) -> String {
    let cells = &table.row(row).unwrap().cells;
    cells.iter().map(|it| it.map_or("-".to_owned(), |it| it.to_string())).collect::<Vec<_>>().join(",")
}

#[test]
fn figures_are_kept_exactly_as_entered() {
    on_both_databases(|db| {
        an_agency(db, "A", None);
        let rows = ["fees_10k_yuan=24252.311082", "rules=0,0,11", "normative_documents=7,2,105"];
        let table = enter(db, "A", 2025, &rows).unwrap();
        let stored = report(db, "2026-11-24", &query("A", 2025)).unwrap().table2;
        assert_eq!(table, stored);
        assert_eq!(figures(&stored, "fees_10k_yuan"), "24252.311082");
        assert_eq!(figures(&stored, "normative_documents"), "7,2,105");
        assert_eq!(figures(&stored, "licences"), "-");
        for amount in ["59237.2449", "0.10", "0", "100.0000000001", "999999999999.9999999999"] {
            let table = enter(db, "A", 2025, &[&format!("fees_10k_yuan={amount}")]).unwrap();
            assert_eq!(figures(&table, "fees_10k_yuan"), amount);
            assert_eq!(figures(&table, "rules"), "0,0,11");
        }
        // Another form, in which a change may be negative.
        let table = enter(db, "A", 2020, &["licences=120,-15,3046", "procurement=3,1234.5678"]).unwrap();
        assert_eq!(figures(&table, "licences"), "120,-15,3046");
        assert_eq!(figures(&table, "procurement"), "3,1234.5678");
    });
}

#[test]
fn sums_over_many_units_are_exact() {
    on_both_databases(|db| {
        an_agency(db, "R", None);
        an_agency(db, "A", Some("R"));
        an_agency(db, "B", Some("A"));
        an_agency(db, "X", None);
        enter(db, "R", 2025, &["fees_10k_yuan=24252.311082", "licences=1"]).unwrap();
        enter(db, "A", 2025, &["fees_10k_yuan=59237.2449"]).unwrap();
        enter(db, "B", 2025, &["fees_10k_yuan=0.0000000001", "licences=2"]).unwrap();
        enter(db, "X", 2025, &["fees_10k_yuan=5"]).unwrap();
        enter(db, "B", 2024, &["fees_10k_yuan=7"]).unwrap();
        let rolled = |code| report(db, "2026-11-24", &ReportQuery { rollup: true, ..query(code, 2025) });
        let table = rolled("R").unwrap().table2;
        assert_eq!(figures(&table, "fees_10k_yuan"), "83489.5559820001");
        assert_eq!(figures(&table, "licences"), "3");
        assert_eq!(figures(&table, "penalties"), "-");
        assert_eq!(figures(&rolled("A").unwrap().table2, "fees_10k_yuan"), "59237.2449000001");
    });
}

#[test]
fn a_figure_that_cannot_be_is_refused_and_nothing_is_entered() {
    on_both_databases(|db| {
        an_agency(db, "A", None);
        enter(db, "A", 2025, &["rules=1,0,11"]).unwrap();
        let n_entries = db.read(journal::verify).unwrap().0;
        let check = |year: i32, rows: &[&str], message: &str| {
            let refused = enter(db, "A", year, rows).unwrap_err().to_string();
            assert!(refused.contains(message), "{refused}");
            let after = report(db, "2026-11-24", &query("A", 2025)).unwrap().table2;
            assert_eq!(figures(&after, "rules"), "1,0,11");
            assert_eq!(db.read(journal::verify).unwrap().0, n_entries);
        };
        check(2025, &["rules=2,0,13", "licences=1", "rules=1,0,12"], "“规章”给出了不止一次，请只保留一次");
        check(2025, &["rules=2,0,13", "moon=1"], "2025年的表二没有“moon”这一行；可填的行：rules（规章）、");
        check(2025, &["rules=2,0"], "“规章”应填3个数，给出了2个");
        check(2025, &["rules=2,0,13,1"], "“规章”应填3个数，给出了4个");
        check(2025, &["licences=-1"], "“-1”不是件数");
        check(2025, &["licences=1.5"], "“1.5”不是件数");
        check(2025, &["fees_10k_yuan=-0.01"], "“-0.01”不是金额");
        check(2025, &["fees_10k_yuan=约十万"], "“约十万”不是数字");
        check(2025, &["fees_10k_yuan="], "“”不是数字");
        check(2025, &["fees_10k_yuan=0.12345678901"], "“0.12345678901”位数过多");
        check(2025, &["fees_10k_yuan=0.12345678901234567890123456789012345"], "位数过多");
        check(2025, &["licences=1000000000000"], "“1000000000000”位数过多");
        check(2025, &["licences=79228162514264337593543950335"], "位数过多");
        check(2025, &["procurement=1,1"], "没有“procurement”这一行");
        check(2018, &["rules=1,0,1"], "2018年没有全国统一的年度报告格式");
        check(2027, &["rules=1,0,1"], "2027年还没有开始");
        let unknown = enter(db, "B", 2025, &["rules=1,0,11"]).unwrap_err().to_string();
        assert!(unknown.contains("没有代码为“B”的机关"), "{unknown}");
    });
}

#[test]
fn who_entered_a_figure_and_what_was_there_before_is_told() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        enter(db, "A", 2025, &["fees_10k_yuan=1.50"]).unwrap();
        enter(db, "A", 2025, &["fees_10k_yuan=2.25"]).unwrap();
        let history = db.read(|conn| journal::history(conn, &format!("report-{}-2025", agency.id))).unwrap();
        let details: serde_json::Value = serde_json::from_str(&history[1].details).unwrap();
        assert_eq!((history.len(), history[1].actor.as_str()), (2, "李四"));
        assert_eq!((&details["before"], &details["after"]), (&json!(["1.50"]), &json!(["2.25"])));
    });
}

#[test]
fn a_stock_that_does_not_follow_from_last_years_is_a_warning() {
    on_both_databases(|db| {
        an_agency(db, "A", None);
        let stock = || -> Vec<_> {
            let checks = report(db, "2026-11-24", &query("A", 2025)).unwrap().checks;
            checks.into_iter().filter(|it| it.code.starts_with("table2.stock")).collect()
        };
        enter(db, "A", 2025, &["rules=2,1,12"]).unwrap();
        assert_eq!(stock(), []);
        enter(db, "A", 2024, &["rules=0,0,11"]).unwrap();
        assert!(stock()[0].holds);
        enter(db, "A", 2024, &["rules=0,0,12"]).unwrap();
        assert_eq!((stock()[0].holds, stock()[0].severity), (false, Severity::Warning));
        // The forms of 2020 and 2021 do not count the same things.
        enter(db, "A", 2020, &["rules=0,0,5"]).unwrap();
        enter(db, "A", 2021, &["rules=0,0,9"]).unwrap();
        let checks = report(db, "2026-11-24", &query("A", 2021)).unwrap().checks;
        assert!(checks.iter().all(|it| !it.code.starts_with("table2")));
    });
}

#[test]
fn a_year_or_day_still_to_come_has_no_report() {
    on_both_databases(|db| {
        an_agency(db, "A", None);
        let refusal = |query: &ReportQuery| report(db, "2025-12-31", query).unwrap_err().to_string();
        let on = |text| ReportQuery { as_of: Some(day(text)), ..query("A", 2025) };
        assert_eq!(refusal(&query("A", 2026)), "2026年还没有开始，没有可统计的数据");
        assert_eq!(refusal(&query("A", 2018)), "2018年没有全国统一的年度报告格式（自2019年度起）");
        assert_eq!(refusal(&on("2026-01-01")), "截至日2026-01-01还没有到");
        assert_eq!(refusal(&on("2024-12-31")), "截至日2024-12-31早于统计年度2025年的开始");
        assert!(refusal(&query("B", 2025)).contains("没有代码为“B”的机关"));
        assert!(report(db, "2025-12-31", &on("2025-12-31")).is_ok());
        assert!(report(db, "2026-01-01", &query("A", 2026)).is_ok());
    });
}

/// The figure of a row in the column of natural persons.
fn n(report: &Report, row: &str) -> u64 {
    report.table3.row(row)[0]
}

/// The report was handed in in January; in March a mistake was found.
#[test]
fn a_report_as_of_a_day_gives_the_figures_known_then() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = answer(db, &a_case(db, &agency, "2025-12-01"), "2025-12-22");
        a_case(db, &agency, "2025-12-29");
        let amendment = Amendment {
            applicant_kind: Some(ApplicantKind::CommercialEnterprise),
            closed: Some((day("2026-01-05"), Outcome::Partial)),
            reason: "登记有误".to_owned(),
            ..Amendment::default()
        };
        act(db, &case, "2026-03-02", &Command::Amend(amendment));
        let query = query("A", 2025);
        let counts = |it: &Report| ["new", "granted", "total", "carried_out"].map(|row| n(it, row));
        assert_eq!(counts(&as_of(db, &query, day("2025-12-21"))), [1, 0, 0, 1]);
        assert_eq!(counts(&as_of(db, &query, day("2025-12-22"))), [1, 1, 1, 0]);
        for before in ["2025-12-31", "2026-01-15", "2026-03-01"] {
            assert_eq!(counts(&as_of(db, &query, day(before))), [2, 1, 1, 1], "{before}");
        }
        let after = as_of(db, &query, day("2026-03-02"));
        assert_eq!(counts(&after), [1, 0, 0, 1]);
        assert_eq!(after.table3.row("carried_out")[1], 1);
        assert_eq!(after.table3, report(db, "2026-03-02", &query).unwrap().table3);
        // The list behind the cell is of the same day.
        let old = ReportQuery { as_of: Some(day("2026-01-15")), ..query };
        let lines = |cell: &str| {
            db.read(|conn| cell_lines(conn, &actor("2026-11-24"), &old, cell, &None, 10)).unwrap()
        };
        assert_eq!(lines("granted/natural_person")[0].closed_on, Some(day("2025-12-22")));
        assert!(lines("carried_out/commercial_enterprise").is_empty());
    });
}

#[test]
fn figures_entered_later_are_not_those_of_the_day() {
    on_both_databases(|db| {
        an_agency(db, "R", None);
        an_agency(db, "A", Some("R"));
        enter_on(db, "2026-01-10", "R", 2025, &["rules=1,0,11", "licences=5"]).unwrap();
        enter_on(db, "2026-01-12", "A", 2025, &["licences=7"]).unwrap();
        enter_on(db, "2026-01-12", "A", 2024, &["licences=900"]).unwrap();
        enter_on(db, "2026-03-02", "R", 2025, &["licences=6"]).unwrap();
        let check = |rollup, on: &str, rules: &str, licences: &str| {
            let report = as_of(db, &ReportQuery { rollup, ..query("R", 2025) }, day(on));
            let found = (figures(&report.table2, "rules"), figures(&report.table2, "licences"));
            assert_eq!(found, (rules.to_owned(), licences.to_owned()), "{on}");
        };
        check(false, "2025-12-31", "-,-,-", "-");
        check(false, "2026-01-10", "1,0,11", "5");
        check(true, "2026-01-11", "1,0,11", "5");
        check(true, "2026-01-12", "1,0,11", "12");
        check(false, "2026-03-02", "1,0,11", "6");
        check(true, "2026-03-02", "1,0,11", "13");
        let live = report(db, "2026-11-24", &query("R", 2025)).unwrap();
        assert_eq!(as_of(db, &query("R", 2025), day("2026-11-24")).table2, live.table2);
    });
}

#[test]
fn a_rollup_names_the_units_without_cases() {
    on_both_databases(|db| {
        an_agency(db, "R", None);
        let [a, b] = ["A", "B"].map(|code| an_agency(db, code, Some("R")));
        let c = an_agency(db, "C", Some("B"));
        an_agency(db, "D", Some("C"));
        an_agency(db, "X", None);
        a_case(db, &a, "2026-03-02");
        answer(db, &a_case(db, &b, "2025-12-01"), "2025-12-22");
        a_case(db, &c, "2025-12-01");
        let without = |year, on: Option<NaiveDate>| -> (usize, Vec<String>) {
            let query = ReportQuery { rollup: true, as_of: on, ..query("R", year) };
            let rollup = report(db, "2026-11-24", &query).unwrap().rollup.unwrap();
            (rollup.n_units, rollup.without_cases.into_iter().map(|it| it.code).collect())
        };
        let five = |codes: &[&str]| (5, codes.iter().map(|it| (*it).to_owned()).collect());
        assert_eq!(without(2026, None), five(&["B", "D", "R"]));
        assert_eq!(without(2025, None), five(&["A", "D", "R"]));
        assert_eq!(without(2024, None), five(&["A", "B", "C", "D", "R"]));
        // A case of February that came to light in June was not there in March.
        let late = an_application(b.agency_id(), "2026-02-02");
        db.write(|conn| register_case(conn, &actor("2026-06-01"), rules(), &late)).unwrap();
        assert_eq!(without(2026, None), five(&["D", "R"]));
        assert_eq!(without(2026, Some(day("2026-06-01"))), five(&["D", "R"]));
        assert_eq!(without(2026, Some(day("2026-05-31"))), five(&["B", "D", "R"]));
        assert_eq!(without(2026, Some(day("2026-03-01"))), five(&["A", "B", "D", "R"]));
        assert_eq!(report(db, "2026-11-24", &query("R", 2026)).unwrap().rollup, None);
    });
}

/// Proceedings are listed like cases: so many at a time, from where the last page ended, as of any day.
#[test]
fn the_proceedings_of_a_cell_are_read_page_by_page() {
    on_both_databases(|db| {
        an_agency(db, "R", None);
        an_agency(db, "A", Some("R"));
        let row = |no: u32| RemedyRow {
            sheet_row: no,
            remedy_no: format!("聊政复〔2025〕{no}号"),
            case_no: None,
            kind: RemedyKind::Reconsideration,
            body: None,
            accepted_on: day(&format!("2025-03-{:02}", 1 + no / 2)),
            concluded: no
                .is_multiple_of(3)
                .then(|| Conclusion { on: day("2025-06-10"), result: RemedyResult::ReviewUpheld }),
            capacity: Capacity::ActingAgency,
            remarks: None,
        };
        let rows: Vec<_> = (1..=7).map(row).collect();
        db.write(|conn| import_remedies(conn, &actor("2026-01-05"), "A", "台账.csv", &rows)).unwrap();
        let pages = |as_of: Option<&str>| {
            let query = ReportQuery { rollup: true, as_of: as_of.map(day), ..query("R", 2025) };
            let (mut after, mut pages) = (None, Vec::new());
            loop {
                let lines = db
                    .snapshot(|conn| {
                        cell_lines(conn, &actor("2026-11-24"), &query, "review/total", &after, 3)
                    })
                    .unwrap();
                let Some(last) = lines.last() else { return pages };
                after = Some((last.received_on, last.id.clone()));
                assert!(
                    lines.iter().all(|it| (it.agency.code.as_str(), it.agency.name.as_str()) == ("A", "A局"))
                );
                pages.push(lines.iter().map(|it| it.closed_on.is_some()).collect::<Vec<_>>());
            }
        };
        let (now, before) = (pages(None), pages(Some("2025-05-31")));
        assert_eq!(now.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
        assert_eq!(now.concat().iter().filter(|it| **it).count(), 2);
        assert_eq!(before, [vec![false; 3], vec![false; 3], vec![false]]);
    });
}
