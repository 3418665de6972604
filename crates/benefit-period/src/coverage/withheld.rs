//! What an answer withholds from offices that neither settle nor explain: identities, and the days of employees' insurance
//! and of the death. Whether the day is covered, by which rule, and from when to when, everybody is told.

use juyi_domain::codes::Office;
use juyi_domain::receipt::Step;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;

use super::Coverage;

/// Offices that settle bills, and the suite itself.
const SETTLERS: &[Office] =
    &[Office::Provider, Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// Days of employees' insurance, and of the death.
const PRIVATE: &[&str] = &["death_date", "interruption_date", "waiting_period_end_date"];

/// Takes out what the caller may not see.
pub(crate) fn withhold(coverage: &mut Coverage, caller: Option<&Caller>) {
    let settles = caller.is_some_and(|caller| SETTLERS.contains(&caller.office));
    if !settles {
        coverage.identities.clear();
    }
    // The tax bureau explains coverage (ExplainCoverage) and sees the same there.
    if settles || caller.is_some_and(|caller| caller.office == Office::Tax) {
        return;
    }
    match &mut coverage.found {
        Ok(found) => found.receipt.steps.iter_mut().for_each(strip_step),
        Err(reasons) => reasons.iter_mut().for_each(strip_reason),
    }
}

fn strip_step(step: &mut Step) {
    let is_private = |name: &str| PRIVATE.contains(&name);
    if step.output("paying_scheme").is_some() {
        // Who pays follows from nothing but days of employees' insurance.
        step.retain_inputs(|_| false);
    } else if step.inputs().any(|input| is_private(&input.name)) {
        // The last day is computed from the day withheld.
        step.retain_inputs(|input| !is_private(&input.name));
        step.retain_outputs(|output| output.name != "last_day");
    }
}

fn strip_reason(reason: &mut Refusal) {
    if reason.metadata.iter().any(|(name, _)| PRIVATE.contains(name)) {
        reason.metadata.retain(|(name, _)| !PRIVATE.contains(name));
        // The sentence names the day.
        "the benefits had ended by the day".clone_into(&mut reason.detail);
    }
}
