//! The template of one kind of letter: what is in force, its versions, a look at it, another in its place.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::documents::Format;
use crate::documents::letters::{faults, fill};
use crate::domain::account::name_of;
use crate::domain::labels::Coded;
use crate::domain::letters::{LetterKind, known_names};
use crate::domain::refusal::{Refusal, Refusals};
use crate::service::ServiceError;
use crate::service::case::letters::put_template::{
    agency_templates, put_template, restore_built_in, sample_values, template_file,
};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::case::letter_templates::segment;
use crate::web::pages::case::letter_templates::upload::{Uploaded, receive};
use crate::web::pages::case::letters::files::{download, no_pdf, pdf};
use crate::web::pages::case::letters::page::{Part, parts};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;
use crate::web::view::words;

/// A version in the list.
struct VersionLine {
    version: i32,
    file: String,
    made: String,
    sha256: String,
    is_in_force: bool,
}

#[derive(Template)]
#[template(path = "pages/case/letter_templates/kind.html")]
struct KindPage {
    page: Page,
    agency: String,
    code: String,
    kind: &'static str,
    label: &'static str,
    article: &'static str,
    /// The version in force; 0 for the one built in.
    in_force: i32,
    versions: Vec<VersionLine>,
    names: Vec<String>,
    preview: Vec<Part>,
    /// What is shown: the template in force, or one that was sent to be checked.
    preview_of: String,
    no_preview: String,
    shown: Shown,
    done: bool,
    has_pdf: bool,
}

fn kind(code: &str) -> Result<LetterKind, PageError> {
    LetterKind::from_code(code).map_err(|_| PageError(WebError::NotFound))
}

#[derive(Debug, Deserialize)]
pub(super) struct Done {
    #[serde(default)]
    done: String,
}

/// What the page says beside the template in force.
#[derive(Default)]
struct Said {
    /// A template that was sent, without faults, to be looked at: its name and file.
    checked: Option<(String, Vec<u8>)>,
    /// What is wrong with the one that was sent.
    shown: Shown,
    /// Whether one was put in place.
    done: bool,
}

/// GET the template of a kind of letter.
pub(super) async fn page(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    query: web::Query<Done>,
) -> Result<HttpResponse, PageError> {
    let (code, of) = path.into_inner();
    let said = Said { done: query.done == "1", ..Said::default() };
    draw(&app, &signed_in, code, kind(&of)?, said).await
}

async fn draw(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    code: String,
    of: LetterKind,
    said: Said,
) -> Result<HttpResponse, PageError> {
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let ((unit, versions), (in_force, file), values) = app
        .run(move |db| {
            db.read(|conn| -> Result<_, ServiceError> {
                Ok((
                    agency_templates(conn, &caller, &code)?,
                    template_file(conn, &caller, &code, of, None)?,
                    sample_values(conn, &caller, &rules.letters, &code, of)?,
                ))
            })
        })
        .await?;
    let (preview_of, shown) = match said.checked {
        Some((name, file)) => (format!("检查通过，尚未启用：{name}"), file),
        None if in_force == 0 => ("内置模板".to_owned(), file),
        None => (format!("本机关第{in_force}版"), file),
    };
    let filled = fill(&shown, &values).map_err(|it| it.explain());
    let (preview, no_preview) = match filled.and_then(|it| parts(&it)) {
        Ok(parts) => (parts, String::new()),
        Err(message) => (Vec::new(), message),
    };
    let line = |it: crate::service::case::letters::TemplateVersion| VersionLine {
        version: it.version,
        file: if it.sha256.is_some() { it.file_name } else { "恢复内置模板".to_owned() },
        made: format!("{}　{}", name_of(&it.made_by), words::instant(it.made_at)),
        is_in_force: it.version == in_force,
        sha256: it.sha256.unwrap_or_default(),
    };
    let page = KindPage {
        page: Page::new(app, signed_in, "admin"),
        agency: unit.name,
        code: unit.code,
        kind: of.code(),
        label: of.label(),
        article: of.rule().article,
        in_force,
        versions: versions.into_iter().filter(|it| it.kind == of).map(line).collect(),
        names: known_names(of).into_iter().collect(),
        preview,
        preview_of,
        no_preview,
        shown: said.shown,
        done: said.done,
        has_pdf: app.office.is_some(),
    };
    page::show_as(page.shown.status(), &page)
}

