//! What a file is, judged by its content alone, and whether its name says the same.
//!
//! A first look at the first bytes tells most; of two containers, ZIP and OLE, the names of what they
//! hold must be looked up, for the same container holds Word files and programs alike. Reading those
//! names is for [`crate::files`]; judging them is here.

use crate::coded;
use crate::domain::attachment::extension;
use crate::domain::labels::Coded;

coded! {
    /// What may be kept.
    pub enum FileType: "file type" {
        /// Portable document.
        Pdf = "pdf", "PDF 文档";
        /// The national format of fixed layout (GB/T 33190).
        Ofd = "ofd", "OFD 版式文件";
        /// Word, WPS or LibreOffice, as a ZIP.
        Docx = "docx", "Word 文档（docx）";
        /// Excel, WPS or LibreOffice, as a ZIP.
        Xlsx = "xlsx", "Excel 表格（xlsx）";
        /// PowerPoint, as a ZIP.
        Pptx = "pptx", "PowerPoint 演示（pptx）";
        /// Word 97 to 2003.
        Doc = "doc", "Word 文档（doc）";
        /// Excel 97 to 2003.
        Xls = "xls", "Excel 表格（xls）";
        /// PowerPoint 97 to 2003.
        Ppt = "ppt", "PowerPoint 演示（ppt）";
        /// WPS Writer: Word's format under another name.
        Wps = "wps", "WPS 文字（wps）";
        /// WPS Spreadsheets.
        Et = "et", "WPS 表格（et）";
        /// WPS Presentation.
        Dps = "dps", "WPS 演示（dps）";
        /// A photograph.
        Jpeg = "jpeg", "JPEG 图片";
        /// A picture.
        Png = "png", "PNG 图片";
        /// A picture.
        Gif = "gif", "GIF 图片";
        /// A picture.
        Bmp = "bmp", "BMP 图片";
        /// A scan.
        Tiff = "tiff", "TIFF 图片";
        /// A picture.
        Webp = "webp", "WebP 图片";
    }
}

impl FileType {
    /// The media type it is sent with.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Ofd => "application/ofd",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Doc => "application/msword",
            Self::Xls => "application/vnd.ms-excel",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Wps => "application/wps-office.wps",
            Self::Et => "application/wps-office.et",
            Self::Dps => "application/wps-office.dps",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Webp => "image/webp",
        }
    }

    /// The extensions under which it may come. Of pictures any: telephones name them at will, and what
    /// opens a picture looks at its content too.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Ofd => &["ofd"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
            Self::Pptx => &["pptx"],
            Self::Doc => &["doc"],
            Self::Xls => &["xls"],
            Self::Ppt => &["ppt"],
            Self::Wps => &["wps"],
            Self::Et => &["et"],
            Self::Dps => &["dps"],
            Self::Jpeg | Self::Png | Self::Gif | Self::Bmp | Self::Tiff | Self::Webp => {
                &["jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"]
            }
        }
    }
}

/// The extensions of everything that may be kept, for the dialog in which files are chosen.
pub fn accepted_extensions() -> String {
    let mut all: Vec<&str> = FileType::ALL.iter().flat_map(|it| it.extensions()).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.iter().map(|it| format!(".{it}")).collect::<Vec<_>>().join(",")
}

/// The number of bytes that show the type of a file.
pub const HEAD: usize = 512;

/// What the first bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstLook {
    /// All there is to know.
    Known(FileType),
    /// A ZIP: look at the names in its directory, and ask [`in_zip`].
    Zip,
    /// An OLE container: look at the names in its directory, and ask [`in_ole`].
    Ole,
    /// Nothing that may be kept; what it is, in words.
    Other(&'static str),
}

const UNKNOWN: &str = "无法识别的内容";
const ARCHIVE: &str = "压缩包";
const PROGRAM: &str = "程序";
const WEB_PAGE: &str = "网页";

