//! What is written in the morning of a working day: reminders, and everybody's queue.

use chrono::Timelike;

use super::{JobError, Work};
use crate::domain::beijing;
use crate::service::mail::tell_of_notice::tell_of_missing_notice;
use crate::service::mail::{remind, write_digests};

/// A list of the morning that is not written by this hour in Beijing is not written that day.
const NOON: u32 = 12;

const REST_DAY: &str = "今天不上班，不写";

/// Reminders that wait for months would come by the hundred on the day mail is turned on; what is due then is
/// told then.
const MAIL_IS_OFF: &str = "邮件没有启用，不写";

fn is_working_day(work: &Work<'_>) -> bool {
    work.rules.calendar.is_working_day(work.caller().today())
}

/// What is due on a rest day is due on the next working day too.
pub(super) fn remind(work: &Work<'_>) -> Result<String, JobError> {
    if !work.rules.mail.is_on {
        return Ok(MAIL_IS_OFF.to_owned());
    }
    if !is_working_day(work) {
        return Ok(REST_DAY.to_owned());
    }
    let n_written = remind::write_reminders(work.db, &work.caller(), &work.rules)?
        + tell_of_missing_notice(work.db, &work.caller(), &work.rules)?;
    Ok(format!("写出提醒{n_written}封"))
}

pub(super) fn digest(work: &Work<'_>) -> Result<String, JobError> {
    let time = beijing::time(work.now).time();
    if !work.rules.mail.is_on {
        return Ok(MAIL_IS_OFF.to_owned());
    }
    if !is_working_day(work) {
        return Ok(REST_DAY.to_owned());
    }
    if NOON <= time.hour() {
        return Ok("已过上午，今天不再写".to_owned());
    }
    if time < work.settings.jobs.morning {
        return Ok("还没有到时间".to_owned());
    }
    let n_written = write_digests::write_digests(work.db, &work.caller(), &work.rules)?;
    Ok(format!("写出清单{n_written}封"))
}
