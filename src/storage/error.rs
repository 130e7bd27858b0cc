//! Why storage could not do what it was asked.

use std::error::Error;

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::domain::ids::UnreadableId;
use crate::domain::labels::UnknownCode;

/// Why storage could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no such row.
    #[error("没有找到")]
    NotFound,
    /// Someone else has changed the row since it was read.
    #[error("该记录已被他人修改")]
    Stale,
    /// Someone else has taken the number or the name.
    #[error("该记录已被他人修改，或者编号已被占用")]
    Conflict,
    /// The database address is of no kind we know.
    #[error("数据库地址应以 sqlite:// 或者 postgres:// 开头：{0}")]
    UnknownUrl(String),
    /// The address demands an encrypted connection, which this build cannot make.
    #[error(
        "数据库地址要求加密连接（sslmode={0}），但本程序编译时没有加入该功能；请用 cargo build --release --features postgres-tls 重新编译，或者只经本机、可信网络连接并去掉 sslmode"
    )]
    NoTls(String),
    /// The database holds a code this version does not know.
    #[error("the database holds an unknown code: {0}")]
    UnknownCode(#[from] UnknownCode),
    /// The database holds a text that cannot be read as what it should be.
    #[error("the database holds an unreadable {what}: {text:?}")]
    Unreadable {
        /// What it should be.
        what: &'static str,
        /// The text found.
        text: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[source] DieselError),
    /// No connection to the database.
    #[error("no database connection: {0}")]
    Pool(#[from] diesel::r2d2::PoolError),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(Box<dyn std::error::Error + Send + Sync>),
    /// A file beside the database failed.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl From<UnreadableId> for StorageError {
    fn from(err: UnreadableId) -> Self {
        Self::Unreadable { what: "identifier", text: err.0 }
    }
}

impl From<DieselError> for StorageError {
    fn from(err: DieselError) -> Self {
        match err {
            DieselError::NotFound => Self::NotFound,
            DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => Self::Conflict,
            // diesel names the column that cannot be read, but not what stands in it.
            DieselError::DeserializationError(err) => {
                let code = cause::<UnknownCode>(&*err).map(Self::from);
                code.or_else(|| cause::<UnreadableId>(&*err).map(Self::from))
                    .unwrap_or(Self::Database(DieselError::DeserializationError(err)))
            }
            err => Self::Database(err),
        }
    }
}

impl StorageError {
    /// The error of a row that is one of a succession, by version or place: where the place is taken,
    /// somebody has come first since the row before it was read.
    pub(super) fn in_succession(err: DieselError) -> Self {
        match Self::from(err) {
            Self::Conflict => Self::Stale,
            err => err,
        }
    }
}

/// The error of this type behind an error of reading, if that is what it is.
fn cause<T: Error + Clone + 'static>(err: &(dyn Error + 'static)) -> Option<T> {
    err.downcast_ref().cloned().or_else(|| cause(err.source()?))
}
