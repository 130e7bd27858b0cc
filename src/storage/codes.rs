//! Closed sets and identifiers as `TEXT` columns, written once for both databases.

use std::fmt::{self, Debug, Display};
use std::io::Write;
use std::str::FromStr;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::pg::Pg;
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Text;
use diesel::sqlite::Sqlite;

use crate::domain::ids::UnreadableId;
use crate::domain::labels::Coded;
use crate::storage::StorageError;
use crate::storage::connection::MultiBackend;

/// A value of a closed set, kept by its code. Reading an unknown code is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Code<T: Coded + Debug>(pub T);

impl<T: Coded + Debug, DB: Backend> ToSql<Text, DB> for Code<T>
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.code().to_sql(out)
    }
}

impl<T: Coded + Debug, DB: Backend> FromSql<Text, DB> for Code<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(T::from_code(&String::from_sql(bytes)?)?))
    }
}

/// An identifier, kept as text. Reading a text that is none is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Id<T: Debug>(pub T);

impl<T: FromStr + Debug> Id<T> {
    /// Reads an identifier where a column holds those of several kinds, such as the subjects of the journal.
    ///
    /// # Errors
    /// [`StorageError::Unreadable`] where the text is none.
    pub fn read(text: &str) -> Result<T, StorageError> {
        text.parse().map_err(|_| UnreadableId(text.to_owned()).into())
    }
}

impl<T: Display + Debug> Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.0, f)
    }
}

impl<T: Display + Debug> ToSql<Text, Sqlite> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        out.set_value(self.0.to_string());
        Ok(IsNull::No)
    }
}

impl<T: Display + Debug> ToSql<Text, Pg> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
        write!(out, "{}", self.0)?;
        Ok(IsNull::No)
    }
}

impl<T: Display + Debug + Send + Sync + 'static> ToSql<Text, MultiBackend> for Id<T> {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, MultiBackend>) -> serialize::Result {
        out.set_value((Text, self));
        Ok(IsNull::No)
    }
}

impl<T: FromStr + Debug, DB: Backend> FromSql<Text, DB> for Id<T>
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_sql(bytes)?;
        Ok(Self(text.parse().map_err(|_| UnreadableId(text))?))
    }
}