/// What the first bytes of a file tell; give [`HEAD`] of them, or all there are.
pub fn first_look(head: &[u8]) -> FirstLook {
    use FileType::{Bmp, Gif, Jpeg, Pdf, Png, Tiff, Webp};
    let starts = |it: &[u8]| head.starts_with(it);
    let is_at = |at: usize, it: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(it));
    if starts(b"%PDF-") {
        return FirstLook::Known(Pdf);
    }
    if starts(&[0xff, 0xd8, 0xff]) {
        return FirstLook::Known(Jpeg);
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return FirstLook::Known(Png);
    }
    if starts(b"GIF87a") || starts(b"GIF89a") {
        return FirstLook::Known(Gif);
    }
    if starts(b"II*\0") || starts(b"MM\0*") {
        return FirstLook::Known(Tiff);
    }
    if starts(b"RIFF") && is_at(8, b"WEBP") {
        return FirstLook::Known(Webp);
    }
    // Two letters would fit any text that begins with them: the reserved bytes and the size of the
    // second header must fit too.
    if starts(b"BM")
        && is_at(6, &[0; 4])
        && head.get(14).is_some_and(|it| [12, 40, 52, 56, 64, 108, 124].contains(it))
    {
        return FirstLook::Known(Bmp);
    }
    if starts(b"PK\x03\x04") {
        return FirstLook::Zip;
    }
    if starts(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        return FirstLook::Ole;
    }
    FirstLook::Other(other(head))
}

/// What something is that may not be kept, to tell the person who chose it.
fn other(head: &[u8]) -> &'static str {
    const SIGNS: &[(&[u8], &str)] = &[
        (b"MZ", PROGRAM),
        (b"\x7fELF", PROGRAM),
        (b"\xca\xfe\xba\xbe", PROGRAM),
        (b"#!", "脚本"),
        (b"Rar!", ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
        (b"\x1f\x8b", ARCHIVE),
        (b"PK\x05\x06", "空的压缩包"),
        (b"{\\rtf", "RTF 文档"),
    ];
    if let Some((_, words)) = SIGNS.iter().find(|(sign, _)| head.starts_with(sign)) {
        return words;
    }
    if head.get(4..8) == Some(b"ftyp") {
        return "视频，或者苹果手机的 HEIC 照片";
    }
    let text: Vec<u8> = head.iter().map(u8::to_ascii_lowercase).collect();
    let marks: [&[u8]; 5] = [b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml"];
    if marks.iter().any(|mark| text.windows(mark.len()).any(|it| it == *mark)) {
        return WEB_PAGE;
    }
    if !head.is_empty() && std::str::from_utf8(head).is_ok() { "纯文本" } else { UNKNOWN }
}

/// What a ZIP is, by the names in its directory.
///
/// # Errors
/// What it is, in words, where it may not be kept.
pub fn in_zip<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<FileType, &'static str> {
    let (mut is_package, mut is_epub_like) = (false, false);
    let mut found = None;
    for name in names {
        if name.ends_with("vbaProject.bin") {
            return Err("含有宏的文档");
        }
        match name {
            "[Content_Types].xml" => is_package = true,
            "mimetype" => is_epub_like = true,
            // Some writers name the parts of an OFD file from a slash.
            "OFD.xml" | "/OFD.xml" => return Ok(FileType::Ofd),
            _ if name.starts_with("word/document") => found = Some(FileType::Docx),
            _ if name.starts_with("xl/workbook") => found = Some(FileType::Xlsx),
            _ if name.starts_with("ppt/presentation") => found = Some(FileType::Pptx),
            _ => {}
        }
    }
    match found {
        Some(found) if is_package => Ok(found),
        _ if is_epub_like => Err("OpenDocument 文档或者电子书"),
        _ => Err(ARCHIVE),
    }
}

/// What an OLE container is, by the names of its streams. Word and WPS write the same, so that the
/// extension tells them apart.
///
/// # Errors
/// What it is, in words, where it may not be kept.
pub fn in_ole<'a>(
    names: impl IntoIterator<Item = &'a str>,
    file_name: &str,
) -> Result<FileType, &'static str> {
    use FileType::{Doc, Dps, Et, Ppt, Wps, Xls};
    let extension = extension(file_name);
    let either = |ours: FileType, wps: FileType| {
        if wps.extensions().contains(&extension.as_str()) { wps } else { ours }
    };
    for name in names {
        match name {
            "WordDocument" => return Ok(either(Doc, Wps)),
            "Workbook" | "Book" => return Ok(either(Xls, Et)),
            "PowerPoint Document" => return Ok(either(Ppt, Dps)),
            _ => {}
        }
    }
    Err("Office 97–2003 以外的复合文件（例如安装程序、邮件）")
}

