//! Filing a report: it is kept as it is, with its day; and sent again as it was.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::service::report::derive_tables::ReportQuery;
use crate::service::report::text::file_report::{FileReport, file_report, filed_files};
use crate::web::App;
use crate::web::download::attachment;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Posted, Reader, Shown};
use crate::web::pages::report::frame;
use crate::web::pages::report::frame::Params;
use crate::web::pages::report::text::files::media_type;
use crate::web::pages::report::text::show::draw;
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

/// Files the report of one's own agency as it is now.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    year: web::Path<String>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let number = frame::year(&year)?;
    let fields = typed.0;
    let params = Params { rollup: fields.get("rollup").to_owned(), ..Params::default() };
    let mut it = Reader::new(&fields);
    let wanted = FileReport {
        filing: it.code("filing", "报送或者公布"),
        filed_on: it.day("filed_on", "日期"),
    };
    let wanted =
        it.finish(wanted).and_then(|it| it.check(number, signed_in.caller.clone().today()).map(|()| it));
    let wanted = match wanted {
        Ok(wanted) => wanted,
        Err(refusals) => {
            let shown = Shown::refused(fields, refusals);
            return draw(&app, &signed_in, &year, &params, shown).await;
        }
    };
    let query = ReportQuery {
        agency: signed_in.agency_code.clone(),
        year: number,
        rollup: params.rollup == "1",
        as_of: None,
    };
    let caller = signed_in.caller.clone();
    let rollup = params.rollup == "1";
    match app.run(move |db| file_report(db, &caller, &query, &wanted)).await {
        Ok(()) => Ok(see_other(format!(
            "/reports/{number}/text?{}saved=filed#filed",
            if rollup { "rollup=1&" } else { "" }
        ))),
        Err(err) => draw(&app, &signed_in, &year, &params, Shown::after(fields, err)?).await,
    }
}

/// Sends a file of a report as it was filed.
pub async fn send(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String, String)>,
    params: web::Query<Params>,
) -> Result<HttpResponse, PageError> {
    let (year, seq, format) = path.into_inner();
    let year = frame::year(&year)?;
    let seq: i32 = seq.parse().map_err(|_| WebError::NotFound)?;
    let media_type = media_type(&format).ok_or(WebError::NotFound)?;
    let choice = frame::choice(&app, &signed_in, &params).await?;
    let (agency, name) = (choice.agency.code.clone(), choice.agency.name);
    let files = app.run(move |db| db.read(|conn| filed_files(conn, &agency, year, seq))).await?;
    let bytes = match format.as_str() {
        "docx" => files.document,
        "html" => files.page.into_bytes(),
        _ => files.figures.into_bytes(),
    };
    let name = format!("{name}{year}年政府信息公开工作年度报告（存档{seq}）.{format}");
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((
            header::CONTENT_DISPOSITION,
            attachment(&name, &format!("annual-report-{year}-filed-{seq}.{format}")),
        ))
        .body(bytes))
}
