//! Whether a desk takes a self-paid claim.

use chrono::NaiveDate;

use super::account::{self, AtFiling};
use super::codes::{ClaimDesk, ClaimPaper, LeaverRegistration};
use super::params::ClaimParams;
use super::{desk, papers, time_limit};
use crate::codes::{Category, Class, District, LeavingReason};
use crate::receipt::Receipt;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::bill::Bill;

/// A claim as it lies on the desk.
#[derive(Clone, Debug)]
pub struct Filing<'a> {
    /// The bill that the person paid.
    pub bill: &'a Bill,
    /// Category of the enrolment.
    pub category: Category,
    /// Class of the enrolment.
    pub class: Class,
    /// District of the insured place.
    pub insured_district: District,
    /// Kind of the desk.
    pub desk: ClaimDesk,
    /// District of the desk; `None` for an office of the whole city.
    pub desk_district: Option<District>,
    /// The institution files for the person.
    pub by_institution: bool,
    /// Who left a school or nursery.
    pub leaving: Option<Leaving>,
    /// Papers presented.
    pub papers: &'a [ClaimPaper],
    /// Day of filing.
    pub filed_on: NaiveDate,
    /// The desk itself calls the claim late.
    pub flagged_late: bool,
    /// The account of the person.
    pub account: AtFiling,
}

/// That somebody left a school or nursery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// Day.
    pub left_on: NaiveDate,
    /// Why.
    pub reason: LeavingReason,
    /// Household registration.
    pub registration: LeaverRegistration,
}

/// Takes a claim: one claim for basic and critical illness insurance alike (J-6.2.1-a).
///
/// # Errors
/// Every failing condition: `WRONG_DESK` with metadata `right_desk` and `right_district`, `EVIDENCE_NOT_ACCEPTED`,
/// `RULE_NOT_DEFINED` and `DEADLINE_PASSED` for late claims, `DATE_ORDER`, and facts of a leaver that are missing or
/// belong to nobody who left.
pub fn decide(filing: &Filing<'_>, params: &ClaimParams) -> Result<Receipt, Refusals> {
    let mut refusals = Refusals::default();
    if filing.filed_on < filing.bill.discharged_on {
        let detail = "the claim is filed before the care ended";
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("filing_date"));
    }
    let steps = [
        refusals.keep(desk::decide(filing, params)),
        refusals.keep(papers::decide(filing, params)),
        refusals.keep(papers::decide_elsewhere(filing, params)).flatten(),
        refusals.keep(time_limit::decide(filing, params)),
        refusals.keep(account::decide(&filing.account, params)).flatten(),
    ];
    refusals.into_result()?;
    Ok(Receipt { steps: steps.into_iter().flatten().collect() })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, filing, paid_bill, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    /// J-6.2.1-a: nothing asks for a second claim for critical illness insurance; AMB-089: the limit is not printed.
    #[test]
    fn a_sound_claim_is_taken_with_its_reasons() {
        let bill = paid_bill();
        let receipt = decide(&filing(&bill), &tianjin_2021()).unwrap();
        let rules: Vec<_> = receipt.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(rules, ["J-6.2.1.1-a", "J-6.2.1.1-a", "J-6.2.1.1-c", "J-6.2.1.2-b"]);
        assert!(receipt.is_marked("LIMIT_NOT_DEFINED"));
    }

    /// B-6.1.2-a, B-6.1.2-b: the plan has desks and papers, and no accounts.
    #[test]
    fn the_plan_of_2017_asks_for_its_own_papers() {
        let bill = paid_bill();
        let receipt = decide(&filing(&bill), &baodi_2017()).unwrap();
        let rules: Vec<_> = receipt.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(rules, ["B-6.1.2-b", "B-6.1.2-a", "B-6.1.2-b"]);
    }

    #[test]
    fn every_failing_condition_is_told() {
        let bill = paid_bill();
        let wrong = Filing {
            desk: ClaimDesk::School,
            papers: &[],
            filed_on: day("2021-03-11"),
            flagged_late: true,
            account: AtFiling { claimed_before: true, ..AtFiling::default() },
            ..filing(&bill)
        };
        let refusals = decide(&wrong, &tianjin_2021()).unwrap_err();
        let reasons: Vec<_> = refusals.0.iter().map(|refusal| refusal.reason).collect();
        assert_eq!(
            reasons,
            [
                Reason::DateOrder,
                Reason::WrongDesk,
                Reason::EvidenceNotAccepted,
                Reason::RuleNotDefined,
                Reason::EvidenceNotAccepted,
            ]
        );
        let on_the_day = Filing { filed_on: day("2021-03-12"), ..filing(&bill) };
        assert!(decide(&on_the_day, &tianjin_2021()).is_ok());
    }
}
