//! Sentences from figures.

mod lacks;
mod sentences;
mod words;
