//! What is entered in the record of a reconsideration or suit.

use std::collections::BTreeMap;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};

use crate::domain::history::{self, Names};
use crate::domain::remedy::stages::{RemedyCommand, StageEnd};
use crate::service::remedy::act_on_remedy::{CorrectRemedy, act_on_remedy, correct_remedy, remedy_file};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::Posted;
use crate::web::pages::remedy::new::{choice, day, needed_day};
use crate::web::pages::remedy::show::{Attempt, draw};
use crate::web::session::SignedIn;

type Typed = BTreeMap<String, String>;

enum Entry {
    Command(RemedyCommand),
    Correct(CorrectRemedy),
}

/// Enters what was typed. The fields of a form begin with its name, so that several stand on one page.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    typed: Posted<Typed>,
) -> Result<HttpResponse, PageError> {
    let (id, act) = path.into_inner();
    let typed = typed.0;
    let remedy = id.parse().map_err(|_| WebError::NotFound)?;
    let version: i32 = typed.get("version").and_then(|it| it.parse().ok()).ok_or(WebError::BadRequest)?;
    let mut errors = Vec::new();
    let entry = read(&act, &typed, &mut errors)?;
    let Some(entry) = entry.filter(|_| errors.is_empty()) else {
        let attempt = Attempt { act, typed, errors, meanwhile: Vec::new() };
        return again(&app, &signed_in, &id, attempt, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let caller = signed_in.caller.clone();
    let done = app
        .run(move |db| {
            db.write(|conn| match &entry {
                Entry::Command(it) => act_on_remedy(conn, &caller, remedy, version, it),
                Entry::Correct(it) => correct_remedy(conn, &caller, remedy, version, it),
            })
        })
        .await;
    match done {
        Ok(_) => {
            let place = format!("/remedies/{id}");
            Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, place)).finish())
        }
        Err(err) if err.is_stale() => {
            let caller = signed_in.caller.clone();
            let file = app.run(move |db| db.read(|conn| remedy_file(conn, &caller, remedy))).await?;
            let n_missed = usize::try_from(file.remedy.version - version).unwrap_or(1);
            let told = |it: &crate::service::remedy::act_on_remedy::HistoryEntry| {
                let said: Vec<_> = history::changes(&it.details, &Names::default())
                    .into_iter()
                    .map(|(field, _, after)| format!("{field} {after}"))
                    .collect();
                format!("{}：{}（{}）", it.actor, history::action(&it.action), said.join("，"))
            };
            let meanwhile = file.history.iter().rev().take(n_missed).map(told).collect();
            let attempt = Attempt { act, typed, errors: Vec::new(), meanwhile };
            again(&app, &signed_in, &id, attempt, StatusCode::CONFLICT).await
        }
        Err(err) => {
            let named = |field: &str| if field.is_empty() { String::new() } else { format!("{act}_{field}") };
            let errors = err.refusals()?.into_iter().map(|it| (named(&it.field), it.message)).collect();
            let attempt = Attempt { act, typed, errors, meanwhile: Vec::new() };
            again(&app, &signed_in, &id, attempt, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn again(
    app: &App,
    signed_in: &SignedIn,
    id: &str,
    attempt: Attempt,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let mut response = draw(app, signed_in, id, attempt).await?;
    *response.status_mut() = status;
    Ok(response)
}

/// What a form says; none where something in it is wrong.
fn read(act: &str, typed: &Typed, errors: &mut Vec<(String, String)>) -> Result<Option<Entry>, WebError> {
    let text = |field: &str| typed.get(field).map(|it| it.trim().to_owned()).unwrap_or_default();
    let command = match act {
        "copy" => {
            let received_on = needed_day(typed, "copy_received_on", "收到副本的日期", errors);
            let procedure = choice(typed, "copy_procedure", "程序", errors);
            received_on
                .zip(procedure)
                .map(|(received_on, procedure)| RemedyCommand::ReceiveCopy { received_on, procedure })
        }
        "answer" => {
            needed_day(typed, "answer_on", "提交日期", errors).map(|on| RemedyCommand::HandInAnswer { on })
        }
        "hearing" => {
            let on = day(typed, "hearing_on", errors);
            Some(RemedyCommand::NoteHearing { on, notes: text("hearing_notes") })
        }
        "end" => {
            let on = needed_day(typed, "end_on", "文书日期", errors);
            let served_on = day(typed, "end_served_on", errors);
            let paper = choice(typed, "end_paper", "文书", errors);
            let result = choice(typed, "end_result", "结果", errors);
            let is_final = text("end_is_final") == "1";
            match (on, paper, result) {
                (Some(on), Some(paper), Some(result)) => {
                    let end = StageEnd { on, served_on, paper, result };
                    Some(RemedyCommand::EndStage { end, is_final })
                }
                _ => None,
            }
        }
        "next" => {
            let kind = choice(typed, "next_kind", "审级", errors);
            let accepted_on = needed_day(typed, "next_accepted_on", "受理日期", errors);
            kind.zip(accepted_on).map(|(kind, accepted_on)| RemedyCommand::BeginStage {
                kind,
                docket_no: text("next_docket_no"),
                body: text("next_body"),
                accepted_on,
            })
        }
        "conclude" => {
            let on = needed_day(typed, "conclude_on", "审结日期", errors);
            let result = choice(typed, "conclude_result", "结果", errors);
            on.zip(result).map(|(on, result)| RemedyCommand::Conclude { on, result })
        }
        "reopen" => Some(RemedyCommand::Reopen { reason: text("reopen_reason") }),
        "correct" => {
            let kind = choice(typed, "correct_kind", "类别", errors);
            let capacity = choice(typed, "correct_capacity", "身份", errors);
            let accepted_on = needed_day(typed, "correct_accepted_on", "受理日期", errors);
            let (Some(kind), Some(capacity), Some(accepted_on)) = (kind, capacity, accepted_on) else {
                return Ok(None);
            };
            return Ok(Some(Entry::Correct(CorrectRemedy {
                remedy_no: text("correct_remedy_no"),
                kind,
                capacity,
                body: text("correct_body"),
                accepted_on,
                remarks: text("correct_remarks"),
            })));
        }
        _ => return Err(WebError::NotFound),
    };
    Ok(command.map(Entry::Command))
}
