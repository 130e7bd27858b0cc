//! Letters as they were issued: appended to, never changed; the database refuses it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::domain::ids::{AgencyId, CaseId, LetterId};
use crate::domain::letters::{LetterKind, Series};
use crate::storage::codes::{Code, Id};
use crate::storage::schema::{cases, letter_counters, letters, replies};
use crate::storage::{DbConnection, StorageError};

/// An issued letter, without its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedLetter {
    /// Its identifier.
    pub id: LetterId,
    /// Its case.
    pub case: CaseId,
    /// The round of the case it belongs to, from 1.
    pub round: i32,
    /// What kind it is.
    pub kind: LetterKind,
    /// Its title as printed.
    pub title: String,
    /// Its document number (文号); none for papers that bear none.
    pub document_no: Option<String>,
    /// Whom it is addressed to.
    pub addressee: String,
    /// What it is about beside the case: the number of a consultation, or another letter.
    pub about: Option<String>,
    /// The day it bears.
    pub issued_on: NaiveDate,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// Who issued it, as the journal says it.
    pub issued_by: String,
    /// The letter it was issued in place of.
    pub replaces: Option<LetterId>,
    /// Why it was issued in place of another; empty otherwise.
    pub reason: String,
    /// The version of the agency's template; 0 for the one built in.
    pub template_version: i32,
    /// SHA-256 of the template, in hexadecimal.
    pub template_sha256: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// A letter to be kept.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// What is listed of it.
    pub letter: IssuedLetter,
    /// The agency.
    pub agency: AgencyId,
    /// The values it was filled with, as JSON.
    pub particulars: String,
    /// The file.
    pub docx: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = letters, treat_none_as_default_value = false)]
struct NewRow {
    id: Id<LetterId>,
    case_id: Id<CaseId>,
    agency_id: i32,
    round: i32,
    kind: Code<LetterKind>,
    title: String,
    document_no: Option<String>,
    addressee: String,
    about: Option<String>,
    issued_on: NaiveDate,
    issued_at: NaiveDateTime,
    issued_by: String,
    replaces: Option<Id<LetterId>>,
    reason: String,
    template_version: i32,
    template_sha256: String,
    particulars: String,
    sha256: String,
    docx: Vec<u8>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = letters)]
struct Row {
    id: Id<LetterId>,
    case_id: Id<CaseId>,
    round: i32,
    kind: Code<LetterKind>,
    title: String,
    document_no: Option<String>,
    addressee: String,
    about: Option<String>,
    issued_on: NaiveDate,
    issued_at: NaiveDateTime,
    issued_by: String,
    replaces: Option<Id<LetterId>>,
    reason: String,
    template_version: i32,
    template_sha256: String,
    sha256: String,
}

impl Row {
    fn letter(self) -> IssuedLetter {
        IssuedLetter {
            id: self.id.0,
            case: self.case_id.0,
            round: self.round,
            kind: self.kind.0,
            title: self.title,
            document_no: self.document_no,
            addressee: self.addressee,
            about: self.about,
            issued_on: self.issued_on,
            issued_at: self.issued_at.and_utc(),
            issued_by: self.issued_by,
            replaces: self.replaces.map(|it| it.0),
            reason: self.reason,
            template_version: self.template_version,
            template_sha256: self.template_sha256,
            sha256: self.sha256,
        }
    }
}

/// Keeps a letter for ever.
///
/// # Errors
/// [`StorageError::Conflict`] where the agency has issued a letter with this number.
pub fn insert(conn: &mut DbConnection, new: &NewLetter) -> Result<(), StorageError> {
    let it = &new.letter;
    let row = NewRow {
        id: Id(it.id),
        case_id: Id(it.case),
        agency_id: new.agency.0,
        round: it.round,
        kind: Code(it.kind),
        title: it.title.clone(),
        document_no: it.document_no.clone(),
        addressee: it.addressee.clone(),
        about: it.about.clone(),
        issued_on: it.issued_on,
        issued_at: it.issued_at.naive_utc(),
        issued_by: it.issued_by.clone(),
        replaces: it.replaces.map(Id),
        reason: it.reason.clone(),
        template_version: it.template_version,
        template_sha256: it.template_sha256.clone(),
        particulars: new.particulars.clone(),
        sha256: it.sha256.clone(),
        docx: new.docx.clone(),
    };
    diesel::insert_into(letters::table).values(&row).execute(conn)?;
    Ok(())
}

