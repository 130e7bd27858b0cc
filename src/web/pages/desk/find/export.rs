//! What is shown, as CSV and as a workbook: every matching line, with what the screen shows of it.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use crate::documents::listing::{self, Listing};
use crate::domain::find::Place;
use crate::domain::labels::Coded;
use crate::service::desk::find_cases;
use crate::service::desk::find_cases::{FoundCase, Look};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::Db;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::pages::desk::find::{ListQuery, Row, query};
use crate::web::session::SignedIn;

/// Lines of an export at most.
pub const MAX_LINES: usize = 50_000;
/// Lines read at a time: what is held of an export is this much, however long it is.
const BATCH: usize = 500;

/// An export in the making.
#[derive(Clone)]
struct Export {
    query: ListQuery,
    caller: Caller,
    rules: Arc<Rules>,
    today: NaiveDate,
    columns: Vec<&'static str>,
}

impl Export {
    fn new(app: &App, signed_in: &SignedIn, request: &HttpRequest) -> Self {
        let query = ListQuery::read(request.query_string());
        let columns = query.columns();
        let today = signed_in.caller.today();
        Self { query, caller: signed_in.caller.clone(), rules: app.rules(), today, columns }
    }

    /// What the screen shows of itself, and the chosen columns.
    fn headings(&self) -> Vec<&'static str> {
        let mut headings = vec!["登记号", "申请人", "申请内容", "环节", "等待", "期限状态"];
        for (code, label) in query::COLUMNS.iter().filter(|(code, _)| self.columns.contains(code)) {
            headings.push(label);
            if *code == "due" {
                headings.extend(["剩余或者超期", "暂定"]);
            }
        }
        headings
    }

    fn cells(&self, found: &FoundCase) -> Vec<String> {
        let row = Row::new(found, &self.caller.viewer, self.today);
        let mut cells = vec![
            row.number,
            row.applicant,
            row.subject,
            row.status_label.to_owned(),
            row.wait.to_owned(),
            row.light.label().to_owned(),
        ];
        for (code, _) in query::COLUMNS.iter().filter(|(code, _)| self.columns.contains(code)) {
            match *code {
                "channel" => cells.push(row.channel.to_owned()),
                "received" => cells.push(found.case.received_on.to_string()),
                "kind" => cells.push(row.kind.to_owned()),
                "due" => {
                    let provisional = if row.provisional { "暂定" } else { "" };
                    cells.extend([row.day.clone(), row.words.clone(), provisional.to_owned()]);
                }
                "department" => cells.push(row.department.clone()),
                "handler" => cells.push(row.handler.clone()),
                "outcome" => cells.push(row.outcome.to_owned()),
                "closed" => cells.push(found.case.closed_on.map(|it| it.to_string()).unwrap_or_default()),
                "changed" => cells.push(row.changed.clone()),
                _ => cells.push(row.agency.clone()),
            }
        }
        cells
    }

    /// The next lines, and the place of those after; each batch is a query of its own, so that nothing
    /// is held open while somebody's slow line takes the file.
    fn batch(&self, db: &Db, place: Option<&Place>) -> Result<Batch, ServiceError> {
        let filter = self.query.filter(&self.caller.viewer, &find_cases::pile_days(&self.rules, self.today));
        let look = Look { caller: &self.caller, rules: &self.rules };
        let found = db.read(|conn| {
            find_cases::find_lines(
                conn,
                look,
                std::slice::from_ref(&filter),
                self.query.order(),
                place,
                BATCH,
            )
        })?;
        Ok(Batch { lines: found.cases.iter().map(|it| self.cells(it)).collect(), next: found.next })
    }

    fn attachment(&self, extension: &str) -> (header::HeaderName, String) {
        let name = format!("申请列表-{}.{extension}", self.today);
        let encoded: String = name.bytes().map(|it| format!("%{it:02X}")).collect();
        let value =
            format!("attachment; filename=\"cases-{}.{extension}\"; filename*=UTF-8''{encoded}", self.today);
        (header::CONTENT_DISPOSITION, value)
    }
}

struct Batch {
    lines: Vec<Vec<String>>,
    next: Option<Place>,
}

/// Everything as CSV, sent as it is read.
pub async fn csv(
    app: web::Data<App>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let export = Export::new(&app, &signed_in, &request);
    let mut first = VecDeque::new();
    first.push_back(listing::csv_start(&export.headings()).map_err(|_| PageError(WebError::Overloaded))?);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header(export.attachment("csv"))
        .body(CsvBody { app, export, ready: first, place: None, n_left: MAX_LINES, reading: None }))
}

type Reading = Pin<Box<dyn Future<Output = Result<Batch, WebError>>>>;

/// A body that reads the next lines when the last ones have been sent.
struct CsvBody {
    app: web::Data<App>,
    export: Export,
    ready: VecDeque<Vec<u8>>,
    place: Option<Place>,
    n_left: usize,
    reading: Option<Reading>,
}

impl MessageBody for CsvBody {
    type Error = actix_web::Error;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        if let Some(bytes) = self.ready.pop_front() {
            return Poll::Ready(Some(Ok(bytes.into())));
        }
        if self.n_left == 0 {
            return Poll::Ready(None);
        }
        if self.reading.is_none() {
            let (app, export, place) = (self.app.clone(), self.export.clone(), self.place.take());
            self.reading =
                Some(Box::pin(async move { app.run(move |db| export.batch(db, place.as_ref())).await }));
        }
        let Some(reading) = self.reading.as_mut() else { return Poll::Ready(None) };
        let result = ready!(reading.as_mut().poll(context));
        self.reading = None;
        let mut batch = result.map_err(PageError)?;
        batch.lines.truncate(self.n_left);
        self.n_left = if batch.next.is_some() { self.n_left - batch.lines.len() } else { 0 };
        self.place = batch.next;
        if batch.lines.is_empty() {
            return Poll::Ready(None);
        }
        let bytes = listing::csv_lines(&batch.lines).map_err(|_| PageError(WebError::Overloaded))?;
        Poll::Ready(Some(Ok(bytes.into())))
    }
}

/// Everything as a workbook: its lines go to a file of the system as they are read, and only the packed
/// workbook is held.
pub async fn xlsx(
    app: web::Data<App>,
    signed_in: SignedIn,
    request: HttpRequest,
) -> Result<HttpResponse, PageError> {
    let export = Export::new(&app, &signed_in, &request);
    let attachment = export.attachment("xlsx");
    let bytes = app
        .run(move |db| {
            let failed = |err: crate::documents::DocumentError| ServiceError::refused(err.to_string());
            let mut listing = Listing::new("申请", &export.headings()).map_err(failed)?;
            let (mut place, mut n_left) = (None, MAX_LINES);
            loop {
                let mut batch = export.batch(db, place.as_ref())?;
                batch.lines.truncate(n_left);
                n_left -= batch.lines.len();
                listing.write(&batch.lines).map_err(failed)?;
                place = batch.next;
                if place.is_none() || n_left == 0 {
                    break;
                }
            }
            listing.finish().map_err(failed)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ))
        .insert_header(attachment)
        .body(bytes))
}
