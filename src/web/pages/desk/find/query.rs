//! The query of the address of the list: filters, order, columns and place, and back to text.
//!
//! It is all there is: a view, a page of the list, an export and a link from a count are one query each.

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::find::{CaseFilter, Order, OrderBy, Pile, PileDays, Place};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::request::Channel;
use crate::domain::search::search_query;
use crate::domain::visibility::Viewer;
use crate::domain::wording;
use crate::domain::workflow::Status;
use crate::service::desk::find_cases::Choices;

/// The columns a reader may choose: code and heading.
pub const COLUMNS: &[(&str, &str)] = &[
    ("channel", "提交方式"),
    ("received", "收到"),
    ("kind", "申请人类型"),
    ("due", "答复期限"),
    ("department", "承办部门"),
    ("handler", "承办人"),
    ("outcome", "办理结果"),
    ("closed", "答复日期"),
    ("changed", "最近办理"),
    ("agency", "机关"),
];
/// What is shown where nothing is chosen.
const USUAL: &[&str] = &["channel", "received", "due", "handler"];

/// Conditions with their names on chips, in the order they are shown.
const CONDITIONS: &[(&str, &str)] = &[
    ("q", "检索"),
    ("state", "状态"),
    ("pile", "待办"),
    ("status", "环节"),
    ("agency", "机关"),
    ("department", "承办部门"),
    ("handler", "承办人"),
    ("channel", "提交方式"),
    ("kind", "申请人类型"),
    ("outcome", "办理结果"),
    ("received_from", "收到之日起"),
    ("received_to", "收到之日止"),
    ("closed_from", "办结之日起"),
    ("closed_to", "办结之日止"),
    ("due_from", "期限之日起"),
    ("due_to", "期限之日止"),
];
/// What is no condition.
const OTHERS: &[&str] = &["sort", "col", "after", "before"];

/// Words for `state`.
pub const STATES: &[(&str, &str)] = &[("open", "在办"), ("closed", "已办结"), ("all", "全部")];

/// A query as it stands in the address, cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    pairs: Vec<(String, String)>,
}

/// A condition as a chip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it is about.
    pub name: &'static str,
    /// What it asks.
    pub words: String,
    /// The list without it.
    pub without: String,
}

fn is_known<T: Coded>(value: &str) -> bool {
    T::from_code(value).is_ok()
}

/// Whether a value makes sense for its key. What does not is left out, with its chip.
fn holds(key: &str, value: &str) -> bool {
    match key {
        "q" => value.chars().count() <= 200,
        "state" => STATES.iter().any(|(code, _)| *code == value),
        "pile" => is_known::<Pile>(value),
        "status" => is_known::<Status>(value),
        "channel" => is_known::<Channel>(value),
        "kind" => is_known::<ApplicantKind>(value),
        "outcome" => is_known::<Outcome>(value),
        "agency" | "department" => value.parse::<i32>().is_ok(),
        "handler" => value == "me" || value.parse::<uuid::Uuid>().is_ok(),
        "received_from" | "received_to" | "closed_from" | "closed_to" | "due_from" | "due_to" => {
            value.parse::<NaiveDate>().is_ok()
        }
        "col" => COLUMNS.iter().any(|(code, _)| *code == value),
        "sort" => matches!(value, "due" | "-due" | "received" | "-received" | "changed" | "-changed"),
        "after" | "before" => value.len() < 100 && value.contains('~'),
        _ => false,
    }
}

