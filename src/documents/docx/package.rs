//! The parts of the Word file around the document itself, packed.

use std::io::{Cursor, Write};

use quick_xml::escape::escape;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::documents::{DocumentError, Front};

/// Packs the parts. The content types come first, as word processors write them.
pub(in crate::documents) fn pack(document: &str, front: &Front) -> Result<Vec<u8>, DocumentError> {
    let properties = core_properties(front);
    let parts = [
        ("[Content_Types].xml", include_str!("content_types.xml")),
        ("_rels/.rels", include_str!("package_rels.xml")),
        ("docProps/core.xml", &properties),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", include_str!("document_rels.xml")),
        ("word/styles.xml", include_str!("styles.xml")),
        ("word/settings.xml", include_str!("settings.xml")),
        ("word/footer1.xml", include_str!("footer.xml")),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(content.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// `docProps/core.xml`. No dates: a word processor sets them when the file is saved, and a report drawn
/// twice from the same figures is the same file.
fn core_properties(front: &Front) -> String {
    let (agency, title) = (escape(&front.agency), escape(&front.title));
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties""#,
            r#" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}{}</dc:title><dc:creator>{}</dc:creator>"#,
            r#"<dc:language>zh-CN</dc:language></cp:coreProperties>"#
        ),
        agency, title, agency
    )
}
