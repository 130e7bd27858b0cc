//! Gongkai: a case tracker for applications for government information (依申请公开).
//!
//! `docs/architecture.md` is the map. The modules below are in reading order.

pub mod domain;

pub mod storage;

pub mod files;

pub mod service;

pub mod import;

pub mod documents;

pub mod config;

pub mod mail;

pub mod jobs;

pub mod web;

pub mod cli;
