//! What the pages of a case show, made from its file.

use crate::domain::account::name_of;
use crate::domain::case::{Case, Reply};
use crate::domain::journal::{Weight, tell};
use crate::domain::labels::Coded;
use crate::domain::masking;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::visibility::Viewer;
use crate::domain::wording;
use crate::domain::workflow::{Action, Status, permitted_actions};
use crate::service::beijing_day;
use crate::service::case::open_case::{CaseFile, Entry};
use crate::web::view::due::{DueView, short};
use crate::web::view::words::instant;

/// The head of every page about a case.
#[derive(Debug, Clone)]
pub struct Head {
    pub id: String,
    pub case_no: String,
    pub applicant: String,
    pub status: (&'static str, &'static str),
    /// What is awaited, in a word; empty for nothing.
    pub tag: String,
    /// The version and the last entry of the journal, which forms carry.
    pub version: String,
    /// See `version`.
    pub seq: String,
    pub due: DueView,
    pub content: String,
}

impl Head {
    /// The head of a case.
    pub fn new(file: &CaseFile, due: DueView, waiting: Option<&'static str>) -> Self {
        let case = &file.case;
        let tag = match waiting {
            Some(waiting) if case.status.is_open() => waiting.to_owned(),
            _ if case.round > 1 => format!("第 {} 次办理", case.round),
            _ => String::new(),
        };
        Self {
            id: case.id.to_string(),
            case_no: case.case_no.clone(),
            applicant: case.applicant_name.clone(),
            status: (case.status.code(), case.status.label()),
            tag,
            version: case.version.to_string(),
            seq: file.seq().to_string(),
            due,
            content: file.request.content.clone(),
        }
    }
}

/// The five steps: label, state, note.
pub fn steps(file: &CaseFile, due: &DueView) -> Vec<(&'static str, &'static str, String)> {
    let case = &file.case;
    let at = match case.status {
        Status::Received => 0,
        Status::Registered | Status::Handled | Status::Ended => 2,
        Status::UnderReview => 3,
        Status::AwaitingSignOff | Status::AwaitingIssue => 4,
        Status::Answered => 5,
    };
    let first = file.history.first();
    let registered = first.map(|it| short(beijing_day(it.recorded_at()))).unwrap_or_default();
    let reviewed = case.reply.as_ref().and_then(|it| it.legal_reviewed_on);
    let notes = [
        match case.status {
            Status::Received => format!("{} 到达，待确认", short(case.received_on)),
            _ => short(case.received_on),
        },
        if case.status == Status::Received { String::new() } else { registered },
        match case.status {
            Status::Registered => "待派办".to_owned(),
            Status::Ended => "已终止".to_owned(),
            _ => case
                .handler_id
                .and_then(|it| file.names.accounts.get(&it.to_string()).cloned())
                .unwrap_or_default(),
        },
        reviewed.map(|it| format!("{} 同意", short(it))).unwrap_or_default(),
        match case.status {
            Status::AwaitingSignOff => "待签发".to_owned(),
            Status::AwaitingIssue => "待送达".to_owned(),
            Status::Answered => {
                case.reply.as_ref().and_then(|it| it.closed_on).map(short).unwrap_or_default()
            }
            _ if due.day.is_empty() || case.status == Status::Ended => String::new(),
            _ => format!("{}前", due.day.get(5..).unwrap_or_default()),
        },
    ];
    ["收到", "登记", "办理", "法律审核", "答复"]
        .into_iter()
        .zip(notes)
        .enumerate()
        .map(|(i, (label, note))| {
            let state = if i < at {
                "done"
            } else if i > at {
                "todo"
            } else if case.status == Status::Ended {
                "ended"
            } else {
                "now"
            };
            (label, state, note)
        })
        .collect()
}

/// A line of the timeline.
#[derive(Debug, Clone)]
pub struct TimelineEntry {
    pub at: String,
    pub who: String,
    pub what: String,
    pub note: String,
    /// Empty, `minor` or `warn`.
    pub kind: &'static str,
    pub changes: Vec<(String, String, String)>,
}

/// The journal after an entry, the latest first.
pub fn timeline(file: &CaseFile, after: i32) -> Vec<TimelineEntry> {
    file.history.iter().rev().filter(|it| after < it.seq).map(|it| line(file, it)).collect()
}

/// An entry of the journal as a line.
pub fn line(file: &CaseFile, entry: &Entry) -> TimelineEntry {
    let details = serde_json::from_str(&entry.details).unwrap_or_default();
    let told = tell(&entry.action, &details, &file.names);
    TimelineEntry {
        at: instant(entry.recorded_at()),
        who: name_of(&entry.actor).to_owned(),
        what: told.what,
        note: told.note,
        kind: match told.weight {
            Weight::Step => "",
            Weight::Setback => "warn",
            Weight::Minor => "minor",
        },
        changes: told.changes,
    }
}

