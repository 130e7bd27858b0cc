//! The settings in force and where each comes from. They are changed in files, not here.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::workflow::Role;
use crate::web::App;
use crate::web::access::{Access, Route, get};
use crate::web::error::PageError;
use crate::web::page::{self, Page};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] =
    &[get("/admin/settings", Access::Roles(&[Role::Administrator, Role::Auditor]), || web::get().to(show))];

/// What each setting is, in the order of the page: section, keys with their words.
const SECTIONS: &[(&str, &[(&str, &str)])] = &[
    (
        "期限",
        &[(
            "clock.receipt_on_rest_day",
            "休息日收到的申请（keep 不顺延，next_working_day 顺延至下一工作日）",
        )],
    ),
    (
        "流程",
        &[
            ("workflow.legal_review", "哪些答复须经法律审核（always 全部，never 不审核，或者所列办理结果）"),
            ("workflow.sign_off", "答复是否须经负责人签发"),
        ],
    ),
    (
        "年度报告",
        &[("report.submit_by", "报送截止日（月-日）"), ("report.publish_by", "公布截止日（月-日）")],
    ),
    (
        "登录",
        &[
            ("login.idle_minutes", "无操作自动退出（分钟）"),
            ("login.absolute_hours", "登录最长（小时）"),
            ("login.max_failures", "连续输错密码锁定账号（次）"),
            ("login.lock_minutes", "锁定（分钟）"),
            ("login.attempts_per_minute", "同一地址每分钟登录尝试（次）"),
            ("login.second_factor_roles", "必须启用动态验证码的职责"),
        ],
    ),
    ("救济告知", &[("office.reconsideration_body", "行政复议机关"), ("office.court", "人民法院")]),
    ("文书", &[("documents.soffice", "把文书转换为 PDF 的 LibreOffice（空为不提供 PDF）")]),
    (
        "运行",
        &[
            ("database.url", "数据库地址（口令不显示）"),
            ("database.pool_size", "读连接数"),
            ("server.listen", "监听地址和端口"),
            ("server.public_url", "用户访问的网址"),
            ("server.trusted_proxies", "反向代理的地址"),
            ("server.changes_per_minute", "每人每分钟提交（次）"),
            ("log.format", "日志格式"),
            ("log.level", "日志级别"),
        ],
    ),
];

struct Line {
    key: String,
    words: &'static str,
    value: String,
    origin: String,
}

#[derive(Template)]
#[template(path = "pages/admin/settings.html")]
struct SettingsPage {
    page: Page,
    sections: Vec<(&'static str, Vec<Line>)>,
    version: &'static str,
}

async fn show(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let mut left = app.settings.in_force.clone();
    let mut take = |key: &str, words: &'static str| {
        let at = left.iter().position(|it| it.key == key)?;
        let it = left.remove(at);
        Some(Line { key: it.key, words, value: it.value, origin: it.origin })
    };
    let mut sections: Vec<(&'static str, Vec<Line>)> = SECTIONS
        .iter()
        .map(|(heading, keys)| (*heading, keys.iter().filter_map(|(key, words)| take(key, words)).collect()))
        .collect();
    // A setting nobody has described yet is shown all the same, as long as it can hold no secret.
    let is_open = |key: &str| !["secret", "password", "token", "key"].iter().any(|it| key.contains(it));
    let others: Vec<_> = left
        .into_iter()
        .map(|it| {
            let value = if is_open(&it.key) { it.value } else { "（不显示）".to_owned() };
            Line { key: it.key, words: "", value, origin: it.origin }
        })
        .collect();
    if !others.is_empty() {
        sections.push(("其他", others));
    }
    page::show(&SettingsPage {
        page: Page::new(&app, &signed_in, "admin"),
        sections,
        version: crate::web::VERSION,
    })
}
