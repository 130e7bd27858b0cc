//! A case in which everything has happened, to try templates with.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::Value;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, Reply};
use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::labels::Coded;
use crate::domain::letters::{
    Belongs, IssuedPaper, LetterFacts, LetterKind, LetterSettings, Opinion, Part, values,
};
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::{
    ClockFacts, Consultation, Correction, Extension, FeeNotice, Party, ReasonableDelay,
};
use crate::domain::workflow::{Action, Status};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

fn text(it: &str) -> String {
    it.to_owned()
}

/// The facts of a sample case to which this letter can be issued. A full one has everything that can
/// happen; a plain one has only what the letter belongs to, so that a template is also tried without.
pub fn sample(kind: LetterKind, is_full: bool) -> LetterFacts {
    let belongs = kind.rule().belongs;
    let outcome = match belongs {
        Belongs::Reply(outcomes) => outcomes.first().copied(),
        Belongs::Ending(outcome) => Some(outcome),
        _ => Some(Outcome::Provided),
    };
    let mut facts = full(outcome.unwrap_or(Outcome::Provided));
    if matches!(belongs, Belongs::Ending(_)) {
        facts.case.status = Status::Ended;
    } else if belongs == Belongs::Closing {
        facts.case.status = Status::Answered;
    } else if belongs == Belongs::Reasons {
        facts.case.status = Status::Handled;
    }
    let party = match belongs {
        Belongs::Consultation(party) => Some(party),
        Belongs::Overruled => Some(Party::ThirdParty),
        _ => None,
    };
    facts.consultation = facts.case.clock.consultations.iter().find(|it| Some(it.party) == party).cloned();
    if belongs == Belongs::Delivery {
        facts.about_letter = facts.issued.get(1).cloned();
    }
    if !is_full {
        strip(&mut facts, belongs);
    }
    for part in kind.rule().parts {
        if part.is_required() || is_full {
            facts.parts.insert(*part, sample_part(*part).to_owned());
        }
    }
    facts
}

/// Takes away what the letter does not belong to.
fn strip(facts: &mut LetterFacts, belongs: Belongs) {
    let clock = &mut facts.case.clock;
    if belongs != Belongs::Act(Action::RequestCorrection) && belongs != Belongs::Ending(Outcome::NoCorrection)
    {
        clock.correction = None;
    }
    if belongs != Belongs::Act(Action::Extend) {
        clock.extensions.clear();
    }
    if belongs != Belongs::Act(Action::Delay) {
        clock.delay = None;
    }
    if belongs != Belongs::Act(Action::NoticeFee) && belongs != Belongs::Ending(Outcome::UnpaidFee) {
        clock.fee = None;
    }
    if !matches!(belongs, Belongs::Consultation(_) | Belongs::Consultations | Belongs::Overruled) {
        clock.consultations.clear();
        facts.consultation = None;
    }
    let needs_reply = matches!(
        belongs,
        Belongs::Reply(_) | Belongs::Ending(_) | Belongs::Overruled | Belongs::Approval | Belongs::Closing
    );
    if !needs_reply {
        facts.case.reply = None;
        facts.case.status = Status::Handled;
        facts.opinions.clear();
    } else if let Some(reply) = facts.case.reply.as_mut() {
        let required = reply.outcome.map_or(&[][..], |it| it.rule().required);
        reply.particulars.retain(|it, _| required.contains(it));
    }
    if belongs != Belongs::Delivery {
        facts.issued.clear();
    }
    facts.request = Request { content: facts.request.content.clone(), ..Request::default() };
    facts.case.channel = None;
    facts.due = None;
    facts.settings.reconsideration_online.clear();
    facts.settings.has_red_head = false;
    facts.department.clear();
    facts.handler.clear();
}

