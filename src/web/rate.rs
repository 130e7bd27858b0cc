//! How often: attempts to sign in by address and by name, codes by account, changes by person.
//!
//! Kept in memory: a restart forgives everyone, which a guesser cannot bring about. That an account is
//! locked after wrong passwords is kept in the database, and is another matter.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::Method;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::config::Settings;
use crate::domain::ids::UserId;
use crate::web::error::WebError;

/// Attempts to sign in with one name in a minute, from wherever.
const ATTEMPTS_BY_NAME: u32 = 10;
/// Codes of a second factor in a minute, for one account.
const CODES: u32 = 6;
/// Calendar feeds fetched from one address in a minute: a whole office may share one.
const FEEDS_BY_ADDRESS: u32 = 120;
/// Fetches of one feed in a minute: calendar programs fetch a few times an hour.
const FETCHES_OF_FEED: u32 = 12;
/// Above so many keys, those that are as good as new are forgotten.
const MAX_KEYS: usize = 10_000;

/// All limits of the server.
pub struct Rates {
    addresses: Keyed<IpAddr>,
    names: Keyed<String>,
    codes: Keyed<UserId>,
    changes: Keyed<UserId>,
    feeds: Keyed<IpAddr>,
    feed: Keyed<String>,
    trusted_proxies: Vec<IpAddr>,
}

impl Rates {
    /// The limits of this installation.
    pub fn new(settings: &Settings) -> Self {
        Self {
            addresses: Keyed::per_minute(settings.door.attempts_per_minute),
            names: Keyed::per_minute(ATTEMPTS_BY_NAME),
            codes: Keyed::per_minute(CODES),
            changes: Keyed::per_minute(settings.server.changes_per_minute),
            feeds: Keyed::per_minute(FEEDS_BY_ADDRESS),
            feed: Keyed::per_minute(FETCHES_OF_FEED),
            trusted_proxies: settings.server.trusted_proxies.clone(),
        }
    }

    /// Counts a form sent without a login, against its address.
    ///
    /// # Errors
    /// [`WebError::TooMany`].
    pub fn of_address(&self, request: &HttpRequest) -> Result<(), WebError> {
        match self.address(request) {
            Some(address) => self.addresses.check(&address),
            None => Ok(()),
        }
    }

    /// Counts an attempt to sign in with a name.
    ///
    /// # Errors
    /// [`WebError::TooMany`].
    pub fn of_name(&self, name: &str) -> Result<(), WebError> {
        self.names.check(&name.trim().to_lowercase().chars().take(64).collect())
    }

    /// Counts a code of the second factor.
    ///
    /// # Errors
    /// [`WebError::TooMany`].
    pub fn of_code(&self, user: UserId) -> Result<(), WebError> {
        self.codes.check(&user)
    }

    /// Counts a request of somebody who is signed in, where it changes something.
    ///
    /// # Errors
    /// [`WebError::TooMany`].
    pub fn of_change(&self, method: &Method, user: UserId) -> Result<(), WebError> {
        if *method == Method::GET { Ok(()) } else { self.changes.check(&user) }
    }

    /// Counts the fetch of a calendar feed, against its address and against the feed itself.
    ///
    /// # Errors
    /// [`WebError::TooMany`].
    pub fn of_feed(&self, request: &HttpRequest, token_hash: &str) -> Result<(), WebError> {
        if let Some(address) = self.address(request) {
            self.feeds.check(&address)?;
        }
        self.feed.check(&token_hash.to_owned())
    }

    /// The address of the visitor: that of the connection, or where that is a trusted proxy the last one
    /// that proxy names. What a visitor writes into the header itself stands before that and is not read.
    pub fn address(&self, request: &HttpRequest) -> Option<IpAddr> {
        let peer = request.peer_addr()?.ip();
        if !self.trusted_proxies.contains(&peer) {
            return Some(peer);
        }
        let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|it| it.to_str().ok());
        let named: Vec<IpAddr> =
            forwarded.flat_map(|it| it.split(',')).filter_map(|it| it.trim().parse().ok()).collect();
        Some(named.into_iter().rev().find(|it| !self.trusted_proxies.contains(it)).unwrap_or(peer))
    }
}

struct Keyed<K: Clone + Hash + Eq>(DefaultKeyedRateLimiter<K>);

impl<K: Clone + Hash + Eq> Keyed<K> {
    fn per_minute(n: u32) -> Self {
        Self(RateLimiter::keyed(Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN))))
    }

    fn check(&self, key: &K) -> Result<(), WebError> {
        if MAX_KEYS < self.0.len() {
            self.0.retain_recent();
        }
        self.0.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            // Rounded up, so that who waits as long as they are told is let in.
            WebError::TooMany { seconds: (wait + Duration::from_millis(999)).as_secs().max(1) }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_share() {
        let keyed = Keyed::per_minute(2);
        assert!(keyed.check(&"a").is_ok() && keyed.check(&"a").is_ok());
        let Err(WebError::TooMany { seconds }) = keyed.check(&"a") else { panic!("a third one is let in") };
        assert!((1..=30).contains(&seconds), "{seconds}");
        assert!(keyed.check(&"b").is_ok());
    }
}
