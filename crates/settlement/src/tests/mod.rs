//! The contract on both databases, with benefit period and assistance played by the test.

mod as_of;
mod ledger;
mod national;
mod peers;
mod preview;
mod provider_dues;
mod provider_statements;
mod recompute;
mod requests;
mod scenarios;
mod store;
mod suite;

use suite::{Stay, Suite, with_suites};
