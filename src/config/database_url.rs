//! The address of the database, which holds a password and therefore never shows itself whole.

use std::fmt;

/// The address of the database: `sqlite://PATH` or `postgres://…`.
///
/// [`fmt::Display`] and [`fmt::Debug`] hide everything that may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(String);

/// Parameters of a PostgreSQL address that are no secret.
const PUBLIC_PARAMETERS: &[&str] =
    &["host", "port", "dbname", "user", "sslmode", "application_name", "connect_timeout"];

impl DatabaseUrl {
    /// The address, where it is of a kind the program knows. More is for the database to say.
    pub fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let is_known = matches!(scheme, "sqlite" | "postgres" | "postgresql") && !rest.is_empty();
        is_known.then(|| Self(text.to_owned()))
    }

    /// The whole address, password included: for connecting only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Any text that was meant as an address, without what may be secret.
    ///
    /// Passwords are often written with an unescaped `@`, `/` or `?`, so whatever stands before the
    /// last `@` and after the first colon is hidden, even where that hides more than the password.
    pub fn redact(text: &str) -> String {
        let Some((scheme, rest)) = text.split_once("://") else { return "……".to_owned() };
        if scheme == "sqlite" {
            return text.to_owned();
        }
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, place)) => (Some(user.split_once(':').map_or(user, |(name, _)| name)), place),
            None => (None, rest),
        };
        let has_password = rest.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
        let (place, query) = place.split_once('?').map_or((place, None), |(it, query)| (it, Some(query)));
        let mut shown = format!("{scheme}://");
        if let Some(user) = user {
            shown += user;
            shown += if has_password { ":……@" } else { "@" };
        }
        shown += place;
        for (i, parameter) in query.into_iter().flat_map(|it| it.split('&')).enumerate() {
            let name = parameter.split_once('=').map_or(parameter, |(name, _)| name);
            shown += if i == 0 { "?" } else { "&" };
            if PUBLIC_PARAMETERS.contains(&name) {
                shown += parameter;
            } else {
                shown += name;
                shown += "=……";
            }
        }
        shown
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::redact(&self.0))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shown: &str) {
        assert_eq!(DatabaseUrl::redact(text), shown);
    }

    #[test]
    fn passwords_are_hidden_however_they_are_written() {
        check("sqlite://var/gongkai.db", "sqlite://var/gongkai.db");
        check("postgres://gk:secret@db.local:5432/gk", "postgres://gk:……@db.local:5432/gk");
        check("postgres://gk@db.local/gk", "postgres://gk@db.local/gk");
        check("postgres://db.local:5432/gk", "postgres://db.local:5432/gk");
        check("postgres://gk:se@cr/et?@db.local/gk", "postgres://gk:……@db.local/gk");
        check("postgres://gk@/gk?host=%2Frun&password=secret", "postgres://gk@/gk?host=%2Frun&password=……");
        check("postgres:///gk?sslpassword=a&pass%77ord=b", "postgres:///gk?sslpassword=……&pass%77ord=……");
        check("mysql://gk:secret@db/gk", "mysql://gk:……@db/gk");
        check("host=db password=secret", "……");
    }

    #[test]
    fn neither_debug_nor_display_shows_the_password() {
        let url = DatabaseUrl::parse("postgres://gk:secret@db/gk").unwrap();
        assert!(!format!("{url} {url:?}").contains("secret"));
        assert_eq!(url.expose(), "postgres://gk:secret@db/gk");
    }

    #[test]
    fn only_two_databases_are_known() {
        for text in ["sqlite://a.db", "postgres://db/gk", "postgresql://db/gk"] {
            assert!(DatabaseUrl::parse(text).is_some(), "{text}");
        }
        for text in ["", "a.db", "sqlite://", "sqlite:a.db", "mysql://db/gk", "SQLITE://a.db"] {
            assert!(DatabaseUrl::parse(text).is_none(), "{text}");
        }
    }
}
