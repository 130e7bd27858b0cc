//! The values a template is filled with, by Chinese names.
//!
//! Every name is there in every letter, so that an agency can use any of them: what a case does not have
//! is `null` as a whole group (`延期`), which a template asks for with `{% if 延期 %}`. Within a group nothing is
//! missing: what nobody has set stands there as a visible mark (`【联系电话】`), and [`super::obstacles`]
//! keeps such a letter from being issued.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::Reply;
use crate::domain::labels::Coded;
use crate::domain::letters::fitting::{day_of, has_part, remedy_of};
use crate::domain::letters::known::written;
use crate::domain::letters::{Addressee, LetterFacts, LetterKind, Opinion, Part};
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::regulation::cited;
use crate::domain::remedy_instruction;
use crate::domain::remedy_instruction::RemedyBodies;
use crate::domain::response_clock::{Consultation, Start};
use crate::domain::workflow::Action;

/// The addressee of a letter.
pub fn addressee(kind: LetterKind, facts: &LetterFacts) -> String {
    match (kind.rule().addressee, &facts.consultation) {
        (Addressee::Consulted, Some(it)) => it.name.clone(),
        _ => facts.case.applicant_name.clone(),
    }
}

/// The values of a letter.
pub fn values(kind: LetterKind, facts: &LetterFacts) -> Value {
    let case = &facts.case;
    let settings = &facts.settings;
    let request = &facts.request;
    let is_person = case.applicant_kind == ApplicantKind::NaturalPerson;
    let clock = &case.clock;
    let number = |of: LetterKind| {
        let paper = facts.issued.iter().rev().find(|it| it.kind == of && !it.is_replaced);
        paper.and_then(|it| it.document_no.clone()).unwrap_or_default()
    };
    json!({
        "机关": {
            "名称": facts.agency_name,
            "联系人": settings.contact_name,
            "电话": marked(&settings.contact_phone, "联系电话"),
            "地址": settings.address,
            "邮编": settings.postcode,
            "红头": settings.has_red_head,
        },
        "文书": {
            "名称": kind.rule().title,
            "依据": kind.rule().article,
            "日期": day_of(kind, facts),
            "文号": document_no(kind, facts),
            "经办人": facts.issuer,
        },
        "收文人": addressee(kind, facts),
        "申请人": {
            "姓名": marked(&case.applicant_name, "申请人姓名或者名称"),
            "你": if is_person { "你" } else { "你单位" },
            "类别": case.applicant_kind.label(),
            "证件号码": request.id_number.clone().unwrap_or_default(),
            "电话": request.phone.clone().unwrap_or_default(),
            "邮箱": request.email.clone().unwrap_or_default(),
            "地址": request.address.clone().unwrap_or_default(),
        },
        "申请": {
            "编号": case.case_no,
            "内容": request.content,
            "收到日期": case.received_on,
            "提交方式": case.channel.map_or("", Coded::label),
            "提交日期": request.submitted_on,
            "送达本机关日期": request.arrived_on,
            "确认日期": request.confirmed_on,
            "获取方式": request.preferred_form.map_or("", Coded::label),
        },
        "期限": facts.due.map(|(on, is_provisional)| json!({ "届满日期": on, "暂定": is_provisional })),
        "重新答复": match clock.start {
            Start::Reopened { on, .. } => json!({ "收到决定或者判决日期": on }),
            Start::Received(_) => Value::Null,
        },
        "补正": clock.correction.as_ref().map(|it| json!({
            "告知日期": it.notified_on,
            "期限": day_or_mark(it.reply_by, "补正期限"),
            "收到日期": it.received_on,
            "文号": number(LetterKind::CorrectionNotice),
        })),
        "延期": clock.extensions.last().map(|it| json!({
            "告知日期": it.notified_on,
            "天数": it.working_days,
            "批准日期": it.approved_on,
        })),
        "延迟": clock.delay.as_ref().map(|it| json!({ "告知日期": it.notified_on, "至": it.until })),
        "收费": clock.fee.as_ref().map(|it| json!({
            "发出日期": it.sent_on,
            "金额": marked(it.amount.as_deref().unwrap_or_default(), "金额"),
            "送达日期": it.delivered_on,
            "缴费日期": it.paid_on,
            "文号": number(LetterKind::FeeNotice),
        })),
        "征求意见": facts.consultation.as_ref().map(consultation),
        "征求意见情况": clock.consultations.iter().map(consultation).collect::<Vec<_>>(),
        "答复": case.reply.as_ref().map(|it| reply(it, &number)),
        "救济": remedies(kind, facts),
        "意见": opinions(&facts.opinions),
        "送达文书": facts.about_letter.as_ref().map(|it| json!({
            "名称": it.title,
            "文号": it.document_no.clone().unwrap_or_default(),
            "日期": it.on,
        })),
        "卷内文书": facts.issued.iter().filter(|it| !it.is_replaced).map(|it| json!({
            "名称": it.title,
            "文号": it.document_no.clone().unwrap_or_default(),
            "日期": it.on,
        })).collect::<Vec<_>>(),
        "经办": { "部门": facts.department, "承办人": facts.handler },
        "填写": written_parts(kind, facts),
        "附件": lines(&if has_part(kind, Part::Attachments) {
            written(facts, Part::Attachments)
        } else {
            String::new()
        }),
    })
}

