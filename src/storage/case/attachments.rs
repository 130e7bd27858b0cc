//! The files of cases: what each is, where it lies, who added it, and who took it away.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::attachment::{AttachmentKind, FileHash, ScanState};
use crate::domain::file_type::FileType;
use crate::domain::ids::{AttachmentId, CaseId, UserId};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::attachments;
use crate::storage::{DbConnection, StorageError};

/// A file of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its identifier.
    pub id: AttachmentId,
    /// The case.
    pub case: CaseId,
    /// What it is for.
    pub kind: AttachmentKind,
    /// Its name, cleaned to be shown.
    pub name: String,
    /// Its size in bytes, 1 or more.
    pub size: u64,
    /// What it is, by its content.
    pub file_type: FileType,
    /// Where it lies.
    pub hash: FileHash,
    /// Whether it was scanned.
    pub scan: ScanState,
    /// The account that added it.
    pub account: UserId,
    /// Who added it, as the journal names them.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// By whom, when and why it was removed from the case.
    pub removed: Option<Removal>,
}

/// The removal of a file from a case. The file itself stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// Who, as the journal names them.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

#[derive(Debug, Queryable, Insertable)]
#[diesel(table_name = attachments)]
struct Row {
    id: Id<AttachmentId>,
    case_id: Id<CaseId>,
    kind: Code<AttachmentKind>,
    name: String,
    size: i64,
    file_type: Code<FileType>,
    sha256: String,
    scan: Code<ScanState>,
    account_id: Id<UserId>,
    added_by: String,
    added_at: NaiveDateTime,
    removed_by: Option<String>,
    removed_at: Option<NaiveDateTime>,
    removal_reason: Option<String>,
}

fn unreadable(what: &'static str, text: &str) -> StorageError {
    StorageError::Unreadable { what, text: text.to_owned() }
}

fn hash(text: &str) -> Result<FileHash, StorageError> {
    FileHash::parse(text).ok_or_else(|| unreadable("hash of a file", text))
}

impl Row {
    fn new(it: &Attachment) -> Result<Self, StorageError> {
        let size = i64::try_from(it.size).map_err(|_| unreadable("size", &it.size.to_string()))?;
        Ok(Self {
            id: Id(it.id),
            case_id: Id(it.case),
            kind: Code(it.kind),
            name: it.name.clone(),
            size,
            file_type: Code(it.file_type),
            sha256: it.hash.to_string(),
            scan: Code(it.scan),
            account_id: Id(it.account),
            added_by: it.added_by.clone(),
            added_at: it.added_at.naive_utc(),
            removed_by: it.removed.as_ref().map(|it| it.by.clone()),
            removed_at: it.removed.as_ref().map(|it| it.at.naive_utc()),
            removal_reason: it.removed.as_ref().map(|it| it.reason.clone()),
        })
    }

    fn attachment(self) -> Result<Attachment, StorageError> {
        let removed = match (self.removed_by, self.removed_at, self.removal_reason) {
            (Some(by), Some(at), Some(reason)) => Some(Removal { by, at: at.and_utc(), reason }),
            _ => None,
        };
        Ok(Attachment {
            id: self.id.0,
            case: self.case_id.0,
            kind: self.kind.0,
            name: self.name,
            size: u64::try_from(self.size).map_err(|_| unreadable("size", &self.size.to_string()))?,
            file_type: self.file_type.0,
            hash: hash(&self.sha256)?,
            scan: self.scan.0,
            account: self.account_id.0,
            added_by: self.added_by,
            added_at: self.added_at.and_utc(),
            removed,
        })
    }
}

/// Keeps a file of a case.
pub fn insert(conn: &mut DbConnection, attachment: &Attachment) -> Result<(), StorageError> {
    diesel::insert_into(attachments::table).values(Row::new(attachment)?).execute(conn)?;
    Ok(())
}

/// The files of a case, those removed too, in the order in which they came.
pub fn of_case(conn: &mut DbConnection, case: CaseId) -> Result<Vec<Attachment>, StorageError> {
    let rows: Vec<Row> = attachments::table
        .filter(attachments::case_id.eq(Id(case)))
        .order((attachments::added_at, attachments::id))
        .load(conn)?;
    rows.into_iter().map(Row::attachment).collect()
}

/// One file of a case, also where it was removed.
///
/// # Errors
/// [`StorageError::NotFound`] where the case has no such file.
pub fn fetch(
    conn: &mut DbConnection,
    case: CaseId,
    attachment: AttachmentId,
) -> Result<Attachment, StorageError> {
    let row: Row = attachments::table
        .filter(attachments::id.eq(Id(attachment)))
        .filter(attachments::case_id.eq(Id(case)))
        .first(conn)?;
    row.attachment()
}

/// The file with this content that the case has under this kind and that was not removed.
pub fn same(
    conn: &mut DbConnection,
    case: CaseId,
    kind: AttachmentKind,
    hash: &FileHash,
) -> Result<Option<Attachment>, StorageError> {
    let row: Option<Row> = attachments::table
        .filter(attachments::sha256.eq(hash.as_str()))
        .filter(attachments::case_id.eq(Id(case)))
        .filter(attachments::kind.eq(Code(kind)))
        .filter(attachments::removed_at.is_null())
        .order((attachments::added_at, attachments::id))
        .first(conn)
        .optional()?;
    row.map(Row::attachment).transpose()
}

/// Marks a file as removed.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such file, or it was removed already.
pub fn remove(
    conn: &mut DbConnection,
    attachment: AttachmentId,
    removal: &Removal,
) -> Result<(), StorageError> {
    let row = attachments::table
        .filter(attachments::id.eq(Id(attachment)))
        .filter(attachments::removed_at.is_null());
    let n_changed = diesel::update(row)
        .set((
            attachments::removed_by.eq(&removal.by),
            attachments::removed_at.eq(removal.at.naive_utc()),
            attachments::removal_reason.eq(&removal.reason),
        ))
        .execute(conn)?;
    if n_changed == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// The number of rows.
pub fn count(conn: &mut DbConnection) -> Result<i64, StorageError> {
    Ok(attachments::table.count().get_result(conn)?)
}

/// The hashes that rows name, those of removed ones too, in order, at most `limit` of them after `after`.
pub fn hashes_after(conn: &mut DbConnection, after: &str, limit: i64) -> Result<Vec<FileHash>, StorageError> {
    let texts: Vec<String> = attachments::table
        .filter(attachments::sha256.gt(after))
        .select(attachments::sha256)
        .distinct()
        .order(attachments::sha256)
        .limit(limit)
        .load(conn)?;
    texts.iter().map(|it| hash(it)).collect()
}

/// The numbers of the cases that name a file, each with the file's name in it.
pub fn cases_of(conn: &mut DbConnection, hash: &FileHash) -> Result<Vec<(String, String)>, StorageError> {
    use crate::storage::schema::cases;
    Ok(attachments::table
        .inner_join(cases::table)
        .filter(attachments::sha256.eq(hash.as_str()))
        .order((cases::case_no, attachments::name))
        .select((cases::case_no, attachments::name))
        .load(conn)?)
}
