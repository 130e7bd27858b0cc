//! The integration tests, one program: it links once, however many files there are.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod beijing_days;
mod browser;
mod calendar_feed;
mod calendar_notices;
mod calendar_oracle;
mod command_line;
mod concurrency;
mod demo_bureau;
mod letters_pdf;
mod mail_reminders;
mod mail_sending;
mod office;
mod pages_access;
mod pages_accounts;
mod pages_admin;
mod pages_cases;
mod pages_find;
mod pages_forecast;
mod pages_letters;
mod pages_mail;
mod pages_remedies;
mod pages_reports;
mod published_reports;
mod service_cases;
mod service_checks;
mod service_reports;
mod service_splits;
mod statistics_agree;
mod storage_cases;
mod storage_columns;
mod storage_find;
mod storage_journal;
mod storage_letters;
mod storage_numbers;
mod storage_pages;
mod storage_schema;
mod stories_day;
mod stories_keys;
mod stories_pages;
mod support;
mod terms;
mod tidy;
