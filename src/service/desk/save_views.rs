//! The saved views of a person: names for queries of the list of cases.

use crate::service::{Caller, ServiceError};
use crate::storage::desk::views;
use crate::storage::desk::views::SavedView;
use crate::storage::{Db, StorageError};

/// A tab must stay a tab.
const MAX_NAME: usize = 20;
/// More tabs than fit.
const MAX_VIEWS: usize = 30;
/// The longest query kept.
const MAX_QUERY: usize = 2_000;

/// A person's views, the oldest first.
pub fn list(db: &Db, caller: &Caller) -> Result<Vec<SavedView>, ServiceError> {
    Ok(db.read(|conn| views::of(conn, caller.viewer.user))?)
}

fn named(name: &str) -> Result<&str, ServiceError> {
    match name.trim() {
        "" => Err(ServiceError::field("name", "请填写视图名称")),
        name if MAX_NAME < name.chars().count() => {
            Err(ServiceError::field("name", format!("视图名称最多{MAX_NAME}个字")))
        }
        name => Ok(name),
    }
}

/// Saves a query under a name; the same name again replaces it.
///
/// # Errors
/// A name that is empty or too long, or too many views.
pub fn save(db: &Db, caller: &Caller, name: &str, query: &str) -> Result<(), ServiceError> {
    let name = named(name)?;
    if MAX_QUERY < query.len() {
        return Err(ServiceError::refused("条件过多，不能存为视图"));
    }
    db.write(|conn| {
        let known = views::of(conn, caller.viewer.user)?;
        if MAX_VIEWS <= known.len() && known.iter().all(|it| it.name != name) {
            return Err(ServiceError::refused(format!("最多保存{MAX_VIEWS}个视图，请先删除不用的")));
        }
        Ok(views::save(conn, caller.viewer.user, name, query, caller.now)?)
    })
}

/// Gives a view another name.
///
/// # Errors
/// A name that is empty, too long or taken; a view that is not the person's.
pub fn rename(db: &Db, caller: &Caller, id: &str, name: &str) -> Result<(), ServiceError> {
    let name = named(name)?;
    db.write(|conn| views::rename(conn, caller.viewer.user, id, name)).map_err(|err| match err {
        StorageError::Conflict => ServiceError::field("name", format!("已有名为“{name}”的视图")),
        err => err.into(),
    })
}

/// Deletes a view.
pub fn delete(db: &Db, caller: &Caller, id: &str) -> Result<(), ServiceError> {
    Ok(db.write(|conn| views::delete(conn, caller.viewer.user, id))?)
}
