//! Passwords and tokens, and what is kept of them.

use argon2::password_hash::PasswordHasher;
use argon2::{Argon2, PasswordVerifier};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::service::ServiceError;

/// The hash of a password, salted, by argon2id with the parameters of the crate (19 MiB, two passes).
///
/// # Errors
/// Where the hash cannot be made.
pub fn hash_password(password: &str) -> Result<String, ServiceError> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|it| it.to_string())
        .map_err(|err| ServiceError::refused(format!("the password cannot be hashed: {err}")))
}

/// Whether a password is the one behind a hash.
pub fn verify_password(password: &str, hash: &str) -> bool {
    argon2::PasswordHash::new(hash)
        .is_ok_and(|it| Argon2::default().verify_password(password.as_bytes(), &it).is_ok())
}

/// A token nobody can guess: 244 random bits.
pub fn random_token() -> String {
    format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple())
}

/// What the database keeps of a token.
pub fn hash_token(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes nobody can guess.
pub fn random_bytes() -> [u8; 32] {
    Sha256::digest(random_token().as_bytes()).into()
}
