//! Full text over the number, the applicant and the content of every case.
//!
//! Tokens are made by [`crate::domain::search`]. SQLite keeps them in an FTS5 index without the texts,
//! PostgreSQL in a `tsvector` that the program writes itself. A document's number is the day of receipt
//! with random bits behind it: matches come in the order of receipt from the index, however many they
//! are, and a page is a range of numbers. The agency is a token too, so that one agency's matches are
//! found without walking through those of all others.

pub(in crate::storage) mod matches;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::connection::SimpleConnection;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::search::{MAX_TOKENS, SearchQuery, search_tokens};
use crate::storage::case::new_case::NewCase;
use crate::storage::codes::Id;
use crate::storage::schema::{cases, requests, search_docs, search_pending};
use crate::storage::{DbConnection, StorageError, insert_all};

/// Stands between the texts of a document, so that no phrase runs from one into the next.
const BREAK: &str = "｜";
/// Random bits of a document's number; the day takes the twenty above them.
const RANDOM_BITS: u32 = 43;

/// What is indexed of a case.
#[derive(Debug, Clone, Copy)]
struct Document<'a> {
    id: &'a str,
    agency: AgencyId,
    case_no: &'a str,
    applicant_name: &'a str,
    received_on: NaiveDate,
    content: &'a str,
}

/// The first number of the documents of a day.
pub(super) fn first_of_day(day: NaiveDate) -> i64 {
    i64::from(day.num_days_from_ce()) << RANDOM_BITS
}

impl Document<'_> {
    fn doc_id(&self) -> Result<i64, StorageError> {
        let id: CaseId = Id::read(self.id)?;
        let (_, low) = id.0.as_u64_pair();
        let random = i64::try_from(low & ((1 << RANDOM_BITS) - 1)).unwrap_or_default();
        Ok(first_of_day(self.received_on) | random)
    }

    /// The words of the document, between blanks.
    fn words(&self) -> String {
        let mut tokens = search_tokens(self.case_no);
        tokens.push(BREAK.to_owned());
        // 2026-0108 is also found as 108.
        let last = self.case_no.rsplit(|it: char| !it.is_ascii_digit()).next().unwrap_or_default();
        let bare = last.trim_start_matches('0');
        if bare.len() < last.len() {
            tokens.extend(search_tokens(bare));
            tokens.push(BREAK.to_owned());
        }
        tokens.extend(search_tokens(self.applicant_name));
        tokens.push(BREAK.to_owned());
        tokens.extend(search_tokens(self.content));
        tokens.truncate(MAX_TOKENS);
        format!(" {} ", tokens.join(" "))
    }
}

/// `'收':2,9 '征':1`: PostgreSQL reads it as it stands, for tokens are letters and digits only.
fn vector(words: &str) -> String {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, token) in words.split_whitespace().enumerate().filter(|(_, it)| *it != BREAK) {
        places.entry(token).or_default().push(i + 1);
    }
    let word = |(token, places): (&&str, &Vec<usize>)| {
        let places: Vec<_> = places.iter().map(usize::to_string).collect();
        format!("'{token}':{}", places.join(","))
    };
    places.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The query in the words of FTS5.
pub(super) fn fts5(query: &SearchQuery) -> String {
    let phrases = query.phrases.iter().map(|it| {
        let open = if it.is_open { " *" } else { "" };
        format!("\"{}\"{open}", it.tokens.join(" "))
    });
    phrases.collect::<Vec<_>>().join(" AND ")
}

/// The query in the words of PostgreSQL's `tsquery`.
pub(super) fn tsquery(query: &SearchQuery) -> String {
    let phrases = query.phrases.iter().map(|it| {
        let open = if it.is_open { ":*" } else { "" };
        let words: Vec<_> = it.tokens.iter().map(|it| format!("'{it}'")).collect();
        format!("({}{open})", words.join(" <-> "))
    });
    phrases.collect::<Vec<_>>().join(" & ")
}

#[derive(Insertable)]
#[diesel(table_name = search_docs, treat_none_as_default_value = false)]
struct DocRow {
    agency_id: i32,
    doc_id: i64,
    case_id: String,
    words: String,
}

