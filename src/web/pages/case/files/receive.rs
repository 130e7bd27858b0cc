//! Files as they come in: a form of several parts, read in pieces, so that however large they are little
//! of them is in memory. The token stands before the files, or nothing is read.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::web::{self, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest, rt};
use futures_util::StreamExt;
use serde::Serialize;

use crate::domain::attachment::{AttachmentKind, clean_name};
use crate::domain::ids::CaseId;
use crate::domain::labels::Coded;
use crate::files::{FileError, Held};
use crate::service::ServiceError;
use crate::service::case::attach_file::{Attached, attach_file, scan_file};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::session::SignedIn;

/// How much is gathered before it is written.
const PIECE: usize = 256 * 1024;
/// The longest field that is no file, in bytes.
const MAX_TEXT: usize = 1024;
/// The most files in one form.
const MAX_FILES: usize = 100;
/// How long a client may send nothing.
const SILENCE: std::time::Duration = std::time::Duration::from_secs(60);

/// What came of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Outcome {
    /// Its name as it is shown.
    pub name: String,
    /// `stored`, `known` or `refused`.
    pub state: &'static str,
    /// What there is to say of it; empty for nothing.
    pub message: String,
}

impl Outcome {
    fn new(name: &str, state: &'static str, message: impl Into<String>) -> Self {
        Self { name: clean_name(name), state, message: message.into() }
    }

    /// Whether it was not kept.
    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }
}

/// What came of a form.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// What the files are for.
    pub kind: Option<AttachmentKind>,
    /// Whether a script sends each file in a form of its own.
    pub is_single: bool,
    /// Each file, in the order of the form.
    pub outcomes: Vec<Outcome>,
}

/// Reads a form and keeps its files, each by itself: that one is refused does not lose the others.
///
/// # Errors
/// A form without the token, one that cannot be read or broke off, or where the database fails.
pub(super) async fn receive(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    case: CaseId,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<Received, PageError> {
    let is_single = request.headers().contains_key("x-upload");
    let mut received = Received { is_single, ..Received::default() };
    let nothing = || Outcome::new("没有选择文件", "refused", "请选择要上传的文件");
    if !request.content_type().eq_ignore_ascii_case("multipart/form-data") {
        // A form that cannot carry files: its token is looked at all the same.
        Posted::from_request(request, &mut payload.into_inner())
            .await
            .map_err(|_| PageError(WebError::Forged))?;
        received.outcomes.push(nothing());
        return Ok(received);
    }
    let mut form = Multipart::new(request.headers(), payload);
    let mut is_ours = false;
    while let Some(field) = next(&mut form).await? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        match name.as_str() {
            "csrf" => is_ours = text(field).await? == signed_in.csrf,
            _ if !is_ours => return Err(PageError(WebError::Forged)),
            "kind" => received.kind = AttachmentKind::from_code(&text(field).await?).ok(),
            "file" => {
                let given = field.content_disposition().and_then(|it| it.get_filename());
                let given = given.unwrap_or_default().to_owned();
                let is_last = one_file(app, signed_in, case, &given, field, &mut received).await?;
                if is_last {
                    break;
                }
            }
            _ => {
                text(field).await?;
            }
        }
    }
    if !is_ours {
        return Err(PageError(WebError::Forged));
    }
    if received.outcomes.is_empty() {
        received.outcomes.push(nothing());
    }
    Ok(received)
}

