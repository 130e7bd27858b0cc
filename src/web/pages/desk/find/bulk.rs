//! One action on the selected cases, and what became of each.

use actix_web::{HttpResponse, web};
use askama::Template;

use crate::domain::case::Command;
use crate::domain::ids::{CaseId, DepartmentId};
use crate::domain::refusal::Refusals;
use crate::service::desk::act_on_many::{act_on_many, assign_many};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Shown};
use crate::web::page::{Page, show};
use crate::web::pages::desk::find::{ListQuery, case_href, list_page};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

struct DoneLine {
    number: String,
    href: String,
    refused: String,
}

#[derive(Template)]
#[template(path = "pages/desk/find/done.html")]
struct DonePage {
    page: Page,
    title: &'static str,
    n_done: usize,
    n_refused: usize,
    done: Vec<DoneLine>,
    refused: Vec<DoneLine>,
    back: String,
}

impl DonePage {
    fn done_title(&self) -> String {
        format!("已办理 {} 件", self.n_done)
    }

    fn refused_title(&self) -> String {
        format!("{} 件没有办理，原因如下", self.n_refused)
    }
}

/// What is selected: `identifier.version` of each.
fn selected(fields: &Fields) -> Vec<(CaseId, i32)> {
    let read = |it: &str| {
        let (id, version) = it.split_once('.')?;
        Some((id.parse().ok()?, version.parse().ok()?))
    };
    let mut seen: Vec<(CaseId, i32)> = Vec::new();
    for it in fields.all("case").filter_map(read) {
        if seen.iter().all(|(id, _)| *id != it.0) {
            seen.push(it);
        }
    }
    seen
}

/// Carries it out.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let fields = form.0;
    let seen = selected(&fields);
    let query = ListQuery::read(fields.get("query"));
    if seen.is_empty() {
        let shown = Shown::refused(fields, Refusals::whole("请先选择申请，再办理"));
        return list_page(&app, &signed_in, query, shown).await;
    }
    let (caller, rules) = (signed_in.caller.clone(), app.rules());
    let handler = match fields.get("handler") {
        "" => None,
        text => Some(text.parse().map_err(|_| PageError(WebError::BadRequest))?),
    };
    let department = match fields.get("department") {
        "" => None,
        text => Some(DepartmentId(text.parse().map_err(|_| PageError(WebError::BadRequest))?)),
    };
    let is_claim = match fields.get("do") {
        "claim" => true,
        "assign" => false,
        _ => return Err(PageError(WebError::BadRequest)),
    };
    let result = app
        .run(move |db| {
            if is_claim {
                act_on_many(db, &caller, &rules, &seen, &Command::Claim)
            } else {
                assign_many(db, &caller, &rules, &seen, department, handler)
            }
        })
        .await;
    let done = match result {
        Ok(done) => done,
        Err(err) => {
            // The list has a filter of the same names.
            let of_bulk = |fact: &str| match fact {
                "handler" => Some("assign-to".to_owned()),
                "department" => Some("assign-department".to_owned()),
                _ => None,
            };
            let shown = Shown::after(fields, err)?.renamed(of_bulk);
            return list_page(&app, &signed_in, query, shown).await;
        }
    };
    let back =
        if fields.get("home").is_empty() { format!("/cases?{}", query.text()) } else { "/".to_owned() };
    // One case taken up: on to it.
    if let ([one], true) = (done.as_slice(), is_claim)
        && one.refused.is_none()
    {
        return Ok(see_other(case_href(&one.id.to_string())));
    }
    let line = |it: crate::service::desk::act_on_many::Done| DoneLine {
        href: case_href(&it.id.to_string()),
        number: if it.case_no.is_empty() { "（无此申请）".to_owned() } else { it.case_no },
        refused: it.refused.unwrap_or_default(),
    };
    let (refused, done): (Vec<_>, Vec<_>) = done.into_iter().map(line).partition(|it| !it.refused.is_empty());
    show(&DonePage {
        page: Page::new(&app, &signed_in, "cases"),
        title: if is_claim { "认领结果" } else { "批量派办结果" },
        n_done: done.len(),
        n_refused: refused.len(),
        done,
        refused,
        back,
    })
}
