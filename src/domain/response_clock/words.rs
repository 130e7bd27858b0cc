//! The sentences of the ledger and of the findings, in the words of the regulation.

use chrono::NaiveDate;

use super::facts::{ClockFacts, Consultation, Extension, FeeNotice, Start};
use super::findings::FindingKind;
use super::period::Period;
use super::timeline::party;
use super::{Watch, terms};
use crate::domain::calendar::DueDate;
use crate::domain::wording::{day, day_with_weekday};

/// The article of a reasonable delay.
pub(super) const DELAY_ARTICLE: &str = "条例第三十五条";
/// The articles by which reconsideration and courts order an agency to answer anew.
const ORDER_ARTICLE: &str = "行政复议法第六十四条、第六十六条，行政诉讼法第七十条、第七十二条";

pub(super) const CORRECTION_WITHOUT_PERIOD: &str = "补正告知没有记录合理的补正期限，无法认定申请人逾期不补正";
pub(super) const LATE_FEE_NOTICE: &str = "发出收费通知时答复期限已经届满，不影响答复期限";
pub(super) const UNAPPROVED_EXTENSION: &str =
    "延长答复期限没有政府信息公开工作机构负责人同意的记录，不产生延长的效力";
pub(super) const ANSWER_BEFORE_RECEIPT: &str = "办结之日早于收到申请之日，请核对日期";

pub(super) fn start_article(facts: &ClockFacts) -> &'static str {
    match (facts.start, facts.channel) {
        (Start::Reopened { .. }, _) => ORDER_ARTICLE,
        (Start::Received(_), Some(channel)) => channel.receipt_rule().article,
        (Start::Received(_), None) => "条例第三十一条",
    }
}

/// `from` is the day of receipt after the rule for rest days.
pub(super) fn start(facts: &ClockFacts, rest_day: bool, from: NaiveDate) -> String {
    let received = match facts.start {
        Start::Received(_) => match facts.channel {
            Some(channel) => format!("收到政府信息公开申请（{}）", channel.receipt_rule().explanation),
            None => "收到政府信息公开申请".to_owned(),
        },
        Start::Reopened { .. } => "收到责令重新答复的行政复议决定书或者判决书".to_owned(),
    };
    let rest_day = match rest_day {
        false => String::new(),
        true if from == facts.start.on() => "，当日为休息日，不顺延".to_owned(),
        true => format!("，当日为休息日，顺延至{}", day_with_weekday(from)),
    };
    match facts.start {
        Start::Reopened { by: Some(by), .. } => {
            format!("{received}{rest_day}，其中确定的答复期限至{}", day(by))
        }
        _ => format!(
            "{received}{rest_day}，收到当日不计入，自次日起计算{}个工作日的答复期限",
            terms::ANSWER.length
        ),
    }
}

pub(super) fn correction_notice(reply_by: Option<NaiveDate>) -> String {
    let reply_by = reply_by.map(|by| format!("，补正期限至{}", day(by))).unwrap_or_default();
    format!("一次性告知申请人补正{reply_by}，答复期限自收到补正的申请之日起计算")
}

pub(super) fn late_correction_notice(limit: NaiveDate) -> String {
    format!(
        "告知申请人补正时已超过收到申请之日起{}个工作日（至{}），不影响答复期限",
        terms::CORRECTION_NOTICE.length,
        day(limit)
    )
}

pub(super) fn correction_received(effective: bool) -> &'static str {
    if effective {
        "收到申请人补正的申请，答复期限自收到之日起重新计算，收到当日不计入"
    } else {
        "收到申请人补正的申请，因补正告知不影响答复期限，期限不重新计算"
    }
}

pub(super) fn late_correction(by: NaiveDate) -> String {
    format!("申请人补正时已超过补正期限（至{}），应当核实是否有正当理由", day(by))
}

pub(super) fn sent(fact: &Consultation, lapse: DueDate) -> String {
    let length = fact.party.term().length;
    let from = match fact.delivered_on {
        Some(delivered) => format!("自收到征求意见书之日（{}）起{length}个工作日", day(delivered)),
        None => format!("送达日期没有记录，按自发出之日起{length}个工作日计算"),
    };
    let provisional = if lapse.provisional { "（暂定）" } else { "" };
    format!(
        "向{}书面征求意见，自次日起至收到意见或者意见期限届满之日不计入答复期限；意见期限{from}，至{}{provisional}",
        party(fact),
        day(lapse.on)
    )
}

pub(super) fn late_consultation(fact: &Consultation) -> String {
    format!("向{}征求意见时答复期限已经届满，不影响答复期限", party(fact))
}

pub(super) fn returned(fact: &Consultation, resumption: &str) -> String {
    let consent = match fact.consent {
        Some(true) => "（同意公开）",
        Some(false) => "（不同意公开）",
        None => "",
    };
    format!("收到{}的意见{consent}，{resumption}", party(fact))
}

pub(super) fn late_opinion(fact: &Consultation, lapse: NaiveDate) -> String {
    format!("收到{}的意见时已超过意见期限，征求意见的时间只扣除至{}", party(fact), day(lapse))
}

