//! Registers of applications (依申请公开台账): their columns, and a row of them as a record.

use chrono::NaiveDate;

use crate::domain::document_no::normal_document_no;
use crate::domain::identity;
use crate::domain::labels::Coded;
use crate::domain::normal;
use crate::domain::register::{CaseRow, Closing, Consultation, Correction, Extension, Fee};
use crate::domain::request::PreferredForm;
use crate::import::case_columns::CaseColumn;
use crate::import::header::Column;
use crate::import::outcomes;
use crate::import::problems::day;
use crate::import::record::Record;
use crate::import::table::Register;
use crate::import::words;

/// The most working days a period may be extended by (Regulation art. 33).
const MAX_EXTENSION: u32 = 20;

/// A register of applications.
pub(crate) struct Cases;

type CaseRecord<'a> = Record<'a, CaseColumn>;

impl Register for Cases {
    type Column = CaseColumn;
    type Row = CaseRow;
    const NUMBER: CaseColumn = CaseColumn::CaseNo;
    const DAY: CaseColumn = CaseColumn::ReceivedOn;

    fn read(record: &mut CaseRecord<'_>) -> Option<CaseRow> {
        use CaseColumn as C;
        let case_no = record.own_number(C::CaseNo);
        let received_on = record.required_date(C::ReceivedOn);
        let applicant_kind = record.required_word(C::ApplicantKind, words::applicant_kind);
        let closed = closing(record, received_on);
        let closed_on = closed.map(|it| it.on);
        let steps = Steps { received_on, closed_on };
        let channel = record.word(C::Channel, words::channel);
        let correction = steps
            .pair(record, C::CorrectionNotifiedOn, C::CorrectionReceivedOn)
            .map(|(notified_on, received_on)| Correction { notified_on, received_on });
        let consultation = steps
            .pair(record, C::ConsultationSentOn, C::ConsultationReturnedOn)
            .map(|(sent_on, returned_on)| Consultation { sent_on, returned_on });
        let fee = steps
            .pair(record, C::FeeNotifiedOn, C::FeePaidOn)
            .map(|(notified_on, paid_on)| Fee { notified_on, paid_on });
        let extension = steps.extension(record);
        let legal_review_on = steps.date(record, C::LegalReviewOn);
        let row = CaseRow {
            sheet_row: record.number,
            channel,
            applicant_name: record.name(C::ApplicantName),
            id_number: id_number(record),
            phone: record.code(C::Phone),
            email: record.code(C::Email),
            address: record.line(C::Address),
            content: record.prose(C::Content),
            preferred_form: preferred_form(record),
            department: record.line(C::Department),
            correction,
            consultation,
            extension,
            fee,
            legal_review_on,
            closed,
            reply_no: record.line(C::ReplyNo).map(|it| normal_document_no(&it)),
            delivery_method: record.line(C::DeliveryMethod),
            remarks: record.remarks(C::Remarks),
            // These come last: every column must have been read before the row is given up.
            case_no: case_no?,
            received_on: received_on?,
            applicant_kind: applicant_kind?,
        };
        record.problems.is_empty().then_some(row)
    }
}

/// Reads the day and the outcome, which belong together.
fn closing(record: &mut CaseRecord<'_>, received_on: Option<NaiveDate>) -> Option<Closing> {
    use CaseColumn as C;
    let n_problems = record.problems.len();
    let on = record.date(C::ClosedOn);
    let has_day_problem = record.problems.len() > n_problems;
    let n_problems = record.problems.len();
    let outcome = record.word(C::Outcome, outcomes::outcome).flatten();
    let has_outcome_problem = record.problems.len() > n_problems;
    record.in_order((C::ReceivedOn, received_on), (C::ClosedOn, on));
    match (on, outcome) {
        (Some(on), Some(outcome)) => Some(Closing { on, outcome }),
        (Some(on), None) => {
            if !has_outcome_problem {
                record.problem(
                    C::ClosedOn,
                    &day(on),
                    "有答复日期而没有办理结果；请填写办理结果，未办结的请清空答复日期",
                );
            }
            None
        }
        (None, Some(outcome)) => {
            if !has_day_problem {
                let message = "有办理结果而没有答复日期；请填写答复日期，未办结的请清空办理结果";
                record.problem(C::Outcome, outcome.label(), message);
            }
            None
        }
        (None, None) => None,
    }
}

