//! Whether a resident may enrol for a policy year, with every failing condition at once.

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use super::{class, desk, tier, window};
use crate::codes::{Category, Class, Desk, Identity, Tier, Window};
use crate::contribution::params::PremiumParams;
use crate::contribution::subsidy::maybe_ground;
use crate::id::EnrolmentId;
use crate::receipt::Receipt;
use crate::refusal::{Reason, Refusal, Refusals};

/// The facts of an application.
#[derive(Clone, Debug)]
pub struct Application {
    /// Category applied under.
    pub category: Category,
    /// Policy year applied for.
    pub policy_year: i32,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Desk at which it is filed.
    pub desk: Desk,
    /// Tier asked for.
    pub tier: Option<Tier>,
    /// Identities held on the day of application.
    pub identities: Vec<Identity>,
    /// Later of the ends of labour contract and unemployment benefit (AMB-025).
    pub interrupted_on: Option<NaiveDate>,
    /// Insured by this insurance on any day of the year before (AMB-028).
    pub previous_year_insured: Option<bool>,
    /// The enrolment already held for the policy year.
    pub existing: Option<EnrolmentId>,
}

/// An accepted application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Class, for the whole year.
    pub class: Class,
    /// Tier, for the whole year.
    pub tier: Tier,
    /// Window it fell in.
    pub window: Window,
    /// How it was decided.
    pub receipt: Receipt,
}

/// Decides an application.
///
/// # Errors
/// Every failing condition: those of [`window::decide`], [`desk::decide`] and [`tier::decide`],
/// `DUPLICATE_ENROLMENT`, `DATE_ORDER`, `EVIDENCE_NOT_ACCEPTED`, `CLASS_NOT_ELIGIBLE`, `REQUIRED_FIELD_MISSING`.
pub fn decide(
    application: &Application,
    params: &EnrolmentParams,
    premium: &PremiumParams,
) -> Result<Decision, Refusals> {
    let Application { category, born_on, applied_on, desk, ref identities, .. } = *application;
    let mut refusals = Refusals::default();
    let (class, class_step) = class::decide(category, born_on, applied_on, params);
    refusals.0.extend(facts(application, params));
    refusals.0.extend(class::maybe_too_old(category, born_on, applied_on, params));
    refusals.0.extend(previous_year(application, class, premium));
    let window = refusals.keep(window::decide(application, params));
    let desk = refusals.keep(desk::decide(category, desk, identities, params));
    let tier = refusals.keep(tier::decide(class, application, params, premium));
    let (Some((window, window_step)), Some(desk_step), Some((tier, tier_step))) = (window, desk, tier) else {
        return Err(refusals);
    };
    refusals.into_result()?;

    let mut receipt = Receipt::default();
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
    Ok(Decision { class, tier, window, receipt })
}

/// Conditions on the facts alone.
fn facts(application: &Application, params: &EnrolmentParams) -> impl Iterator<Item = Refusal> {
    [born_before(application), interrupted_after(application), not_enrolled(application), evidence(application, params)]
        .into_iter()
        .flatten()
}

/// Nobody is registered before birth (J-3.2.8-a, J-3.2.9-b).
fn born_before(application: &Application) -> Option<Refusal> {
    (application.applied_on < application.born_on)
        .then(|| Refusal::new(Reason::DateOrder, "the application lies before the birth").at("application_date"))
}

/// Nobody applies for an interruption to come; in the channel its own rule says so (J-3.2.7-a).
fn interrupted_after(application: &Application) -> Option<Refusal> {
    let later = application.interrupted_on.is_some_and(|interrupted_on| application.applied_on < interrupted_on);
    (later && !window::in_channel(application)).then(|| {
        Refusal::new(Reason::DateOrder, "the application lies before the interruption").at("interruption_date")
    })
}

/// One enrolment per policy year (J-1.3-a).
fn not_enrolled(application: &Application) -> Option<Refusal> {
    application.existing.map(|existing| {
        Refusal::new(Reason::DuplicateEnrolment, format!("already enrolled for {}", application.policy_year))
            .with("enrolment_id", existing)
            .by("J-1.3-a")
    })
}

/// A special person is on a list of the responsible authority (J-3.2.5-a, B-7.3.3-a).
fn evidence(application: &Application, params: &EnrolmentParams) -> Option<Refusal> {
    let special = application.category == Category::SpecialPerson;
    (special && desk::maybe_ground(&application.identities, params).is_none()).then(|| {
        Refusal::new(Reason::EvidenceNotAccepted, "no identity is recorded on that day that makes a special person")
            .at("category")
    })
}

