//! What lies before a person: lists, lights, forecasts, and whole days played through in a browser.

pub mod find_pages;
pub mod forecast_pages;
pub mod list_pages;
pub mod stored_lists;
pub mod story_of_a_day;
pub mod story_of_keys;
pub mod story_of_pages;
