//! Everything the page of a case shows, for those who see the case.

use crate::domain::case::{Case, Reply};
use crate::domain::ids::CaseId;
use crate::domain::journal::{Names, REVEAL};
use crate::domain::letters::LetterSettings;
use crate::domain::request::Request;
use crate::domain::visibility::CasePlace;
use crate::service::mail::mask_messages;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::agencies;
use crate::storage::access::agencies::Agency;
use crate::storage::case::attachments::Attachment;
use crate::storage::case::cases::{HandlerName, LinkedCase};
use crate::storage::case::letters::IssuedLetter;
use crate::storage::case::{attachments, cases, letter_settings, letters};
use crate::storage::mail::outbox::MessageLine;
use crate::storage::remedy::remedies;
use crate::storage::{DbConnection, StorageError, journal};

pub use crate::storage::journal::Entry;
pub use crate::storage::remedy::remedies::Remedy as AboutRemedy;

/// A case with all that belongs to it.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The case.
    pub case: Case,
    /// The request.
    pub request: Request,
    /// Its agency.
    pub agency: Agency,
    /// Where it belongs, which decides who sees it.
    pub place: CasePlace,
    /// The replies of every round.
    pub replies: Vec<(i32, Reply)>,
    /// The linked cases the viewer sees.
    pub linked: Vec<LinkedCase>,
    /// The reconsiderations and suits about it.
    pub remedies: Vec<AboutRemedy>,
    /// Its files, those removed too, in the order in which they came.
    pub attachments: Vec<Attachment>,
    /// The letters issued in it, oldest first.
    pub letters: Vec<IssuedLetter>,
    /// What the letters of its agency name.
    pub letter_settings: LetterSettings,
    /// Its journal, oldest first.
    pub history: Vec<Entry>,
    /// The names behind identifiers.
    pub names: Names,
    /// Whom the case can be given to.
    pub handlers: Vec<HandlerName>,
    /// What the applicant was sent by e-mail.
    pub mails: Vec<MessageLine>,
}

impl CaseFile {
    /// The place of the last journal entry: what a page must carry to say later what is new since.
    pub fn seq(&self) -> i32 {
        self.history.last().map_or(0, |it| it.seq)
    }
}

/// A case as somebody sees it, with where it belongs. Only [`sighted_case`] and [`sighted_by_no`] make one, so
/// that a use case that is given one need neither read the case again nor ask who may see it.
#[derive(Debug, Clone)]
pub struct Sighted {
    case: Case,
    place: CasePlace,
    agency: Agency,
}

impl Sighted {
    fn new(conn: &mut DbConnection, caller: &Caller, case: Case) -> Result<Self, ServiceError> {
        let agency = agencies::by_id(conn, case.agency_id)?;
        let place = place_of(&case, &agency);
        if !caller.viewer.sees(&place) {
            return Err(StorageError::NotFound.into());
        }
        Ok(Self { case, place, agency })
    }

    /// The case, as it was read.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// Where it belongs.
    pub fn place(&self) -> &CasePlace {
        &self.place
    }

    /// Whether somebody still sees the case once it has become `after`.
    pub fn is_seen_after(&self, caller: &Caller, after: &Case) -> bool {
        caller.viewer.sees(&place_of(after, &self.agency))
    }
}

/// The case and where it belongs, for somebody who sees it.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none, or none this person sees.
pub fn sighted_case(conn: &mut DbConnection, caller: &Caller, case: CaseId) -> Result<Sighted, ServiceError> {
    let case = cases::fetch(conn, case)?;
    Sighted::new(conn, caller, case)
}

/// The case with this number in the person's agency, for somebody who sees it.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none, or none this person sees.
pub fn sighted_by_no(
    conn: &mut DbConnection,
    caller: &Caller,
    case_no: &str,
) -> Result<Sighted, ServiceError> {
    let case = cases::by_no(conn, caller.viewer.agency, case_no)?;
    Sighted::new(conn, caller, case)
}

/// Where a case belongs.
fn place_of(case: &Case, agency: &Agency) -> CasePlace {
    CasePlace {
        agency: case.agency_id,
        agency_path: agency.path.clone(),
        department: case.department_id,
        handler: case.handler_id,
        status: case.status,
    }
}

/// Opens the file of a case.
///
/// # Errors
/// [`StorageError::NotFound`] where there is none, or none this person sees.
pub fn case_file(conn: &mut DbConnection, caller: &Caller, case: CaseId) -> Result<CaseFile, ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    file_of(conn, caller, sighted)
}

fn file_of(conn: &mut DbConnection, caller: &Caller, sighted: Sighted) -> Result<CaseFile, ServiceError> {
    let Sighted { case, place, agency } = sighted;
    let request = cases::request(conn, case.id)?;
    let replies = cases::replies(conn, case.id)?;
    let mut linked = cases::linked(conn, case.id)?;
    linked.retain(|it| caller.viewer.sees(&it.place));
    let remedies = remedies::of_case(conn, case.id)?;
    let attachments = attachments::of_case(conn, case.id)?;
    let letters = letters::of_case(conn, case.id)?;
    let (letter_settings, _) = letter_settings::of(conn, agency.agency_id())?;
    let history = journal::history(conn, &case.id.to_string())?;
    let names = names(conn, &agency)?;
    let handlers = cases::handlers(conn, agency.agency_id())?;
    let mails = mask_messages::of_case(conn, case.id)?;
    Ok(CaseFile {
        case,
        request,
        agency,
        place,
        replies,
        linked,
        remedies,
        attachments,
        letters,
        letter_settings,
        history,
        names,
        handlers,
        mails,
    })
}

/// The names of an agency's departments and people.
pub fn names(conn: &mut DbConnection, agency: &Agency) -> Result<Names, ServiceError> {
    let departments = agencies::departments(conn, agency.agency_id())?;
    let people = cases::people(conn, agency.agency_id())?;
    Ok(Names {
        departments: departments.into_iter().map(|(id, name)| (id.0.into(), name)).collect(),
        accounts: people.into_iter().collect(),
    })
}

/// Opens the file of a case to show its personal data in full, which the journal records.
///
/// # Errors
/// [`StorageError::NotFound`] where there is no such case, or none this person sees.
pub fn reveal(conn: &mut DbConnection, caller: &Caller, case: CaseId) -> Result<CaseFile, ServiceError> {
    let sighted = sighted_case(conn, caller, case)?;
    note::case(conn, caller, &sighted.case, REVEAL, serde_json::json!({}))?;
    file_of(conn, caller, sighted)
}
