//! Behaviour of the repositories and of the calls, on SQLite and on PostgreSQL.

mod asking;
mod coverage;
mod explanations;
mod facts;
mod people;
mod previews;
mod remedies;
mod store;
mod stream;