/// An opinion on a draft.
#[derive(Debug, Clone)]
pub struct Opinion {
    pub who: String,
    pub at: String,
    /// What it came to.
    pub verdict: &'static str,
    pub text: String,
}

/// A draft reply with the opinions on it.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// From 1.
    pub no: usize,
    pub who: String,
    pub at: String,
    /// The outcome, its article.
    pub outcome: (&'static str, &'static str),
    /// What it states: label, text.
    pub particulars: Vec<(&'static str, String)>,
    pub reply_no: String,
    pub body: String,
    /// What was said of it.
    pub opinions: Vec<Opinion>,
}

/// The drafts of a case as the journal keeps them, the latest first.
pub fn drafts(file: &CaseFile) -> Vec<DraftView> {
    let mut drafts: Vec<DraftView> = Vec::new();
    for entry in &file.history {
        let Ok(action) = Action::from_code(&entry.action) else { continue };
        let details: serde_json::Value = serde_json::from_str(&entry.details).unwrap_or_default();
        let (who, at) = (name_of(&entry.actor).to_owned(), instant(entry.recorded_at()));
        let text = |key: &str| details[key].as_str().unwrap_or_default().to_owned();
        let verdict = match action {
            Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => {
                Some((action.label(), text("opinion")))
            }
            Action::SignOff => Some((action.label(), String::new())),
            Action::RefuseSignOff => Some((action.label(), text("reason"))),
            _ => None,
        };
        if let (Some((verdict, text)), Some(draft)) = (verdict, drafts.last_mut()) {
            draft.opinions.push(Opinion { who: who.clone(), at: at.clone(), verdict, text });
        }
        if !matches!(action, Action::SubmitDraft | Action::AgreeWithChanges) {
            continue;
        }
        let outcome = Outcome::from_code(&text("outcome")).ok();
        let particulars = details["particulars"].as_object();
        let particulars = particulars.into_iter().flatten().filter_map(|(code, text)| {
            Some((Particular::from_code(code).ok()?.label(), text.as_str()?.to_owned()))
        });
        drafts.push(DraftView {
            no: drafts.len() + 1,
            who,
            at,
            outcome: outcome.map_or(("", ""), |it| (it.label(), it.rule().article)),
            particulars: particulars.collect(),
            reply_no: text("reply_no"),
            body: text("body"),
            opinions: Vec::new(),
        });
    }
    drafts.reverse();
    drafts
}

/// A reply in facts: name, text.
pub fn reply_facts(reply: &Reply) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(outcome) = reply.outcome {
        facts.push(("办理结果", format!("{}（{}）", outcome.label(), outcome.rule().article)));
    }
    let texts = [
        ("文号", reply.reply_no.clone()),
        ("送达方式", reply.delivery_method.clone()),
        ("邮件号", reply.tracking_no.clone()),
    ];
    facts
        .extend(texts.into_iter().filter_map(|(name, text)| Some((name, text.filter(|it| !it.is_empty())?))));
    let days = [
        ("法律审核同意", reply.legal_reviewed_on),
        ("签发", reply.signed_off_on),
        ("送达（交邮）", reply.closed_on),
        ("申请人签收", reply.signed_for_on),
    ];
    facts.extend(days.into_iter().filter_map(|(name, day)| Some((name, wording::day(day?)))));
    facts.extend(reply.particulars.iter().map(|(it, text)| (it.label(), text.clone())));
    facts
}

/// What was asked and by whom: name, text, whether it is a code or number. Personal data is masked
/// unless it is to be shown.
pub fn request_facts(file: &CaseFile, is_revealed: bool) -> Vec<(&'static str, String, bool)> {
    let (case, request) = (&file.case, &file.request);
    type Mask = fn(&str) -> String;
    let personal = |text: &Option<String>, mask: Mask| match text {
        Some(text) if is_revealed => text.clone(),
        Some(text) => mask(text),
        None => String::new(),
    };
    let day = |it: Option<chrono::NaiveDate>| it.map(wording::day).unwrap_or_default();
    let confirmed = match (&request.confirmed_how, request.confirmed_on) {
        (Some(how), Some(on)) => format!("{}，{how}", wording::day(on)),
        (_, on) => day(on),
    };
    let facts = [
        (
            if case.status == Status::Received { "到达，待确认" } else { "收到之日" },
            wording::day_with_weekday(case.received_on),
            false,
        ),
        ("提交方式", case.channel.map_or_else(String::new, |it| it.label().to_owned()), false),
        ("提交日期", day(request.submitted_on), false),
        ("到达日期", day(request.arrived_on), false),
        ("双方确认", confirmed, false),
        ("申请人", format!("{}，{}", case.applicant_name, case.applicant_kind.label()), false),
        ("证件号码", personal(&request.id_number, masking::id_number), true),
        ("联系电话", personal(&request.phone, masking::phone), true),
        ("电子邮箱", personal(&request.email, masking::email), true),
        ("通信地址", personal(&request.address, masking::address), false),
        ("获取方式", request.preferred_form.map_or_else(String::new, |it| it.label().to_owned()), false),
        ("承办", assignment(file), false),
        ("备注", request.remarks.clone(), false),
    ];
    facts.into_iter().filter(|(_, text, _)| !text.is_empty()).collect()
}

