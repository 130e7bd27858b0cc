//! Gongkai: a case tracker for applications for government information (依申请公开).
//!
//! `docs/architecture.md` is the map. The modules below are in reading order.

pub mod domain;
pub mod import;
