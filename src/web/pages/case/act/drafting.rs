//! The draft reply and its legal review: the outcome with its article, what it must state, the text,
//! and beside it the law it cites.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::case::Reply;
use crate::domain::labels::Coded;
use crate::domain::letters::LetterKind;
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::regulation::{Article, cited};
use crate::domain::remedy_instruction;
use crate::domain::remedy_instruction::RemedyBodies;
use crate::domain::wording;
use crate::domain::workflow::{Action, WorkflowError, next_status};
use crate::service::case::open_case::CaseFile;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Control, Fields, Shown};
use crate::web::page::{Page, show_as};
use crate::web::pages::case::act::commands::{POINTS, particular_field};
use crate::web::pages::case::show::head;
use crate::web::pages::case::shown::changes;
use crate::web::pages::case::view::{self, DraftView, Head, TimelineEntry};
use crate::web::pages::case::{case_id, open};
use crate::web::session::SignedIn;

/// The fields of a draft and what goes with its outcome.
#[derive(Debug, Clone)]
struct DraftFields {
    /// Outcomes to choose from: code, words.
    outcomes: Vec<(&'static str, String)>,
    /// The one chosen; empty for none.
    outcome: String,
    outcome_error: String,
    /// Its basis, its row in the annual report, its remedies in a word.
    article: &'static str,
    leaf: &'static str,
    remedy: &'static str,
    /// The standard words on remedies; empty for none.
    paragraph: String,
    law: Vec<Article>,
    particulars: Vec<Control>,
    reply_no: Control,
    body: Control,
}

#[derive(Template)]
#[template(path = "pages/case/act/draft.html")]
struct DraftPage<'a> {
    page: Page,
    head: Head,
    draft: DraftFields,
    /// What was said of the draft before.
    earlier: Option<DraftView>,
    shown: &'a Shown,
    changes: Vec<TimelineEntry>,
}

#[derive(Template)]
#[template(path = "pages/case/act/review.html")]
struct ReviewPage<'a> {
    page: Page,
    head: Head,
    draft: DraftFields,
    reply: Vec<(&'static str, String)>,
    reply_body: String,
    checks: Vec<(&'static str, String, &'static str)>,
    points: Vec<(&'static str, &'static str, String)>,
    opinion: Control,
    is_editing: bool,
    earlier: Vec<DraftView>,
    shown: &'a Shown,
    changes: Vec<TimelineEntry>,
}

/// Outcomes a draft may have: not those that end a case without a reply, nor that of old registers.
fn outcomes() -> Vec<(&'static str, String)> {
    Outcome::ALL
        .iter()
        .filter(|it| !it.ends_without_reply() && **it != Outcome::NotHeld)
        .map(|it| (it.code(), format!("{}（{}）", it.label(), it.rule().article)))
        .collect()
}

fn draft_fields(app: &App, file: &CaseFile, make: &Shown) -> DraftFields {
    let reply = file.case.reply.as_ref();
    let known = reply.and_then(|it| it.outcome).map_or("", Coded::code);
    let chosen = make.value("outcome", known);
    let outcome = Outcome::from_code(&chosen).ok();
    let rule = outcome.map(Outcome::rule);
    let particular = |it: Particular, is_required: bool| {
        let text = reply
            .and_then(|reply| reply.particulars.get(&it).cloned())
            .unwrap_or_else(|| known_fact(it, file));
        let mut control = make.area(particular_field(it), it.label(), "");
        // A particular the form did not ask for yet starts with what is known.
        if control.value.is_empty() && !make.was_asked(particular_field(it)) {
            control.value = text;
        }
        control.required = is_required;
        control
    };
    let mut particulars = Vec::new();
    if let Some(rule) = rule {
        particulars.extend(rule.required.iter().map(|it| particular(*it, true)));
        particulars.extend(rule.optional.iter().map(|it| particular(*it, false)));
    }
    let body = reply.map_or("", |it| it.body.as_str());
    let reply_no = reply.and_then(|it| it.reply_no.as_deref()).unwrap_or_default();
    DraftFields {
        outcomes: outcomes(),
        outcome_error: make.e("outcome"),
        outcome: chosen,
        article: rule.map_or("", |it| it.article),
        leaf: rule.map_or("", |it| it.leaf.label()),
        remedy: rule.map_or("", |it| remedy_instruction::in_a_word(it.remedy)),
        paragraph: outcome.and_then(|it| paragraph(app, file, it)).unwrap_or_default(),
        law: rule.map(|it| cited(it.article)).unwrap_or_default(),
        particulars,
        reply_no: make.text("reply_no", "答复文号", reply_no).hint("不填的，签发后出具文书时自动编号。"),
        body: make.large("body", "答复内容", body).required(),
    }
}

fn paragraph(app: &App, file: &CaseFile, outcome: Outcome) -> Option<String> {
    let settings = file.letter_settings.clone().or(&app.rules().letters);
    let bodies = RemedyBodies { reconsideration: &settings.reconsideration_body, court: &settings.court };
    remedy_instruction::paragraph(outcome.rule().remedy, bodies)
}