/// The days between which the steps of a case lie.
#[derive(Clone, Copy)]
struct Steps {
    received_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
}

impl Steps {
    /// Reads the day of a step: not before the receipt. After the reply it is odd, and no more than
    /// that, for some offices note when the papers were filed.
    fn date(self, record: &mut CaseRecord<'_>, column: CaseColumn) -> Option<NaiveDate> {
        let date = record.date(column)?;
        record.in_order((CaseColumn::ReceivedOn, self.received_on), (column, Some(date)));
        if self.closed_on.is_some_and(|it| it < date) {
            let closed = day(self.closed_on.unwrap_or_default());
            record.warn(column, &day(date), format!("“{}”晚于答复日期“{closed}”；请核对", day(date)));
        }
        Some(date)
    }

    /// Reads a step that is begun by the office and answered by somebody else.
    fn pair(
        self,
        record: &mut CaseRecord<'_>,
        begun: CaseColumn,
        answered: CaseColumn,
    ) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let has_begun = record.has(begun);
        let begun_on = self.date(record, begun);
        let answered_on = self.date(record, answered);
        record.in_order((begun, begun_on), (answered, answered_on));
        if let (false, Some(date)) = (has_begun, answered_on) {
            let message = format!("没有填写“{}”；请补填，或者清空本格", begun.rule().name);
            record.problem(answered, &day(date), message);
        }
        begun_on.map(|it| (it, answered_on))
    }

    fn extension(self, record: &mut CaseRecord<'_>) -> Option<Extension> {
        use CaseColumn as C;
        let (has_day, has_days) = (record.has(C::ExtensionNotifiedOn), record.has(C::ExtensionDays));
        let notified_on = self.date(record, C::ExtensionNotifiedOn);
        let working_days = record.word(C::ExtensionDays, working_days);
        match (notified_on, working_days) {
            (Some(notified_on), Some(working_days)) => Some(Extension { notified_on, working_days }),
            (Some(date), None) if !has_days => {
                let message = "没有填写“延期工作日”；请填写延长的工作日数，1至20";
                record.problem(C::ExtensionNotifiedOn, &day(date), message);
                None
            }
            (None, Some(days)) if !has_day => {
                let message = "没有填写“延期告知日期”；请补填，没有延期的请清空本格";
                record.problem(C::ExtensionDays, &days.to_string(), message);
                None
            }
            _ => None,
        }
    }
}

/// Reads `20`, `20天`, `20个工作日`.
fn working_days(text: &str) -> Result<u32, String> {
    let plain = normal::code(text);
    let number = plain.trim_end_matches(|it: char| !it.is_ascii_digit());
    match number.strip_suffix(".0").unwrap_or(number).parse() {
        Ok(days @ 1..=MAX_EXTENSION) => Ok(days),
        Ok(_) => Err(format!(
            "延长的期限最长{MAX_EXTENSION}个工作日（条例第三十三条），“{text}”不在1至20之间；请核对"
        )),
        Err(_) => Err(format!("“{text}”不是工作日数；请写1至20的整数")),
    }
}

/// The number of a document of identity. A doubtful one is kept as it is: only a person can tell
/// what is right, and the case is a case all the same.
fn id_number(record: &mut CaseRecord<'_>) -> Option<String> {
    let number = record.code(CaseColumn::IdNumber)?.to_uppercase();
    let finding = identity::examine(&number);
    if finding.is_doubtful() {
        record.warn(CaseColumn::IdNumber, &number, format!("{}；请核对", finding.label()));
    }
    Some(number)
}

/// The form of the information; words that are no single form go to the remarks.
fn preferred_form(record: &mut CaseRecord<'_>) -> Option<PreferredForm> {
    let text = record.line(CaseColumn::PreferredForm)?;
    let form = words::preferred_form(&text);
    if form.is_none() {
        record.kept.push(format!("{}：{text}", CaseColumn::PreferredForm.rule().name));
    }
    Some(form.unwrap_or(PreferredForm::Other))
}
