//! One letter before it is issued: what the clerk writes, how it reads, what stands in the way.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::documents::Format;
use crate::domain::labels::Coded;
use crate::domain::letters::LetterKind;
use crate::domain::wording;
use crate::service::case::letters::{Composed, IssueLetter, Wanted, compose, issue_letter};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Control, Fields, Posted, Shown};
use crate::web::page::{Page, show_as};
use crate::web::pages::case::case_id;
use crate::web::pages::case::letters::files::download;
use crate::web::pages::case::letters::page::{self, Part};
use crate::web::pages::case::show::head;
use crate::web::pages::case::shown::changes;
use crate::web::pages::case::view::{Head, TimelineEntry};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "pages/case/letters/one.html")]
struct LetterPage<'a> {
    page: Page,
    head: Head,
    /// Its code and its words.
    kind: &'static str,
    label: &'static str,
    article: &'static str,
    about: String,
    addressee: String,
    /// The day it will bear.
    day: String,
    controls: Vec<Control>,
    /// What bars the letter whatever is written.
    barred: Vec<String>,
    shown: &'a Shown,
    changes: Vec<TimelineEntry>,
    preview: Vec<Part>,
    /// Why there is no preview; empty where there is one.
    no_preview: String,
    template: String,
    may_issue: bool,
}

/// The letter an address and a form speak of.
fn wanted(id: &str, kind: &str, fields: &Fields) -> Result<Wanted, PageError> {
    let kind = LetterKind::from_code(kind).map_err(|_| WebError::NotFound)?;
    let about = Some(fields.get("about").to_owned()).filter(|it| !it.is_empty());
    let typed = kind.rule().parts.iter().filter(|it| fields.has(it.code()));
    let parts: BTreeMap<_, _> = typed.map(|it| (*it, fields.get(it.code()).to_owned())).collect();
    Ok(Wanted { case: case_id(id)?, kind, about, parts, replacing: fields.get("replacing").to_owned() })
}

async fn composed(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    wanted: &Wanted,
) -> Result<Composed, PageError> {
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let wanted = wanted.clone();
    Ok(app.run(move |db| db.snapshot(|conn| compose(conn, &caller, &rules, &wanted))).await?)
}

/// GET the letter.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<Fields>,
) -> Result<HttpResponse, PageError> {
    let (id, kind) = path.into_inner();
    let wanted = wanted(&id, &kind, &query)?;
    let composed = composed(&app, &signed_in, &wanted).await?;
    draw(&app, &signed_in, &wanted, &composed, Shown::blank(query.into_inner()))
}

/// POST the letter: to see it again, to have it as a draft, or to issue it.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, kind) = path.into_inner();
    let fields = form.0;
    let wanted = wanted(&id, &kind, &fields)?;
    let composed_now = composed(&app, &signed_in, &wanted).await?;
    match fields.get("then") {
        "issue" => {}
        "docx" => {
            return match composed_now.docx {
                Ok(bytes) => {
                    let name = format!("{}（草稿）.docx", wanted.kind.rule().title);
                    Ok(download(&name, Format::Docx.content_type(), bytes))
                }
                Err(_) => draw(&app, &signed_in, &wanted, &composed_now, Shown::again(fields)),
            };
        }
        _ => return draw(&app, &signed_in, &wanted, &composed_now, Shown::again(fields)),
    }
    let version: i32 = fields.get("version").parse().map_err(|_| PageError(WebError::BadRequest))?;
    match carry_out(&app, &signed_in, &wanted, version).await {
        Ok(letter) => Ok(see_other(format!("/cases/{id}/letters?issued={letter}"))),
        Err(err) => {
            let shown = Shown::after(fields, err)?;
            // A case that has changed is shown as it now is, with what was typed and what has changed since.
            let composed =
                if shown.is_stale() { composed(&app, &signed_in, &wanted).await? } else { composed_now };
            draw(&app, &signed_in, &wanted, &composed, shown)
        }
    }
}

async fn carry_out(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    wanted: &Wanted,
    version: i32,
) -> Result<String, WebError> {
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let command = IssueLetter { wanted: wanted.clone(), version };
    let issued = app.run(move |db| issue_letter(db, &caller, &rules, &command)).await?;
    Ok(issued.id.to_string())
}

fn draw(
    app: &App,
    signed_in: &SignedIn,
    wanted: &Wanted,
    composed: &Composed,
    shown: Shown,
) -> Result<HttpResponse, PageError> {
    let kind = wanted.kind;
    let rule = kind.rule();
    let facts = &composed.facts;
    let file = &composed.file;
    let mut controls: Vec<Control> = Vec::new();
    for part in rule.parts.iter().copied() {
        let known = part.known(facts);
        let mut control = if part.is_line() {
            shown.text(part.code(), part.label(), &known)
        } else {
            shown.area(part.code(), part.label(), &known)
        };
        control = control.hint(part.hint());
        controls.push(if part.is_required() { control.required() } else { control });
    }
    if let Some(earlier) = facts.in_force(kind) {
        let no = earlier.document_no.as_deref().unwrap_or(&earlier.title);
        let words = format!("{}已出具{no}", wording::day(earlier.on));
        controls.push(shown.note("warn", words, "再次出具将使用新的文号，原文书保留并注明已被取代。"));
        controls.push(shown.area("replacing", "重新出具的原因", "").required());
    }
    let barred = composed.obstacles.iter().filter(|it| it.field.is_empty()).map(|it| it.message.clone());
    let (preview, no_preview) = match composed.docx.as_deref().map_err(Clone::clone).and_then(page::parts) {
        Ok(parts) => (parts, String::new()),
        Err(message) => (Vec::new(), message),
    };
    let may_issue =
        signed_in.caller.viewer.acts_on(&file.place) && kind.may_be_issued_by(&signed_in.caller.viewer.roles);
    let page = LetterPage {
        page: Page::new(app, signed_in, "cases"),
        head: head(file, &app.rules(), signed_in.caller.today()).0,
        kind: kind.code(),
        label: kind.label(),
        article: rule.article,
        about: wanted.about.clone().unwrap_or_default(),
        addressee: crate::domain::letters::addressee(kind, facts),
        day: wording::day(crate::domain::letters::day_of(kind, facts)),
        controls,
        barred: if shown.is_refused() { Vec::new() } else { barred.collect() },
        shown: &shown,
        changes: changes(&shown, file),
        preview,
        no_preview,
        template: match composed.template_version {
            0 => "内置模板".to_owned(),
            version => format!("本机关模板第{version}版"),
        },
        may_issue,
    };
    show_as(shown.status(), &page)
}
