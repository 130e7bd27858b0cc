//! A country's cases, made up: the same ones every time, for they come from a fixed seed.
//!
//! Agencies form the tree they form in life, their sizes are log-normal, and a case has what the
//! program itself would have written of it: its request and reply, and an entry of the journal, properly
//! sealed, for each step from registration to delivery.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use gongkai::domain::applicant::ApplicantKind;
use gongkai::domain::case::{Case, Reply, next_day};
use gongkai::domain::event::{CountedFacts, Event, Subject};
use gongkai::domain::ids::{AgencyId, CaseId, RemedyId};
use gongkai::domain::labels::Coded;
use gongkai::domain::outcome::{Outcome, Particular};
use gongkai::domain::remedy::{Capacity, RemedyFacts, RemedyKind, RemedyResult};
use gongkai::domain::request::{Channel, PreferredForm, Request};
use gongkai::domain::response_clock::{ClockFacts, ClockSettings, Correction, Extension};
use gongkai::domain::workflow::{Policy, Status};
use gongkai::service::Rules;
use gongkai::storage::access::agencies::Agency;
use gongkai::storage::case::cases::NewCase;
use gongkai::storage::journal::{Entry, Head};
use gongkai::storage::remedy::remedies::Remedy;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::random::Random;

/// How many agencies there are: a country, its provinces, their cities, and counties.
pub const N_AGENCIES: i32 = 3_000;
const N_PROVINCES: i32 = 31;
const N_CITIES: i32 = 333;

/// The first of the seven years of the register, which ends today.
pub const FIRST_YEAR: i32 = 2020;

/// The day everything is measured on.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).expect("a fixed date")
}

/// An instant of a day, in office hours.
pub fn instant(day: NaiveDate, second: u32) -> DateTime<Utc> {
    let time = NaiveTime::from_num_seconds_from_midnight_opt(second % 28_800, 0).expect("within a day");
    (day.and_time(time) + chrono::Duration::hours(1)).and_utc()
}

/// The rules of the office, as installed.
pub fn rules() -> Rules {
    Rules {
        policy: Policy::default(),
        clock: ClockSettings::default(),
        calendar: gongkai::domain::calendar::WorkCalendar::published(),
        mail: gongkai::domain::mail::MailPolicy::default(),
        reminders: gongkai::domain::reminders::ReminderPolicy::default(),
        letters: gongkai::domain::letters::LetterDefaults::default(),
    }
}

/// The agencies: the country's first, then provinces, cities and counties, each under one before it.
pub fn agencies() -> Vec<Agency> {
    let mut random = Random::new(1);
    let mut all: Vec<Agency> = Vec::new();
    for id in 1..=N_AGENCIES {
        let (first, n, level) = match id {
            1 => (0, 0, "部"),
            2.. if id <= 1 + N_PROVINCES => (1, 1, "省"),
            _ if id <= 1 + N_PROVINCES + N_CITIES => (2, N_PROVINCES, "市"),
            _ => (2 + N_PROVINCES, N_CITIES, "县"),
        };
        let parent_id =
            (n != 0).then(|| first + i32::try_from(random.below(n.unsigned_abs())).expect("small"));
        let above = parent_id.and_then(|it| usize::try_from(it - 1).ok()).map(|it| all[it].path.clone());
        all.push(Agency {
            id,
            code: format!("A{id:04}"),
            name: format!("第{id}号{level}级机关"),
            parent_id,
            path: format!("{}{id}/", above.unwrap_or_else(|| "/".to_owned())),
        });
    }
    all
}

const KINDS: &[(ApplicantKind, u32)] = &[
    (ApplicantKind::NaturalPerson, 880),
    (ApplicantKind::CommercialEnterprise, 60),
    (ApplicantKind::ResearchInstitute, 5),
    (ApplicantKind::PublicWelfareOrganization, 10),
    (ApplicantKind::LegalServiceOrganization, 30),
    (ApplicantKind::Other, 15),
];

