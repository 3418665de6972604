//! Enrolling a student whose premium of the year is prepaid (J-3.2.1-c, J-3.3.3-a, J-3.3.3-b): from the facts on record,
//! without an application, a window or a desk of its own.

use super::application::Application;
use super::facts::Prepayment;
use super::params::EnrolmentParams;
use super::{category, class, enrolment, tier, township};
use crate::codes::{InstitutionKind, Window};
use crate::contribution::params::PremiumParams;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// Decides whether a prepaid student is enrolled for a year. The application is the suite's, made on the day of asking.
///
/// # Errors
/// Every failing condition: `PREPAYMENT_NOT_FOUND` for a year outside the term, `DUPLICATE_ENROLMENT`,
/// `CLASS_NOT_ELIGIBLE` for who attends no higher education here or has died.
pub fn decide(
    application: &Application,
    prepayment: Prepayment,
    params: &EnrolmentParams,
    premium: &PremiumParams,
) -> Result<enrolment::Decision, Refusals> {
    let mut refusals = Refusals::default();
    if !prepayment.covers(application.policy_year) {
        let refusal =
            Refusal::new(Reason::PrepaymentNotFound, "the prepayment does not cover the year").at("policy_year");
        let refusal = refusal.with("prepaid_until", prepayment.last_policy_year);
        refusals.push(refusal.by("J-3.3.3-a"));
    }
    refusals.0.extend(enrolment::known_facts(application));
    let attends = application.circumstances.attendance.as_ref();
    let higher = attends.is_some_and(|it| it.what.institution_kind == InstitutionKind::HigherEducation);
    let Some(standing) = category::maybe_student_here(application, params).filter(|_| higher) else {
        let detail = "only who attends a higher-education school full time is enrolled by a prepayment";
        refusals.push(Refusal::new(Reason::ClassNotEligible, detail).at("resident_id").by("J-3.3.3-a"));
        return Err(refusals);
    };
    let (class, _) = class::decide(standing.category, application.born_on, application.applied_on, params);
    let tier = refusals.keep(tier::decide(class, &standing, application, premium));
    let category_step = refusals.keep(standing.outcome);
    let (Some((tier, tier_step)), Some(category_step)) = (tier, category_step) else { return Err(refusals) };
    refusals.into_result()?;

    let mut receipt = Receipt::default();
    receipt.push(category_step.found("class", class));
    let prepaid = Step::new("J-3.2.1-c").given("prepaid_until", i64::from(prepayment.last_policy_year));
    receipt.push(prepaid.found("window", Window::Ordinary));
    receipt.push(tier_step);
    Ok(enrolment::Decision {
        category: standing.category,
        class,
        tier,
        window: Window::Ordinary,
        interrupted_on: None,
        township: township::maybe_counted_in(application),
        desk_township: None,
        receipt,
    })
}

#[cfg(test)]
mod tests {
    use super::super::circumstances::Since;
    use super::super::facts::SchoolLeaving;
    use super::super::fixtures::{attending, farmer, tianjin_2021};
    use super::*;
    use crate::codes::{Category, Class, LeavingReason, Tier};
    use crate::contribution::fixtures as premium;
    use crate::dates::written::day;

    const TERM: Prepayment = Prepayment { first_policy_year: 2020, last_policy_year: 2023 };

    /// A student with the prepayment on record, without papers and without a word on the year before.
    fn student(kind: InstitutionKind) -> Application {
        let mut student = attending(kind, farmer());
        student.circumstances.prepayment = Some(TERM);
        Application { papers: Vec::new(), tier: None, previous_year_insured: None, ..student }
    }

    fn told(application: &Application, term: Prepayment) -> Vec<Reason> {
        let refusals = decide(application, term, &tianjin_2021(), &premium::tianjin_2021()).unwrap_err();
        refusals.0.iter().map(|refusal| refusal.reason).collect()
    }

    /// J-3.2.1-c, J-3.3.3-a: enrolled as a student, in time whatever the day.
    #[test]
    fn a_prepaid_student_needs_no_application() {
        for applied_on in ["2020-10-12", "2021-11-30"] {
            let student = Application { applied_on: day(applied_on), ..student(InstitutionKind::HigherEducation) };
            let decision = decide(&student, TERM, &tianjin_2021(), &premium::tianjin_2021()).unwrap();
            assert_eq!((decision.category, decision.class), (Category::SchoolStudent, Class::StudentChild));
            assert_eq!((decision.tier, decision.window), (Tier::StudentChild, Window::Ordinary));
            assert!(decision.receipt.applies("J-3.2.1-c") && decision.receipt.applies("J-1.1-a"));
        }
    }

    /// J-3.3.3-a: no longer or never a student of higher education, a year outside the term, enrolled already.
    #[test]
    fn others_are_refused() {
        let higher = student(InstitutionKind::HigherEducation);
        assert_eq!(told(&student(InstitutionKind::SecondaryVocational), TERM), [Reason::ClassNotEligible]);
        let mut left = higher.clone();
        let on = higher.circumstances.attendance.as_ref().unwrap().on + chrono::Days::new(1);
        left.circumstances.leaving = Some(Since { on, what: SchoolLeaving { reason: LeavingReason::DroppedOut } });
        assert_eq!(told(&left, TERM), [Reason::ClassNotEligible]);
        let ended = Prepayment { last_policy_year: 2020, ..TERM };
        assert_eq!(told(&higher, ended), [Reason::PrepaymentNotFound]);
        let existing = Some(uuid::Uuid::from_u128(7).into());
        assert_eq!(told(&Application { existing, ..higher }, TERM), [Reason::DuplicateEnrolment]);
    }
}