/// The letters issued in a case, oldest first, without their files.
pub fn of_case(conn: &mut DbConnection, case: CaseId) -> Result<Vec<IssuedLetter>, StorageError> {
    let rows: Vec<Row> = letters::table
        .filter(letters::case_id.eq(Id(case)))
        .order((letters::issued_at, letters::id))
        .select(Row::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Row::letter).collect())
}

/// One letter.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none.
pub fn fetch(conn: &mut DbConnection, letter: LetterId) -> Result<IssuedLetter, StorageError> {
    let row: Row = letters::table.filter(letters::id.eq(Id(letter))).select(Row::as_select()).first(conn)?;
    Ok(row.letter())
}

/// The file of a letter, as it was issued (`.docx`).
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such letter.
pub fn file(conn: &mut DbConnection, letter: LetterId) -> Result<Vec<u8>, StorageError> {
    Ok(letters::table.filter(letters::id.eq(Id(letter))).select(letters::docx).first(conn)?)
}

/// The values a letter was filled with, as JSON.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such letter.
pub fn particulars(conn: &mut DbConnection, letter: LetterId) -> Result<String, StorageError> {
    Ok(letters::table.filter(letters::id.eq(Id(letter))).select(letters::particulars).first(conn)?)
}

/// The next number of a series in a year for which `spell` makes a document number nobody has.
///
/// The counter row is updated in the caller's transaction, so that two clerks wait for each other, and a
/// letter that is not issued after all leaves no gap. Numbers typed by hand are passed over.
pub fn next_document_no(
    conn: &mut DbConnection,
    agency: AgencyId,
    series: Series,
    year: i32,
    spell: impl Fn(i64) -> String,
) -> Result<String, StorageError> {
    loop {
        let counter = letter_counters::table
            .filter(letter_counters::agency_id.eq(agency.0))
            .filter(letter_counters::series.eq(Code(series)))
            .filter(letter_counters::year.eq(year));
        let advanced: Vec<i64> = diesel::update(counter)
            .set(letter_counters::last_no.eq(letter_counters::last_no + 1))
            .returning(letter_counters::last_no)
            .load(conn)?;
        let Some(no) = advanced.first() else {
            // The first of the year. Where two come at once, one of them waits here for the other.
            diesel::sql_query(
                "INSERT INTO letter_counters (agency_id, series, year, last_no) VALUES ($1, $2, $3, 0) \
                 ON CONFLICT DO NOTHING",
            )
            .bind::<diesel::sql_types::Integer, _>(agency.0)
            .bind::<diesel::sql_types::Text, _>(Code(series))
            .bind::<diesel::sql_types::Integer, _>(year)
            .execute(conn)?;
            continue;
        };
        let document_no = spell(*no);
        if !is_taken(conn, agency, &document_no, None)? {
            return Ok(document_no);
        }
    }
}

/// The number [`next_document_no`] would give now; nothing is stored, so that by then it may be another.
pub fn upcoming_document_no(
    conn: &mut DbConnection,
    agency: AgencyId,
    series: Series,
    year: i32,
    spell: impl Fn(i64) -> String,
) -> Result<String, StorageError> {
    let last: Option<i64> = letter_counters::table
        .filter(letter_counters::agency_id.eq(agency.0))
        .filter(letter_counters::series.eq(Code(series)))
        .filter(letter_counters::year.eq(year))
        .select(letter_counters::last_no)
        .first(conn)
        .optional()?;
    let mut no = last.unwrap_or(0) + 1;
    while is_taken(conn, agency, &spell(no), None)? {
        no += 1;
    }
    Ok(spell(no))
}

/// Whether a letter of the agency bears this number, or the reply of another case than this.
pub fn is_taken(
    conn: &mut DbConnection,
    agency: AgencyId,
    document_no: &str,
    except: Option<CaseId>,
) -> Result<bool, StorageError> {
    let issued = letters::table
        .filter(letters::agency_id.eq(agency.0))
        .filter(letters::document_no.eq(document_no))
        .count()
        .get_result::<i64>(conn)?;
    if issued > 0 {
        return Ok(true);
    }
    let typed: Vec<Id<CaseId>> = replies::table
        .inner_join(cases::table)
        .filter(replies::reply_no.eq(document_no))
        .filter(cases::agency_id.eq(agency.0))
        .select(replies::case_id)
        .load(conn)?;
    Ok(typed.iter().any(|it| Some(it.0) != except))
}
