//! The rules of residents' basic medical insurance, as pure functions.
//!
//! Nothing here waits, stores, reads a clock or knows the wire: a rule takes facts and the parameters of
//! the law, and answers with a [`receipt::Receipt`] or with [`refusal::Refusals`]. Amounts are whole fen,
//! periods are half-open, and no float occurs.
//!
//! Start from [`money::Fen`], [`dates::Period`], [`effective::Effective`] and [`receipt::Receipt`]; then
//! read one bounded context: [`registry`], [`contribution`], [`benefit_period`], [`settlement`],
//! [`assistance`] or [`accident`]; [`information`] answers what the documents tell the public.
//!
//! To add a rule: one file in its context named after what it decides, a function that makes a
//! [`receipt::Step`] with the rule's id, and the catalogue's example of that id as a test below it.

pub mod accident;
pub mod assistance;
pub mod benefit_period;
pub mod codes;
pub mod contribution;
pub mod dates;
pub mod effective;
pub mod id;
pub mod information;
pub mod money;
pub mod receipt;
pub mod refusal;
pub mod registry;
// The file of the testkit, which itself depends on this crate.
#[cfg(test)]
#[path = "../../testkit/src/seeded.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of other crates")]
mod seeded;
pub mod settlement;
pub mod working_days;
