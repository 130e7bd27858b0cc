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
    check::<gongkai::domain::report::text::Filing>();
    check::<gongkai::domain::report::text::Part>();
    check::<gongkai::domain::report::text::derived::Derived>();
    check::<gongkai::domain::applicant::ApplicantKind>();
    check::<gongkai::domain::attachment::AttachmentKind>();
    check::<gongkai::domain::attachment::ScanState>();
    check::<gongkai::domain::attachment::ScannerDown>();
    check::<gongkai::domain::deadlines::DeadlineKind>();
    check::<gongkai::domain::event::Subject>();
    check::<gongkai::domain::file_type::FileType>();
    check::<gongkai::domain::find::Pile>();
    check::<gongkai::domain::forecast::Milestone>();
    check::<gongkai::domain::report::forms::Leaf>();
    check::<gongkai::domain::report::forms::RemedyColumn>();
    check::<gongkai::domain::identity::IdentityFinding>();
    check::<gongkai::domain::job::Job>();
    check::<gongkai::domain::mail::Encryption>();
    check::<gongkai::domain::mail::MailKind>();
    check::<gongkai::domain::mail::MailState>();
    check::<gongkai::domain::letters::LetterKind>();
    check::<gongkai::domain::letters::Part>();
    check::<gongkai::domain::letters::Series>();
    check::<gongkai::domain::outcome::Outcome>();
    check::<gongkai::domain::outcome::Particular>();
    check::<gongkai::domain::remedy::Capacity>();
    check::<gongkai::domain::remedy::RemedyKind>();
    check::<gongkai::domain::remedy::RemedyResult>();
    check::<gongkai::domain::remedy::stages::Paper>();
    check::<gongkai::domain::remedy::stages::Procedure>();
    check::<gongkai::domain::remedy::stages::StageKind>();
    check::<gongkai::domain::request::Channel>();
    check::<gongkai::domain::request::PreferredForm>();
    check::<gongkai::domain::response_clock::FindingKind>();
    check::<gongkai::domain::response_clock::Measure>();
    check::<gongkai::domain::response_clock::Party>();
    check::<gongkai::domain::response_clock::ReceiptOnRestDay>();
    check::<gongkai::domain::response_clock::StepKind>();
    check::<gongkai::domain::response_clock::SuspendedBy>();
    check::<gongkai::domain::response_clock::WatchKind>();
    check::<gongkai::domain::terms::Unit>();
    check::<gongkai::domain::urgency::Light>();
    check::<gongkai::domain::workflow::Action>();
    check::<gongkai::domain::workflow::Role>();
    check::<gongkai::domain::workflow::Status>();
}

/// The list above is complete: `coded!` sets are found by the form of their declaration.
#[test]
fn every_set_of_the_domain_is_checked() {
    let list = include_str!("terms.rs");
    let mut n_sets = 0;
    for (path, text) in crate::tidy::files().iter().filter(|(path, _)| path.starts_with("src/domain/")) {
        for line in text.lines().filter_map(|it| it.trim().strip_prefix("pub enum ")) {
            let Some((name, _)) = line.split_once(": \"").filter(|_| !path.ends_with("labels.rs")) else {
                continue;
            };
            assert!(
                list.contains(&format!("::{}>();", name.trim())),
                "add {name} of {path} to the list above"
            );
            n_sets += 1;
        }
    }
    assert!(n_sets > 20, "the declarations of sets look different: only {n_sets} found");
}
