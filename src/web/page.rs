//! What the frame around every page shows.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use askama::Template;

use crate::domain::labels::Coded;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::SignedIn;

/// An item of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    /// Its code, compared with [`Page::active`].
    pub code: &'static str,
    pub label: &'static str,
    /// The icon in `icons.svg`.
    pub icon: &'static str,
    pub href: &'static str,
}

/// The frame: who is signed in, where they are, where they can go.
#[derive(Debug, Clone)]
pub struct Page {
    pub agency: String,
    pub user_name: String,
    pub roles: String,
    /// The token every form must carry.
    pub csrf: String,
    /// What stands in the search box.
    pub query: String,
    pub demo: bool,
    /// The item of the rail that is marked.
    pub active: &'static str,
    /// The items this person may see.
    pub nav: Vec<NavItem>,
}

/// Every item. One whose page is not for a person is not shown to them.
const NAV: &[NavItem] = &[
    NavItem { code: "home", label: "工作台", icon: "home", href: "/" },
    NavItem { code: "cases", label: "申请", icon: "inbox", href: "/cases" },
    NavItem { code: "forecast", label: "预测", icon: "clock", href: "/forecast" },
    NavItem { code: "remedies", label: "复议诉讼", icon: "scale", href: "/remedies" },
    NavItem { code: "reports", label: "统计年报", icon: "chart", href: "/reports" },
    NavItem { code: "calendar", label: "日历", icon: "calendar", href: "/calendar" },
    NavItem { code: "admin", label: "管理", icon: "gear", href: "/admin" },
];

impl Page {
    /// The frame of a page for a person.
    pub fn new(app: &App, signed_in: &SignedIn, active: &'static str) -> Self {
        // Who must first set a password or a second factor is shown no ways that lead back here.
        let is_free = signed_in.must_go_to("").is_none();
        let may_see = |it: &&NavItem| is_free && app.doors.open(&signed_in.caller.viewer, it.href);
        Self {
            agency: signed_in.agency_name.clone(),
            user_name: signed_in.name.clone(),
            roles: signed_in.caller.viewer.roles.iter().map(|it| it.label()).collect::<Vec<_>>().join("、"),
            csrf: signed_in.csrf.clone(),
            query: String::new(),
            demo: app.is_demo,
            active,
            nav: NAV.iter().filter(may_see).copied().collect(),
        }
    }
}

/// Draws a page.
///
/// # Errors
/// Where the template fails.
pub fn show(template: &impl Template) -> Result<HttpResponse, PageError> {
    show_as(StatusCode::OK, template)
}

/// Draws a page with a status, as [`crate::web::form::Shown::status`] decides it for a form.
///
/// # Errors
/// Where the template fails.
pub fn show_as(status: StatusCode, template: &impl Template) -> Result<HttpResponse, PageError> {
    let body = template.render().map_err(|err| PageError(err.into()))?;
    Ok(HttpResponse::build(status).content_type(ContentType::html()).body(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{AgencyId, UserId};
    use crate::domain::visibility::Viewer;
    use crate::domain::workflow::Role;

    /// What stands in the rail of whoever has this role, but for 工作台 and 日历, which all have.
    #[track_caller]
    fn check(role: Role, codes: &str) {
        let viewer = Viewer {
            user: UserId::new(),
            agency: AgencyId(1),
            agency_path: "/1/".to_owned(),
            department: None,
            roles: vec![role],
        };
        let doors = crate::web::route::Doors::of(&crate::web::guard::routes());
        let shown = NAV.iter().filter(|it| doors.open(&viewer, it.href)).map(|it| it.code);
        let (all, own): (Vec<_>, Vec<_>) = shown.partition(|it| ["home", "calendar"].contains(it));
        assert_eq!((all.len(), own.join(" ").as_str()), (2, codes), "{role:?}");
    }

    #[test]
    fn the_rail_shows_what_the_routes_admit() {
        check(Role::Clerk, "cases remedies reports");
        check(Role::Handler, "cases remedies");
        check(Role::LegalAdviser, "cases remedies");
        check(Role::Approver, "cases forecast remedies reports");
        check(Role::Manager, "cases forecast remedies reports");
        check(Role::Administrator, "admin");
        check(Role::Auditor, "cases remedies reports admin");
    }
}
