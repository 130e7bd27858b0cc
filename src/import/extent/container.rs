//! The container of an xls file ([MS-CFB]): sectors, led together in chains.

/// The end of a chain.
const END: u32 = 0xFFFF_FFFE;
/// Numbers from here on are no sectors in the table of tables.
const RESERVED: u32 = 0xFFFF_FFFA;
/// Streams below this size are kept in small sectors.
const SMALL: u64 = 4096;
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;

/// The streams that hold a workbook. None where the container is damaged in a way that would lead a
/// parser in circles; empty where it holds no workbook.
pub(super) fn workbooks(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let sector = match u16_at(bytes, 30)? {
        9 => 512,
        12 => 4096,
        _ => return None,
    };
    let file = Sectors { bytes: bytes.get(sector..).unwrap_or_default(), size: sector };
    let fat = fat(bytes, &file)?;
    let directory = file.chain(u32_at(bytes, 48)?, &fat, u64::MAX)?;
    let entries: Vec<Entry> =
        directory.chunks_exact(ENTRY).filter_map(|it| Entry::read(it, sector == 512)).collect();
    let n_small_tables = u64::from(u32_at(bytes, 64)?);
    let (mut small, mut small_fat) = (Vec::new(), Vec::new());
    if 0 < n_small_tables {
        let root = entries.first()?;
        small = file.chain(root.start, &fat, root.size)?;
        let size = n_small_tables.saturating_mul(u64::try_from(sector).ok()?);
        small_fat = numbers(&file.chain(u32_at(bytes, 60)?, &fat, size)?).collect();
    }
    let small = Sectors { bytes: &small, size: SMALL_SECTOR };
    // Some files hold the workbook twice, for older and newer programs. A parser takes the first that it
    // can read.
    let names = ["Workbook", "Book"];
    let found = names.iter().filter_map(|name| entries.iter().find(|it| it.is_called(name)));
    let stream = |it: &Entry| match it.size {
        ..SMALL => small.chain(it.start, &small_fat, it.size),
        _ => file.chain(it.start, &fat, it.size),
    };
    found.map(stream).collect()
}

/// The table that says which sector follows which.
fn fat(header: &[u8], file: &Sectors<'_>) -> Option<Vec<u32>> {
    let mut tables: Vec<u32> = numbers(header.get(76..512)?).collect();
    let mut next = u32_at(header, 68)?;
    let mut n_steps = 0;
    while next < RESERVED {
        n_steps += 1;
        if file.n_sectors() < n_steps {
            return None;
        }
        tables.extend(numbers(file.get(next)?));
        next = tables.pop()?;
    }
    tables.retain(|it| *it < RESERVED);
    // As many tables as there are sectors to tell of, and as many again for files that grew in place.
    if file.n_sectors() < tables.len() {
        return None;
    }
    let mut fat = Vec::new();
    for it in tables {
        fat.extend(numbers(file.get(it)?));
    }
    Some(fat)
}

/// Bytes in sectors of one size.
struct Sectors<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl<'a> Sectors<'a> {
    /// The last one may be incomplete.
    fn n_sectors(&self) -> usize {
        self.bytes.len().div_ceil(self.size)
    }

    fn get(&self, id: u32) -> Option<&'a [u8]> {
        let start = usize::try_from(id).ok()?.checked_mul(self.size)?;
        let rest = self.bytes.get(start..)?;
        Some(&rest[..rest.len().min(self.size)])
    }

    /// The first `len` bytes of a chain. None where it leads out of the file or in a circle.
    fn chain(&self, mut id: u32, fat: &[u32], len: u64) -> Option<Vec<u8>> {
        let mut chain = Vec::new();
        let mut n_steps = 0;
        while id != END {
            n_steps += 1;
            if self.n_sectors() < n_steps {
                return None;
            }
            let missing = usize::try_from(len).unwrap_or(usize::MAX).saturating_sub(chain.len());
            let sector = self.get(id)?;
            chain.extend_from_slice(&sector[..sector.len().min(missing)]);
            if missing <= sector.len() {
                break;
            }
            id = *fat.get(usize::try_from(id).ok()?)?;
        }
        Some(chain)
    }
}

/// An entry of the directory.
struct Entry {
    name: Vec<u16>,
    start: u32,
    size: u64,
}

impl Entry {
    fn read(bytes: &[u8], is_short: bool) -> Option<Self> {
        let name = bytes.get(..64)?.chunks_exact(2).map(|it| u16::from_le_bytes([it[0], it[1]]));
        let (low, high) = (u64::from(u32_at(bytes, 120)?), u64::from(u32_at(bytes, 124)?));
        Some(Self {
            name: name.take_while(|it| *it != 0).collect(),
            start: u32_at(bytes, 116)?,
            size: if is_short { low } else { low | high << 32 },
        })
    }

    fn is_called(&self, name: &str) -> bool {
        String::from_utf16_lossy(&self.name).eq_ignore_ascii_case(name)
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).map(|it| u32::from_le_bytes([it[0], it[1], it[2], it[3]]))
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}
