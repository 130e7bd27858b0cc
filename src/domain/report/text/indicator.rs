//! Indicators: figures that no record yields, kept by year with who said so and in which paper.

use rust_decimal::Decimal;

use crate::domain::labels::Coded;
use crate::domain::report::text::Part;
use crate::domain::report::text::derived::Derived;

/// What an office counts, from year to year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// The code, unique in the office and never changed.
    pub code: String,
    /// The name sentences call it by, unique among all names.
    pub name: String,
    /// The unit it is counted in.
    pub unit: String,
    /// The section it belongs to.
    pub part: Part,
    /// Its place in lists.
    pub position: i32,
    /// Whether the office counts it no longer.
    pub is_retired: bool,
}

/// A figure with its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// The figure, with the decimals it was entered with; 0 or more.
    pub value: Decimal,
    /// The person or department that gave it.
    pub told_by: String,
    /// In which paper, or where it can be looked up.
    pub document: String,
}

/// One of the things that are counted: an interpretation and the policy document it belongs to, or a
/// document that was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// The policy document it interprets; empty where it interprets none.
    pub policy: String,
    /// Where it is published; empty where it is not known.
    pub address: String,
}

/// An indicator with what is known of it in a year and the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndicatorLine {
    /// What is counted.
    pub indicator: Indicator,
    /// This year's figure.
    pub this: Option<Sourced>,
    /// Last year's figure.
    pub last: Option<Sourced>,
    /// This year's things, one by one, where they were listed.
    pub items: Vec<Item>,
}

/// An indicator that is offered to every office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The unit it is counted in.
    pub unit: &'static str,
    /// Its section.
    pub part: Part,
    /// Whether the things counted are to be listed one by one.
    pub has_items: bool,
    /// The figure of the tables it must agree with.
    pub agrees_with: Option<Derived>,
}

const fn plain(code: &'static str, name: &'static str, unit: &'static str, part: Part) -> BuiltIn {
    BuiltIn { code, name, unit, part, has_items: false, agrees_with: None }
}

/// The indicator of interpretations, each with its policy document.
pub const INTERPRETATIONS: &str = "interpretations";

/// What reports usually count. An office renames them, leaves them out, and adds its own.
pub const BUILT_IN: &[BuiltIn] = &[
    plain("published_items", "主动公开信息", "条", Part::Overview),
    plain("press_conferences", "新闻发布会", "次", Part::Overview),
    BuiltIn { has_items: true, ..plain(INTERPRETATIONS, "政策解读", "个", Part::Overview) },
    plain("meetings", "办公会议", "次", Part::Overview),
    BuiltIn {
        has_items: true,
        agrees_with: Some(Derived::DocumentsMade),
        ..plain("published_documents", "公开的规范性文件", "个", Part::Overview)
    },
    plain("columns", "网站专栏", "个", Part::Overview),
    plain("wechat_posts", "微信公众号信息", "篇", Part::Overview),
    plain("open_days", "政府开放日", "次", Part::Problems),
    plain("deputies_proposals", "人大建议", "件", Part::OtherMatters),
    plain("advisers_proposals", "政协提案", "件", Part::OtherMatters),
    plain("proposals_answered", "按时办结的建议提案", "件", Part::OtherMatters),
    plain("media_items", "媒体采用信息", "篇", Part::OtherMatters),
];

/// The built-in indicator with this code.
pub fn built_in(code: &str) -> Option<&'static BuiltIn> {
    BUILT_IN.iter().find(|it| it.code == code)
}

/// The indicators of an office: the built-in ones as the office has changed them, then its own, in
/// the order of the sections and of their places.
pub fn effective(own: &[Indicator]) -> Vec<Indicator> {
    let is_changed = |it: &&BuiltIn| own.iter().any(|other| other.code == it.code);
    let offered = BUILT_IN.iter().enumerate().filter(|(_, it)| !is_changed(it)).map(|(i, it)| Indicator {
        code: it.code.to_owned(),
        name: it.name.to_owned(),
        unit: it.unit.to_owned(),
        part: it.part,
        position: place(i),
        is_retired: false,
    });
    let mut all: Vec<_> = offered.chain(own.iter().cloned()).collect();
    all.sort_by(|a, b| (a.part, a.position, &a.code).cmp(&(b.part, b.position, &b.code)));
    all
}

