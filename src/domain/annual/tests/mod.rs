//! Sentences from figures.

mod sentences;
mod words;