/// That a name says what the content is.
///
/// # Errors
/// What is wrong, in words.
pub fn check_name(name: &str, found: FileType) -> Result<(), String> {
    let extension = extension(name);
    if found.extensions().contains(&extension.as_str()) {
        return Ok(());
    }
    let wanted = found.extensions().first().copied().unwrap_or_default();
    let said = if extension.is_empty() {
        "没有扩展名".to_owned()
    } else {
        format!("扩展名是 .{extension}")
    };
    Err(format!("{said}，内容却是{}。请核对文件；确认无误的，把扩展名改为 .{wanted} 后再上传", found.label()))
}

/// The words for something that may not be kept.
pub fn refusal(name: &str, what: &str) -> String {
    let extension = extension(name);
    let said = if extension.is_empty() {
        "没有扩展名".to_owned()
    } else {
        format!("扩展名是 .{extension}")
    };
    format!(
        "{said}，内容是{what}，不能接收。可以上传 PDF、OFD、图片（JPG、PNG、TIFF 等）、Word、Excel、PowerPoint 和 WPS 文档；其他格式请转换为 PDF"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &[u8], expected: FirstLook) {
        assert_eq!(first_look(head), expected);
    }

    #[test]
    fn the_first_bytes_tell() {
        check(b"%PDF-1.7\n", FirstLook::Known(FileType::Pdf));
        check(&[0xff, 0xd8, 0xff, 0xe1, 0, 0], FirstLook::Known(FileType::Jpeg));
        check(b"RIFF\x10\0\0\0WEBPVP8 ", FirstLook::Known(FileType::Webp));
        check(b"BM\x36\0\x0c\0\0\0\0\0\x36\0\0\0\x28\0\0\0", FirstLook::Known(FileType::Bmp));
        check(b"PK\x03\x04\x14\0", FirstLook::Zip);
        check(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0], FirstLook::Ole);
    }

    #[test]
    fn what_may_not_be_kept_is_named() {
        check(b"MZ\x90\0\x03", FirstLook::Other(PROGRAM));
        check(b"\xef\xbb\xbf  <!DOCTYPE HTML><html>", FirstLook::Other(WEB_PAGE));
        check(b"<SVG xmlns=", FirstLook::Other(WEB_PAGE));
        check(b"Rar!\x1a\x07", FirstLook::Other(ARCHIVE));
        check(b"BMW is a text and no picture", FirstLook::Other("纯文本"));
        check(b"RIFF\x10\0\0\0WAVE", FirstLook::Other("纯文本"));
        check(&[0, 1, 2, 0xfe], FirstLook::Other(UNKNOWN));
        check(b"", FirstLook::Other(UNKNOWN));
    }

    #[test]
    fn a_zip_is_what_its_directory_says() {
        let check = |names: &[&str], expected| assert_eq!(in_zip(names.iter().copied()), expected);
        // LibreOffice and WPS begin elsewhere than Word.
        check(&["_rels/.rels", "word/document.xml", "[Content_Types].xml"], Ok(FileType::Docx));
        check(&["[Content_Types].xml", "docProps/app.xml", "xl/workbook.xml"], Ok(FileType::Xlsx));
        check(&["OFD.xml", "Doc_0/Document.xml"], Ok(FileType::Ofd));
        check(&["setup.exe", "word/document.xml"], Err(ARCHIVE));
        check(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"], Err("含有宏的文档"));
        check(&["mimetype", "content.xml"], Err("OpenDocument 文档或者电子书"));
        check(&[], Err(ARCHIVE));
    }

    #[test]
    fn word_and_wps_write_the_same() {
        let check = |stream: &str, name: &str, expected| assert_eq!(in_ole([stream], name), Ok(expected));
        check("WordDocument", "a.doc", FileType::Doc);
        check("WordDocument", "a.WPS", FileType::Wps);
        check("Workbook", "a.et", FileType::Et);
        check("Book", "a.xls", FileType::Xls);
        check("PowerPoint Document", "a.ppt", FileType::Ppt);
        assert!(in_ole(["!_StringPool"], "a.doc").is_err(), "an installer");
    }

    #[test]
    fn a_name_must_say_what_the_content_is() {
        assert!(check_name("扫描件.PDF", FileType::Pdf).is_ok());
        assert!(check_name("微信图片.png", FileType::Jpeg).is_ok());
        assert!(
            check_name("a.pdf", FileType::Docx).unwrap_err().starts_with("扩展名是 .pdf，内容却是Word 文档")
        );
        assert!(check_name("a", FileType::Pdf).unwrap_err().starts_with("没有扩展名"));
    }
}
