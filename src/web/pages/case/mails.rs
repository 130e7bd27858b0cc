//! What the applicant of a case was sent by e-mail, and sending it again.

use actix_web::{HttpResponse, web};

use crate::domain::labels::Coded;
use crate::domain::mail::{MailKind, MailState};
use crate::domain::visibility::Viewer;
use crate::domain::wording;
use crate::service::beijing_day;
use crate::service::case::open_case::CaseFile;
use crate::service::mail::tend_outbox;
use crate::web::App;
use crate::web::error::PageError;
use crate::web::form::Posted;
use crate::web::pages::case::{SENDERS, case_id};
use crate::web::redirect::see_other;
use crate::web::session::SignedIn;
use crate::web::view::words;

/// A message as the page lists it.
#[derive(Debug, Clone)]
pub(super) struct MailView {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) address: String,
    pub(super) state: &'static str,
    pub(super) tone: &'static str,
    pub(super) when: String,
    /// Why it was not sent, or what does not fit.
    pub(super) note: String,
    pub(super) can_resend: bool,
}

/// The messages to the applicant.
pub(super) fn mails(file: &CaseFile, viewer: &Viewer) -> Vec<MailView> {
    let may_act = viewer.acts_on(&file.place) && SENDERS.admits(viewer);
    let views = file.mails.iter().map(|it| {
        let state = it.state.0;
        let tone = match state {
            MailState::Failed => "red",
            MailState::Held => "amber",
            MailState::Waiting if 0 < it.attempts => "amber",
            MailState::Waiting | MailState::Sending | MailState::Sent => "",
        };
        MailView {
            id: it.id.clone(),
            kind: it.kind.0.label(),
            address: it.address.clone(),
            state: state.label(),
            tone,
            when: words::kept_instant(it.sent_at.unwrap_or(it.written_at)),
            note: late(file, it).or_else(|| it.last_error.clone()).unwrap_or_default(),
            can_resend: may_act && matches!(state, MailState::Failed | MailState::Held),
        }
    });
    views.collect()
}

/// A reply that left on another day than the one recorded as its delivery, by which the case is closed.
fn late(file: &CaseFile, it: &tend_outbox::MessageLine) -> Option<String> {
    let sent_on = beijing_day(it.sent_at?.and_utc());
    let recorded = file.case.reply.as_ref()?.closed_on?;
    (it.kind.0 == MailKind::Reply && recorded < sent_on).then(|| {
        format!(
            "实际发出之日为{}，晚于登记的送达日期（{}），请核对并更正登记",
            wording::day(sent_on),
            wording::day(recorded)
        )
    })
}

/// POST to send a message again.
pub(super) async fn resend(
    app: web::Data<App>,
    signed_in: SignedIn,
    path: web::Path<(String, String)>,
    _: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, message) = path.into_inner();
    let id = case_id(&id)?;
    let caller = signed_in.caller.clone();
    app.run(move |db| db.write(|conn| tend_outbox::resend_of_case(conn, &caller, id, &message))).await?;
    Ok(see_other(format!("/cases/{id}#mails")))
}
