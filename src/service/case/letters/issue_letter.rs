//! Issues a letter: its number, its file and its journal entry, all of them or none.

use chrono::Datelike;
use serde_json::{Value, json};

use crate::documents::filler::{FillError, text};
use crate::documents::letters::fill;
use crate::domain::case::next_day;
use crate::domain::ids::LetterId;
use crate::domain::journal::ISSUE_LETTER;
use crate::domain::letters::{Belongs, LetterFacts, LetterKind, addressee, day_of, values};
use crate::domain::refusal::Refusals;
use crate::service::case::letters::compose_letter::{Undrawn, Wanted, check_issuer, undrawn};
use crate::service::case::letters::{IssuedLetter, sha256};
use crate::service::case::open_case::CaseFile;
use crate::service::mail::mail_to_applicant;
use crate::service::{Caller, Rules, ServiceError, note};
use crate::storage::case::cases;
use crate::storage::case::letters as kept;
use crate::storage::case::letters::NewLetter;
use crate::storage::{Db, DbConnection};

/// A letter to be issued.
#[derive(Debug, Clone)]
pub struct IssueLetter {
    /// The letter.
    pub wanted: Wanted,
    /// The version of the case on the page it was ordered on.
    pub version: i32,
}

/// What the file of a letter is drawn from, its number included.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The version of the agency's template; 0 for the one built in.
    template_version: i32,
    template: Vec<u8>,
    /// The values the template is filled with.
    particulars: Value,
}

impl Drawing {
    /// Draws the file.
    ///
    /// # Errors
    /// A refusal: the template cannot be filled, or the letter would show a blank.
    pub fn draw(&self) -> Result<Vec<u8>, ServiceError> {
        let refused = |it: FillError| ServiceError::refused(it.explain());
        let docx = fill(&self.template, &self.particulars).map_err(refused)?;
        refuse_marks(&text::plain(&docx).map_err(refused)?, &self.particulars)?;
        Ok(docx)
    }
}

/// How often a letter is drawn anew because others have issued theirs meanwhile. Each time somebody else got
/// through, so that only as many who issue at the same moment could come to this end.
const MOST_DRAWINGS: usize = 50;

/// Issues a letter and keeps it for ever. A reply's number becomes that of the reply.
///
/// Drawing takes its time, and nobody who writes is to wait for it: the letter is drawn with the number that
/// would be the next, then the number is taken. Where the letter would read otherwise by then, as after
/// somebody else took that number, it is drawn again.
///
/// # Errors
/// [`ServiceError::Stale`] where the case has been changed since `version`, or the refusal of the rules
/// field by field.
pub fn issue_letter(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    command: &IssueLetter,
) -> Result<IssuedLetter, ServiceError> {
    issue_drawn_by(db, caller, rules, command, Drawing::draw)
}

/// Issues a letter as [`issue_letter`] does, drawn by `draw`: for tests that look on while it is drawn.
///
/// # Errors
/// As there, and what `draw` returns.
pub fn issue_drawn_by(
    db: &Db,
    caller: &Caller,
    rules: &Rules,
    command: &IssueLetter,
    draw: impl Fn(&Drawing) -> Result<Vec<u8>, ServiceError>,
) -> Result<IssuedLetter, ServiceError> {
    let order = Order { caller, rules, command };
    for _ in 0..MOST_DRAWINGS {
        let drawing = db.snapshot(|conn| order.look(conn, Numbering::Upcoming))?.drawing;
        let docx = draw(&drawing)?;
        let issued = db.write(|conn| {
            let ready = order.look(conn, Numbering::Taken)?;
            if ready.drawing != drawing {
                return Err(NotIssued::MovedOn);
            }
            Ok(order.keep(conn, ready, docx)?)
        });
        match issued {
            Ok(letter) => return Ok(letter),
            Err(NotIssued::MovedOn) => {}
            Err(NotIssued::Failed(error)) => return Err(error),
        }
    }
    Err(ServiceError::Stale)
}

/// Why a transaction was rolled back.
enum NotIssued {
    /// What was drawn is not what would be drawn now; the number goes back.
    MovedOn,
    Failed(ServiceError),
}

impl<E: Into<ServiceError>> From<E> for NotIssued {
    fn from(err: E) -> Self {
        Self::Failed(err.into())
    }
}

/// Where a number comes from.
#[derive(Clone, Copy)]
enum Numbering {
    /// It is the one that would be next; nothing is stored.
    Upcoming,
    /// It is taken off the series.
    Taken,
}

/// A letter that may be issued, with its number.
struct Ready {
    file: CaseFile,
    facts: LetterFacts,
    replaced: Option<IssuedLetter>,
    drawing: Drawing,
}

/// Who issues what.
struct Order<'a> {
    caller: &'a Caller,
    rules: &'a Rules,
    command: &'a IssueLetter,
}

impl Order<'_> {
    /// What there is to draw, or why nothing may be issued.
    fn look(&self, conn: &mut DbConnection, numbering: Numbering) -> Result<Ready, ServiceError> {
        let Self { caller, rules, command } = self;
        let wanted = &command.wanted;
        let kind = wanted.kind;
        let Undrawn { file, mut facts, obstacles, template_version, template } =
            undrawn(conn, caller, rules, wanted)?;
        check_issuer(caller, &file, kind)?;
        if file.case.version != command.version {
            return Err(ServiceError::Stale);
        }
        Refusals::check(obstacles)?;
        let in_force = facts.in_force(kind);
        let replaced =
            in_force.and_then(|it| file.letters.iter().find(|letter| letter.id.to_string() == it.id));
        let replaced = replaced.cloned();
        facts.document_no = document_no(conn, kind, &facts, replaced.is_some(), numbering)?;
        let drawing = Drawing { template_version, template, particulars: values(kind, &facts) };
        Ok(Ready { file, facts, replaced, drawing })
    }

    /// Keeps the letter with its file.
    fn keep(
        &self,
        conn: &mut DbConnection,
        ready: Ready,
        docx: Vec<u8>,
    ) -> Result<IssuedLetter, ServiceError> {
        let Self { caller, rules, command, .. } = self;
        let Ready { file, facts, replaced, drawing } = ready;
        let kind = command.wanted.kind;
        let reason = replaced.as_ref().map(|_| command.wanted.replacing.trim().to_owned());
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
            reason: reason.unwrap_or_default(),
            template_version: drawing.template_version,
            template_sha256: sha256(&drawing.template),
            sha256: sha256(&docx),
        };
        let agency = file.case.agency_id;
        let particulars = drawing.particulars.to_string();
        kept::insert(conn, &NewLetter { letter: letter.clone(), agency, particulars, docx })?;
        let mut case = file.case;
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
}

/// The number of a letter. A reply whose number was given on signing keeps it.
fn document_no(
    conn: &mut DbConnection,
    kind: LetterKind,
    facts: &LetterFacts,
    is_replacing: bool,
    numbering: Numbering,
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
    let no = match numbering {
        Numbering::Upcoming => kept::upcoming_document_no(conn, agency, series, year, spell)?,
        Numbering::Taken => kept::next_document_no(conn, agency, series, year, spell)?,
    };
    if no.is_empty() {
        return Err(ServiceError::refused("文号无法编定，请系统管理员核对机关代字"));
    }
    Ok(Some(no))
}

/// A letter that shows a blank is not issued, whatever template the agency uses.
fn refuse_marks(text: &str, particulars: &Value) -> Result<(), ServiceError> {
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
