//! The whole report as a Word document: the office's template filled, the tables put in their places.

use serde_json::{Value, json};

use crate::documents::docx::{Looks, package, table};
use crate::documents::filler::{FillError, Template, insert};
use crate::documents::report::{
    WholeError, agency, dated_words, draft_words, fee_grid, heading, is_fee_table, table_of, title,
};
use crate::documents::{DocumentError, Front};
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::{Paragraph, ParagraphKind};
use crate::domain::report::text::whole::WholeReport;

/// What a template calls the parts, in order.
const NAMES: &[(Part, &str)] = &[
    (Part::Preface, "前言"),
    (Part::Overview, "总体情况"),
    (Part::Proactive, "主动公开"),
    (Part::Applications, "申请"),
    (Part::Remedies, "复议诉讼"),
    (Part::Problems, "问题"),
    (Part::OtherMatters, "其他"),
];

/// What a template can name, with what it stands for.
pub const PLACES: &[(&str, &str)] = &[
    ("机关", "机关名称"),
    ("标题", "如 2022年政府信息公开工作年度报告"),
    ("年度", "如 2022"),
    ("草稿", "报告还没有填齐时的提示；填齐以后为空"),
    ("前言.段落", "第一部分之前的文字，逐段，每段有 文字 和 小标题"),
    ("总体情况.标题", "第一部分的标题；主动公开、申请、复议诉讼、问题、其他 依此类推"),
    ("总体情况.段落", "第一部分的文字，逐段；其余各部分依此类推"),
    ("表二", "主动公开政府信息情况表，单独成段"),
    ("表三", "收到和处理政府信息公开申请情况表，单独成段"),
    ("表四", "政府信息公开行政复议、行政诉讼情况表，单独成段"),
    ("成文日期", "登记报送的日期；登记以前留空"),
];

/// What a template calls the tables, and the sections they stand in.
const TABLES: &[(Part, &str)] =
    &[(Part::Proactive, "表二"), (Part::Applications, "表三"), (Part::Remedies, "表四")];

/// The width of the text where a template does not say it, in twentieths of a point.
const USUAL_WIDTH: u16 = 8844;

/// Where a table is to stand: a text nobody types.
fn mark(name: &str) -> String {
    format!("\u{e2f0}{name}\u{e2f1}")
}

/// The template an office starts from, made for a report.
///
/// # Errors
/// [`DocumentError`] where it cannot be packed.
pub fn built_in(whole: &WholeReport) -> Result<Vec<u8>, DocumentError> {
    package::pack(include_str!("template.xml"), &Front::of(&whole.report)?)
}

/// Writes the document, into the office's template or the built-in one.
///
/// # Errors
/// [`WholeError`]: the template cannot be filled, or has no place for a table.
pub fn render(whole: &WholeReport, template: Option<&[u8]>) -> Result<Vec<u8>, WholeError> {
    let file = match template {
        Some(file) => file.to_vec(),
        None => built_in(whole)?,
    };
    let filled = Template::open(file)?.fill(&values(whole))?;
    let width = insert::text_width(&filled)?.and_then(|it| u16::try_from(it).ok()).unwrap_or(USUAL_WIDTH);
    let looks = Looks { width, is_direct: true };
    let mut pieces = Vec::new();
    for (part, name) in TABLES {
        if let Some(grid) = table_of(whole, *part) {
            pieces.push((mark(name), table(&grid, looks)));
        }
    }
    if whole.narrative.has_fee_table() {
        // A table at the end of the running text wants a line after it, or the next one touches it.
        let drawn = table(&fee_grid(&whole.fees), looks);
        pieces.push((mark(FEE_TABLE), format!("{drawn}<w:p/>")));
    }
    let (document, found) = insert::replace_paragraphs(&filled, &pieces)?;
    let lacks = |name: &str| !found.contains(&mark(name));
    match TABLES.iter().find(|(_, name)| lacks(name)) {
        Some((_, name)) => Err(WholeError::NoPlace(name)),
        None => Ok(document),
    }
}

const FEE_TABLE: &str = "信息处理费";

/// What a template can name.
fn values(whole: &WholeReport) -> Value {
    let paragraph = |it: &Paragraph| {
        let text = if is_fee_table(it) { mark(FEE_TABLE) } else { it.text() };
        json!({ "文字": text, "小标题": it.kind == ParagraphKind::Heading })
    };
    let mut values = json!({
        "机关": agency(whole),
        "标题": title(whole),
        "年度": whole.report.year,
        "草稿": draft_words(whole),
        "成文日期": dated_words(whole),
    });
    for (part, name) in NAMES {
        let paragraphs: Vec<_> = whole.narrative.part(*part).iter().map(paragraph).collect();
        values[*name] = json!({ "标题": heading(whole, *part), "段落": paragraphs });
    }
    for (_, name) in TABLES {
        values[*name] = Value::from(mark(name));
    }
    values
}

/// Checks a template before it is used: whether it can be filled, and has a place for every part and table.
/// Returns what it leaves out, in words, which is allowed but seldom meant.
///
/// # Errors
/// As [`render`].
pub fn check(whole: &WholeReport, file: &[u8]) -> Result<Vec<String>, WholeError> {
    let names = Template::open(file.to_vec()).and_then(|it| it.names()).map_err(WholeError::Template)?;
    render(whole, Some(file))?;
    let is_named = |name: &str| names.iter().any(|it| it == name || it.starts_with(&format!("{name}.")));
    let lacking = NAMES.iter().filter(|(_, name)| !is_named(name));
    Ok(lacking.map(|(_, name)| format!("模板里没有用到“{name}”，这一部分的文字不会出现")).collect())
}

impl WholeError {
    /// What is wrong, for the person who edits the template.
    pub fn explain(&self) -> String {
        match self {
            Self::Template(fault) => FillError::explain(fault),
            other => other.to_string(),
        }
    }
}
