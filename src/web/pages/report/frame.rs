//! What all pages of a year share: whose figures, of which day, and the ways between the pages.

use actix_web::http::StatusCode;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::documents::Format;
use crate::domain::dates;
use crate::domain::labels::Coded;
use crate::domain::report::forms::FIRST_YEAR;
use crate::domain::wording;
use crate::service::report::choose_agency::{Choice, choose_agency};
use crate::service::report::derive_tables::ReportQuery;
use crate::web::App;
use crate::web::error::WebError;
use crate::web::pages::report::WRITERS;
use crate::web::session::SignedIn;

/// What stands in the address of a page of statistics.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Params {
    /// The year, where a form carries it.
    pub year: String,
    /// The code of the agency; empty for one's own.
    pub agency: String,
    /// Whether everything below is summed.
    pub rollup: String,
    /// The figures as they stood at the end of this day; empty for now.
    pub as_of: String,
    /// Whether last year's figures stand beside.
    pub compare: String,
    /// Which table: 2, 3 or 4.
    pub table: String,
    /// How far a list has been read.
    pub after: String,
    /// The day compared with.
    pub since: String,
    /// What was just saved.
    pub saved: String,
}

impl Params {
    /// The code asked for.
    pub fn agency(&self) -> Option<&str> {
        Some(self.agency.as_str()).filter(|it| !it.is_empty())
    }

    /// The day asked for; an error in words where it is none, or none of the year.
    pub fn as_of(&self, year: i32, today: NaiveDate) -> Result<Option<NaiveDate>, String> {
        if self.as_of.is_empty() {
            return Ok(None);
        }
        let day = dates::parse(&self.as_of).map_err(|_| {
            format!("“{}”不是日期，请按 2025-12-31 的格式填写。下面是现在的数字。", self.as_of)
        })?;
        if day.year() < year {
            return Err(format!(
                "截至日 {} 早于 {year} 年 1 月 1 日，请选择统计年度内或者以后的日期。下面是现在的数字。",
                wording::day(day)
            ));
        }
        if today < day {
            return Err(format!("截至日 {} 还没有到。下面是现在的数字。", wording::day(day)));
        }
        Ok(Some(day))
    }
}

/// The agency whose figures are shown: the one asked for, or one's own; with those there are to choose from.
///
/// # Errors
/// An agency that is not theirs to see, or where the database fails.
pub async fn choice(app: &App, signed_in: &SignedIn, params: &Params) -> Result<Choice, WebError> {
    let caller = signed_in.caller.clone();
    let wanted = params.agency().map(str::to_owned);
    app.run(move |db| db.read(|conn| choose_agency(conn, &caller, wanted.as_deref()))).await
}

/// The year in a path. What is no year is no page.
pub fn year(text: &str) -> Result<i32, WebError> {
    text.parse().ok().filter(|it| (1000..=9999).contains(it)).ok_or(WebError::NotFound)
}

