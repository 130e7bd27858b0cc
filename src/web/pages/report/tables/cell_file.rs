//! What stands behind a number as a file: every case or proceeding, with its agency and the reasons.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::documents::DocumentError;
use crate::documents::listing::{self, Listing};
use crate::domain::report::forms;
use crate::domain::report::statistics::placement::Cell;
use crate::service::report::list_cell::{CellLine, cell_lines};
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::pages::report::tables::cell::words;
use crate::web::session::SignedIn;

/// Lines of a file at most: more than a spreadsheet shows at once, and than any cell of one agency has.
const MAX_LINES: i64 = 50_000;

const CASES: &[&str] = &["机关", "登记号", "收到日期", "办结日期", "办理结果", "计入理由"];
const REMEDIES: &[&str] = &["机关", "案号", "受理日期", "审结日期", "结果", "计入理由"];

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Sends the cases of a cell.
pub async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String, String, String)>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (year, row, column, format) = path.into_inner();
    let year = frame::year(&year)?;
    let content_type = match format.as_str() {
        "csv" => "text/csv; charset=utf-8",
        "xlsx" => XLSX,
        _ => return Err(PageError(WebError::NotFound)),
    };
    let code = format!("{row}/{column}");
    let cell = Cell::parse(&code, forms::form(year)?).map_err(|_| WebError::NotFound)?;
    let caller = signed_in.caller.clone();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, caller.today(), "3")?;
    // A file must not silently hold other cases than were asked for.
    if !frame.as_of_error.is_empty() {
        return Err(PageError(WebError::BadRequest));
    }
    let query = frame.query(&choice);
    let lines = app
        .run(move |db| db.snapshot(|conn| cell_lines(conn, &caller, &query, &code, &None, MAX_LINES)))
        .await?;
    let name = format!("{}{year}年度{}.{format}", frame.agency, words(cell).0.replace(['　', '/'], "-"));
    let plain = format!("cell-{year}.{format}");
    let headings = if matches!(cell, Cell::Remedies(..)) { REMEDIES } else { CASES };
    let bytes = web::block(move || draw(&format, headings, &lines))
        .await
        .map_err(|_| WebError::Overloaded)?
        .map_err(|err| {
            tracing::error!(error = %err, "a list could not be drawn");
            WebError::Overloaded
        })?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type))
        .insert_header((header::CONTENT_DISPOSITION, attachment(&name, &plain)))
        .body(bytes))
}

fn draw(format: &str, headings: &[&str], lines: &[CellLine]) -> Result<Vec<u8>, DocumentError> {
    let line = |it: &CellLine| {
        vec![
            it.agency.name.clone(),
            it.case_no.clone(),
            it.received_on.to_string(),
            it.closed_on.map(|day| day.to_string()).unwrap_or_default(),
            it.outcome.unwrap_or_default().to_owned(),
            it.reasons.join("；"),
        ]
    };
    let lines: Vec<_> = lines.iter().map(line).collect();
    if format == "csv" {
        return Ok([listing::csv_start(headings)?, listing::csv_lines(&lines)?].concat());
    }
    let mut listing = Listing::new("数据来源", headings)?;
    listing.write(&lines)?;
    listing.finish()
}
