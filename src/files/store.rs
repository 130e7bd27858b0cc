//! The store: a folder with a file for each hash, `ab/abcdef…`, and a folder for what is on its way.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::domain::attachment::FileHash;
use crate::domain::file_type::FileType;
use crate::files::{FileError, contents};

/// What is on its way lies here; never a hash, for those folders have two digits.
const INCOMING: &str = "incoming";

/// What is left on its way for so long has been left behind by a process that was killed.
const ABANDONED: Duration = Duration::from_secs(24 * 3600);

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    root: PathBuf,
}

/// How a file of the store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// It is what its name says.
    Sound,
    /// It is not there.
    Missing,
    /// Its content is not what its name says.
    Altered,
}

impl Store {
    /// The store in a folder, which is made when the first file comes.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Begins to take a file in. `max_mb` is the limit in MB of 1,048,576 bytes.
    ///
    /// # Errors
    /// Where the folder cannot be made or written to.
    pub fn incoming(&self, max_mb: u32) -> Result<Incoming, FileError> {
        Ok(Incoming { file: self.temporary()?, hasher: Sha256::new(), size: 0, max_mb })
    }

    /// A file without a name in the store, gone when it is dropped.
    ///
    /// # Errors
    /// Where the folder cannot be made or written to.
    pub fn temporary(&self) -> Result<NamedTempFile, FileError> {
        let folder = self.root.join(INCOMING);
        fs::create_dir_all(&folder).map_err(not_missing)?;
        NamedTempFile::new_in(&folder).map_err(not_missing)
    }

    /// Removes what processes that were killed have left behind. Returns how many.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn sweep(&self, now: SystemTime) -> io::Result<usize> {
        let entries = match fs::read_dir(self.root.join(INCOMING)) {
            Err(err) if err.kind() == ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut n_removed = 0;
        for entry in entries {
            let entry = entry?;
            let age = entry.metadata()?.modified()?;
            if now.duration_since(age).is_ok_and(|it| it > ABANDONED) {
                fs::remove_file(entry.path())?;
                n_removed += 1;
            }
        }
        Ok(n_removed)
    }

    /// Where a file lies.
    pub(super) fn path(&self, hash: &FileHash) -> PathBuf {
        let digits = hash.as_str();
        self.root.join(digits.get(..2).unwrap_or_default()).join(digits)
    }

    /// Opens a file to be read.
    ///
    /// # Errors
    /// [`FileError::Missing`] where it is not there.
    pub fn open(&self, hash: &FileHash) -> Result<File, FileError> {
        Ok(File::open(self.path(hash))?)
    }

    /// Reads a file whole and compares it with its name.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn condition(&self, hash: &FileHash) -> Result<Condition, FileError> {
        match self.open(hash) {
            Err(FileError::Missing) => Ok(Condition::Missing),
            Err(err) => Err(err),
            Ok(mut file) => {
                let found = hash_of(&mut file).map_err(not_missing)?;
                Ok(if found == *hash { Condition::Sound } else { Condition::Altered })
            }
        }
    }

    /// The hashes of all files in the store, in order. What has another name is no file of it.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn all(&self) -> io::Result<Vec<FileHash>> {
        let mut all = Vec::new();
        let folders = match fs::read_dir(&self.root) {
            Err(err) if err.kind() == ErrorKind::NotFound => return Ok(all),
            folders => folders?,
        };
        for folder in folders {
            let folder = folder?;
            if folder.file_name().len() != 2 || !folder.file_type()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path())? {
                all.extend(file?.file_name().to_str().and_then(FileHash::parse));
            }
        }
        all.sort();
        Ok(all)
    }

    /// Gives a temporary file its name. Of two equal files one is kept. The folder is on the disk when
    /// this returns, so that a row committed after it never names a file that a power cut takes away.
    pub(super) fn adopt(&self, file: NamedTempFile, hash: &FileHash) -> Result<(), FileError> {
        let path = self.path(hash);
        let folder = path.parent().unwrap_or(&self.root);
        if !folder.is_dir() {
            fs::create_dir_all(folder).map_err(not_missing)?;
            sync_folder(&self.root)?;
        }
        match file.persist_noclobber(&path) {
            Ok(_) => {}
            Err(err) if err.error.kind() == ErrorKind::AlreadyExists => {
                // One that was damaged since is healed by the one that has just come.
                if self.condition(hash)? != Condition::Sound {
                    err.file.persist(&path).map_err(|err| not_missing(err.error))?;
                }
            }
            Err(err) => return Err(not_missing(err.error)),
        }
        sync_folder(folder)
    }
}

/// An error of writing: a folder that is not there is a fault of the disk, not a missing file.
pub(super) fn not_missing(err: io::Error) -> FileError {
    match err.kind() {
        ErrorKind::NotFound => FileError::Io(err),
        _ => err.into(),
    }
}

fn sync_folder(folder: &Path) -> Result<(), FileError> {
    File::open(folder).and_then(|it| it.sync_all()).map_err(not_missing)
}

/// The hash of what is left to read.
pub(super) fn hash_of(file: &mut impl Read) -> io::Result<FileHash> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(digest(hasher)),
            n => hasher.update(buffer.get(..n).unwrap_or_default()),
        }
    }
}

pub(super) fn digest(hasher: Sha256) -> FileHash {
    FileHash::of_digest(&hasher.finalize().into())
}

/// A file on its way in. Dropped, it is gone.
#[derive(Debug)]
pub struct Incoming {
    file: NamedTempFile,
    hasher: Sha256,
    size: u64,
    max_mb: u32,
}

impl Incoming {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`FileError::TooLarge`] as soon as the limit is passed, or where the disk is full or fails.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let n_bytes = u64::try_from(bytes.len()).map_err(|_| FileError::TooLarge { max_mb: self.max_mb })?;
        self.size += n_bytes;
        if self.size > u64::from(self.max_mb) << 20 {
            return Err(FileError::TooLarge { max_mb: self.max_mb });
        }
        self.hasher.update(bytes);
        self.file.write_all(bytes).map_err(not_missing)
    }

    /// The file is whole: it is forced to the disk, and what it is is found out.
    ///
    /// # Errors
    /// [`FileError::Empty`], [`FileError::Type`] where the content is not what the name says or nothing
    /// that is kept, or where the disk is full or fails.
    pub fn finish(mut self, name: &str) -> Result<Held, FileError> {
        if self.size == 0 {
            return Err(FileError::Empty);
        }
        let file_type = contents::file_type(self.file.as_file_mut(), name)?;
        self.file.as_file().sync_all().map_err(not_missing)?;
        Ok(Held { file: self.file, hash: digest(self.hasher), size: self.size, file_type })
    }
}

/// A file that is whole and on the disk, and not yet in the store. Dropped, it is gone.
#[derive(Debug)]
pub struct Held {
    file: NamedTempFile,
    hash: FileHash,
    size: u64,
    file_type: FileType,
}

impl Held {
    /// Its hash.
    pub fn hash(&self) -> &FileHash {
        &self.hash
    }

    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What it is.
    pub fn file_type(&self) -> FileType {
        self.file_type
    }

    /// Its content from the start, for the scanner.
    ///
    /// # Errors
    /// Where the disk fails.
    pub fn content(&self) -> Result<File, FileError> {
        let mut file = self.file.reopen().map_err(not_missing)?;
        file.rewind().map_err(not_missing)?;
        Ok(file)
    }

    /// Puts it into the store, for good.
    ///
    /// # Errors
    /// Where the disk is full or fails.
    pub fn keep(self, store: &Store) -> Result<(), FileError> {
        store.adopt(self.file, &self.hash)
    }
}
