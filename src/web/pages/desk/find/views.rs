//! Saved views: tabs over the list.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::service::desk::save_views;
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::pages::desk::find::{ListQuery, list_page};
use crate::web::session::SignedIn;

/// A view to be saved or renamed, with the query of the page it is done on.
#[derive(Debug, Deserialize)]
pub struct ViewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
}

/// Back to the list as it was, or the list with what was refused.
async fn back(
    app: &web::Data<App>,
    signed_in: &SignedIn,
    query: ListQuery,
    result: Result<(), WebError>,
) -> Result<HttpResponse, PageError> {
    match result {
        Ok(()) => {
            let place = format!("/cases?{}", query.text());
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish())
        }
        Err(err) => {
            let mut response = list_page(app, signed_in, query, err.refusals()?.to_string()).await?;
            *response.status_mut() = actix_web::http::StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

/// Saves the query of the list under a name.
pub async fn save(
    app: web::Data<App>,
    signed_in: SignedIn,
    form: Posted<ViewForm>,
) -> Result<HttpResponse, PageError> {
    let (query, name, caller) = (ListQuery::read(&form.0.query), form.0.name, signed_in.caller.clone());
    let text = query.text();
    let result = app.run(move |db| save_views::save(db, &caller, &name, &text)).await;
    back(&app, &signed_in, query, result).await
}

/// Gives a view another name.
pub async fn rename(
    app: web::Data<App>,
    signed_in: SignedIn,
    view: web::Path<String>,
    form: Posted<ViewForm>,
) -> Result<HttpResponse, PageError> {
    let (query, name, caller) = (ListQuery::read(&form.0.query), form.0.name, signed_in.caller.clone());
    let result = app.run(move |db| save_views::rename(db, &caller, &view, &name)).await;
    back(&app, &signed_in, query, result).await
}

/// Deletes a view.
pub async fn delete(
    app: web::Data<App>,
    signed_in: SignedIn,
    view: web::Path<String>,
    form: Posted<ViewForm>,
) -> Result<HttpResponse, PageError> {
    let (query, caller) = (ListQuery::read(&form.0.query), signed_in.caller.clone());
    let result = app.run(move |db| save_views::delete(db, &caller, &view)).await;
    back(&app, &signed_in, query, result).await
}
