//! The letter templates that are built in, and what an agency's own is checked for.

use std::collections::BTreeSet;

use rust_embed::RustEmbed;

use crate::documents::filler::{FillError, Template, text};
use crate::domain::labels::Coded;
use crate::domain::letters::{self, Belongs, LetterKind};

#[derive(RustEmbed)]
#[folder = "templates/letters"]
struct BuiltIn;

/// The most an uploaded template may have, in bytes. Those built in have 4 kB.
pub const MAX_TEMPLATE: usize = 2 * 1024 * 1024;

/// The template built in for a kind of letter.
///
/// # Errors
/// [`FillError::NotDocx`] where there is none, which a test excludes.
pub fn built_in(kind: LetterKind) -> Result<Vec<u8>, FillError> {
    let file = BuiltIn::get(&format!("{}.docx", kind.code()));
    file.map(|it| it.data.into_owned())
        .ok_or_else(|| FillError::NotDocx(format!("no template for {}", kind.code())))
}

/// Draws a letter: fills a template with the values of one.
///
/// # Errors
/// Why the template cannot be filled.
pub fn fill(template: &[u8], values: &serde_json::Value) -> Result<Vec<u8>, FillError> {
    Template::open(template.to_vec())?.fill(values)
}

/// What is wrong with a template an agency wants to put in place; nothing where it can be.
///
/// Everything that can be known beforehand: the file, its tags, its names, and whether it can be filled
/// for a case with everything in it and for one with nothing but what the letter belongs to.
pub fn faults(kind: LetterKind, file: &[u8]) -> Vec<String> {
    if file.len() > MAX_TEMPLATE {
        return vec![format!("文件超过 {} MB，请删去其中的图片等内容", MAX_TEMPLATE / 1024 / 1024)];
    }
    let template = match Template::open(file.to_vec()) {
        Ok(it) => it,
        Err(error) => return vec![error.explain()],
    };
    let names = match template.names() {
        Ok(names) => names,
        Err(error) => return vec![error.explain()],
    };
    let unknown = unknown_names(kind, &names);
    if !unknown.is_empty() {
        let quoted: Vec<_> = unknown.iter().map(|it| format!("“{it}”")).collect();
        return vec![format!("模板中有系统不认识的名称：{}。请对照“可用名称”改正", quoted.join("、"))];
    }
    let mut faults = Vec::new();
    for name in names_needed(kind).into_iter().filter(|it| !names.contains(*it)) {
        faults.push(format!("模板缺少“{name}”，该内容依法应当写明，不能删去"));
    }
    for (is_full, words) in [(true, "各事项齐全"), (false, "只有必备事项")] {
        let values = letters::values(kind, &letters::sample(kind, is_full));
        let filled = template.fill(&values).and_then(|it| text::plain(&it));
        match filled {
            Ok(text) => faults.extend(articles_missing(kind, &text)),
            Err(error) => {
                faults.push(format!("用{words}的示例申请试填不成功：{}", error.explain()));
            }
        }
    }
    faults.dedup();
    faults
}

/// What no template of this kind may be without: its number, the text the head has signed, the remedies.
fn names_needed(kind: LetterKind) -> Vec<&'static str> {
    let mut needed = Vec::new();
    if kind.series().is_some() {
        needed.push("文书.文号");
    }
    if matches!(kind.rule().belongs, Belongs::Reply(_)) {
        needed.push("答复.内容");
    }
    if kind.is_decision() {
        needed.push("救济.段落");
    }
    needed
}

/// The law a letter that goes out must cite, and this one does not.
fn articles_missing(kind: LetterKind, text: &str) -> Vec<String> {
    let rule = kind.rule();
    if kind.series().is_none() {
        return Vec::new();
    }
    let articles = rule.article.split(['、', '，']).map(|it| it.trim_start_matches("条例"));
    articles
        .filter(|it| it.starts_with('第') && !text.contains(it))
        .map(|it| format!("按示例填写的文书没有写明依据“条例{it}”"))
        .collect()
}

/// Functions of the engine, which are no names of values.
const FUNCTIONS: &[&str] = &["range", "dict"];

fn unknown_names(kind: LetterKind, names: &BTreeSet<String>) -> Vec<String> {
    let known = letters::known_names(kind);
    let is_known = |it: &&String| known.contains(*it) || FUNCTIONS.contains(&it.as_str());
    names.iter().filter(|it| !is_known(it)).cloned().collect()
}
