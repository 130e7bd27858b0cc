//! `[mail]`, `[reminders]` and `[jobs]`.

use std::fmt;
use std::path::PathBuf;

use chrono::NaiveTime;

use super::layers::{Merged, Setting};
use super::{ReportDays, SettingsError};
use crate::domain::labels::Coded;
use crate::domain::mail::{Encryption, MailKind, MailPolicy, address_fault};
use crate::domain::reminders::ReminderPolicy;

/// A text that never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for whoever needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "……" })
    }
}

/// `[mail]`: the way to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailSettings {
    /// Whether mail is sent.
    pub is_enabled: bool,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is protected.
    pub encryption: Encryption,
    /// The account there; empty for none.
    pub username: String,
    /// Its password.
    pub password: Secret,
    /// The authority to trust; none for those of the system.
    pub ca_file: Option<PathBuf>,
    /// The address mail is from.
    pub from_address: String,
    /// The name mail is from.
    pub from_name: String,
    /// Seconds to wait for the server in each step.
    pub timeout_seconds: u32,
    /// Hours after which a message that is put off again and again is given up.
    pub give_up_hours: u32,
}

/// `[jobs]`, and when the morning's are done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobSettings {
    /// Whether this process does them.
    pub is_enabled: bool,
    /// Seconds after which the work of a process that has died is taken up by another.
    pub lease_seconds: u32,
    /// When reminders and the morning's list are written, in Beijing.
    pub morning: NaiveTime,
}

pub(super) fn mail(merged: &Merged) -> Result<MailSettings, SettingsError> {
    let set = |key| merged.setting(key);
    let encryption = set("mail.encryption").coded()?;
    let ca_file = set("mail.ca_file").parse("文件路径", |it| Some(it.to_owned()))?;
    Ok(MailSettings {
        is_enabled: set("mail.enabled").flag()?,
        host: set("mail.host").parse("邮件服务器的名称或者地址", |it| {
            let is_host = !it.is_empty() && !it.contains(|c: char| c.is_whitespace() || "/@?#".contains(c));
            is_host.then(|| it.to_owned())
        })?,
        port: set("mail.port").parse("1至65535的端口", |it| it.parse().ok().filter(|it| 0 < *it))?,
        encryption,
        // A password in clear is everybody's.
        username: set("mail.username")
            .parse("文字；encryption 为 none 时必须为空，以免口令不加密传送", |it| {
                (it.is_empty() || encryption != Encryption::Plain).then(|| it.to_owned())
            })?,
        password: set("mail.password").parse("文字", |it| Some(Secret(it.to_owned())))?,
        ca_file: Some(ca_file).filter(|it| !it.is_empty()).map(PathBuf::from),
        from_address: set("mail.from_address")
            .parse("电子邮箱地址", |it| address_fault(it).is_none().then(|| it.to_owned()))?,
        from_name: set("mail.from_name").parse("文字", |it| Some(it.to_owned()))?,
        timeout_seconds: set("mail.timeout_seconds").number(1..=600)?,
        give_up_hours: set("mail.give_up_hours").number(1..=720)?,
    })
}

pub(super) fn policy(merged: &Merged, public_url: &str) -> Result<MailPolicy, SettingsError> {
    Ok(MailPolicy {
        is_on: merged.setting("mail.enabled").flag()?,
        writes_to_applicants: merged.setting("mail.to_applicants").flag()?,
        names_applicants: merged.setting("mail.names_applicants").flag()?,
        may_be_muted: merged.setting("mail.may_be_muted").kinds()?,
        public_url: public_url.to_owned(),
    })
}

pub(super) fn reminders(merged: &Merged, report: ReportDays) -> Result<ReminderPolicy, SettingsError> {
    Ok(ReminderPolicy {
        report_submit_by: report.submit_by.month_and_day(),
        report_publish_by: report.publish_by.month_and_day(),
        handler_days: merged.setting("reminders.handler_days").days(40)?,
        clerk_days: merged.setting("reminders.clerk_days").days(40)?,
        legal_adviser_days: merged.setting("reminders.legal_adviser_days").days(40)?,
        approver_days: merged.setting("reminders.approver_days").days(40)?,
        manager_days: merged.setting("reminders.manager_days").days(40)?,
        escalate_after: merged.setting("reminders.escalate_after").number(1..=100)?,
        waiting_days: merged.setting("reminders.waiting_days").days(40)?,
        remedy_days: merged.setting("reminders.remedy_days").days(40)?,
        report_days: merged.setting("reminders.report_days").days(120)?,
    })
}

pub(super) fn jobs(merged: &Merged) -> Result<JobSettings, SettingsError> {
    Ok(JobSettings {
        is_enabled: merged.setting("jobs.enabled").flag()?,
        lease_seconds: merged.setting("jobs.lease_seconds").number(1..=3600)?,
        morning: merged
            .setting("reminders.at")
            .parse("钟点，例如 08:00", |it| NaiveTime::parse_from_str(it, "%H:%M").ok())?,
    })
}

impl Setting {
    /// Numbers of days, each from 0 to `most`.
    fn days(&self, most: u32) -> Result<Vec<u32>, SettingsError> {
        let expected = format!("0至{most}的整数的列表");
        let texts = self.list_or_nothing(&expected)?;
        let days = texts.iter().map(|it| match it.trim().parse() {
            Ok(day) if day <= most => Ok(day),
            _ => Err(self.invalid(&expected, it)),
        });
        days.collect()
    }

    fn kinds(&self) -> Result<Vec<MailKind>, SettingsError> {
        let optional: Vec<_> = MailKind::ALL.iter().filter(|it| it.is_optional()).collect();
        let codes: Vec<_> = optional.iter().map(|it| it.code()).collect();
        let expected = format!("邮件种类代码的列表，可用：{}", codes.join("、"));
        let texts = self.list_or_nothing(&expected)?;
        let kinds = texts.iter().map(|text| {
            let kind = MailKind::from_code(text).ok().filter(|it| it.is_optional());
            kind.ok_or_else(|| self.invalid(&expected, text))
        });
        kinds.collect()
    }
}
