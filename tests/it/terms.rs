//! `docs/terms.md` names every code and every official word the program uses.

use gongkai::domain::labels::Set;

const TERMS: &str = include_str!("../../docs/terms.md");

/// Every value of a set of the domain has a line with its code and its label.
#[test]
fn every_code_has_its_line() {
    for set in Set::all().iter().filter(|it| it.path.starts_with("gongkai::domain::")) {
        for (code, label) in set.values {
            let quoted = format!("`{code}`");
            let has_line = TERMS.lines().any(|line| line.contains(&quoted) && line.contains(label));
            assert!(has_line, "docs/terms.md lacks {quoted} {label} of the set {:?}", set.name);
        }
    }
}

/// `coded!` registers what it declares: each declaration in the source is there, and nothing else.
#[test]
fn every_set_that_is_declared_is_registered() {
    let mut declared = Vec::new();
    for (path, text) in crate::tidy::files().iter().filter(|(path, _)| path.starts_with("src/")) {
        for line in text.lines().filter_map(|it| it.trim().strip_prefix("pub enum ")) {
            let Some((name, set)) = line.split_once(": \"").filter(|_| !path.ends_with("labels.rs")) else {
                continue;
            };
            declared.push((set.split('"').next().unwrap().to_owned(), name.trim().to_owned()));
        }
    }
    declared.sort();
    let registered: Vec<_> = Set::all()
        .iter()
        .map(|it| (it.name.to_owned(), it.path.rsplit("::").next().unwrap().to_owned()))
        .collect();
    assert_eq!(registered, declared);
    assert!(registered.len() > 40, "the declarations of sets look different: only {registered:?} found");
}