#[derive(Insertable)]
#[diesel(table_name = search_pending, treat_none_as_default_value = false)]
struct PendingRow {
    doc_id: i64,
}

/// Puts documents in: what is read within an agency, and a note that the index of words is still to learn
/// of them, which takes longer than everything else about a new case and can wait.
fn insert(conn: &mut DbConnection, documents: &[Document]) -> Result<(), StorageError> {
    let row = |it: &Document| {
        Ok(DocRow {
            agency_id: it.agency.0,
            doc_id: it.doc_id()?,
            case_id: it.id.to_owned(),
            words: it.words(),
        })
    };
    let rows: Vec<DocRow> = documents.iter().map(row).collect::<Result<_, StorageError>>()?;
    let pending: Vec<PendingRow> = rows.iter().map(|it| PendingRow { doc_id: it.doc_id }).collect();
    insert_docs(conn, &rows)?;
    insert_pending(conn, &pending)
}

fn insert_docs(conn: &mut DbConnection, rows: &[DocRow]) -> Result<(), StorageError> {
    insert_all!(conn, search_docs::table, rows)
}

fn insert_pending(conn: &mut DbConnection, rows: &[PendingRow]) -> Result<(), StorageError> {
    insert_all!(conn, search_pending::table, rows)
}

/// Whether any document waits for the index of words.
pub fn has_pending(conn: &mut DbConnection) -> Result<bool, StorageError> {
    let waiting = search_pending::table.select(search_pending::doc_id).limit(1);
    Ok(!waiting.load::<i64>(conn)?.is_empty())
}

/// Puts at most `limit` documents into the index of words that wait for it; returns how many.
pub fn index_pending(conn: &mut DbConnection, limit: i64) -> Result<usize, StorageError> {
    let waiting: Vec<(i64, String)> = search_pending::table
        .inner_join(search_docs::table.on(search_docs::doc_id.eq(search_pending::doc_id)))
        .order(search_pending::doc_id)
        .limit(limit)
        .select((search_docs::doc_id, search_docs::words))
        .load(conn)?;
    match conn {
        DbConnection::Sqlite(conn) => {
            for (doc_id, words) in &waiting {
                diesel::sql_query("INSERT INTO search_words (rowid, body) VALUES ($1, $2)")
                    .bind::<BigInt, _>(doc_id)
                    .bind::<Text, _>(words)
                    .execute(conn)?;
            }
        }
        // One statement for many: a round trip for each would take longer than the rest.
        DbConnection::Postgres(conn) => {
            for some in waiting.chunks(500) {
                let places = (1..=some.len()).map(|i| format!("(${}, ${}::tsvector)", 2 * i - 1, 2 * i));
                let places = places.collect::<Vec<_>>().join(", ");
                let text = format!("INSERT INTO search_words (doc_id, body) VALUES {places}");
                let mut query = diesel::sql_query(text).into_boxed::<Pg>();
                for (doc_id, words) in some {
                    query = query.bind::<BigInt, _>(doc_id).bind::<Text, _>(vector(words));
                }
                query.execute(conn)?;
            }
        }
    }
    let done: Vec<i64> = waiting.iter().map(|(doc_id, _)| *doc_id).collect();
    diesel::delete(search_pending::table.filter(search_pending::doc_id.eq_any(done))).execute(conn)?;
    Ok(waiting.len())
}

/// Indexes new cases.
pub(super) fn index(conn: &mut DbConnection, new: &[NewCase]) -> Result<(), StorageError> {
    let ids: Vec<_> = new.iter().map(|it| it.case.id.to_string()).collect();
    let documents: Vec<_> = new
        .iter()
        .zip(&ids)
        .map(|(NewCase { case, request, .. }, id)| Document {
            id,
            agency: case.agency_id,
            case_no: &case.case_no,
            applicant_name: &case.applicant_name,
            received_on: case.received_on,
            content: &request.content,
        })
        .collect();
    insert(conn, &documents)
}

