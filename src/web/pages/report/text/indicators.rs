//! The indicators of a year: the figures, their sources, and last year's beside them.

use actix_web::{HttpResponse, web};
use askama::Template;
use sha2::{Digest, Sha256};

use crate::domain::labels::Coded;
use crate::domain::refusal::{Refusal, Refusals};
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::Narrative;
use crate::domain::report::text::derived::Derived;
use crate::domain::report::text::indicator::{
    Entry, IndicatorLine, Sourced, built_in, read_entry, read_items, write_items,
};
use crate::domain::report::text::lack::Contradiction;
use crate::domain::report::text::whole::WholeReport;
use crate::service::report::text::enter_indicators::enter_indicators;
use crate::service::report::text::whole_report;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

struct Row {
    code: String,
    name: String,
    unit: String,
    value: String,
    told_by: String,
    document: String,
    items: String,
    /// Whether what is counted is usually listed one by one.
    has_items: bool,
    n_items: usize,
    last: String,
    last_source: String,
    /// What is wrong, by field.
    /// What is wrong, by field.
    errors: Vec<(&'static str, String)>,
    /// What the figure must agree with; empty for nothing.
    agrees: String,
}

impl Row {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(it, _)| *it == field).map_or("", |(_, why)| why)
    }
}

struct Group {
    heading: &'static str,
    rows: Vec<Row>,
}

struct DerivedRow {
    name: &'static str,
    unit: &'static str,
    this: String,
    last: String,
}

#[derive(Template)]
#[template(path = "pages/report/text/indicators.html")]
struct IndicatorsPage {
    page: Page,
    frame: Frame,
    last_year: i32,
    version: String,
    groups: Vec<Group>,
    derived: Vec<DerivedRow>,
    contradictions: Vec<String>,
    shown: Shown,
    meanwhile: String,
    may_write: bool,
    saved: bool,
}

