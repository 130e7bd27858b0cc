//! The outlook of an office: likely breaches, the load of each handler, and how often forecasts were right.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::domain::calendar::WorkCalendar;
use crate::domain::case::Case;
use crate::domain::forecast::{
    BackTest, Forecast, LATE_PERCENT, MIN_HISTORY, Milestone, Score, StepPace, TooLittle,
};
use crate::domain::labels::Coded;
use crate::domain::wording;
use crate::domain::workflow::Role;
use crate::service::ServiceError;
use crate::service::desk::forecast_cases::{
    AHEAD, Breach, Load, MAX_OPEN, MAX_PAST, OfficePast, Outlook, PACE_DAYS, forecast_of, outlook,
};
use crate::service::report::choose_agency::{Unit, choose_agency};
use crate::storage::Db;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{Page, show};
use crate::web::route::{Access, Route, get};
use crate::web::session::SignedIn;
use crate::web::view::charts::{percent, share};

/// Those who look ahead for the whole office.
const READERS: Access = Access::Roles(&[Role::Approver, Role::Manager]);

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/forecast", READERS, || web::get().to(page))];

/// A case that may be late.
struct BreachRow {
    href: String,
    case_no: String,
    status: (&'static str, &'static str),
    handler: String,
    due: String,
    provisional: bool,
    median: String,
    late: String,
    share: String,
    is_likely: bool,
}

/// The load of a handler.
struct LoadRow {
    name: String,
    href: String,
    n_open: i64,
    n_waiting: i64,
    n_overdue: i64,
    due: [i64; 3],
    pace: String,
    usual: String,
    verdict: String,
    is_over: bool,
}

/// A line of the back-test.
struct ScoreRow {
    name: &'static str,
    n: usize,
    by_median: String,
    by_late: String,
    near: String,
    n_silent: usize,
}

