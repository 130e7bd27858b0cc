//! Everything a letter can say, gathered.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::letters::{LetterKind, LetterSettings, Part};
use crate::domain::request::Request;
use crate::domain::response_clock::Consultation;
use crate::domain::workflow::Action;

/// What somebody said on the way to a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// The step: a draft, a review, a signature or its refusal.
    pub step: Action,
    /// The person who said it.
    pub who: String,
    /// The day.
    pub on: NaiveDate,
    /// What; empty for a signature.
    pub text: String,
}

/// A letter that has been issued, as far as others speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPaper {
    /// Its identifier.
    pub id: String,
    /// Its kind.
    pub kind: LetterKind,
    /// The round it belongs to.
    pub round: i32,
    /// Its title.
    pub title: String,
    /// Its number.
    pub document_no: Option<String>,
    /// The addressee.
    pub addressee: String,
    /// What it is about beside the case.
    pub about: Option<String>,
    /// The day it bears.
    pub on: NaiveDate,
    /// Whether another was issued in its place.
    pub is_replaced: bool,
}

/// What a letter is filled from. Everything is a fact or was set by somebody; nothing is derived here.
#[derive(Debug, Clone)]
pub struct LetterFacts {
    /// The name of the agency.
    pub agency_name: String,
    /// What its letters name.
    pub settings: LetterSettings,
    /// The case.
    pub case: Case,
    /// The request.
    pub request: Request,
    /// The last day for the answer, and whether a holiday notice may move it; none while it is not known.
    pub due: Option<(NaiveDate, bool)>,
    /// The department in charge; empty for none.
    pub department: String,
    /// The handler; empty for none.
    pub handler: String,
    /// The consultation the letter is about.
    pub consultation: Option<Consultation>,
    /// The issued letter it is about.
    pub about_letter: Option<IssuedPaper>,
    /// What was said on the way to the reply of this round, oldest first.
    pub opinions: Vec<Opinion>,
    /// The letters issued in the case, oldest first.
    pub issued: Vec<IssuedPaper>,
    /// What the clerk wrote. A part that is not there is filled with what is known.
    pub parts: BTreeMap<Part, String>,
    /// Today.
    pub today: NaiveDate,
    /// Who issues the letter.
    pub issuer: String,
    /// Its number; none until it is issued.
    pub document_no: Option<String>,
}

impl LetterFacts {
    /// The letter of this kind, about the same, that is in force in this round of the case.
    pub fn in_force(&self, kind: LetterKind) -> Option<&IssuedPaper> {
        let about = self.about();
        self.issued
            .iter()
            .rev()
            .find(|it| it.kind == kind && it.round == self.case.round && !it.is_replaced && it.about == about)
    }

    /// What the letter is about beside the case.
    pub fn about(&self) -> Option<String> {
        let consultation = self.consultation.as_ref().map(|it| it.id.to_string());
        consultation.or_else(|| self.about_letter.as_ref().map(|it| it.id.clone()))
    }
}
