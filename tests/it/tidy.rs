//! What must hold of the tree itself. Each rule is a function from a file to its problems, so that
//! each is shown to catch what it forbids.

mod circles;
mod code;
mod layers;
mod paths;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use circles::check_circles;
use code::{Token, tokens};
use layers::check_layers;

/// A longer file holds more than one thing.
const MAX_LINES: usize = 450;
/// Files that may be longer, each with its reason.
const LONG_FILES: &[(&str, &str)] =
    &[("src/storage/schema.rs", "one list of all tables: which of them join is said once, of all together")];
/// Migrations whose text differs between the databases, each with its reason.
const DIFFERING_MIGRATIONS: &[(&str, &str)] = &[
    ("2026-11-24-000002_journal_append_only/up.sql", "each database has its own words for triggers"),
    ("2026-11-24-000002_journal_append_only/down.sql", "each database has its own words for triggers"),
    ("2026-11-24-000005_search/up.sql", "each database has its own full text"),
    ("2026-11-24-000011_annual_report/up.sql", "each database has its own type for bytes"),
    ("2026-11-24-000008_closing_year/up.sql", "each database has its own words for the year of a day"),
    ("2026-11-24-000009_letters/up.sql", "each database has its own type for files, and its own triggers"),
    ("2026-11-24-000009_letters/down.sql", "PostgreSQL's triggers call a function"),
    ("2026-11-24-000015_codes_by_reference/up.sql", "SQLite takes no constraint off a column"),
    ("2026-11-24-000015_codes_by_reference/down.sql", "SQLite takes no constraint off a column"),
];

/// Every file of the tree that is committed or about to be, by its path.
pub fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let git =
        Command::new("git").arg("-C").arg(root).args(list).output().ok().filter(|it| it.status.success());
    let mut paths = Vec::new();
    match git {
        Some(output) => {
            paths.extend(String::from_utf8(output.stdout).unwrap().split('\0').map(str::to_owned))
        }
        // A copy of the tree without its history.
        None => walk(root, "", &mut paths),
    }
    paths.retain(|it| root.join(it).is_file());
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let bytes = std::fs::read(root.join(&path)).unwrap();
            (path, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

fn walk(folder: &Path, prefix: &str, paths: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        match path.as_str() {
            ".git" | "target" | "var" => {}
            _ if entry.path().is_dir() => walk(&entry.path(), &format!("{path}/"), paths),
            _ => paths.push(path),
        }
    }
}

