//! The rows of files, on both databases.

use gongkai::domain::attachment::{AttachmentKind, FileHash, ScanState};
use gongkai::domain::file_type::FileType;
use gongkai::domain::ids::{AttachmentId, CaseId, UserId};
use gongkai::storage::case::attachments;
use gongkai::storage::case::attachments::{Attachment, Removal};
use gongkai::storage::{Db, StorageError};

use crate::support::office::{a_case, actor, an_agency};
use crate::support::on_both_databases;

fn hash(digit: char) -> FileHash {
    FileHash::parse(&digit.to_string().repeat(64)).unwrap()
}

fn an_attachment(case: CaseId, name: &str, digit: char) -> Attachment {
    let actor = actor("2026-03-02");
    Attachment {
        id: AttachmentId::new(),
        case,
        kind: AttachmentKind::Evidence,
        name: name.to_owned(),
        size: 5_000_000_000,
        file_type: FileType::Pdf,
        hash: hash(digit),
        scan: ScanState::NotScanned,
        account: UserId::new(),
        added_by: actor.name,
        added_at: actor.now,
        removed: None,
    }
}

fn insert(db: &Db, attachment: &Attachment) {
    db.write(|conn| attachments::insert(conn, attachment)).unwrap();
}

#[test]
fn files_come_back_as_they_were_kept() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let (case, other) = (a_case(db, &agency, "2026-03-02"), a_case(db, &agency, "2026-03-02"));
        let all: Vec<_> =
            ["喆堃㐂𠮷.pdf", "张<三>&李四.pdf"].iter().map(|it| an_attachment(case.id, it, 'a')).collect();
        for it in &all {
            insert(db, it);
        }
        insert(db, &an_attachment(other.id, "别件.pdf", 'b'));
        assert_eq!(db.read(|conn| attachments::of_case(conn, case.id)).unwrap(), all);
        assert_eq!(db.read(|conn| attachments::fetch(conn, case.id, all[1].id)).unwrap(), all[1]);
        // A file of one case is not one of another.
        let other = db.read(|conn| attachments::fetch(conn, other.id, all[1].id));
        assert!(matches!(other, Err(StorageError::NotFound)));
        assert_eq!(db.read(attachments::count).unwrap(), 3);
    });
}

#[test]
fn what_is_removed_says_why_and_stays() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let case = a_case(db, &agency, "2026-03-02");
        let it = an_attachment(case.id, "误传.pdf", 'a');
        insert(db, &it);
        let same = |db: &Db| db.read(|conn| attachments::same(conn, case.id, it.kind, &it.hash)).unwrap();
        assert_eq!(same(db), Some(it.clone()));
        let removal = Removal { by: "张三".to_owned(), at: it.added_at, reason: "误传".to_owned() };
        db.write(|conn| attachments::remove(conn, it.id, &removal)).unwrap();
        let stored = db.read(|conn| attachments::fetch(conn, case.id, it.id)).unwrap();
        assert_eq!(stored.removed, Some(removal.clone()));
        assert_eq!(same(db), None);
        let again = db.write(|conn| attachments::remove(conn, it.id, &removal));
        assert!(matches!(again, Err(StorageError::NotFound)));
    });
}

#[test]
fn files_are_walked_by_hash_and_know_their_cases() {
    on_both_databases(|db| {
        let agency = an_agency(db, "A", None);
        let (one, other) = (a_case(db, &agency, "2026-03-02"), a_case(db, &agency, "2026-03-02"));
        for (case, name, digit) in
            [(&one, "a.pdf", 'c'), (&other, "b.pdf", 'a'), (&other, "c.pdf", 'b'), (&one, "d.pdf", 'a')]
        {
            insert(db, &an_attachment(case.id, name, digit));
        }
        let after =
            |after: &str, limit| db.read(|conn| attachments::hashes_after(conn, after, limit)).unwrap();
        assert_eq!(after("", 2), [hash('a'), hash('b')]);
        assert_eq!(after(hash('b').as_str(), 2), [hash('c')]);
        assert_eq!(after(hash('c').as_str(), 2), []);
        let cases = db.read(|conn| attachments::cases_of(conn, &hash('a'))).unwrap();
        let pair = |no: &str, name: &str| (no.to_owned(), name.to_owned());
        assert_eq!(cases, [pair(&one.case_no, "d.pdf"), pair(&other.case_no, "b.pdf")]);
    });
}
