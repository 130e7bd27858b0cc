//! What lies before a person: the queue, the lists, forecasts.

pub mod find;
pub mod forecast;
pub mod queue;