/// Applies a rule to all files whose path fits, and fails with everything it finds.
fn check_tree(fits: impl Fn(&str) -> bool, rule: impl Fn(&str, &str) -> Vec<String>) {
    let files = files();
    assert!(files.iter().any(|(path, _)| fits(path)), "no file fits: the rule checks nothing");
    let problems: Vec<_> =
        files.iter().filter(|(path, _)| fits(path)).flat_map(|(path, text)| rule(path, text)).collect();
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

fn is_source(path: &str) -> bool {
    path.starts_with("src/") && path.ends_with(".rs")
}

fn is_rust(path: &str) -> bool {
    path.ends_with(".rs")
}

/// The rules of the field are pure: nothing that reads a clock, a file, a row or a socket.
fn check_domain(path: &str, text: &str) -> Vec<String> {
    if !path.starts_with("src/domain") {
        return Vec::new();
    }
    const CRATES: &[&str] = &["diesel", "actix_web", "lettre", "tokio"];
    const OF_STD: &[&str] = &["fs", "net", "env", "process"];
    let tokens = tokens(text);
    let words = tokens.iter().filter_map(|it| match &it.token {
        Token::Word(word) if CRATES.contains(&word.as_str()) || word == "async" => {
            Some((it.line, word.clone()))
        }
        _ => None,
    });
    let clocks = tokens.windows(2).filter_map(|pair| match (&pair[0].token, &pair[1].token) {
        (Token::PathSep, Token::Word(word)) if word == "now" => Some((pair[1].line, "::now".to_owned())),
        _ => None,
    });
    let of_std = code::paths(&tokens, "std").into_iter().filter_map(|(line, path)| {
        path.first().filter(|it| OF_STD.contains(&it.as_str())).map(|it| (line, format!("std::{it}")))
    });
    let mut found: Vec<_> = words.chain(clocks).chain(of_std).collect();
    found.sort();
    found.dedup();
    found.into_iter().map(|(line, what)| format!("{path}:{line}: {what} in domain, which is pure")).collect()
}

/// There is one layer that speaks to the database.
fn check_database_layer(path: &str, text: &str) -> Vec<String> {
    const CRATES: &[&str] = &["diesel", "diesel_migrations", "libsqlite3_sys", "pq_sys"];
    if path.starts_with("src/storage/") || path == "src/storage.rs" {
        return Vec::new();
    }
    let found = tokens(text).into_iter().filter_map(|it| match it.token {
        Token::Word(word) if CRATES.contains(&word.as_str()) => {
            Some(format!("{path}:{}: {word} outside storage", it.line))
        }
        _ => None,
    });
    found.collect()
}

/// Who works is told the time; one place reads the clock for all, and no zone of a machine enters.
fn check_clocks(path: &str, text: &str) -> Vec<String> {
    // The loop of jobs holds leases against other processes, by the clock of the system.
    let may_read = path == "src/service/clock.rs" || path.starts_with("src/jobs/");
    let tokens = tokens(text);
    let word = |i: usize| match &tokens[i].token {
        Token::Word(it) => it.as_str(),
        _ => "",
    };
    let found = (0..tokens.len()).filter_map(|i| {
        let is_now = 2 <= i && word(i) == "now" && word(i - 2) == "Utc";
        let is_local = word(i) == "Local";
        let line = tokens[i].line;
        ((is_now && !may_read) || is_local)
            .then(|| format!("{path}:{line}: reads the clock or the zone of the machine"))
    });
    found.collect()
}

fn check_length(path: &str, text: &str) -> Vec<String> {
    let n_lines = text.lines().count();
    let is_listed = LONG_FILES.iter().any(|(it, _)| *it == path);
    match (n_lines > MAX_LINES, is_listed) {
        (true, false) => vec![format!("{path}: {n_lines} lines, more than {MAX_LINES}: split it")],
        (false, true) => vec![format!("{path}: no longer long, so take it off the list")],
        _ => Vec::new(),
    }
}

/// Nothing unfinished.
fn check_unfinished(path: &str, text: &str) -> Vec<String> {
    const MACROS: &[&str] = &["todo", "dbg", "unimplemented"];
    let tokens = tokens(text);
    let found = tokens.windows(2).filter_map(|pair| match (&pair[0].token, &pair[1].token) {
        (Token::Word(word), Token::Other('!')) if MACROS.contains(&word.as_str()) => {
            Some(format!("{path}:{}: {word}!", pair[0].line))
        }
        _ => None,
    });
    found.collect()
}

/// The folders in which developers keep their work; cut in two, or this file would contain them.
const PRIVATE_FOLDERS: &[(&str, &str)] = &[("/ro", "ot/"), ("/wo", "rk/"), ("/ho", "me/")];

/// No path that exists on one machine only.
fn check_private_paths(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for folder in PRIVATE_FOLDERS.iter().map(|(a, b)| format!("{a}{b}")) {
            // Part of a longer path, or of an address on the web, it is no folder of a machine.
            let is_absolute = |at: usize| {
                let before = line[..at].chars().next_back();
                !before.is_some_and(|it| it.is_alphanumeric() || "._-}*".contains(it))
            };
            if line.match_indices(&folder).any(|(at, _)| is_absolute(at)) {
                problems.push(format!("{path}:{}: the folder {folder} of somebody's machine", i + 1));
            }
        }
    }
    problems
}

