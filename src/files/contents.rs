//! What a file is: its first bytes, and of a container the names in its directory. Both directories are
//! read without unpacking anything and without trusting a number in them: what they say of sizes only
//! says where to look next, and how much is looked at has a limit.

use std::io::{self, ErrorKind, Read, Seek, SeekFrom};

use crate::domain::file_type::{self, FileType, FirstLook, HEAD, first_look, in_ole, in_zip};
use crate::files::FileError;

/// A directory of more bytes is no office document.
const MAX_DIRECTORY: u64 = 8 << 20;

/// What a file is, if it may be kept under this name.
///
/// # Errors
/// [`FileError::Type`] with what is wrong, or where the disk fails.
pub(super) fn file_type(file: &mut (impl Read + Seek), name: &str) -> Result<FileType, FileError> {
    let refuse = |what: &str| FileError::Type(file_type::refusal(name, what));
    file.rewind()?;
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(u64::try_from(HEAD).unwrap_or(u64::MAX)).read_to_end(&mut head)?;
    let found = match first_look(&head) {
        FirstLook::Known(found) => found,
        FirstLook::Other(what) => return Err(refuse(what)),
        FirstLook::Zip => {
            let names = names(zip_names(file))?.ok_or_else(|| refuse("损坏的压缩包"))?;
            in_zip(names.iter().map(String::as_str)).map_err(refuse)?
        }
        FirstLook::Ole => {
            let names = names(ole_names(file))?.ok_or_else(|| refuse("损坏的复合文件"))?;
            in_ole(names.iter().map(String::as_str), name).map_err(refuse)?
        }
    };
    file_type::check_name(name, found).map_err(FileError::Type)?;
    Ok(found)
}

