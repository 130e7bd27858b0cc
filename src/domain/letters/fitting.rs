//! Whether a letter fits a case: what is offered, and what stands in the way of issuing it.

use chrono::NaiveDate;

use crate::domain::case::Case;
use crate::domain::labels::Coded;
use crate::domain::letters::known::written;
use crate::domain::letters::{Addressee, Belongs, IssuedPaper, LetterFacts, LetterKind, Part};
use crate::domain::outcome::{Outcome, RemedyClass};
use crate::domain::refusal::Refusal;
use crate::domain::remedy_instruction;
use crate::domain::response_clock::{Consultation, Party};
use crate::domain::wording;
use crate::domain::workflow::{Action, Status};

/// A letter that belongs to a case as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its kind.
    pub kind: LetterKind,
    /// What it is about beside the case: the number of a consultation, or another letter.
    pub about: Option<String>,
    /// The same in words; empty for nothing.
    pub about_words: String,
}

fn overruled(case: &Case) -> impl Iterator<Item = &Consultation> {
    let outcome = case.reply.as_ref().and_then(|it| it.outcome);
    let is_disclosed = matches!(outcome, Some(Outcome::Provided | Outcome::Partial));
    case.clock
        .consultations
        .iter()
        .filter(move |it| is_disclosed && it.party == Party::ThirdParty && it.consent == Some(false))
}

/// Whether the act a letter belongs to is on record.
fn has_happened(action: Action, case: &Case) -> bool {
    match action {
        Action::RequestCorrection => case.clock.correction.is_some(),
        Action::Extend => !case.clock.extensions.is_empty(),
        Action::Delay => case.clock.delay.is_some(),
        Action::NoticeFee => case.clock.fee.is_some(),
        _ => false,
    }
}

/// The letters that belong to a case as it stands, in their order. Some may still be in want of something:
/// that is said by [`obstacles`].
pub fn offers(case: &Case, issued: &[IssuedPaper]) -> Vec<Offer> {
    let outcome = case.reply.as_ref().and_then(|it| it.outcome);
    let mut offers = Vec::new();
    for kind in LetterKind::ALL.iter().copied() {
        let mut offer = |about: Option<String>, about_words: &str| {
            offers.push(Offer { kind, about, about_words: about_words.to_owned() });
        };
        let consulted = |it: &Consultation| (Some(it.id.to_string()), it.name.clone());
        match kind.rule().belongs {
            Belongs::Registration if case.status != Status::Received => offer(None, ""),
            Belongs::Act(action) if has_happened(action, case) => offer(None, ""),
            Belongs::Reasons if matches!(case.status, Status::Registered | Status::Handled) => {
                offer(None, "")
            }
            Belongs::Consultation(party) => {
                for it in case.clock.consultations.iter().filter(|it| it.party == party) {
                    let (about, words) = consulted(it);
                    offer(about, &words);
                }
            }
            Belongs::Consultations if !case.clock.consultations.is_empty() => offer(None, ""),
            Belongs::Reply(outcomes) if outcome.is_some_and(|it| outcomes.contains(&it)) => offer(None, ""),
            Belongs::Ending(of) if case.status == Status::Ended && outcome == Some(of) => offer(None, ""),
            Belongs::Overruled => {
                for it in overruled(case) {
                    let (about, words) = consulted(it);
                    offer(about, &words);
                }
            }
            Belongs::Approval if outcome.is_some_and(|it| !it.ends_without_reply()) => offer(None, ""),
            Belongs::Delivery => {
                let goes_out =
                    |it: &&IssuedPaper| !it.is_replaced && it.kind.rule().addressee != Addressee::File;
                for it in issued.iter().filter(goes_out) {
                    let no = it.document_no.as_deref().unwrap_or_default();
                    offer(Some(it.id.clone()), &format!("{}{no}", it.title));
                }
            }
            Belongs::Closing if !case.status.is_open() => offer(None, ""),
            _ => {}
        }
    }
    offers
}

/// The day a letter bears: that of the act it belongs to, else today.
pub fn day_of(kind: LetterKind, facts: &LetterFacts) -> NaiveDate {
    let clock = &facts.case.clock;
    let of_act = match kind.rule().belongs {
        Belongs::Act(Action::RequestCorrection) => clock.correction.as_ref().map(|it| it.notified_on),
        Belongs::Act(Action::Extend) => clock.extensions.last().map(|it| it.notified_on),
        Belongs::Act(Action::Delay) => clock.delay.as_ref().map(|it| it.notified_on),
        Belongs::Act(Action::NoticeFee) => clock.fee.as_ref().map(|it| it.sent_on),
        Belongs::Consultation(_) => facts.consultation.as_ref().map(|it| it.sent_on),
        Belongs::Ending(_) => facts.case.clock.closed_on,
        _ => None,
    };
    of_act.unwrap_or(facts.today)
}

