use std::collections::BTreeSet;

use super::*;
use crate::domain::calendar::tests::day;
use crate::domain::remedy::stages::Stage;
use crate::domain::remedy::{Capacity, RemedyFacts, RemedyKind};
use crate::domain::response_clock::{Consultation, Correction, FeeNotice, Party};

fn case(received_on: &str) -> OpenCase {
    OpenCase {
        id: CaseId::default(),
        case_no: "2026-0012".to_owned(),
        round: 1,
        status: Status::Handled,
        clock: ClockFacts::received(day(received_on)),
    }
}

/// What is due on a day, as kind, reader and last day.
fn due(case: &OpenCase, today: &str) -> Vec<String> {
    on_day(case, day(today)).into_iter().map(|it| words(&it)).collect()
}

fn on_day(case: &OpenCase, today: NaiveDate) -> Vec<Reminder> {
    let (policy, calendar) = (ReminderPolicy::default(), WorkCalendar::published());
    let basis = Basis { policy: &policy, calendar: &calendar, clock: &ClockSettings::default(), today };
    of_case(case, basis)
}

fn words(it: &Reminder) -> String {
    let to = match it.to {
        Reader::Handler => "handler",
        Reader::Role(role) => role.code(),
    };
    format!("{} {to} {}", it.kind.code(), it.on)
}

#[test]
fn a_due_date_is_told_as_it_comes_near() {
    // Received on Monday 2 March 2026: due on Monday 30 March.
    let case = case("2026-03-02");
    assert_eq!(due(&case, "2026-03-20"), [""; 0]);
    assert_eq!(due(&case, "2026-03-23"), ["due_soon handler 2026-03-30"]);
    assert_eq!(
        due(&case, "2026-03-27"),
        ["due_soon handler 2026-03-30", "due_soon clerk 2026-03-30", "due_soon approver 2026-03-30"]
    );
    let text = &on_day(&case, day("2026-03-26"))[0].text;
    assert_eq!(text, "答复期限2026年3月30日（周一）届满，还剩2个工作日；现在“办理中”。");
    let text = &on_day(&case, day("2026-03-30"))[0].text;
    assert!(text.contains("即在今日"), "{text}");
    assert_eq!(due(&case, "2026-03-31"), ["overdue handler 2026-03-30", "escalation approver 2026-03-30"]);
    let mut reviewed = case.clone();
    reviewed.status = Status::UnderReview;
    assert!(due(&reviewed, "2026-03-27").contains(&"due_soon legal_adviser 2026-03-30".to_owned()));
    let mut answered = case;
    answered.status = Status::Answered;
    assert_eq!(due(&answered, "2026-03-31"), [""; 0]);
}

/// Everything told from one day to another, where somebody looked on these days only.
fn told(case: &OpenCase, days: impl IntoIterator<Item = NaiveDate>) -> Vec<(NaiveDate, String)> {
    let mut keys = BTreeSet::new();
    let mut told = Vec::new();
    for today in days {
        for it in on_day(case, today) {
            if keys.insert(it.key.clone()) {
                told.push((today, words(&it)));
            }
        }
    }
    told
}

#[test]
fn each_fact_is_told_once_however_often_somebody_looks() {
    let case = case("2026-03-02");
    let daily = told(&case, day("2026-03-02").iter_days().take(120));
    let kinds: Vec<_> = daily.iter().map(|(on, it)| format!("{on} {it}")).collect();
    assert_eq!(
        kinds,
        [
            "2026-03-23 due_soon handler 2026-03-30",
            "2026-03-26 due_soon handler 2026-03-30",
            "2026-03-27 due_soon clerk 2026-03-30",
            "2026-03-27 due_soon approver 2026-03-30",
            "2026-03-30 due_soon handler 2026-03-30",
            "2026-03-31 overdue handler 2026-03-30",
            "2026-03-31 escalation approver 2026-03-30",
        ]
    );
}

#[test]
fn days_missed_are_made_up_for_by_one_mail() {
    let case = case("2026-03-02");
    // Nobody looked from the 20th to the 27th: what the handler is told then is how near it is, once.
    let days = [day("2026-03-20"), day("2026-03-27"), day("2026-03-28")];
    let of_handler: Vec<_> = told(&case, days).into_iter().filter(|(_, it)| it.contains("handler")).collect();
    assert_eq!(of_handler, [(day("2026-03-27"), "due_soon handler 2026-03-30".to_owned())]);
    // Nobody looked for two months.
    let late = told(&case, day("2026-06-01").iter_days().take(7));
    assert_eq!(late.len(), 2, "{late:?}");
}

#[test]
fn a_due_date_that_moves_is_another_fact() {
    let mut case = case("2026-03-02");
    let before = on_day(&case, day("2026-03-26"));
    case.clock.extensions.push(crate::domain::response_clock::Extension {
        approved_on: Some(day("2026-03-26")),
        notified_on: day("2026-03-26"),
        working_days: 5,
    });
    let after = on_day(&case, day("2026-04-02"));
    assert_eq!(after[0].on, day("2026-04-07"));
    assert_ne!(before[0].key, after[0].key);
}

