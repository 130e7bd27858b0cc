//! What lies before a person: the queue, finding cases, saved views, acting on many, forecasts.

pub mod act_on_many;
pub mod find_cases;
pub mod forecast_cases;
pub mod save_views;
pub mod show_queue;
