//! What the journal says of an act, and by whom, for each kind of thing that is acted on.

use serde_json::{Value, json};

use crate::domain::case::Case;
use crate::domain::event::{CountedFacts, Event, Subject};
use crate::domain::ids::{AgencyId, CaseId};
use crate::service::{Caller, ServiceError};
use crate::storage::access::accounts::Account;
use crate::storage::case::cases;
use crate::storage::remedy::remedies::Remedy;
use crate::storage::{Db, DbConnection, journal};

/// How often a change is tried that only adds.
const TRIES: usize = 20;

/// Notes what was done with a case, which is as the act has left it.
pub(super) fn case(
    conn: &mut DbConnection,
    caller: &Caller,
    case: &Case,
    action: &str,
    details: Value,
) -> Result<(), ServiceError> {
    Ok(journal::append(conn, of_case(caller, case, action, details))?)
}

/// Notes something about a case that leaves its facts as they are.
pub(super) fn beside_case(
    conn: &mut DbConnection,
    caller: &Caller,
    case: CaseId,
    action: &str,
    details: Value,
) -> Result<(), ServiceError> {
    // The place in the journal first, the facts after it: whoever changes the facts meanwhile takes the
    // place, and this entry is refused instead of saying what is no longer so.
    let mut head = journal::head(conn, &case.to_string())?;
    let case = cases::fetch(conn, case)?;
    Ok(journal::append_all(conn, &[head.follow(of_case(caller, &case, action, details))])?)
}

fn of_case(caller: &Caller, case: &Case, action: &str, details: Value) -> Event {
    let counted = Some((&case.counted()).into());
    event(caller, Subject::Case, case.id.to_string(), Some(case.agency_id), action, details, counted)
}

/// Notes what was done with a reconsideration or suit.
pub(super) fn remedy(
    conn: &mut DbConnection,
    caller: &Caller,
    remedy: &Remedy,
    action: &str,
    details: Value,
) -> Result<(), ServiceError> {
    let (id, counted) = (remedy.id.to_string(), CountedFacts::of_remedy(&remedy.facts));
    let entry = event(caller, Subject::Remedy, id, Some(remedy.agency_id), action, details, counted);
    Ok(journal::append(conn, entry)?)
}

/// Notes what was done with an agency, or with what it sets for itself.
pub(super) fn agency(
    conn: &mut DbConnection,
    caller: &Caller,
    agency: AgencyId,
    action: &str,
    details: Value,
) -> Result<(), ServiceError> {
    let id = format!("agency-{}", agency.0);
    Ok(journal::append(conn, event(caller, Subject::Agency, id, Some(agency), action, details, None))?)
}

/// Notes what was done with the report of an agency, or with what belongs to it.
pub(super) fn report(
    conn: &mut DbConnection,
    caller: &Caller,
    agency: AgencyId,
    subject_id: String,
    action: &str,
    details: Value,
) -> Result<(), ServiceError> {
    let entry = event(caller, Subject::Report, subject_id, Some(agency), action, details, None);
    Ok(journal::append(conn, entry)?)
}

/// Notes what was done with an account.
pub(super) fn account(
    conn: &mut DbConnection,
    caller: &Caller,
    account: &Account,
    action: &str,
    mut details: Value,
) -> Result<(), ServiceError> {
    details["login"] = json!(account.login);
    if details.get("name").is_none() {
        details["name"] = json!(account.name);
    }
    let id = account.id.to_string();
    let entry = event(caller, Subject::Account, id, Some(account.agency_id), action, details, None);
    Ok(journal::append(conn, entry)?)
}

/// An entry of the journal for something done here and now.
pub(super) fn event(
    caller: &Caller,
    subject: Subject,
    subject_id: String,
    agency_id: Option<AgencyId>,
    action: &str,
    details: Value,
    counted: Option<CountedFacts>,
) -> Event {
    Event {
        subject,
        subject_id,
        agency_id,
        action: action.to_owned(),
        actor: caller.name.clone(),
        recorded_at: caller.now,
        known_on: caller.today(),
        details,
        counted,
    }
}

/// Runs a change that only adds, again where somebody else wrote into the same journal at the same moment, as
/// PostgreSQL lets them: several files of one case come at a time, one form is sent twice.
pub(super) fn write_again<T>(
    db: &Db,
    change: impl Fn(&mut DbConnection) -> Result<T, ServiceError>,
) -> Result<T, ServiceError> {
    for _ in 1..TRIES {
        match db.write(&change) {
            Err(ServiceError::Stale) => {}
            result => return result,
        }
    }
    db.write(&change)
}
