use chrono::{Days as Span, NaiveDate};
use proptest::prelude::*;

use super::checks::{check_across_years, check_table3, check_table4};
use super::placement::{Cell, placements, remedy_reason};
use super::tables::{CaseTally, RemedyTally, Table3, Table4, remedy_column};
use super::*;
use crate::domain::labels::Coded;
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::report::forms::{CARRIED_IN, CARRIED_OUT, FORM_2019, FORM_2021, RemedyColumn, TOTAL};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The rows a case is counted in, in the form's order.
#[track_caller]
fn check(received_on: &str, closed: Option<(&str, Outcome)>, year: i32, rows: &[&str]) {
    let case = CountedCase {
        applicant_kind: ApplicantKind::NaturalPerson,
        received_on: day(received_on),
        closed: closed.map(|(on, outcome)| (day(on), outcome)),
    };
    let form = crate::domain::report::forms::form(year).unwrap();
    let found: Vec<_> = placements(&case, form, Period::year(year)).iter().map(|it| it.row).collect();
    assert_eq!(found, rows);
}

#[test]
fn a_case_is_counted_where_its_dates_fall() {
    let granted = |on| Some((on, Outcome::Provided));
    check("2022-01-01", granted("2022-12-31"), 2022, &["new", "granted", "total"]);
    check("2021-12-31", granted("2022-01-01"), 2022, &["carried_in", "granted", "total"]);
    check("2022-12-31", granted("2023-01-01"), 2022, &["new", "carried_out"]);
    check("2021-12-31", granted("2023-01-01"), 2022, &["carried_in", "carried_out"]);
    check("2020-02-03", None, 2022, &["carried_in", "carried_out"]);
    check("2021-03-01", granted("2021-12-31"), 2022, &[]);
    check("2023-01-01", None, 2022, &[]);
    check("2022-03-01", Some(("2022-03-02", Outcome::Withdrawn)), 2022, &["new", "other_other", "total"]);
    check("2020-03-01", Some(("2020-03-02", Outcome::Withdrawn)), 2020, &["new", "other_all", "total"]);
}

#[test]
fn the_reason_names_dates_and_outcome() {
    let case = CountedCase {
        applicant_kind: ApplicantKind::NaturalPerson,
        received_on: day("2021-12-20"),
        closed: Some((day("2022-01-10"), Outcome::NotExisting)),
    };
    let cell = Cell::parse("unable_not_held/natural_person", &FORM_2021).unwrap();
    assert_eq!(
        cell.case_reasons(&case, Period::year(2022)),
        [
            "2022年1月10日办结，办理结果为“信息不存在”（条例第三十六条第四项），计入“（四）无法提供1.本机关不掌握相关政府信息”",
            "申请人类型为“自然人”，计入该列和“总计”列",
        ]
    );
}

/// The column of table 4 in each of three years.
#[track_caller]
fn check_remedy(
    accepted_on: &str,
    concluded: Option<(&str, RemedyResult)>,
    columns: [Option<RemedyColumn>; 3],
) {
    let facts = RemedyFacts {
        kind: RemedyKind::Reconsideration,
        accepted_on: day(accepted_on),
        concluded: concluded.map(|(on, result)| (day(on), result)),
        capacity: Capacity::ActingAgency,
    };
    let found = [2021, 2022, 2023].map(|year| remedy_column(&facts, Period::year(year)));
    assert_eq!(found, columns, "{}", remedy_reason(&facts, Period::year(2022)));
}

#[test]
fn a_proceeding_counts_while_pending_and_when_concluded() {
    use RemedyColumn::{Corrected, Pending, Upheld};
    check_remedy("2022-05-01", Some(("2022-07-01", RemedyResult::ReviewUpheld)), [None, Some(Upheld), None]);
    check_remedy(
        "2021-12-31",
        Some(("2023-01-01", RemedyResult::ReviewRevoked)),
        [Some(Pending), Some(Pending), Some(Corrected)],
    );
    check_remedy("2022-12-31", None, [None, Some(Pending), Some(Pending)]);
    check_remedy("2022-05-01", Some(("2022-05-06", RemedyResult::ReviewNotAccepted)), [None; 3]);
}

#[test]
fn the_reconsideration_body_does_not_count_a_joint_suit() {
    let facts = RemedyFacts {
        kind: RemedyKind::SuitAfterReconsideration,
        accepted_on: day("2022-05-01"),
        concluded: None,
        capacity: Capacity::ReconsiderationBody,
    };
    assert_eq!(remedy_column(&facts, Period::year(2022)), None);
}

#[test]
fn a_broken_table_is_named() {
    let mut table = Table3::fill(&FORM_2021, &CaseTally::default());
    table.values[0][0] = 1;
    let broken: Vec<_> = check_table3(&table).into_iter().filter(|it| !it.holds).map(|it| it.code).collect();
    assert_eq!(broken, ["table3.balance.natural_person", "table3.row.new"]);
}

