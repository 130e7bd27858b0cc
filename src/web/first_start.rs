//! The token of the first start, with which the first account is made.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::service::ServiceError;
use crate::service::access::{hashing, set_up};
use crate::storage::Db;

/// The token that the server prints while there is no account. Who can read what the server prints is who
/// may set it up; without it the first visitor would be the administrator.
#[derive(Debug)]
pub struct FirstStart {
    token: String,
    /// Whether an account has been seen. It never goes back, so that no request pays for the question twice.
    is_done: AtomicBool,
}

impl Default for FirstStart {
    fn default() -> Self {
        let token: String = hashing::hash_token(&hashing::random_token()).chars().take(16).collect();
        Self { token, is_done: AtomicBool::new(false) }
    }
}

impl FirstStart {
    /// Whether an account has been seen. One may be added by the command line at any moment.
    pub fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Relaxed)
    }

    /// Keeps in mind that there is an account.
    pub fn end(&self) {
        self.is_done.store(true, Ordering::Relaxed);
    }

    /// Whether this is the token.
    pub fn is_token(&self, given: &str) -> bool {
        // Hashes are compared, so that how long it takes tells nothing of the token.
        hashing::hash_token(given) == hashing::hash_token(&self.token)
    }

    /// The token, while it is good for something.
    pub fn token_if_needed(&self, db: &Db) -> Result<Option<&str>, ServiceError> {
        Ok(set_up::is_needed(db)?.then_some(&self.token))
    }
}
