//! Why a request failed, in the terms of HTTP: the one place that maps errors to statuses.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use uuid::Uuid;

use crate::domain::refusal::Refusals;
use crate::domain::workflow::WorkflowError;
use crate::files::FileError;
use crate::service::ServiceError;
use crate::storage::StorageError;
use crate::web::bare::BarePage;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The use case refused or failed.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// There is no such page, or nothing the person may see there.
    #[error("没有这个页面，或者您无权查看")]
    NotFound,
    /// The form does not come from one of our pages, or from one that is too old.
    #[error("页面已经失效，请返回上一页，刷新后再提交；填写的内容不会丢失")]
    Forged,
    /// The login has ended.
    #[error("登录已经失效，请在另一个窗口重新登录，然后返回本页再提交")]
    SignedOut,
    /// Not with these roles.
    #[error("您的职责不包括这项操作")]
    NotPermitted,
    /// The request cannot be read.
    #[error("提交的内容无法识别")]
    BadRequest,
    /// Too many in a short time.
    #[error("操作过于频繁，请在{seconds}秒后再试；填写的内容还在上一页")]
    TooMany {
        /// When to try again.
        seconds: u64,
    },
    /// The browser keeps no cookies.
    #[error("浏览器没有保存本页的 Cookie，或者页面打开太久。请允许 Cookie，返回上一页，刷新后再提交")]
    NoCookie,
    /// A page could not be drawn.
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
    /// All workers are busy.
    #[error("系统繁忙，请稍后再试")]
    Overloaded,
}

impl From<StorageError> for WebError {
    fn from(err: StorageError) -> Self {
        Self::Service(err.into())
    }
}

impl WebError {
    /// What is wrong with what was given, for its form to say.
    ///
    /// # Errors
    /// Any other error, to be shown as a page.
    pub fn refusals(self) -> Result<Refusals, PageError> {
        match self {
            Self::Service(ServiceError::Refused(refusals)) => Ok(refusals),
            err => Err(PageError(err)),
        }
    }

    /// Whether somebody has changed since what was to be changed.
    pub fn is_stale(&self) -> bool {
        matches!(self, Self::Service(ServiceError::Stale))
    }

    /// The status, a stable code, and a title.
    pub fn kind(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NotFound | Self::Service(ServiceError::Storage(StorageError::NotFound)) => {
                (StatusCode::NOT_FOUND, "not-found", "没有找到")
            }
            Self::Forged | Self::NoCookie => (StatusCode::FORBIDDEN, "forged", "页面已失效"),
            Self::SignedOut => (StatusCode::UNAUTHORIZED, "signed-out", "登录已失效"),
            Self::NotPermitted
            | Self::Service(ServiceError::Workflow(WorkflowError::NotPermitted { .. })) => {
                (StatusCode::FORBIDDEN, "not-permitted", "无权操作")
            }
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad-request", "无法识别"),
            Self::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "too-many", "操作过于频繁"),
            Self::Overloaded | Self::Service(ServiceError::Storage(StorageError::Pool(_))) => {
                (StatusCode::SERVICE_UNAVAILABLE, "overloaded", "系统繁忙")
            }
            Self::Service(ServiceError::Stale | ServiceError::Storage(StorageError::Conflict)) => {
                (StatusCode::CONFLICT, "conflict", "已被他人修改")
            }
            Self::Service(ServiceError::Workflow(WorkflowError::WrongStatus { .. })) => {
                (StatusCode::CONFLICT, "wrong-status", "当前环节不能进行这项操作")
            }
            Self::Service(ServiceError::File(FileError::Missing)) => {
                (StatusCode::GONE, "file-missing", "文件缺失")
            }
            Self::Service(
                ServiceError::Storage(_) | ServiceError::File(FileError::Io(_)) | ServiceError::Document(_),
            )
            | Self::Template(_) => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "系统内部错误"),
            Self::Service(_) => (StatusCode::UNPROCESSABLE_ENTITY, "refused", "不能办理"),
        }
    }
}

/// An error shown as a page.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct PageError(#[from] pub WebError);

impl<E> From<E> for PageError
where
    E: Into<ServiceError>,
{
    fn from(err: E) -> Self {
        Self(WebError::Service(err.into()))
    }
}

/// What stands around an error that is shown as a page: whose office it is. A response to an error is made
/// far from the request it answers; the guard says it here for as long as the request is worked on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The agency of who is signed in; empty for nobody.
    pub agency: String,
    /// Whether this is the demonstration.
    pub demo: bool,
}

tokio::task_local! {
    /// Around the request this task works on.
    pub static AROUND: Around;
}

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage {
    page: BarePage,
    title: &'static str,
    text: String,
    kept: &'static str,
    reference: String,
    back: &'static str,
    back_label: &'static str,
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.0.kind().0
    }

    fn error_response(&self) -> HttpResponse {
        let (status, _, title) = self.0.kind();
        // What failed inside is for the log; the page carries only the reference.
        let (text, reference) = if status.is_server_error() {
            let reference = Uuid::now_v7().simple().to_string()[20..].to_owned();
            tracing::error!(reference, error = %self.0, "a request failed");
            ("系统没有完成这次操作，已经记录。请稍后再试。".to_owned(), reference)
        } else {
            (self.0.to_string(), String::new())
        };
        // Outside of any request nothing is known of the office.
        let Around { agency, demo } = AROUND.try_with(Clone::clone).unwrap_or_default();
        let page = BarePage { agency, csrf: String::new(), demo };
        let (back, back_label) = match &self.0 {
            WebError::SignedOut | WebError::NoCookie => ("/login", "重新登录"),
            _ => ("", ""),
        };
        let page = ErrorPage { page, title, text, kept: "", reference, back, back_label };
        let body = page.render().unwrap_or_else(|_| title.to_owned());
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let WebError::TooMany { seconds } = &self.0 {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.content_type(ContentType::html()).body(body)
    }
}
