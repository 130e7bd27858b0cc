//! The tree of agencies and their departments.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::ids::DepartmentId;
use crate::service::ServiceError;
use crate::service::access::manage_agencies;
use crate::service::access::manage_agencies::{Change, Department, Node, Unit, change_agency, tree, unit};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, Reader, Shown};
use crate::web::page::{self, Page};
use crate::web::redirect::see_other;
use crate::web::route::{ADMINISTRATORS, Route, get, post};
use crate::web::session::SignedIn;

/// The routes of this area.
pub const ROUTES: &[Route] = &[
    get("/admin/agencies", ADMINISTRATORS, || web::get().to(list)),
    get("/admin/agencies/{code}", ADMINISTRATORS, || web::get().to(one)),
    post("/admin/agencies/{code}/{change}", ADMINISTRATORS, || web::post().to(submit)),
];

#[derive(Template)]
#[template(path = "pages/access/agencies.html")]
struct ListPage {
    page: Page,
    nodes: Vec<Node>,
    own: String,
}

async fn list(app: web::Data<App>, signed_in: SignedIn) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let nodes = app.run(move |db| db.read(|conn| tree(conn, &caller))).await?;
    let own = signed_in.agency_code.clone();
    page::show(&ListPage { page: Page::new(&app, &signed_in, "admin"), nodes, own })
}

#[derive(Template)]
#[template(path = "pages/access/agency.html")]
struct AgencyPage {
    page: Page,
    unit: Unit,
    departments: Vec<Department>,
    /// Where it could be moved to: code and name, deeper ones set in.
    parents: Vec<(String, String)>,
    can_move: bool,
    shown: Shown,
    done: bool,
}

#[derive(Debug, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

async fn one(
    app: web::Data<App>,
    signed_in: SignedIn,
    code: web::Path<String>,
    query: web::Query<Done>,
) -> Result<HttpResponse, PageError> {
    draw(&app, &signed_in, code.into_inner(), Shown::default(), query.done == "1").await
}

async fn draw(
    app: &App,
    signed_in: &SignedIn,
    code: String,
    mut shown: Shown,
    done: bool,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let (nodes, (unit, departments)) = app
        .run(move |db| {
            db.read(|conn| -> Result<_, ServiceError> {
                Ok((tree(conn, &caller)?, manage_agencies::unit(conn, &caller, &code)?))
            })
        })
        .await?;
    shown.fill("rename_name", unit.name.as_str());
    let parent = nodes.iter().find(|it| Some(it.unit.id) == unit.parent_id).map(|it| it.unit.code.clone());
    shown.fill("move_parent", parent.as_deref().unwrap_or_default());
    let option = |it: &Node| (it.unit.code.clone(), format!("{}{}", "　".repeat(it.depth), it.unit.name));
    let can_be_parent = |it: &&Node| !it.unit.path.starts_with(&unit.path);
    let template = AgencyPage {
        page: Page::new(app, signed_in, "admin"),
        parents: nodes.iter().filter(can_be_parent).map(option).collect(),
        can_move: unit.id != signed_in.caller.viewer.agency.0 && parent.is_some(),
        unit,
        departments,
        shown,
        done,
    };
    page::show_as(template.shown.status(), &template)
}

async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (code, change) = path.into_inner();
    let fields = typed.0;
    let it = Reader::new(&fields);
    let text = |field: &str| it.text(field);
    let wanted = match change.as_str() {
        "add" => Change::Add { code: it.plain("add_code"), name: text("add_name") },
        "rename" => Change::Rename { name: text("rename_name"), seen: fields.get("seen").to_owned() },
        "move" => Change::Move { parent: text("move_parent") },
        "departments" => Change::AddDepartment { name: text("department_name") },
        "rename-department" => {
            let id = text("department").parse().map_err(|_| WebError::BadRequest)?;
            Change::RenameDepartment { id: DepartmentId(id), name: text("rename_department") }
        }
        _ => return Err(PageError(WebError::NotFound)),
    };
    let (caller, asked) = (signed_in.caller.clone(), code.clone());
    let done = app
        .run(move |db| {
            db.write(|conn| {
                // A page that was not theirs to see takes no change either.
                unit(conn, &caller, &asked)?;
                change_agency(conn, &caller, &asked, &wanted)
            })
        })
        .await;
    match done {
        Ok(()) => {
            let encoded = serde_urlencoded::to_string([("", code.as_str())]).unwrap_or_default();
            // A code is one segment of a path; a blank in it is %20 there, not a plus.
            let segment = encoded.trim_start_matches('=').replace('+', "%20");
            let place = format!("/admin/agencies/{segment}?done=1");
            Ok(see_other(place))
        }
        Err(err) => draw(&app, &signed_in, code, Shown::after(fields, err)?, false).await,
    }
}
