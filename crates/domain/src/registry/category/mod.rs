//! As what a resident enrols, decided from the facts of the day and never taken from the caller.
//!
//! The first that matches decides: who is registered by an authority, who lives in an institution, who attends one here,
//! a newborn, an interrupted employee at their desk, a school leaver, who studies elsewhere, a child, an adult.

mod adult;
mod attendance;
mod child;
mod former;
mod special;

use super::application::Application;
use super::params::EnrolmentParams;
use crate::codes::Category;
use crate::receipt::Step;
use crate::refusal::Refusal;

pub(super) use attendance::maybe_student_here;
pub use child::is_newborn;
pub use former::in_channel;
pub use special::{Registrar, maybe_registrar};

/// As what somebody enrols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The category; when it is refused, the one that the facts come closest to.
    pub category: Category,
    /// Who registers a special person; `None` for everybody else.
    pub registrar: Option<Registrar>,
    /// The rule that decided and the facts it used, or why nobody of these facts may enrol so.
    pub outcome: Result<Step, Refusal>,
}

impl Standing {
    pub(super) fn accepted(category: Category, step: Step) -> Self {
        Self { category, registrar: None, outcome: Ok(step.found("category", category)) }
    }

    pub(super) const fn refused(category: Category, refusal: Refusal) -> Self {
        Self { category, registrar: None, outcome: Err(refusal) }
    }
}

/// Decides the category.
#[must_use]
pub fn decide(application: &Application, params: &EnrolmentParams) -> Standing {
    special::maybe(application, params)
        .or_else(|| attendance::maybe_stay(application))
        .or_else(|| attendance::maybe_here(application, params))
        .or_else(|| child::maybe_newborn(application, params))
        .or_else(|| former::maybe_interrupted(application, params))
        .or_else(|| former::maybe_leaver(application, params))
        .or_else(|| attendance::maybe_elsewhere(application, params))
        .or_else(|| child::maybe_minor(application, params))
        .unwrap_or_else(|| adult::decide(application, params))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{attending, baodi_2017, farmer, holding, interrupted, left_school, tianjin_2021};
    use super::*;
    use crate::codes::{Desk, Identity, InstitutionKind, LeavingReason};
    use crate::dates::written::day;

    /// The order of the rules: each fact decides before those below it.
    #[test]
    fn the_first_rule_that_matches_decides() {
        let law = tianjin_2021();
        let category = |application: &Application| decide(application, &law).category;
        let mut everything = holding(&[Identity::LowIncome], attending(InstitutionKind::HigherEducation, farmer()));
        assert_eq!(category(&everything), Category::SpecialPerson);
        everything.identities.clear();
        assert_eq!(category(&everything), Category::SchoolStudent);
        everything.circumstances.attendance = None;
        let leaver = left_school(LeavingReason::DroppedOut, everything);
        assert_eq!(category(&leaver), Category::SchoolLeaver);
        let branch = Desk::DistrictSocialInsuranceBranch;
        let mut employee = interrupted("2020-09-30", Application { desk: branch, ..farmer() });
        employee.policy_year = 2020;
        assert_eq!(category(&employee), Category::InterruptedEmployee);
        employee.desk = Desk::TownshipService;
        assert_eq!(category(&employee), Category::RuralResident);
        let child = Application { born_on: day("2016-02-01"), ..farmer() };
        assert_eq!(category(&child), Category::PreschoolChild);
        let baby = Application { born_on: day("2020-02-01"), ..farmer() };
        assert_eq!(category(&baby), Category::Newborn);
    }

    #[test]
    fn the_receipt_says_by_which_rule_and_from_what() {
        let standing = decide(&farmer(), &tianjin_2021());
        let step = standing.outcome.unwrap();
        assert_eq!((standing.category, step.rule_id.as_ref()), (Category::RuralResident, "J-1.2-a"));
        assert!(step.inputs().any(|input| input.name == "household_area"));
        assert_eq!(step.output("category"), Some(&"RURAL_RESIDENT".into()));
        assert_eq!(decide(&farmer(), &baodi_2017()).outcome.unwrap().rule_id, "B-1.2-a");
    }
}
