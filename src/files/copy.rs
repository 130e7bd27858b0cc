//! Copies of a store, for backups and for restoring them.

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use crate::domain::attachment::FileHash;
use crate::files::store::{digest, not_missing};
use crate::files::{Condition, FileError, Store};

/// What a copy came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many files were copied now.
    pub n_new: usize,
    /// How many were there already.
    pub n_known: usize,
    /// Files whose content is not what their name says. They are not copied: a copy of them would look
    /// like a sound one of something else.
    pub damaged: Vec<FileHash>,
}

/// Copies every file of a store into another. Files are read while they are copied, so that damage shows
/// here and not when the copy is needed; one that is there already, and sound, is not copied again.
///
/// # Errors
/// Where either disk fails or the other is full.
pub fn copy_all(from: &Store, to: &Store) -> Result<Copied, FileError> {
    let mut copied = Copied::default();
    for hash in from.all().map_err(not_missing)? {
        if to.condition(&hash)? == Condition::Sound {
            copied.n_known += 1;
        } else if copy(from, to, &hash)? {
            copied.n_new += 1;
        } else {
            copied.damaged.push(hash);
        }
    }
    Ok(copied)
}

/// Copies one file; false where its content is not what its name says.
fn copy(from: &Store, to: &Store, hash: &FileHash) -> Result<bool, FileError> {
    let mut source = from.open(hash)?;
    let mut target = to.temporary()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let n_bytes = read(&mut source, &mut buffer).map_err(not_missing)?;
        let bytes = buffer.get(..n_bytes).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        target.write_all(bytes).map_err(not_missing)?;
    }
    if digest(hasher) != *hash {
        return Ok(false);
    }
    target.as_file().sync_all().map_err(not_missing)?;
    to.adopt(target, hash)?;
    Ok(true)
}

fn read(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
