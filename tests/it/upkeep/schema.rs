//! The schema: migrations up and down, and what the database refuses by itself.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::attachment::{AttachmentKind, ScanState};
use gongkai::domain::event::Subject;
use gongkai::domain::file_type::FileType;
use gongkai::domain::labels::Coded;
use gongkai::domain::letters::{LetterKind, Series};
use gongkai::domain::mail::{MailKind, MailState};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::remedy::stages::{Paper, Procedure, StageKind};
use gongkai::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use gongkai::domain::report::text::{Filing, Part};
use gongkai::domain::request::{Channel, PreferredForm};
use gongkai::domain::response_clock::SuspendedBy;
use gongkai::domain::workflow::{Role, Status};
use gongkai::storage::{Db, StorageError};

use crate::support::full_rows::FULL_ROWS;
use crate::support::office::execute;
use crate::support::{on_both, on_both_databases};
use crate::upkeep::columns::tables;

#[test]
fn migrations_run_up_and_down_and_up_again() {
    on_both(|url| {
        let db = Db::open(url, 1).unwrap();
        assert!(db.has_pending_migrations().unwrap());
        let n_run = db.migrate().unwrap();
        assert!(0 < n_run && !db.has_pending_migrations().unwrap());
        let all = tables(&db);
        assert_eq!(db.revert_migrations().unwrap(), n_run);
        assert_eq!(tables(&db), ["__diesel_schema_migrations"]);
        assert_eq!(db.migrate().unwrap(), n_run);
        assert_eq!(tables(&db), all);
        assert_eq!(db.migrate().unwrap(), 0);
    });
}

/// The database refuses the statement for this reason.
#[track_caller]
fn check_refused(db: &Db, sql: &str, expected: DatabaseErrorKind) {
    match (execute(db, sql), expected) {
        (Err(StorageError::Conflict), DatabaseErrorKind::UniqueViolation) => {}
        (Err(StorageError::Database(DieselError::DatabaseError(kind, message))), expected) => {
            let (kind, expected) = (format!("{kind:?}"), format!("{expected:?}"));
            assert_eq!(kind, expected, "{sql}: {}", message.message());
        }
        (other, expected) => panic!("no {expected:?} but {other:?}: {sql}"),
    }
}

/// The column takes every code of the set, and no other.
#[track_caller]
fn check_codes<T: Coded>(db: &Db, statement: &str) {
    for value in T::ALL {
        execute(db, &statement.replace("{code}", value.code())).unwrap();
    }
    check_refused(db, &statement.replace("{code}", "no_such_code"), DatabaseErrorKind::CheckViolation);
}

#[test]
fn every_list_of_codes_is_that_of_its_set() {
    const STATEMENTS: [&str; 27] = [
        "UPDATE cases SET status = '{code}', is_open = ('{code}' NOT IN ('answered', 'ended')) WHERE id = 'd'",
        "UPDATE cases SET channel = '{code}'",
        "UPDATE cases SET applicant_kind = '{code}'",
        "UPDATE cases SET outcome = '{code}' WHERE id = 'c'",
        "UPDATE cases SET waiting_for = '{code}'",
        "UPDATE requests SET preferred_form = '{code}'",
        "UPDATE replies SET outcome = '{code}'",
        "UPDATE remedies SET kind = '{code}'",
        "UPDATE remedies SET capacity = '{code}'",
        "UPDATE remedies SET result = '{code}'",
        "UPDATE account_roles SET role = '{code}'",
        "INSERT INTO journal (subject_id, seq, subject, action, actor, recorded_at, known_on, details, \
         previous_hash, hash) VALUES ('{code}', 1, '{code}', '', '', '2026-03-02 02:00:00', '2026-03-02', '{}', \
         '', '')",
        "UPDATE remedy_stages SET kind = '{code}'",
        "UPDATE remedy_stages SET procedure = '{code}'",
        "UPDATE remedy_stages SET paper = '{code}'",
        "UPDATE remedy_stages SET result = '{code}'",
        "UPDATE attachments SET kind = '{code}'",
        "UPDATE attachments SET file_type = '{code}'",
        "UPDATE attachments SET scan = '{code}'",
        "UPDATE outbox SET kind = '{code}'",
        "UPDATE outbox SET state = '{code}', claimed_until = CASE '{code}' WHEN 'sending' THEN written_at END, \
         sent_at = CASE '{code}' WHEN 'sent' THEN written_at END",
        "INSERT INTO letter_templates VALUES (1, '{code}', 1, '', NULL, NULL, '', '2026-03-02 02:00:00')",
        "UPDATE letter_counters SET series = '{code}'",
        "INSERT INTO letters VALUES ('{code}', 'c', 2, 1, '{code}', '', NULL, '', NULL, '2026-03-02', \
         '2026-03-02 02:00:00', '', NULL, '', 0, '', '{}', '', '')",
        "UPDATE indicators SET part = '{code}'",
        "UPDATE report_wordings SET part = '{code}'",
        "UPDATE filed_reports SET filing = '{code}'",
    ];
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        check_codes::<Status>(db, STATEMENTS[0]);
        check_codes::<Channel>(db, STATEMENTS[1]);
        check_codes::<ApplicantKind>(db, STATEMENTS[2]);
        check_codes::<Outcome>(db, STATEMENTS[3]);
        check_codes::<SuspendedBy>(db, STATEMENTS[4]);
        check_codes::<PreferredForm>(db, STATEMENTS[5]);
        check_codes::<Outcome>(db, STATEMENTS[6]);
        check_codes::<RemedyKind>(db, STATEMENTS[7]);
        check_codes::<Capacity>(db, STATEMENTS[8]);
        check_codes::<RemedyResult>(db, STATEMENTS[9]);
        check_codes::<Role>(db, STATEMENTS[10]);
        check_codes::<Subject>(db, STATEMENTS[11]);
        check_codes::<StageKind>(db, STATEMENTS[12]);
        check_codes::<Procedure>(db, STATEMENTS[13]);
        check_codes::<Paper>(db, STATEMENTS[14]);
        check_codes::<RemedyResult>(db, STATEMENTS[15]);
        check_codes::<AttachmentKind>(db, STATEMENTS[16]);
        check_codes::<FileType>(db, STATEMENTS[17]);
        check_codes::<ScanState>(db, STATEMENTS[18]);
        check_codes::<MailKind>(db, STATEMENTS[19]);
        check_codes::<MailState>(db, STATEMENTS[20]);
        check_codes::<LetterKind>(db, STATEMENTS[21]);
        check_codes::<Series>(db, STATEMENTS[22]);
        check_codes::<LetterKind>(db, STATEMENTS[23]);
        check_codes::<Part>(db, STATEMENTS[24]);
        check_codes::<Part>(db, STATEMENTS[25]);
        check_codes::<Filing>(db, STATEMENTS[26]);
    });
    assert_eq!(n_lists_of_codes(), STATEMENTS.len(), "a list of codes in the migrations is not in this test");
}

