//! Behaviour of the repository and of the calls, on SQLite and on PostgreSQL.

mod batches;
mod calls;
mod peers;
mod stand_in;
mod store;
mod ways;
