//! The contract on both databases, with benefit period and assistance played by the test.

mod births;
mod filing_rows;
mod filings;
mod kinds;
mod claim_filing;
mod claim_payment;
mod claim_progress;
mod claim_store;
mod claimant;
mod as_of;
mod groups;
mod ledger;
mod national;
mod peers;
mod registrations;
mod preview;
mod provider_dues;
mod provider_statements;
mod recompute;
mod requests;
mod scenarios;
mod standing;
mod store;
mod suite;
mod years;

use suite::{Stay, Suite, with_suites};