fn full(outcome: Outcome) -> LetterFacts {
    let mut clock = ClockFacts::received(day(3, 5));
    clock.correction = Some(Correction {
        notified_on: day(3, 10),
        reply_by: Some(day(3, 25)),
        received_on: Some(day(3, 20)),
    });
    clock.consultations = [
        (1, Party::ThirdParty, "聊城喆堃置业有限公司", Some(false)),
        (2, Party::JointMaker, "聊城市住房和城乡建设局", Some(true)),
        (3, Party::OtherAgency, "聊城市东昌府区人民政府", None),
    ]
    .map(|(id, party, name, consent)| Consultation {
        id,
        party,
        name: text(name),
        sent_on: day(3, 24),
        delivered_on: Some(day(3, 26)),
        returned_on: Some(day(4, 8)),
        consent,
    })
    .to_vec();
    clock.extensions =
        vec![Extension { approved_on: Some(day(4, 10)), notified_on: day(4, 10), working_days: 20 }];
    clock.delay = Some(ReasonableDelay { notified_on: day(4, 10), until: day(6, 30) });
    clock.fee = Some(FeeNotice {
        sent_on: day(4, 13),
        delivered_on: Some(day(4, 15)),
        paid_on: None,
        amount: Some(text("700")),
    });
    clock.closed_on = Some(day(5, 12));
    let reply = Reply {
        outcome: Some(outcome),
        particulars: Particular::ALL.iter().map(|it| (*it, text(sample_particular(*it)))).collect(),
        body: String::new(),
        reply_no: None,
        legal_reviewed_on: Some(day(5, 8)),
        signed_off_on: Some(day(5, 11)),
        closed_on: Some(day(5, 12)),
        delivery_method: Some(text("邮寄（EMS）")),
        tracking_no: Some(text("1042000000000")),
        signed_for_on: Some(day(5, 14)),
    };
    let case = Case {
        id: CaseId(uuid::Uuid::nil()),
        agency_id: AgencyId(1),
        case_no: text("2026-0012"),
        version: 1,
        status: Status::AwaitingIssue,
        channel: Some(Channel::SignedPost),
        received_on: day(3, 5),
        applicant_kind: ApplicantKind::NaturalPerson,
        applicant_name: text("张喆堃"),
        department_id: None,
        handler_id: None,
        round: 1,
        closed: None,
        clock,
        reply: Some(reply),
    };
    let paper = |id: &str, kind: LetterKind, no: Option<&str>, on| IssuedPaper {
        id: text(id),
        kind,
        round: 1,
        title: text(kind.rule().title),
        document_no: no.map(str::to_owned),
        addressee: text("张喆堃"),
        about: None,
        on,
        is_replaced: false,
    };
    let issued = vec![
        paper("1", LetterKind::Receipt, None, day(3, 5)),
        paper("2", LetterKind::CorrectionNotice, Some("聊自然资规公开告〔2026〕6号"), day(3, 10)),
        paper("3", LetterKind::FeeNotice, Some("聊自然资规公开费〔2026〕1号"), day(4, 13)),
        paper("4", LetterKind::ExtensionNotice, Some("聊自然资规公开告〔2026〕11号"), day(4, 10)),
    ];
    let opinion = |step, who: &str, on, said: &str| Opinion { step, who: text(who), on, text: text(said) };
    LetterFacts {
        agency_name: text("聊城市自然资源和规划局"),
        settings: LetterSettings {
            document_words: text("聊自然资规公开"),
            reconsideration_body: text("聊城市人民政府"),
            reconsideration_online: text("山东省行政复议网上申请平台"),
            court: text("聊城市东昌府区人民法院"),
            contact_name: text("刘某"),
            contact_phone: text("0635-0000000"),
            address: text("聊城市东昌府区昌润路1号"),
            postcode: text("252000"),
            payment: text("持本通知书到聊城市政务服务大厅非税收入窗口缴纳，收款单位开具财政票据。"),
            has_red_head: true,
            ..LetterSettings::default()
        },
        case,
        request: Request {
            content: text("位于<东昌府区>“A&B”地块的征地补偿安置方案批复及其附件"),
            preferred_form: Some(PreferredForm::Paper),
            id_number: Some(text("371500199001010011")),
            phone: Some(text("13800000000")),
            email: Some(text("zhang@example.com")),
            address: Some(text("聊城市东昌府区柳园路8号")),
            submitted_on: Some(day(3, 3)),
            arrived_on: Some(day(3, 5)),
            confirmed_on: None,
            confirmed_how: None,
            remarks: String::new(),
        },
        due: Some((day(5, 20), false)),
        department: text("自然资源确权登记科"),
        handler: text("王某"),
        consultation: None,
        about_letter: None,
        opinions: vec![
            opinion(Action::SubmitDraft, "王某", day(5, 6), outcome.label()),
            opinion(Action::ReturnDraft, "孙某", day(5, 7), "理由不完整，请补充。"),
            opinion(Action::SubmitDraft, "王某", day(5, 8), outcome.label()),
            opinion(Action::Agree, "孙某", day(5, 8), "主体、事实、依据、理由和救济告知齐备。"),
            opinion(Action::SignOff, "赵某", day(5, 11), ""),
        ],
        issued,
        parts: [].into(),
        today: day(5, 12),
        issuer: text("李某"),
        document_no: Some(text("聊自然资规公开复〔2026〕12号")),
    }
}

