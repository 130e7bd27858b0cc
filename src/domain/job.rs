//! The work in the background: what there is, and when it is done next.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::coded;
use crate::domain::beijing;

coded! {
    /// Work that is done again and again without anybody asking for it.
    pub enum Job: "job" {
        /// Sends what waits in the outbox.
        Outbox = "outbox", "发送邮件";
        /// Renews the due days that lists go by.
        DueDays = "due_days", "更新到期日";
        /// Puts new and changed texts into the index of words.
        SearchIndex = "search_index", "更新全文索引";
        /// Writes the reminders that are due.
        Reminders = "reminders", "期限提醒";
        /// Writes each person's queue of the morning.
        Digest = "digest", "每日办件清单";
        /// Brings up to date what the database knows of its tables.
        Plans = "plans", "更新查询统计";
    }
}

/// When a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// Whenever there is something to do, looked after every so many seconds.
    Every(i64),
    /// Every day at this time in Beijing.
    Daily(NaiveTime),
}

impl Job {
    /// What it does, for administrators.
    pub fn note(self) -> &'static str {
        match self {
            Self::Outbox => "把待发箱里的邮件交给邮件服务器；暂时失败的，间隔逐次加长重试",
            Self::DueDays => "每日零时重新推算在办申请的到期日，征求意见逾期未复的，自次日起恢复计算",
            Self::SearchIndex => "把新登记和修改过的文字编入全文索引；编入之前逐件查找，同样能够查到",
            Self::Reminders => "答复、补正、征求意见、缴费、复议诉讼和年度报告的期限提醒，每项事实只提醒一次",
            Self::Digest => "工作日早晨给每位工作人员的办件清单",
            Self::Plans => "数据明显增减之后，更新数据库选择索引所依据的统计；数据再多，查询也不变慢",
        }
    }

    /// When it is done; `morning` is when the office's day begins for it.
    pub fn schedule(self, morning: NaiveTime) -> Schedule {
        match self {
            Self::Outbox | Self::SearchIndex => Schedule::Every(5),
            // Right after midnight, when the day has changed.
            Self::DueDays => Schedule::Daily(NaiveTime::MIN + TimeDelta::minutes(1)),
            Self::Reminders | Self::Digest => Schedule::Daily(morning),
            // When nobody works.
            Self::Plans => Schedule::Daily(NaiveTime::MIN + TimeDelta::hours(3)),
        }
    }
}

impl Schedule {
    /// When it is done next after an instant.
    pub fn next_after(self, after: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Every(seconds) => after + TimeDelta::seconds(seconds),
            Self::Daily(time) => {
                let today = beijing::time(after).date_naive();
                let next = beijing::at(today, time);
                if after < next { next } else { today.succ_opt().map_or(next, |it| beijing::at(it, time)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::labels::Coded;

    #[test]
    fn every_job_says_what_it_does() {
        assert!(Job::ALL.iter().all(|it| !it.note().is_empty()));
    }

    /// `after` and the result are UTC; the morning is at eight in Beijing, which is midnight UTC.
    #[track_caller]
    fn check(job: Job, after: &str, expected: &str) {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let morning = NaiveTime::from_hms_opt(8, 0, 0).unwrap();
        assert_eq!(job.schedule(morning).next_after(at(after)), at(expected), "{job:?}");
    }

    #[test]
    fn days_are_those_of_beijing() {
        check(Job::Reminders, "2026-03-04T23:59:59Z", "2026-03-05T00:00:00Z");
        check(Job::Reminders, "2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z");
        // One minute after midnight in Beijing is 16:01 of the day before in London.
        check(Job::DueDays, "2026-03-05T16:00:59Z", "2026-03-05T16:01:00Z");
        check(Job::DueDays, "2026-03-05T16:01:00Z", "2026-03-06T16:01:00Z");
        check(Job::DueDays, "2026-12-31T15:59:00Z", "2026-12-31T16:01:00Z");
        check(Job::DueDays, "2026-12-31T16:30:00Z", "2027-01-01T16:01:00Z");
        check(Job::Outbox, "2026-03-05T00:00:00Z", "2026-03-05T00:00:05Z");
    }
}
