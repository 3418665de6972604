//! What the documents tell the public: outlets, office hours, the social security card, contacts, documents, publicity.
//!
//! Every answer comes from the law's data; what a document does not print is refused with `RULE_NOT_DEFINED`. Start from
//! [`params::InformationParams`] and one file per question: [`outlets`], [`office_hours`], [`card`], [`card_outlets`],
//! [`contacts`], [`documents`] and [`publicity`].

pub mod card;
pub mod card_outlets;
pub mod contacts;
pub mod documents;
#[cfg(test)]
mod fixtures;
pub mod office_hours;
pub mod outlets;
pub mod params;
pub mod publicity;

use crate::refusal::{Reason, Refusal};

/// What no document of the year prints.
fn not_printed(parameter: &str, detail: &str) -> Refusal {
    Refusal::new(Reason::RuleNotDefined, detail).with("parameter", parameter)
}