/// The place of the built-in indicator at an index: with room between them for an office's own.
pub fn place(index: usize) -> i32 {
    i32::try_from(index).map_or(i32::MAX, |it| it.saturating_add(1).saturating_mul(10))
}

/// The longest name.
pub const MAX_NAME: usize = 20;

/// Why a name cannot be that of an indicator; none where it can. `others` are the names taken.
pub fn name_fault(name: &str, others: &[&str]) -> Option<String> {
    if name.is_empty() {
        return Some("请填写指标名称".to_owned());
    }
    if MAX_NAME < name.chars().count() {
        return Some(format!("指标名称至多{MAX_NAME}个字"));
    }
    if name.chars().any(|it| "{}｛｝:：+＋()（）".contains(it) || it.is_control() || it.is_whitespace())
    {
        return Some("指标名称里不能有空格、括号、冒号和加号".to_owned());
    }
    if let Some(derived) = Derived::ALL.iter().find(|it| it.label() == name) {
        return Some(format!("“{}”由报表得出，不能另行填报", derived.label()));
    }
    if crate::domain::report::text::names::WORDS.iter().any(|(it, _)| *it == name) {
        return Some(format!("“{name}”是报告里的固定写法，请换一个名称"));
    }
    if others.contains(&name) {
        return Some(format!("已有名称为“{name}”的指标"));
    }
    None
}

/// A figure as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// The code of the indicator.
    pub code: String,
    /// The figure; empty for none.
    pub value: String,
    /// The person or department that gave it.
    pub told_by: String,
    /// The paper it is taken from.
    pub document: String,
    /// What was counted, one by one; none where that is left as it is.
    pub items: Option<Vec<Item>>,
}

/// The longest text of a source, in characters.
const MAX_SOURCE: usize = 200;

/// Reads a figure with its source; none where nothing was typed.
///
/// # Errors
/// What is wrong, by field: `value`, `told_by` or `document`.
pub fn read_entry(entry: &Entry) -> Result<Option<Sourced>, Vec<(&'static str, String)>> {
    let value = entry.value.trim();
    let (told_by, document) = (entry.told_by.trim(), entry.document.trim());
    if value.is_empty() {
        if told_by.is_empty() && document.is_empty() {
            return Ok(None);
        }
        return Err(vec![("value", "写了来源，没有填数".to_owned())]);
    }
    let mut faults = Vec::new();
    let number = match crate::domain::report::forms::Figure::Amount.parse(value) {
        Ok(number) => Some(number),
        Err(crate::domain::report::statistics::table2::FigureError::NotAnAmount(text)) => {
            faults.push(("value", format!("“{text}”小于零")));
            None
        }
        Err(fault) => {
            faults.push(("value", fault.to_string()));
            None
        }
    };
    if told_by.is_empty() && document.is_empty() {
        faults.push(("told_by", "请写明数据由谁提供，或者依据哪份材料".to_owned()));
    }
    for (field, text) in [("told_by", told_by), ("document", document)] {
        if MAX_SOURCE < text.chars().count() {
            faults.push((field, format!("来源至多{MAX_SOURCE}个字")));
        }
    }
    match (number, faults.is_empty()) {
        (Some(value), true) => {
            Ok(Some(Sourced { value, told_by: told_by.to_owned(), document: document.to_owned() }))
        }
        _ => Err(faults),
    }
}

/// Reads what was counted one by one: a line each, its parts separated by `|` or `｜`: title, policy
/// document, address. Empty lines mean nothing.
pub fn read_items(text: &str) -> Vec<Item> {
    let lines = text.lines().map(str::trim).filter(|it| !it.is_empty());
    lines
        .map(|line| {
            let mut parts = line.split(['|', '｜']).map(|it| it.trim().to_owned());
            let mut next = || parts.next().unwrap_or_default();
            Item { title: next(), policy: next(), address: next() }
        })
        .collect()
}

/// The same as text.
pub fn write_items(items: &[Item]) -> String {
    let line = |it: &Item| {
        let parts = [it.title.as_str(), &it.policy, &it.address];
        let n = parts.iter().rposition(|it| !it.is_empty()).map_or(0, |it| it + 1);
        parts[..n].join(" | ")
    };
    items.iter().map(line).collect::<Vec<_>>().join("\n")
}
