use crate::documents::grid::{Content, Grid, Kind};
use crate::documents::layout::{grids, table2};
use crate::documents::sample::{decimal, report};
use crate::domain::report::forms::{FORM_2019, FORM_2021};
use crate::domain::report::statistics::placement;
use crate::domain::report::statistics::table2::Table2;

/// The tables of both forms.
fn all() -> impl Iterator<Item = (i32, Grid)> {
    [2020, 2022].into_iter().flat_map(|year| grids(&report(year)).map(|it| (year, it)))
}

#[test]
fn every_place_is_covered_exactly_once() {
    for (year, grid) in all() {
        for row in 0..grid.n_rows {
            for column in 0..grid.n_columns() {
                let n = grid.cells.iter().filter(|it| it.area.contains(row, column)).count();
                assert_eq!(n, 1, "{} of {year}, row {row}, column {column}", grid.name);
            }
        }
        let inside = |it: &crate::documents::grid::Cell| {
            it.area.last_row() < grid.n_rows && it.area.last_column() < grid.n_columns()
        };
        assert!(grid.cells.iter().all(inside), "{} of {year}", grid.name);
    }
}

#[test]
fn tables_have_the_size_of_the_form() {
    let sizes: Vec<_> = all().map(|(_, it)| (it.n_rows, it.n_columns(), it.n_head_rows)).collect();
    assert_eq!(sizes, [(18, 7, 0), (26, 10, 3), (4, 15, 3), (14, 4, 0), (28, 10, 3), (4, 15, 3)]);
}

#[test]
fn every_number_of_the_report_stands_in_a_cell() {
    for (year, n_numbers) in [(2020, [22, 23 * 7, 15]), (2022, [10, 25 * 7, 15])] {
        let n = grids(&report(year)).map(|it| it.cells.iter().filter(|it| it.figure().is_some()).count());
        assert_eq!(n, n_numbers, "{year}");
    }
}

#[test]
fn sums_of_a_sound_report_come_true() {
    for (year, grid) in all() {
        for cell in grid.cells.iter().filter(|it| it.kind() == Kind::Total) {
            let figure = cell.figure().unwrap();
            let sum = grid.sum(figure.sum_of.unwrap());
            assert_eq!(figure.number.exact(), Some(sum), "{} of {year}: {:?}", grid.name, figure.code);
        }
    }
}

#[test]
fn every_derived_number_is_named_by_its_cell() {
    for (form, year) in [(&FORM_2019, 2020), (&FORM_2021, 2022)] {
        let [entered, cases, proceedings] = grids(&report(year));
        assert!(entered.cells.iter().filter_map(|it| it.figure()).all(|it| it.code.is_none()));
        for figure in [cases, proceedings].iter().flat_map(|it| &it.cells).filter_map(|it| it.figure()) {
            let code = figure.code.as_deref().unwrap();
            assert_eq!(placement::Cell::parse(code, form).unwrap().code(), code);
        }
    }
}

#[test]
fn labels_stand_beside_their_numbers() {
    let [_, grid, _] = grids(&report(2022));
    let labels = |row: u16| [0, 1, 2].map(|column| grid.at(row, column).unwrap().text());
    assert_eq!(labels(3), ["一、本年新收政府信息公开申请数量"; 3]);
    assert_eq!(
        labels(10),
        ["三、本年度办理结果", "（三）不予公开", "4.保护第三方合法权益"].map(str::to_owned)
    );
    assert_eq!(labels(26), ["三、本年度办理结果", "（七）总计", "（七）总计"].map(str::to_owned));
    assert_eq!(labels(27), ["四、结转下年度继续办理"; 3]);
    assert_eq!(grid.at(10, 3).unwrap().text(), "11");
    assert_eq!(
        grid.at(10, 3).unwrap().figure().unwrap().code.as_deref(),
        Some("deny_third_party/natural_person")
    );
}

#[test]
fn figures_are_entered_with_their_decimals_or_missing() {
    let [grid, ..] = grids(&report(2022));
    let fees = grid.cells.last().unwrap();
    assert_eq!(fees.text(), "59237.2400");
    assert_eq!(fees.figure().unwrap().number.exact(), Some(decimal("59237.24")));
    assert_eq!(grid.n_missing(), 1);
    let empty = table2(&Table2::empty(&FORM_2019), &FORM_2019);
    assert_eq!(empty.n_missing(), 22);
    let texts = empty.cells.iter().filter(|it| matches!(it.content, Content::Figure(_)));
    assert!(texts.map(|it| it.text()).all(|it| it == "未填报"));
}
