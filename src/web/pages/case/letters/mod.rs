//! The letters of a case: which can be issued, how each would read, issuing it, and the files.

pub mod files;
mod list;
mod one;
pub mod page;

pub(super) use files::file;
pub(super) use list::list;
pub(super) use one::{form, submit};

use crate::domain::account::name_of;
use crate::domain::labels::Coded;
use crate::domain::letters::{LetterKind, Offer};
use crate::domain::wording;
use crate::service::case::letters::CaseLetters;
use crate::service::case::open_case::CaseFile;

/// A letter that was issued, as pages list it.
#[derive(Debug, Clone)]
pub struct IssuedView {
    /// The address of its files, to which the format is added.
    pub href: String,
    pub title: String,
    /// Its number; empty for none.
    pub document_no: String,
    /// To whom it goes.
    pub addressee: String,
    pub on: String,
    pub who: String,
    /// SHA-256 of its file.
    pub sha256: String,
    /// What it replaces, why, and whether it is replaced; empty for none of it.
    pub note: String,
    /// Which template it was made with.
    pub template: String,
}

/// A letter that can be issued, as pages list it.
#[derive(Debug, Clone)]
pub struct OfferView {
    pub href: String,
    /// What it is.
    pub label: &'static str,
    /// What it is about beside the case.
    pub about: String,
    /// Whether one is in force already.
    pub is_issued: bool,
    /// What stands in the way; empty for nothing.
    pub obstacle: String,
}

/// The letters issued in a case, the latest first.
pub(super) fn issued(file: &CaseFile) -> Vec<IssuedView> {
    let letters = &file.letters;
    let no_of = |it: &crate::service::case::letters::IssuedLetter| {
        it.document_no.clone().unwrap_or_else(|| it.title.clone())
    };
    letters
        .iter()
        .rev()
        .map(|it| {
            let mut notes = Vec::new();
            if let Some(earlier) = letters.iter().find(|letter| it.replaces == Some(letter.id)) {
                notes.push(format!("取代{}（{}）", no_of(earlier), it.reason));
            }
            if let Some(later) = letters.iter().find(|letter| letter.replaces == Some(it.id)) {
                notes.push(format!("已由{}取代", no_of(later)));
            }
            IssuedView {
                href: format!("/cases/{}/letters/{}", it.case, it.id),
                title: it.title.clone(),
                document_no: it.document_no.clone().unwrap_or_default(),
                addressee: it.addressee.clone(),
                on: wording::day(it.issued_on),
                who: name_of(&it.issued_by).to_owned(),
                sha256: it.sha256.clone(),
                note: notes.join("；"),
                template: match it.template_version {
                    0 => "内置模板".to_owned(),
                    version => format!("本机关模板第{version}版"),
                },
            }
        })
        .collect()
}

/// Where a letter of this kind is composed.
fn href(file: &CaseFile, kind: LetterKind, about: Option<&str>) -> String {
    let about = about.map(|it| format!("?about={it}")).unwrap_or_default();
    format!("/cases/{}/letters/{}{about}", file.case.id, kind.code())
}

fn offer_view(letters: &CaseLetters, offer: &Offer, obstacles: &[String]) -> OfferView {
    OfferView {
        href: href(&letters.file, offer.kind, offer.about.as_deref()),
        label: offer.kind.label(),
        about: offer.about_words.clone(),
        is_issued: letters.is_issued(offer),
        obstacle: obstacles.join("；"),
    }
}

/// The letters somebody has to issue: their acts are on record, and they are not issued yet.
pub(super) fn due(letters: &CaseLetters) -> Vec<OfferView> {
    letters.due().into_iter().map(|it| offer_view(letters, it, &[])).collect()
}