/// Both databases have the same migrations, in the same words unless listed.
fn check_migrations(files: &[(String, String)], differing: &[(&str, &str)]) -> Vec<String> {
    let of = |database: &str| -> BTreeMap<&str, &str> {
        let prefix = format!("migrations/{database}/");
        files.iter().filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?, text.as_str()))).collect()
    };
    let (sqlite, postgres) = (of("sqlite"), of("postgres"));
    let names: BTreeSet<&str> = sqlite.keys().chain(postgres.keys()).copied().collect();
    let mut problems = Vec::new();
    for name in &names {
        let is_listed = differing.iter().any(|(it, reason)| it == name && !reason.is_empty());
        match (sqlite.get(name), postgres.get(name)) {
            (Some(_), None) => problems.push(format!("migrations/postgres/{name} is missing")),
            (None, Some(_)) => problems.push(format!("migrations/sqlite/{name} is missing")),
            (a, b) if a != b && !is_listed => problems.push(format!("{name} differs, without a reason")),
            (a, b) if a == b && is_listed => problems.push(format!("{name} is listed and does not differ")),
            _ => {}
        }
    }
    let stale = differing.iter().filter(|(it, _)| !names.contains(it));
    problems.extend(stale.map(|(it, _)| format!("{it} is listed and does not exist")));
    problems
}

