//! Targets, progress and supervision: one file per question, each from the request to the answer.

mod appraisals;
mod circulars;
#[cfg(test)]
pub(crate) mod fixtures;
mod organisation;
mod progress;
mod recount;
mod responsibilities;
mod sub_targets;
mod targets;
#[cfg(test)]
mod tests;
mod work_items;

use std::sync::Arc;

use chrono::NaiveDate;
use juyi_domain::codes::{District, Office};
use juyi_domain::effective::Effective;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_policy::Snapshot;
use juyi_proto::fields::Fields;

pub(crate) use appraisals::{appraise, list_appraisals, set_appraisal_criteria};
pub(crate) use circulars::{issue_circular, list_circulars};
pub(crate) use organisation::get_organisation;
pub(crate) use progress::{get_progress, list_progress_history};
pub(crate) use recount::recount_progress;
pub(crate) use responsibilities::{list_responsibilities, set_responsibility};
pub(crate) use sub_targets::{list_sub_targets, set_sub_targets};
pub(crate) use targets::{get_target, list_targets};
pub(crate) use work_items::{assign_work_item, close_work_item, list_work_items, open_work_item};

use crate::registry::Registry;

/// The law of a district and year as it stands on a day.
fn law(registry: &Registry, (district, policy_year): (District, i32), on: NaiveDate) -> Result<Arc<Snapshot>, Refusal> {
    registry.context.policy().for_(district, policy_year, on)
}

/// The same, for questions about targets: of a year whose targets a later document speaks of without printing them, it
/// says so (B-8.3-d).
fn law_of_targets(
    registry: &Registry,
    (district, policy_year): (District, i32),
    on: NaiveDate,
) -> Result<Arc<Snapshot>, Refusal> {
    let policy = registry.context.policy();
    policy.for_(district, policy_year, on).map_err(|refusal| {
        let after = policy.for_(district, policy_year.saturating_add(1), on).ok();
        match after.as_ref().and_then(|law| law.supervision.earlier_target.as_ref()) {
            Some(Err(gap)) if refusal.reason == Reason::PolicyYearNotLoaded => {
                Refusal::from(gap.clone()).at("policy_year").with("policy_year", policy_year)
            }
            _ => refusal,
        }
    })
}

/// Refuses unless the office is one that the document names, in its own district.
fn require(caller: &Caller, offices: &Effective<Vec<Office>>, district: District) -> Result<(), Refusal> {
    caller.require(offices).map_err(|refusal| refusal.by(offices.reference.rule_id.clone()))?;
    caller.require_district(district)
}

/// A text that everybody reads. A run of 15 digits or more may be a person's number, which has no place in it.
fn public_text(fields: &mut Fields, name: &str, text: &str, longest: usize) -> String {
    let read = fields.text(name, text, 1..=longest);
    if text.split(|it: char| !it.is_ascii_digit()).any(|digits| digits.len() >= 15) {
        fields.refuse(name, Reason::ValueNotAllowed, format!("{name} names no person's number"));
    }
    read
}
