//! No file imports one that imports it, whether at once or by way of others: what both need has a file of its own.
//!
//! A folder and its front (`x/mod.rs`, or `x.rs` beside `x/`) are one thing: the front declares the files, hands out
//! what they make, and holds what they share. So that a file uses the front of a folder it stands in is no import;
//! nor is it one that the front lets others have what a file of its folder makes (`pub use`). Such a path is followed
//! to the file it leads to. Tests may use whatever they test.

use std::collections::{BTreeMap, BTreeSet};

use super::code::{Spot, Token, paths, tokens};

/// The path of a module within the crate.
type Module = Vec<String>;

/// The module of a file; none for a file that is no module, and for tests.
fn module_of(path: &str) -> Option<Module> {
    let within = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let mut module: Module = within.split('/').map(str::to_owned).collect();
    if module.iter().any(|it| it == "tests" || it.ends_with("_tests")) || within == "main" {
        return None;
    }
    if module.last().is_some_and(|it| it == "mod" || it == "lib") {
        module.pop();
    }
    Some(module)
}

fn is_word(spot: Option<&Spot>, word: &str) -> bool {
    matches!(spot.map(|it| &it.token), Some(Token::Word(it)) if it == word)
}

fn is_sign(spot: Option<&Spot>, sign: char) -> bool {
    matches!(spot.map(|it| &it.token), Some(Token::Other(it)) if *it == sign)
}