#[derive(Template)]
#[template(path = "pages/desk/forecast.html")]
struct OutlookPage {
    page: Page,
    agencies: Vec<(String, String, bool)>,
    agency: String,
    through: String,
    n_past: usize,
    max_past: usize,
    min_history: usize,
    ahead: u32,
    pace_days: u32,
    n_likely: usize,
    n_possible: usize,
    n_looked: usize,
    n_silent: usize,
    n_overdue: i64,
    has_more: bool,
    max_open: usize,
    breaches: Vec<BreachRow>,
    loads: Vec<LoadRow>,
    steps: Vec<(String, u32, u32, usize)>,
    scores: Vec<ScoreRow>,
    tested: String,
    disturbed: String,
    verdict: (&'static str, String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Params {
    agency: String,
}

async fn page(
    app: web::Data<App>,
    signed_in: SignedIn,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let today = signed_in.caller.today();
    let caller = signed_in.caller.clone();
    let wanted = Some(params.agency.clone()).filter(|it| !it.is_empty());
    let choice = app.run(move |db| db.read(|conn| choose_agency(conn, &caller, wanted.as_deref()))).await?;
    let agency = choice.agency.agency_id();
    let past = app.past_of(agency, today).await?;
    let (rules, asked) = (app.rules(), Arc::clone(&past));
    let outlook = app
        .run(move |db: &Db| {
            // Found out once, and away from the threads that answer.
            asked.backtest(&rules.calendar);
            db.snapshot(|conn| -> Result<_, ServiceError> { outlook(conn, &rules, &asked, agency) })
        })
        .await?;
    let option = |it: &Unit| (it.code.clone(), it.name.clone(), it.id == choice.agency.id);
    let agencies = if choice.all.len() < 2 { Vec::new() } else { choice.all.iter().map(option).collect() };
    let is_own = agency == signed_in.caller.viewer.agency;
    let page = Page::new(&app, &signed_in, "forecast");
    let calendar = &app.rules().calendar;
    show(&OutlookPage::new(page, agencies, choice.agency.name, &past, &outlook, calendar, is_own))
}

impl OutlookPage {
    fn new(
        page: Page,
        agencies: Vec<(String, String, bool)>,
        agency: String,
        past: &OfficePast,
        outlook: &Outlook,
        calendar: &WorkCalendar,
        is_own: bool,
    ) -> Self {
        let names = &outlook.loads;
        let handler = |it: &Breach| {
            let id = it.case.handler.map(|it| it.to_string());
            let load = names.iter().find(|load| load.handler == id && id.is_some());
            load.map(|it| it.name.clone()).unwrap_or_default()
        };
        let backtest = past.backtest(calendar);
        Self {
            page,
            agencies,
            agency,
            through: wording::day_with_weekday(outlook.through),
            n_past: past.history.len(),
            max_past: MAX_PAST,
            min_history: MIN_HISTORY,
            ahead: AHEAD,
            pace_days: PACE_DAYS,
            n_likely: outlook.n_likely,
            n_possible: outlook.n_possible,
            n_looked: outlook.n_looked,
            n_silent: outlook.n_silent,
            n_overdue: outlook.n_overdue,
            has_more: outlook.has_more,
            max_open: MAX_OPEN,
            breaches: outlook.breaches.iter().map(|it| breach_row(it, handler(it), calendar)).collect(),
            loads: outlook.loads.iter().map(|it| load_row(it, is_own)).collect(),
            steps: past.history.paces().iter().map(step_row).collect(),
            scores: score_rows(backtest),
            tested: tested(backtest),
            disturbed: disturbed(backtest.total()),
            verdict: verdict(backtest.total()),
        }
    }
}

fn breach_row(it: &Breach, handler: String, calendar: &WorkCalendar) -> BreachRow {
    let day = |it: Option<crate::domain::calendar::DueDate>| it.map(|it| short(it.on)).unwrap_or_default();
    BreachRow {
        href: format!("/cases/{}", it.case.id),
        case_no: it.case.case_no.clone(),
        status: (it.case.status.code(), it.case.status.label()),
        handler,
        due: short(it.case.due_on),
        provisional: it.case.due_provisional,
        median: day(it.forecast.median_on(calendar)),
        late: day(it.forecast.late_on(calendar)),
        share: format!("{} 件中 {} 件", it.forecast.n(), it.n_late),
        is_likely: it.is_likely(),
    }
}

fn short(day: NaiveDate) -> String {
    format!("{} {}", wording::short_day(day), wording::weekday(day))
}

fn load_row(it: &Load, is_own: bool) -> LoadRow {
    let pace = it.at_pace(AHEAD);
    LoadRow {
        name: match (&it.handler, it.name.as_str()) {
            (None, _) => "无人承办".to_owned(),
            (Some(_), "") => "—".to_owned(),
            (Some(_), name) => name.to_owned(),
        },
        href: match &it.handler {
            Some(id) if is_own => format!("/cases?state=open&handler={id}"),
            _ => String::new(),
        },
        n_open: it.n_open,
        n_waiting: it.n_waiting,
        n_overdue: it.n_overdue,
        due: it.due,
        pace: match (&it.handler, pace) {
            (None, _) => String::new(),
            (_, Some(n)) => format!("{n} 件"),
            (_, None) => format!("近 {PACE_DAYS} 个工作日只答复 {} 件，不作比较", it.n_answered),
        },
        usual: it.usual.map(|(days, n)| format!("{days} 个工作日（{n} 件）")).unwrap_or_default(),
        verdict: match pace {
            Some(n) if n < it.due[2] => format!("按以往速度少 {} 件", it.due[2] - n),
            Some(_) => "可以按期".to_owned(),
            None => String::new(),
        },
        is_over: it.is_over(),
    }
}

/// `收到申请 → 提交答复稿`.
fn step_name(from: Milestone) -> String {
    let next = Milestone::ALL.iter().skip_while(|it| **it != from).nth(1);
    format!("{} → {}", from.label(), next.map_or("答复", |it| it.label()))
}

fn step_row(it: &StepPace) -> (String, u32, u32, usize) {
    (step_name(it.from), it.median, it.late, it.n)
}

fn part(n: usize, of: usize) -> String {
    let wide = |it: usize| u64::try_from(it).unwrap_or(u64::MAX);
    let words = share(wide(n), wide(of)).map(percent).unwrap_or_default();
    match of {
        0 => "—".to_owned(),
        // Of a few, a percentage says less than the number.
        of if of < MIN_HISTORY => n.to_string(),
        _ => format!("{n}（{words}）"),
    }
}

fn score_rows(backtest: &BackTest) -> Vec<ScoreRow> {
    let row = |name, it: Score| ScoreRow {
        name,
        n: it.n,
        by_median: part(it.n_by_median, it.n),
        by_late: part(it.n_by_late, it.n),
        near: part(it.n_near, it.n),
        n_silent: it.n_silent,
    };
    let mut rows: Vec<_> = Milestone::ALL
        .iter()
        .map(|it| row(it.label(), backtest.score(*it)))
        .filter(|it| 0 < it.n + it.n_silent)
        .collect();
    if 1 < rows.len() {
        rows.push(row("合计", backtest.total()));
    }
    rows
}

fn tested(backtest: &BackTest) -> String {
    let Some((first, last)) = backtest.first.zip(backtest.last) else { return String::new() };
    format!(
        "用{}至{}答复的 {} 件逐件回测：每件在收到之日、每到一个环节、以及收到后第 5、10、15 个工作日，只用当天已经知道的情况重新预测一次，再与实际答复日比较。",
        wording::day(first),
        wording::day(last),
        backtest.n_cases
    )
}

fn disturbed(total: Score) -> String {
    if total.n_paused_later == 0 {
        return String::new();
    }
    format!(
        "其中 {} 次预测之后，该件又等待补正、意见或者缴费；等待多久无法预知，这些预测里 {} 次不晚于九成预测日。",
        total.n_paused_later, total.n_paused_by_late
    )
}

/// Whether the bounds held as often as they should: tone and words.
fn verdict(total: Score) -> (&'static str, String) {
    if total.n < MIN_HISTORY {
        return ("info", "可以回测的预测太少，还看不出预测准不准。".to_owned());
    }
    let (by_median, by_late) = (total.n_by_median * 100 / total.n, total.n_by_late * 100 / total.n);
    let words = format!(
        "过去 {} 次预测中，实际答复不晚于中位预测日的 {}%（应有约一半，按整日计会高一些），不晚于九成预测日的 {}%（应有约 {LATE_PERCENT}%）",
        total.n, by_median, by_late
    );
    if by_late + 5 < LATE_PERCENT {
        ("warn", format!("{words}。预测偏乐观：近来办得比以前慢，请按更晚的日期安排。"))
    } else if 97 < by_late {
        ("info", format!("{words}。预测偏保守：近来办得比以前快。"))
    } else {
        ("done", format!("{words}，与应有的比例相近。"))
    }
}

/// A forecast in the words of the page of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseForecast {
    /// What is likely.
    pub headline: String,
    /// What it rests on.
    pub basis: String,
    /// How it stands to the due date.
    pub risk: String,
    /// The tone of that: `overdue`, `due_soon` or empty.
    pub tone: &'static str,
    /// What the steps usually take.
    pub steps: Vec<String>,
}