/// How many columns of the migrations have a list of codes.
fn n_lists_of_codes() -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
    let files = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path().join("up.sql"));
    let texts = files.map(|it| std::fs::read_to_string(it).unwrap());
    let is_list =
        |line: &&str| line.split_once("CHECK (").is_some_and(|(_, it)| it.split(' ').nth(1) == Some("IN"));
    texts.map(|it| it.lines().filter(is_list).count()).sum()
}

#[test]
fn contradictions_are_refused() {
    use DatabaseErrorKind::{CheckViolation, ForeignKeyViolation, NotNullViolation, UniqueViolation};
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        let check = |sql, kind| check_refused(db, sql, kind);
        check("UPDATE cases SET closed_on = '2026-03-01' WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET closed_on = NULL WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET outcome = NULL WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET outcome = 'provided' WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET closed_on = '2026-03-20' WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET is_open = TRUE WHERE id = 'c'", CheckViolation);
        check("UPDATE cases SET is_open = FALSE WHERE id = 'd'", CheckViolation);
        check("UPDATE cases SET received_on = NULL WHERE id = 'd'", NotNullViolation);
        check("UPDATE cases SET agency_id = 9 WHERE id = 'd'", ForeignKeyViolation);
        check("UPDATE cases SET department_id = 9 WHERE id = 'd'", ForeignKeyViolation);
        check("UPDATE cases SET case_no = '2026-0001' WHERE id = 'd'", UniqueViolation);
        check("UPDATE remedies SET result = NULL", CheckViolation);
        check("UPDATE remedies SET concluded_on = NULL", CheckViolation);
        check("UPDATE remedies SET concluded_on = '2026-03-31'", CheckViolation);
        check("UPDATE remedies SET case_id = 'x'", ForeignKeyViolation);
        check("INSERT INTO requests (case_id, content, remarks) VALUES ('x', '', '')", ForeignKeyViolation);
        check("INSERT INTO case_links VALUES ('c', 'd', '重复')", UniqueViolation);
        check("UPDATE attachments SET removed_at = NULL", CheckViolation);
        check("UPDATE attachments SET removal_reason = NULL", CheckViolation);
        check("UPDATE attachments SET sha256 = 'x'", CheckViolation);
        check("UPDATE attachments SET size = 0", CheckViolation);
        check("UPDATE attachments SET case_id = 'x'", ForeignKeyViolation);
        check("INSERT INTO agencies VALUES (3, 'A', '丙局', NULL, '/3/')", UniqueViolation);
        check("UPDATE outbox SET claimed_until = NULL", CheckViolation);
        check("UPDATE outbox SET sent_at = written_at", CheckViolation);
        check("UPDATE outbox SET account_id = 'x'", ForeignKeyViolation);
        check("INSERT INTO departments VALUES (4, 2, '政务公开科')", UniqueViolation);
        // The same number in another agency is another number.
        execute(
            db,
            "UPDATE cases SET case_no = '2026-0001', agency_id = 1, department_id = NULL WHERE id = 'd'",
        )
        .unwrap();
    });
}
