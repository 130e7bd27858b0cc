//! Which layer may use which.

use super::code::{Token, paths, tokens};

/// Every layer with those it may use besides itself. `cli` joins everything together.
const LAYERS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("config", &["domain"]),
    ("storage", &["domain"]),
    ("files", &["domain"]),
    ("service", &["domain", "storage", "files", "documents"]),
    ("import", &["domain"]),
    ("documents", &["domain"]),
    ("mail", &["domain"]),
    ("web", &["domain", "storage", "files", "service", "documents", "config"]),
    ("jobs", &["domain", "storage", "service", "mail", "config"]),
    (
        "cli",
        &["domain", "config", "storage", "files", "service", "import", "documents", "mail", "web", "jobs"],
    ),
];

/// Macros stand at the root of the crate; they belong to these layers.
const MACROS: &[(&str, &str)] = &[("coded", "domain")];

/// What `web` may use of `storage`: it opens transactions, and what happens in them is `service`'s.
const STORAGE_FOR_WEB: &[&str] = &["Db", "StorageError"];

fn allowed(layer: &str) -> Option<&'static [&'static str]> {
    LAYERS.iter().find(|(name, _)| *name == layer).map(|(_, allowed)| *allowed)
}

/// `src/web/pages/x.rs` and `src/web.rs` are of `web`.
fn layer_of(path: &str) -> &str {
    let path = path.strip_prefix("src/").unwrap_or(path);
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// Layers use only those below them, and there are no others.
pub fn check_layers(path: &str, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let layer = layer_of(path);
    if layer == "main" {
        let beyond =
            paths(&tokens, "gongkai").into_iter().filter(|(_, it)| it.first().is_none_or(|it| it != "cli"));
        return beyond
            .map(|(line, it)| format!("{path}:{line}: main uses {}, not only cli", it.join("::")))
            .collect();
    }
    if layer == "lib" {
        return Vec::new();
    }
    let Some(allowed) = allowed(layer) else {
        return vec![format!("{path}:1: {layer} is no layer")];
    };
    let mut problems = Vec::new();
    let mut visit = |line: usize, used: &[String], written: String| {
        let first = used.first().map_or("", String::as_str);
        let first = MACROS.iter().find(|(name, _)| *name == first).map_or(first, |(_, owner)| owner);
        if first != layer && !allowed.contains(&first) {
            problems.push(format!("{path}:{line}: {layer} uses {written}"));
        } else if layer == "web" && first == "storage" {
            let last = used.iter().rfind(|it| *it != "self").map_or("", String::as_str);
            if !STORAGE_FOR_WEB.contains(&last) {
                problems
                    .push(format!("{path}:{line}: web uses {written}, of storage only Db and StorageError"));
            }
        }
    };
    for (line, used) in paths(&tokens, "crate") {
        visit(line, &used, format!("crate::{}", used.join("::")));
    }
    let is_root_of_layer = path == format!("src/{layer}.rs") || path == format!("src/{layer}/mod.rs");
    let mut upward = Vec::new();
    for (line, used) in paths(&tokens, "super") {
        let first = used.first().map_or("", String::as_str);
        if first == "super" {
            upward.push(format!("{path}:{line}: super::super; write crate::"));
        } else if is_root_of_layer && self::allowed(first).is_some() {
            visit(line, &used, format!("super::{}", used.join("::")));
        }
    }
    problems.extend(upward);
    let renamed = tokens.windows(2).filter(|pair| {
        let is = |i: usize, word: &str| matches!(&pair[i].token, Token::Word(it) if it == word);
        is(0, "crate") && is(1, "as")
    });
    problems.extend(renamed.map(|it| format!("{path}:{}: the crate under another name", it[0].line)));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, text: &str, expected: &[&str]) {
        let expected: Vec<_> = expected.iter().map(|it| format!("{path}:{it}")).collect();
        assert_eq!(check_layers(path, text), expected);
    }

    #[test]
    fn what_lies_below_may_be_used() {
        check("src/domain/x.rs", "use crate::coded;\nuse crate::domain::{labels::Coded, outcome};", &[]);
        check("src/storage/x.rs", "use crate::{domain::ids::CaseId, storage::Db};", &[]);
        check("src/service/x.rs", "fn f(conn: &mut crate::storage::DbConnection) {}", &[]);
        check(
            "src/web/pages/x.rs",
            "use crate::storage::{Db, StorageError};\nuse crate::config::Settings;",
            &[],
        );
        check("src/cli/mod.rs", "use crate::{config, import, jobs, web};", &[]);
        check("src/config.rs", "use crate::domain::workflow;\nmod tests { use super::*; }", &[]);
        check("src/main.rs", "fn main() { gongkai::cli::run() }", &[]);
        check("src/lib.rs", "pub mod domain;", &[]);
    }

    #[test]
    fn what_lies_above_or_beside_may_not() {
        check("src/domain/x.rs", "use crate::storage::Db;", &["1: domain uses crate::storage::Db"]);
        check(
            "src/storage/x.rs",
            "\nuse crate::{\n  domain::x,\n  service::Caller,\n};",
            &["4: storage uses crate::service::Caller"],
        );
        check("src/service/x.rs", "let x = crate::web::page();", &["1: service uses crate::web::page"]);
        check("src/import/x.rs", "use crate::storage::Db;", &["1: import uses crate::storage::Db"]);
        check("src/documents.rs", "use crate::service::x;", &["1: documents uses crate::service::x"]);
        check("src/jobs/x.rs", "use crate::documents::x;", &["1: jobs uses crate::documents::x"]);
        check("src/config.rs", "use crate::storage::Db;", &["1: config uses crate::storage::Db"]);
        check("src/main.rs", "use gongkai::web;", &["1: main uses web, not only cli"]);
    }

    #[test]
    fn web_opens_transactions_and_no_more() {
        let only = "of storage only Db and StorageError";
        check(
            "src/web/x.rs",
            "use crate::storage::{Db, cases};",
            &[&format!("1: web uses crate::storage::cases, {only}")],
        );
        check("src/web/x.rs", "use crate::storage;", &[&format!("1: web uses crate::storage, {only}")]);
        check("src/web/x.rs", "use crate::storage::*;", &[&format!("1: web uses crate::storage::*, {only}")]);
    }

    #[test]
    fn there_are_no_other_layers_and_no_detours() {
        check("src/utils.rs", "", &["1: utils is no layer"]);
        check("src/domain/x.rs", "use crate::utils::y;", &["1: domain uses crate::utils::y"]);
        check("src/domain/x.rs", "use crate::*;", &["1: domain uses crate::*"]);
        check("src/domain/x.rs", "use crate as root;", &["1: the crate under another name"]);
        check("src/domain/x.rs", "use super::super::storage::Db;", &["1: super::super; write crate::"]);
        check("src/domain/mod.rs", "use super::storage::Db;", &["1: domain uses super::storage::Db"]);
    }
}
