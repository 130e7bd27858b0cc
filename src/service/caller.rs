//! Who calls a use case, and when.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::domain::account::known_as;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::labels::Coded;
use crate::domain::visibility::Viewer;
use crate::domain::workflow::Role;
use crate::service::beijing_day;
use crate::storage::access::accounts::Account;
use crate::storage::access::agencies::Agency;

/// Who acts or looks, and when: the first thing every use case is given, so that none reads a clock or asks
/// who it works for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Which account, where, and in which roles.
    pub viewer: Viewer,
    /// What the journal says of who it was.
    pub name: String,
    /// The instant.
    pub now: DateTime<Utc>,
}

impl Caller {
    /// The person behind an account, whose agency has this path.
    pub fn of(account: &Account, agency_path: &str, now: DateTime<Utc>) -> Self {
        let viewer = Viewer {
            user: account.id,
            agency: account.agency_id,
            agency_path: agency_path.to_owned(),
            department: account.department_id,
            roles: account.roles.clone(),
        };
        Self { viewer, name: known_as(&account.name, &account.login), now }
    }

    /// Whoever runs the command line: they have the database in their hands, and so every role.
    pub fn at_command_line(user: &str, now: DateTime<Utc>) -> Self {
        Self::above_all(format!("命令行（{user}）"), Role::ALL, now)
    }

    /// Whoever starts the program for the first time, before there is an account.
    pub fn at_first_start(now: DateTime<Utc>) -> Self {
        Self::above_all("首次启用".to_owned(), &[], now)
    }

    /// The program itself, at work in the background. It sees no case.
    pub fn in_background(now: DateTime<Utc>) -> Self {
        Self::above_all("系统".to_owned(), &[], now)
    }

    /// The program itself, looking with the eyes of somebody it writes to.
    pub fn for_reader(viewer: &Viewer, now: DateTime<Utc>) -> Self {
        Self { viewer: viewer.clone(), ..Self::in_background(now) }
    }

    /// Somebody without an account. They stand above the tree of agencies and belong to none of it: no agency
    /// has the number 0, so that they act on no case.
    fn above_all(name: String, roles: &[Role], now: DateTime<Utc>) -> Self {
        let viewer = Viewer {
            user: UserId(Uuid::nil()),
            agency: AgencyId(0),
            agency_path: "/".to_owned(),
            department: None,
            roles: roles.to_vec(),
        };
        Self { viewer, name, now }
    }

    /// The day in Beijing, by which all periods run.
    pub fn today(&self) -> NaiveDate {
        beijing_day(self.now)
    }

    /// Whether an agency is theirs or below it, as an administrator keeps it.
    pub fn reaches(&self, agency: &Agency) -> bool {
        agency.path.starts_with(&self.viewer.agency_path)
    }
}
