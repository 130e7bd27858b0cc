//! The way to everything that is administered.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::web::App;
use crate::web::error::PageError;
use crate::web::page::{Page, show};
use crate::web::route::{OVERSEERS, Route, get};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[get("/admin", OVERSEERS, || web::get().to(landing))];

/// A place on the page.
struct Place {
    icon: &'static str,
    label: &'static str,
    note: &'static str,
    href: &'static str,
}

/// Every place. One whose route does not exist, or is not for this person, is not shown.
const PLACES: &[Place] = &[
    Place {
        icon: "person",
        label: "账号",
        note: "建立、停用账号，设定职责和部门，重设密码，解除锁定",
        href: "/admin/accounts",
    },
    Place {
        icon: "inbox",
        label: "机关和部门",
        note: "本机关、下级机关和各承办部门",
        href: "/admin/agencies",
    },
    Place {
        icon: "print",
        label: "文书",
        note: "文号、复议机关、法院、联系方式，本机关的文书模板",
        href: "/admin/letters",
    },
    Place {
        icon: "gear", label: "设置", note: "本系统现在采用的各项设置", href: "/admin/settings"
    },
    Place {
        icon: "calendar",
        label: "工作日历",
        note: "国务院办公厅放假安排，导入新一年的通知",
        href: "/calendar",
    },
    Place {
        icon: "mail",
        label: "待发箱",
        note: "哪些邮件待发、已发、没有发出去；重新发送，暂停发送",
        href: "/admin/outbox",
    },
    Place {
        icon: "refresh",
        label: "后台任务",
        note: "发送邮件、期限提醒等，上次和下次运行的时间",
        href: "/admin/jobs",
    },
    Place {
        icon: "clock",
        label: "操作日志",
        note: "谁在什么时候做了什么，改动前后的内容",
        href: "/admin/journal",
    },
];

#[derive(Template)]
#[template(path = "pages/upkeep/admin.html")]
struct AdminPage {
    page: Page,
    places: Vec<&'static Place>,
}

async fn landing(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let is_open = |place: &&Place| app.doors.open(&signed_in.caller.viewer, place.href);
    show(&AdminPage {
        page: Page::new(&app, &signed_in, "admin"),
        places: PLACES.iter().filter(is_open).collect(),
    })
}
