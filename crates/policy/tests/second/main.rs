//! The second engine: what the rules pay, reckoned once more by plain code that was written from the catalogue and knows
//! nothing of the rules in use, on hundreds of thousands of generated years.
//!
//! `engine` reckons (`births`, `aid`, `closing` and `recount` with it; a journey holds the services to these), `years`
//! generates (and `events`), `readings` switch what the law leaves open, `rules` asks the rules in use, `comparison` compares
//! both to the fen, `properties`, `caps` and `filing` hold what the law keeps. [`years::WHOLE`] names what the years reach.
//!
//! By hand, from the bills of `bills`: `examples` of the catalogue against the second engine; `settings`, `thresholds` and
//! `periods` against the rules in use, with each reading set as an operator sets it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod aid;
mod bills;
mod births;
mod caps;
mod closing;
mod comparison;
mod engine;
mod examples;
mod filing;
mod periods;
mod properties;
mod readings;
mod recount;
mod rules;
mod settings;
mod thresholds;
mod years;