impl ListQuery {
    /// Reads the query of an address. Where nothing is asked at all, it is the open cases by due date.
    pub fn read(text: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(text).unwrap_or_default();
        let mut pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(key, value)| (key, value.trim().to_owned()))
            .filter(|(key, value)| !value.is_empty() && holds(key, value))
            .collect();
        let mut seen = Vec::new();
        pairs.retain(|it| {
            let is_new = !seen.contains(it);
            seen.push(it.clone());
            is_new
        });
        let mut it = Self { pairs };
        if !it.pairs.iter().any(|(key, _)| !OTHERS.contains(&key.as_str())) {
            it.pairs.insert(0, ("state".to_owned(), "open".to_owned()));
        }
        it
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(it, _)| it == key).map(|(_, value)| value.as_str())
    }

    fn all(&self, key: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(it, _)| it == key).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a key, empty where there is none; for forms.
    pub fn value(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    fn codes<T: Coded>(&self, key: &str) -> Vec<T> {
        self.all(key).into_iter().filter_map(|it| T::from_code(it).ok()).collect()
    }

    fn day(&self, key: &str) -> Option<NaiveDate> {
        self.get(key).and_then(|it| it.parse().ok())
    }

    /// What it asks of cases.
    pub fn filter(&self, viewer: &Viewer, days: &PileDays) -> CaseFilter {
        let mut filter = CaseFilter {
            text: self.get("q").and_then(search_query),
            is_open: match self.value("state") {
                "open" => Some(true),
                "closed" => Some(false),
                _ => None,
            },
            statuses: self.codes("status"),
            agency: self.agency(),
            departments: self
                .all("department")
                .into_iter()
                .filter_map(|it| it.parse().ok().map(DepartmentId))
                .collect(),
            handler: match self.get("handler") {
                Some("me") => Some(viewer.user),
                other => other.and_then(|it| it.parse().ok()),
            },
            channels: self.codes("channel"),
            kinds: self.codes("kind"),
            outcomes: self.codes("outcome"),
            received_from: self.day("received_from"),
            received_to: self.day("received_to"),
            closed_from: self.day("closed_from"),
            closed_to: self.day("closed_to"),
            due_from: self.day("due_from"),
            due_to: self.day("due_to"),
            ..CaseFilter::default()
        };
        for pile in self.codes::<Pile>("pile") {
            pile.narrow(&mut filter, days);
        }
        filter
    }

    /// Whether it looks for a text; what is found is in the order of receipt alone.
    pub fn has_text(&self) -> bool {
        self.get("q").is_some_and(|it| search_query(it).is_some())
    }

    /// Whether something was typed that holds no letter and no digit.
    pub fn has_empty_text(&self) -> bool {
        self.get("q").is_some_and(|it| search_query(it).is_none())
    }

    /// The order: what is open by due date, everything else by receipt, the latest first.
    pub fn order(&self) -> Order {
        let (by, is_descending) = match self.get("sort") {
            _ if self.has_text() => (OrderBy::Received, self.get("sort") != Some("received")),
            Some("due") => (OrderBy::Due, false),
            Some("-due") => (OrderBy::Due, true),
            Some("received") => (OrderBy::Received, false),
            Some("-received") => (OrderBy::Received, true),
            Some("changed") => (OrderBy::Changed, false),
            Some("-changed") => (OrderBy::Changed, true),
            _ if self.get("pile") == Some("untouched") => (OrderBy::Changed, false),
            _ if self.is_of_open() => (OrderBy::Due, false),
            _ => (OrderBy::Received, true),
        };
        Order { by, is_descending }
    }

    fn is_of_open(&self) -> bool {
        self.get("state") == Some("open")
            || ["pile", "due_from", "due_to"].iter().any(|it| self.get(it).is_some())
            || self.codes::<Status>("status").first().is_some_and(|it| it.is_open())
    }

    /// The place that a page begins at.
    pub fn place(&self) -> Option<Place> {
        let (text, is_before) = match (self.get("after"), self.get("before")) {
            (Some(after), _) => (after, false),
            (None, Some(before)) => (before, true),
            (None, None) => return None,
        };
        let (key, id) = text.split_once('~')?;
        Some(Place { key: key.to_owned(), id: id.to_owned(), is_before })
    }

    /// The agency asked for.
    pub fn agency(&self) -> Option<AgencyId> {
        self.get("agency").and_then(|it| it.parse().ok()).map(AgencyId)
    }

    /// The columns shown.
    pub fn columns(&self) -> Vec<&'static str> {
        let chosen = self.all("col");
        let is_shown =
            |code: &str| if chosen.is_empty() { USUAL.contains(&code) } else { chosen.contains(&code) };
        COLUMNS.iter().map(|(code, _)| *code).filter(|it| is_shown(it)).collect()
    }

    /// The query as text, without a place.
    pub fn text(&self) -> String {
        self.changed(&[], None)
    }

    /// What it asks, as text: without place, order and columns.
    pub fn conditions(&self) -> String {
        self.changed(&["sort", "col"], None)
    }

    fn changed(&self, without: &[&str], with: Option<(&str, &str)>) -> String {
        let kept = self.pairs.iter().filter(|(key, _)| {
            !without.contains(&key.as_str()) && !matches!(key.as_str(), "after" | "before")
        });
        let mut pairs: Vec<(&str, &str)> = kept.map(|(key, value)| (key.as_str(), value.as_str())).collect();
        pairs.extend(with);
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    /// The address of the page from this place on.
    pub fn page_at(&self, place: Option<&Place>) -> String {
        let Some(place) = place else { return String::new() };
        let at = format!("{}~{}", place.key, place.id);
        format!("/cases?{}", self.changed(&[], Some((if place.is_before { "before" } else { "after" }, &at))))
    }

    /// The address of the list in another order: by this column, and the other way round if it is already.
    pub fn sorted_by(&self, code: &str) -> String {
        let order = self.order();
        let is_same = matches!((order.by, code), (OrderBy::Due, "due") | (OrderBy::Received, "received"));
        let upward =
            if code == "received" { is_same && order.is_descending } else { !is_same || order.is_descending };
        let sort = if upward { code.to_owned() } else { format!("-{code}") };
        format!("/cases?{}", self.changed(&["sort"], Some(("sort", &sort))))
    }

    /// `ascending`, `descending`, or nothing for a column the list is not ordered by.
    pub fn direction_of(&self, code: &str) -> &'static str {
        let order = self.order();
        match (order.by, code, order.is_descending) {
            (OrderBy::Due, "due", false) | (OrderBy::Received, "received", false) => "ascending",
            (OrderBy::Due, "due", true) | (OrderBy::Received, "received", true) => "descending",
            _ => "",
        }
    }

    /// Hidden fields for a form that asks for something else beside: everything but these keys.
    pub fn hidden<'a>(&self, but: impl AsRef<[&'a str]>) -> Vec<(String, String)> {
        self.pairs
            .iter()
            .filter(|(key, _)| {
                !but.as_ref().contains(&key.as_str()) && !matches!(key.as_str(), "after" | "before")
            })
            .cloned()
            .collect()
    }

    /// The conditions as chips; several values of one key are one chip.
    pub fn chips(&self, choices: &Choices) -> Vec<Chip> {
        let mut chips = Vec::new();
        for (key, name) in CONDITIONS {
            let values = self.all(key);
            if values.is_empty() || values == ["all"] {
                continue;
            }
            let words: Vec<String> = values.iter().map(|it| words(key, it, choices)).collect();
            let mut without = self.changed(&[key], None);
            if !CONDITIONS.iter().any(|(it, _)| it != key && self.get(it).is_some()) {
                without = self.changed(&[key], Some(("state", "all")));
            }
            chips.push(Chip { name, words: words.join("、"), without: format!("/cases?{without}") });
        }
        chips
    }
}

