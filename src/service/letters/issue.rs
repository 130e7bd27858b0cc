//! Issues a letter: its number, its file and its journal entry in one transaction.

use chrono::Datelike;
use serde_json::{Value, json};

use crate::domain::case::next_day;
use crate::domain::history::ISSUE_LETTER;
use crate::domain::ids::LetterId;
use crate::domain::letters::{Belongs, LetterFacts, LetterKind, addressee, day_of, values};
use crate::domain::refusal::Refusals;
use crate::service::letters::compose::{Composed, Wanted, check_issuer, compose, template};
use crate::service::letters::{IssuedLetter, Press, sha256};
use crate::service::{Caller, Rules, ServiceError, mail_to_applicant, note};
use crate::storage::letters::NewLetter;
use crate::storage::{DbConnection, cases, letters as kept};

/// A letter to be issued.
#[derive(Debug, Clone)]
pub struct IssueLetter {
    /// The letter.
    pub wanted: Wanted,
    /// The version of the case on the page it was ordered on.
    pub version: i32,
}

/// Issues a letter and keeps it for ever. A reply's number becomes that of the reply.
///
/// # Errors
/// [`ServiceError::Stale`] where the case has been changed since `version`, or the refusal of the rules
/// field by field.
pub fn issue_letter(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    press: &Press,
    command: &IssueLetter,
) -> Result<IssuedLetter, ServiceError> {
    let wanted = &command.wanted;
    let kind = wanted.kind;
    let Composed { file, mut facts, obstacles, .. } = compose(conn, caller, rules, press, wanted)?;
    check_issuer(caller, &file, kind)?;
    if file.case.version != command.version {
        return Err(ServiceError::Stale);
    }
    Refusals::check(obstacles)?;
    let replaced =
        facts.in_force(kind).and_then(|it| file.letters.iter().find(|letter| letter.id.to_string() == it.id));
    let replaced = replaced.cloned();
    facts.document_no = document_no(conn, kind, &facts, replaced.is_some())?;
    let (template_version, template) = template(conn, press, &file, kind)?;
    let particulars = values(kind, &facts);
    let docx = (press.fill)(&template, &particulars).map_err(ServiceError::refused)?;
    refuse_marks(press, &docx, &particulars)?;
    let letter = IssuedLetter {
        id: LetterId::new(),
        case: file.case.id,
        round: file.case.round,
        kind,
        title: kind.rule().title.to_owned(),
        document_no: facts.document_no.clone(),
        addressee: addressee(kind, &facts),
        about: facts.about(),
        issued_on: day_of(kind, &facts),
        issued_at: caller.now,
        issued_by: caller.name.clone(),
        replaces: replaced.as_ref().map(|it| it.id),
        reason: if replaced.is_some() { wanted.replacing.trim().to_owned() } else { String::new() },
        template_version,
        template_sha256: sha256(&template),
        sha256: sha256(&docx),
    };
    let agency = file.case.agency_id;
    kept::insert(
        conn,
        &NewLetter { letter: letter.clone(), agency, particulars: particulars.to_string(), docx },
    )?;
    let mut case = file.case.clone();
    case.version += 1;
    if matches!(kind.rule().belongs, Belongs::Reply(_) | Belongs::Ending(_))
        && let Some(reply) = case.reply.as_mut()
    {
        reply.reply_no.clone_from(&letter.document_no);
    }
    let next = next_day(&case.clock, &rules.calendar, &rules.clock, caller.today());
    cases::update(conn, &case, next, caller.now)?;
    let details = json!({
        "letter": letter.id.to_string(),
        "kind": kind,
        "title": letter.title,
        "document_no": letter.document_no,
        "addressee": letter.addressee,
        "issued_on": letter.issued_on,
        "sha256": letter.sha256,
        "template_version": letter.template_version,
        "replaces": replaced.map(|it| it.document_no.unwrap_or(it.title)),
        "reason": letter.reason,
    });
    note::case(conn, caller, &case, ISSUE_LETTER, details)?;
    mail_to_applicant::tell_of_letter(conn, caller, rules, &case, &letter)?;
    Ok(letter)
}

/// The number of a letter. A reply whose number was given on signing keeps it.
fn document_no(
    conn: &mut DbConnection,
    kind: LetterKind,
    facts: &LetterFacts,
    is_replacing: bool,
) -> Result<Option<String>, ServiceError> {
    let Some(series) = kind.series() else { return Ok(None) };
    let case = &facts.case;
    let agency = case.agency_id;
    let typed = case.reply.as_ref().and_then(|it| it.reply_no.clone()).filter(|it| !it.trim().is_empty());
    if let Some(no) = typed.filter(|_| matches!(kind.rule().belongs, Belongs::Reply(_)) && !is_replacing) {
        if kept::is_taken(conn, agency, &no, Some(case.id))? {
            let message = format!("签发时编定的文号“{no}”已被其他文书使用，请更正后再出具");
            return Err(ServiceError::refused(message));
        }
        return Ok(Some(no));
    }
    let year = day_of(kind, facts).year();
    let spell =
        |no: i64| facts.settings.document_no(series, year, no).map(|it| it.to_string()).unwrap_or_default();
    let no = kept::next_document_no(conn, agency, series, year, spell)?;
    if no.is_empty() {
        return Err(ServiceError::refused("文号无法编定，请系统管理员核对机关代字"));
    }
    Ok(Some(no))
}

/// A letter that shows a blank is not issued, whatever template the agency uses.
fn refuse_marks(press: &Press, docx: &[u8], particulars: &Value) -> Result<(), ServiceError> {
    let text = (press.read)(docx).map_err(ServiceError::refused)?;
    let mut marks = Vec::new();
    collect_marks(particulars, &mut marks);
    match marks.into_iter().find(|it| text.contains(it.as_str())) {
        None => Ok(()),
        Some(mark) => {
            let message = format!("文书中还有没有填写的“{mark}”，请补全有关内容或者设置后再出具");
            Err(ServiceError::refused(message))
        }
    }
}

/// The values that are marks and nothing else.
fn collect_marks(value: &Value, marks: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with('【') && text.ends_with('】') => marks.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|it| collect_marks(it, marks)),
        Value::Object(fields) => fields.values().for_each(|it| collect_marks(it, marks)),
        _ => {}
    }
}
