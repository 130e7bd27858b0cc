//! The past of offices, kept for some minutes: it is read from a thousand cases, and changes slowly.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use crate::domain::ids::AgencyId;
use crate::service::ServiceError;
use crate::service::forecast::{OfficePast, office_past};
use crate::web::App;
use crate::web::error::WebError;

/// How long it is kept.
const KEPT: Duration = Duration::from_secs(600);
/// Above so many agencies, all are forgotten.
const MAX_AGENCIES: usize = 64;

/// The past of the agencies asked for lately.
#[derive(Debug, Default)]
pub struct Forecasts(Mutex<HashMap<AgencyId, (Instant, Arc<OfficePast>)>>);

impl Forecasts {
    fn known(&self, agency: AgencyId, today: NaiveDate) -> Option<Arc<OfficePast>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, past) = kept.get(&agency)?;
        (at.elapsed() < KEPT && past.today == today).then(|| Arc::clone(past))
    }

    fn keep(&self, agency: AgencyId, past: &Arc<OfficePast>) {
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

impl App {
    /// The past of an agency, not older than some minutes.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn past_of(&self, agency: AgencyId, today: NaiveDate) -> Result<Arc<OfficePast>, WebError> {
        if let Some(past) = self.forecasts.known(agency, today) {
            return Ok(past);
        }
        let rules = self.rules();
        let read = move |db: &crate::storage::Db| -> Result<_, ServiceError> {
            db.snapshot(|conn| office_past(conn, &rules.calendar, agency, today))
        };
        let past = Arc::new(self.run(read).await?);
        self.forecasts.keep(agency, &past);
        Ok(past)
    }
}