/// The number, or a mark where the letter has none yet; empty for papers that bear none.
fn document_no(kind: LetterKind, facts: &LetterFacts) -> String {
    if kind.series().is_none() {
        return String::new();
    }
    facts.document_no.clone().unwrap_or_else(|| "【文号，出具时编定】".to_owned())
}

fn marked(text: &str, what: &str) -> String {
    if text.is_empty() { format!("【{what}】") } else { text.to_owned() }
}

/// A day as templates take it. Where there must be one and is none, the filter for days refuses the mark,
/// so the letter cannot be filled.
fn day_or_mark(day: Option<NaiveDate>, what: &str) -> String {
    day.map_or_else(|| format!("【{what}】"), |it| it.to_string())
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn consultation(it: &Consultation) -> Value {
    json!({
        "编号": it.id,
        "对象": it.party.label(),
        "名称": it.name,
        "发出日期": it.sent_on,
        "收到日期": it.delivered_on,
        "收回日期": it.returned_on,
        "同意": it.consent == Some(true),
        "不同意": it.consent == Some(false),
        "期限": it.party.term().length,
        "逾期后果": it.party.silence(),
    })
}

/// The name of a particular in templates, under 答复.事项.
fn particular_name(it: Particular) -> &'static str {
    match it {
        Particular::WhereToFind => "获取途径",
        Particular::HowProvided => "提供方式",
        Particular::WithheldPart => "不予公开部分",
        Particular::Grounds => "理由",
        Particular::ForbiddingLaw => "禁止公开的规定",
        Particular::Danger => "危及事项",
        Particular::Objection => "第三方意见",
        Particular::InternalClass => "内部事务类别",
        Particular::ProcessClass => "过程性信息类别",
        Particular::SpecialRules => "特别规定",
        Particular::SearchRecord => "检索情况",
        Particular::CompetentAgency => "负责机关",
        Particular::CompetentAgencyContact => "负责机关联系方式",
        Particular::ProcessingNeeded => "加工分析情况",
        Particular::UnclearPoint => "不明确内容",
        Particular::PetitionChannel => "信访渠道",
        Particular::EarlierReplyNo => "原答复文号",
        Particular::EarlierReplyOn => "原答复日期",
        Particular::PublicationSource => "出版物途径",
        Particular::CorrectionNotice => "补正告知情况",
        Particular::FeeNotice => "收费通知情况",
        Particular::WithdrawalRecord => "撤回情况",
        Particular::OtherReason => "处理原因",
    }
}