/// What stands in the way of issuing a letter; nothing where it may be issued. `replacing` is why one that
/// is in force already is to be replaced.
pub fn obstacles(kind: LetterKind, facts: &LetterFacts, replacing: &str) -> Vec<Refusal> {
    let mut found = Vec::new();
    let mut refuse = |field: &'static str, message: String| found.push(Refusal::at(field, message));
    if let Err(message) = fits(kind, facts) {
        refuse("", message);
    }
    for (is_set, message) in settings_needed(kind, facts) {
        if !is_set {
            refuse("", format!("尚未设置{message}，不能出具。请系统管理员在“管理—文书设置”中填写。"));
        }
    }
    for message in [wrong_law(kind, facts), wrong_remedy(kind, facts)].into_iter().flatten() {
        refuse("", message);
    }
    for part in kind.rule().parts.iter().copied() {
        let text = written(facts, part);
        if part.is_required() && text.is_empty() {
            refuse(part.code(), format!("请填写{}", part.label()));
        } else if let Some(mark) = mark_in(&text) {
            refuse(part.code(), format!("{}中还有待填的“{mark}”，请填写完整", part.label()));
        }
    }
    if kind.is_decision()
        && let Some(mark) = facts.case.reply.as_ref().and_then(|it| mark_in(&it.body))
    {
        refuse("", format!("签发的答复内容中还有待填的“{mark}”，请退回承办人补全后重新签发"));
    }
    if let Some(earlier) = facts.in_force(kind)
        && replacing.trim().is_empty()
    {
        let no = earlier.document_no.as_deref().map(|it| format!("（{it}）")).unwrap_or_default();
        let message = format!(
            "本件已于{}出具{}{no}；确需重新出具的，请填写原因",
            wording::day(earlier.on),
            earlier.title
        );
        refuse("replacing", message);
    }
    found
}

/// A blank to be filled in, such as 【复议机关】.
fn mark_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once('【')?;
    let (mark, _) = rest.split_once('】')?;
    Some(format!("【{mark}】"))
}

/// Whether the case has what the letter belongs to, and does not say otherwise.
fn fits(kind: LetterKind, facts: &LetterFacts) -> Result<(), String> {
    let case = &facts.case;
    let rule = kind.rule();
    let outcome = case.reply.as_ref().and_then(|it| it.outcome);
    match rule.belongs {
        Belongs::Registration if case.status == Status::Received => {
            Err("本件尚未与申请人双方确认，登记后才能出具".to_owned())
        }
        Belongs::Registration => Ok(()),
        Belongs::Act(action) if !has_happened(action, case) => {
            Err(format!("本件没有“{0}”的记录。请先办理“{0}”，再出具文书", action.label()))
        }
        Belongs::Act(Action::RequestCorrection)
            if case.clock.correction.as_ref().is_some_and(|it| it.reply_by.is_none()) =>
        {
            Err("告知补正没有登记补正期限，条例第三十条要求告知合理的补正期限".to_owned())
        }
        Belongs::Act(Action::NoticeFee) if case.clock.fee.as_ref().is_some_and(|it| it.amount.is_none()) => {
            Err("收费通知没有登记金额".to_owned())
        }
        Belongs::Act(_) => Ok(()),
        Belongs::Reasons if !matches!(case.status, Status::Registered | Status::Handled) => {
            Err("只有办理中的申请可以要求申请人说明理由".to_owned())
        }
        Belongs::Reasons => Ok(()),
        Belongs::Consultation(party) => match &facts.consultation {
            Some(it) if it.party == party => Ok(()),
            Some(it) => Err(format!("这项征求意见的对象是{}，不能出具{}", it.party.label(), rule.title)),
            None => Err("请先办理“征求意见”，再出具文书".to_owned()),
        },
        Belongs::Consultations if case.clock.consultations.is_empty() => {
            Err("本件没有征求意见的记录。请先办理“征求意见”，再出具文书".to_owned())
        }
        Belongs::Consultations => Ok(()),
        Belongs::Reply(outcomes) => {
            agrees(kind, outcomes, outcome)?;
            signed(case)
        }
        Belongs::Ending(of) => {
            agrees(kind, &[of], outcome)?;
            if case.status == Status::Ended { Ok(()) } else { Err("本件尚未终止办理".to_owned()) }
        }
        Belongs::Overruled => {
            let about = facts.consultation.as_ref().map(|it| it.id);
            if !overruled(case).any(|it| Some(it.id) == about) {
                let message =
                    "只有第三方不同意公开、本机关仍决定公开的，才出具决定公开告知书（条例第三十二条）";
                return Err(message.to_owned());
            }
            signed(case)
        }
        Belongs::Approval if outcome.is_none() => Err("本件还没有答复稿".to_owned()),
        Belongs::Approval => signed(case),
        Belongs::Delivery if facts.about_letter.is_none() => {
            Err("请先出具需要送达的文书，再出具送达回证".to_owned())
        }
        Belongs::Delivery => Ok(()),
        Belongs::Closing if case.status.is_open() => Err("本件尚未办结".to_owned()),
        Belongs::Closing => Ok(()),
    }
}

