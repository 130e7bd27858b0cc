//! The charts of a year, each with its table.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::service::ServiceError;
use crate::service::report::derive_tables::annual_report;
use crate::service::report::draw_charts::{Charts, DepartmentYear, charts};
use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::session::SignedIn;
use crate::web::view::charts as draw;
use crate::web::view::charts::{Series, percent, share};

const MONTHS: [&str; 12] =
    ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"];

/// A cell of the table beside a chart: the words, and the list behind a number where there is one.
type Number = (String, String);

struct Figure {
    id: &'static str,
    title: &'static str,
    note: &'static str,
    /// Classes of bars and their names; empty where one kind needs none.
    legend: Vec<(&'static str, &'static str)>,
    svg: String,
    heads: Vec<&'static str>,
    rows: Vec<(String, Vec<Number>)>,
}

#[derive(Template)]
#[template(path = "pages/report/tables/charts.html")]
struct ChartsPage {
    page: Page,
    frame: Frame,
    is_empty: bool,
    figures: Vec<Figure>,
}

/// The page of charts.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(&year)?;
    let params = params.into_inner();
    let caller = signed_in.caller.clone();
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let frame = Frame::new(year, &params, &choice, &signed_in, caller.today(), "charts")?;
    let query = frame.query(&choice);
    let rules = app.rules();
    let figures = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let report = annual_report(conn, &caller, &query)?;
                charts(conn, &rules, &query, &report)
            })
        })
        .await?;
    let is_empty = figures.received.iter().chain(&figures.closed).all(|it| *it == 0);
    let figures = if is_empty { Vec::new() } else { drawn(&figures, &frame) };
    page::show(&ChartsPage { page: Page::new(&app, &signed_in, "reports"), frame, is_empty, figures })
}

fn plain(n: u64) -> Number {
    (n.to_string(), String::new())
}

fn drawn(charts: &Charts, frame: &Frame) -> Vec<Figure> {
    let mut figures = vec![by_month(charts), outcomes(charts, frame), spans(charts), on_time(charts)];
    if !charts.departments.is_empty() {
        figures.push(departments(&charts.departments));
    }
    figures
}

fn by_month(charts: &Charts) -> Figure {
    let series = [
        Series { class: "bar", values: &charts.received },
        Series { class: "bar-2", values: &charts.closed },
    ];
    let rows = MONTHS.iter().zip(charts.received.iter().zip(&charts.closed));
    Figure {
        id: "by-month",
        title: "按月新收和办结（件）",
        note: "",
        legend: vec![("bar", "新收"), ("bar-2", "办结")],
        svg: draw::columns("按月新收和办结件数", &MONTHS, &series),
        heads: vec!["月份", "新收", "办结"],
        rows: rows.map(|(month, (a, b))| ((*month).to_owned(), vec![plain(*a), plain(*b)])).collect(),
    }
}

fn outcomes(charts: &Charts, frame: &Frame) -> Figure {
    let items: Vec<_> = charts.outcomes.iter().map(|it| (it.label, it.n)).collect();
    let total: u64 = charts.outcomes.iter().map(|it| it.n).sum();
    let link = |rows: &[&str]| match rows {
        [row] => format!("/reports/{}/cells/{row}/total{}", frame.year, frame.suffix),
        _ => String::new(),
    };
    Figure {
        id: "by-outcome",
        title: "办理结果（件）",
        note: "",
        legend: Vec::new(),
        svg: draw::rows("各类办理结果件数", &items),
        heads: vec!["办理结果", "件数", "占比"],
        rows: charts
            .outcomes
            .iter()
            .map(|it| {
                let part = share(it.n, total).map(percent).unwrap_or_default();
                (it.label.to_owned(), vec![(it.n.to_string(), link(&it.rows)), (part, String::new())])
            })
            .collect(),
    }
}

fn spans(charts: &Charts) -> Figure {
    let names: Vec<_> = charts.spans.iter().map(|(name, _)| *name).collect();
    let values: Vec<_> = charts.spans.iter().map(|(_, n)| *n).collect();
    Figure {
        id: "time",
        title: "办结用时（工作日）",
        note: "从收到之日的次日到办结之日的工作日数，暂停计算的日子也在其中，所以超过20日不等于超期。",
        legend: Vec::new(),
        svg: draw::columns("办结用时分布", &names, &[Series { class: "bar", values: &values }]),
        heads: vec!["用时", "件数"],
        rows: charts.spans.iter().map(|(name, n)| ((*name).to_owned(), vec![plain(*n)])).collect(),
    }
}

fn on_time(charts: &Charts) -> Figure {
    let rates: Vec<_> = charts
        .replied
        .iter()
        .zip(&charts.late)
        .map(|(replied, late)| share(replied.saturating_sub(*late), *replied))
        .collect();
    let rows = MONTHS.iter().zip(&rates).zip(charts.replied.iter().zip(&charts.late));
    Figure {
        id: "on-time",
        title: "按期答复率",
        note: "按答复之日统计；补正、征求意见、延期都已计入各件的期限。撤回、逾期不补正、逾期未缴费的不计。",
        legend: Vec::new(),
        svg: draw::shares("按月按期答复率", &MONTHS, &rates),
        heads: vec!["月份", "答复", "超期", "按期率"],
        rows: rows
            .map(|((month, rate), (replied, late))| {
                let rate = rate.map_or_else(|| "—".to_owned(), percent);
                ((*month).to_owned(), vec![plain(*replied), plain(*late), (rate, String::new())])
            })
            .collect(),
    }
}

fn departments(departments: &[DepartmentYear]) -> Figure {
    let items: Vec<_> = departments.iter().map(|it| (it.name.as_str(), it.received)).collect();
    let rate = |it: &DepartmentYear| {
        share(it.replied.saturating_sub(it.late), it.replied).map_or_else(|| "—".to_owned(), percent)
    };
    Figure {
        id: "by-department",
        title: "按承办部门（新收，件）",
        note: "",
        legend: Vec::new(),
        svg: draw::rows("各部门新收件数", &items),
        heads: vec!["部门", "新收", "办结", "超期", "按期率"],
        rows: departments
            .iter()
            .map(|it| {
                let numbers =
                    vec![plain(it.received), plain(it.closed), plain(it.late), (rate(it), String::new())];
                (it.name.clone(), numbers)
            })
            .collect(),
    }
}