fn sample_part(part: Part) -> &'static str {
    match part {
        Part::CorrectionMatters => "所申请批复的文号或者批准时间\n地块的具体位置或者四至范围",
        Part::CorrectionGuidance => "可以写明文件的名称、文号，或者便于本机关查询的其他特征性描述。",
        Part::SubmitTo => "聊城市东昌府区昌润路1号（邮编252000），聊城市自然资源和规划局",
        Part::Excess => "2026年3月提出政府信息公开申请86件",
        Part::ReasonsPeriod => "收到本告知书之日起10个工作日",
        Part::ExtensionReason => "所申请信息涉及多个部门，需要进一步核实",
        Part::ConsultedInformation => "某地块征地补偿安置方案批复及其附件",
        Part::ConcernedInterest => "商业秘密",
        Part::CoordinationMatters => "核实贵单位是否制作或者保存上述信息，并提出是否公开的意见。",
        Part::DelayReason => "一次提出的申请数量较多，无法在规定期限内全部答复",
        Part::FeeBasis => "按量计收。本件共提供100页：1至30页不收费，31至100页每页10元，计700元。",
        Part::FeePayment => "持本通知书到聊城市政务服务大厅非税收入窗口缴纳。",
        Part::Attachments => "关于某地块征地补偿安置方案的批复（6页）\n征地红线图（A&B，1页）",
        Part::RecordChange => "经核实，已将登记的出生日期更正为1990年1月1日。",
        Part::DisclosedContent => "某地块征地补偿安置方案批复及其附件",
        Part::DisclosureReason => "该信息关系被征收人的知情权，不公开会对公共利益造成重大影响",
        Part::Recipient => "张喆堃",
        Part::DeliveryPlace => "聊城市东昌府区柳园路8号",
        Part::DeliveryMethod => "邮寄（EMS）",
        Part::Remark => "无",
    }
}

fn sample_particular(it: Particular) -> &'static str {
    match it {
        Particular::WhereToFind => "聊城市人民政府网站“政府信息公开”栏目（http://www.example.gov.cn）",
        Particular::HowProvided => "随本告知书一并邮寄纸质复印件",
        Particular::WithheldPart => "方案附件中被征收人的姓名、身份证件号码和银行账号",
        Particular::Grounds => "公开该信息会对第三方合法权益造成损害",
        Particular::ForbiddingLaw => "《中华人民共和国测绘法》第三十四条",
        Particular::Danger => "经济安全",
        Particular::Objection => "第三方认为该信息属于商业秘密，不同意公开，理由成立",
        Particular::InternalClass => "内部工作流程",
        Particular::ProcessClass => "请示报告",
        Particular::SpecialRules => "《不动产登记资料查询暂行办法》，请向聊城市不动产登记中心申请查询",
        Particular::SearchRecord => "在办公自动化系统和档案室以项目名称、文号检索，未检索到所申请的信息",
        Particular::CompetentAgency => "聊城市住房和城乡建设局",
        Particular::CompetentAgencyContact => "0635-0000001",
        Particular::ProcessingNeeded => "所申请的统计数据需要对多个年度的档案汇总、分析",
        Particular::UnclearPoint => "未写明所申请文件的名称、文号或者其他特征",
        Particular::PetitionChannel => "聊城市信访局或者12345政务服务便民热线",
        Particular::EarlierReplyNo => "聊自然资规公开复〔2025〕31号",
        Particular::EarlierReplyOn => "2025年11月3日",
        Particular::PublicationSource => "各新华书店或者聊城市图书馆",
        Particular::CorrectionNotice => "2026年3月10日告知，期限至2026年3月25日",
        Particular::FeeNotice => "2026年4月15日送达，期限至2026年5月14日",
        Particular::WithdrawalRecord => "2026年3月12日书面撤回",
        Particular::OtherReason => "所申请内容不属于政府信息",
    }
}

/// Every name a template may use, dotted; those of lists stand for their items as well.
pub fn known_names(kind: LetterKind) -> BTreeSet<String> {
    fn collect(prefix: &str, value: &Value, names: &mut BTreeSet<String>) {
        if let Value::Object(fields) = value {
            for (name, value) in fields {
                let dotted = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                collect(&dotted, value, names);
                names.insert(dotted);
            }
        }
    }
    let mut names = BTreeSet::new();
    let mut facts = sample(kind, true);
    facts.about_letter = facts.issued.first().cloned();
    facts.consultation = facts.case.clock.consultations.first().cloned();
    collect("", &values(kind, &facts), &mut names);
    // The one start excludes the other, so no sample has both.
    names.insert("重新答复.收到决定或者判决日期".to_owned());
    names
}
