//! The files of a case: the list, adding, opening, removing, and the whole case as one file.

mod bundle;
mod receive;
pub(super) mod view;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::attachment::AttachmentKind;
use crate::domain::ids::AttachmentId;
use crate::domain::labels::Coded;
use crate::service::case::attach_file;
use crate::service::case::attach_file::{check_may_attach, open_attachment};
use crate::service::case::remove_attachment::{removable, remove_attachment};
use crate::web::App;
use crate::web::download;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, Reader, Shown};
use crate::web::page::{Page, show_as};
use crate::web::pages::case::show::head;
use crate::web::pages::case::view::Head;
use crate::web::pages::case::{DOERS, READERS, case_id, open};
use crate::web::redirect::see_other;
use crate::web::route::{Access, Route, get, post};
use crate::web::session::SignedIn;
use receive::{Outcome, receive};
use view::FilesView;

/// Those who may take a case out.
const KEEPERS: Access = Access::Roles(attach_file::KEEPERS);

/// The routes of this part.
pub const ROUTES: &[Route] = &[
    get("/cases/{id}/files", READERS, || web::get().to(list)),
    post("/cases/{id}/files", DOERS, || web::post().to(upload)),
    get("/cases/{id}/files/{file}", READERS, || web::get().to(send)),
    get("/cases/{id}/files/{file}/remove", DOERS, || web::get().to(removal_form)),
    post("/cases/{id}/files/{file}/remove", DOERS, || web::post().to(remove)),
    post("/cases/{id}/bundle", KEEPERS, || web::post().to(bundle::send)),
];

/// The identifier in an address; anything else is no file.
fn file_id(text: &str) -> Result<AttachmentId, PageError> {
    text.parse().map_err(|_| PageError(WebError::NotFound))
}

/// What the address of the list says.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// The code of a kind; empty or none for all.
    kind: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/case/files.html")]
struct FilesPage {
    page: Page,
    head: Head,
    files: FilesView,
    outcomes: Vec<Outcome>,
}

/// GET the list.
async fn list(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    wanted: web::Query<Wanted>,
) -> Result<HttpResponse, PageError> {
    let kind = match wanted.kind.as_deref().filter(|it| !it.is_empty()) {
        Some(code) => Some(AttachmentKind::from_code(code).map_err(|_| PageError(WebError::NotFound))?),
        None => None,
    };
    draw(&app, &signed_in, &id, kind, Vec::new()).await
}

async fn draw(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    id: &str,
    kind: Option<AttachmentKind>,
    outcomes: Vec<Outcome>,
) -> Result<HttpResponse, PageError> {
    let file = open(app, signed_in, case_id(id)?).await?;
    let (head, _) = head(&file, &app.rules(), signed_in.caller.today());
    let status = status(&outcomes);
    let files = FilesView::new(app, signed_in, &file, kind);
    let page = FilesPage { page: Page::new(app, signed_in, "cases"), head, files, outcomes };
    show_as(status, &page)
}

/// Whether all were kept, as a status.
fn status(outcomes: &[Outcome]) -> StatusCode {
    if outcomes.iter().any(Outcome::is_refused) { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// POST files, several at once. Scripts send the header `X-Upload` and get JSON.
async fn upload(
    app: web::Data<App>,
    signed_in: SignedIn,
    id: web::Path<String>,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, PageError> {
    let case = case_id(&id)?;
    let caller = signed_in.caller.clone();
    // Before the first byte of a file is read.
    app.run(move |db| db.read(|conn| check_may_attach(conn, &caller, case))).await?;
    let received = receive(&app, &signed_in, case, &request, payload).await?;
    if received.is_single {
        return Ok(HttpResponse::build(status(&received.outcomes)).json(received.outcomes));
    }
    if received.outcomes.iter().any(Outcome::is_refused) {
        return draw(&app, &signed_in, &id, received.kind, received.outcomes).await;
    }
    Ok(see_other(format!("/cases/{case}/files")))
}

/// GET one file.
async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (case, file) = path.into_inner();
    let (case, id) = (case_id(&case)?, file_id(&file)?);
    let (caller, store) = (signed_in.caller.clone(), app.files.clone());
    let (attachment, file) = app
        .run(move |db| {
            let (attachment, file) = open_attachment(db, &store, &caller, case, id)?;
            let size = file.metadata().map_err(crate::files::FileError::from)?.len();
            Ok((attachment, (file, size)))
        })
        .await?;
    let plain = format!("{id}.{}", crate::domain::attachment::extension(&attachment.name));
    let disposition = download::attachment(&attachment.name, &plain);
    Ok(download::send(file.0, file.1, attachment.file_type.media_type(), disposition))
}

#[derive(Template)]
#[template(path = "pages/case/remove_file.html")]
struct RemovalPage<'a> {
    page: Page,
    head: Head,
    id: String,
    name: String,
    facts: Vec<(&'static str, String)>,
    shown: &'a Shown,
}

async fn draw_removal(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    path: (String, String),
    shown: &Shown,
) -> Result<HttpResponse, PageError> {
    let (case, id) = (case_id(&path.0)?, file_id(&path.1)?);
    let caller = signed_in.caller.clone();
    let attachment = app.run(move |db| db.read(|conn| removable(conn, &caller, case, id))).await?;
    let file = open(app, signed_in, case).await?;
    let (head, _) = head(&file, &app.rules(), signed_in.caller.today());
    let page = RemovalPage {
        page: Page::new(app, signed_in, "cases"),
        head,
        id: id.to_string(),
        name: attachment.name.clone(),
        facts: view::facts(&attachment),
        shown,
    };
    show_as(shown.status(), &page)
}

/// GET the form that asks why.
async fn removal_form(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    draw_removal(&app, &signed_in, path.into_inner(), &Shown::default()).await
}

/// POST the removal.
async fn remove(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let path = path.into_inner();
    let (case, id) = (case_id(&path.0)?, file_id(&path.1)?);
    let reason = Reader::new(&form.0).text("reason");
    let caller = signed_in.caller.clone();
    let result =
        app.run(move |db| db.write(|conn| remove_attachment(conn, &caller, case, id, &reason))).await;
    match result {
        Ok(()) => Ok(see_other(format!("/cases/{case}/files"))),
        Err(err) => draw_removal(&app, &signed_in, path, &Shown::after(form.0, err)?).await,
    }
}
