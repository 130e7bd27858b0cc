//! What the annual report is made of besides its tables: indicators, wordings, problems, the agency's
//! document, and the reports that were filed.

pub mod filed;
pub mod indicators;
pub mod wordings;
