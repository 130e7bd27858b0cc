//! Table 2 is entered by hand: the form, figure by figure, with last year's beside it.

use actix_web::{HttpResponse, web};
use askama::Template;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use crate::domain::refusal::Refusals;
use crate::domain::report::forms;
use crate::domain::report::forms::{EnteredRow, Form};
use crate::domain::report::statistics::checks::check_stock;
use crate::domain::report::statistics::table2::Table2;
use crate::service::ServiceError;
use crate::service::report::derive_tables::{ReportQuery, annual_report};
use crate::service::report::enter_figures::{RowFigures, enter_figures};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

struct Input {
    name: String,
    label: String,
    value: String,
    error: String,
    /// What was entered for last year, for comparison.
    last: String,
    numeric: &'static str,
}

struct Block {
    heading: &'static str,
    rows: Vec<(&'static str, Vec<Input>)>,
}

#[derive(Template)]
#[template(path = "pages/report/figures.html")]
struct FiguresPage {
    page: Page,
    /// The address of the table.
    back: String,
    year: i32,
    version: String,
    blocks: Vec<Block>,
    shown: Shown,
    warnings: Vec<String>,
    /// What somebody else entered meanwhile: the figure, what stands there now.
    meanwhile: Vec<(String, String)>,
    saved: bool,
}

/// What has been entered, this year and last.
struct Entered {
    form: &'static Form,
    this: Table2,
    last: Option<Table2>,
}

async fn entered(app: &App, signed_in: &SignedIn, year: i32) -> Result<Entered, PageError> {
    let form = forms::form(year)?;
    let caller = signed_in.caller.clone();
    let query = ReportQuery { agency: signed_in.agency_code.clone(), year, rollup: false, as_of: None };
    let has_last = forms::form(year - 1) == Ok(form);
    let (this, last) = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let this = annual_report(conn, &caller, &query)?.table2;
                let last = ReportQuery { year: year - 1, ..query };
                let last = if has_last { Some(annual_report(conn, &caller, &last)?.table2) } else { None };
                Ok((this, last))
            })
        })
        .await?;
    Ok(Entered { form, this, last })
}

fn back(year: i32) -> String {
    format!("/reports/{year}?table=2")
}

/// A text that changes with every figure of the table.
fn version(table: &Table2) -> String {
    let text: String =
        table.lines.iter().map(|it| format!("{}{:?}", it.row.code, it.cells)).collect::<Vec<_>>().join(";");
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn field(row: &EnteredRow, cell: usize) -> String {
    format!("{}_{cell}", row.code)
}

fn digits(figure: Option<Decimal>) -> String {
    figure.map(|it| it.to_string()).unwrap_or_default()
}

/// The blocks of the form with what stands in them.
fn blocks(entered: &Entered, shown: &Shown) -> Vec<Block> {
    let input = |row: &'static EnteredRow, columns: &[&'static str], cell: usize| {
        let name = field(row, cell);
        let stands = |table: &Table2| digits(table.row(row.code).and_then(|it| it.cells.get(cell).copied()?));
        let value = if shown.is_blank() { stands(&entered.this) } else { shown.v(&name).to_owned() };
        let numeric = match row.cells[cell] {
            forms::Figure::Count => "numeric",
            forms::Figure::Change => "text",
            forms::Figure::Amount => "decimal",
        };
        Input {
            label: columns.get(cell).copied().unwrap_or_default().to_owned(),
            value,
            error: shown.e(&name),
            last: entered.last.as_ref().map(stands).unwrap_or_default(),
            numeric,
            name,
        }
    };
    let block = |it: &'static forms::Block| Block {
        heading: it.heading,
        rows: it
            .rows
            .iter()
            .map(|row| (row.label, (0..row.cells.len()).map(|cell| input(row, it.columns, cell)).collect()))
            .collect(),
    };
    entered.form.table2.iter().map(block).collect()
}

fn warnings(entered: &Entered, year: i32) -> Vec<String> {
    let Some(last) = &entered.last else { return Vec::new() };
    let checks = check_stock(last, &entered.this, year);
    checks.into_iter().filter(|it| !it.holds).map(|it| it.detail).collect()
}

#[derive(Debug, serde::Deserialize)]
pub struct Saved {
    #[serde(default)]
    saved: String,
}

