//! Puts tables drawn by this program where a filled document carries their marks.

use super::error::FillError;
use super::package;

const DOCUMENT: &str = "word/document.xml";

/// The width of the text on the page, in twentieths of a point: that of the last section.
///
/// # Errors
/// [`FillError`]: it is no Word document.
pub fn text_width(file: &[u8]) -> Result<Option<u32>, FillError> {
    let xml = package::part(file, DOCUMENT)?.unwrap_or_default();
    let attribute = |element: &str, name: &str| -> Option<u32> {
        let (_, from) = xml.rsplit_once(&format!("<w:{element} "))?;
        let (attributes, _) = from.split_once('>')?;
        let (_, value) = attributes.split_once(&format!("w:{name}=\""))?;
        value.split_once('"')?.0.parse().ok()
    };
    let (Some(page), Some(left), Some(right)) =
        (attribute("pgSz", "w"), attribute("pgMar", "left"), attribute("pgMar", "right"))
    else {
        return Ok(None);
    };
    Ok(page.checked_sub(left.saturating_add(right)))
}

/// Puts XML in place of the paragraphs that carry these marks. A mark that stands nowhere is left alone.
/// Returns the document and the marks that were found.
///
/// # Errors
/// [`FillError`]: it is no Word document, or a mark does not stand in a paragraph.
pub fn replace_paragraphs(
    file: &[u8],
    pieces: &[(String, String)],
) -> Result<(Vec<u8>, Vec<String>), FillError> {
    let mut xml = package::part(file, DOCUMENT)?
        .ok_or_else(|| FillError::NotDocx(format!("there is no {DOCUMENT}")))?;
    let mut found = Vec::new();
    for (mark, piece) in pieces {
        let Some(at) = xml.find(mark.as_str()) else { continue };
        let no_paragraph = || FillError::Structure {
            part: DOCUMENT.to_owned(),
            message: format!("{mark} does not stand in a paragraph of its own"),
        };
        // A paragraph opens with its properties or without; `<w:pPr` is not one.
        let before = &xml[..at];
        let start = before.rfind("<w:p>").max(before.rfind("<w:p ")).ok_or_else(no_paragraph)?;
        let end = xml[at..].find("</w:p>").map(|it| at + it + "</w:p>".len()).ok_or_else(no_paragraph)?;
        xml.replace_range(start..end, piece);
        found.push(mark.clone());
    }
    Ok((package::with_parts(file, &[(DOCUMENT.to_owned(), xml)])?, found))
}
