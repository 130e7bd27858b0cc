//! Backups hold the files, and what is missing or altered is found.

use std::path::{Path, PathBuf};
use std::process::Command;

use gongkai::domain::workflow::Role;
use gongkai::storage::case::attachments;

use crate::support::live::Live;
use crate::support::{TestDatabase, on_both};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n";

struct Ran {
    is_done: bool,
    out: String,
    err: String,
}

fn gongkai(url: &str, files: &Path, folder: &Path, arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(arguments)
        .env("GONGKAI_DATABASE_URL", url)
        .env("GONGKAI__FILES__DIRECTORY", files)
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |it: &[u8]| String::from_utf8_lossy(it).into_owned();
    Ran { is_done: output.status.success(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// The files of a store by the path in it.
fn stored(root: &Path) -> Vec<PathBuf> {
    let all = gongkai::files::Store::new(root).all().unwrap();
    all.iter().map(|it| root.join(&it.as_str()[..2]).join(it.as_str())).collect()
}

#[test]
fn a_backup_holds_the_files_and_restores_them() {
    on_both(|url| {
        let live = Live::start(url, |_| {});
        let (case, case_no) = live.case();
        let clerk = live.office.sign_in(live.office.bureau, &[Role::Clerk]);
        live.must_keep(&clerk, case, "evidence", "证据.pdf", PDF);
        live.must_keep(&clerk, case, "application", "申请.pdf", &[PDF, b"2"].concat());
        let (folder, files) = (live.folder.path(), live.folder.path().join("files"));
        let run = |arguments: &[&str]| gongkai(url, &files, folder, arguments);

        let verified = run(&["audit", "verify"]);
        assert!(verified.is_done, "{}", verified.err);
        assert!(verified.out.contains("附件共2份，文件2个"), "{}", verified.out);
        let backup = run(&["backup", "copy.db"]);
        assert!(backup.is_done, "{}", backup.err);
        assert!(backup.out.contains("附件文件2个，新复制2个"), "{}", backup.out);
        assert_eq!(stored(&folder.join("copy.db.files")).len(), 2);
        // A second one into the same folder copies nothing again.
        let again = run(&["backup", "again.db", "--files", "copy.db.files"]);
        assert!(again.out.contains("附件文件2个，新复制0个"), "{}{}", again.out, again.err);

        let other = match url.starts_with("sqlite") {
            true => TestDatabase::sqlite(),
            false => TestDatabase::postgres().unwrap(),
        };
        let restored = folder.join("restored");
        let run_there = |arguments: &[&str]| gongkai(other.url(), &restored, folder, arguments);
        let done = run_there(&["restore", "copy.db"]);
        assert!(done.is_done && done.out.contains("新复制2个"), "{}{}", done.out, done.err);
        assert!(run_there(&["audit", "verify"]).is_done);
        let db = gongkai::storage::Db::open(other.url(), 1).unwrap();
        let kept = db.read(|conn| attachments::of_case(conn, case)).unwrap();
        for it in &kept {
            let path = restored.join(&it.hash.as_str()[..2]).join(it.hash.as_str());
            assert!(std::fs::read(path).unwrap().starts_with(PDF), "{}", it.name);
        }
        assert_eq!(kept.len(), 2);

        // What is missing or altered is found, and named with the case that has it.
        let originals = stored(&files);
        std::fs::remove_file(&originals[0]).unwrap();
        std::fs::write(&originals[1], b"%PDF-1.7 altered").unwrap();
        let verified = run(&["audit", "verify"]);
        assert!(!verified.is_done);
        assert!(
            verified.err.contains("文件缺失") && verified.err.contains("内容与校验值不符"),
            "{}",
            verified.err
        );
        assert!(verified.err.contains(&format!("{case_no}“证据.pdf”")), "{}", verified.err);
        // A backup of that is made, and says what it lacks.
        let backup = run(&["backup", "late.db"]);
        assert!(!backup.is_done && backup.err.contains("2个附件文件缺失或者损坏"), "{}", backup.err);
        assert!(folder.join("late.db").exists());
        // An earlier backup heals the store.
        assert!(gongkai(url, &folder.join("copy.db.files"), folder, &["audit", "verify"]).is_done);
    });
}
