//! Files that people hand in, kept beside the database: a folder of plain files, each named by the
//! SHA-256 of its content.
//!
//! A file comes in through [`Incoming`], in pieces and in one pass: what was written, its hash and its
//! size are known at the end, and until then it has no name that anything refers to. [`Held`] is a file
//! that is whole and on the disk; it is looked at, scanned, and put into the [`Store`] before the row that
//! names it is committed. Whatever is dropped on the way removes its temporary file.
//!
//! Absent on purpose: deleting. A file that a row once named is evidence; what is removed from a case is
//! marked so in its row. Also absent: object storage. An office has a disk.

mod contents;
mod copy;
mod scanner;
mod store;

use std::io;

pub use copy::{Copied, copy_all};
pub use scanner::{Scanner, Verdict};
pub use store::{Condition, Held, Incoming, Store};

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// More bytes than are allowed.
    #[error("超过单个文件 {max_mb} MB 的上限，没有保存。请压缩或者拆分后再上传")]
    TooLarge {
        /// The limit in MB.
        max_mb: u32,
    },
    /// No bytes at all.
    #[error("是空文件，没有保存。请核对后重新选择")]
    Empty,
    /// Not what it says it is, or nothing that is kept.
    #[error("{0}")]
    Type(String),
    /// The disk is full, or the process may not write more.
    #[error("服务器磁盘空间不足，没有保存；其他数据不受影响。请联系管理员清理磁盘后再上传")]
    Full,
    /// The scanner found something.
    #[error("查出病毒（{virus}），已经拒收。请先在本机查毒，再联系提供文件的人")]
    Infected {
        /// What the scanner calls it.
        virus: String,
    },
    /// The scanner does not answer, and files may not be kept without it.
    #[error("查毒服务没有响应，按设置不能接收未查毒的文件。请稍后再试，或者联系管理员")]
    NotScanned {
        /// What happened, for the log.
        reason: String,
    },
    /// The file is not in the store any more.
    #[error("存储中找不到这个文件，请联系管理员从备份中恢复")]
    Missing,
    /// The disk failed.
    #[error("保存失败，已经记录。请稍后再试")]
    Io(#[source] io::Error),
}

impl From<io::Error> for FileError {
    fn from(err: io::Error) -> Self {
        match err.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full
            }
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Io(err),
        }
    }
}
