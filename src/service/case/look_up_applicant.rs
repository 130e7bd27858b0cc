//! What the register knows of an applicant and of similar applications, for a clerk about to register.

use chrono::{Datelike, NaiveDate};

use crate::domain::ids::{AgencyId, CaseId};
use crate::domain::similarity::{ALIKE, LIKELY_REPEAT, Pairs};
use crate::service::ServiceError;
use crate::storage::DbConnection;
use crate::storage::case::intake::Known;
use crate::storage::case::{cases, intake};

/// The number of an applicant's applications that are looked at.
const MAX_EARLIER: i64 = 500;
/// The number of recent applications of the agency that are compared.
const MAX_RECENT: i64 = 300;
/// The number of similar ones shown of each kind.
const MAX_SHOWN: usize = 3;

/// An applicant and a wish.
#[derive(Debug, Clone, Default)]
pub struct Inquiry {
    /// The applicant.
    pub name: String,
    /// The identity number, where known.
    pub id_number: String,
    /// What is asked for.
    pub content: String,
    /// The day of receipt.
    pub on: NaiveDate,
    /// A case that is not compared with itself.
    pub except: Option<CaseId>,
}

/// A known application and how alike it is, in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// The application.
    pub known: Known,
    /// In percent.
    pub percent: u32,
    /// The text of its reply, for the same applicant's when looked up to be shown.
    pub reply_body: String,
}

impl Similar {
    /// Whether the new one is likely a repeat of it (art. 36(6)).
    pub fn is_likely_repeat(&self) -> bool {
        LIKELY_REPEAT <= self.percent
    }
}

/// What the register knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LookedUp {
    /// The same applicant's earlier applications, the latest first.
    pub earlier: Vec<Known>,
    /// Those received in the month of the new one (the unit of the fee's tiers).
    pub n_this_month: u32,
    /// Those received in its year.
    pub n_this_year: u32,
    /// The same applicant's that read alike, the most alike first.
    pub own: Vec<Similar>,
    /// Other applicants' recent ones that read alike.
    pub others: Vec<Similar>,
}

/// Looks up the applicant, and with `compare_others`, for the clerk to read, also the replies to the
/// applicant's similar applications and similar ones by others.
///
/// The same applicant is one with the same identity number, or with the same name and no other number.
pub fn look_up_applicant(
    conn: &mut DbConnection,
    agency: AgencyId,
    inquiry: &Inquiry,
    compare_others: bool,
) -> Result<LookedUp, ServiceError> {
    let name = inquiry.name.trim();
    let id_number = inquiry.id_number.trim();
    let mut earlier = Vec::new();
    if !name.is_empty() {
        earlier = intake::by_name(conn, agency, name, MAX_EARLIER)?;
        earlier.retain(|it| {
            id_number.is_empty()
                || it.id_number.as_ref().is_none_or(|known| known.is_empty() || known == id_number)
        });
    }
    if !id_number.is_empty() {
        for it in intake::by_id_number(conn, agency, id_number, MAX_EARLIER)? {
            if earlier.iter().all(|known| known.id != it.id) {
                earlier.push(it);
            }
        }
    }
    earlier.retain(|it| Some(it.id) != inquiry.except);
    earlier.sort_by(|a, b| b.received_on.cmp(&a.received_on).then_with(|| b.case_no.cmp(&a.case_no)));
    let in_year = |it: &&Known| it.received_on.year() == inquiry.on.year();
    let in_month = |it: &&Known| in_year(it) && it.received_on.month() == inquiry.on.month();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let n_this_month = count(earlier.iter().filter(in_month).count());
    let n_this_year = count(earlier.iter().filter(in_year).count());

    let wish = Pairs::of(&inquiry.content);
    let mut own = most_alike(&wish, earlier.iter().cloned());
    if compare_others {
        for it in own.iter_mut().filter(|it| it.known.closed.is_some()) {
            let reply = cases::fetch(conn, it.known.id)?.reply;
            it.reply_body = reply.map(|it| it.body).unwrap_or_default();
        }
    }
    let mut others = Vec::new();
    if compare_others && !inquiry.content.trim().is_empty() {
        let recent = intake::recent(conn, agency, MAX_RECENT)?;
        let foreign = recent
            .into_iter()
            .filter(|it| Some(it.id) != inquiry.except && earlier.iter().all(|known| known.id != it.id));
        others = most_alike(&wish, foreign);
    }
    Ok(LookedUp { earlier, n_this_month, n_this_year, own, others })
}

fn most_alike(wish: &Pairs, known: impl Iterator<Item = Known>) -> Vec<Similar> {
    let mut similar: Vec<_> = known
        .map(|it| Similar {
            percent: wish.in_common(&Pairs::of(&it.content)),
            known: it,
            reply_body: String::new(),
        })
        .filter(|it| ALIKE <= it.percent)
        .collect();
    similar.sort_by_key(|it| std::cmp::Reverse(it.percent));
    similar.truncate(MAX_SHOWN);
    similar
}
