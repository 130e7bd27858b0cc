//! Who may come in and as whom: signing in, accounts, the second factor, agencies, the first start.

pub mod accounts;
pub mod add_agency;
pub mod hashing;
pub mod manage_agencies;
pub mod set_second_factor;
pub mod set_up;
pub mod sign_in;
