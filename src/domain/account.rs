//! Accounts: how the journal names a person, and the limits of a login.

use chrono::{DateTime, TimeDelta, Utc};

/// How long a login lasts, and what locks an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginLimits {
    /// Minutes without a request after which a login ends.
    pub idle_minutes: u32,
    /// Hours after which every login ends.
    pub absolute_hours: u32,
    /// Wrong passwords in a row after which the account is locked.
    pub max_failures: u32,
    /// Minutes for which it is locked.
    pub lock_minutes: u32,
}

impl LoginLimits {
    /// Whether a login made and last seen at these instants is still good.
    pub fn holds(&self, created_at: DateTime<Utc>, seen_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now < created_at + TimeDelta::hours(self.absolute_hours.into())
            && now < seen_at + TimeDelta::minutes(self.idle_minutes.into())
    }

    /// The moment until which an account is locked after so many wrong passwords in a row.
    pub fn locked_until(&self, n_failures: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        (self.max_failures <= n_failures).then(|| now + TimeDelta::minutes(self.lock_minutes.into()))
    }
}

/// A person as the journal names them: the name, and the login it belongs to in brackets.
pub fn known_as(name: &str, login: &str) -> String {
    format!("{name}（{login}）")
}

/// The name in what [`known_as`] makes. No login holds a bracket; a name may.
pub fn name_of(known_as: &str) -> &str {
    known_as.rsplit_once('（').map_or(known_as, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_again() {
        for name in ["李敏", "李敏（借调）", ""] {
            assert_eq!(name_of(&known_as(name, "limin")), name);
        }
        assert_eq!(name_of("import"), "import");
    }

    #[test]
    fn a_login_ends_by_idling_and_by_age() {
        let limits = LoginLimits { idle_minutes: 30, absolute_hours: 12, max_failures: 5, lock_minutes: 15 };
        let start = DateTime::UNIX_EPOCH;
        let after = |minutes| start + TimeDelta::minutes(minutes);
        assert!(limits.holds(start, start, after(29)));
        assert!(!limits.holds(start, start, after(30)));
        assert!(limits.holds(start, after(700), after(719)));
        assert!(!limits.holds(start, after(719), after(720)));
        assert_eq!(limits.locked_until(4, start), None);
        assert_eq!(limits.locked_until(5, start), Some(after(15)));
    }
}