#[test]
fn what_others_owe_is_told_with_what_their_silence_means() {
    let mut case = case("2026-03-02");
    case.clock.correction = Some(Correction {
        notified_on: day("2026-03-04"),
        reply_by: Some(day("2026-03-19")),
        received_on: None,
    });
    assert_eq!(due(&case, "2026-03-16"), [""; 0], "the clock stands still");
    assert_eq!(due(&case, "2026-03-17"), ["waiting handler 2026-03-19"]);
    let over = on_day(&case, day("2026-03-20"));
    assert_eq!(
        over[0].text,
        "申请人补正的期限已于2026年3月19日（周四）届满，至今没有登记收到。\
         申请人无正当理由逾期不补正的，视为放弃申请，本机关不再处理（条例第三十条）。"
    );
    assert_ne!(over[0].key, on_day(&case, day("2026-03-17"))[0].key);
    assert_eq!(told(&case, day("2026-03-04").iter_days().take(60)).len(), 2);

    let mut case = self::case("2026-03-02");
    case.clock.consultations.push(Consultation {
        id: 1,
        party: Party::JointMaker,
        name: "市财政局".to_owned(),
        sent_on: day("2026-03-04"),
        delivered_on: None,
        returned_on: None,
        consent: None,
    });
    let over = on_day(&case, day("2026-03-26"));
    assert!(
        over[0].text.contains("共同制作机关逾期未提出意见的，视为同意公开（条例第三十四条）"),
        "{over:?}"
    );
    case.clock.consultations[0].party = Party::ThirdParty;
    let text = &on_day(&case, day("2026-03-26"))[0].text;
    assert!(text.contains("由本机关依照条例的规定决定是否公开（条例第三十二条）"), "{text}");

    let mut case = self::case("2026-03-02");
    case.clock.fee = Some(FeeNotice {
        sent_on: day("2026-03-04"),
        delivered_on: Some(day("2026-03-06")),
        paid_on: None,
        amount: None,
    });
    let over = on_day(&case, day("2026-04-08"));
    assert!(over[0].text.contains("国办函〔2020〕109号第六条"), "{over:?}");
}

#[test]
fn the_turn_of_the_year_is_provisional_and_told() {
    // Due on 2027-01-06 or about it: the notice for 2027 is not out.
    let case = case("2026-12-08");
    let found = on_day(&case, day("2027-01-04"));
    assert!(found[0].text.contains("（暂定）") && found[0].text.contains("2027年1月"), "{found:?}");
}

#[test]
fn proceedings_have_their_deadlines() {
    let facts = RemedyFacts {
        kind: RemedyKind::Reconsideration,
        accepted_on: day("2026-03-02"),
        concluded: None,
        capacity: Capacity::ActingAgency,
    };
    let mut stage = Stage::first(&facts, "聊政复〔2026〕9号", "市政府");
    stage.copy_received_on = Some(day("2026-03-04"));
    stage.hearing_on = Some(day("2026-03-20"));
    let (policy, calendar, clock) =
        (ReminderPolicy::default(), WorkCalendar::published(), ClockSettings::default());
    let on = |stage: &Stage, today: &str| {
        let basis = Basis { policy: &policy, calendar: &calendar, clock: &clock, today: day(today) };
        of_remedy(RemedyId::default(), "聊政复〔2026〕9号", std::slice::from_ref(stage), basis)
    };
    assert!(on(&stage, "2026-03-10").is_empty());
    let near = on(&stage, "2026-03-13");
    assert_eq!(near.len(), 2, "the handler and the legal adviser: {near:?}");
    assert!(
        near[0].text.contains("2026年3月18日（周三）届满，还剩3个工作日（复议法第四十八条）"),
        "{near:?}"
    );
    assert!(on(&stage, "2026-03-19").iter().any(|it| it.text.contains("至今没有登记提交")));
    assert!(on(&stage, "2026-03-19").iter().any(|it| it.text.contains("听证、开庭，还剩1个工作日")));
    stage.answered_on = Some(day("2026-03-16"));
    assert!(on(&stage, "2026-03-24").is_empty());
}

#[test]
fn the_report_is_due_by_the_dates_of_the_office() {
    let (mut policy, calendar, clock) =
        (ReminderPolicy::default(), WorkCalendar::published(), ClockSettings::default());
    policy.report_publish_by = (3, 31);
    let on = |today: &str| {
        let basis = Basis { policy: &policy, calendar: &calendar, clock: &clock, today: day(today) };
        of_report(AgencyId(1), basis)
    };
    assert!(on("2025-12-31").is_empty());
    assert_eq!(on("2026-01-01").len(), 2, "a clerk and a manager, thirty days before");
    let last = on("2026-01-31");
    assert_eq!(
        last[0].text,
        "2025年度政府信息公开工作年度报告，应当在2026年1月31日（周六）前报送本级政府信息公开工作主管部门，\
         即在今日（条例第四十九条；日期以本机关的设置为准）。"
    );
    assert!(on("2026-02-01").is_empty());
    assert!(on("2026-03-28").iter().all(|it| it.text.contains("向社会公布")));
}
