//! Whether a resident may enrol for a policy year, with every failing condition at once.

use chrono::NaiveDate;

use super::application::Application;
use super::category::{self, Standing, in_channel};
use super::params::EnrolmentParams;
use super::{authority, class, desk, evidence, place, tier, township, unit, window};
use crate::codes::{Category, Class, Desk, Tier, Window};
use crate::contribution::params::PremiumParams;
use crate::contribution::subsidy::maybe_ground;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// An accepted application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Category, by which desk and window were decided.
    pub category: Category,
    /// Class, for the whole year.
    pub class: Class,
    /// Tier, for the whole year.
    pub tier: Tier,
    /// Window it fell in.
    pub window: Window,
    /// Day of the interruption; only for interrupted employees.
    pub interrupted_on: Option<NaiveDate>,
    /// Unit in whose figures it counts, where it is known.
    pub township: Option<String>,
    /// Township at whose service it was filed, where it was filed at one and is known (J-3.4.2-b).
    pub desk_township: Option<String>,
    /// How it was decided.
    pub receipt: Receipt,
}

/// Decides an application.
///
/// # Errors
/// Every failing condition: those of [`category::decide`], [`window::decide`], [`authority::decide`], [`desk::decide`],
/// [`place::decide`], [`unit::decide()`] and [`tier::decide`], `DUPLICATE_ENROLMENT`, `DATE_ORDER`, `EVIDENCE_NOT_ACCEPTED`,
/// `CLASS_NOT_ELIGIBLE`, `REQUIRED_FIELD_MISSING`.
pub fn decide(
    application: &Application,
    params: &EnrolmentParams,
    premium: &PremiumParams,
) -> Result<Decision, Refusals> {
    let standing = category::decide(application, params);
    let category = standing.category;
    let (class, class_step) = class::decide(category, application.born_on, application.applied_on, params);
    let mut refusals = Refusals::default();
    let category_step = refusals.keep(standing.outcome.clone());
    // Nobody who does not belong to the class is told a desk for it.
    let eligible = !refusals.has(Reason::ClassNotEligible);
    refusals.0.extend(facts(application));
    refusals.0.extend(previous_year(&standing, application, class, premium));
    let window = refusals.keep(window::decide(&standing, application, params));
    refusals.keep(authority::decide(&standing, application, params));
    let desk_step = if eligible { at_desk(&standing, application, params, &mut refusals) } else { None };
    let tier = refusals.keep(tier::decide(class, &standing, application, premium));
    let (Some(category_step), Some((window, window_step)), Some(desk_step), Some((tier, tier_step))) =
        (category_step, window, desk_step, tier)
    else {
        return Err(refusals);
    };
    refusals.into_result()?;

    let mut receipt = Receipt::default();
    receipt.push(category_step);
    receipt.push(window_step);
    // Where age does not decide, the clause that names the category fixes the class.
    match class_step {
        Some(class_step) => {
            receipt.push(desk_step);
            receipt.push(class_step);
        }
        None => receipt.push(desk_step.found("class", class)),
    }
    receipt.push(tier_step);
    let interrupted_on = application.maybe_interrupted_on().filter(|_| category == Category::InterruptedEmployee);
    let (township, desk_township) = (township::maybe_counted_in(application), township::maybe_of_desk(application));
    Ok(Decision { category, class, tier, window, interrupted_on, township, desk_township, receipt })
}

/// Desk, place, filing unit and papers.
fn at_desk(
    standing: &Standing,
    application: &Application,
    params: &EnrolmentParams,
    refusals: &mut Refusals,
) -> Option<Step> {
    refusals.0.extend(evidence::maybe_unconfirmed(standing, application, params));
    let step = refusals.keep(desk::decide(standing, application, params));
    refusals.keep(unit::decide(standing, application, params));
    // At a desk that serves others, where it lies does not matter any more.
    if step.is_some() {
        refusals.keep(place::decide(standing, application, params));
    }
    refusals.0.extend(evidence::maybe_missing(standing, application, params));
    refusals.0.extend(evidence::maybe_unverified(standing, application, params));
    step
}

/// Conditions on the facts alone.
pub(super) fn facts(application: &Application) -> impl Iterator<Item = Refusal> {
    known_facts(application).chain(not_prepaid(application))
}

/// Those that hold for who is enrolled by a prepayment, too.
pub(super) fn known_facts(application: &Application) -> impl Iterator<Item = Refusal> {
    let failing =
        [born_before(application), alive(application), interrupted_after(application), not_enrolled(application)];
    failing.into_iter().flatten()
}

