//! How a letter would read, before it is issued.

use std::collections::BTreeMap;

use crate::documents::letters::{built_in, fill};
use crate::domain::ids::CaseId;
use crate::domain::letters::{Belongs, LetterFacts, LetterKind, Part, obstacles, values};
use crate::domain::refusal::Refusal;
use crate::domain::workflow::{Action, WorkflowError};
use crate::service::case::letters::gather_facts::Sources;
use crate::service::case::open_case::{CaseFile, case_file};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::DbConnection;
use crate::storage::case::letter_templates;

/// The letter that is wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// In which case.
    pub case: CaseId,
    /// Its kind.
    pub kind: LetterKind,
    /// What it is about beside the case: the number of a consultation, or another letter.
    pub about: Option<String>,
    /// What the clerk wrote; none of it for a letter that is opened for the first time.
    pub parts: BTreeMap<Part, String>,
    /// Why a letter that is in force is to be replaced; empty otherwise.
    pub replacing: String,
}

/// A letter as it would be issued.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The case.
    pub file: CaseFile,
    /// What it is filled from.
    pub facts: LetterFacts,
    /// What stands in the way of issuing it.
    pub obstacles: Vec<Refusal>,
    /// The file; or why the template cannot be filled.
    pub docx: Result<Vec<u8>, String>,
    /// The version of the agency's template; 0 for the one built in.
    pub template_version: i32,
}

/// A letter with everything it is made from, before it has a number.
pub(super) struct Undrawn {
    pub file: CaseFile,
    pub facts: LetterFacts,
    pub obstacles: Vec<Refusal>,
    /// The version of the agency's template; 0 for the one built in.
    pub template_version: i32,
    pub template: Vec<u8>,
}

/// Whether this person may issue such a letter.
pub(super) fn check_issuer(caller: &Caller, file: &CaseFile, kind: LetterKind) -> Result<(), ServiceError> {
    let may = caller.viewer.acts_on(&file.place) && kind.may_be_issued_by(&caller.viewer.roles);
    if may {
        return Ok(());
    }
    let action = match kind.rule().belongs {
        Belongs::Act(action) => action,
        Belongs::Consultation(_) | Belongs::Consultations => Action::Consult,
        _ => Action::Issue,
    };
    Err(WorkflowError::NotPermitted { action }.into())
}

/// Fills a letter as it would be issued; stores nothing.
///
/// # Errors
/// [`crate::storage::StorageError::NotFound`] where there is no such case, or none this person sees.
pub fn compose(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    wanted: &Wanted,
) -> Result<Composed, ServiceError> {
    let Undrawn { file, facts, obstacles, template_version, template } =
        undrawn(conn, caller, rules, wanted)?;
    let docx = fill(&template, &values(wanted.kind, &facts)).map_err(|it| it.explain());
    Ok(Composed { file, facts, obstacles, docx, template_version })
}

/// What a letter is made from, as it stands now.
pub(super) fn undrawn(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
    wanted: &Wanted,
) -> Result<Undrawn, ServiceError> {
    let kind = wanted.kind;
    let file = case_file(conn, caller, wanted.case)?;
    let mut facts = Sources { file: &file, caller, rules }.facts(kind, wanted.about.as_deref())?;
    facts.parts.clone_from(&wanted.parts);
    let own = letter_templates::in_force(conn, file.case.agency_id, kind)?;
    let (template_version, template) = match own {
        Some(own) => own,
        None => (0, built_in(kind).map_err(|it| ServiceError::refused(it.explain()))?),
    };
    Ok(Undrawn {
        obstacles: obstacles(kind, &facts, &wanted.replacing),
        file,
        facts,
        template_version,
        template,
    })
}
