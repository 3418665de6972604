//! Behaviour of the repository and of the calls, on SQLite and on PostgreSQL.

mod calls;
mod peers;
mod stand_in;
mod store;
