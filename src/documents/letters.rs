//! The letter templates that are built in, and what an agency's own is checked for.

use std::collections::BTreeSet;

use rust_embed::RustEmbed;

use crate::documents::filler::{FillError, Template};
use crate::domain::labels::Coded;
use crate::domain::letters::{self, LetterKind};

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
    let unknown = match template.names() {
        Ok(names) => unknown_names(kind, &names),
        Err(error) => return vec![error.explain()],
    };
    if !unknown.is_empty() {
        let quoted: Vec<_> = unknown.iter().map(|it| format!("“{it}”")).collect();
        return vec![format!("模板中有系统不认识的名称：{}。请对照“可用名称”改正", quoted.join("、"))];
    }
    let mut faults = Vec::new();
    for (is_full, words) in [(true, "各事项齐全"), (false, "只有必备事项")] {
        let values = letters::values(kind, &letters::sample(kind, is_full));
        if let Err(error) = template.fill(&values) {
            faults.push(format!("用{words}的示例申请试填不成功：{}", error.explain()));
        }
    }
    faults
}

/// Functions of the engine, which are no names of values.
const FUNCTIONS: &[&str] = &["range", "dict"];

fn unknown_names(kind: LetterKind, names: &BTreeSet<String>) -> Vec<String> {
    let known = letters::known_names(kind);
    let is_known = |it: &&String| known.contains(*it) || FUNCTIONS.contains(&it.as_str());
    names.iter().filter(|it| !is_known(it)).cloned().collect()
}
