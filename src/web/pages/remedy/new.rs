//! Recording a reconsideration or suit.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::case::Case;
use crate::domain::labels::Coded;
use crate::domain::outcome::RemedyClass;
use crate::domain::refusal::Refusals;
use crate::domain::remedy::stages::Procedure;
use crate::domain::remedy::{Capacity, RemedyKind};
use crate::service::ServiceError;
use crate::service::remedy::record_remedy::{RecordRemedy, case_by_no, challenged_case, record_remedy};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/remedy/new.html")]
struct NewPage {
    page: Page,
    shown: Shown,
    kinds: Vec<(&'static str, &'static str, &'static str)>,
    capacities: Vec<(&'static str, &'static str)>,
    procedures: Vec<(&'static str, &'static str, &'static str)>,
    /// What the reply that is challenged says of the order of remedies; empty for nothing.
    order: String,
}

impl NewPage {
    fn new(app: &App, signed_in: &SignedIn, shown: Shown) -> Self {
        Self {
            page: Page::new(app, signed_in, "remedies"),
            shown,
            kinds: vec![
                (RemedyKind::Reconsideration.code(), RemedyKind::Reconsideration.label(), "本机关作被申请人"),
                (RemedyKind::DirectSuit.code(), RemedyKind::DirectSuit.label(), "没有先申请复议"),
                (
                    RemedyKind::SuitAfterReconsideration.code(),
                    RemedyKind::SuitAfterReconsideration.label(),
                    "对复议决定不服",
                ),
            ],
            capacities: Capacity::ALL.iter().map(|it| (it.code(), it.label())).collect(),
            procedures: vec![
                (Procedure::Ordinary.code(), Procedure::Ordinary.label(), "复议 10 个工作日内答复"),
                (Procedure::Simplified.code(), Procedure::Simplified.label(), "复议 5 个工作日内答复"),
            ],
            order: String::new(),
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Params {
    #[serde(default)]
    case: String,
}

/// The form, with the case it was opened from.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let known = [("capacity", Capacity::ActingAgency.code()), ("procedure", Procedure::Ordinary.code())];
    let mut fields: Fields = known.into_iter().collect();
    let mut order = String::new();
    if !params.case.is_empty() {
        let id = params.case.parse().map_err(|_| WebError::NotFound)?;
        let caller = signed_in.caller.clone();
        let case = app.run(move |db| db.read(|conn| challenged_case(conn, &caller, id))).await?;
        order = order_of(case.case());
        fields.set("case_no", case.case().case_no.clone());
    }
    page::show(&NewPage { order, ..NewPage::new(&app, &signed_in, Shown::blank(fields)) })
}

/// What must come first where the reply of this case is challenged.
fn order_of(case: &Case) -> String {
    let Some((_, outcome)) = case.closed else {
        return "本件还没有答复。对逾期不答复不服的，可以申请复议，也可以起诉。".to_owned();
    };
    match outcome.rule().remedy {
        RemedyClass::ReconsiderationFirst => format!(
            "本件答复为“{}”（{}），属于不予公开：应当先申请行政复议，对复议决定不服的再起诉（复议法第二十三条第一款第四项）。",
            outcome.label(),
            outcome.rule().article
        ),
        RemedyClass::FirstForWithheldPart => {
            "本件答复为“部分公开”：不予公开的部分应当先申请行政复议（复议法第二十三条第一款第四项）。"
                .to_owned()
        }
        RemedyClass::Free | RemedyClass::Nothing => String::new(),
    }
}

/// The proceeding in the form, without its case.
fn read(fields: &Fields) -> Result<RecordRemedy, Refusals> {
    let mut it = Reader::new(fields);
    let command = RecordRemedy {
        kind: it.code("kind", "类别"),
        accepted_on: it.day("accepted_on", "受理日期"),
        capacity: it.code("capacity", "身份"),
        procedure: it.code("procedure", "程序"),
        copy_received_on: it.optional_day("copy_received_on", "收到副本的日期"),
        remedy_no: it.own_number("remedy_no"),
        body: it.text("body"),
        remarks: it.text("remarks"),
    };
    it.finish(command)
}

/// Records what was typed, and goes on to its page.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let fields = typed.0;
    let command = match read(&fields) {
        Ok(command) => command,
        Err(refusals) => return draw(&app, &signed_in, Shown::refused(fields, refusals)),
    };
    let caller = signed_in.caller.clone();
    let case_no = Reader::new(&fields).own_number("case_no");
    let recorded = app
        .run(move |db| {
            db.write(|conn| -> Result<_, ServiceError> {
                let case = match case_no.as_str() {
                    "" => None,
                    no => Some(case_by_no(conn, &caller, no)?),
                };
                record_remedy(conn, &caller, case.as_ref(), &command)
            })
        })
        .await;
    match recorded {
        Ok(remedy) => Ok(see_other(format!("/remedies/{}", remedy.id))),
        Err(err) => draw(&app, &signed_in, Shown::after(fields, err)?),
    }
}

fn draw(app: &App, signed_in: &SignedIn, shown: Shown) -> Result<HttpResponse, PageError> {
    page::show_as(shown.status(), &NewPage::new(app, signed_in, shown))
}