/// The law of the letter is that of the outcome on record.
fn agrees(kind: LetterKind, outcomes: &[Outcome], recorded: Option<Outcome>) -> Result<(), String> {
    let rule = kind.rule();
    match recorded {
        Some(it) if outcomes.contains(&it) => Ok(()),
        Some(Outcome::NotHeld) => Err(
            "登记的办理结果为“本机关不掌握相关政府信息”，没有区分条例第三十六条第四项和第五项，不能据以出具文书"
                .to_owned(),
        ),
        Some(it) => Err(format!(
            "{}的依据（{}）与登记的办理结果“{}”（{}）不符，不能出具",
            kind.label(),
            rule.article,
            it.label(),
            it.rule().article
        )),
        None => Err("本件还没有办理结果，不能出具".to_owned()),
    }
}

/// A reply goes out only as it was signed.
fn signed(case: &Case) -> Result<(), String> {
    match case.status {
        Status::AwaitingIssue | Status::Answered => Ok(()),
        other => Err(format!("本件处于“{}”环节，答复签发后才能出具", other.label())),
    }
}

/// What an agency must have set for a letter: whether it has, and what.
fn settings_needed(kind: LetterKind, facts: &LetterFacts) -> Vec<(bool, &'static str)> {
    let settings = &facts.settings;
    let mut needed = Vec::new();
    if kind.series().is_some() {
        needed.push((!settings.document_words.is_empty(), "机关代字"));
        needed.push((!settings.contact_phone.is_empty(), "联系电话"));
    }
    if remedy_of(kind, facts) != RemedyClass::Nothing {
        needed.push((!settings.reconsideration_body.is_empty(), "行政复议机关"));
        needed.push((!settings.court.is_empty(), "一审人民法院"));
    }
    needed
}

/// The remedies a letter must tell of.
pub(super) fn remedy_of(kind: LetterKind, facts: &LetterFacts) -> RemedyClass {
    match kind.rule().belongs {
        Belongs::Reply(_) | Belongs::Ending(_) => {
            let outcome = facts.case.reply.as_ref().and_then(|it| it.outcome);
            outcome.map_or(RemedyClass::Nothing, |it| it.rule().remedy)
        }
        Belongs::Overruled => RemedyClass::Free,
        _ => RemedyClass::Nothing,
    }
}

/// The provisions of which a reply rests on one and no other.
const BASES: &[&str] = &[
    "第十四条",
    "第十五条",
    "第十六条",
    "第三十六条第一项",
    "第三十六条第二项",
    "第三十六条第三项",
    "第三十六条第四项",
    "第三十六条第五项",
    "第三十六条第六项",
    "第三十六条第七项",
    "第三十七条",
    "第三十八条",
    "第三十九条",
];

/// Where the signed text cites the basis of other replies and not its own, it contradicts its outcome.
fn wrong_law(kind: LetterKind, facts: &LetterFacts) -> Option<String> {
    if !matches!(kind.rule().belongs, Belongs::Reply(_)) {
        return None;
    }
    let reply = facts.case.reply.as_ref()?;
    let article = reply.outcome?.rule().article;
    let body = reply.body.replace(['（', '）', '(', ')'], "");
    let (own, others): (Vec<&str>, Vec<&str>) = BASES.iter().partition(|it| article.contains(**it));
    let other = others.into_iter().find(|it| body.contains(it))?;
    let is_wrong = !own.is_empty() && !own.iter().any(|it| body.contains(it));
    is_wrong.then(|| {
        format!(
            "签发的答复内容引用条例{other}，与办理结果的依据（{article}）不符，请退回承办人改正后重新签发"
        )
    })
}

/// Where the signed text itself tells of remedies, they must be those of the outcome.
fn wrong_remedy(kind: LetterKind, facts: &LetterFacts) -> Option<String> {
    if !matches!(kind.rule().belongs, Belongs::Reply(_)) {
        return None;
    }
    let reply = facts.case.reply.as_ref()?;
    let class = reply.outcome?.rule().remedy;
    let tells = reply.body.contains("申请行政复议") || reply.body.contains("提起行政诉讼");
    let is_right = !tells || remedy_instruction::is_told(class, &reply.body);
    (!is_right).then(|| {
        format!(
            "签发的答复内容中的救济告知与办理结果不符（应为：{}），请退回承办人改正后重新签发",
            remedy_instruction::in_a_word(class)
        )
    })
}

/// Whether a part is one of the letter's.
pub(super) fn has_part(kind: LetterKind, part: Part) -> bool {
    kind.rule().parts.contains(&part)
}