/// Indexes a case anew, after one of its texts or its day of receipt was set right.
pub(super) fn index_again(conn: &mut DbConnection, case: CaseId) -> Result<(), StorageError> {
    let known: Option<i64> = search_docs::table
        .filter(search_docs::case_id.eq(Id(case)))
        .select(search_docs::doc_id)
        .first(conn)
        .optional()?;
    if let Some(doc_id) = known {
        let number = if matches!(conn, DbConnection::Sqlite(_)) { "rowid" } else { "doc_id" };
        let waits =
            diesel::delete(search_pending::table.filter(search_pending::doc_id.eq(doc_id))).execute(conn)?;
        if waits == 0 {
            diesel::sql_query(format!("DELETE FROM search_words WHERE {number} = $1"))
                .bind::<BigInt, _>(doc_id)
                .execute(conn)?;
        }
        diesel::delete(search_docs::table.filter(search_docs::doc_id.eq(doc_id))).execute(conn)?;
    }
    index_ids(conn, &[case.to_string()])
}

fn index_ids(conn: &mut DbConnection, ids: &[String]) -> Result<(), StorageError> {
    type Row = (String, i32, String, String, NaiveDate, String);
    let rows: Vec<Row> = cases::table
        .inner_join(requests::table)
        .filter(cases::id.eq_any(ids))
        .select((
            cases::id,
            cases::agency_id,
            cases::case_no,
            cases::applicant_name,
            cases::received_on,
            requests::content,
        ))
        .load(conn)?;
    let documents: Vec<_> = rows
        .iter()
        .map(|(id, agency, case_no, applicant_name, received_on, content)| Document {
            id,
            agency: AgencyId(*agency),
            case_no,
            applicant_name,
            received_on: *received_on,
            content,
        })
        .collect();
    insert(conn, &documents)
}

/// Indexes at most `limit` cases after this identifier that are not indexed yet, as after an upgrade.
/// Returns how many, and the last of them.
pub fn fill(
    conn: &mut DbConnection,
    after: &str,
    limit: i64,
) -> Result<Option<(usize, String)>, StorageError> {
    let ids: Vec<String> = cases::table
        .filter(cases::id.gt(after))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            search_docs::table.filter(search_docs::case_id.eq(cases::id)),
        )))
        .order(cases::id)
        .limit(limit)
        .select(cases::id)
        .load(conn)?;
    index_ids(conn, &ids)?;
    let n = ids.len();
    Ok(ids.into_iter().next_back().map(|it| (n, it)))
}

/// Puts the texts of each agency together, on PostgreSQL, which keeps them in the order in which they came:
/// within an agency they are read (`storage::matches`), four times as fast where they lie side by side. It
/// takes seconds for a million, and nobody can search meanwhile. SQLite keeps them so by itself.
pub fn put_together(conn: &mut DbConnection) -> Result<(), StorageError> {
    if let DbConnection::Postgres(conn) = conn {
        conn.batch_execute("CLUSTER search_docs USING search_docs_pkey; ANALYZE search_docs")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::search::search_query;

    #[test]
    fn queries_are_written_for_each_database() {
        let query = search_query("征收 \"gong' OR*").unwrap();
        assert_eq!(fts5(&query), "\"征 收\" AND \"gong\" * AND \"or\" *");
        assert_eq!(tsquery(&query), "('征' <-> '收') & ('gong':*) & ('or':*)");
    }

    #[test]
    fn documents_come_in_the_order_of_receipt() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let id = CaseId::new().to_string();
        let document = |received_on| Document {
            id: &id,
            agency: AgencyId(1),
            case_no: "2026-0108",
            applicant_name: "王某",
            received_on,
            content: "征收",
        };
        let early = document(day("2026-03-05")).doc_id().unwrap();
        assert!(first_of_day(day("2026-03-05")) <= early && early < first_of_day(day("2026-03-06")));
        assert!(early < document(day("2026-03-06")).doc_id().unwrap());
        let words = document(day("2026-03-05")).words();
        assert_eq!(words, " 2026 0108 ｜ 108 ｜ 王 某 ｜ 征 收 ");
        assert_eq!(vector(" 2026 0108 ｜ 108 "), "'0108':2 '108':4 '2026':1");
    }
}
