//! Every letter as LibreOffice sets it.
//!
//! With `GONGKAI_TEST_KEEP=FOLDER` the documents are left there, to be looked at.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Once;

use gongkai::documents::filler::Template;
use gongkai::documents::letters::built_in;
use gongkai::documents::office::{Office, OfficeError};
use gongkai::domain::labels::Coded;
use gongkai::domain::letters::{LetterKind, sample, values};

use crate::support::{is_required, say_once};

/// The LibreOffice of this machine; none where there is none and the run can do without.
pub fn libreoffice() -> Option<Office> {
    let office = Office::find("soffice");
    if office.is_none() {
        assert!(!is_required("libreoffice"), "LibreOffice is not installed, and this run demands it");
        static SAID: Once = Once::new();
        say_once(&SAID, "note: LibreOffice is not installed: no letter is set as PDF; see tests/run");
    }
    office
}

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a PDF without blanks and line ends, which fall anywhere in Chinese text.
pub fn pdf_text(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("letter.pdf");
    std::fs::write(&path, pdf).unwrap();
    let text = run("pdftotext", &["-layout", path.to_str().unwrap(), "-"]);
    text.chars().filter(|it| !it.is_whitespace()).collect()
}

#[test]
fn every_letter_is_set_as_pdf() {
    let Some(office) = libreoffice() else { return };
    let filled: Vec<Vec<u8>> = LetterKind::ALL
        .iter()
        .map(|it| {
            Template::open(built_in(*it).unwrap()).unwrap().fill(&values(*it, &sample(*it, true))).unwrap()
        })
        .collect();
    let documents: Vec<&[u8]> = filled.iter().map(Vec::as_slice).collect();
    let pdfs = office.to_pdf(&documents).unwrap();
    assert_eq!(pdfs.len(), LetterKind::ALL.len());
    for ((kind, docx), pdf) in LetterKind::ALL.iter().zip(&filled).zip(&pdfs) {
        let rule = kind.rule();
        let text = pdf_text(pdf);
        for part in [rule.title, "聊城市自然资源和规划局", "—1—"] {
            assert!(text.contains(part), "{kind:?} without {part}: {text}");
        }
        if kind.is_decision() {
            assert!(text.contains("申请行政复议"), "{kind:?}: {text}");
        }
        if rule.title.contains("不予公开") {
            assert!(text.contains("张喆堃") && text.contains("<东昌府区>"), "{kind:?}: {text}");
        }
        if let Ok(folder) = std::env::var("GONGKAI_TEST_KEEP") {
            let path = PathBuf::from(folder).join(kind.code());
            std::fs::write(path.with_extension("docx"), docx).unwrap();
            std::fs::write(path.with_extension("pdf"), pdf).unwrap();
        }
    }
}

#[test]
fn what_is_no_document_makes_no_pdf() {
    assert!(Office::find("").is_none() && Office::find("no-such-program").is_none());
    assert!(Office::find("/no/such/soffice").is_none());
    // A program that ends at once and makes nothing.
    let office = Office::find("true").unwrap();
    assert!(matches!(office.to_pdf(&[b"no document"]), Err(OfficeError::Failed(_))));
}

/// The templates built in are made from texts; nobody has changed one by hand, or a text alone.
#[test]
fn the_templates_are_those_of_their_texts() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/letter_templates.py");
    run("python3", &[script, "--check"]);
}
