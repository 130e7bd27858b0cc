//! Which cells a case is counted in, and why: the view of one case.

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyFacts, RemedyKind};
use crate::domain::report::forms::{Fill, Form, RemedyColumn, Row};
use crate::domain::report::statistics::tables::remedy_column;
use crate::domain::report::statistics::{CountedCase, Measure, Period};
use crate::domain::wording::{self, Words};

/// A row of table 3 a case is counted in, and the reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Code of the row.
    pub row: &'static str,
    /// Label of the row.
    pub label: &'static str,
    /// Why, in words that name the dates and the outcome.
    pub reason: String,
}

impl Fill {
    /// The measure behind a row.
    pub fn measure(self) -> Measure {
        match self {
            Self::New => Measure::New,
            Self::CarriedIn => Measure::CarriedIn,
            Self::Closed(_) | Self::Total => Measure::Closed,
            Self::CarriedOut => Measure::CarriedOut,
        }
    }

    /// Whether a case with this outcome, if any, belongs in the row once the measure counts it.
    pub fn takes(self, outcome: Option<Outcome>) -> bool {
        match self {
            Self::Closed(leaves) => outcome.is_some_and(|it| leaves.contains(&it.leaf())),
            Self::New | Self::CarriedIn | Self::Total | Self::CarriedOut => true,
        }
    }

    /// The outcomes to look for behind a row; none where the row does not depend on the outcome.
    pub fn outcomes(self) -> Option<Vec<Outcome>> {
        match self {
            Self::Closed(leaves) => {
                Some(Outcome::ALL.iter().copied().filter(|it| leaves.contains(&it.leaf())).collect())
            }
            Self::New | Self::CarriedIn | Self::Total | Self::CarriedOut => None,
        }
    }
}

/// The rows of table 3 that count a case, each with its reason; empty for a case of another time.
pub fn placements(case: &CountedCase, form: &'static Form, period: Period) -> Vec<Placement> {
    form.table3.iter().filter_map(|row| placement(case, row, period)).collect()
}

fn placement(case: &CountedCase, row: &Row, period: Period) -> Option<Placement> {
    let is_counted = case.is_counted(row.fills.measure(), period)
        && row.fills.takes(case.closed.map(|(_, outcome)| outcome));
    is_counted.then(|| Placement { row: row.code, label: row.label, reason: reason(case, row, period) })
}

fn reason(case: &CountedCase, row: &Row, period: Period) -> String {
    let received = Words(case.received_on);
    let year = period.number();
    let label = row.label;
    match (row.fills, case.closed) {
        (Fill::New, _) => format!("{received}收到，在{year}年内，计入“{label}”"),
        (Fill::CarriedIn, Some((day, _))) => {
            format!("{received}收到，至{}才办结，{year}年初尚在办理，计入“{label}”", Words(day))
        }
        (Fill::CarriedIn, None) => {
            format!("{received}收到，至今未办结，{year}年初尚在办理，计入“{label}”")
        }
        (Fill::Closed(_), Some((day, outcome))) => format!(
            "{}办结，办理结果为“{}”（{}），计入“{}{label}”",
            Words(day),
            outcome.label(),
            outcome.rule().article,
            // With the heading it stands under.
            row.group.unwrap_or(""),
        ),
        (Fill::Total, Some((day, _))) => format!("{}办结，在{year}年内，计入“{label}”", Words(day)),
        (Fill::CarriedOut, closed) => {
            let end = Words(period.last_day());
            match closed {
                Some((day, _)) => {
                    format!("{received}收到，{end}尚未办结（{}办结），计入“{label}”", Words(day))
                }
                None => format!("{received}收到，{end}尚未办结，计入“{label}”"),
            }
        }
        (Fill::Closed(_) | Fill::Total, None) => unreachable!("only closed cases are counted as closed"),
    }
}

/// Why the case stands in its column.
pub fn column_reason(kind: ApplicantKind) -> String {
    format!("申请人类型为“{}”，计入该列和“总计”列", kind.label())
}

