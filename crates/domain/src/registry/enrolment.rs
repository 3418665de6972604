//! Whether a resident may enrol for a policy year, with every failing condition at once.

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use super::{class, desk, tier, window};
use crate::codes::{Category, Class, Desk, Identity, Tier, Window};
use crate::contribution::params::PremiumParams;
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
/// `DUPLICATE_ENROLMENT`, `DATE_ORDER`, `EVIDENCE_NOT_ACCEPTED`, `REQUIRED_FIELD_MISSING`.
pub fn decide(
    application: &Application,
    params: &EnrolmentParams,
    premium: &PremiumParams,
) -> Result<Decision, Refusals> {
    let mut refusals = Refusals::default();
    refusals.0.extend(facts(application));
    let window = refusals.keep(window::decide(application, params));
    let desk = refusals.keep(desk::decide(application.category, application.desk, &application.identities, params));
    let (class, class_step) = class::decide(application.category, application.born_on, application.applied_on, params);
    let tier =
        refusals.keep(tier::decide(class, application.tier, application.category, &application.identities, premium));
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
fn facts(application: &Application) -> impl Iterator<Item = Refusal> {
    [born_before(application), not_enrolled(application), evidence(application), previous_year(application)]
        .into_iter()
        .flatten()
}

/// Nobody is registered before birth (J-3.2.8-a, J-3.2.9-b).
fn born_before(application: &Application) -> Option<Refusal> {
    (application.applied_on < application.born_on)
        .then(|| Refusal::new(Reason::DateOrder, "the application lies before the birth").at("application_date"))
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
fn evidence(application: &Application) -> Option<Refusal> {
    let special = application.category == Category::SpecialPerson;
    (special && !desk::holds_ground(&application.identities)).then(|| {
        Refusal::new(Reason::EvidenceNotAccepted, "no identity is recorded on that day that makes a special person")
            .at("category")
    })
}

/// Whoever may pay late or be a new entrant states whether the year before was insured (J-4.1.1-a, J-4.1.3-a).
fn previous_year(application: &Application) -> Option<Refusal> {
    let needed =
        !matches!(application.category, Category::Newborn | Category::InterruptedEmployee | Category::SpecialPerson);
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
