//! What both databases do with the same statements.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod bulk;
mod idle;
mod keyed;
