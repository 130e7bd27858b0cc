//! Tables 3 and 4 as figures.

use std::collections::BTreeMap;

use crate::domain::applicant::{ApplicantKind, N_KINDS};
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyFacts, RemedyKind, RemedyResult};
use crate::domain::report::forms::{Fill, Form, RemedyColumn, Row};
use crate::domain::report::statistics::{CountedCase, Measure, Period};

/// The columns of table 3: one per kind of applicant, then 总计.
pub const N_COLUMNS: usize = N_KINDS + 1;

/// Counts of applications: what storage, or a walk over cases, hands to table 3.
///
/// [`Measure::Closed`] is counted by outcome, the other measures without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseTally(BTreeMap<(Measure, ApplicantKind, Option<Outcome>), u64>);

impl CaseTally {
    /// Counts cases one by one.
    pub fn of(cases: impl IntoIterator<Item = CountedCase>, period: Period) -> Self {
        let mut tally = Self::default();
        for case in cases {
            for measure in Measure::ALL {
                if case.is_counted(measure, period) {
                    let outcome = case.closed.map(|(_, it)| it).filter(|_| measure == Measure::Closed);
                    tally.add(measure, case.applicant_kind, outcome, 1);
                }
            }
        }
        tally
    }

    /// Adds `n` applications.
    pub fn add(&mut self, measure: Measure, kind: ApplicantKind, outcome: Option<Outcome>, n: u64) {
        *self.0.entry((measure, kind, outcome)).or_default() += n;
    }

    fn count(&self, row: &Row, kind: ApplicantKind) -> u64 {
        let sum = |measure: Measure, counts: &dyn Fn(Option<Outcome>) -> bool| {
            let of_kind =
                self.0.iter().filter(|((m, k, outcome), _)| *m == measure && *k == kind && counts(*outcome));
            of_kind.map(|(_, n)| n).sum()
        };
        match row.fills {
            Fill::New => sum(Measure::New, &|_| true),
            Fill::CarriedIn => sum(Measure::CarriedIn, &|_| true),
            Fill::CarriedOut => sum(Measure::CarriedOut, &|_| true),
            Fill::Total => sum(Measure::Closed, &|_| true),
            Fill::Closed(leaves) => {
                sum(Measure::Closed, &|outcome| outcome.is_some_and(|it| leaves.contains(&it.leaf())))
            }
        }
    }
}

/// Table 3: one line of [`N_COLUMNS`] figures per row of the form, in the form's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table3 {
    /// The form whose rows these are.
    pub form: &'static Form,
    /// Rows × columns, in 件.
    pub values: Vec<[u64; N_COLUMNS]>,
}

impl Eq for Form {}

impl Table3 {
    /// Fills the form from counts.
    pub fn fill(form: &'static Form, tally: &CaseTally) -> Self {
        let line = |row: &Row| {
            let mut line = [0; N_COLUMNS];
            for kind in ApplicantKind::ALL {
                line[kind.column()] = tally.count(row, *kind);
            }
            line[N_KINDS] = line[..N_KINDS].iter().sum();
            line
        };
        Self { form, values: form.table3.iter().map(line).collect() }
    }

    /// The figures of one row.
    ///
    /// # Panics
    /// Where the form has no such row; the codes are those of [`Form::table3`].
    pub fn row(&self, code: &str) -> &[u64; N_COLUMNS] {
        &self.values[self.form.row_index(code).expect("codes are those of the form")]
    }

    /// Rows of the form with their figures.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Row, &[u64; N_COLUMNS])> {
        self.form.table3.iter().zip(&self.values)
    }
}

/// The columns of a group of table 4: four results, then 总计.
pub const N_RESULTS: usize = 5;

/// Counts of proceedings: what storage, or a walk over proceedings, hands to table 4.
///
/// [`Measure::Closed`] is counted by result, [`Measure::CarriedOut`] without.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemedyTally(BTreeMap<(RemedyKind, RemedyColumn), u64>);

/// The column of table 4 a proceeding stands in, or none.
///
/// It counts in every year at whose end it was pending, and in the year it was concluded.
pub fn remedy_column(facts: &RemedyFacts, period: Period) -> Option<RemedyColumn> {
    if !facts.is_counted() {
        return None;
    }
    let counted = |measure: Measure| {
        measure.window(period).contains(facts.accepted_on, facts.concluded.map(|(day, _)| day))
    };
    if counted(Measure::CarriedOut) {
        return Some(RemedyColumn::Pending);
    }
    if counted(Measure::Closed) {
        return facts.concluded.and_then(|(_, result)| result.column());
    }
    None
}

impl RemedyTally {
    /// Counts proceedings one by one.
    pub fn of<'a>(remedies: impl IntoIterator<Item = &'a RemedyFacts>, period: Period) -> Self {
        let mut tally = Self::default();
        for facts in remedies {
            if let Some(column) = remedy_column(facts, period) {
                *tally.0.entry((facts.kind, column)).or_default() += 1;
            }
        }
        tally
    }

    /// Adds `n` proceedings that were concluded in the year.
    pub fn add_concluded(&mut self, kind: RemedyKind, result: RemedyResult, n: u64) {
        if let Some(column) = result.column() {
            *self.0.entry((kind, column)).or_default() += n;
        }
    }

    /// Adds `n` proceedings that were pending at the end of the year.
    pub fn add_pending(&mut self, kind: RemedyKind, n: u64) {
        *self.0.entry((kind, RemedyColumn::Pending)).or_default() += n;
    }
}

/// Table 4: for each of the three groups, four results and 总计, in 件.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Table4 {
    /// 行政复议.
    pub review: [u64; N_RESULTS],
    /// 未经复议直接起诉.
    pub direct_suit: [u64; N_RESULTS],
    /// 复议后起诉.
    pub suit_after_review: [u64; N_RESULTS],
}

impl Table4 {
    /// Fills the table from counts.
    pub fn fill(tally: &RemedyTally) -> Self {
        let group = |kind| {
            let mut line = [0; N_RESULTS];
            for (cell, column) in line.iter_mut().zip(RemedyColumn::ALL) {
                *cell = tally.0.get(&(kind, *column)).copied().unwrap_or(0);
            }
            line[N_RESULTS - 1] = line[..N_RESULTS - 1].iter().sum();
            line
        };
        Self {
            review: group(RemedyKind::Reconsideration),
            direct_suit: group(RemedyKind::DirectSuit),
            suit_after_review: group(RemedyKind::SuitAfterReconsideration),
        }
    }

    /// The figures of one group.
    pub fn group(&self, kind: RemedyKind) -> &[u64; N_RESULTS] {
        match kind {
            RemedyKind::Reconsideration => &self.review,
            RemedyKind::DirectSuit => &self.direct_suit,
            RemedyKind::SuitAfterReconsideration => &self.suit_after_review,
        }
    }
}
