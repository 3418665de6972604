//! The contract on both databases, with registry, benefit period and assistance played by the test.

mod as_of;
mod births;
mod claim_elsewhere;
mod claim_filing;
mod claim_payment;
mod claim_progress;
mod claim_store;
mod claimant;
mod filing_rows;
mod filings;
mod groups;
mod kinds;
mod ledger;
mod national;
mod peers;
mod preview;
mod provider_dues;
mod provider_statements;
mod providers;
mod recompute;
mod recompute_openings;
mod registrations;
mod requests;
mod scenarios;
mod standing;
mod store;
mod suite;
mod years;

use suite::{Stay, Suite, with_suites};
