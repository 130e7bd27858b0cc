//! The components of the pages, documented: for those who build pages, in the demonstration only.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::urgency::Light;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::page::{Page, show};
use crate::web::route::{Access, Route, get};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/style", Access::SignedIn, || web::get().to(style))];

struct Count {
    label: &'static str,
    n: u32,
    href: &'static str,
    tone: &'static str,
    current: bool,
}

struct Day {
    day: &'static str,
    weekday: &'static str,
    shown: &'static str,
    n: u32,
    href: &'static str,
    kind: &'static str,
}

struct LedgerRow {
    on: &'static str,
    what: &'static str,
    article: &'static str,
    days: &'static str,
    left: &'static str,
    kind: &'static str,
}

struct Event {
    at: &'static str,
    who: &'static str,
    what: &'static str,
    note: &'static str,
    kind: &'static str,
    changes: Vec<(&'static str, &'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "pages/upkeep/style.html")]
struct StylePage {
    page: Page,
    counts: Vec<Count>,
    days: Vec<Day>,
    ledger: Vec<LedgerRow>,
    events: Vec<Event>,
}

async fn style(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    if !app.is_demo {
        return Err(PageError(WebError::NotFound));
    }
    let count = |label, n, tone, current| Count { label, n, href: "/style#home", tone, current };
    let day = |day, weekday, shown, n, kind| Day { day, weekday, shown, n, href: "/style#home", kind };
    let row = |on, what, article, days, left, kind| LedgerRow { on, what, article, days, left, kind };
    let event = |at, who, what, note, kind, changes| Event { at, who, what, note, kind, changes };
    show(&StylePage {
        page: Page::new(&app, &signed_in, ""),
        counts: vec![
            count("今日到期", 1, "amber", false),
            count("三日内到期", 3, "amber", false),
            count("已超期", 2, "red", false),
            count("待我审核", 0, "", false),
            count("无人认领", 9, "", true),
        ],
        days: vec![
            day("2026-04-28", "二", "04-28", 1, "today"),
            day("2026-04-29", "三", "04-29", 1, "work"),
            day("2026-04-30", "四", "04-30", 0, "work"),
            day("", "", "5天", 0, "rest"),
            day("2026-05-06", "三", "05-06", 1, "work"),
            day("2026-05-07", "四", "05-07", 5, "busy"),
            day("2026-05-08", "五", "05-08", 2, "work"),
            day("2026-05-09", "六", "05-09", 0, "makeup"),
        ],
        ledger: vec![
            row("04-07", "收到申请（签收）", "第三十一条第二项，当日不计", "", "20", ""),
            row("04-14", "发出第三方意见征询函", "第三十二条", "5", "15", ""),
            row("04-24", "收到第三方意见", "第三十三条第三款，不计", "停 8", "15", "stopped"),
            row("04-28", "今天", "第 7 个工作日", "2", "13", "today"),
            row("05-19", "答复期限届满", "第三十三条第二款", "13", "0", "ahead"),
        ],
        events: vec![
            event(
                "4月28日 09:41",
                "周岚",
                "更正登记",
                "申请人来电补充门牌。",
                "minor",
                vec![("通信地址", "东湖路 18 号", "东湖区东湖路 18 号 3 幢")],
            ),
            event(
                "4月27日 16:20",
                "何静（法律顾问）",
                "审核退回",
                "理由不完整，见审核意见。",
                "warn",
                vec![("环节", "法律审核", "办理中")],
            ),
            event("4月8日 09:02", "周岚", "登记", "2026-0093，打印登记回执。", "", Vec::new()),
        ],
    })
}
