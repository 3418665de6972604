//! Behaviour of the repository and of the calls, on SQLite and on PostgreSQL.

mod calls;
mod stand_in;
mod store;
