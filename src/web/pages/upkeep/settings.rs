//! The settings in force and where each comes from. They are changed in files, not here.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{self, Page};
use crate::web::route::{OVERSEERS, Route, get};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/admin/settings", OVERSEERS, || web::get().to(show))];

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
    (
        "邮件",
        &[
            ("mail.enabled", "是否发送邮件"),
            ("mail.host", "邮件服务器"),
            ("mail.port", "端口"),
            ("mail.encryption", "加密方式（starttls、tls，none 不加密）"),
            ("mail.username", "邮件账号"),
            ("mail.password", "邮件账号的口令（不显示）"),
            ("mail.ca_file", "自建证书颁发机构的证书文件"),
            ("mail.from_address", "发件人地址"),
            ("mail.from_name", "发件人名称"),
            ("mail.timeout_seconds", "每一步等待服务器（秒）"),
            ("mail.give_up_hours", "持续发不出去的，不再重试（小时）"),
            ("mail.to_applicants", "是否给要求电子邮件的申请人发邮件"),
            ("mail.names_applicants", "发给工作人员的邮件是否写明申请人"),
            ("mail.may_be_muted", "工作人员可以自行关闭的邮件种类"),
        ],
    ),
    (
        "期限提醒",
        &[
            ("reminders.at", "工作日几时写提醒和办件清单（北京时间）"),
            ("reminders.handler_days", "承办人：届满前几个工作日"),
            ("reminders.clerk_days", "登记人员：届满前几个工作日"),
            ("reminders.legal_adviser_days", "法律顾问（审核中的）：届满前几个工作日"),
            ("reminders.approver_days", "负责人：届满前几个工作日"),
            ("reminders.manager_days", "管理人员：届满前几个工作日"),
            ("reminders.escalate_after", "超期几个工作日起报告负责人"),
            ("reminders.waiting_days", "补正、征求意见、缴费：届满前几个工作日"),
            ("reminders.remedy_days", "复议诉讼期限、开庭：前几个工作日"),
            ("reminders.report_days", "年度报告：截止前几日"),
        ],
    ),
    ("救济告知", &[("office.reconsideration_body", "行政复议机关"), ("office.court", "人民法院")]),
    (
        "材料",
        &[
            ("files.directory", "附件的文件夹（空为与数据库文件放在一起）"),
            ("files.max_mb", "单个文件上限（MB）"),
            ("files.clamd", "查毒服务的地址（空为不查毒，注明“未查毒”）"),
            ("files.clamd_down", "查毒服务没有响应时（refuse 拒收，accept 接收并注明未查毒）"),
        ],
    ),
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
            ("jobs.enabled", "本进程是否承担后台任务"),
            ("jobs.lease_seconds", "进程中断后，多久由别的进程接手（秒）"),
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
#[template(path = "pages/upkeep/settings.html")]
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