/// Where the braces that open at or after `from` are closed.
fn end_of_braces(tokens: &[Spot], from: usize) -> usize {
    let mut depth = 0;
    for (i, spot) in tokens.iter().enumerate().skip(from) {
        match spot.token {
            Token::Other('{') => depth += 1,
            Token::Other('}') if depth == 1 => return i + 1,
            Token::Other('}') => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// The code of a file without the tests in it.
fn without_tests(all: &[Spot]) -> Vec<Spot> {
    let mut code = Vec::new();
    let mut i = 0;
    while i < all.len() {
        let is_test = is_word(all.get(i), "cfg") && is_word(all.get(i + 2), "test");
        let is_module = is_word(all.get(i + 5), "mod") && is_sign(all.get(i + 7), '{');
        if is_test && is_module {
            i = end_of_braces(all, i + 7);
        } else {
            code.push(all[i].clone());
            i += 1;
        }
    }
    code
}

/// The code without what it lets others have (`pub use`), and that beside it.
fn doors(all: &[Spot]) -> (Vec<Spot>, Vec<Spot>) {
    let (mut code, mut doors) = (Vec::new(), Vec::new());
    let mut is_door = false;
    for (i, spot) in all.iter().enumerate() {
        if is_word(Some(spot), "use") {
            let before = i.checked_sub(1).and_then(|it| all.get(it));
            is_door = is_word(before, "pub") || is_sign(before, ')');
        }
        let kept = if is_door { &mut doors } else { &mut code };
        kept.push(spot.clone());
        is_door = is_door && !is_sign(Some(spot), ';');
    }
    (code, doors)
}

struct Tree {
    files: BTreeMap<Module, String>,
    /// What a module lets others have: its name there, and where it is.
    doors: BTreeMap<Module, BTreeMap<String, Module>>,
}

impl Tree {
    /// Every path in this code from the root of the crate, with its line.
    fn absolute(&self, module: &Module, code: &[Spot]) -> Vec<(usize, Module)> {
        let parent = &module[..module.len().saturating_sub(1)];
        let mut roots: Vec<(&str, Vec<String>)> =
            vec![("crate", Vec::new()), ("self", module.clone()), ("super", parent.to_vec())];
        // What stands in this folder can be named without saying where.
        for child in self.files.keys().filter(|it| it.len() == module.len() + 1 && it.starts_with(module)) {
            roots.push((child[module.len()].as_str(), child.clone()));
        }
        let mut found = Vec::new();
        for (root, prefix) in roots {
            for (line, path) in paths(code, root) {
                found.push((line, prefix.iter().cloned().chain(path).filter(|it| it != "self").collect()));
            }
        }
        found
    }

    /// The file a path leads to.
    fn file_of(&self, path: &[String], n_doors: usize) -> Option<&str> {
        let n = (0..=path.len()).rev().find(|n| self.files.contains_key(&path[..*n]))?;
        let door = path.get(n).and_then(|name| self.doors.get(&path[..n])?.get(name));
        match door {
            // Doors that lead to each other lead nowhere.
            Some(to) if n_doors < 8 => {
                let further: Module = to.iter().chain(&path[n + 1..]).cloned().collect();
                self.file_of(&further, n_doors + 1)
            }
            _ => self.files.get(&path[..n]).map(String::as_str),
        }
    }
}

/// Whether `front` is the front of a folder that this file stands in.
fn is_front(front: &str, file: &str) -> bool {
    let folder = front.strip_suffix("/mod.rs").or_else(|| front.strip_suffix(".rs")).unwrap_or(front);
    file.strip_prefix(folder).is_some_and(|it| it.starts_with('/'))
}

/// What each file imports: the file, and by which path first.
fn imports(files: &[(String, String)]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut tree = Tree { files: BTreeMap::new(), doors: BTreeMap::new() };
    for (path, _) in files {
        tree.files.extend(module_of(path).map(|it| (it, path.clone())));
    }
    let mut code = Vec::new();
    for (path, text) in files {
        let Some(module) = module_of(path) else { continue };
        let (rest, opened) = doors(&without_tests(&tokens(text)));
        let of_own = tree.absolute(&module, &opened);
        let named = of_own.into_iter().filter_map(|(_, it)| Some((it.last()?.clone(), it)));
        tree.doors.insert(module.clone(), named.collect());
        code.push((path, module, rest, opened));
    }
    let mut all = BTreeMap::new();
    for (path, module, rest, opened) in code {
        let mut imported = BTreeMap::new();
        // What is let through from elsewhere is imported all the same.
        let through = tree.absolute(&module, &opened).into_iter().filter(|(_, it)| !it.starts_with(&module));
        for (line, used) in tree.absolute(&module, &rest).into_iter().chain(through) {
            let Some(file) = tree.file_of(&used, 0) else { continue };
            if file != path && !is_front(file, path) {
                let written = format!("{path}:{line}: {}", used.join("::"));
                imported.entry(file.to_owned()).or_insert(written);
            }
        }
        all.insert(path.clone(), imported);
    }
    all
}

/// Everything a file imports, at once or by way of others.
fn reached<'a>(imports: &'a BTreeMap<String, BTreeMap<String, String>>, from: &'a str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for to in imports.get(file).into_iter().flat_map(BTreeMap::keys) {
            if reached.insert(to.as_str()) {
                next.push(to);
            }
        }
    }
    reached
}

