//! The rooms of the layers: the same words in each, as `docs/decisions/021` has them.

use std::collections::BTreeSet;

/// The words. A feature that fits none of them asks for a decision first.
const WORDS: &[&str] = &["desk", "case", "remedy", "report", "calendar", "mail", "access", "upkeep"];

/// A layer that is made of rooms, and what may lie beside them there.
struct Rooms {
    /// The folder, with a slash at its end.
    layer: &'static str,
    /// Folders and files that serve every room.
    beside: &'static [&'static str],
}

const LAYERS: &[Rooms] = &[
    Rooms { layer: "src/web/pages/", beside: &["mod.rs"] },
    Rooms { layer: "src/service/", beside: &["mod.rs", "caller.rs", "clock.rs", "note.rs"] },
    Rooms {
        layer: "src/storage/",
        beside: &[
            "mod.rs",
            "codes.rs",
            "connection.rs",
            "error.rs",
            "journal.rs",
            "page.rs",
            "parts.rs",
            "schema.rs",
            "search",
            "sql.rs",
        ],
    },
    Rooms { layer: "templates/pages/", beside: &["error.html"] },
    Rooms {
        layer: "tests/it/",
        beside: &[
            "main.rs",
            "browser.rs",
            "office.rs",
            "pages_snapshots.rs",
            "support",
            "support.rs",
            "terms.rs",
            "tidy",
            "tidy.rs",
            "snapshots",
        ],
    },
];

/// What lies in a layer and is neither a room nor listed beside the rooms; and rooms nothing lies in.
fn check_words(paths: &[&str], layers: &[Rooms]) -> Vec<String> {
    let mut problems = Vec::new();
    for Rooms { layer, beside } in layers {
        let entries: BTreeSet<&str> =
            paths.iter().filter_map(|it| it.strip_prefix(layer)?.split('/').next()).collect();
        let known = |it: &&str| WORDS.contains(it) || beside.contains(it);
        problems.extend(
            entries.iter().filter(|it| !known(it)).map(|it| format!("{layer}{it} is none of the words")),
        );
        let gone = beside.iter().filter(|it| !entries.contains(*it));
        problems.extend(gone.map(|it| format!("{layer}{it} is listed and is not there")));
    }
    problems
}

#[test]
fn every_layer_has_the_same_rooms() {
    let files = super::files();
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let problems = check_words(&paths, LAYERS);
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn other_rooms_are_caught() {
    let layers = [Rooms { layer: "src/service/", beside: &["mod.rs", "clock.rs"] }];
    let paths =
        ["src/service/mod.rs", "src/service/case/act.rs", "src/service/appeals/x.rs", "src/web/appeals/x.rs"];
    let found =
        ["src/service/appeals is none of the words", "src/service/clock.rs is listed and is not there"];
    assert_eq!(check_words(&paths, &layers), found);
}
