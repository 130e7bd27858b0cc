//! Full text over the number, the applicant and the content of every case.
//!
//! Tokens are made by [`crate::domain::search`]. SQLite keeps them in an FTS5 index without the texts,
//! PostgreSQL in a `tsvector` that the program writes itself. A document's number is the day of receipt
//! with random bits behind it: matches come in the order of receipt from the index, however many they
//! are, and a page is a range of numbers. The agency is a token too, so that one agency's matches are
//! found without walking through those of all others.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::search::{MAX_TOKENS, SearchQuery, search_tokens};
use crate::storage::cases::NewCase;
use crate::storage::schema::{cases, requests, search_docs};
use crate::storage::{DbConnection, StorageError};

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

/// The token of an agency: letters and digits together, which no typed text yields.
pub(super) fn agency_token(agency: AgencyId) -> String {
    format!("agency{}", agency.0)
}

impl Document<'_> {
    fn doc_id(&self) -> Result<i64, StorageError> {
        let id: CaseId = self
            .id
            .parse()
            .map_err(|_| StorageError::Unreadable { what: "identifier", text: self.id.to_owned() })?;
        let (_, low) = id.0.as_u64_pair();
        let random = i64::try_from(low & ((1 << RANDOM_BITS) - 1)).unwrap_or_default();
        Ok(first_of_day(self.received_on) | random)
    }

    fn tokens(&self) -> Vec<String> {
        let mut tokens = vec![agency_token(self.agency), BREAK.to_owned()];
        tokens.extend(search_tokens(self.case_no));
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
        tokens
    }
}

/// `'收':2,9 '征':1`: PostgreSQL reads it as it stands, for tokens are letters and digits only.
fn vector(tokens: &[String]) -> String {
    let mut places: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, token) in tokens.iter().enumerate().filter(|(_, it)| *it != BREAK) {
        places.entry(token).or_default().push(i + 1);
    }
    let word = |(token, places): (&&str, &Vec<usize>)| {
        let places: Vec<_> = places.iter().map(usize::to_string).collect();
        format!("'{token}':{}", places.join(","))
    };
    places.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The query in the words of FTS5, within one agency where one is given.
pub(super) fn fts5(query: &SearchQuery, agency: Option<AgencyId>) -> String {
    let phrases = query.phrases.iter().map(|it| {
        let open = if it.is_open { " *" } else { "" };
        format!("\"{}\"{open}", it.tokens.join(" "))
    });
    agency.map(agency_token).into_iter().chain(phrases).collect::<Vec<_>>().join(" AND ")
}

/// The query in the words of PostgreSQL's `tsquery`, within one agency where one is given.
pub(super) fn tsquery(query: &SearchQuery, agency: Option<AgencyId>) -> String {
    let phrases = query.phrases.iter().map(|it| {
        let open = if it.is_open { ":*" } else { "" };
        let words: Vec<_> = it.tokens.iter().map(|it| format!("'{it}'")).collect();
        format!("({}{open})", words.join(" <-> "))
    });
    let agency = agency.map(|it| format!("'{}'", agency_token(it)));
    agency.into_iter().chain(phrases).collect::<Vec<_>>().join(" & ")
}

/// Puts the words of one document in. Neither database's full text is of a type diesel has; unlike its
/// `sql_query`, this stays prepared.
struct InsertWords {
    doc_id: i64,
    words: String,
}

impl QueryId for InsertWords {
    type QueryId = Self;
}

impl<Conn> RunQueryDsl<Conn> for InsertWords {}

impl QueryFragment<Sqlite> for InsertWords {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO search_words (rowid, body) VALUES (");
        out.push_bind_param::<BigInt, _>(&self.doc_id)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.words)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Pg> for InsertWords {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO search_words (doc_id, body) VALUES (");
        out.push_bind_param::<BigInt, _>(&self.doc_id)?;
        out.push_sql(", CAST(");
        out.push_bind_param::<Text, _>(&self.words)?;
        out.push_sql(" AS tsvector))");
        Ok(())
    }
}

fn insert(conn: &mut DbConnection, documents: &[Document]) -> Result<(), StorageError> {
    match conn {
        DbConnection::Sqlite(conn) => {
            for document in documents {
                let doc_id = document.doc_id()?;
                diesel::insert_into(search_docs::table)
                    .values((search_docs::doc_id.eq(doc_id), search_docs::case_id.eq(document.id)))
                    .execute(conn)?;
                InsertWords { doc_id, words: document.tokens().join(" ") }.execute(conn)?;
            }
        }
        DbConnection::Postgres(conn) => {
            if let [document] = documents {
                let doc_id = document.doc_id()?;
                diesel::insert_into(search_docs::table)
                    .values((search_docs::doc_id.eq(doc_id), search_docs::case_id.eq(document.id)))
                    .execute(conn)?;
                InsertWords { doc_id, words: vector(&document.tokens()) }.execute(conn)?;
                return Ok(());
            }
            // One statement for many: a round trip for each row would take longer than the rest.
            for some in documents.chunks(500) {
                let mut numbered = Vec::with_capacity(some.len());
                for document in some {
                    numbered.push((document.doc_id()?, document));
                }
                let row = |(doc_id, document): &(i64, &Document)| {
                    (search_docs::doc_id.eq(*doc_id), search_docs::case_id.eq(document.id.to_owned()))
                };
                let rows: Vec<_> = numbered.iter().map(row).collect();
                diesel::insert_into(search_docs::table).values(rows).execute(conn)?;
                let places = (1..=some.len()).map(|i| format!("(${}, ${}::tsvector)", 2 * i - 1, 2 * i));
                let places = places.collect::<Vec<_>>().join(", ");
                let text = format!("INSERT INTO search_words (doc_id, body) VALUES {places}");
                let mut query = diesel::sql_query(text).into_boxed::<Pg>();
                for (doc_id, document) in numbered {
                    query = query.bind::<BigInt, _>(doc_id).bind::<Text, _>(vector(&document.tokens()));
                }
                query.execute(conn)?;
            }
        }
    }
    Ok(())
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
pub(super) fn index_again(conn: &mut DbConnection, case: &str) -> Result<(), StorageError> {
    let known: Option<i64> = search_docs::table
        .filter(search_docs::case_id.eq(case))
        .select(search_docs::doc_id)
        .first(conn)
        .optional()?;
    if let Some(doc_id) = known {
        let number = if matches!(conn, DbConnection::Sqlite(_)) { "rowid" } else { "doc_id" };
        diesel::sql_query(format!("DELETE FROM search_words WHERE {number} = $1"))
            .bind::<BigInt, _>(doc_id)
            .execute(conn)?;
        diesel::delete(search_docs::table.filter(search_docs::doc_id.eq(doc_id))).execute(conn)?;
    }
    index_ids(conn, &[case.to_owned()])
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
///
/// # Errors
/// Where the database fails.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::search::search_query;

    #[test]
    fn queries_are_written_for_each_database() {
        let query = search_query("征收 \"gong' OR*").unwrap();
        assert_eq!(fts5(&query, None), "\"征 收\" AND \"gong\" * AND \"or\" *");
        assert_eq!(tsquery(&query, Some(AgencyId(3))), "'agency3' & ('征' <-> '收') & ('gong':*) & ('or':*)");
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
        let tokens = document(day("2026-03-05")).tokens();
        assert_eq!(tokens.join(" "), "agency1 ｜ 2026 0108 ｜ 108 ｜ 王 某 ｜ 征 收");
        assert_eq!(vector(&tokens[..4]), "'0108':4 '2026':3 'agency1':1");
    }
}