/// The form.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    query: web::Query<Saved>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let entered = entered(&app, &signed_in, year).await?;
    let shown = Shown::blank(Fields::default());
    page::show(&FiguresPage {
        warnings: warnings(&entered, year),
        saved: query.saved == "1",
        ..FiguresPage::new(&app, &signed_in, year, &entered, shown)
    })
}

impl FiguresPage {
    fn new(app: &App, signed_in: &SignedIn, year: i32, entered: &Entered, shown: Shown) -> Self {
        Self {
            page: Page::new(app, signed_in, "reports"),
            back: back(year),
            year,
            version: version(&entered.this),
            blocks: blocks(entered, &shown),
            shown,
            warnings: Vec::new(),
            meanwhile: Vec::new(),
            saved: false,
        }
    }
}

/// Enters what was typed. Rows nobody touched are left alone, so a second click changes nothing.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let fields = typed.0;
    let now = entered(&app, &signed_in, year).await?;
    let rows = match read(&now, &fields) {
        Ok(rows) => rows,
        Err(refusals) => return again(&app, &signed_in, year, &now, Shown::refused(fields, refusals), &[]),
    };
    if rows.is_empty() {
        return Ok(see_other(saved(year)));
    }
    let known = fields.get("version").to_owned();
    let (caller, agency, wanted) = (signed_in.caller.clone(), signed_in.agency_code.clone(), rows.clone());
    let done = app
        .run(move |db| {
            db.write(|conn| -> Result<_, ServiceError> {
                let query = ReportQuery { agency: agency.clone(), year, rollup: false, as_of: None };
                if version(&annual_report(conn, &caller, &query)?.table2) != known {
                    return Err(ServiceError::Stale);
                }
                enter_figures(conn, &caller, &agency, year, &wanted)
            })
        })
        .await;
    match done {
        Ok(_) => Ok(see_other(saved(year))),
        Err(err) => {
            let shown = Shown::after(fields, err)?;
            let now = entered(&app, &signed_in, year).await?;
            again(&app, &signed_in, year, &now, shown, &rows)
        }
    }
}

fn saved(year: i32) -> String {
    format!("/reports/{year}/figures?saved=1")
}

/// The form again; where it is stale, with what stands now in the rows that were to be overwritten.
fn again(
    app: &App,
    signed_in: &SignedIn,
    year: i32,
    entered: &Entered,
    shown: Shown,
    rows: &[RowFigures],
) -> Result<HttpResponse, PageError> {
    let meanwhile = if shown.is_stale() { others(entered, rows) } else { Vec::new() };
    let page = FiguresPage { meanwhile, ..FiguresPage::new(app, signed_in, year, entered, shown) };
    page::show_as(page.shown.status(), &page)
}

/// The rows that differ from what stands, and what is wrong with the rest.
fn read(entered: &Entered, fields: &Fields) -> Result<Vec<RowFigures>, Refusals> {
    let (mut it, mut rows) = (Reader::new(fields), Vec::new());
    for line in &entered.this.lines {
        let row = line.row;
        let texts: Vec<String> = (0..row.cells.len()).map(|cell| it.plain(&field(row, cell))).collect();
        if texts.iter().all(String::is_empty) && line.cells.iter().all(Option::is_none) {
            continue;
        }
        let mut figures = Vec::new();
        for (cell, (figure, text)) in row.cells.iter().zip(&texts).enumerate() {
            if text.is_empty() {
                let message = format!("“{}”这一行没有填全；没有发生的请填 0", row.label);
                it.refuse(&field(row, cell), message);
                continue;
            }
            match figure.parse(text) {
                Ok(number) => figures.push(Some(number)),
                Err(err) => it.refuse(&field(row, cell), err.to_string()),
            }
        }
        if figures.len() == row.cells.len() && figures != line.cells {
            rows.push(RowFigures { row: row.code.to_owned(), values: texts });
        }
    }
    it.finish(rows)
}

/// What stands now in the rows that somebody is about to overwrite.
fn others(entered: &Entered, rows: &[RowFigures]) -> Vec<(String, String)> {
    let line = |it: &RowFigures| {
        let line = entered.this.row(&it.row)?;
        let now: Vec<_> = line.cells.iter().map(|it| digits(*it)).collect();
        Some((line.row.label.to_owned(), now.join("、")))
    };
    rows.iter().filter_map(line).collect()
}
