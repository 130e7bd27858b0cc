//! `docs/terms.md` names every code and every official word the program uses.

use gongkai::domain::labels::Coded;

const TERMS: &str = include_str!("../../docs/terms.md");

/// Every value of the set has a line with its code and its label.
#[track_caller]
fn check<T: Coded>() {
    for it in T::ALL {
        let code = format!("`{}`", it.code());
        let has_line = TERMS.lines().any(|line| line.contains(&code) && line.contains(it.label()));
        assert!(has_line, "docs/terms.md lacks {code} {} of the set {:?}", it.label(), T::NAME);
    }
}

#[test]
fn every_code_has_its_line() {
    use gongkai::domain::{applicant, forms, outcome, remedy, request, workflow};
    check::<applicant::ApplicantKind>();
    check::<request::Channel>();
    check::<request::PreferredForm>();
    check::<outcome::Outcome>();
    check::<outcome::Particular>();
    check::<forms::Leaf>();
    check::<forms::RemedyColumn>();
    check::<remedy::RemedyKind>();
    check::<remedy::RemedyResult>();
    check::<remedy::Capacity>();
    check::<workflow::Status>();
    check::<workflow::Role>();
    check::<workflow::Action>();
}