fn assignment(file: &CaseFile) -> String {
    let department = file.case.department_id.and_then(|it| file.names.departments.get(&i64::from(it.0)));
    let handler = file.case.handler_id.and_then(|it| file.names.accounts.get(&it.to_string()));
    [department, handler].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("　")
}

/// Whether there is personal data to reveal.
pub fn has_personal_data(file: &CaseFile) -> bool {
    let it = &file.request;
    [&it.id_number, &it.phone, &it.email, &it.address]
        .into_iter()
        .any(|it| it.as_ref().is_some_and(|it| !it.is_empty()))
}

/// Something this person may do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// What is done; of the three ways to end a review, the first.
    pub action: Action,
    pub label: &'static str,
    pub href: String,
    /// A word on it; empty for none.
    pub note: String,
    /// Whether it ends the case.
    pub is_danger: bool,
    /// Whether it takes a line of its own.
    pub is_wide: bool,
}

/// Puts the acts in the order of the page: those with a note, then in pairs, then those that end the case.
pub fn arrange(acts: &mut [Act]) {
    for act in &mut *acts {
        act.is_wide = act.is_danger || !act.note.is_empty();
    }
    acts.sort_by_key(|it| (it.is_danger, !it.is_wide));
    let n_narrow = acts.iter().filter(|it| !it.is_wide).count();
    // The last without a partner takes the whole line.
    if n_narrow % 2 == 1
        && let Some(last) = acts.iter_mut().rev().find(|it| !it.is_wide)
    {
        last.is_wide = true;
    }
}

/// What this person may do with the case now: what the workflow permits and the facts allow.
pub fn acts(file: &CaseFile, viewer: &Viewer) -> Vec<Act> {
    if !viewer.acts_on(&file.place) {
        return Vec::new();
    }
    let mut acts: Vec<Act> = Vec::new();
    for action in permitted_actions(file.case.status, &viewer.roles) {
        if !makes_sense(action, &file.case) {
            continue;
        }
        let id = file.case.id;
        // Three ways to end a review, on one page.
        if matches!(action, Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft) {
            if acts.iter().all(|it| it.action != Action::Agree) {
                let href = format!("/cases/{id}/review");
                acts.push(Act {
                    action: Action::Agree,
                    label: "法律审核",
                    href,
                    note: String::new(),
                    is_danger: false,
                    is_wide: false,
                });
            }
            continue;
        }
        acts.push(Act {
            action,
            label: label(action),
            href: format!("/cases/{id}/do/{}", action.code()),
            note: String::new(),
            is_danger: matches!(action, Action::Withdraw | Action::EndUncorrected | Action::EndUnpaid),
            is_wide: false,
        });
    }
    acts
}

/// The words of a button.
pub fn label(action: Action) -> &'static str {
    match action {
        Action::Register => "双方确认，予以登记",
        _ => action.label(),
    }
}

/// Whether the facts leave room for an action the workflow permits.
fn makes_sense(action: Action, case: &Case) -> bool {
    let clock = &case.clock;
    let reply = case.reply.as_ref();
    match action {
        Action::RequestCorrection => clock.correction.is_none(),
        Action::ReceiveCorrection | Action::EndUncorrected => {
            clock.correction.as_ref().is_some_and(|it| it.received_on.is_none())
        }
        Action::ReceiveOpinion => clock.consultations.iter().any(|it| it.returned_on.is_none()),
        Action::NoticeFee => clock.fee.is_none(),
        Action::ReceivePayment | Action::EndUnpaid => {
            clock.fee.as_ref().is_some_and(|it| it.paid_on.is_none())
        }
        Action::RecordDelivery => reply.is_some_and(|it| it.signed_for_on.is_none()),
        Action::GiveBack => case.handler_id.is_some() || case.department_id.is_some(),
        _ => true,
    }
}

/// The one action that takes the case on, for this person.
pub fn main_act(acts: &[Act], status: Status, viewer: &Viewer) -> Option<Act> {
    use Action::{Agree, Assign, Claim, Issue, RecordDelivery, Register, SignOff, SubmitDraft};
    let first: &[Action] = if viewer.may(SubmitDraft) {
        &[Register, Claim, SubmitDraft, Agree, SignOff, Issue, Assign, RecordDelivery]
    } else {
        &[Register, Assign, Agree, SignOff, Issue, RecordDelivery]
    };
    // A case in somebody's hands can be given to another, but that does not take it on.
    let takes_on = |it: Action| it != Assign || status == Status::Registered;
    let act = |it: &Action| acts.iter().find(|act| act.action == *it).cloned();
    first.iter().filter(|it| takes_on(**it)).find_map(act)
}