/// A text that changes with every figure.
fn version(lines: &[IndicatorLine]) -> String {
    let text: String =
        lines.iter().map(|it| format!("{:?}{:?}{:?};", it.indicator, it.this, it.items)).collect();
    Sha256::digest(text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn row(line: &IndicatorLine, shown: &Shown, derived: &dyn Fn(Derived) -> String) -> Row {
    let code = line.indicator.code.clone();
    let given = |field: &str| {
        let name = format!("{field}_{code}");
        shown.fields.has(&name).then(|| shown.v(&name).to_owned())
    };
    let stands = |it: fn(&Sourced) -> String| line.this.as_ref().map(it).unwrap_or_default();
    let built_in = built_in(&code);
    // Beside its field a message does not name the indicator, over the form it does.
    let errors = match shown.is_refused() {
        true => read_entry(&entry(&code, &shown.fields)).err().unwrap_or_default(),
        false => Vec::new(),
    };
    Row {
        name: line.indicator.name.clone(),
        unit: line.indicator.unit.clone(),
        value: given("value").unwrap_or_else(|| stands(|it| it.value.to_string())),
        told_by: given("told_by").unwrap_or_else(|| stands(|it| it.told_by.clone())),
        document: given("document").unwrap_or_else(|| stands(|it| it.document.clone())),
        items: given("items").unwrap_or_else(|| write_items(&line.items)),
        has_items: built_in.is_some_and(|it| it.has_items) || !line.items.is_empty(),
        n_items: line.items.len(),
        last: line.last.as_ref().map(|it| it.value.to_string()).unwrap_or_default(),
        last_source: line.last.as_ref().map(source).unwrap_or_default(),
        agrees: built_in
            .and_then(|it| it.agrees_with)
            .map(|it| format!("应与报表一致：{} {}", it.label(), derived(it)))
            .unwrap_or_default(),
        errors,
        code,
    }
}

fn source(it: &Sourced) -> String {
    [it.told_by.as_str(), &it.document].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("，")
}

/// What was typed for an indicator.
fn entry(code: &str, fields: &Fields) -> Entry {
    let name = |field: &str| format!("{field}_{code}");
    let field = |field: &str| Some(fields.get(&name(field)).to_owned()).filter(|_| fields.has(&name(field)));
    Entry {
        code: code.to_owned(),
        value: Reader::new(fields).plain(&name("value")),
        told_by: field("told_by").unwrap_or_default(),
        document: field("document").unwrap_or_default(),
        items: field("items").map(|it| read_items(&it)),
    }
}

/// What is wrong with what was typed for an indicator, at its fields.
fn wrong(line: &IndicatorLine, fields: &Fields) -> Vec<Refusal> {
    let (code, name) = (&line.indicator.code, &line.indicator.name);
    let found = read_entry(&entry(code, fields)).err().unwrap_or_default();
    found.into_iter().map(|(it, why)| Refusal::at(format!("{it}_{code}"), format!("{name}：{why}"))).collect()
}

/// The form; without the role to write, or of another agency, to be read.
pub async fn form(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, &year, &params, Shown::default(), String::new()).await
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    year: &str,
    params: &Params,
    shown: Shown,
    meanwhile: String,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(year)?;
    let caller = signed_in.caller.clone();
    let today = caller.today();
    let choice = frame::choice(app, signed_in, params).await?;
    let frame = Frame::new(year, params, &choice, signed_in, today, "indicators")?;
    let query = frame.query(&choice);
    let whole = app.run(move |db| db.snapshot(|conn| whole_report(conn, &caller, &query))).await?;
    let groups = groups(&whole, &shown);
    let page = IndicatorsPage {
        page: Page::new(app, signed_in, "reports"),
        last_year: year - 1,
        version: version(&whole.indicators),
        groups,
        derived: derived(&whole),
        contradictions: contradictions(&whole.narrative),
        shown,
        meanwhile,
        may_write: frame.may_write,
        saved: params.saved == "1",
        frame,
    };
    page::show_as(page.shown.status(), &page)
}

fn contradictions(narrative: &Narrative) -> Vec<String> {
    let of_indicator = |it: &&Contradiction| matches!(it, Contradiction::Indicator(_));
    narrative.contradictions.iter().filter(of_indicator).map(ToString::to_string).collect()
}

fn groups(whole: &WholeReport, shown: &Shown) -> Vec<Group> {
    let facts = whole.facts();
    let says = |it: Derived| match it.value(facts.this, facts.fees) {
        Ok(value) => format!("{value}{}", it.unit()),
        Err(_) => "还没有填报".to_owned(),
    };
    let group = |part: &Part| {
        let lines = whole.indicators.iter().filter(|it| it.indicator.part == *part);
        Group {
            heading: part.heading(whole.report.form),
            rows: lines.map(|it| row(it, shown, &says)).collect(),
        }
    };
    Part::ALL.iter().map(group).filter(|it| !it.rows.is_empty()).collect()
}

/// What follows from the tables, to be seen and not to be typed.
fn derived(whole: &WholeReport) -> Vec<DerivedRow> {
    let facts = whole.facts();
    let row = |it: &Derived| DerivedRow {
        name: it.label(),
        unit: it.unit(),
        this: it.value(facts.this, facts.fees).map_or_else(|_| String::new(), |it| it.to_string()),
        last: facts
            .last
            .and_then(|last| it.value(last, facts.last_fees).ok())
            .map(|it| it.to_string())
            .unwrap_or_default(),
    };
    Derived::ALL.iter().map(row).collect()
}

/// Enters what was typed.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let fields = typed.0;
    let number = frame::year(&year)?;
    let query = crate::service::report::derive_tables::ReportQuery {
        agency: signed_in.agency_code.clone(),
        year: number,
        rollup: false,
        as_of: None,
    };
    let caller = signed_in.caller.clone();
    let reader = caller.clone();
    let whole = app.run(move |db| db.snapshot(|conn| whole_report(conn, &reader, &query))).await?;
    let is_given = |line: &&IndicatorLine| fields.has(&format!("value_{}", line.indicator.code));
    let entries: Vec<_> =
        whole.indicators.iter().filter(is_given).map(|it| entry(&it.indicator.code, &fields)).collect();
    let params = Params::default();
    let wrong = whole.indicators.iter().filter(is_given).flat_map(|it| wrong(it, &fields));
    if let Err(refusals) = Refusals::check(wrong.collect()) {
        return draw(&app, &signed_in, &year, &params, Shown::refused(fields, refusals), String::new()).await;
    }
    let is_same = |entry: &Entry| {
        let Some(line) = whole.indicators.iter().find(|it| it.indicator.code == entry.code) else {
            return false;
        };
        read_entry(entry) == Ok(line.this.clone()) && entry.items.as_ref().is_none_or(|it| *it == line.items)
    };
    let changed: Vec<_> = entries.into_iter().filter(|it| !is_same(it)).collect();
    let is_stale = fields.get("version") != version(&whole.indicators);
    if is_stale && !changed.is_empty() {
        let names: Vec<_> = whole
            .indicators
            .iter()
            .filter(|line| changed.iter().any(|it| it.code == line.indicator.code))
            .map(|it| {
                let stands = it.this.as_ref().map_or_else(|| "空着".to_owned(), |it| it.value.to_string());
                format!("{}现为{stands}", it.indicator.name)
            })
            .collect();
        return draw(&app, &signed_in, &year, &params, Shown::stale(fields), names.join("；")).await;
    }
    let agency = signed_in.agency_code.clone();
    let known = whole.indicators;
    let entered = app
        .run(move |db| {
            db.write(|conn| enter_indicators(conn, &caller, &agency, number, &changed, Some(&known)))
        })
        .await;
    match entered {
        Ok(()) => Ok(see_other(format!("/reports/{number}/indicators?saved=1"))),
        Err(err) => draw(&app, &signed_in, &year, &params, Shown::after(fields, err)?, String::new()).await,
    }
}
