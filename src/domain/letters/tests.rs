//! Every letter against every outcome and status.

use std::collections::BTreeMap;

use super::*;
use crate::domain::labels::Coded;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::workflow::Status;

/// The first thing that stands in the way; empty for nothing.
fn first_obstacle(kind: LetterKind, facts: &LetterFacts) -> String {
    obstacles(kind, facts, "").first().map(|it| it.message.clone()).unwrap_or_default()
}

#[test]
fn every_letter_can_be_issued_to_its_sample() {
    for kind in LetterKind::ALL {
        for is_full in [true, false] {
            let mut facts = sample(*kind, is_full);
            facts.issued.retain(|it| it.kind != *kind);
            assert_eq!(obstacles(*kind, &facts, ""), [], "{kind:?} {is_full}");
            assert_eq!(values(*kind, &facts)["文书"]["名称"], kind.rule().title);
        }
    }
}

/// Reply × outcome, all of it: a letter whose law contradicts the outcome on record is not issued.
#[test]
fn a_letter_that_contradicts_the_outcome_is_not_issued() {
    let decisions = LetterKind::ALL
        .iter()
        .copied()
        .filter(|it| it.is_decision() && *it != LetterKind::ThirdPartyDecision);
    for kind in decisions {
        let own = match kind.rule().belongs {
            Belongs::Reply(outcomes) => outcomes.to_vec(),
            Belongs::Ending(outcome) => vec![outcome],
            _ => Vec::new(),
        };
        for outcome in Outcome::ALL.iter().copied() {
            let mut facts = sample(kind, true);
            facts.case.reply.as_mut().unwrap().outcome = Some(outcome);
            let message = first_obstacle(kind, &facts);
            if own.contains(&outcome) {
                assert_eq!(message, "", "{kind:?} {outcome:?}");
            } else if outcome == Outcome::NotHeld {
                assert!(message.contains("没有区分"), "{kind:?}: {message}");
            } else {
                let words = format!("与登记的办理结果“{}”", outcome.label());
                assert!(
                    message.contains(&words) && message.contains("不符"),
                    "{kind:?} {outcome:?}: {message}"
                );
            }
            let offered = offers(&facts.case, &facts.issued).iter().any(|it| it.kind == kind);
            assert_eq!(offered, own.contains(&outcome), "{kind:?} {outcome:?}");
        }
        let mut facts = sample(kind, true);
        facts.case.reply = None;
        assert!(first_obstacle(kind, &facts).contains("还没有办理结果"));
    }
}

#[test]
fn a_reply_goes_out_only_when_it_is_signed() {
    for status in Status::ALL.iter().copied() {
        let mut facts = sample(LetterKind::ProvidedReply, true);
        facts.case.status = status;
        let message = first_obstacle(LetterKind::ProvidedReply, &facts);
        let is_signed = matches!(status, Status::AwaitingIssue | Status::Answered);
        assert_eq!(message.is_empty(), is_signed, "{status:?}: {message}");
    }
    let mut facts = sample(LetterKind::UncorrectedNotice, true);
    facts.case.status = Status::Handled;
    assert_eq!(first_obstacle(LetterKind::UncorrectedNotice, &facts), "本件尚未终止办理");
}

#[test]
fn a_notice_needs_its_act() {
    type TakeAway = fn(&mut LetterFacts);
    let without: [(LetterKind, TakeAway); 5] = [
        (LetterKind::CorrectionNotice, |it| it.case.clock.correction = None),
        (LetterKind::ExtensionNotice, |it| it.case.clock.extensions.clear()),
        (LetterKind::DelayNotice, |it| it.case.clock.delay = None),
        (LetterKind::FeeNotice, |it| it.case.clock.fee = None),
        (LetterKind::ThirdPartyConsultation, |it| {
            it.case.clock.consultations.clear();
            it.consultation = None;
        }),
    ];
    for (kind, take_away) in without {
        let mut facts = sample(kind, true);
        facts.issued.clear();
        assert_eq!(first_obstacle(kind, &facts), "", "{kind:?}");
        take_away(&mut facts);
        assert!(first_obstacle(kind, &facts).contains("请先办理"), "{kind:?}");
        assert!(!offers(&facts.case, &[]).iter().any(|it| it.kind == kind));
    }
    // The letter to a third party does not go to another agency.
    let mut facts = sample(LetterKind::ThirdPartyConsultation, true);
    facts.consultation = facts.case.clock.consultations.last().cloned();
    assert!(first_obstacle(LetterKind::ThirdPartyConsultation, &facts).contains("其他机关"));
}

#[test]
fn what_is_not_set_is_a_mark_and_bars_the_letter() {
    let kind = LetterKind::SecretReply;
    let mut facts = sample(kind, true);
    facts.settings = LetterSettings::default();
    let messages: Vec<_> = obstacles(kind, &facts, "").into_iter().map(|it| it.message).collect();
    for what in ["机关代字", "联系电话", "行政复议机关", "一审人民法院"] {
        assert!(messages.iter().any(|it| it.contains(&format!("尚未设置{what}"))), "{what}: {messages:?}");
    }
    let values = values(kind, &facts).to_string();
    for mark in ["【复议机关】", "【人民法院】", "【联系电话】"] {
        assert!(values.contains(mark), "{mark}");
    }
}

