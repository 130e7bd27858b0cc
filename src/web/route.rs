//! Routes, each with its policy: what the lists of the pages are made of.
//!
//! A route cannot be in a list without a policy, which [`crate::web::guard`] enforces.

use std::collections::HashMap;

use crate::domain::visibility::Viewer;
use crate::domain::workflow::{Action, Role};

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a login.
    Public,
    /// Anyone with a login, whatever the role.
    SignedIn,
    /// Those to whom the rule of visibility opens cases. Which ones is for that rule.
    Cases,
    /// Those whom the table of the workflow lets do one of these. When is for that table.
    Acts(&'static [Action]),
    /// Those with one of these roles: for what is no act on a case.
    Roles(&'static [Role]),
}

/// Those who keep the installation: accounts, agencies, settings.
pub const ADMINISTRATORS: Access = Access::Roles(&[Role::Administrator]);
/// Those who see how it is kept: they themselves, and who audits them.
pub const OVERSEERS: Access = Access::Roles(&[Role::Administrator, Role::Auditor]);

impl Access {
    /// Whether somebody who is signed in may use such a route. What leads there asks the same.
    pub fn admits(self, viewer: &Viewer) -> bool {
        match self {
            Self::Public | Self::SignedIn => true,
            Self::Cases => viewer.sees_cases(),
            Self::Acts(actions) => actions.iter().any(|it| viewer.may(*it)),
            Self::Roles(roles) => roles.iter().any(|it| viewer.roles.contains(it)),
        }
    }
}

/// A route with its policy.
#[derive(Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path as actix-web matches it.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The handler.
    pub handler: fn() -> actix_web::Route,
}

/// A page.
pub const fn get(path: &'static str, access: Access, handler: fn() -> actix_web::Route) -> Route {
    Route { method: "GET", path, access, handler }
}

/// A change.
pub const fn post(path: &'static str, access: Access, handler: fn() -> actix_web::Route) -> Route {
    Route { method: "POST", path, access, handler }
}

/// The policy of every route, by its method and path.
#[derive(Debug, Clone)]
pub struct Doors(HashMap<(&'static str, &'static str), Access>);

impl Doors {
    /// The policies of these routes.
    pub fn of(routes: &[Route]) -> Self {
        Self(routes.iter().map(|it| ((it.method, it.path), it.access)).collect())
    }

    /// The policy of a route; none where there is no such route.
    pub fn access(&self, method: &str, path: &str) -> Option<Access> {
        self.0.get(&(method, path)).copied()
    }

    /// Whether there is a page at this path, without parts that vary, and this person may open it.
    pub fn open(&self, viewer: &Viewer, path: &str) -> bool {
        self.access("GET", path).is_some_and(|it| it.admits(viewer))
    }
}
