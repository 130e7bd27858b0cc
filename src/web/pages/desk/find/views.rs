//! Saved views: tabs over the list.

use actix_web::{HttpResponse, web};

use crate::service::desk::save_views;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::pages::desk::find::{ListQuery, list_page};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// Back to the list as it was, or the list with what was refused: of the form whose name is in `field`.
async fn back(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    fields: Fields,
    field: &str,
    result: Result<(), WebError>,
) -> Result<HttpResponse, PageError> {
    let query = ListQuery::read(fields.get("query"));
    match result {
        Ok(()) => Ok(see_other(format!("/cases?{}", query.text()))),
        Err(err) => {
            let shown = Shown::after(fields, err)?.renamed(|it| (it == "name").then(|| field.to_owned()));
            list_page(app, signed_in, query, shown).await
        }
    }
}

/// Saves the query of the list under a name.
pub async fn save(app: web::Data<App>, signed_in: SignedIn, form: Posted) -> Result<HttpResponse, PageError> {
    let (name, caller) = (Reader::new(&form.0).text("name"), signed_in.caller.clone());
    let text = ListQuery::read(form.0.get("query")).text();
    let result = app.run(move |db| save_views::save(db, &caller, &name, &text)).await;
    back(&app, &signed_in, form.0, "name", result).await
}

/// Gives a view another name.
pub async fn rename(
    app: web::Data<App>,
    signed_in: SignedIn,
    view: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let (name, caller) = (Reader::new(&form.0).text("name"), signed_in.caller.clone());
    let field = format!("view-{view}");
    let result = app.run(move |db| save_views::rename(db, &caller, &view, &name)).await;
    back(&app, &signed_in, form.0, &field, result).await
}

/// Deletes a view.
pub async fn delete(
    app: web::Data<App>,
    signed_in: SignedIn,
    view: web::Path<String>,
    form: Posted,
) -> Result<HttpResponse, PageError> {
    let caller = signed_in.caller.clone();
    let result = app.run(move |db| save_views::delete(db, &caller, &view)).await;
    back(&app, &signed_in, form.0, "", result).await
}
