//! The report of a year: what it says now, what is still missing, when it is due, and what was filed.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use crate::domain::labels::Coded;
use crate::domain::report::text::lack::{MendIn, Missing};
use crate::domain::report::text::whole::WholeReport;
use crate::domain::report::text::{Filing, Part};
use crate::domain::urgency::Light;
use crate::domain::wording;
use crate::service::ServiceError;
use crate::service::report::text::file_report::{filings, since};
use crate::service::report::text::whole_report;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Shown;
use crate::web::page::{self, Page};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::{Frame, Params};
use crate::web::pages::report::text::files::FORMATS;
use crate::web::pages::report::text::preview;
use crate::web::pages::report::text::preview::DrawnPart;
use crate::web::session::SignedIn;

/// A day of art. 49 with what has become of it.
struct Deadline {
    what: &'static str,
    day: String,
    words: String,
    light: Light,
}

/// Something missing, and where it is mended.
struct Lack {
    place: &'static str,
    sentence: String,
    why: String,
    href: String,
}

/// What was filed.
pub struct FiledLine {
    what: &'static str,
    day: String,
    author: String,
    sha256: String,
    files: Vec<(String, &'static str)>,
    changes: String,
}

#[derive(Template)]
#[template(path = "pages/report/text/show.html")]
struct WholePage {
    page: Page,
    frame: Frame,
    deadlines: Vec<Deadline>,
    lacks: Vec<Lack>,
    contradictions: Vec<String>,
    parts: Vec<DrawnPart>,
    title: String,
    signature: String,
    files: Vec<(String, &'static str)>,
    has_pdf: bool,
    filed: Vec<FiledLine>,
    gone: Vec<String>,
    come: Vec<String>,
    changed_since: String,
    n_moved: String,
    may_write: bool,
    is_complete: bool,
    shown: Shown,
    filings: Vec<(&'static str, &'static str)>,
    today: String,
    saved: &'static str,
}

/// The page.
pub async fn show(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, &year, &params, Shown::default()).await
}

/// The page, with what was typed to file the report.
pub async fn draw(
    app: &App,
    signed_in: &SignedIn,
    year: &str,
    params: &Params,
    shown: Shown,
) -> Result<HttpResponse, PageError> {
    let year = frame::year(year)?;
    let caller = signed_in.caller.clone();
    let today = caller.today();
    let choice = frame::choice(app, signed_in, params).await?;
    let frame = Frame::new(year, params, &choice, signed_in, today, "text")?;
    let query = frame.query(&choice);
    let (whole, filed, changed) = app
        .run(move |db| {
            db.snapshot(|conn| -> Result<_, ServiceError> {
                let whole = whole_report(conn, &caller, &query)?;
                let filed = filings(conn, &query.agency, year)?;
                let changed = match filed.first() {
                    Some(last) => Some(since(conn, &caller, &query, last, &whole)?),
                    None => None,
                };
                Ok((whole, filed, changed))
            })
        })
        .await?;
    let day_of = |it: Filing| filed.iter().filter(|filed| filed.filing == it).map(|it| it.filed_on).min();
    let deadlines = [
        ("报送", Filing::Submitted, app.settings.report.submit_by),
        ("公布", Filing::Published, app.settings.report.publish_by),
    ]
    .map(|(what, filing, by)| deadline(what, by.in_year(year + 1), day_of(filing), today));
    let link = |path: &str| format!("/reports/{year}{path}{}", frame.suffix);
    let changed_since = filed.first().map(|it| wording::day(it.filed_on)).unwrap_or_default();
    let filed_lines = filed
        .iter()
        .map(|it| FiledLine {
            what: it.filing.label(),
            day: wording::day(it.filed_on),
            author: it.author.clone(),
            sha256: it.sha256.clone(),
            files: [("docx", "Word 文档"), ("html", "网页"), ("json", "附表数据")]
                .map(|(format, words)| (link(&format!("/filings/{}/{format}", it.seq)), words))
                .to_vec(),
            changes: link("/changes")
                + if frame.suffix.is_empty() { "?" } else { "&" }
                + &format!("since={}", it.filed_on),
        })
        .collect();
    let changed = changed.unwrap_or_default();
    let template = WholePage {
        page: Page::new(app, signed_in, "reports"),
        deadlines: deadlines.into_iter().collect(),
        lacks: lacks(&whole, year),
        contradictions: whole.narrative.contradictions.iter().map(ToString::to_string).collect(),
        parts: preview::parts(&whole, &format!("/reports/{year}/cells/"), &frame.suffix),
        title: format!("{year}年政府信息公开工作年度报告"),
        signature: whole.dated.map(wording::day).unwrap_or_default(),
        files: FORMATS
            .iter()
            .filter(|it| it.0 != "pdf" || app.office.is_some())
            .map(|it| (link(&format!("/files/{}", it.0)), it.1))
            .collect(),
        has_pdf: app.office.is_some(),
        filed: filed_lines,
        gone: changed.gone,
        come: changed.come,
        n_moved: match (changed.n_moved, changed.has_more) {
            (0, _) => String::new(),
            (n, true) => format!("{n}件以上"),
            (n, false) => format!("{n}件"),
        },
        changed_since,
        may_write: frame.may_write,
        is_complete: whole.narrative.is_complete(),
        shown,
        filings: Filing::ALL.iter().map(|it| (it.code(), it.label())).collect(),
        today: today.to_string(),
        saved: match params.saved.as_str() {
            "text" => "文字已保存",
            "filed" => "已登记，报告按此刻的内容存档",
            _ => "",
        },
        frame,
    };
    page::show_as(template.shown.status(), &template)
}

fn deadline(what: &'static str, by: NaiveDate, done: Option<NaiveDate>, today: NaiveDate) -> Deadline {
    let left = (by - today).num_days();
    let words = match done {
        Some(day) if day <= by => format!("{}已{what}", wording::day(day)),
        Some(day) => format!("{}已{what}，迟{}日", wording::day(day), (day - by).num_days()),
        None if left < 0 => format!("没有登记{what}，已过{}日", -left),
        None => format!("还有{left}日"),
    };
    Deadline { what, day: wording::day(by), words, light: Light::of_report(by, done.is_some(), today) }
}

fn lacks(whole: &WholeReport, year: i32) -> Vec<Lack> {
    let lack = |it: &Missing| Lack {
        place: it.part.label(),
        sentence: it.sentence.clone(),
        why: it.lack.why.clone(),
        href: match it.lack.mend_in {
            MendIn::Table2 => format!("/reports/{year}/figures"),
            MendIn::Indicators => format!("/reports/{year}/indicators"),
            MendIn::Problems => format!("/reports/{year}/problems"),
            MendIn::Text if it.part == Part::Problems => format!("/reports/{year}/problems"),
            MendIn::Text => format!("/reports/{year}/text/{}", it.part.code()),
        },
    };
    whole.narrative.missing.iter().map(lack).collect()
}
