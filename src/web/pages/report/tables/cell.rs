//! What stands behind a number: its cases or proceedings, each with the reasons why it is counted there.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::domain::labels::Coded;
use crate::domain::report::forms;
use crate::domain::report::statistics::placement::Cell;
use crate::domain::wording;
use crate::service::ServiceError;
use crate::service::report::derive_tables::annual_report;
use crate::service::report::list_cell::cell_lines;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::session::SignedIn;

/// How many lines a page has.
const PAGE: usize = 50;

struct Line {
    href: String,
    no: String,
    /// The agency; empty where all are of one.
    agency: String,
    received: String,
    outcome: String,
    reasons: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/report/tables/cell.html")]
struct CellPage {
    page: Page,
    back: String,
    title: String,
    note: String,
    is_remedies: bool,
    lines: Vec<Line>,
    /// The same list as a file: address and words.
    downloads: Vec<(String, &'static str)>,
    summary: String,
    first: String,
    next: String,
    /// Whether the answer is put into the side sheet, where links stay inside it.
    in_sheet: bool,
}

/// A page of the cases of a cell.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    request: HttpRequest,
    path: web::Path<(String, String, String)>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (year, row, column) = path.into_inner();
    let year = frame::year(&year)?;
    let params = params.into_inner();
    let form = forms::form(year)?;
    let code = format!("{row}/{column}");
    // A cell the form does not have is an address nobody was given.
    let cell = Cell::parse(&code, form).map_err(|_| WebError::NotFound)?;
    let after = parse_after(&params.after)?;
    let caller = signed_in.caller.clone();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, caller.today(), "3")?;
    let query = frame.query(&choice);
    let is_remedies = matches!(cell, Cell::Remedies(..));
    let (limit, is_first) = (i64::try_from(PAGE + 1).unwrap_or(i64::MAX), after.is_none());
    let asked = code.clone();
    let (mut lines, n) = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let lines = cell_lines(conn, &caller, &query, &asked, &after, limit)?;
                // The number in the table, to stand over the list that proves it.
                let report = annual_report(conn, &caller, &query)?;
                let n = match cell {
                    Cell::Cases(row, kind) => {
                        let line = report.table3.row(row.code);
                        kind.map_or(line[line.len() - 1], |it| line[it.column()])
                    }
                    Cell::Remedies(kind, column) => {
                        let line = report.table4.group(kind);
                        let place = column.and_then(|it| {
                            crate::domain::report::forms::RemedyColumn::ALL
                                .iter()
                                .position(|other| *other == it)
                        });
                        line[place.unwrap_or(line.len() - 1)]
                    }
                };
                Ok((lines, n))
            })
        })
        .await?;
    let has_more = PAGE < lines.len();
    if has_more {
        lines.truncate(PAGE);
    }
    let link = |after: &str| {
        let mut query: Vec<(&str, &str)> = Vec::new();
        if !frame.agency_code.is_empty() {
            query.push(("agency", &frame.agency_code));
        }
        if frame.rollup {
            query.push(("rollup", "1"));
        }
        if !frame.as_of.is_empty() {
            query.push(("as_of", &frame.as_of));
        }
        if !after.is_empty() {
            query.push(("after", after));
        }
        let query = serde_urlencoded::to_string(&query).unwrap_or_default();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/reports/{year}/cells/{code}{mark}{query}")
    };
    let next = match lines.last().filter(|_| has_more) {
        Some(last) => link(&format!("{},{}", last.received_on, last.id)),
        None => String::new(),
    };
    let (title, table) = words(cell);
    let base = if is_remedies { "/remedies/" } else { "/cases/" };
    let back_table = format!("/reports/{year}{}", frame.suffix);
    let back = if is_remedies {
        format!("{back_table}{}table=4", if frame.suffix.is_empty() { "?" } else { "&" })
    } else {
        back_table
    };
    let until = if frame.as_of_words.is_empty() {
        String::new()
    } else {
        format!("，按{}终了时已知的情况", frame.as_of_words)
    };
    let shown = lines.len();
    let template = CellPage {
        page: Page::new(&app, &signed_in, "reports"),
        back,
        title: format!("{title}　{n} 件"),
        note: format!("{}{year}年度{table}{until}。", frame.agency),
        is_remedies,
        downloads: [("xlsx", "导出 Excel"), ("csv", "导出 CSV")]
            .map(|(format, words)| {
                (format!("/reports/{year}/cells/{code}/download/{format}{}", frame.suffix), words)
            })
            .into(),
        lines: lines
            .into_iter()
            .map(|it| Line {
                href: format!("{base}{}", it.id),
                no: if it.case_no.is_empty() { "（已不存在）".to_owned() } else { it.case_no },
                agency: if frame.rollup { it.agency.name } else { String::new() },
                received: wording::day(it.received_on),
                outcome: it.outcome.unwrap_or_default().to_owned(),
                reasons: it.reasons,
            })
            .collect(),
        summary: if has_more || !is_first {
            format!("本页 {shown} 件，共 {n} 件")
        } else {
            String::new()
        },
        first: if is_first { String::new() } else { link("") },
        next,
        in_sheet: request.headers().contains_key("x-fragment"),
    };
    page::show(&template)
}

/// The cell in words, and the name of its table.
pub fn words(cell: Cell) -> (String, &'static str) {
    match cell {
        Cell::Cases(row, kind) => {
            let column = kind.map_or("总计", Coded::label);
            (format!("{}{}　{column}", row.group.unwrap_or_default(), row.label), "表三")
        }
        Cell::Remedies(kind, column) => {
            (format!("{}　{}", kind.label(), column.map_or("总计", Coded::label)), "表四")
        }
    }
}

/// How far the list has been read: `2025-03-01,IDENTIFIER`.
fn parse_after(text: &str) -> Result<Option<(NaiveDate, String)>, WebError> {
    if text.is_empty() {
        return Ok(None);
    }
    let (day, id) = text.split_once(',').ok_or(WebError::BadRequest)?;
    let day = day.parse().map_err(|_| WebError::BadRequest)?;
    Ok(Some((day, id.to_owned())))
}