fn label<T: Coded>(value: &str) -> String {
    T::from_code(value).map_or_else(|_| value.to_owned(), |it| it.label().to_owned())
}

fn words(key: &str, value: &str, choices: &Choices) -> String {
    let found = match key {
        "state" => STATES.iter().find(|(code, _)| *code == value).map(|(_, words)| (*words).to_owned()),
        "pile" => Some(label::<Pile>(value)),
        "status" => Some(label::<Status>(value)),
        "channel" => Some(label::<Channel>(value)),
        "kind" => Some(label::<ApplicantKind>(value)),
        "outcome" => Some(label::<Outcome>(value)),
        "handler" if value == "me" => Some("我".to_owned()),
        "handler" => choices.handlers.iter().find(|it| it.id == value).map(|it| it.name.clone()),
        "department" => {
            choices.departments.iter().find(|(id, _)| id.0.to_string() == value).map(|(_, name)| name.clone())
        }
        "agency" => {
            choices.agencies.iter().find(|(id, _)| id.0.to_string() == value).map(|(_, name)| name.clone())
        }
        "q" => None,
        _ => value.parse().ok().map(wording::day),
    };
    found.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let query = ListQuery::read("status=handled&status=nonsense&x=1&due_to=2026-13-01&q=+&col=due");
        assert_eq!(query.text(), "status=handled&col=due");
        assert_eq!(query.columns(), ["due"]);
        assert_eq!(ListQuery::read("").text(), "state=open");
        assert_eq!(ListQuery::read("sort=due").text(), "state=open&sort=due");
    }

    #[test]
    fn a_place_is_found_again() {
        let place = Place { key: "2026-03-05".to_owned(), id: "a-b".to_owned(), is_before: true };
        let query = ListQuery::read("q=征收&after=1~2");
        let address = query.page_at(Some(&place));
        assert_eq!(address, "/cases?q=%E5%BE%81%E6%94%B6&before=2026-03-05%7Ea-b");
        assert_eq!(ListQuery::read(address.split_once('?').unwrap().1).place(), Some(place));
    }

    #[test]
    fn headings_turn_the_order_round() {
        let query = ListQuery::read("state=open");
        assert_eq!(query.direction_of("due"), "ascending");
        assert_eq!(query.sorted_by("due"), "/cases?state=open&sort=-due");
        assert_eq!(query.sorted_by("received"), "/cases?state=open&sort=-received");
        assert_eq!(ListQuery::read("state=all").sorted_by("received"), "/cases?state=all&sort=received");
    }
}
