//! The identities as one line: those that hold in every column as one tick, each broken one with the way
//! to what stands behind it.

use std::collections::BTreeSet;

use crate::domain::report::statistics::checks::{Check, Severity};

/// A tick or a cross: whether it holds, the words, the address behind a break.
pub type Tick = (bool, String, String);

/// Checks that are said together where all of them hold: the beginning of their codes, and the words.
const FAMILIES: &[(&str, &str)] = &[
    ("table3.balance.", "一＋二＝总计＋四"),
    ("table3.total.", "各项办理结果之和＝总计"),
    ("table3.row.", "各类申请人之和＝总计"),
    ("table4.total.", "复议诉讼四类结果之和＝总计"),
    ("years.carried.", "上年结转＝上年的结转下年"),
    ("table2.stock.", "现行有效＝上年＋制发－废止"),
];

/// The line of ticks.
pub fn ticks(checks: &[Check], year: i32, suffix: &str) -> Vec<Tick> {
    let mut ticks = Vec::new();
    for (prefix, words) in FAMILIES {
        let family: Vec<_> = checks.iter().filter(|it| it.code.starts_with(prefix)).collect();
        let broken: Vec<_> = family.iter().filter(|it| !it.holds).collect();
        if family.is_empty() {
            continue;
        }
        if broken.is_empty() {
            ticks.push((true, (*words).to_owned(), String::new()));
        }
        for check in broken {
            let href = match cells(&check.code).first() {
                Some(cell) => format!("/reports/{year}/cells/{cell}{suffix}"),
                None => format!("/reports/{year}/figures"),
            };
            let remark = if check.severity == Severity::Warning { "，请核对" } else { "" };
            ticks.push((false, format!("{}{remark}", check.detail), href));
        }
    }
    ticks
}

/// The names of the cells that broken checks speak of.
pub fn broken_cells(checks: &[Check]) -> BTreeSet<String> {
    checks.iter().filter(|it| !it.holds).flat_map(|it| cells(&it.code)).collect()
}

fn cells(code: &str) -> Vec<String> {
    let Some((family, which)) = code.rsplit_once('.') else { return Vec::new() };
    match family {
        "table3.balance" => {
            ["new", "carried_in", "total", "carried_out"].map(|row| format!("{row}/{which}")).to_vec()
        }
        "table3.total" => vec![format!("total/{which}")],
        "years.carried" => vec![format!("carried_in/{which}")],
        "table3.row" | "table4.total" => vec![format!("{which}/total")],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_is_one_tick_and_what_is_broken_leads_to_its_cases() {
        let check = |code: &str, holds| Check {
            code: code.to_owned(),
            holds,
            severity: Severity::Error,
            detail: "一加二不等".to_owned(),
        };
        let checks = [
            check("table3.balance.natural_person", true),
            check("table3.balance.total", false),
            check("table3.total.total", true),
            check("table3.total.other", true),
        ];
        let found = ticks(&checks, 2025, "?rollup=1");
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].2, "/reports/2025/cells/new/total?rollup=1");
        assert!(found[1].0);
        assert_eq!(broken_cells(&checks).len(), 4);
    }
}
