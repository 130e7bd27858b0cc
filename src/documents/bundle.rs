//! A case as one ZIP: files in folders with Chinese names, each with its size and SHA-256 for the list.
//!
//! Names are marked as UTF-8, so that Windows shows them as they are, and hold nothing that Windows
//! refuses in a name. What comes in is read in pieces: however large the files, little is in memory.

use std::io::{self, Read, Seek, Write};

use chrono::{Datelike, NaiveDateTime, Timelike};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::domain::attachment::{FileHash, extension};

/// A file of the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its path in the ZIP.
    pub path: String,
    /// What it is, in a word.
    pub what: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256.
    pub hash: FileHash,
    /// What there is to say of it; empty for nothing.
    pub note: String,
}

/// Why a bundle could not be written.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The disk with the bundle, or one of its sources.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The format.
    #[error("the ZIP cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
}

/// A bundle being written.
pub struct Bundle<W: Write + Seek> {
    zip: ZipWriter<W>,
    modified: DateTime,
    listed: Vec<Listed>,
}

impl<W: Write + Seek> Bundle<W> {
    /// An empty bundle; its files are dated at this moment in Beijing.
    pub fn new(writer: W, at: NaiveDateTime) -> Self {
        let part = |it: u32| u8::try_from(it).unwrap_or_default();
        let year = u16::try_from(at.year()).unwrap_or_default();
        let modified = DateTime::from_date_and_time(
            year,
            part(at.month()),
            part(at.day()),
            part(at.hour()),
            part(at.minute()),
            part(at.second()),
        );
        Self { zip: ZipWriter::new(writer), modified: modified.unwrap_or_default(), listed: Vec::new() }
    }

    /// Puts a text in, such as a page; texts are compressed.
    ///
    /// # Errors
    /// Where the disk is full or fails.
    pub fn add_text(&mut self, path: &str, what: &str, text: &str) -> Result<(), BundleError> {
        self.add(path, what, &mut text.as_bytes(), CompressionMethod::Deflated)
    }

    /// Puts a file in as it is: documents and pictures are compressed already.
    ///
    /// # Errors
    /// Where the disk is full or fails.
    pub fn add_file(&mut self, path: &str, what: &str, source: &mut impl Read) -> Result<(), BundleError> {
        self.add(path, what, source, CompressionMethod::Stored)
    }

    fn add(
        &mut self,
        path: &str,
        what: &str,
        source: &mut impl Read,
        method: CompressionMethod,
    ) -> Result<(), BundleError> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(self.modified)
            .unix_permissions(0o644);
        self.zip.start_file(path, options)?;
        let (mut hasher, mut size) = (Sha256::new(), 0);
        let mut piece = vec![0; 128 * 1024];
        loop {
            let n_bytes = source.read(&mut piece)?;
            let bytes = piece.get(..n_bytes).unwrap_or_default();
            if bytes.is_empty() {
                break;
            }
            hasher.update(bytes);
            self.zip.write_all(bytes)?;
            size += u64::try_from(n_bytes).map_err(io::Error::other)?;
        }
        let hash = FileHash::of_digest(&hasher.finalize().into());
        self.listed.push(Listed {
            path: path.to_owned(),
            what: what.to_owned(),
            size,
            hash,
            note: String::new(),
        });
        Ok(())
    }

    /// Says something of the file put in last.
    pub fn remark(&mut self, note: &str) {
        if let Some(last) = self.listed.last_mut() {
            note.clone_into(&mut last.note);
        }
    }

    /// What is in it so far.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// Ends it.
    ///
    /// # Errors
    /// Where the disk is full or fails.
    pub fn finish(self) -> Result<W, BundleError> {
        Ok(self.zip.finish()?)
    }
}

/// The list as `sha256sum -c` reads it.
pub fn checksums(listed: &[Listed]) -> String {
    listed.iter().map(|it| format!("{}  {}\n", it.hash, it.path)).collect()
}

/// A name that Windows takes: without its own signs, which become those of full width, not too long for
/// a path, without dots and spaces at its end.
pub fn portable_name(name: &str) -> String {
    const MAX: usize = 80;
    let wide = |it: char| match it {
        '<' => '＜',
        '>' => '＞',
        ':' => '：',
        '"' => '＂',
        '/' => '／',
        '\\' => '＼',
        '|' => '｜',
        '?' => '？',
        '*' => '＊',
        it if it.is_control() => '_',
        it => it,
    };
    let name: String = name.chars().map(wide).collect();
    let name = name.trim_end_matches(['.', ' ']);
    if name.chars().count() <= MAX {
        return name.to_owned();
    }
    let extension = extension(name);
    let stem: String = name.chars().take(MAX - extension.chars().count() - 2).collect();
    format!("{stem}….{extension}")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn what_goes_in_comes_out_with_its_hash() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 3, 5).unwrap().and_hms_opt(9, 41, 0).unwrap();
        let mut bundle = Bundle::new(Cursor::new(Vec::new()), at);
        bundle.add_text("01 申请.html", "申请登记", "<p>喆堃㐂𠮷</p>").unwrap();
        bundle.add_file("06 申请材料/001 扫描件.pdf", "申请材料", &mut &b"%PDF-1.7"[..]).unwrap();
        bundle.remark("未查毒");
        let listed = bundle.listed().to_vec();
        let mut zip = zip::ZipArchive::new(bundle.finish().unwrap()).unwrap();
        assert_eq!(zip.len(), 2);
        for it in &listed {
            let mut content = Vec::new();
            zip.by_name(&it.path).unwrap().read_to_end(&mut content).unwrap();
            assert_eq!(FileHash::of_digest(&Sha256::digest(&content).into()), it.hash);
        }
        assert_eq!(listed[1].note, "未查毒");
        let lines = checksums(&listed);
        assert!(lines.ends_with("  06 申请材料/001 扫描件.pdf\n"), "{lines}");
        // Bit 11 of the flags says UTF-8, in the header of each name that is not ASCII.
        let bytes = zip.into_inner().into_inner();
        assert_eq!(bytes[7] & 8, 8);
    }

    #[test]
    fn names_are_those_windows_takes() {
        let check = |name: &str, expected: &str| assert_eq!(portable_name(name), expected);
        check("张<三>&李四?.docx", "张＜三＞&李四？.docx");
        check("a/b\\c.pdf", "a／b＼c.pdf");
        check("x. ", "x");
        assert_eq!(portable_name(&format!("{}.pdf", "长".repeat(200))).chars().count(), 80);
    }
}
