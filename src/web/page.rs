//! What the frame around every page shows.

use actix_web::HttpResponse;
use actix_web::http::header::{ContentType, LOCATION};
use askama::Template;

use crate::domain::labels::Coded;
use crate::domain::workflow::Role;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::session::SignedIn;

/// An item of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NavItem {
    /// Its code, compared with [`Page::active`].
    pub code: &'static str,
    /// Its words.
    pub label: &'static str,
    /// The icon in `icons.svg`.
    pub icon: &'static str,
    /// Where it leads.
    pub href: &'static str,
}

/// The frame: who is signed in, where they are, where they can go.
#[derive(Debug, Clone)]
pub struct Page {
    /// The name of the agency.
    pub agency: String,
    /// The person's name.
    pub user_name: String,
    /// Their roles in words.
    pub roles: String,
    /// The token every form must carry.
    pub csrf: String,
    /// What stands in the search box.
    pub query: String,
    /// For the addresses of assets, so that browsers fetch new ones.
    pub version: &'static str,
    /// Whether this is the demonstration.
    pub demo: bool,
    /// The item of the rail that is marked.
    pub active: &'static str,
    /// The items this person may see.
    pub nav: Vec<NavItem>,
}

const CASE_ROLES: &[Role] =
    &[Role::Clerk, Role::Handler, Role::LegalAdviser, Role::Approver, Role::Manager, Role::Auditor];
const FIGURE_ROLES: &[Role] = &[Role::Clerk, Role::Approver, Role::Manager, Role::Auditor];
const OUTLOOK_ROLES: &[Role] = &[Role::Approver, Role::Manager];
const ADMIN_ROLES: &[Role] = &[Role::Administrator, Role::Auditor];

const NAV: &[(NavItem, &[Role])] = &[
    (NavItem { code: "home", label: "工作台", icon: "home", href: "/" }, Role::ALL),
    (NavItem { code: "cases", label: "申请", icon: "inbox", href: "/cases" }, CASE_ROLES),
    (NavItem { code: "forecast", label: "预测", icon: "clock", href: "/forecast" }, OUTLOOK_ROLES),
    (NavItem { code: "remedies", label: "复议诉讼", icon: "scale", href: "/remedies" }, CASE_ROLES),
    (NavItem { code: "reports", label: "统计年报", icon: "chart", href: "/reports" }, FIGURE_ROLES),
    (NavItem { code: "calendar", label: "日历", icon: "calendar", href: "/calendar" }, Role::ALL),
    (NavItem { code: "admin", label: "管理", icon: "gear", href: "/admin" }, ADMIN_ROLES),
];

impl Page {
    /// The frame of a page for a person.
    pub fn new(app: &App, signed_in: &SignedIn, active: &'static str) -> Self {
        // Who must first set a password or a second factor is shown no ways that lead back here.
        let is_free = signed_in.must_go_to("").is_none();
        let may_see =
            |roles: &[Role]| is_free && roles.iter().any(|it| signed_in.caller.viewer.roles.contains(it));
        Self {
            agency: signed_in.agency_name.clone(),
            user_name: signed_in.name.clone(),
            roles: signed_in.caller.viewer.roles.iter().map(|it| it.label()).collect::<Vec<_>>().join("、"),
            csrf: signed_in.csrf.clone(),
            query: String::new(),
            version: crate::web::VERSION,
            demo: app.is_demo,
            active,
            nav: NAV.iter().filter(|(_, roles)| may_see(roles)).map(|(item, _)| *item).collect(),
        }
    }
}

/// Sends the browser to another page.
pub fn to(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, place)).finish()
}

/// Draws a page.
///
/// # Errors
/// Where the template fails.
pub fn show(template: &impl Template) -> Result<HttpResponse, PageError> {
    let body = template.render().map_err(|err| PageError(err.into()))?;
    Ok(HttpResponse::Ok().content_type(ContentType::html()).body(body))
}

/// The frame of pages outside the work: login, set-up, errors.
#[derive(Debug, Clone)]
pub struct BarePage {
    /// The name of the agency; empty where it is not known.
    pub agency: String,
    /// The token of the form; empty before a login.
    pub csrf: String,
    /// For the addresses of assets.
    pub version: &'static str,
    /// Whether this is the demonstration.
    pub demo: bool,
}

impl BarePage {
    /// The frame of a page nobody is signed in to, with the token of its form.
    pub fn new(app: &App, csrf: &str) -> Self {
        Self { agency: String::new(), csrf: csrf.to_owned(), version: crate::web::VERSION, demo: app.is_demo }
    }
}
