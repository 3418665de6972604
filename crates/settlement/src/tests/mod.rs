//! The contract on both databases, with benefit period and assistance played by the test.

mod groups;
mod ledger;
mod peers;
mod requests;
mod scenarios;
mod store;
mod suite;

use suite::{Stay, Suite, with_suites};
