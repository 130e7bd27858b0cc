//! The files of a case: what they are for, what they are called, and what may be kept.
//!
//! Of what a browser says of a file only the name is kept, cleaned, to be shown; where the file lies is
//! said by its hash, and what it is by its content ([`crate::domain::file_type`]).

use std::fmt;
use std::path::PathBuf;

use crate::coded;

coded! {
    /// What a file is for.
    pub enum AttachmentKind: "attachment kind" {
        /// The application itself, scanned, and what came with it (art. 29).
        Application = "application", "申请材料";
        /// Proof of the applicant's identity (art. 29(2)(1)).
        IdentityProof = "identity_proof", "身份证明";
        /// Evidence: of the search, of opinions asked for, for a reconsideration or a suit.
        Evidence = "evidence", "证据材料";
        /// The information that was given to the applicant (art. 36(2)).
        InformationSupplied = "information_supplied", "提供的政府信息";
        /// Proof that something was delivered: signed slips, receipts of the post.
        DeliveryProof = "delivery_proof", "送达凭证";
        /// Anything else.
        Other = "other", "其他材料";
    }
}

coded! {
    /// Whether a file that is kept was looked at by a virus scanner. An infected one is refused, so that
    /// there is no word for it here.
    pub enum ScanState: "scan state" {
        /// Looked at, and nothing found.
        Clean = "clean", "已查毒";
        /// Not looked at: there is no scanner, or it did not answer.
        NotScanned = "not_scanned", "未查毒";
    }
}

coded! {
    /// What to do with a file while the scanner does not answer.
    pub enum ScannerDown: "scanner policy" {
        /// Refuse it; it can be sent again later.
        Refuse = "refuse", "拒收";
        /// Keep it, marked as not scanned.
        Accept = "accept", "接收并注明未查毒";
    }
}

/// Where a scanner (clamd) listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerAddress {
    /// `HOST:PORT`.
    Tcp(String),
    /// A socket in the file system.
    Unix(PathBuf),
}

impl ScannerAddress {
    /// Reads `HOST:PORT` or `unix:/PATH`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return path.starts_with('/').then(|| Self::Unix(path.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        let is_port = port.parse::<u16>().is_ok_and(|it| it > 0);
        (is_port && !host.is_empty() && !host.contains(char::is_whitespace))
            .then(|| Self::Tcp(text.to_owned()))
    }
}

/// The SHA-256 of a file, as 64 small hexadecimal digits: its name in the store. Nothing else can be one,
/// so that no path can be smuggled in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileHash(String);

impl FileHash {
    /// The hash with these bytes.
    pub fn of_digest(digest: &[u8; 32]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |it: u8| char::from(DIGITS[usize::from(it)]);
        Self(digest.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect())
    }

    /// Reads a hash; none for anything but 64 small hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        (text.len() == 64 && text.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The longest name that is shown, in characters, its extension included.
const MAX_NAME: usize = 120;

/// The name of a file as it is shown: the last part of a path, without what does not show or turns the
/// direction of the text, and not longer than people read. Where nothing is left it says so.
pub fn clean_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|it| !it.is_control() && !is_invisible(*it)).collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_matches(|it: char| it == '.' || it == ' ');
    // A name that began with a dot had nothing but an extension.
    if name.is_empty() {
        return "未命名".to_owned();
    }
    let n_chars = name.chars().count();
    if n_chars <= MAX_NAME {
        return name.to_owned();
    }
    let extension = extension(name);
    let kept = MAX_NAME.saturating_sub(extension.chars().count() + 2);
    let stem: String = name.chars().take(kept).collect();
    if extension.is_empty() { format!("{stem}…") } else { format!("{stem}….{extension}") }
}

/// Zero width, byte order mark, or a mark that turns the direction of the text: `gpj.exe` must not
/// look like `exe.jpg`.
fn is_invisible(it: char) -> bool {
    matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}')
}

/// The extension of a name in small letters, without the dot; empty where there is none. More than ten
/// letters are part of the name.
pub fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, it)) if !stem.is_empty() && !it.is_empty() && it.len() <= 10 => it.to_lowercase(),
        _ => String::new(),
    }
}

/// A number of bytes in words: `12 KB`, `3.4 MB`.
pub fn size_in_words(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} 字节"),
        _ if bytes < KIB * KIB => format!("{} KB", bytes.div_ceil(KIB)),
        _ => {
            let tenths = (bytes * 10).div_ceil(KIB * KIB);
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(given: &str, expected: &str) {
        assert_eq!(clean_name(given), expected);
    }

    #[test]
    fn names_keep_what_can_be_read() {
        check("申请书.pdf", "申请书.pdf");
        check("张<三>&李四.docx", "张<三>&李四.docx");
        check("喆堃㐂𠮷.jpg", "喆堃㐂𠮷.jpg");
        check("  两个　空格.pdf ", "两个 空格.pdf");
    }

    #[test]
    fn paths_and_tricks_are_left_out() {
        check("../../etc/passwd", "passwd");
        check("C:\\fakepath\\申请.pdf", "申请.pdf");
        check("..", "未命名");
        check("", "未命名");
        check("a/", "未命名");
        check("\u{0}\n\r.pdf", "pdf");
        check("x\r\nSet-Cookie: a.pdf", "xSet-Cookie: a.pdf");
        check("\u{202e}fdp.exe", "fdp.exe");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let name = clean_name(&format!("{}.pdf", "关".repeat(300)));
        assert_eq!(name.chars().count(), 120);
        assert!(name.ends_with("关….pdf"));
        assert_eq!(clean_name(&"关".repeat(300)).chars().count(), 119);
    }

    #[test]
    fn extensions_are_of_the_last_dot() {
        assert_eq!(extension("a.tar.GZ"), "gz");
        assert_eq!(extension("a"), "");
        assert_eq!(extension(".pdf"), "");
        assert_eq!(extension("聊公开〔2026〕1.号文件的扫描件"), "");
    }

    #[test]
    fn hashes_are_hashes_alone() {
        let hash = FileHash::of_digest(&[0xaf; 32]);
        assert_eq!(FileHash::parse(hash.as_str()), Some(hash));
        assert_eq!(FileHash::parse("../../etc/passwd"), None);
        assert_eq!(FileHash::parse(&"A".repeat(64)), None);
    }

    #[test]
    fn scanners_are_addressed_by_port_or_socket() {
        let check =
            |text: &str, is_one: bool| assert_eq!(ScannerAddress::parse(text).is_some(), is_one, "{text}");
        check("127.0.0.1:3310", true);
        check("[::1]:3310", true);
        check("unix:/run/clamav/clamd.ctl", true);
        check("unix:clamd.ctl", false);
        check("clamd", false);
        check("clamd:0", false);
        check("http://clamd", false);
    }

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(size_in_words(900), "900 字节");
        assert_eq!(size_in_words(1025), "2 KB");
        assert_eq!(size_in_words(50 * 1024 * 1024), "50.0 MB");
        assert_eq!(size_in_words(50 * 1024 * 1024 + 1), "50.1 MB");
    }
}