/// What the past says of an open case, in words; none where it is closed or not yet confirmed.
pub fn in_words(
    past: &OfficePast,
    case: &Case,
    journal: &[crate::service::desk::forecast_cases::Entry],
    due: Option<NaiveDate>,
    calendar: &WorkCalendar,
) -> Option<CaseForecast> {
    let mut words = CaseForecast::default();
    match forecast_of(past, case, journal, calendar)? {
        Err(TooLittle { n, .. }) => {
            words.headline = "不作预测".to_owned();
            words.basis = format!(
                "过去三年走到这一步、到这时还没有办结的同类申请只有 {n} 件，不足 {MIN_HISTORY} 件，看不出规律。"
            );
        }
        Ok(forecast) => {
            words.headline = headline(&forecast, calendar);
            words.basis = basis(&forecast);
            (words.risk, words.tone) = risk(&forecast, due, calendar);
            let reached = Milestone::ALL.iter().rev().find(|it| **it == forecast.milestone);
            let ahead =
                past.history.paces().into_iter().filter(|it| reached.is_some_and(|at| *at <= it.from));
            words.steps = ahead
                .map(|it| {
                    format!(
                        "{}：中位 {} 个工作日，九成在 {} 个以内（{} 件）",
                        step_name(it.from),
                        it.median,
                        it.late,
                        it.n
                    )
                })
                .collect();
        }
    }
    Some(words)
}

fn headline(forecast: &Forecast, calendar: &WorkCalendar) -> String {
    match forecast.median_on(calendar).zip(forecast.late_on(calendar)) {
        Some((median, late)) => {
            let provisional = if median.provisional || late.provisional { "（暂定）" } else { "" };
            format!(
                "{}前后；九成把握不晚于{}{provisional}",
                wording::day_with_weekday(median.on),
                wording::day_with_weekday(late.on)
            )
        }
        None => format!(
            "恢复办理后约 {} 个工作日；九成把握在 {} 个以内",
            forecast.median_days(),
            forecast.late_days()
        ),
    }
}

fn basis(forecast: &Forecast) -> String {
    let whose = if forecast.of_department { "本部门" } else { "本机关" };
    let extended = if forecast.is_extended { "、已经延期" } else { "" };
    let still = if forecast.is_still() { "暂停期间不计。" } else { "" };
    format!(
        "依据{whose}过去三年 {} 件同类申请：同样从“{}”起办了 {} 个工作日还没有答复{extended}；此后一半在 {} 个工作日内答复，九成在 {} 个内。{still}",
        forecast.n(),
        forecast.milestone.label(),
        forecast.elapsed,
        forecast.median_days(),
        forecast.late_days()
    )
}

fn risk(forecast: &Forecast, due: Option<NaiveDate>, calendar: &WorkCalendar) -> (String, &'static str) {
    let Some((due, n_late)) = due.and_then(|due| Some((due, forecast.n_after(calendar, due)?))) else {
        return (String::new(), "");
    };
    let n = forecast.n();
    let tone = if n <= n_late * 2 {
        "overdue"
    } else if n <= n_late * 10 {
        "due_soon"
    } else {
        "in_time"
    };
    let words = match n_late {
        0 => format!("{n} 件都赶得上{}的期限", wording::short_day(due)),
        n_late => format!("{n} 件中有 {n_late} 件赶不上{}的期限", wording::short_day(due)),
    };
    (words, tone)
}