/// The names; none where the container is damaged, which is no fault of the disk.
fn names(read: io::Result<Option<Vec<String>>>) -> Result<Option<Vec<String>>, FileError> {
    match read {
        Err(err) if matches!(err.kind(), ErrorKind::UnexpectedEof | ErrorKind::InvalidInput) => Ok(None),
        names => Ok(names?),
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |it| u16::from_le_bytes([it[0], it[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]))
}

/// The names in the central directory of a ZIP (APPNOTE 4.3.12, 4.3.16); none where there is no
/// directory or it is beyond all measure.
fn zip_names(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<String>>> {
    const END: u64 = 22;
    let length = file.seek(SeekFrom::End(0))?;
    // The end record is followed by a comment of at most 65,535 bytes.
    let tail = length.min(END + u64::from(u16::MAX));
    file.seek(SeekFrom::Start(length - tail))?;
    let mut bytes = Vec::new();
    file.by_ref().take(tail).read_to_end(&mut bytes)?;
    let Some(at) = bytes.windows(4).rposition(|it| it == b"PK\x05\x06") else { return Ok(None) };
    let (size, start) = (u64::from(u32_at(&bytes, at + 12)), u64::from(u32_at(&bytes, at + 16)));
    if size > MAX_DIRECTORY {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(start))?;
    let mut directory = Vec::new();
    file.by_ref().take(size).read_to_end(&mut directory)?;
    let (mut names, mut rest) = (Vec::new(), directory.as_slice());
    while rest.starts_with(b"PK\x01\x02") {
        let lengths = [28, 30, 32].map(|at| usize::from(u16_at(rest, at)));
        let name = rest.get(46..46 + lengths[0]).unwrap_or_default();
        names.push(String::from_utf8_lossy(name).into_owned());
        rest = rest.get(46 + lengths.iter().sum::<usize>()..).unwrap_or_default();
    }
    Ok(Some(names))
}

/// The names of the streams of an OLE container ([MS-CFB] 2.2, 2.6.1); none where its numbers make no
/// sense.
fn ole_names(file: &mut (impl Read + Seek)) -> io::Result<Option<Vec<String>>> {
    let mut header = [0; 512];
    file.rewind()?;
    file.read_exact(&mut header)?;
    let shift = u16_at(&header, 30);
    if shift != 9 && shift != 12 {
        return Ok(None);
    }
    let sector_size = 1_u64 << shift;
    let container = Container { header, sector_size };
    let mut names = Vec::new();
    let mut sector = u32_at(&container.header, 48);
    for _ in 0..MAX_DIRECTORY / sector_size {
        if sector >= NO_SECTOR {
            break;
        }
        let bytes = container.sector(file, sector)?;
        for entry in bytes.chunks_exact(128) {
            // The length counts the zero at the end; 2 is a stream, 1 a storage.
            let n_units = usize::from(u16_at(entry, 64).saturating_sub(2) / 2).min(31);
            if matches!(entry.get(66), Some(1 | 2)) {
                let units: Vec<u16> = (0..n_units).map(|it| u16_at(entry, it * 2)).collect();
                names.push(String::from_utf16_lossy(&units));
            }
        }
        sector = container.next(file, sector)?;
    }
    Ok(Some(names))
}

/// Numbers from here on are marks, such as the end of a chain.
const NO_SECTOR: u32 = 0xffff_fffa;

struct Container {
    header: [u8; 512],
    sector_size: u64,
}

impl Container {
    fn sector(&self, file: &mut (impl Read + Seek), sector: u32) -> io::Result<Vec<u8>> {
        file.seek(SeekFrom::Start((u64::from(sector) + 1) * self.sector_size))?;
        let mut bytes = Vec::new();
        file.by_ref().take(self.sector_size).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn word(&self, file: &mut (impl Read + Seek), sector: u32, index: u64) -> io::Result<u32> {
        file.seek(SeekFrom::Start((u64::from(sector) + 1) * self.sector_size + index * 4))?;
        let mut bytes = [0; 4];
        file.read_exact(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// The sector after this one in its chain.
    fn next(&self, file: &mut (impl Read + Seek), sector: u32) -> io::Result<u32> {
        let per_sector = self.sector_size / 4;
        let (table, index) = (u64::from(sector) / per_sector, u64::from(sector) % per_sector);
        match self.table(file, table)? {
            NO_SECTOR.. => Ok(u32::MAX),
            at => self.word(file, at, index),
        }
    }

    /// Where a sector of the table of chains lies: the first 109 are in the header, the others in a chain
    /// of their own, whose sectors end with the number of the next.
    fn table(&self, file: &mut (impl Read + Seek), table: u64) -> io::Result<u32> {
        const IN_HEADER: u64 = 109;
        if let Some(at) = usize::try_from(table).ok().filter(|_| table < IN_HEADER) {
            return Ok(u32_at(&self.header, 76 + at * 4));
        }
        let per_sector = self.sector_size / 4 - 1;
        let (mut steps, index) = ((table - IN_HEADER) / per_sector, (table - IN_HEADER) % per_sector);
        let mut sector = u32_at(&self.header, 68);
        while steps > 0 && sector < NO_SECTOR {
            sector = self.word(file, sector, per_sector)?;
            steps -= 1;
        }
        if sector >= NO_SECTOR { Ok(u32::MAX) } else { self.word(file, sector, index) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use super::*;

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[track_caller]
    fn check(bytes: &[u8], name: &str, expected: Result<FileType, &str>) {
        match (file_type(&mut Cursor::new(bytes), name), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(FileError::Type(found)), Err(expected)) => assert!(found.contains(expected), "{found}"),
            (found, expected) => panic!("{found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn containers_are_looked_into() {
        check(
            &zip(&["_rels/.rels", "word/document.xml", "[Content_Types].xml"]),
            "申请书.docx",
            Ok(FileType::Docx),
        );
        check(&zip(&["OFD.xml"]), "公文.ofd", Ok(FileType::Ofd));
        check(&zip(&["a.exe"]), "a.docx", Err("压缩包"));
        check(&zip(&["OFD.xml"]), "公文.pdf", Err("内容却是OFD 版式文件"));
    }

    #[test]
    fn damage_is_refused_and_costs_nothing() {
        let whole = zip(&["word/document.xml", "[Content_Types].xml"]);
        for cut in 4..whole.len() - 30 {
            check(&whole[..cut], "a.docx", Err("损坏的压缩包"));
        }
        // A directory that is said to lie elsewhere, or to be immense.
        let mut lying = whole.clone();
        let end = lying.len() - 22;
        lying[end + 16..end + 20].copy_from_slice(&u32::MAX.to_le_bytes());
        check(&lying, "a.docx", Err("压缩包"));
        lying[end + 12..end + 16].copy_from_slice(&u32::MAX.to_le_bytes());
        check(&lying, "a.docx", Err("损坏的压缩包"));
        // A chain of sectors that bites its own tail ends at the limit.
        let mut ole = vec![0_u8; 512 * 3];
        ole[..8].copy_from_slice(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
        ole[30] = 9;
        check(&ole, "a.doc", Err("复合文件"));
        check(&ole[..100], "a.doc", Err("损坏的复合文件"));
        ole[30] = 63;
        check(&ole, "a.doc", Err("损坏的复合文件"));
    }
}