/// `known` is whether it is known today that no opinion came in time.
pub(super) fn lapsed(fact: &Consultation, known: bool, resumption: &str) -> String {
    let silent = if known { "，未收到意见" } else { "；届时未收到意见的" };
    format!("{}的意见期限届满{silent}，{resumption}；{}", party(fact), fact.party.silence())
}

/// `granted` is how many of the days have effect.
pub(super) fn extension(fact: &Extension, granted: u32) -> String {
    let asked = fact.working_days;
    if granted < asked {
        format!(
            "告知申请人延长答复期限{asked}个工作日，其中{granted}个工作日有效，其余超过累计{}个工作日的上限",
            terms::EXTENSION_CAP.length
        )
    } else {
        let approved = fact.approved_on.map(day).unwrap_or_default();
        format!("经政府信息公开工作机构负责人{approved}同意，告知申请人延长答复期限{asked}个工作日")
    }
}

pub(super) fn over_cap(over: u32) -> String {
    format!("延长答复期限累计超过{}个工作日，超出的{over}个工作日不产生效力", terms::EXTENSION_CAP.length)
}

pub(super) fn extension_notified_first(approved: NaiveDate) -> String {
    format!("告知申请人延长答复期限早于政府信息公开工作机构负责人同意之日（{}）", day(approved))
}

pub(super) fn delay(until: NaiveDate) -> String {
    format!("申请理由合理但无法在规定期限内答复，告知申请人延迟至{}答复", day(until))
}

pub(super) fn delay_not_later(until: NaiveDate) -> String {
    format!("告知的延迟答复日期（{}）不晚于原答复期限，期限不变", day(until))
}

pub(super) fn fee_notice(fact: &FeeNotice, pay_by: DueDate) -> String {
    let amount = fact.amount.as_deref().map(|it| format!("（{it}元）")).unwrap_or_default();
    let from = match fact.delivered_on {
        Some(delivered) => format!("自收到通知（{}）次日起", day(delivered)),
        None => "收到日期没有记录，按自发出次日起".to_owned(),
    };
    let provisional = if pay_by.provisional { "（暂定）" } else { "" };
    format!(
        "在答复期限内发出收费通知{amount}，答复期限自完成缴费次日起重新计算；缴费期限{from}{}个工作日，至{}{provisional}",
        terms::FEE_PAYMENT.length,
        day(pay_by.on)
    )
}

pub(super) fn fee_paid(effective: bool) -> &'static str {
    if effective {
        "申请人缴纳信息处理费，答复期限自次日起重新计算"
    } else {
        "申请人缴纳信息处理费，因收费通知不影响答复期限，期限不重新计算"
    }
}

pub(super) fn late_payment(pay_by: NaiveDate) -> String {
    format!("申请人缴费时已超过缴费期限（至{}）", day(pay_by))
}

pub(super) fn late(what: &str) -> String {
    format!("{what}时答复期限已经届满，不影响答复期限")
}

pub(super) fn while_suspended(what: &str) -> String {
    format!("{what}时正在等待补正或者缴费，期限将重新计算，不影响答复期限")
}

pub(super) fn order_fixes_day(what: &str) -> (FindingKind, String) {
    (FindingKind::OrderFixesDay, format!("答复期限由行政复议决定或者判决确定，不因{what}而改变"))
}

/// `late` is the number of working days after the due date.
pub(super) fn closing(due: Option<DueDate>, late: u32) -> String {
    match (due, late) {
        (None, _) => "办结，办结时答复期限正在等待补正或者缴费".to_owned(),
        (Some(_), 0) => "办结，未超过答复期限".to_owned(),
        (Some(_), late) => format!("办结，超过答复期限{late}个工作日"),
    }
}

pub(super) fn due_article(period: &Period<'_>) -> &'static str {
    if period.is_ordered() {
        ORDER_ARTICLE
    } else if period.is_delayed() {
        DELAY_ARTICLE
    } else {
        terms::ANSWER.article
    }
}

/// `missing` is the year whose notice is still to come and may move the day.
pub(super) fn due(period: &Period<'_>, due: DueDate, missing: Option<i32>) -> String {
    let why = if period.is_ordered() {
        "行政复议决定或者判决确定的答复期限届满".to_owned()
    } else if period.is_delayed() {
        "告知申请人的延迟答复期限届满".to_owned()
    } else {
        let extension = match period.extension {
            0 => String::new(),
            days => format!("（含延长{days}个工作日）"),
        };
        format!("自{}的次日起满{}个工作日{extension}", day(period.from), period.allowed())
    };
    let provisional =
        missing.map(|year| format!("（暂定：国务院办公厅尚未公布{year}年节假日安排）")).unwrap_or_default();
    format!("{why}，应当不迟于{}答复{provisional}", day_with_weekday(due.on))
}

pub(super) fn awaiting(what: &str, watch: Option<Watch>) -> String {
    let by = match watch {
        Some(watch) => {
            let provisional = if watch.provisional { "（暂定）" } else { "" };
            format!("，{what}期限至{}{provisional}", day(watch.on))
        }
        None => String::new(),
    };
    format!("等待申请人{what}，答复期限自{what}后重新计算，目前没有届满日{by}")
}
