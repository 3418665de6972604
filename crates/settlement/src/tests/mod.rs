//! The contract on both databases, with benefit period and assistance played by the test.

mod claim_filing;
mod claim_payment;
mod claim_progress;
mod claim_store;
mod claimant;
mod ledger;
mod peers;
mod requests;
mod scenarios;
mod store;
mod suite;

use suite::{Stay, Suite, with_suites};