/// What the register knows already of something a reply must state.
fn known_fact(particular: Particular, file: &CaseFile) -> String {
    match (particular, &file.case.clock.correction) {
        (Particular::CorrectionNotice, Some(it)) => {
            let until = it.reply_by.map(|it| format!("，补正期限至{}", wording::day(it))).unwrap_or_default();
            let letter = file.letters.iter().rfind(|it| it.kind == LetterKind::CorrectionNotice);
            let no = letter.and_then(|it| it.document_no.as_ref()).map(|it| format!("，文号{it}"));
            format!("{}告知{until}{}", wording::day(it.notified_on), no.unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// Whether a form was sent for a step on the way to a draft that stores nothing: another outcome, the standard
/// words put in.
pub(in crate::web::pages::case) fn is_step(action: Action, fields: &Fields) -> bool {
    matches!(action, Action::SubmitDraft | Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft)
        && matches!(fields.get("then"), "outcome" | "remedy")
}

/// Takes such a step.
pub(in crate::web::pages::case) fn take_step(app: &App, file: &CaseFile, fields: &mut Fields) {
    if fields.get("then") != "remedy" {
        return;
    }
    let paragraph = Outcome::from_code(fields.get("outcome")).ok().and_then(|it| paragraph(app, file, it));
    let body = fields.get("body").trim_end().to_owned();
    if let Some(paragraph) = paragraph.filter(|it| !body.contains(it.as_str())) {
        let gap = if body.is_empty() { "" } else { "\n" };
        fields.set("body", format!("{body}{gap}{paragraph}"));
    }
}

/// Draws the form of a draft.
pub(in crate::web::pages::case) fn draw_draft(
    app: &App,
    signed_in: &SignedIn,
    file: &CaseFile,
    shown: &Shown,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    show_as(
        shown.status(),
        &DraftPage {
            page: Page::new(app, signed_in, "cases"),
            head: head(file, &app.rules(), today).0,
            draft: draft_fields(app, file, shown),
            earlier: view::drafts(file).into_iter().next().filter(|it| !it.opinions.is_empty()),
            shown,
            changes: changes(shown, file),
        },
    )
}

/// Draws the review.
pub(in crate::web::pages::case) fn draw_review(
    app: &App,
    signed_in: &SignedIn,
    file: &CaseFile,
    shown: &Shown,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    let reply = file.case.reply.clone().unwrap_or_default();
    let is_draft_changed = !shown.is_blank()
        && (!shown.v("then").is_empty() || shown.v("body").replace("\r\n", "\n") != reply.body);
    show_as(
        shown.status(),
        &ReviewPage {
            page: Page::new(app, signed_in, "cases"),
            head: head(file, &app.rules(), today).0,
            draft: draft_fields(app, file, shown),
            checks: checks(&reply),
            reply: view::reply_facts(&reply),
            points: POINTS.iter().map(|(name, label)| (*name, *label, shown.value(name, ""))).collect(),
            opinion: shown.area("opinion", "审核意见", "").hint("退回和修改后同意的，应当填写。"),
            is_editing: is_draft_changed,
            earlier: view::drafts(file).into_iter().skip(1).collect(),
            shown,
            changes: changes(shown, file),
            reply_body: reply.body,
        },
    )
}

/// What can be checked of a draft without reading it: state, words, mark.
fn checks(reply: &Reply) -> Vec<(&'static str, String, &'static str)> {
    let Some(outcome) = reply.outcome else { return Vec::new() };
    let rule = outcome.rule();
    let mut checks = Vec::new();
    let mut check = |holds: bool, words: String, mark: &'static str| {
        checks.push(if holds { ("yes", words, "") } else { ("no", words, mark) });
    };
    for it in rule.required {
        let is_stated = reply.particulars.get(it).is_some_and(|text| !text.trim().is_empty());
        check(is_stated, it.label().to_owned(), "没有写明");
    }
    for it in cited(rule.article) {
        check(reply.body.contains(it.no), format!("正文引用{}", it.no), "没有找到");
    }
    let is_told = remedy_instruction::is_told(rule.remedy, &reply.body);
    check(is_told, format!("救济告知：{}", remedy_instruction::in_a_word(rule.remedy)), "没有找到");
    check(reply.reply_no.is_some(), "答复文号".to_owned(), "尚未编号");
    checks
}

/// GET the review.
pub(in crate::web::pages::case) async fn review(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, PageError> {
    let file = open(&app, &signed_in, case_id(&id)?).await?;
    let action = Action::Agree;
    if !signed_in.caller.viewer.acts_on(&file.place) {
        return Err(WorkflowError::NotPermitted { action }.into());
    }
    let policy = &app.rules().policy;
    next_status(policy, file.case.status, action, &signed_in.caller.viewer.roles, None)?;
    draw_review(&app, &signed_in, &file, &Shown::blank(Fields::default()))
}