/// POST a template: to be checked and looked at, or to be put in place.
pub(super) async fn upload(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let uploaded = receive(&signed_in, &request, payload).await?;
    let (code, of) = path.into_inner();
    let of = kind(&of)?;
    let refuse = |shown: Shown| Said { shown, ..Said::default() };
    if let Err(refusals) = uploaded.check("请选择要上传的 Word 文档（.docx）") {
        return draw(&app, &signed_in, code, of, refuse(Shown::refused(Fields::default(), refusals))).await;
    }
    let Uploaded { then, name, bytes, .. } = uploaded;
    if then == "check" {
        let found = faults(of, &bytes);
        let found = found.into_iter().map(|it| Refusal::at("file", it)).collect();
        let said = match Refusals::check(found) {
            Ok(()) => Said { checked: Some((name, bytes)), ..Said::default() },
            Err(refusals) => refuse(Shown::refused(Fields::default(), refusals)),
        };
        return draw(&app, &signed_in, code, of, said).await;
    }
    let (caller, at) = (signed_in.caller.clone(), code.clone());
    let put = app.run(move |db| put_template(db, &caller, &at, of, (&name, &bytes))).await;
    match put {
        Ok(()) => Ok(see_other(format!("/admin/letters/{}/{}?done=1", segment(&code), of.code()))),
        Err(err) => {
            let shown = Shown::after(Fields::default(), err)?;
            draw(&app, &signed_in, code, of, refuse(shown)).await
        }
    }
}

/// POST the return to the template built in.
pub(super) async fn restore(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let (code, of) = path.into_inner();
    let of = kind(&of)?;
    let (caller, at) = (signed_in.caller.clone(), code.clone());
    app.run(move |db| db.write(|conn| restore_built_in(conn, &caller, &at, of))).await?;
    Ok(see_other(format!("/admin/letters/{}/{}?done=1", segment(&code), of.code())))
}

/// GET a version as a file: the template itself, or filled for the sample case.
pub(super) async fn file(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String, i32, String)>,
) -> Result<HttpResponse, PageError> {
    let (code, of, version, format) = path.into_inner();
    let of = kind(&of)?;
    let (caller, rules, at) = (signed_in.caller.clone(), app.rules(), code.clone());
    let ((version, template), values) = app
        .run(move |db| {
            db.read(|conn| -> Result<_, ServiceError> {
                Ok((
                    template_file(conn, &caller, &at, of, Some(version))?,
                    sample_values(conn, &caller, &rules.letters, &at, of)?,
                ))
            })
        })
        .await?;
    let name = |what: &str, extension: &str| {
        let version = if version == 0 { "内置".to_owned() } else { format!("第{version}版") };
        format!("{}（{what}，{version}）.{extension}", of.label())
    };
    let docx = Format::Docx.content_type();
    match format.as_str() {
        "template" => Ok(download(&name("模板", "docx"), docx, template)),
        "sample" | "pdf" => {
            let filled = fill(&template, &values).map_err(|it| ServiceError::refused(it.explain()))?;
            if format == "sample" {
                return Ok(download(&name("示例", "docx"), docx, filled));
            }
            let here = format!("/admin/letters/{}/{}", segment(&code), of.code());
            match pdf(&app, filled).await? {
                Ok(bytes) => Ok(download(&name("示例", "pdf"), "application/pdf", bytes)),
                Err(text) => {
                    let sample = format!("{here}/{version}/sample");
                    no_pdf(&app, &signed_in, text, here, sample)
                }
            }
        }
        _ => Err(PageError(WebError::NotFound)),
    }
}