fn a_case() -> impl Strategy<Value = CountedCase> {
    let dates = (0_u64..1500, proptest::option::of((0_u64..900, 0..Outcome::ALL.len())));
    (0..ApplicantKind::ALL.len(), dates).prop_map(|(kind, (received, closed))| {
        let received_on = day("2019-06-01") + Span::new(received);
        CountedCase {
            applicant_kind: ApplicantKind::ALL[kind],
            received_on,
            closed: closed.map(|(after, outcome)| (received_on + Span::new(after), Outcome::ALL[outcome])),
        }
    })
}

fn a_remedy() -> impl Strategy<Value = RemedyFacts> {
    let concluded = proptest::option::of((0_u64..900, 0..RemedyResult::ALL.len()));
    (0..3_usize, 0..2_usize, 0_u64..1500, concluded).prop_map(|(kind, capacity, accepted, concluded)| {
        let accepted_on = day("2019-06-01") + Span::new(accepted);
        RemedyFacts {
            kind: RemedyKind::ALL[kind],
            accepted_on,
            concluded: concluded.map(|(after, it)| (accepted_on + Span::new(after), RemedyResult::ALL[it])),
            capacity: Capacity::ALL[capacity],
        }
    })
}

proptest! {
    /// The identities hold in every year and as of every day of it, and across years.
    #[test]
    fn identities_hold_for_any_history(cases in prop::collection::vec(a_case(), 0..60), as_of in 0_u64..365) {
        let mut carried_out: Option<[u64; tables::N_COLUMNS]> = None;
        for year in 2019..=2025 {
            let form = crate::domain::report::forms::form(year).unwrap();
            let to_date = Period::as_of(year, Period::year(year).first_day() + Span::new(as_of)).unwrap();
            for period in [Period::year(year), to_date] {
                let table = Table3::fill(form, &CaseTally::of(cases.iter().copied(), period));
                let broken: Vec<_> = check_table3(&table).into_iter().filter(|it| !it.holds).collect();
                prop_assert!(broken.is_empty(), "{broken:?}");
            }
            let table = Table3::fill(form, &CaseTally::of(cases.iter().copied(), Period::year(year)));
            if let Some(out) = carried_out {
                prop_assert!(check_across_years(year - 1, &out, table.row(CARRIED_IN)).iter().all(|it| it.holds));
            }
            carried_out = Some(*table.row(CARRIED_OUT));
        }
    }

    /// The figure of a cell is the number of cases in it, each with a reason of its own row.
    #[test]
    fn table_drill_down_and_reasons_agree(cases in prop::collection::vec(a_case(), 0..60), year in 2019..2025_i32) {
        for form in [&FORM_2019, &FORM_2021] {
            let period = Period::year(year);
            let table = Table3::fill(form, &CaseTally::of(cases.iter().copied(), period));
            for (row, line) in table.rows() {
                for (column, figure) in line.iter().enumerate() {
                    let cell = Cell::Cases(row, ApplicantKind::ALL.get(column).copied());
                    prop_assert_eq!(Cell::parse(&cell.code(), form), Ok(cell));
                    let inside: Vec<_> = cases.iter().filter(|it| cell.holds_case(it, period)).collect();
                    prop_assert_eq!(u64::try_from(inside.len()).unwrap(), *figure, "{}", cell.code());
                    for case in inside {
                        prop_assert!(placements(case, form, period).iter().any(|it| it.row == row.code));
                        prop_assert_eq!(cell.case_reasons(case, period).len(), 2);
                    }
                }
            }
            // Closed cases stand in one leaf and in the total, and nowhere else.
            for case in &cases {
                let rows = placements(case, form, period);
                let closed = case.closed_on().is_some_and(|it| it.format("%Y").to_string() == year.to_string());
                let n_leaves = rows.iter().filter(|it| !["new", CARRIED_IN, CARRIED_OUT, TOTAL].contains(&it.row)).count();
                prop_assert_eq!(n_leaves, usize::from(closed));
            }
        }
    }

    /// Table 4: the same, for proceedings.
    #[test]
    fn proceedings_agree_with_table_4(remedies in prop::collection::vec(a_remedy(), 0..60), year in 2019..2025_i32) {
        let period = Period::year(year);
        let table = Table4::fill(&RemedyTally::of(&remedies, period));
        prop_assert!(check_table4(&table).iter().all(|it| it.holds));
        for kind in RemedyKind::ALL {
            for (i, figure) in table.group(*kind).iter().enumerate() {
                let cell = Cell::Remedies(*kind, RemedyColumn::ALL.get(i).copied());
                let inside = remedies.iter().filter(|it| cell.holds_remedy(it, period)).count();
                prop_assert_eq!(u64::try_from(inside).unwrap(), *figure);
            }
        }
    }
}