/// A decision says where it stands, why, what, and what follows.
fn check_decision(path: &str, text: &str) -> Vec<String> {
    const HEADINGS: &[&str] = &["## Status", "## Context", "## Decision", "## Consequences"];
    let mut problems = Vec::new();
    let found: Vec<_> = text.lines().filter(|it| it.starts_with("## ")).map(str::trim_end).collect();
    if found != HEADINGS {
        problems.push(format!("{path}: its headings are {found:?}, not {HEADINGS:?}"));
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    let number = name.split('-').next().unwrap_or(name);
    if number.len() != 3 || !number.bytes().all(|it| it.is_ascii_digit()) {
        problems.push(format!("{path}: its name does not begin with a number of three digits"));
    }
    if !text.starts_with(&format!("# {number}. ")) {
        problems.push(format!("{path}: its title does not begin with `# {number}. `"));
    }
    problems
}

#[test]
fn layers_use_only_what_lies_below() {
    check_tree(is_source, check_layers);
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let problems = check_circles(&files());
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn domain_is_pure() {
    check_tree(|path| path.starts_with("src/domain") && is_source(path), check_domain);
}

#[test]
fn one_place_reads_the_clock() {
    check_tree(is_source, check_clocks);
    let found = ["1: reads the clock or the zone of the machine"];
    check(check_clocks, "src/web/x.rs", "let now = Utc::now();", &found);
    check(check_clocks, "src/jobs/x.rs", "let now = chrono::Local::now();", &found);
    check(check_clocks, "src/jobs/x.rs", "let now = Utc::now();", &[]);
    check(check_clocks, "src/web/x.rs", "let now = app.now();", &[]);
}

#[test]
fn only_storage_speaks_to_the_database() {
    check_tree(is_source, check_database_layer);
}

#[test]
fn no_file_is_too_long() {
    check_tree(is_source, check_length);
}

#[test]
fn nothing_is_unfinished() {
    check_tree(is_rust, check_unfinished);
}

#[test]
fn no_path_of_one_machine() {
    check_tree(|_| true, check_private_paths);
}

#[test]
fn migrations_are_the_same_on_both_databases() {
    let problems = check_migrations(&files(), DIFFERING_MIGRATIONS);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn decisions_have_their_parts() {
    let is_decision = |path: &str| path.starts_with("docs/decisions/");
    check_tree(is_decision, check_decision);
    let numbers: Vec<String> = files()
        .iter()
        .filter_map(|(path, _)| path.strip_prefix("docs/decisions/")?.get(..3).map(str::to_owned))
        .collect();
    assert!(numbers.windows(2).all(|it| it[0] < it[1]), "two decisions with one number: {numbers:?}");
}

/// The rule finds these problems in the text, each given by line and beginning of the message.
#[track_caller]
fn check(rule: impl Fn(&str, &str) -> Vec<String>, path: &str, text: &str, expected: &[&str]) {
    let expected: Vec<_> = expected.iter().map(|it| format!("{path}:{it}")).collect();
    assert_eq!(rule(path, text), expected);
}

#[test]
fn impurities_are_caught() {
    let domain = |text: &str, expected: &[&str]| check(check_domain, "src/domain/x.rs", text, expected);
    domain("use chrono::NaiveDate; // not Utc::now()\nlet async_ = \"std::fs\";", &[]);
    domain("use diesel::prelude::*;", &["1: diesel in domain, which is pure"]);
    domain("use std::{\n    fmt,\n    fs::File,\n};", &["3: std::fs in domain, which is pure"]);
    domain("let today = chrono::Utc::now();", &["1: ::now in domain, which is pure"]);
    domain("fn f() -> T { Local::now() }", &["1: ::now in domain, which is pure"]);
    domain("pub async fn f() {}", &["1: async in domain, which is pure"]);
    domain("use ::std::net::TcpStream;", &["1: std::net in domain, which is pure"]);
    check(check_domain, "src/web/x.rs", "pub async fn f() { Utc::now() }", &[]);
}

#[test]
fn sql_outside_storage_is_caught() {
    check(
        check_database_layer,
        "src/service/x.rs",
        "//! diesel\nuse diesel::Connection;",
        &["2: diesel outside storage"],
    );
    check(check_database_layer, "src/storage/x.rs", "use diesel::Connection;", &[]);
}

#[test]
fn long_files_are_caught() {
    check(check_length, "src/x.rs", &"\n".repeat(450), &[]);
    check(check_length, "src/x.rs", &"\n".repeat(451), &[" 451 lines, more than 450: split it"]);
}

#[test]
fn unfinished_work_is_caught() {
    let text =
        "// todo!()\nfn f() { todo!() }\nlet todo = dbg!(1);\nlet s = \"unimplemented!\"; unimplemented!();";
    check(check_unfinished, "src/x.rs", text, &["2: todo!", "3: dbg!", "4: unimplemented!"]);
}

#[test]
fn paths_of_one_machine_are_caught() {
    for (a, b) in PRIVATE_FOLDERS {
        let found = format!("1: the folder {a}{b} of somebody's machine");
        for text in [format!("see {a}{b}x"), format!("\"{a}{b}\""), format!("file://{a}{b}x")] {
            check(check_private_paths, "a.md", &text, &[&found]);
        }
        check(check_private_paths, "a.md", &format!("https://gov.cn{a}{b}x, $x/{b}"), &[]);
    }
}

#[test]
fn unlike_migrations_are_caught() {
    let file = |path: &str, text: &str| (format!("migrations/{path}"), text.to_owned());
    let files = [
        file("sqlite/1_a/up.sql", "same"),
        file("postgres/1_a/up.sql", "same"),
        file("sqlite/2_b/up.sql", "one"),
        file("postgres/2_b/up.sql", "other"),
        file("sqlite/3_c/up.sql", ""),
        file("postgres/4_d/up.sql", ""),
    ];
    let problems = |differing| check_migrations(&files, differing);
    let missing = ["migrations/postgres/3_c/up.sql is missing", "migrations/sqlite/4_d/up.sql is missing"];
    assert_eq!(problems(&[])[0], "2_b/up.sql differs, without a reason");
    assert_eq!(problems(&[])[1..], missing);
    assert_eq!(problems(&[("2_b/up.sql", "a reason")]), missing);
    assert_eq!(problems(&[("2_b/up.sql", "")]).len(), 3);
    assert!(
        problems(&[("1_a/up.sql", "a reason")])
            .contains(&"1_a/up.sql is listed and does not differ".to_owned())
    );
    assert!(
        problems(&[("9/up.sql", "a reason")]).contains(&"9/up.sql is listed and does not exist".to_owned())
    );
}

#[test]
fn incomplete_decisions_are_caught() {
    let whole = "# 001. Title\n\n## Status\n\n## Context\n\n## Decision\n\n## Consequences\n";
    let n_problems = |path: &str, text: &str| check_decision(path, text).len();
    assert_eq!(n_problems("docs/decisions/001-a.md", whole), 0);
    assert_eq!(n_problems("docs/decisions/001-a.md", &whole.replace("## Context\n", "")), 1);
    assert_eq!(n_problems("docs/decisions/002-a.md", whole), 1);
    assert_eq!(n_problems("docs/decisions/1-a.md", whole), 2);
}
