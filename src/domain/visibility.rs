//! Who sees which cases: one rule, tested on a case here and turned into SQL by storage.
//!
//! Not seeing a case is the same as there being none.

use crate::domain::ids::{AgencyId, DepartmentId, UserId};
use crate::domain::workflow::{self, Action, Role, Status};

/// A person who looks: an account with its place in the tree of agencies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The account.
    pub user: UserId,
    /// Its agency.
    pub agency: AgencyId,
    /// The path of that agency, `/1/7/`.
    pub agency_path: String,
    /// Its department.
    pub department: Option<DepartmentId>,
    /// Its roles.
    pub roles: Vec<Role>,
}

/// A set of cases that a role opens to a person. A person sees the cases of all their sights together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Every case of the agency.
    Agency(AgencyId),
    /// Every case of the agency with this path and of everything below it.
    Below(String),
    /// The cases of a department.
    Department(AgencyId, DepartmentId),
    /// The cases in the person's own hands.
    Own(AgencyId, UserId),
    /// The cases whose reply has been put to review, in the agency.
    Review(AgencyId),
}

/// Where a case belongs, as far as seeing it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePlace {
    /// Its agency.
    pub agency: AgencyId,
    /// The path of that agency.
    pub agency_path: String,
    /// Its department.
    pub department: Option<DepartmentId>,
    /// Its handler.
    pub handler: Option<UserId>,
    /// Its status.
    pub status: Status,
}

/// The statuses of a case whose reply has been put to review.
pub const REVIEWED: &[Status] =
    &[Status::UnderReview, Status::AwaitingSignOff, Status::AwaitingIssue, Status::Answered];

impl Viewer {
    /// What this person sees: the office's own staff all cases of their agency, a handler those of
    /// the department and those in hand, the legal adviser those put to review, a manager those of
    /// the agencies below too, the administrator none.
    pub fn sights(&self) -> Vec<Sight> {
        let mut sights = Vec::new();
        for role in &self.roles {
            match role {
                Role::Clerk | Role::Approver | Role::Auditor => sights.push(Sight::Agency(self.agency)),
                Role::Manager => sights.push(Sight::Below(self.agency_path.clone())),
                Role::Handler => {
                    sights.push(Sight::Own(self.agency, self.user));
                    if let Some(department) = self.department {
                        sights.push(Sight::Department(self.agency, department));
                    }
                }
                Role::LegalAdviser => sights.push(Sight::Review(self.agency)),
                Role::Administrator => {}
            }
        }
        sights
    }

    /// Whether this person's roles open any case to them.
    pub fn sees_cases(&self) -> bool {
        !self.sights().is_empty()
    }

    /// Whether this person sees what belongs to the agencies below theirs.
    pub fn sees_below(&self) -> bool {
        self.sights().iter().any(|it| matches!(it, Sight::Below(_)))
    }

    /// Whether the table of the workflow lets this person do this at all.
    pub fn may(&self, action: Action) -> bool {
        workflow::may(&self.roles, action)
    }

    /// Whether this person sees a case.
    pub fn sees(&self, place: &CasePlace) -> bool {
        self.sights().iter().any(|it| it.holds(place))
    }

    /// Whether this person may act on a case: it must be of their own agency, for what a manager sees
    /// of the agencies below is theirs to read only.
    pub fn acts_on(&self, place: &CasePlace) -> bool {
        place.agency == self.agency && self.sees(place)
    }
}

impl Sight {
    /// Whether a case is in this set.
    pub fn holds(&self, place: &CasePlace) -> bool {
        match self {
            Self::Agency(agency) => place.agency == *agency,
            Self::Below(path) => place.agency_path.starts_with(path.as_str()),
            Self::Department(agency, department) => {
                place.agency == *agency && place.department == Some(*department)
            }
            Self::Own(agency, user) => place.agency == *agency && place.handler == Some(*user),
            Self::Review(agency) => place.agency == *agency && REVIEWED.contains(&place.status),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of four cases (own department, other department, own agency under review, child agency): which are seen.
    #[track_caller]
    fn check(role: Role, seen: [bool; 4]) {
        let viewer = Viewer {
            user: UserId::new(),
            agency: AgencyId(1),
            agency_path: "/1/".to_owned(),
            department: Some(DepartmentId(1)),
            roles: vec![role],
        };
        let place = |agency, path: &str, department, status| CasePlace {
            agency: AgencyId(agency),
            agency_path: path.to_owned(),
            department: Some(DepartmentId(department)),
            handler: None,
            status,
        };
        let places = [
            place(1, "/1/", 1, Status::Handled),
            place(1, "/1/", 2, Status::Handled),
            place(1, "/1/", 2, Status::UnderReview),
            place(2, "/1/2/", 1, Status::UnderReview),
        ];
        assert_eq!(places.each_ref().map(|it| viewer.sees(it)), seen, "{role:?}");
        assert!(!viewer.acts_on(&places[3]));
        assert_eq!(viewer.sees_cases(), seen.contains(&true), "{role:?}");
        assert_eq!(viewer.sees_below(), seen[3], "{role:?}");
    }

    #[test]
    fn each_role_has_its_sight() {
        check(Role::Clerk, [true, true, true, false]);
        check(Role::Approver, [true, true, true, false]);
        check(Role::Auditor, [true, true, true, false]);
        check(Role::Manager, [true, true, true, true]);
        check(Role::Handler, [true, false, false, false]);
        check(Role::LegalAdviser, [false, false, true, false]);
        check(Role::Administrator, [false; 4]);
    }

    #[test]
    fn a_path_is_no_prefix_of_a_sibling() {
        let place = CasePlace {
            agency: AgencyId(12),
            agency_path: "/12/".to_owned(),
            department: None,
            handler: None,
            status: Status::Handled,
        };
        assert!(!Sight::Below("/1/".to_owned()).holds(&place));
    }
}
