//! Reports for the tests of the formats.

use rust_decimal::Decimal;

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::report::forms::{Figure, NORMATIVE_DOCUMENTS, RULES, form};
use crate::domain::report::statistics::Measure;
use crate::domain::report::statistics::checks::{check_table3, check_table4};
use crate::domain::report::statistics::report::{Report, Rollup, Unit};
use crate::domain::report::statistics::table2::Table2;
use crate::domain::report::statistics::tables::{CaseTally, RemedyTally, Table3, Table4};

/// What was closed: the kind of applicant, the outcome, how many.
const CLOSED: &[(ApplicantKind, Outcome, u64)] = &[
    (ApplicantKind::NaturalPerson, Outcome::Provided, 150),
    (ApplicantKind::NaturalPerson, Outcome::AlreadyPublic, 36),
    (ApplicantKind::CommercialEnterprise, Outcome::Provided, 21),
    (ApplicantKind::LegalServiceOrganization, Outcome::Provided, 9),
    (ApplicantKind::NaturalPerson, Outcome::Partial, 37),
    (ApplicantKind::NaturalPerson, Outcome::ThirdParty, 11),
    (ApplicantKind::CommercialEnterprise, Outcome::ProcessInfo, 2),
    (ApplicantKind::NaturalPerson, Outcome::NotExisting, 98),
    (ApplicantKind::NaturalPerson, Outcome::NotOurs, 30),
    (ApplicantKind::PublicWelfareOrganization, Outcome::NotExisting, 1),
    (ApplicantKind::NaturalPerson, Outcome::Petition, 17),
    (ApplicantKind::NaturalPerson, Outcome::NoCorrection, 6),
    (ApplicantKind::NaturalPerson, Outcome::Withdrawn, 12),
    (ApplicantKind::Other, Outcome::Other, 1),
];

/// A bureau's report of the year, with every identity held and table 2 entered but for one number.
pub(super) fn report(year: i32) -> Report {
    let form = form(year).unwrap();
    let mut tally = CaseTally::default();
    for (kind, outcome, n) in CLOSED {
        tally.add(Measure::New, *kind, None, *n);
        tally.add(Measure::Closed, *kind, Some(*outcome), *n);
    }
    tally.add(Measure::CarriedIn, ApplicantKind::NaturalPerson, None, 21);
    tally.add(Measure::CarriedOut, ApplicantKind::NaturalPerson, None, 21);
    let mut proceedings = RemedyTally::default();
    proceedings.add_concluded(RemedyKind::Reconsideration, RemedyResult::ReviewUpheld, 9);
    proceedings.add_concluded(RemedyKind::Reconsideration, RemedyResult::ReviewRevoked, 2);
    proceedings.add_concluded(RemedyKind::DirectSuit, RemedyResult::SuitWithdrawn, 1);
    proceedings.add_pending(RemedyKind::SuitAfterReconsideration, 3);

    let mut table2 = Table2::empty(form);
    enter(&mut table2, RULES, &["0", "0", "0"]);
    enter(&mut table2, NORMATIVE_DOCUMENTS, &["8", "26", "66"]);
    match form.code {
        "2021-30" => {
            enter(&mut table2, "licences", &["447228"]);
            enter(&mut table2, "penalties", &["3985"]);
            enter(&mut table2, "fees_10k_yuan", &["59237.2400"]);
        }
        _ => {
            enter(&mut table2, "fees", &["12", "-2"]);
            enter(&mut table2, "procurement", &["3", "120.50"]);
        }
    }
    let table3 = Table3::fill(form, &tally);
    let table4 = Table4::fill(&proceedings);
    Report {
        agency: Unit { code: "LCZRZY".to_owned(), name: "聊城市自然资源和规划局".to_owned() },
        year,
        as_of: None,
        form,
        table2,
        checks: check_table3(&table3).into_iter().chain(check_table4(&table4)).collect(),
        table3,
        table4,
        rollup: None,
    }
}

/// The same as of a day of the year, over several units, with broken identities and a hostile name.
pub(super) fn troubled_report() -> Report {
    let mut report = report(2022);
    report.agency.name = "<b>市局</b> & “测试”\u{1}".to_owned();
    report.as_of = chrono::NaiveDate::from_ymd_opt(2022, 6, 30);
    report.table2 = Table2::empty(report.form);
    report.table3.values[0][0] += 1;
    report.checks = check_table3(&report.table3).into_iter().chain(check_table4(&report.table4)).collect();
    let unit = |code: &str, name: &str| Unit { code: code.to_owned(), name: name.to_owned() };
    report.rollup = Some(Rollup {
        n_units: 4,
        without_cases: vec![unit("A1", "东昌府分局"), unit("A2", "茌平分局")],
    });
    report
}

/// Enters a whole row of table 2.
fn enter(table: &mut Table2, code: &str, figures: &[&str]) {
    let line = table.row_mut(code).unwrap();
    let kinds: &[Figure] = line.row.cells;
    line.cells = kinds.iter().zip(figures).map(|(kind, text)| Some(kind.parse(text).unwrap())).collect();
}

/// A number of table 2, for comparisons.
pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}
