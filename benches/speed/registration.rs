//! The rows of one registration in hand-written SQL.

use chrono::Datelike;
use gongkai::domain::search::search_tokens;
use uuid::Uuid;

use crate::bare::{Bare, Value};
use crate::data;
use crate::values;

/// What full text keeps of a text.
pub fn words_of(content: &str) -> String {
    format!(" {} ", search_tokens(content).join(" "))
}

/// The rows of one registration, with values made beforehand.
pub fn insert_bare(bare: &mut Bare, agency: i32, content: &str, words: &str) -> anyhow::Result<()> {
    let day = data::today();
    let id = Uuid::now_v7();
    let (_, low) = id.as_u64_pair();
    let document = i64::from(day.num_days_from_ce()) << 43 | i64::try_from(low & ((1 << 43) - 1))?;
    let id = id.to_string();
    let at = || Value::At(data::instant(day, 0).naive_utc());
    let (yes, no) = ("TRUE", "FALSE");
    bare.batch(if bare.is_sqlite() { "BEGIN IMMEDIATE" } else { "BEGIN" })?;
    let numbers = bare.numbers(
        "UPDATE case_counters SET last_no = last_no + 1 WHERE agency_id = ? AND year = ? RETURNING last_no",
        values![agency, day.year()],
    )?;
    let no_of_year = match numbers.first() {
        Some(it) => *it,
        None => {
            let sql = "INSERT INTO case_counters (agency_id, year, last_no) VALUES (?, ?, 1)";
            bare.run(sql, values![agency, day.year()])?;
            1
        }
    };
    let case_no = format!("{}-{no_of_year:04}", day.year());
    bare.run(
        &format!(
            "INSERT INTO cases (id, agency_id, case_no, status, is_open, version, channel, received_on, \
             applicant_kind, applicant_name, round, clock, due_on, due_provisional, registered_at, changed_at) \
             VALUES (?, ?, ?, 'registered', {yes}, 1, 'in_person', ?, 'natural_person', '张三', 1, ?, ?, {no}, ?, ?)"
        ),
        &[
            id.as_str().into(),
            agency.into(),
            case_no.as_str().into(),
            day.into(),
            "{\"start\":{\"received\":\"2026-11-24\"},\"channel\":\"in_person\"}".into(),
            day.into(),
            at(),
            at(),
        ],
    )?;
    bare.run(
        "INSERT INTO requests (case_id, content, phone, address, submitted_on, remarks) \
         VALUES (?, ?, '13800000000', '某某省某某市某某县某某镇某某村', ?, '')",
        values![id.as_str(), content, day],
    )?;
    let details = "{\"applicant_kind\":\"natural_person\",\"applicant_name\":\"张三\",\"case_no\":\"2026-0001\",\
                   \"channel\":\"in_person\",\"received_on\":\"2026-11-24\"}";
    bare.run(
        "INSERT INTO journal (subject_id, seq, subject, agency_id, action, actor, recorded_at, known_on, details, \
         opened_on, kind, previous_hash, hash) \
         VALUES (?, 1, 'case', ?, 'register', '科员1', ?, ?, ?, ?, 'natural_person', '', ?)",
        &[
            id.as_str().into(),
            agency.into(),
            at(),
            day.into(),
            details.into(),
            day.into(),
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        ],
    )?;
    bare.run(
        "INSERT INTO search_docs (agency_id, doc_id, case_id, words) VALUES (?, ?, ?, ?)",
        &[agency.into(), Value::Large(document), id.as_str().into(), words.into()],
    )?;
    bare.run("INSERT INTO search_pending (doc_id) VALUES (?)", &[Value::Large(document)])?;
    Ok(bare.batch("COMMIT")?)
}
