//! Paths in documents and scripts lead somewhere, so that a map is not left behind by a move.

use std::collections::BTreeMap;

/// Whether a file is read by people who look for their way: a document, a script, or a bench.
fn is_guide(path: &str) -> bool {
    path.ends_with(".md") || ["scripts/", "benches/", ".ci/"].iter().any(|it| path.starts_with(it))
}

/// What has a name in the tree: its files with their texts.
struct Tree<'a>(BTreeMap<&'a str, &'a str>);

impl Tree<'_> {
    /// Whether there is such a file or folder, or files whose names begin so (`docs/decisions/021`).
    fn has(&self, path: &str) -> bool {
        !path.is_empty() && self.0.range(path..).next().is_some_and(|(it, _)| it.starts_with(path))
    }

    /// Whether there is such a module, with the item that is named last where it is none.
    fn has_module(&self, words: &[&str]) -> bool {
        let module = (1..=words.len()).rev().map(|n| (n, format!("src/{}", words[..n].join("/"))));
        let found = module.filter_map(|(n, path)| {
            let files = [format!("{path}.rs"), format!("{path}/mod.rs")];
            files.iter().find_map(|it| self.0.get(it.as_str())).map(|text| (n, *text))
        });
        found.into_iter().next().is_some_and(|(n, text)| words.get(n).is_none_or(|item| text.contains(item)))
    }
}

/// The path from the root that a link in a file leads to.
fn target(file: &str, link: &str) -> String {
    let mut folders: Vec<&str> = file.split('/').collect();
    folders.pop();
    for step in link.split('#').next().unwrap_or("").split('/') {
        match step {
            ".." => drop(folders.pop()),
            step => folders.push(step),
        }
    }
    folders.join("/")
}

/// What in a file leads nowhere: links, paths from the root or from `src`, and modules (`domain::case`).
fn check_paths(tree: &Tree<'_>, file: &str, text: &str) -> Vec<String> {
    let is_word = |it: char| it.is_ascii_alphanumeric() || "_-./:*".contains(it);
    let mut problems = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let links = line.split("](").skip(1).filter_map(|it| it.split(')').next());
        let mut lost: Vec<&str> = links
            .filter(|it| file.ends_with(".md") && !it.starts_with('#') && !it.contains("://"))
            .filter(|it| !tree.has(&target(file, it)))
            .collect();
        for word in line.split(|it| !is_word(it)).map(|it| it.trim_end_matches(['.', ':'])) {
            let path = word.split('*').next().unwrap_or(word);
            if let Some((first, _)) = path.split_once('/') {
                let is_ours = !path.contains(':') && !first.is_empty();
                let roots =
                    ["", "src/"].into_iter().filter(|it| is_ours && tree.has(&format!("{it}{first}/")));
                let roots: Vec<_> = roots.map(|it| format!("{it}{path}")).collect();
                if !roots.is_empty() && !roots.iter().any(|it| tree.has(it)) {
                    lost.push(word);
                }
            } else if let Some((first, _)) = path.split_once("::")
                && tree.has(&format!("src/{first}/"))
                && !tree.has_module(&path.split("::").collect::<Vec<_>>())
            {
                lost.push(word);
            }
        }
        problems.extend(lost.into_iter().map(|it| format!("{file}:{}: {it} leads nowhere", i + 1)));
    }
    problems
}

#[test]
fn paths_in_documents_lead_somewhere() {
    let files = super::files();
    let tree = Tree(files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect());
    let guides = files.iter().filter(|(path, _)| is_guide(path));
    let problems: Vec<_> = guides.flat_map(|(path, text)| check_paths(&tree, path, text)).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn paths_that_lead_nowhere_are_caught() {
    let files = [
        ("docs/decisions/021-words.md", ""),
        ("src/domain/case/mod.rs", "pub struct Case;"),
        ("src/domain/dates.rs", ""),
        ("tests/run", ""),
    ];
    let tree = Tree(files.into_iter().collect());
    let check = |text: &str, lost: &[&str]| {
        let lost: Vec<_> = lost.iter().map(|it| format!("docs/a.md:1: {it} leads nowhere")).collect();
        assert_eq!(check_paths(&tree, "docs/a.md", text), lost, "{text}");
    };
    check("`src/domain/dates.rs`, `domain/case/`, tests/run --test it, docs/decisions/021 and his/her", &[]);
    check("[a](decisions/021-words.md) [b](../tests/run#x) [c](https://x/src) [d](#x)", &[]);
    check("`domain::case`, `domain::case::Case`, `serde::de`, https://src/x, target/x, tests/*", &[]);
    check("domain/dates.r is src/domain/date", &[]);
    check("see src/web/x.rs. And tests/it/", &["src/web/x.rs", "tests/it/"]);
    check("[a](021-words.md)", &["021-words.md"]);
    check("`domain::cases` and `domain::case::Cases`", &["domain::cases", "domain::case::Cases"]);
}
