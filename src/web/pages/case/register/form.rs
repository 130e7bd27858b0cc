//! The registration form: which day counts, from fields to an application, and the warnings.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::dates;
use crate::domain::fees;
use crate::domain::identity;
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::labels::Coded;
use crate::domain::refusal::Refusals;
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::wording;
use crate::service::case::look_up_applicant::LookedUp;
use crate::service::case::register_case::RegisterCase;
use crate::web::form::{Fields, Reader};
use crate::web::pages::case::register::Warning;

pub(super) use crate::service::case::register_once::{departments, is_sent};

/// From how many applications in a calendar month on the clerk is told of art. 35.
const FREQUENT: u32 = fees::FREE_APPLICATIONS;

/// The groups of fields about the day, by channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Days {
    /// Handed in, or spoken: one day.
    Submitted,
    /// Signed for: one day, and the letter's number.
    Signed,
    /// The day it arrived, and the day both sides confirmed it.
    Confirmed,
}

fn days(channel: Channel) -> Days {
    match channel {
        Channel::InPerson | Channel::Oral => Days::Submitted,
        Channel::SignedPost => Days::Signed,
        _ => Days::Confirmed,
    }
}

/// The day that counts as received, in a word.
pub(super) fn day_that_counts(channel: Channel) -> &'static str {
    match days(channel) {
        Days::Submitted => "提交之日",
        Days::Signed => "签收之日",
        Days::Confirmed => "确认之日",
    }
}

/// The day of receipt as far as the fields give it, and whether it still awaits confirmation.
pub(super) fn receipt(fields: &Fields) -> Option<(Channel, NaiveDate, bool)> {
    let channel = Channel::from_code(fields.get("channel")).ok()?;
    let day = |name: &str| dates::parse(fields.get(name)).ok();
    Some(match days(channel) {
        Days::Submitted => (channel, day("submitted_on")?, false),
        Days::Signed => (channel, day("signed_on")?, false),
        Days::Confirmed => match day("confirmed_on") {
            Some(on) => (channel, on, false),
            None => (channel, day("arrived_on")?, true),
        },
    })
}

/// The application in the form. Only the fields of the chosen channel count.
pub(super) fn read(fields: &Fields, agency: AgencyId) -> Result<RegisterCase, Refusals> {
    let mut it = Reader::new(fields);
    let channel: Channel = it.code("channel", "提交方式");
    let mut request = Request {
        content: content(&it),
        preferred_form: it.optional_code::<PreferredForm>("preferred_form"),
        id_number: it.optional_plain("id_number"),
        phone: it.optional_plain("phone"),
        email: it.optional_plain("email"),
        address: it.optional_text("address"),
        ..Request::default()
    };
    let mut remarks = Vec::new();
    let received_on = match days(channel) {
        Days::Submitted => {
            let on = it.day("submitted_on", "提交日期");
            request.submitted_on = Some(on);
            request.arrived_on = Some(on);
            on
        }
        Days::Signed => {
            let on = it.day("signed_on", "签收日期");
            request.arrived_on = Some(on);
            remarks.extend(it.optional_plain("tracking_no").map(|no| format!("邮件号 {no}")));
            on
        }
        Days::Confirmed => {
            let arrived = it.day("arrived_on", "到达日期");
            let confirmed = it.optional_day("confirmed_on", "双方确认日期");
            request.arrived_on = Some(arrived);
            request.confirmed_on = confirmed;
            request.confirmed_how = it.optional_text("confirmed_how");
            if confirmed.is_some_and(|on| on < arrived) {
                it.refuse(
                    "confirmed_on",
                    format!("确认日期早于到达日期（{}），请核对两个日期", wording::day(arrived)),
                );
            }
            if confirmed.is_none() && request.confirmed_how.is_some() {
                it.refuse("confirmed_on", "填写了确认方式，请同时填写确认日期");
            }
            confirmed.unwrap_or(arrived)
        }
    };
    remarks.extend(it.optional_text("purpose").map(|purpose| format!("用途：{purpose}")));
    remarks.extend(it.optional_text("form_note").map(|note| format!("获取方式的其他要求：{note}")));
    request.remarks = remarks.join("；");
    let applicant_name = it.text("applicant_name");
    if applicant_name.is_empty() {
        it.refuse("applicant_name", "请填写申请人姓名或者名称");
    }
    if it.text("content").is_empty() {
        it.refuse("content", "请填写申请公开的内容");
    }
    let command = RegisterCase {
        agency,
        channel,
        received_on,
        applicant_kind: it.code::<ApplicantKind>("applicant_kind", "申请人类别"),
        applicant_name,
        request,
        department: it.text("department").parse().ok().map(DepartmentId),
    };
    it.finish(command)
}

fn content(it: &Reader<'_>) -> String {
    let content = it.text("content");
    match it.optional_text("document_no") {
        Some(no) => format!("{content}\n文号或者其他特征：{no}"),
        None => content,
    }
}

/// The field that holds the day for the chosen channel, where the rules refuse the day of receipt.
pub(super) fn field_of(fact: &str, fields: &Fields) -> Option<String> {
    if fact != "received_on" {
        return None;
    }
    let channel = Channel::from_code(fields.get("channel")).unwrap_or(Channel::InPerson);
    let field = match days(channel) {
        Days::Submitted => "submitted_on",
        Days::Signed => "signed_on",
        Days::Confirmed if fields.get("confirmed_on").is_empty() => "arrived_on",
        Days::Confirmed => "confirmed_on",
    };
    Some(field.to_owned())
}

/// What the clerk is to be told before the first registration, without what was seen already. Nothing
/// of it bars registration: what is received is registered, whatever becomes of it.
pub(super) fn warnings(command: &RegisterCase, known: &LookedUp, seen: &BTreeSet<String>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(number) = command.request.id_number.as_deref() {
        let finding = identity::examine(number);
        if finding.is_doubtful() {
            let title = format!("证件号码{}", finding.label());
            let text = "请核对证件；确实无误的，可以照原样登记。".to_owned();
            warnings.push(Warning { code: "identity", title, text });
        }
    }
    if let Some(repeat) = known.own.iter().find(|it| it.is_likely_repeat()) {
        let title = format!("可能与 {} 重复", repeat.known.case_no);
        let text = format!(
            "同一申请人于{}提出过相近的申请（相近 {}%），见右侧。已经答复的，告知不予重复处理（条例第三十六条第六项）；仍应登记。",
            wording::day(repeat.known.received_on),
            repeat.percent
        );
        warnings.push(Warning { code: "repeat", title, text });
    }
    if FREQUENT <= known.n_this_month {
        let title = format!("该申请人当月已有 {} 件", known.n_this_month);
        warnings.push(Warning { code: "frequent", title, text: frequency(known.n_this_month) });
    }
    warnings.retain(|it| !seen.contains(it.code));
    warnings
}

/// What the law says of an applicant with so many applications in the month, before this one.
pub(super) fn frequency(n: u32) -> String {
    let yuan = fees::for_application(n + 1);
    let fee = if yuan == 0 {
        String::new()
    } else {
        format!("按件收费的，本件为当月第 {} 件，{yuan} 元。", n + 1)
    };
    format!(
        "数量、频次明显超过合理范围的，可以要求申请人说明理由（条例第三十五条），可以收取信息处理费（第四十二条）。{fee}"
    )
}