/// Why a proceeding is, or is not, in table 4.
pub fn remedy_reason(facts: &RemedyFacts, period: Period) -> String {
    let accepted = wording::day(facts.accepted_on);
    let group = facts.kind.label();
    match (remedy_column(facts, period), facts.concluded) {
        (Some(RemedyColumn::Pending), _) => {
            format!("{accepted}受理，{}尚未审结，计入“{group}”的“尚未审结”", wording::day(period.last_day()))
        }
        (Some(column), Some((day, result))) => format!(
            "{}审结，结果为“{}”，计入“{group}”的“{}”",
            wording::day(day),
            result.label(),
            column.label()
        ),
        (Some(_), None) => unreachable!("a proceeding without a result is pending"),
        (None, _) if !facts.is_counted() => {
            "本机关以复议机关身份参加，或者该案未被受理，依规定不计入".to_owned()
        }
        (None, _) => format!("{accepted}受理，不在{}年内", period.number()),
    }
}

/// A cell of a table, as named on the command line and in links: `ROW/COLUMN`.
///
/// For table 3 the row is a row code of the form and the column a kind of applicant or `total`;
/// for table 4 the row is a group (`review`, `direct_suit`, `suit_after_review`) and the column
/// `upheld`, `corrected`, `other`, `pending` or `total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A cell of table 3; no kind means 总计.
    Cases(&'static Row, Option<ApplicantKind>),
    /// A cell of table 4; no column means 总计.
    Remedies(RemedyKind, Option<RemedyColumn>),
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Row {}

/// A cell that the form of the year does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{cell}”不是{form}格式的单元格；应写作 行代码/列代码，例如 granted/natural_person、new/total、review/pending"
)]
pub struct NoSuchCell {
    /// What was given.
    pub cell: String,
    /// The form it was looked for in.
    pub form: &'static str,
}

impl Cell {
    /// Reads `ROW/COLUMN`.
    ///
    /// # Errors
    /// [`NoSuchCell`] where the form has no such row or column.
    pub fn parse(text: &str, form: &'static Form) -> Result<Self, NoSuchCell> {
        let unknown = || NoSuchCell { cell: text.to_owned(), form: form.code };
        let (row, column) = text.split_once('/').ok_or_else(unknown)?;
        let total = column == "total";
        if let Ok(kind) = RemedyKind::from_code(row) {
            let column =
                if total { None } else { Some(RemedyColumn::from_code(column).map_err(|_| unknown())?) };
            return Ok(Self::Remedies(kind, column));
        }
        let row = form.table3.iter().find(|it| it.code == row).ok_or_else(unknown)?;
        let kind = if total { None } else { Some(ApplicantKind::from_code(column).map_err(|_| unknown())?) };
        Ok(Self::Cases(row, kind))
    }

    /// `ROW/COLUMN`.
    pub fn code(self) -> String {
        match self {
            Self::Cases(row, kind) => format!("{}/{}", row.code, kind.map_or("total", Coded::code)),
            Self::Remedies(kind, column) => {
                format!("{}/{}", Coded::code(kind), column.map_or("total", Coded::code))
            }
        }
    }

    /// Whether a case is counted in this cell of table 3.
    pub fn holds_case(self, case: &CountedCase, period: Period) -> bool {
        match self {
            Self::Cases(row, kind) => {
                kind.is_none_or(|it| it == case.applicant_kind)
                    && case.is_counted(row.fills.measure(), period)
                    && row.fills.takes(case.closed.map(|(_, it)| it))
            }
            Self::Remedies(..) => false,
        }
    }

    /// Whether a proceeding is counted in this cell of table 4.
    pub fn holds_remedy(self, facts: &RemedyFacts, period: Period) -> bool {
        match self {
            Self::Remedies(kind, column) => {
                facts.kind == kind
                    && remedy_column(facts, period).is_some_and(|it| column.is_none_or(|want| want == it))
            }
            Self::Cases(..) => false,
        }
    }

    /// Why a case that is counted here is counted here: the row, then the column. Nothing for a case that
    /// is not.
    pub fn case_reasons(self, case: &CountedCase, period: Period) -> Vec<String> {
        let Self::Cases(row, _) = self else { return Vec::new() };
        let placement = placement(case, row, period);
        placement.into_iter().flat_map(|it| [it.reason, column_reason(case.applicant_kind)]).collect()
    }
}
