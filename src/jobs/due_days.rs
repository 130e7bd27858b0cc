//! Renews the due days that lists go by: they depend on the day where an opinion lapses.

use super::{JobError, Work};
use crate::service::ServiceError;
use crate::service::report::check_agency::renew_open_days;

pub(super) fn renew(work: &Work<'_>) -> Result<String, JobError> {
    let caller = work.caller();
    let n_moved =
        work.db.write(|conn| -> Result<_, ServiceError> { renew_open_days(conn, &caller, &work.rules) })?;
    Ok(if n_moved == 0 {
        "到期日没有变化".to_owned()
    } else {
        format!("{n_moved}件申请的到期日有变化，已更新")
    })
}
