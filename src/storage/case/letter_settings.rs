//! What the letters of an agency name.

use diesel::prelude::*;

use crate::domain::ids::AgencyId;
use crate::domain::letters::LetterSettings;
use crate::storage::schema::letter_settings;
use crate::storage::{DbConnection, StorageError};

#[derive(Queryable, Insertable, AsChangeset)]
#[diesel(table_name = letter_settings)]
struct Row {
    agency_id: i32,
    version: i32,
    document_words: String,
    reply_mark: String,
    notice_mark: String,
    consultation_mark: String,
    fee_mark: String,
    reconsideration_body: String,
    reconsideration_online: String,
    court: String,
    contact_name: String,
    contact_phone: String,
    address: String,
    postcode: String,
    payment: String,
    has_red_head: bool,
}

/// The settings of an agency and their version; those of one that has set nothing are empty, version 0.
pub fn of(conn: &mut DbConnection, agency: AgencyId) -> Result<(LetterSettings, i32), StorageError> {
    let row: Option<Row> =
        letter_settings::table.filter(letter_settings::agency_id.eq(agency.0)).first(conn).optional()?;
    let Some(it) = row else { return Ok((LetterSettings::default(), 0)) };
    let settings = LetterSettings {
        document_words: it.document_words,
        reply_mark: it.reply_mark,
        notice_mark: it.notice_mark,
        consultation_mark: it.consultation_mark,
        fee_mark: it.fee_mark,
        reconsideration_body: it.reconsideration_body,
        reconsideration_online: it.reconsideration_online,
        court: it.court,
        contact_name: it.contact_name,
        contact_phone: it.contact_phone,
        address: it.address,
        postcode: it.postcode,
        payment: it.payment,
        has_red_head: it.has_red_head,
    };
    Ok((settings, it.version))
}

/// Keeps the settings of an agency where nobody has changed them since `version` was read.
///
/// # Errors
/// [`StorageError::Stale`] where somebody has.
pub fn keep(
    conn: &mut DbConnection,
    agency: AgencyId,
    version: i32,
    settings: &LetterSettings,
) -> Result<(), StorageError> {
    let it = settings.clone();
    let row = Row {
        agency_id: agency.0,
        version: version + 1,
        document_words: it.document_words,
        reply_mark: it.reply_mark,
        notice_mark: it.notice_mark,
        consultation_mark: it.consultation_mark,
        fee_mark: it.fee_mark,
        reconsideration_body: it.reconsideration_body,
        reconsideration_online: it.reconsideration_online,
        court: it.court,
        contact_name: it.contact_name,
        contact_phone: it.contact_phone,
        address: it.address,
        postcode: it.postcode,
        payment: it.payment,
        has_red_head: it.has_red_head,
    };
    if version == 0 {
        diesel::insert_into(letter_settings::table)
            .values(&row)
            .execute(conn)
            .map_err(StorageError::in_succession)?;
        return Ok(());
    }
    let known = letter_settings::table
        .filter(letter_settings::agency_id.eq(agency.0))
        .filter(letter_settings::version.eq(version));
    match diesel::update(known).set(&row).execute(conn)? {
        0 => Err(StorageError::Stale),
        _ => Ok(()),
    }
}