/// Nobody is registered before birth (J-3.2.8-a, J-3.2.9-b).
fn born_before(application: &Application) -> Option<Refusal> {
    (application.applied_on < application.born_on)
        .then(|| Refusal::new(Reason::DateOrder, "the application lies before the birth").at("application_date"))
}

/// Nobody is registered after death (J-A1.3-j).
fn alive(application: &Application) -> Option<Refusal> {
    let died_on = application.died_on.filter(|died_on| *died_on < application.applied_on)?;
    let refusal = Refusal::new(Reason::ClassNotEligible, "the recorded day of death lies before the application");
    Some(refusal.at("application_date").with("death_date", died_on).by("J-A1.3-j"))
}

/// Nobody applies for an interruption to come; in the channel its own rule says so (J-3.2.7-a).
fn interrupted_after(application: &Application) -> Option<Refusal> {
    let later = application.maybe_interrupted_on().is_some_and(|on| application.applied_on < on);
    let at_hall = application.desk == Desk::TaxHall && !in_channel(Category::InterruptedEmployee, application);
    (later && at_hall)
        .then(|| Refusal::new(Reason::DateOrder, "the application lies before the interruption").at("application_date"))
}

/// One enrolment per policy year (J-1.3-a).
fn not_enrolled(application: &Application) -> Option<Refusal> {
    application.existing.map(|existing| {
        Refusal::new(Reason::DuplicateEnrolment, format!("already enrolled for {}", application.policy_year))
            .with("enrolment_id", existing)
            .by("J-1.3-a")
    })
}

/// Who prepaid by academic years is left out while the prepayment lasts (J-3.2.1-c).
fn not_prepaid(application: &Application) -> Option<Refusal> {
    let prepaid = application.circumstances.prepayment.filter(|prepaid| prepaid.covers(application.policy_year))?;
    let refusal = Refusal::new(Reason::DuplicateEnrolment, "the premium of the year is prepaid by academic years");
    Some(refusal.at("policy_year").with("prepaid_until", prepaid.last_policy_year).by("J-3.2.1-c"))
}

