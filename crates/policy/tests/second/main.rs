//! The second engine: what the rules pay, reckoned once more by plain code that was written from the catalogue and knows
//! nothing of the rules in use, on hundreds of thousands of generated years.
//!
//! `engine` reckons, `years` generates, `rules` asks the rules in use, `comparison` compares both to the fen, `properties`
//! holds what the law keeps (the list of `CLIFFS.md`). [`years::ENABLED`] names what the years reach.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod comparison;
mod engine;
mod examples;
mod properties;
mod rules;
mod years;
