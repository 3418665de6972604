//! Behaviour of the repository and of the calls, on SQLite and on PostgreSQL.

mod batches;
mod calls;
mod deductions;
mod office;
mod peers;
mod prepayments;
mod refund_grounds;
mod refunds;
pub(crate) mod stand_in;
mod store;
mod ways;