/// Whoever may pay late or be a new entrant states whether the year before was insured (J-4.1.1-a, J-4.1.3-a).
///
/// Newborns have rules of their own, and so have interrupted employees in their channel and special persons who owe
/// nothing.
fn previous_year(
    standing: &Standing,
    application: &Application,
    class: Class,
    premium: &PremiumParams,
) -> Option<Refusal> {
    let needed = match standing.category {
        Category::Newborn => false,
        Category::InterruptedEmployee => !in_channel(standing.category, application),
        Category::SpecialPerson => maybe_ground(class, &application.identities(), premium).is_none(),
        _ => true,
    };
    (needed && application.previous_year_insured.is_none()).then(|| {
        Refusal::new(Reason::RequiredFieldMissing, "whether the person was insured the year before is needed")
            .at("previous_year")
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::fixtures::{
        at_centre, attending, baodi_2017, farmer, from_elsewhere, holding, interrupted, left_school, school,
        tianjin_2021, townsman,
    };
    use super::*;
    use crate::codes::{District, Identity, InstitutionKind, LeavingReason, Office, Paper};
    use crate::contribution::fixtures as premium;
    use crate::dates::written::day;
    use crate::id::EnrolmentId;
    use crate::registry::facts::Prepayment;
    use crate::registry::unit::Unit;

    fn apply(application: &Application) -> Result<Decision, Refusals> {
        decide(application, &tianjin_2021(), &premium::tianjin_2021())
    }

    fn apply_in_baodi(application: &Application) -> Result<Decision, Refusals> {
        decide(application, &baodi_2017(), &premium::baodi_2017())
    }

    fn reasons(answer: Result<Decision, Refusals>) -> Vec<Reason> {
        answer.unwrap_err().0.iter().map(|refusal| refusal.reason).collect()
    }

    /// S-01: J-1.2-a stands first, with the facts it used.
    #[test]
    fn a_farmer_in_time_is_enrolled() {
        let decision = apply(&farmer()).unwrap();
        assert_eq!(decision.category, Category::RuralResident);
        assert_eq!((decision.class, decision.tier, decision.window), (Class::Adult, Tier::Middle, Window::Ordinary));
        let rules: Vec<_> = decision.receipt.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(rules, ["J-1.2-a", "J-3.1-a", "J-3.2.2-a", "J-3.2.9-b", "J-2.1-c"]);
        assert_eq!(decision.township.as_deref(), Some("120118.4"));
    }

    /// S-03: J-3.2.9-b decides the class, and the class which tiers there are.
    #[test]
    fn a_school_leaver_changes_class_on_the_birthday() {
        let leaver = |applied_on, tier| {
            let person = Application { born_on: day("2003-05-10"), applied_on: day(applied_on), tier, ..farmer() };
            let papers = vec![Paper::IdentityPaper, Paper::SupportingMaterial];
            left_school(LeavingReason::DroppedOut, Application { papers, ..person })
        };
        let before = apply(&leaver("2021-05-09", None)).unwrap();
        assert_eq!(before.category, Category::SchoolLeaver);
        assert_eq!((before.class, before.tier), (Class::StudentChild, Tier::StudentChild));
        let on = apply(&leaver("2021-05-10", Some(Tier::Low))).unwrap();
        assert_eq!((on.class, on.tier), (Class::Adult, Tier::Low));
    }

    /// S-06: at the township J-3.2.5-a refuses, and a second enrolment J-1.3-a; both are reported.
    #[test]
    fn a_special_person_at_the_township_who_is_enrolled_already() {
        let existing = EnrolmentId::from(Uuid::from_u128(7));
        let disabled = holding(&[Identity::SevereDisability, Identity::SubsistenceAllowance], farmer());
        let refusals = apply(&Application { existing: Some(existing), ..disabled.clone() }).unwrap_err();
        assert_eq!(refusals.0.len(), 2);
        assert!(refusals.has(Reason::ChannelMismatch));
        let duplicate = refusals.0.iter().find(|refusal| refusal.reason == Reason::DuplicateEnrolment).unwrap();
        assert_eq!(duplicate.rule_id.as_deref(), Some("J-1.3-a"));
        assert_eq!(duplicate.metadata, [("enrolment_id", existing.to_string())]);

        let registered = Application {
            applied_on: day("2020-08-20"),
            previous_year_insured: None,
            ..at_centre(Desk::CityMedicalInsuranceCentre, disabled)
        };
        assert_eq!(apply(&registered).unwrap().window, Window::Personal);
    }

    #[test]
    fn every_failing_condition_is_reported() {
        let application = Application {
            applied_on: day("2021-07-01"),
            desk: Desk::CitySocialInsuranceCentre,
            papers: Vec::new(),
            tier: None,
            previous_year_insured: None,
            existing: Some(EnrolmentId::from(Uuid::from_u128(1))),
            ..from_elsewhere(farmer())
        };
        assert_eq!(
            reasons(apply(&application)),
            [
                Reason::EvidenceNotAccepted,
                Reason::DuplicateEnrolment,
                Reason::RequiredFieldMissing,
                Reason::WindowClosed,
                Reason::RoleNotAllowed,
                Reason::ChannelMismatch,
                Reason::EvidenceNotAccepted,
                Reason::RequiredFieldMissing,
            ]
        );
    }

    /// J-3.2.8-a.
    #[test]
    fn nobody_is_enrolled_before_birth() {
        let application = Application {
            born_on: day("2021-03-15"),
            applied_on: day("2021-03-14"),
            tier: None,
            previous_year_insured: None,
            ..farmer()
        };
        assert_eq!(reasons(apply(&application)), [Reason::DateOrder]);
        let born = Application { applied_on: day("2021-03-15"), ..application };
        assert_eq!(apply(&born).unwrap().class, Class::StudentChild);
    }

    /// J-A1.3-j: on the day of death the application may still have been made.
    #[test]
    fn nobody_is_enrolled_after_death() {
        let dead = |died_on| Application { died_on: Some(day(died_on)), ..farmer() };
        assert_eq!(reasons(apply(&dead("2020-10-11"))), [Reason::ClassNotEligible]);
        assert!(apply(&dead("2020-10-12")).is_ok());
    }

    /// J-3.2.1-c: prepaid for 2020 to 2023, not on the roster of 2021.
    #[test]
    fn a_prepaid_student_is_left_out() {
        let prepaid = |first_policy_year, last_policy_year| {
            let mut student = attending(InstitutionKind::HigherEducation, farmer());
            student.circumstances.prepayment = Some(Prepayment { first_policy_year, last_policy_year });
            Application {
                desk: Desk::DistrictSocialInsuranceBranch,
                office: Office::Education,
                unit_id: Some("120118.S1".to_owned()),
                unit: Some(Unit { target_unit: Some("120118.19".to_owned()), ..school("120118.S1") }),
                tier: None,
                ..student
            }
        };
        let refusals = apply(&prepaid(2020, 2023)).unwrap_err();
        assert_eq!((refusals.0.len(), refusals.0[0].reason), (1, Reason::DuplicateEnrolment));
        assert_eq!(refusals.0[0].rule_id.as_deref(), Some("J-3.2.1-c"));
        let decision = apply(&prepaid(2018, 2020)).unwrap();
        assert_eq!((decision.class, decision.township.as_deref()), (Class::StudentChild, Some("120118.19")));
    }

    /// J-1.1-a: who does not belong to the class is told that, and no desk.
    #[test]
    fn a_part_time_student_with_a_job_is_no_student() {
        let mut student = attending(InstitutionKind::HigherEducation, farmer());
        student.circumstances.attendance.as_mut().unwrap().what.full_time = false;
        assert_eq!(reasons(apply(&Application { tier: None, ..student })), [Reason::ClassNotEligible]);
    }

    /// J-3.2.7-b: applying for the year to come, an interrupted employee may still pay late.
    #[test]
    fn an_interrupted_employee_outside_the_channel_states_the_year_before() {
        let employee = Application { previous_year_insured: None, ..interrupted("2020-11-20", farmer()) };
        let (hall, branch) = (Desk::TaxHall, Desk::DistrictSocialInsuranceBranch);
        let onward = Application { desk: hall, office: Office::Tax, applied_on: day("2020-12-01"), ..employee.clone() };
        let refusals = apply(&onward).unwrap_err();
        assert_eq!((refusals.0.len(), refusals.0[0].field.as_deref()), (1, Some("previous_year")));
        let office = Office::SocialInsurance;
        let running = Application { desk: branch, office, applied_on: day("2021-02-01"), ..employee };
        let decision = apply(&running).unwrap();
        assert_eq!((decision.window, decision.interrupted_on), (Window::Personal, Some(day("2020-11-20"))));
    }

    /// J-2.3-b is for adults: a child on the list pays, and pays perhaps late (AMB-019).
    #[test]
    fn a_special_person_who_pays_states_the_year_before() {
        let child = Application {
            born_on: day("2012-05-01"),
            tier: None,
            previous_year_insured: None,
            ..at_centre(Desk::CityMedicalInsuranceCentre, holding(&[Identity::SubsistenceAllowance], farmer()))
        };
        let refusals = apply(&child).unwrap_err();
        assert_eq!((refusals.0.len(), refusals.0[0].field.as_deref()), (1, Some("previous_year")));
        assert!(apply(&Application { previous_year_insured: Some(false), ..child }).is_ok());
    }

    /// J-3.2.5-a: without an identity of the list nobody is registered at the centre.
    #[test]
    fn the_centre_registers_nobody_without_an_identity() {
        let single_parent = holding(&[Identity::SingleParentFamily], farmer());
        let single_parent = at_centre(Desk::CityMedicalInsuranceCentre, single_parent);
        assert_eq!(reasons(apply(&single_parent)), [Reason::EvidenceNotAccepted, Reason::ChannelMismatch]);
    }

    /// S-08: B-7.3.3-a and B-5.5-a; B-7.3.3-b for the senior in town.
    #[test]
    fn special_persons_of_baodi_are_enrolled_in_the_middle_tier() {
        let special = |identity, person: Application| {
            let person = holding(&[identity], person);
            Application { tier: None, previous_year_insured: None, desk_district: District::Baodi, ..person }
        };
        let registered = |identity| at_centre(Desk::CitySocialInsuranceCentre, special(identity, farmer()));
        let decision = apply_in_baodi(&registered(Identity::SubsistenceAllowance)).unwrap();
        assert_eq!(decision.tier, Tier::Middle);
        assert!(decision.receipt.applies("B-7.3.3-a") && decision.receipt.applies("B-5.5-a"));
        let refusals = apply_in_baodi(&registered(Identity::RuralExtremePoverty)).unwrap_err();
        assert!(refusals.has(Reason::RuleNotDefined));

        let mut senior = special(Identity::LowIncome, Application { born_on: day("1955-06-01"), ..townsman() });
        senior.circumstances.registration.as_mut().unwrap().district = Some(District::Baodi);
        senior.previous_year_insured = Some(true);
        let decision = apply_in_baodi(&senior).unwrap();
        assert_eq!((decision.category, decision.tier), (Category::SpecialPerson, Tier::Middle));
        assert!(decision.receipt.applies("B-7.3.3-b"));
    }
}
