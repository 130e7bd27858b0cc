//! The past of offices, kept for some minutes: it is read from a thousand cases, and changes slowly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use crate::domain::ids::AgencyId;
use crate::service::desk::forecast_cases::OfficePast;

/// How long it is kept.
const KEPT: Duration = Duration::from_secs(600);
/// Above so many agencies, all are forgotten.
const MAX_AGENCIES: usize = 64;

/// The past of the agencies asked for lately.
#[derive(Debug, Default)]
pub struct Forecasts(Mutex<HashMap<AgencyId, (Instant, Arc<OfficePast>)>>);

impl Forecasts {
    /// The past of an agency, where it is known and not too old.
    pub fn known(&self, agency: AgencyId, today: NaiveDate) -> Option<Arc<OfficePast>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, past) = kept.get(&agency)?;
        (at.elapsed() < KEPT && past.today == today).then(|| Arc::clone(past))
    }

    /// Keeps the past of an agency for some minutes.
    pub fn keep(&self, agency: AgencyId, past: &Arc<OfficePast>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if MAX_AGENCIES <= kept.len() {
            kept.clear();
        }
        kept.insert(agency, (Instant::now(), Arc::clone(past)));
    }

    /// Forgets everything, as after a change of the calendar.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