const OUTCOMES: &[(Outcome, u32)] = &[
    (Outcome::Provided, 300),
    (Outcome::AlreadyPublic, 130),
    (Outcome::Partial, 70),
    (Outcome::NotExisting, 150),
    (Outcome::NotOurs, 80),
    (Outcome::NeedsCreation, 20),
    (Outcome::StillUnclear, 12),
    (Outcome::Petition, 50),
    (Outcome::Duplicate, 30),
    (Outcome::InternalAffairs, 18),
    (Outcome::ProcessInfo, 22),
    (Outcome::EnforcementFile, 15),
    (Outcome::AdminQuery, 15),
    (Outcome::ThirdParty, 15),
    (Outcome::ThreeSecurities, 6),
    (Outcome::LawForbids, 5),
    (Outcome::StateSecret, 3),
    (Outcome::Publication, 1),
    (Outcome::Excessive, 2),
    (Outcome::Reissue, 2),
    (Outcome::NoCorrection, 15),
    (Outcome::UnpaidFee, 1),
    (Outcome::Withdrawn, 30),
    (Outcome::Other, 8),
];

const CHANNELS: &[(Channel, u32)] =
    &[(Channel::Web, 55), (Channel::SignedPost, 30), (Channel::InPerson, 10), (Channel::Email, 5)];

const OPEN: &[(Status, u32)] = &[
    (Status::Registered, 20),
    (Status::Handled, 50),
    (Status::UnderReview, 15),
    (Status::AwaitingSignOff, 10),
    (Status::AwaitingIssue, 5),
];

/// From receipt to closing, in calendar days: the bounds of a range and how often it comes.
const DURATIONS: &[((u32, u32), u32)] =
    &[((0, 7), 200), ((8, 20), 300), ((21, 30), 330), ((31, 60), 150), ((61, 400), 20)];

const WORDS: &[&str] = &[
    "申请",
    "公开",
    "征收",
    "土地",
    "补偿",
    "安置",
    "房屋",
    "拆迁",
    "决定",
    "批复",
    "文件",
    "会议",
    "纪要",
    "预算",
    "决算",
    "项目",
    "审批",
    "规划",
    "许可",
    "环境",
    "影响",
    "评价",
    "报告",
    "财政",
    "专项",
    "资金",
    "使用",
    "情况",
    "行政",
    "处罚",
    "统计",
    "数据",
    "集体",
    "所有",
    "红线",
    "测绘",
    "登记",
    "档案",
    "公告",
    "通知",
    "标准",
    "依据",
    "二〇二四年",
    "本村",
    "本市",
    "全部",
    "复印件",
    "明细",
    "，",
    "。",
    "的",
    "及",
    "和",
    "关于",
];

fn words(random: &mut Random, n: u32) -> String {
    (0..n).map(|_| *random.pick(WORDS)).collect()
}

/// A case as planned: whose it is and when it comes.
struct Plan {
    received_on: NaiveDate,
    second: u32,
    agency: i32,
}

/// Everything stored of some cases, in the order in which they came.
#[derive(Default)]
pub struct Block {
    /// The cases with their requests and replies.
    pub cases: Vec<NewCase>,
    /// Their journal.
    pub entries: Vec<Entry>,
    /// The proceedings about them.
    pub remedies: Vec<Remedy>,
}

/// The register of the whole country.
pub struct Register {
    plans: std::vec::IntoIter<Plan>,
    random: Random,
    rules: Rules,
    last_no: Vec<[u32; 8]>,
    n_remedies: u32,
}

/// The number given out last: agency, year and number.
pub type Counter = (i32, i32, i64);

impl Register {
    /// A register of so many cases.
    pub fn new(n_cases: u32) -> Self {
        let mut random = Random::new(2);
        let mut reached = 0.0;
        let sizes = (0..N_AGENCIES).map(|_| {
            reached += (1.2 * random.normal()).exp();
            reached
        });
        let sizes: Vec<f64> = sizes.collect();
        let first = NaiveDate::from_ymd_opt(FIRST_YEAR, 1, 1).expect("a fixed date");
        let n_days = u32::try_from((today() - first).num_days() + 1).expect("some years");
        let mut plan = || {
            let place = random.unit() * reached;
            let index = sizes.partition_point(|it| *it < place);
            let mut received_on = first + Days::new(u64::from(random.below(n_days)));
            while matches!(received_on.weekday(), Weekday::Sat | Weekday::Sun) {
                received_on = first + Days::new(u64::from(random.below(n_days)));
            }
            Plan {
                received_on,
                second: random.below(28_800),
                agency: i32::try_from(index).expect("small") + 1,
            }
        };
        let mut plans: Vec<Plan> = (0..n_cases).map(|_| plan()).collect();
        plans.sort_by_key(|it| (it.received_on, it.second, it.agency));
        let n = usize::try_from(N_AGENCIES).expect("positive");
        Self {
            plans: plans.into_iter(),
            random: Random::new(3),
            rules: rules(),
            last_no: vec![[0; 8]; n + 1],
            n_remedies: 0,
        }
    }

