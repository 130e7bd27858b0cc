use super::*;
use crate::domain::labels::Coded;

#[test]
fn every_leaf_is_counted_in_exactly_one_row_of_each_form() {
    for form in [FORM_2019, FORM_2021] {
        for leaf in Leaf::ALL {
            let n_rows = form
                .table3
                .iter()
                .filter(|it| matches!(it.fills, Fill::Closed(leaves) if leaves.contains(leaf)))
                .count();
            assert_eq!(n_rows, 1, "{leaf:?} in {}", form.code);
        }
    }
}

#[test]
fn rows_of_form_2021_are_the_leaves_with_their_labels() {
    assert_eq!(FORM_2021.table3.len(), 25);
    assert_eq!(FORM_2019.table3.len(), 23);
    for leaf in Leaf::ALL {
        let row = FORM_2021.row_of(*leaf);
        assert_eq!((row.code, row.label), (leaf.code(), leaf.label()));
    }
}

#[test]
fn the_form_follows_the_year() {
    assert_eq!(form(2018), Err(NoForm(2018)));
    assert_eq!(form(2020).map(|it| it.code), Ok("2019-60"));
    assert_eq!(form(2021).map(|it| it.code), Ok("2021-30"));
    assert_eq!(form(2026).map(|it| it.code), Ok("2021-30"));
}

#[test]
fn table_2_has_the_cells_of_its_form() {
    let cells = |form: &Form| form.entered_rows().map(|it| it.cells.len()).sum::<usize>();
    assert_eq!((cells(&FORM_2021), cells(&FORM_2019)), (10, 22));
    for form in [FORM_2019, FORM_2021] {
        for block in form.table2 {
            assert!(block.rows.iter().all(|it| it.cells.len() == block.columns.len()));
        }
    }
}

/// What charts write beside a bar: the heading, without the remark for whoever fills the form in.
#[test]
fn every_row_of_outcomes_has_a_short_heading() {
    for form in [FORM_2019, FORM_2021] {
        let of_outcomes = form.table3.iter().filter(|it| matches!(it.fills, Fill::Closed(_)));
        let mut headings: Vec<_> = of_outcomes.map(Row::heading).collect();
        headings.dedup();
        assert_eq!(
            headings,
            [
                "（一）予以公开",
                "（二）部分公开",
                "（三）不予公开",
                "（四）无法提供",
                "（五）不予处理",
                "（六）其他处理"
            ]
        );
        for row in form.table3 {
            assert!(row.label.starts_with(row.heading()) || row.group == Some(row.heading()), "{}", row.code);
        }
    }
}