#[test]
fn each_outcome_tells_of_its_remedies() {
    for outcome in Outcome::ALL.iter().copied() {
        let Some(kind) = LetterKind::for_outcome(outcome) else { continue };
        let mut facts = sample(kind, true);
        facts.case.reply.as_mut().unwrap().outcome = Some(outcome);
        let told = values(kind, &facts)["救济"]["段落"].to_string();
        let first = told.contains("应当自收到本答复之日起六十日内先向聊城市人民政府申请行政复议");
        let free = told.contains("或者自收到本答复之日起六个月内向聊城市东昌府区人民法院提起行政诉讼");
        use crate::domain::outcome::RemedyClass as R;
        let expected = match outcome.rule().remedy {
            R::ReconsiderationFirst => (true, false),
            R::Free => (false, true),
            R::FirstForWithheldPart => (true, true),
            R::Nothing => (false, false),
        };
        assert_eq!((first, free), expected, "{outcome:?}: {told}");
    }
    let facts = sample(LetterKind::CorrectionNotice, true);
    assert_eq!(values(LetterKind::CorrectionNotice, &facts)["救济"]["段落"], serde_json::json!([]));
}

#[test]
fn remedies_in_the_signed_text_must_be_right_and_stand_once() {
    let kind = LetterKind::SecretReply;
    let mut facts = sample(kind, true);
    let body =
        |facts: &mut LetterFacts, text: &str| facts.case.reply.as_mut().unwrap().body = text.to_owned();
    let right = "现答复如下。\n如不服，应当自收到本答复之日起六十日内先向聊城市人民政府申请行政复议；对复议决定不服的，可以向人民法院提起行政诉讼。";
    body(&mut facts, right);
    assert_eq!(first_obstacle(kind, &facts), "");
    assert_eq!(values(kind, &facts)["答复"]["内容"], serde_json::json!(["现答复如下。"]));
    body(&mut facts, "如不服，可以在六十日内申请行政复议，或者在六个月内提起行政诉讼。");
    assert!(first_obstacle(kind, &facts).contains("救济告知与办理结果不符"));
    body(&mut facts, "由【复议机关】处理。");
    assert!(first_obstacle(kind, &facts).contains("【复议机关】"));
}

#[test]
fn a_signed_text_that_cites_other_law_is_not_issued() {
    let kind = LetterKind::NotExistingReply;
    let mut facts = sample(kind, true);
    let mut check = |text: &str, is_right: bool, is_cited: bool| {
        facts.case.reply.as_mut().unwrap().body = text.to_owned();
        let message = first_obstacle(kind, &facts);
        assert_eq!(message.is_empty(), is_right, "{text}: {message}");
        assert_eq!(values(kind, &facts)["答复"]["写明依据"], is_cited, "{text}");
    };
    check("经检索没有该信息。", true, false);
    check("根据条例第三十六条第（四）项，该政府信息不存在。", true, true);
    check("根据条例第三十六条第四项，该信息不存在；不适用第三十六条第五项。", true, true);
    check("根据条例第三十六条第（五）项，不属于本机关负责公开。", false, true);
    check("根据条例第十四条，不予公开。", false, false);
}

#[test]
fn parts_are_demanded_and_known_ones_filled_in() {
    let kind = LetterKind::CorrectionNotice;
    let mut facts = sample(kind, false);
    facts.parts = BTreeMap::new();
    let fields: Vec<_> = obstacles(kind, &facts, "").into_iter().map(|it| it.field).collect();
    assert_eq!(fields, ["correction_matters"]);
    let values = values(kind, &facts);
    assert_eq!(values["填写"]["补正事项"], "【补正事项】");
    assert_eq!(values["填写"]["提交方式"], "聊城市东昌府区昌润路1号（邮编252000），聊城市自然资源和规划局");
    facts.parts.insert(Part::CorrectionMatters, "写明【文号】".to_owned());
    assert!(first_obstacle(kind, &facts).contains("【文号】"));
}

#[test]
fn a_letter_in_force_is_replaced_only_for_a_reason() {
    let kind = LetterKind::CorrectionNotice;
    let mut facts = sample(kind, true);
    let found = obstacles(kind, &facts, "");
    assert_eq!(found.iter().map(|it| &*it.field).collect::<Vec<_>>(), ["replacing"]);
    assert!(found[0].message.contains("聊自然资规公开告〔2026〕6号"));
    assert_eq!(obstacles(kind, &facts, "补正期限有误"), []);
    facts.issued.iter_mut().for_each(|it| it.is_replaced = true);
    assert_eq!(obstacles(kind, &facts, ""), []);
}

#[test]
fn every_particular_and_part_has_a_name_of_its_own() {
    let facts = sample(LetterKind::ProvidedReply, true);
    let values = values(LetterKind::ProvidedReply, &facts);
    assert_eq!(values["答复"]["事项"].as_object().unwrap().len(), Particular::ALL.len());
    assert_eq!(values["填写"].as_object().unwrap().len(), Part::ALL.len());
    let names = known_names(LetterKind::ProvidedReply);
    for name in ["申请人.姓名", "答复.事项.理由", "填写.补正事项", "延期.天数", "征求意见", "文书.文号"]
    {
        assert!(names.contains(name), "{name}");
    }
    assert!(!names.contains("申请人.姓明"));
}