    /// The numbers given out, once all cases have been made.
    pub fn counters(&self) -> Vec<Counter> {
        let of_agency = |(agency, years): (i32, &[u32; 8])| {
            let of_year = move |(year, no): (i32, u32)| (agency, year, i64::from(no));
            (FIRST_YEAR..).zip(*years).filter(|(_, no)| *no != 0).map(of_year).collect::<Vec<_>>()
        };
        (0..).zip(&self.last_no).flat_map(of_agency).collect()
    }

    fn id(&mut self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        bytes[..8].copy_from_slice(&self.random.next().to_be_bytes());
        let millis =
            u64::try_from(at.timestamp_millis()).expect("after 1970") + u64::from(self.random.below(1_000));
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    fn add(&mut self, plan: &Plan, block: &mut Block) {
        let Plan { received_on, second, agency } = *plan;
        let at = instant(received_on, second);
        let id = self.id(at);
        let random = &mut self.random;
        let kind = random.weighted(KINDS);
        let (from, through) = random.weighted(DURATIONS);
        let took = from + random.below(through - from + 1);
        let answered_on = received_on + Days::new(u64::from(took));
        // What came lately may be slow.
        let is_late = received_on + Days::new(200) > today() && random.chance(250);
        let is_open = is_late || today() < answered_on;
        let outcome = random.weighted(OUTCOMES);
        let channel = random.weighted(CHANNELS);
        let ended = matches!(outcome, Outcome::Withdrawn | Outcome::NoCorrection | Outcome::UnpaidFee);
        let status = match (is_open, ended) {
            (true, _) => random.weighted(OPEN),
            (false, true) => Status::Ended,
            (false, false) => Status::Answered,
        };
        let mut clock = ClockFacts { channel: Some(channel), ..ClockFacts::received(received_on) };
        if 30 < took && random.chance(700) {
            let on = received_on + Days::new(15);
            clock.extensions.push(Extension { approved_on: Some(on), notified_on: on, working_days: 20 });
        } else if random.chance(80) {
            let notified_on = received_on + Days::new(3);
            let received_on = (!is_open).then_some(received_on + Days::new(8));
            let reply_by = Some(notified_on + Days::new(15));
            clock.correction = Some(Correction { notified_on, reply_by, received_on });
        }
        let closed = (!is_open).then_some((answered_on, outcome));
        clock.closed_on = closed.map(|(day, _)| day);
        let index = usize::try_from(agency).expect("positive");
        let year = usize::try_from(received_on.year() - FIRST_YEAR).expect("one of the years");
        self.last_no[index][year] += 1;
        let no = self.last_no[index][year];
        let reply = closed.map(|(day, outcome)| Reply {
            outcome: Some(outcome),
            particulars: [(Particular::Grounds, words(random, 12))].into(),
            body: words(random, 90),
            reply_no: Some(format!("公开答复〔{}〕{no}号", day.year())),
            legal_reviewed_on: Some(day),
            signed_off_on: Some(day),
            closed_on: Some(day),
            delivery_method: Some("邮寄".to_owned()),
            tracking_no: random.chance(600).then(|| format!("EMS{:012}", random.next() % 1_000_000_000_000)),
            signed_for_on: None,
        });
        let case = Case {
            id: CaseId(id),
            agency_id: AgencyId(agency),
            case_no: format!("{}-{no:04}", received_on.year()),
            version: if is_open { 2 } else { 6 },
            status,
            channel: Some(channel),
            received_on,
            applicant_kind: kind,
            applicant_name: format!("申请人{}", random.below(1_000_000)),
            department_id: None,
            handler_id: None,
            round: 1,
            closed,
            clock,
            reply,
        };
        let request = Request {
            content: words(random, 60),
            preferred_form: Some(PreferredForm::Paper),
            id_number: Some(format!("11010119{:010}", random.below(1_000_000_000))),
            phone: Some(format!("13{:09}", random.below(1_000_000_000))),
            address: Some(words(random, 8)),
            submitted_on: Some(received_on),
            confirmed_on: Some(received_on),
            ..Request::default()
        };
        self.add_journal(&case, second, block);
        if !is_open && self.random.chance(10) {
            self.add_remedy(&case, answered_on, block);
        }
        let next = next_day(&case.clock, &self.rules.calendar, &self.rules.clock, today());
        block.cases.push(NewCase { case, request, next, registered_at: at });
    }

    /// The steps from registration to delivery, as the program writes them down.
    fn add_journal(&mut self, case: &Case, second: u32, block: &mut Block) {
        let open = CountedFacts {
            opened_on: case.received_on,
            closed_on: None,
            kind: case.applicant_kind.code(),
            result: None,
        };
        let handler = Uuid::from_u128(u128::from(self.random.below(9_000)));
        let registered = json!({
            "case_no": case.case_no,
            "channel": case.channel,
            "received_on": case.received_on,
            "applicant_kind": case.applicant_kind,
            "applicant_name": case.applicant_name,
        });
        let assigned = json!({ "department": [null, 1], "handler": [null, handler] });
        let mut steps: Vec<(&str, NaiveDate, Value)> =
            vec![("register", case.received_on, registered), ("assign", case.received_on, assigned)];
        if let (Some((day, outcome)), Some(reply)) = (case.closed, &case.reply) {
            let particulars = json!(reply.particulars);
            let issued = json!({
                "on": day, "outcome": outcome, "method": reply.delivery_method, "tracking_no": reply.tracking_no,
            });
            let drafted = json!({ "outcome": outcome, "particulars": particulars, "reply_no": null });
            steps.push(("submit_draft", day, drafted));
            steps.push(("agree", day, json!({ "opinion": "同意" })));
            steps.push(("sign_off", day, json!({ "reply_no": reply.reply_no })));
            steps.push(("issue", day, issued));
        }
        let mut head = Head::none();
        let last = steps.len() - 1;
        for (i, (action, day, details)) in steps.into_iter().enumerate() {
            let counted = if i == last { CountedFacts::from(&case.counted()) } else { open.clone() };
            block.entries.push(head.follow(Event {
                subject: Subject::Case,
                subject_id: case.id.to_string(),
                agency_id: Some(case.agency_id),
                action: action.to_owned(),
                actor: format!("科员{}", self.random.below(9_000)),
                recorded_at: instant(day, second),
                known_on: day,
                details,
                counted: Some(counted),
            }));
        }
    }

    fn add_remedy(&mut self, case: &Case, answered_on: NaiveDate, block: &mut Block) {
        let accepted_on = answered_on + Days::new(u64::from(20 + self.random.below(40)));
        if today() < accepted_on {
            return;
        }
        let concluded_on = accepted_on + Days::new(u64::from(30 + self.random.below(200)));
        let kind = self.random.weighted(&[
            (RemedyKind::Reconsideration, 6),
            (RemedyKind::DirectSuit, 2),
            (RemedyKind::SuitAfterReconsideration, 2),
        ]);
        let result = match kind {
            RemedyKind::Reconsideration => RemedyResult::ReviewUpheld,
            RemedyKind::DirectSuit | RemedyKind::SuitAfterReconsideration => RemedyResult::SuitClaimDismissed,
        };
        let concluded = (concluded_on <= today()).then_some((concluded_on, result));
        let facts = RemedyFacts { kind, accepted_on, concluded, capacity: Capacity::ActingAgency };
        self.n_remedies += 1;
        let id = RemedyId(self.id(instant(accepted_on, 0)));
        let event = Event {
            subject: Subject::Remedy,
            subject_id: id.to_string(),
            agency_id: Some(case.agency_id),
            action: "import".to_owned(),
            actor: "科员1".to_owned(),
            recorded_at: instant(today(), 0),
            known_on: concluded.map_or(accepted_on, |(day, _)| day),
            details: json!({}),
            counted: CountedFacts::of_remedy(&facts),
        };
        block.entries.push(Head::none().follow(event));
        block.remedies.push(Remedy {
            id,
            agency_id: case.agency_id,
            remedy_no: format!("复诉{}", self.n_remedies),
            case_id: Some(case.id),
            version: 1,
            facts,
            body: "某某市人民政府".to_owned(),
            remarks: String::new(),
        });
    }
}

/// How many cases are made and stored at a time.
const BLOCK: usize = 10_000;

impl Iterator for Register {
    type Item = Block;

    fn next(&mut self) -> Option<Block> {
        let mut block = Block::default();
        let plans: Vec<Plan> = self.plans.by_ref().take(BLOCK).collect();
        for plan in &plans {
            self.add(plan, &mut block);
        }
        (!plans.is_empty()).then_some(block)
    }
}
