//! What is entered in the record of a reconsideration or suit.

use actix_web::{HttpResponse, web};

use crate::domain::journal::{self, Names};
use crate::domain::refusal::Refusals;
use crate::domain::remedy::stages::{RemedyCommand, StageEnd};
use crate::service::remedy::act_on_remedy::{
    CorrectRemedy, HistoryEntry, RemedyFile, act_on_remedy, correct_remedy, remedy_file,
};
use crate::web::App;
use crate::web::error::{PageError, WebError};
use crate::web::form::{Fields, Posted, Reader, Shown};
use crate::web::pages::remedy::show::{Attempt, draw};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;

enum Entry {
    Command(RemedyCommand),
    Correct(CorrectRemedy),
}

/// Enters what was typed. The fields of a form begin with its name, so that several stand on one page.
pub async fn submit(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    typed: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, act) = path.into_inner();
    let fields = typed.0;
    let remedy = id.parse().map_err(|_| WebError::NotFound)?;
    let version: i32 = fields.get("version").parse().map_err(|_| WebError::BadRequest)?;
    let entry = match read(&act, &fields)? {
        Ok(entry) => entry,
        Err(refusals) => {
            let attempt = Attempt { act, shown: Shown::refused(fields, refusals), meanwhile: Vec::new() };
            return draw(&app, &signed_in, &id, attempt).await;
        }
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
    let Err(err) = done else { return Ok(see_other(format!("/remedies/{id}"))) };
    let of_form = |field: &str| (!field.is_empty()).then(|| format!("{act}_{field}"));
    let shown = Shown::after(fields, err)?.renamed(of_form);
    let mut meanwhile = Vec::new();
    if shown.is_stale() {
        let caller = signed_in.caller.clone();
        let file = app.run(move |db| db.read(|conn| remedy_file(conn, &caller, remedy))).await?;
        meanwhile = entered_since(&file, version);
    }
    draw(&app, &signed_in, &id, Attempt { act, shown, meanwhile }).await
}

/// What has been entered since a version, the latest first.
fn entered_since(file: &RemedyFile, version: i32) -> Vec<String> {
    let n_missed = usize::try_from(file.remedy.version - version).unwrap_or(1);
    let told = |it: &HistoryEntry| {
        let said: Vec<_> = journal::changes(&it.details, &Names::default())
            .into_iter()
            .map(|(field, _, after)| format!("{field} {after}"))
            .collect();
        format!("{}：{}（{}）", it.actor, journal::action(&it.action), said.join("，"))
    };
    file.history.iter().rev().take(n_missed).map(told).collect()
}

/// What a form says, or what is wrong with it.
fn read(act: &str, fields: &Fields) -> Result<Result<Entry, Refusals>, WebError> {
    let mut it = Reader::new(fields);
    let command = match act {
        "copy" => RemedyCommand::ReceiveCopy {
            received_on: it.day("copy_received_on", "收到副本的日期"),
            procedure: it.code("copy_procedure", "程序"),
        },
        "answer" => RemedyCommand::HandInAnswer { on: it.day("answer_on", "提交日期") },
        "hearing" => RemedyCommand::NoteHearing {
            on: it.optional_day("hearing_on", "听证、开庭日期"),
            notes: it.text("hearing_notes"),
        },
        "end" => RemedyCommand::EndStage {
            end: StageEnd {
                on: it.day("end_on", "文书日期"),
                served_on: it.optional_day("end_served_on", "送达日期"),
                paper: it.code("end_paper", "文书"),
                result: it.code("end_result", "结果"),
            },
            is_final: it.is_ticked("end_is_final"),
        },
        "next" => RemedyCommand::BeginStage {
            kind: it.code("next_kind", "审级"),
            docket_no: it.own_number("next_docket_no"),
            body: it.text("next_body"),
            accepted_on: it.day("next_accepted_on", "受理日期"),
        },
        "conclude" => RemedyCommand::Conclude {
            on: it.day("conclude_on", "审结日期"),
            result: it.code("conclude_result", "结果"),
        },
        "reopen" => RemedyCommand::Reopen { reason: it.text("reopen_reason") },
        "correct" => {
            let correction = CorrectRemedy {
                remedy_no: it.own_number("correct_remedy_no"),
                kind: it.code("correct_kind", "类别"),
                capacity: it.code("correct_capacity", "身份"),
                body: it.text("correct_body"),
                accepted_on: it.day("correct_accepted_on", "受理日期"),
                remarks: it.text("correct_remarks"),
            };
            return Ok(it.finish(Entry::Correct(correction)));
        }
        _ => return Err(WebError::NotFound),
    };
    Ok(it.finish(Entry::Command(command)))
}
