//! Fills a Word document (`.docx`) that carries tags, as an office edits it in Word or WPS.
//!
//! What a clerk has to know of it:
//! - `{{ 申请人.姓名 }}` puts a value there, in the format of the character the `{{` starts with.
//! - A paragraph, or a table row, that holds nothing but `{% … %}` disappears and works on what lies between:
//!   `{% if … %} … {% endif %}`, `{% for 项 in 清单 %} … {% endfor %}`.
//! - `{{ 收到日期|中文日期 }}` and `{{ loop.index|中文数字 }}` write days and numbers in words of official papers;
//!   `{% for 段 in 理由|段落 %}` goes through the lines of a text.
//!
//! Word processors split what is typed in one go over several runs, so the tags are put together again
//! ([`tags`]) before the engine sees them ([`engine`]); everything else of the file is copied byte for byte.
//! A name without a value is an error that quotes the paragraph as the clerk sees it, never a blank.
//! A value is text: braces and XML in it mean nothing.
//!
//! Deliberately absent: pictures, inclusion of other files, macros. A template reaches nothing but its values.

pub mod insert;
pub mod text;

mod bounds;
mod engine;
mod error;
mod near;
mod package;
mod tags;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

pub use error::{FillError, TagFault};

/// A template that has been read and checked.
#[derive(Debug, Clone)]
pub struct Template {
    /// The file as it came.
    file: Vec<u8>,
    /// The parts that carry tags, by name within the package, ready for the engine.
    parts: Vec<(String, String)>,
}

impl Template {
    /// Reads a template and checks everything that can be checked without values.
    ///
    /// # Errors
    /// [`FillError`]: it is no Word document, it unpacks to more than a template can need, it carries
    /// macros, a tag is not closed, is too long or lies too deep, or cannot be understood.
    pub fn open(file: Vec<u8>) -> Result<Self, FillError> {
        let parts = bounds::on_own_stack(|| {
            let mut parts = Vec::new();
            for (name, xml) in package::parts(&file)? {
                let source = tags::prepare(&name, &xml)?;
                engine::check(&name, &source)?;
                parts.push((name, source));
            }
            Ok(parts)
        })?;
        Ok(Self { file, parts })
    }

    /// The names the template takes values from, dotted (`申请人.姓名`) and in order.
    ///
    /// Names that a loop of the template introduces are not among them; those are found out by filling.
    pub fn names(&self) -> Result<BTreeSet<String>, FillError> {
        bounds::on_own_stack(|| {
            let mut names = BTreeSet::new();
            for (part, source) in &self.parts {
                names.extend(engine::names(part, source)?);
            }
            Ok(names)
        })
    }

    /// Fills the template. The same values give the same bytes.
    ///
    /// # Errors
    /// [`FillError`]: a name has no value, the tags cut through the structure of the document, or a loop
    /// does not come to an end.
    pub fn fill(&self, values: &serde_json::Value) -> Result<Vec<u8>, FillError> {
        let filled = bounds::on_own_stack(|| {
            let filled =
                |(part, source): &(String, String)| Ok((part.clone(), engine::fill(part, source, values)?));
            self.parts.iter().map(filled).collect::<Result<Vec<_>, FillError>>()
        })?;
        package::with_parts(&self.file, &filled)
    }

    /// The file as it came.
    pub fn file(&self) -> &[u8] {
        &self.file
    }
}
