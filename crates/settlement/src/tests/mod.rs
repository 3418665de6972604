//! The contract on both databases, with benefit period and assistance played by the test.

mod ledger;
mod peers;
mod requests;
mod scenarios;
mod store;
mod suite;
mod years;

use suite::{Stay, Suite, with_suites};