fn reply(it: &Reply, number: &dyn Fn(LetterKind) -> String) -> Value {
    let stated = |particular: &Particular| {
        let text = it.particulars.get(particular).map(|it| it.trim().to_owned()).unwrap_or_default();
        // Sentences go on after it, so its own end is left out.
        (
            particular_name(*particular).to_owned(),
            Value::String(text.trim_end_matches(['。', '；']).to_owned()),
        )
    };
    let particulars: Map<String, Value> = Particular::ALL.iter().map(stated).collect();
    json!({
        "结果": it.outcome.map_or("", Coded::label),
        "代码": it.outcome.map_or("", Coded::code),
        "依据": it.outcome.map_or("", |it| it.rule().article).replace("条例", "《中华人民共和国政府信息公开条例》"),
        "文号": it.reply_no.clone().unwrap_or_default(),
        "内容": lines(&without_remedies(it)),
        "写明依据": cites_its_law(it),
        "事项": particulars,
        "审核日期": it.legal_reviewed_on,
        "签发日期": it.signed_off_on,
        "送达日期": it.closed_on,
        "送达方式": it.delivery_method.clone().unwrap_or_default(),
        "邮件号码": it.tracking_no.clone().unwrap_or_default(),
        "签收日期": it.signed_for_on,
        "补正文号": number(LetterKind::CorrectionNotice),
    })
}

/// Whether the signed text cites the law of its outcome itself, so that no standard sentence is needed.
fn cites_its_law(reply: &Reply) -> bool {
    let basis = reply.outcome.map(|it| cited(it.rule().article)).unwrap_or_default();
    !reply.body.trim().is_empty() && basis.iter().all(|it| reply.body.contains(it.no))
}

/// The signed text without paragraphs about remedies, which the letter sets itself.
fn without_remedies(reply: &Reply) -> String {
    let is_remedy =
        |it: &&str| it.contains("申请行政复议") && (it.contains("不服") || it.contains("提起行政诉讼"));
    let lines: Vec<&str> = reply.body.lines().filter(|it| !is_remedy(it)).collect();
    lines.join("\n")
}

fn remedies(kind: LetterKind, facts: &LetterFacts) -> Value {
    let settings = &facts.settings;
    let bodies = RemedyBodies { reconsideration: &settings.reconsideration_body, court: &settings.court };
    let paragraph = remedy_instruction::paragraph(remedy_of(kind, facts), bodies);
    let mut paragraphs = lines(&paragraph.unwrap_or_default());
    if !paragraphs.is_empty() && !settings.reconsideration_online.is_empty() {
        paragraphs.push(format!("行政复议申请也可以通过{}在线提出。", settings.reconsideration_online));
    }
    json!({
        "段落": paragraphs,
        "复议机关": marked(&settings.reconsideration_body, "复议机关"),
        "人民法院": marked(&settings.court, "人民法院"),
        "复议前置": facts.case.reply.as_ref().and_then(|it| it.outcome).is_some_and(is_first),
    })
}

fn is_first(outcome: Outcome) -> bool {
    use crate::domain::outcome::RemedyClass as R;
    matches!(outcome.rule().remedy, R::ReconsiderationFirst | R::FirstForWithheldPart)
}

fn opinions(all: &[Opinion]) -> Value {
    let of = |steps: &[Action]| -> Vec<Value> {
        let told = |it: &Opinion| {
            let verdict = it.step.label();
            let text =
                if it.text.is_empty() { verdict.to_owned() } else { format!("{verdict}：{}", it.text) };
            json!({ "人": it.who, "日期": it.on, "内容": text })
        };
        all.iter().filter(|it| steps.contains(&it.step)).map(told).collect()
    };
    json!({
        "承办": of(&[Action::SubmitDraft]),
        "法律审核": of(&[Action::Agree, Action::AgreeWithChanges, Action::ReturnDraft]),
        "签发": of(&[Action::SignOff, Action::RefuseSignOff]),
    })
}

/// The parts of this letter by their names; those of other letters are empty.
fn written_parts(kind: LetterKind, facts: &LetterFacts) -> Map<String, Value> {
    let text = |it: Part| {
        let text = if has_part(kind, it) { written(facts, it) } else { String::new() };
        if has_part(kind, it) && it.is_required() && text.is_empty() {
            format!("【{}】", it.label())
        } else {
            text
        }
    };
    Part::ALL.iter().map(|it| (it.label().to_owned(), Value::String(text(*it)))).collect()
}
