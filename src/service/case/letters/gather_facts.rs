//! The facts a letter is filled from, and the letters that belong to a case.

use chrono::NaiveDate;

use crate::domain::account::name_of;
use crate::domain::labels::Coded;
use crate::domain::letters::{
    self, Belongs, IssuedPaper, LetterFacts, LetterKind, Offer, Opinion, obstacles,
};
use crate::domain::workflow::Action;
use crate::service::case::open_case::CaseFile;
use crate::service::{Caller, Rules, beijing_day};
use crate::storage::StorageError;
use crate::storage::case::letters::IssuedLetter;

/// The letters of a case.
#[derive(Debug, Clone)]
pub struct CaseLetters {
    /// The case.
    pub file: CaseFile,
    /// Those that belong to it as it stands, with what stands in the way.
    pub offers: Vec<(Offer, Vec<String>)>,
}

impl CaseLetters {
    /// The offers that somebody has to issue: an act is on record, or a reply is signed, and its letter is
    /// not issued yet.
    pub fn due(&self) -> Vec<&Offer> {
        let is_due = |it: &&(Offer, Vec<String>)| {
            let belongs = it.0.kind.rule().belongs;
            let by_act = matches!(
                belongs,
                Belongs::Act(_)
                    | Belongs::Consultation(_)
                    | Belongs::Consultations
                    | Belongs::Reply(_)
                    | Belongs::Ending(_)
                    | Belongs::Overruled
            );
            by_act && it.0.kind != LetterKind::RecordCorrectionReply && !self.is_issued(&it.0)
        };
        let is_signed = |it: &&Offer| {
            !matches!(it.kind.rule().belongs, Belongs::Reply(_) | Belongs::Overruled)
                || self.file.case.reply.as_ref().is_some_and(|reply| reply.signed_off_on.is_some())
        };
        self.offers.iter().filter(is_due).map(|(offer, _)| offer).filter(is_signed).collect()
    }

    /// Whether a letter like this is in force in this round of the case.
    pub fn is_issued(&self, offer: &Offer) -> bool {
        self.file.letters.iter().any(|it| {
            it.kind == offer.kind
                && it.about == offer.about
                && it.round == self.file.case.round
                && !self.file.letters.iter().any(|later| later.replaces == Some(it.id))
        })
    }
}

/// The letters that belong to a case, and those that were issued in it.
pub fn case_letters(file: CaseFile, caller: &Caller, rules: &Rules) -> CaseLetters {
    let sources = Sources { file: &file, caller, rules };
    let offers = letters::offers(&file.case, &papers(&file.letters))
        .into_iter()
        .filter_map(|offer| {
            let facts = sources.facts(offer.kind, offer.about.as_deref()).ok()?;
            // What the clerk still has to write, and a second issue, are said on the page of the letter.
            let barring =
                obstacles(offer.kind, &facts, "wanted").into_iter().filter(|it| it.field.is_empty());
            let messages = barring.map(|it| it.message).collect();
            Some((offer, messages))
        })
        .collect();
    CaseLetters { offers, file }
}

/// The issued letters as others speak of them.
pub(super) fn papers(issued: &[IssuedLetter]) -> Vec<IssuedPaper> {
    issued
        .iter()
        .map(|it| IssuedPaper {
            id: it.id.to_string(),
            kind: it.kind,
            round: it.round,
            title: it.title.clone(),
            document_no: it.document_no.clone(),
            addressee: it.addressee.clone(),
            about: it.about.clone(),
            on: it.issued_on,
            is_replaced: issued.iter().any(|later| later.replaces == Some(it.id)),
        })
        .collect()
}

/// Where facts come from.
pub(super) struct Sources<'a> {
    /// The case.
    pub file: &'a CaseFile,
    /// Who issues, and when.
    pub caller: &'a Caller,
    /// The rules of the clock.
    pub rules: &'a Rules,
}

impl Sources<'_> {
    /// What a letter of this kind about this would be filled from.
    ///
    /// # Errors
    /// [`StorageError::NotFound`] where the case has no such consultation or letter.
    pub fn facts(&self, kind: LetterKind, about: Option<&str>) -> Result<LetterFacts, StorageError> {
        let Self { file, caller, rules } = self;
        let papers = papers(&file.letters);
        let case = &file.case;
        let (consultation, about_letter) = match (kind.rule().belongs, about) {
            (Belongs::Consultation(_) | Belongs::Overruled, Some(id)) => {
                let found = case.clock.consultations.iter().find(|it| it.id.to_string() == id);
                (Some(found.cloned().ok_or(StorageError::NotFound)?), None)
            }
            (Belongs::Delivery, Some(id)) => {
                let found = papers.iter().find(|it| it.id == id);
                (None, Some(found.cloned().ok_or(StorageError::NotFound)?))
            }
            _ => (None, None),
        };
        let reading = case.read_clock(&rules.calendar, &rules.clock, caller.today());
        let department = case.department_id.and_then(|it| file.names.departments.get(&it.0.into()).cloned());
        let handler = case.handler_id.and_then(|it| file.names.accounts.get(&it.to_string()).cloned());
        Ok(LetterFacts {
            agency_name: file.agency.name.clone(),
            settings: file.letter_settings.clone().or(&rules.letters),
            case: case.clone(),
            request: file.request.clone(),
            due: reading.due.map(|it| (it.on, it.provisional)),
            department: department.unwrap_or_default(),
            handler: handler.unwrap_or_default(),
            consultation,
            about_letter,
            opinions: opinions(file),
            issued: papers,
            parts: [].into(),
            today: caller.today(),
            issuer: name_of(&caller.name).to_owned(),
            document_no: None,
        })
    }
}

/// What was said on the way to the reply of this round, as the journal keeps it.
fn opinions(file: &CaseFile) -> Vec<Opinion> {
    let mut opinions = Vec::new();
    for entry in &file.history {
        let Ok(step) = Action::from_code(&entry.action) else { continue };
        if step == Action::Reopen {
            opinions.clear();
            continue;
        }
        let key = match step {
            Action::SubmitDraft => "outcome",
            Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => "opinion",
            Action::SignOff => "",
            Action::RefuseSignOff => "reason",
            _ => continue,
        };
        let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
        let text = details.get(key).and_then(|it| it.as_str()).unwrap_or_default();
        let text = match step {
            Action::SubmitDraft => crate::domain::outcome::Outcome::from_code(text).map_or("", Coded::label),
            _ => text,
        };
        let on: NaiveDate = beijing_day(entry.recorded_at());
        opinions.push(Opinion { step, who: name_of(&entry.actor).to_owned(), on, text: text.to_owned() });
    }
    opinions
}
