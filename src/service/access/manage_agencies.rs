//! The tree of agencies and their departments, as an administrator keeps it: their own agency's part.

use serde_json::json;

use crate::domain::ids::DepartmentId;
use crate::service::access::add_agency::add_agency;
use crate::service::{Caller, ServiceError, note};
use crate::storage::access::agencies;
pub use crate::storage::access::agencies::Agency as Unit;
use crate::storage::{DbConnection, StorageError};

/// An agency in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The agency.
    pub unit: Unit,
    /// How deep it stands, 0 for the administrator's own.
    pub depth: usize,
}

/// A department with its name.
pub type Department = (DepartmentId, String);

/// The administrator's agency and everything below it, each under its parent, by code.
pub fn tree(conn: &mut DbConnection, caller: &Caller) -> Result<Vec<Node>, ServiceError> {
    fn put(nodes: &mut Vec<Node>, units: &[Unit], unit: &Unit, depth: usize) {
        nodes.push(Node { unit: unit.clone(), depth });
        for child in units.iter().filter(|it| it.parent_id == Some(unit.id)) {
            put(nodes, units, child, depth + 1);
        }
    }
    let units = agencies::subtree(conn, &caller.viewer.agency_path)?;
    let mut nodes = Vec::with_capacity(units.len());
    if let Some(root) = units.iter().find(|it| it.id == caller.viewer.agency.0) {
        put(&mut nodes, &units, root, 0);
    }
    Ok(nodes)
}

/// The agency with this code, where it is the administrator's to keep, and its departments.
///
/// # Errors
/// [`StorageError::NotFound`] for any other.
pub fn unit(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
) -> Result<(Unit, Vec<Department>), ServiceError> {
    let unit = agencies::by_code(conn, code)?;
    if !caller.reaches(&unit) {
        return Err(StorageError::NotFound.into());
    }
    let departments = agencies::departments(conn, unit.agency_id())?;
    Ok((unit, departments))
}

/// A change to the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An agency is added below the one named.
    Add {
        /// Its code.
        code: String,
        /// Its name.
        name: String,
    },
    /// The agency gets another name.
    Rename {
        /// The new name.
        name: String,
        /// The name the page showed, so that nobody's change is overwritten unseen.
        seen: String,
    },
    /// The agency is put under another.
    Move {
        /// The code of the new parent.
        parent: String,
    },
    /// A department is added.
    AddDepartment {
        /// Its name.
        name: String,
    },
    /// A department gets another name.
    RenameDepartment {
        /// The department.
        id: DepartmentId,
        /// The new name.
        name: String,
    },
}

/// Changes the tree at the agency with this code. The same change once more changes nothing.
///
/// # Errors
/// [`StorageError::NotFound`] for an agency that is not theirs to keep, or a refusal in words.
pub fn change_agency(
    conn: &mut DbConnection,
    caller: &Caller,
    code: &str,
    change: &Change,
) -> Result<(), ServiceError> {
    let (unit, departments) = unit(conn, caller, code)?;
    let needed = |field, what: &str, name: &str| {
        if name.trim().is_empty() {
            Err(ServiceError::field(field, format!("请填写{what}")))
        } else {
            Ok(name.trim().to_owned())
        }
    };
    let (action, details) = match change {
        Change::Add { code, name } => {
            let code = needed("add_code", "代码", code)?;
            let name = needed("add_name", "名称", name)?;
            return match add_agency(conn, caller, &code, &name, Some(&unit.code)) {
                Err(ServiceError::AgencyExists(code)) => {
                    Err(ServiceError::field("add_code", format!("代码“{code}”已被占用，请换一个")))
                }
                added => added.map(|_| ()),
            };
        }
        Change::Rename { name, seen } => {
            let name = needed("rename_name", "名称", name)?;
            if name == unit.name {
                return Ok(());
            }
            if *seen != unit.name {
                let message = format!("别人已经把名称改为“{}”，请核对后再改", unit.name);
                return Err(ServiceError::field("rename_name", message));
            }
            agencies::rename(conn, unit.agency_id(), &name)?;
            ("rename", json!({ "name": [unit.name, name] }))
        }
        Change::Move { parent } => {
            let parent = match agencies::by_code(conn, parent) {
                Ok(it) if caller.reaches(&it) => it,
                Ok(_) | Err(StorageError::NotFound) => {
                    return Err(ServiceError::field("move_parent", "请选择上级机关"));
                }
                Err(err) => return Err(err.into()),
            };
            if unit.agency_id() == caller.viewer.agency {
                return Err(ServiceError::field(
                    "move_parent",
                    "不能调整您所在的机关，请由上级机关的管理员调整",
                ));
            }
            if parent.path.starts_with(&unit.path) {
                return Err(ServiceError::field("move_parent", "上级机关不能是本机关或者它的下级"));
            }
            if unit.parent_id == Some(parent.id) {
                return Ok(());
            }
            let before =
                agencies::by_id(conn, crate::domain::ids::AgencyId(unit.parent_id.unwrap_or(unit.id)))?;
            agencies::move_below(conn, &unit, &parent)?;
            ("move", json!({ "parent": [before.name, parent.name] }))
        }
        Change::AddDepartment { name } => {
            let name = needed("department_name", "部门名称", name)?;
            if departments.iter().any(|(_, it)| *it == name) {
                return Err(ServiceError::field("department_name", format!("已经有“{name}”")));
            }
            agencies::department(conn, unit.agency_id(), &name)?;
            ("add_department", json!({ "name": name }))
        }
        Change::RenameDepartment { id, name } => {
            let name = needed("rename_department", "部门名称", name)?;
            let known = departments.iter().find(|(it, _)| it == id).ok_or(StorageError::NotFound)?;
            if known.1 == name {
                return Ok(());
            }
            if departments.iter().any(|(_, it)| *it == name) {
                return Err(ServiceError::field("rename_department", format!("已经有“{name}”")));
            }
            agencies::rename_department(conn, unit.agency_id(), *id, &name)?;
            ("rename_department", json!({ "name": [known.1, name] }))
        }
    };
    note::agency(conn, caller, unit.agency_id(), action, details)?;
    Ok(())
}
