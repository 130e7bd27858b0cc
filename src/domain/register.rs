//! A line of the register an office keeps, as typed facts: what an import brings in.

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::domain::request::{Channel, PreferredForm};

/// An application as a register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The row of the sheet, from 1.
    pub sheet_row: u32,
    /// The agency's own number.
    pub case_no: String,
    /// The day of receipt in the sense of art. 31.
    pub received_on: NaiveDate,
    /// The channel it came by.
    pub channel: Option<Channel>,
    /// The kind of applicant.
    pub applicant_kind: ApplicantKind,
    /// The applicant's name.
    pub applicant_name: Option<String>,
    /// The number of a document of identity, in plain characters.
    pub id_number: Option<String>,
    /// A telephone number, in plain characters.
    pub phone: Option<String>,
    /// A mail address, in plain characters.
    pub email: Option<String>,
    /// A postal address.
    pub address: Option<String>,
    /// What was asked for.
    pub content: Option<String>,
    /// How the applicant wants the information. Words that are no single form are kept in the remarks.
    pub preferred_form: Option<PreferredForm>,
    /// The department that handles it.
    pub department: Option<String>,
    /// The request to correct the application (art. 30).
    pub correction: Option<Correction>,
    /// A consultation of a third party or another agency (art. 32, 34).
    pub consultation: Option<Consultation>,
    /// An extension of the period (art. 33).
    pub extension: Option<Extension>,
    /// A demand for the fee (art. 42).
    pub fee: Option<Fee>,
    /// The day of the legal review.
    pub legal_review_on: Option<NaiveDate>,
    /// How it ended; none while it is open.
    pub closed: Option<Closing>,
    /// The number of the reply, in its official form where it has one.
    pub reply_no: Option<String>,
    /// How the reply was delivered, in the register's words.
    pub delivery_method: Option<String>,
    /// Remarks, and the values of unknown columns as lines of 列名：值.
    pub remarks: Option<String>,
}

/// A request to correct the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// The day the applicant was asked.
    pub notified_on: NaiveDate,
    /// The day the correction came.
    pub received_on: Option<NaiveDate>,
}

/// A consultation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consultation {
    /// The day it was sent.
    pub sent_on: NaiveDate,
    /// The day the opinion came back.
    pub returned_on: Option<NaiveDate>,
}

/// An extension of the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extension {
    /// The day the applicant was told.
    pub notified_on: NaiveDate,
    /// The number of working days added, 1 to 20.
    pub working_days: u32,
}

/// A demand for the fee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fee {
    /// The day of the notice.
    pub notified_on: NaiveDate,
    /// The day it was paid.
    pub paid_on: Option<NaiveDate>,
}

/// The end of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// The day of the reply, or of the decision not to go on.
    pub on: NaiveDate,
    /// How it ended.
    pub outcome: Outcome,
}

/// A reconsideration or suit as a register has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyRow {
    /// The row of the sheet, from 1.
    pub sheet_row: u32,
    /// The number of the proceeding.
    pub remedy_no: String,
    /// The number of the application it is about.
    pub case_no: Option<String>,
    /// The group of table 4.
    pub kind: RemedyKind,
    /// The reconsideration body or court.
    pub body: Option<String>,
    /// The day it was accepted.
    pub accepted_on: NaiveDate,
    /// How it ended; none while it is pending.
    pub concluded: Option<Conclusion>,
    /// In which capacity the agency takes part: [`Capacity::ActingAgency`] where nothing is said.
    pub capacity: Capacity,
    /// Remarks, and the values of unknown columns as lines of 列名：值.
    pub remarks: Option<String>,
}

/// The end of a proceeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conclusion {
    /// The day it was concluded with final effect.
    pub on: NaiveDate,
    /// The result.
    pub result: RemedyResult,
}
