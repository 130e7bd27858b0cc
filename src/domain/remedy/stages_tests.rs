use super::*;
use crate::domain::calendar::tests::day;
use crate::domain::remedy::Capacity;

fn facts(kind: RemedyKind) -> RemedyFacts {
    RemedyFacts { kind, accepted_on: day("2025-03-03"), concluded: None, capacity: Capacity::ActingAgency }
}

fn begun(kind: RemedyKind) -> (RemedyFacts, Vec<Stage>) {
    let facts = facts(kind);
    let stages = vec![Stage::first(&facts, "1号", "市政府")];
    (facts, stages)
}

/// The deadlines as text: what is due, and when.
fn due(stage: &Stage, next: Option<&Stage>) -> Vec<String> {
    let calendar = WorkCalendar::published();
    let open = |it: &Deadline| if it.done_on.is_some() { "已办" } else { "" };
    stage
        .deadlines(next, &calendar)
        .iter()
        .map(|it| format!("{} {}{}", it.due.on, it.term.article, open(it)))
        .collect()
}

#[test]
fn a_reconsideration_is_answered_in_10_or_5_working_days() {
    let (mut facts, mut stages) = begun(RemedyKind::Reconsideration);
    let mut receive = |procedure| {
        let command = RemedyCommand::ReceiveCopy { received_on: day("2025-03-07"), procedure };
        apply(&mut facts, &mut stages, &command, day("2025-03-10")).unwrap();
        due(&stages[0], None)
    };
    assert_eq!(receive(Procedure::Ordinary), ["2025-03-21 复议法第四十八条", "2025-05-06 复议法第六十二条"]);
    assert_eq!(
        receive(Procedure::Simplified),
        ["2025-03-14 复议法第五十四条", "2025-04-02 复议法第六十二条"]
    );
}

#[test]
fn a_suit_is_answered_in_15_days_and_appealed_in_15_or_10() {
    let (mut facts, mut stages) = begun(RemedyKind::DirectSuit);
    let today = day("2025-06-30");
    let copy = RemedyCommand::ReceiveCopy { received_on: day("2025-03-07"), procedure: Procedure::Ordinary };
    apply(&mut facts, &mut stages, &copy, today).unwrap();
    // 22 March is a Saturday; the period ends on the Monday after it.
    assert_eq!(due(&stages[0], None), ["2025-03-24 行诉法第六十七条"]);
    let answer = RemedyCommand::HandInAnswer { on: day("2025-03-20") };
    apply(&mut facts, &mut stages, &answer, today).unwrap();
    let end = |paper| RemedyCommand::EndStage {
        end: StageEnd {
            on: day("2025-05-12"),
            served_on: Some(day("2025-05-14")),
            paper,
            result: RemedyResult::SuitClaimDismissed,
        },
        is_final: false,
    };
    apply(&mut facts, &mut stages, &end(Paper::Judgment), today).unwrap();
    assert_eq!(due(&stages[0], None), ["2025-03-24 行诉法第六十七条已办", "2025-05-29 行诉法第八十五条"]);
    apply(&mut facts, &mut stages, &end(Paper::Ruling), today).unwrap();
    assert_eq!(due(&stages[0], None)[1], "2025-05-26 行诉法第八十五条");
}

#[test]
fn an_appeal_keeps_the_first_instance_and_takes_back_the_conclusion() {
    let (mut facts, mut stages) = begun(RemedyKind::SuitAfterReconsideration);
    let today = day("2025-12-31");
    let appeal = RemedyCommand::BeginStage {
        kind: StageKind::SecondInstance,
        docket_no: "2号".to_owned(),
        body: "中院".to_owned(),
        accepted_on: day("2025-06-10"),
    };
    let refusals = apply(&mut facts, &mut stages, &appeal, today).unwrap_err();
    assert_eq!(refusals[0].message, "一审还没有登记结果");
    let end = |result, is_final| RemedyCommand::EndStage {
        end: StageEnd { on: day("2025-05-12"), served_on: None, paper: Paper::Judgment, result },
        is_final,
    };
    assert!(apply(&mut facts, &mut stages, &end(RemedyResult::SuitRevoked, true), today).is_err());
    assert!(apply(&mut facts, &mut stages, &end(RemedyResult::ReviewUpheld, false), today).is_err());
    apply(&mut facts, &mut stages, &end(RemedyResult::SuitRevoked, false), today).unwrap();
    let conclude = RemedyCommand::Conclude { on: day("2025-06-01"), result: RemedyResult::SuitRevoked };
    apply(&mut facts, &mut stages, &conclude, today).unwrap();
    apply(&mut facts, &mut stages, &appeal, today).unwrap();
    assert_eq!((stages.len(), facts.concluded), (2, None));
    assert_eq!(stages[0].end.as_ref().map(|it| it.result), Some(RemedyResult::SuitRevoked));
}

#[test]
fn days_are_checked_against_each_other() {
    let check = |command: RemedyCommand, message: &str| {
        let (mut facts, mut stages) = begun(RemedyKind::Reconsideration);
        let refusals = apply(&mut facts, &mut stages, &command, day("2025-03-10")).unwrap_err();
        assert_eq!(refusals[0].message, message);
        assert_eq!((facts, stages), begun(RemedyKind::Reconsideration));
    };
    let copy = |received_on| RemedyCommand::ReceiveCopy { received_on, procedure: Procedure::Ordinary };
    check(copy(day("2025-03-01")), "收到副本的日期早于受理日期（2025-03-03），请核对两个日期");
    check(copy(day("2025-03-11")), "收到副本的日期还没有到，请核对日期");
    let answer = RemedyCommand::HandInAnswer { on: day("2025-03-05") };
    check(answer, "请先登记收到副本的日期：答复期限从那天起算");
    check(RemedyCommand::Reopen { reason: "误登".to_owned() }, "本案没有审结");
}

#[test]
fn suing_over_a_refusal_without_reconsideration_is_warned_of() {
    let warns = |kind, on: &str, outcome| order_warning(kind, day(on), Some(outcome)).is_some();
    assert!(warns(RemedyKind::DirectSuit, "2025-03-03", Outcome::StateSecret));
    assert!(warns(RemedyKind::DirectSuit, "2025-03-03", Outcome::Partial));
    assert!(!warns(RemedyKind::DirectSuit, "2025-03-03", Outcome::NotExisting));
    assert!(!warns(RemedyKind::DirectSuit, "2023-12-31", Outcome::StateSecret));
    assert!(!warns(RemedyKind::SuitAfterReconsideration, "2025-03-03", Outcome::StateSecret));
}
