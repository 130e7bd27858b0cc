//! The annual report: tables and the cases behind each cell, entered figures, checks, charts, and the text.

pub mod check_agency;
pub mod choose_agency;
pub mod derive_tables;
pub mod draw_charts;
pub mod draw_report;
pub mod enter_figures;
pub mod list_cell;
pub mod text;
pub mod trace_changes;