/// Whoever may pay late or be a new entrant states whether the year before was insured (J-4.1.1-a, J-4.1.3-a).
///
/// Newborns have rules of their own, and so have interrupted employees in their channel and special persons who owe
/// nothing.
fn previous_year(application: &Application, class: Class, premium: &PremiumParams) -> Option<Refusal> {
    let needed = match application.category {
        Category::Newborn => false,
        Category::InterruptedEmployee => !window::in_channel(application),
        Category::SpecialPerson => maybe_ground(class, &application.identities, premium).is_none(),
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

    use super::super::fixtures::{baodi_2017, farmer, tianjin_2021};
    use super::*;
    use crate::contribution::fixtures as premium;
    use crate::dates::written::day;

    fn apply(application: &Application) -> Result<Decision, Refusals> {
        decide(application, &tianjin_2021(), &premium::tianjin_2021())
    }

    /// S-01.
    #[test]
    fn a_farmer_in_time_is_enrolled() {
        let decision = apply(&farmer()).unwrap();
        assert_eq!((decision.class, decision.tier, decision.window), (Class::Adult, Tier::Middle, Window::Ordinary));
        let rules: Vec<_> = decision.receipt.steps.iter().map(|step| step.rule_id.as_ref()).collect();
        assert_eq!(rules, ["J-3.1-a", "J-3.2.2-a", "J-3.2.9-b", "J-2.1-c"]);
    }

    /// S-03: the class decides which tiers there are.
    #[test]
    fn a_school_leaver_changes_class_on_the_birthday() {
        let leaver = |applied_on, tier| Application {
            category: Category::SchoolLeaver,
            born_on: day("2003-05-10"),
            applied_on: day(applied_on),
            tier,
            ..farmer()
        };
        let before = apply(&leaver("2021-05-09", None)).unwrap();
        assert_eq!((before.class, before.tier), (Class::StudentChild, Tier::StudentChild));
        let on = apply(&leaver("2021-05-10", Some(Tier::Low))).unwrap();
        assert_eq!((on.class, on.tier), (Class::Adult, Tier::Low));
    }

    /// S-06: at the township J-3.2.5-a refuses, and a second enrolment J-1.3-a; both are reported.
    #[test]
    fn a_special_person_at_the_township_who_is_enrolled_already() {
        let existing = EnrolmentId::from(Uuid::from_u128(7));
        let identities = vec![Identity::SevereDisability, Identity::SubsistenceAllowance];
        let application = Application { identities: identities.clone(), existing: Some(existing), ..farmer() };
        let refusals = apply(&application).unwrap_err();
        assert_eq!(refusals.0.len(), 2);
        assert!(refusals.has(Reason::ChannelMismatch));
        let duplicate = refusals.0.iter().find(|refusal| refusal.reason == Reason::DuplicateEnrolment).unwrap();
        assert_eq!(duplicate.rule_id.as_deref(), Some("J-1.3-a"));
        assert_eq!(duplicate.metadata, [("enrolment_id", existing.to_string())]);

        let registered = Application {
            category: Category::SpecialPerson,
            desk: Desk::CityMedicalInsuranceCentre,
            applied_on: day("2020-08-20"),
            identities,
            previous_year_insured: None,
            ..farmer()
        };
        assert_eq!(apply(&registered).unwrap().window, Window::Personal);
    }

    #[test]
    fn every_failing_condition_is_reported() {
        let application = Application {
            applied_on: day("2021-07-01"),
            desk: Desk::CitySocialInsuranceCentre,
            tier: None,
            previous_year_insured: None,
            existing: Some(EnrolmentId::from(Uuid::from_u128(1))),
            ..farmer()
        };
        let refusals = apply(&application).unwrap_err();
        let reasons: Vec<_> = refusals.0.iter().map(|refusal| refusal.reason).collect();
        assert_eq!(
            reasons,
            [
                Reason::DuplicateEnrolment,
                Reason::RequiredFieldMissing,
                Reason::WindowClosed,
                Reason::ChannelMismatch,
                Reason::RequiredFieldMissing,
            ]
        );
    }

    /// J-3.2.8-a.
    #[test]
    fn nobody_is_enrolled_before_birth() {
        let application = Application {
            category: Category::Newborn,
            born_on: day("2021-03-15"),
            applied_on: day("2021-03-14"),
            tier: None,
            previous_year_insured: None,
            ..farmer()
        };
        let refusals = apply(&application).unwrap_err();
        assert_eq!(refusals.0.len(), 1);
        assert!(refusals.has(Reason::DateOrder));
        let born = Application { applied_on: day("2021-03-15"), ..application };
        assert_eq!(apply(&born).unwrap().class, Class::StudentChild);
    }

    /// J-1.1-c, with the other failing conditions.
    #[test]
    fn an_adult_is_no_preschool_child() {
        let application =
            Application { category: Category::PreschoolChild, tier: None, previous_year_insured: None, ..farmer() };
        let refusals = apply(&application).unwrap_err();
        let reasons: Vec<_> = refusals.0.iter().map(|refusal| refusal.reason).collect();
        assert_eq!(reasons, [Reason::ClassNotEligible, Reason::RequiredFieldMissing, Reason::RuleNotDefined]);
        assert_eq!(refusals.0[0].rule_id.as_deref(), Some("J-1.1-c"));
        let baodi = Application { policy_year: 2017, applied_on: day("2016-10-12"), ..application };
        let refusals = decide(&baodi, &baodi_2017(), &premium::baodi_2017()).unwrap_err();
        assert_eq!(refusals.0[0].rule_id.as_deref(), Some("B-1.1-c"));
    }

    /// J-3.2.7-b: applying for the year to come, an interrupted employee may still pay late.
    #[test]
    fn an_interrupted_employee_outside_the_channel_states_the_year_before() {
        let application = Application {
            category: Category::InterruptedEmployee,
            desk: Desk::DistrictSocialInsuranceBranch,
            interrupted_on: Some(day("2020-11-20")),
            applied_on: day("2020-12-01"),
            previous_year_insured: None,
            ..farmer()
        };
        let refusals = apply(&application).unwrap_err();
        assert_eq!(refusals.0[0].field.as_deref(), Some("previous_year"));
        let in_channel = Application { applied_on: day("2021-02-01"), ..application };
        assert_eq!(apply(&in_channel).unwrap().window, Window::Personal);
    }

    /// J-2.3-b is for adults: a child on the list pays, and pays perhaps late (AMB-019).
    #[test]
    fn a_special_person_who_pays_states_the_year_before() {
        let child = Application {
            category: Category::SpecialPerson,
            desk: Desk::CityMedicalInsuranceCentre,
            born_on: day("2012-05-01"),
            tier: None,
            identities: vec![Identity::SubsistenceAllowance],
            previous_year_insured: None,
            ..farmer()
        };
        let refusals = apply(&child).unwrap_err();
        assert_eq!((refusals.0.len(), refusals.0[0].field.as_deref()), (1, Some("previous_year")));
        assert!(apply(&Application { previous_year_insured: Some(false), ..child }).is_ok());
    }

    #[test]
    fn a_special_person_holds_an_identity() {
        let application = Application {
            category: Category::SpecialPerson,
            desk: Desk::CityMedicalInsuranceCentre,
            identities: vec![Identity::SingleParentFamily],
            ..farmer()
        };
        let refusals = apply(&application).unwrap_err();
        assert_eq!(refusals.0.len(), 1);
        assert!(refusals.has(Reason::EvidenceNotAccepted));
    }

    /// S-08: B-7.3.3-a and B-5.5-a.
    #[test]
    fn a_special_person_of_baodi_is_enrolled_in_the_middle_tier() {
        let application = Application {
            category: Category::SpecialPerson,
            policy_year: 2017,
            applied_on: day("2016-10-12"),
            desk: Desk::CitySocialInsuranceCentre,
            tier: None,
            identities: vec![Identity::SubsistenceAllowance],
            previous_year_insured: None,
            ..farmer()
        };
        let decision = decide(&application, &baodi_2017(), &premium::baodi_2017()).unwrap();
        assert_eq!(decision.tier, Tier::Middle);
        assert!(decision.receipt.applies("B-7.3.3-a") && decision.receipt.applies("B-5.5-a"));
        let five_guarantees = Application { identities: vec![Identity::RuralExtremePoverty], ..application };
        let refusals = decide(&five_guarantees, &baodi_2017(), &premium::baodi_2017()).unwrap_err();
        assert!(refusals.has(Reason::RuleNotDefined));
    }
}
