//! The identities of the tables, checked on any figures: derived here or typed in from a published report.

use serde::Serialize;

use crate::domain::applicant::{ApplicantKind, N_KINDS};
use crate::domain::labels::Coded;
use crate::domain::remedy::RemedyKind;
use crate::domain::report::forms::{CARRIED_IN, CARRIED_OUT, Fill, NEW, NORMATIVE_DOCUMENTS, RULES, TOTAL};
use crate::domain::report::statistics::table2::Table2;
use crate::domain::report::statistics::tables::{N_RESULTS, Table3, Table4};

/// How grave a broken check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The tables contradict themselves and must not be published.
    Error,
    /// Unusual, for a person to look at.
    Warning,
}

/// One identity, held or broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// A stable code, such as `table3.balance.natural_person`.
    pub code: String,
    /// Whether it holds.
    pub holds: bool,
    /// What a break means.
    pub severity: Severity,
    /// The arithmetic in words.
    pub detail: String,
}

impl Check {
    fn new(code: String, left: u64, right: u64, detail: String) -> Self {
        Self { code, holds: left == right, severity: Severity::Error, detail }
    }
}

/// Label of a column of table 3, 0 to 6.
fn column_label(column: usize) -> &'static str {
    ApplicantKind::ALL.get(column).map_or("总计", |it| it.label())
}

fn column_code(column: usize) -> &'static str {
    ApplicantKind::ALL.get(column).map_or("total", |it| it.code())
}

/// The identities of table 3: per column 一 + 二 = 总计 + 四 and 总计 = sum of the outcomes; per row
/// 总计 = 自然人 + the five kinds of organisation.
///
/// One check per column and identity, then one per row.
pub fn check_table3(table: &Table3) -> Vec<Check> {
    let mut checks = Vec::new();
    for column in 0..=N_KINDS {
        let cell = |code: &str| table.row(code)[column];
        let label = column_label(column);
        let (new, carried_in, total, carried_out) =
            (cell(NEW), cell(CARRIED_IN), cell(TOTAL), cell(CARRIED_OUT));
        let (came, gone) = (new + carried_in, total + carried_out);
        checks.push(Check::new(
            format!("table3.balance.{}", column_code(column)),
            came,
            gone,
            format!(
                "“{label}”列：新收{new}＋上年结转{carried_in}＝{came}，总计{total}＋结转下年{carried_out}＝{gone}"
            ),
        ));
        let is_outcome = |fills: Fill| matches!(fills, Fill::Closed(_));
        let sum: u64 =
            table.rows().filter(|(row, _)| is_outcome(row.fills)).map(|(_, line)| line[column]).sum();
        checks.push(Check::new(
            format!("table3.total.{}", column_code(column)),
            sum,
            total,
            format!("“{label}”列：各项办理结果之和{sum}，总计{total}"),
        ));
    }
    for (row, line) in table.rows() {
        let sum: u64 = line[..N_KINDS].iter().sum();
        checks.push(Check::new(
            format!("table3.row.{}", row.code),
            sum,
            line[N_KINDS],
            format!("“{}”行：六类申请人之和{sum}，总计{}", row.label, line[N_KINDS]),
        ));
    }
    checks
}

/// The identity of table 4: in each group 总计 = the four results.
pub fn check_table4(table: &Table4) -> Vec<Check> {
    RemedyKind::ALL
        .iter()
        .map(|kind| {
            let line = table.group(*kind);
            let sum: u64 = line[..N_RESULTS - 1].iter().sum();
            let total = line[N_RESULTS - 1];
            Check::new(
                format!("table4.total.{}", kind.code()),
                sum,
                total,
                format!("“{}”：四类结果之和{sum}，总计{total}", kind.label()),
            )
        })
        .collect()
}

/// The identity across years: what was carried out of last year is what was carried into this one, per column.
pub fn check_across_years(last_year: i32, carried_out: &[u64], carried_in: &[u64]) -> Vec<Check> {
    carried_out
        .iter()
        .zip(carried_in)
        .enumerate()
        .map(|(column, (out, into))| {
            Check::new(
                format!("years.carried.{}", column_code(column)),
                *out,
                *into,
                format!(
                    "“{}”列：{last_year}年结转下年度{out}，{}年上年结转{into}",
                    column_label(column),
                    last_year + 1
                ),
            )
        })
        .collect()
}

/// Whether the stock of documents in force follows from last year's: in force = last year's in force
/// + made − repealed. Seen to hold in published reports, not stated in any rule: a warning.
///
/// Nothing where a figure has not been entered.
pub fn check_stock(last: &Table2, this: &Table2, year: i32) -> Vec<Check> {
    [RULES, NORMATIVE_DOCUMENTS]
        .into_iter()
        .filter_map(|code| {
            let [made, repealed, in_force] = this.counts(code)?[..] else { return None };
            let [_, _, before] = last.counts(code)?[..] else { return None };
            let expected = before + made - repealed;
            let label = this.row(code)?.row.label;
            Some(Check {
                code: format!("table2.stock.{code}"),
                holds: expected == in_force,
                severity: Severity::Warning,
                detail: format!(
                    "“{label}”：{}年现行有效{before}＋本年制发{made}－本年废止{repealed}＝{expected}，{year}年填报现行有效{in_force}",
                    year - 1
                ),
            })
        })
        .collect()
}
