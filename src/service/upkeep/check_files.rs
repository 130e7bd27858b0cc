//! Compares the files in the store with the rows that name them.

use std::collections::BTreeSet;

use crate::domain::attachment::FileHash;
use crate::files::{Condition, Store};
use crate::service::ServiceError;
use crate::storage::Db;
use crate::storage::case::attachments;

/// A file that rows name and that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The hash of its content.
    pub hash: FileHash,
    /// Missing or altered.
    pub condition: Condition,
    /// The cases that name it: number, name of the file.
    pub cases: Vec<(String, String)>,
}

/// What the comparison came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileReport {
    /// The number of rows.
    pub n_rows: i64,
    /// The number of files they name.
    pub n_files: usize,
    /// The number of files no row names: those of uploads whose row was refused.
    pub n_unnamed: usize,
    /// What is missing or altered.
    pub faults: Vec<Fault>,
}

/// Reads every file that a row names, and compares it with its hash.
///
/// # Errors
/// Where the disk or the database fails.
pub fn check_files(db: &Db, store: &Store) -> Result<FileReport, ServiceError> {
    const PAGE: i64 = 1_000;
    let stored = store.all().map_err(crate::files::FileError::from)?;
    let mut report = FileReport { n_rows: db.read(attachments::count)?, ..FileReport::default() };
    let (mut named, mut after) = (BTreeSet::new(), String::new());
    loop {
        let page = db.read(|conn| attachments::hashes_after(conn, &after, PAGE))?;
        let Some(last) = page.last() else { break };
        after = last.to_string();
        for hash in page {
            let condition = store.condition(&hash)?;
            if condition != Condition::Sound {
                let cases = db.read(|conn| attachments::cases_of(conn, &hash))?;
                report.faults.push(Fault { hash: hash.clone(), condition, cases });
            }
            named.insert(hash);
        }
    }
    report.n_files = named.len();
    report.n_unnamed = stored.iter().filter(|it| !named.contains(it)).count();
    Ok(report)
}