/// Takes one file of the form; true where nothing after it is read.
async fn one_file(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    case: CaseId,
    given: &str,
    mut field: Field,
    received: &mut Received,
) -> Result<bool, PageError> {
    let refused = |message: &str| Outcome::new(given, "refused", message);
    let Some(kind) = received.kind else {
        received.outcomes.push(refused("请先选择材料类别，没有保存"));
        return Ok(true);
    };
    if received.outcomes.len() == MAX_FILES {
        received.outcomes.push(refused("一次最多上传 100 个文件，这个及其后的没有保存，请分次上传"));
        return Ok(true);
    }
    let held = match take(app, given, &mut field).await? {
        Ok(held) => held,
        // An empty part without a name is a form in which nothing was chosen.
        Err(FileError::Empty) if given.is_empty() => return Ok(false),
        Err(err) => {
            let is_last = matches!(err, FileError::TooLarge { .. } | FileError::Full | FileError::Io(_));
            received.outcomes.push(refused(&words(&err, is_last && !received.is_single)));
            return Ok(is_last);
        }
    };
    let outcome = match keep(app, signed_in, case, kind, given, held).await {
        Ok(Attached::Added(_)) => Outcome::new(given, "stored", ""),
        Ok(Attached::Known(it)) if it.name == clean_name(given) => {
            Outcome::new(given, "known", "本件已有这份材料，没有重复保存")
        }
        Ok(Attached::Known(it)) => {
            Outcome::new(given, "known", format!("与本件已有的“{}”内容相同，没有重复保存", it.name))
        }
        Err(WebError::Service(ServiceError::File(err))) => refused(&words(&err, false)),
        Err(err) => return Err(PageError(err)),
    };
    received.outcomes.push(outcome);
    Ok(false)
}

/// What a person is told; what an administrator must know goes to the log.
fn words(err: &FileError, is_last: bool) -> String {
    match err {
        FileError::Io(source) => tracing::error!(error = %source, "a file could not be kept"),
        FileError::NotScanned { reason } => tracing::warn!(reason, "the virus scanner does not answer"),
        FileError::Full => tracing::error!("the disk with the files is full"),
        _ => {}
    }
    let after = if is_last { "；表单中排在它后面的文件也没有上传" } else { "" };
    format!("{err}{after}")
}

/// Writes a file as it comes. Where the client hangs up, or anything fails, nothing of it is left.
async fn take(
    app: &web::Data<App>,
    name: &str,
    field: &mut Field,
) -> Result<Result<Held, FileError>, PageError> {
    let (store, max_mb) = (app.files.clone(), app.settings.files.max_mb);
    let mut incoming = match blocking(move || store.incoming(max_mb)).await? {
        Ok(incoming) => incoming,
        Err(err) => return Ok(Err(err)),
    };
    let mut gathered = BytesMut::new();
    loop {
        let chunk = rt::time::timeout(SILENCE, field.next()).await.map_err(|_| WebError::BadRequest)?;
        let is_end = chunk.is_none();
        if let Some(chunk) = chunk {
            gathered.extend_from_slice(&chunk.map_err(broken)?);
        }
        if PIECE <= gathered.len() || is_end {
            let piece = gathered.split();
            match blocking(move || incoming.write(&piece).map(|()| incoming)).await? {
                Ok(it) => incoming = it,
                Err(err) => return Ok(Err(err)),
            }
        }
        if is_end {
            let name = name.to_owned();
            return blocking(move || incoming.finish(&name)).await;
        }
    }
}

/// Has the file scanned and puts it into the case.
async fn keep(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    case: CaseId,
    kind: AttachmentKind,
    name: &str,
    held: Held,
) -> Result<Attached, WebError> {
    let (caller, name) = (signed_in.caller.clone(), name.to_owned());
    let (store, scanner) = (app.files.clone(), app.scanner.clone());
    app.run_with_files(move |db| {
        let scan = scan_file(db, scanner.as_ref(), &caller, case, &name, &held)?;
        attach_file(db, &store, &caller, case, kind, &name, scan, held)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<Result<T, FileError>, PageError> {
    web::block(work).await.map_err(|_| PageError(WebError::Overloaded))
}

async fn next(form: &mut Multipart) -> Result<Option<Field>, PageError> {
    let field = rt::time::timeout(SILENCE, form.next()).await.map_err(|_| WebError::BadRequest)?;
    field.transpose().map_err(broken)
}

/// A form that broke off or is none. Who sent it has mostly gone.
fn broken(err: MultipartError) -> PageError {
    tracing::debug!(error = %err, "a form with files could not be read");
    PageError(WebError::BadRequest)
}

async fn text(mut field: Field) -> Result<String, PageError> {
    let bytes = rt::time::timeout(SILENCE, field.bytes(MAX_TEXT)).await.map_err(|_| WebError::BadRequest)?;
    let bytes = bytes.map_err(|_| WebError::BadRequest)?.map_err(broken)?;
    String::from_utf8(bytes.to_vec()).map_err(|_| PageError(WebError::BadRequest))
}
