//! The schema: migrations up and down, and what the database refuses by itself.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
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
pub fn check_refused(db: &Db, sql: &str, expected: DatabaseErrorKind) {
    match (execute(db, sql), expected) {
        (Err(StorageError::Conflict), DatabaseErrorKind::UniqueViolation) => {}
        (Err(StorageError::Database(DieselError::DatabaseError(kind, message))), expected) => {
            let (kind, expected) = (format!("{kind:?}"), format!("{expected:?}"));
            assert_eq!(kind, expected, "{sql}: {}", message.message());
        }
        (other, expected) => panic!("no {expected:?} but {other:?}: {sql}"),
    }
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
