//! The package around the parts: read with limits, written with some parts replaced.

use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::error::FillError;

/// The most a part that is read may unpack to, in bytes. The text of a long report takes about 1 MB.
const PART_LIMIT: u64 = 16 * 1024 * 1024;
/// The most the whole package may unpack to by its own account, in bytes.
const PACKAGE_LIMIT: u64 = 64 * 1024 * 1024;
/// The most members a package may have. A letter has about 15.
const MAX_MEMBERS: usize = 1000;

/// The part every Word document has.
const DOCUMENT: &str = "word/document.xml";

fn no_docx(error: impl std::fmt::Display) -> FillError {
    FillError::NotDocx(error.to_string())
}

fn open(file: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, FillError> {
    let archive = ZipArchive::new(Cursor::new(file)).map_err(no_docx)?;
    if archive.len() > MAX_MEMBERS {
        return Err(FillError::TooLarge { limit: PACKAGE_LIMIT });
    }
    Ok(archive)
}

/// Whether the part carries text that may be filled.
fn carries_text(name: &str) -> bool {
    let Some(name) = name.strip_prefix("word/").and_then(|it| it.strip_suffix(".xml")) else { return false };
    let stems = ["document", "header", "footer", "footnotes", "endnotes"];
    !name.contains('/')
        && stems
            .iter()
            .any(|it| name.strip_prefix(it).is_some_and(|rest| rest.chars().all(|it| it.is_ascii_digit())))
}

/// The parts that carry text, by name, unpacked within the limits.
pub(super) fn parts(file: &[u8]) -> Result<Vec<(String, String)>, FillError> {
    let mut archive = open(file)?;
    let mut parts = Vec::new();
    let mut names = BTreeSet::new();
    let mut total = 0_u64;
    for i in 0..archive.len() {
        let member = archive.by_index(i).map_err(no_docx)?;
        let name = member.name().map_err(no_docx)?.to_string();
        if name.to_ascii_lowercase().ends_with("vbaproject.bin") {
            return Err(FillError::Macros);
        }
        total = total.saturating_add(member.size());
        if total > PACKAGE_LIMIT {
            return Err(FillError::TooLarge { limit: PACKAGE_LIMIT });
        }
        if !names.insert(name.clone()) {
            return Err(FillError::NotDocx(format!("{name} occurs twice")));
        }
        if name.ends_with(".rels") {
            refuse_outside(&read(member)?)?;
        } else if carries_text(&name) {
            parts.push((name, read(member)?));
        }
    }
    if !names.contains(DOCUMENT) {
        return Err(FillError::NotDocx(format!("there is no {DOCUMENT}")));
    }
    Ok(parts)
}

/// A document that fetches a picture or a template from elsewhere when it is opened or converted tells the
/// other side, and shows what that side likes. Links to click are harmless.
fn refuse_outside(relationships: &str) -> Result<(), FillError> {
    let is_fetched = |it: &str| it.contains("TargetMode=\"External\"") && !it.contains("/hyperlink\"");
    if relationships.split('<').any(is_fetched) { Err(FillError::Outside) } else { Ok(()) }
}

/// The whole of a member, whatever size it says it has.
fn read(member: impl Read) -> Result<String, FillError> {
    let mut bytes = Vec::new();
    member.take(PART_LIMIT + 1).read_to_end(&mut bytes).map_err(no_docx)?;
    if u64::try_from(bytes.len()).is_ok_and(|it| it > PART_LIMIT) {
        return Err(FillError::TooLarge { limit: PART_LIMIT });
    }
    let text = String::from_utf8(bytes).map_err(no_docx)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// One part by its name, where there is one.
pub(super) fn part(file: &[u8], name: &str) -> Result<Option<String>, FillError> {
    let mut archive = open(file)?;
    match archive.by_name(name) {
        Ok(member) => read(member).map(Some),
        Err(ZipError::FileNotFound) => Ok(None),
        Err(error) => Err(no_docx(error)),
    }
}

/// The package with these parts in place of its own; every other member stays byte for byte.
pub(super) fn with_parts(file: &[u8], filled: &[(String, String)]) -> Result<Vec<u8>, FillError> {
    let mut archive = open(file)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..archive.len() {
        let member = archive.by_index_raw(i).map_err(no_docx)?;
        let name = member.name().map_err(no_docx)?.to_string();
        match filled.iter().find(|(part, _)| *part == name) {
            Some((_, xml)) => {
                // No time of writing: the same values give the same file.
                zip.start_file(&name, SimpleFileOptions::default()).map_err(no_docx)?;
                zip.write_all(xml.as_bytes()).map_err(no_docx)?;
            }
            None => zip.raw_copy_file(member).map_err(no_docx)?,
        }
    }
    Ok(zip.finish().map_err(no_docx)?.into_inner())
}