/// The circles of these files, each with what ties it.
pub fn check_circles(files: &[(String, String)]) -> Vec<String> {
    let imports = imports(files);
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|it| (it.as_str(), reached(&imports, it))).collect();
    let mut problems = Vec::new();
    let mut told = BTreeSet::new();
    for (file, beyond) in &reached {
        let circle: Vec<&str> =
            beyond.iter().copied().filter(|it| reached.get(it).is_some_and(|it| it.contains(file))).collect();
        if circle.is_empty() || !told.insert(circle.clone()) {
            continue;
        }
        problems.push(format!("{} import each other", circle.join(", ")));
        for it in &circle {
            let within = imports[*it].iter().filter(|(to, _)| circle.contains(&to.as_str()));
            problems.extend(within.map(|(_, written)| format!("  {written}")));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(files: &[(&str, &str)], expected: &[&str]) {
        let files: Vec<_> =
            files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        assert_eq!(check_circles(&files), expected);
    }

    #[test]
    fn two_files_that_import_each_other_are_found() {
        let both = [
            "src/a/x.rs, src/a/y.rs import each other",
            "  src/a/x.rs:1: a::y::Y",
            "  src/a/y.rs:1: a::x::X",
        ];
        let root = ("src/a/mod.rs", "mod x;\nmod y;");
        check(&[root, ("src/a/x.rs", "use crate::a::y::Y;"), ("src/a/y.rs", "use crate::a::x::X;")], &both);
        check(&[root, ("src/a/x.rs", "use super::y::Y;"), ("src/a/y.rs", "use super::x::X;")], &both);
        check(
            &[root, ("src/a/x.rs", "fn f(_: crate::a::y::Y) {}"), ("src/a/y.rs", "use crate::{a::x::X};")],
            &both,
        );
        check(&[root, ("src/a/x.rs", "use crate::a::y::Y;"), ("src/a/y.rs", "// crate::a::x::X")], &[]);
    }

    #[test]
    fn longer_circles_are_found() {
        check(
            &[
                ("src/a.rs", "use crate::b::B;"),
                ("src/b.rs", "use crate::c::C;"),
                ("src/c.rs", "\nuse crate::a::A;"),
                ("src/d.rs", "use crate::a::A;"),
            ],
            &[
                "src/a.rs, src/b.rs, src/c.rs import each other",
                "  src/a.rs:1: b::B",
                "  src/b.rs:1: c::C",
                "  src/c.rs:2: a::A",
            ],
        );
    }

    #[test]
    fn a_path_through_a_front_is_followed() {
        // `y` is had from the front, but it is the file `y` that is imported.
        let front = ("src/a/mod.rs", "mod x;\nmod y;\npub use x::X;\npub use y::{self, Y};");
        let both =
            ["src/a/x.rs, src/a/y.rs import each other", "  src/a/x.rs:1: a::Y", "  src/a/y.rs:1: a::X"];
        check(&[front, ("src/a/x.rs", "use crate::a::Y;"), ("src/a/y.rs", "use crate::a::{X};")], &both);
        check(&[front, ("src/a/x.rs", "use crate::a::Y;"), ("src/a/y.rs", "")], &[]);
    }

    #[test]
    fn a_front_that_works_with_its_files_ties_them_to_who_imports_it() {
        check(
            &[
                ("src/a/mod.rs", "mod x;\npub fn f() { x::g() }"),
                ("src/a/x.rs", "use crate::b::B;"),
                ("src/b.rs", "use crate::a::f;"),
            ],
            &[
                "src/a/mod.rs, src/a/x.rs, src/b.rs import each other",
                "  src/a/mod.rs:2: a::x::g",
                "  src/a/x.rs:1: b::B",
                "  src/b.rs:1: a::f",
            ],
        );
    }

    #[test]
    fn a_folder_and_its_front_are_one_thing() {
        let x = ("src/a/x.rs", "use crate::a::Shared;\nuse super::Shared;");
        check(&[("src/a/mod.rs", "mod x;\nuse x::X;\npub struct Shared;"), x], &[]);
        check(&[("src/a.rs", "mod x;\nuse x::X;\npub struct Shared;"), x], &[]);
    }

    #[test]
    fn tests_may_use_what_they_test() {
        let x = "use crate::y::Y;";
        let y = "pub struct Y;\n#[cfg(test)]\nmod tests {\n    use crate::x::X;\n    fn f() { { } }\n}\nfn g() {}";
        check(&[("src/x.rs", x), ("src/y.rs", y)], &[]);
        let late = "#[cfg(test)]\nmod tests { }\nuse crate::x::X;";
        assert_eq!(
            check_circles(&[("src/x.rs".into(), x.into()), ("src/y.rs".into(), late.into())]).len(),
            3
        );
        check(&[("src/a/x.rs", ""), ("src/a/tests.rs", "use super::x;"), ("src/a/mod.rs", "mod x;")], &[]);
    }
}