/// The head of every page of a year.
#[derive(Debug, Clone)]
pub struct Frame {
    pub year: i32,
    /// Every year there may be figures of, with whether it is this one.
    pub years: Vec<(i32, bool)>,
    pub agency: String,
    /// Its code; empty where it is one's own.
    pub agency_code: String,
    /// Agencies to choose from: code, name, whether chosen; empty where there is no choice.
    pub agencies: Vec<(String, String, bool)>,
    /// Whether there is something below to be summed.
    pub has_children: bool,
    /// Whether it is summed.
    pub rollup: bool,
    /// The day, as typed.
    pub as_of: String,
    /// The day in words; empty for now.
    pub as_of_words: String,
    /// What is wrong with it.
    pub as_of_error: String,
    /// Whether last year stands beside.
    pub compare: bool,
    pub form: &'static str,
    /// What every link to a page of the year carries: `?agency=…`, or nothing.
    pub suffix: String,
    /// The pages of the year: address, words, whether it is this one.
    pub tabs: Vec<(String, &'static str, bool)>,
    /// Downloads: address and words.
    pub downloads: Vec<(String, &'static str)>,
    /// The code of the present page, carried by the form of choices.
    pub tab: &'static str,
    /// Whether this person enters table 2 here.
    pub may_enter: bool,
    /// Whether this person writes the report here.
    pub may_write: bool,
}

impl Frame {
    /// The frame around a page.
    pub fn new(
        year: i32,
        params: &Params,
        choice: &Choice,
        signed_in: &SignedIn,
        today: NaiveDate,
        tab: &'static str,
    ) -> Result<Self, WebError> {
        let form = crate::domain::report::forms::form(year).map_err(crate::service::ServiceError::from)?;
        let is_own = choice.agency.id == signed_in.caller.viewer.agency.0;
        let agency_code = if is_own { String::new() } else { choice.agency.code.clone() };
        let rollup = params.rollup == "1" && choice.has_children;
        let (as_of, as_of_error) = match params.as_of(year, today) {
            Ok(day) => (day, String::new()),
            Err(message) => (None, message),
        };
        let first = choice.first_year.unwrap_or(year).max(FIRST_YEAR).min(year);
        let last = today.year().max(year);
        let mut carried: Vec<(&str, String)> = Vec::new();
        if !agency_code.is_empty() {
            carried.push(("agency", agency_code.clone()));
        }
        if rollup {
            carried.push(("rollup", "1".to_owned()));
        }
        if let Some(day) = as_of {
            carried.push(("as_of", day.to_string()));
        }
        let link = |path: &str, more: &[(&str, &str)]| {
            let mut all = carried.clone();
            all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
            let query = serde_urlencoded::to_string(&all).unwrap_or_default();
            let mark = if query.is_empty() { "" } else { "?" };
            format!("/reports/{year}{path}{mark}{query}")
        };
        let compare = params.compare == "1";
        let compared: &[(&str, &str)] = if compare { &[("compare", "1")] } else { &[] };
        let table = |n: &'static str| [&[("table", n)], compared].concat();
        let tabs = vec![
            (link("", &table("2")), "二、主动公开", tab == "2"),
            (link("", compared), "三、申请", tab == "3"),
            (link("", &table("4")), "四、复议诉讼", tab == "4"),
            (link("/text", &[]), "报告全文", tab == "text"),
            (link("/indicators", &[]), "指标", tab == "indicators"),
            (link("/charts", &[]), "图表", tab == "charts"),
            (link("/changes", &[]), "报送后的变化", tab == "changes"),
        ];
        let downloads = Format::ALL
            .iter()
            .map(|it| (link(&format!("/download/{}", it.code()), &[]), it.label()))
            .collect();
        let agencies = if choice.all.len() < 2 {
            Vec::new()
        } else {
            let option = |it: &crate::service::report::choose_agency::Unit| {
                (it.code.clone(), it.name.clone(), it.id == choice.agency.id)
            };
            choice.all.iter().map(option).collect()
        };
        let writes = WRITERS.admits(&signed_in.caller.viewer);
        Ok(Self {
            year,
            years: (first..=last).rev().map(|it| (it, it == year)).collect(),
            agency: choice.agency.name.clone(),
            agencies,
            has_children: choice.has_children,
            rollup,
            as_of: params.as_of.clone(),
            as_of_words: as_of.map(wording::day).unwrap_or_default(),
            as_of_error,
            compare,
            form: form.issued_by,
            suffix: link("", &[]).split_once('?').map(|(_, it)| format!("?{it}")).unwrap_or_default(),
            tabs,
            downloads,
            tab,
            may_enter: writes && is_own && !rollup,
            may_write: writes && is_own,
            agency_code,
        })
    }

    /// The status of the answer: whether the day asked for is one.
    pub fn status(&self) -> StatusCode {
        if self.as_of_error.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What the use case is asked.
    pub fn query(&self, choice: &Choice) -> ReportQuery {
        let as_of = if self.as_of_error.is_empty() { dates::parse(&self.as_of).ok() } else { None };
        ReportQuery { agency: choice.agency.code.clone(), year: self.year, rollup: self.rollup, as_of }
    }
}
