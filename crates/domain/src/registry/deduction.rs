//! Enrolling who receives the old-age living subsidy (老年人生活补助费) and did not enrol in the window: the low tier is
//! deducted from the subsidy (J-3.3.4-a, B-7.3.3-c), and the person counts as enrolled in the window (AMB-041).
//!
//! The documents name no age; the agency that pays the subsidy knows who receives it.

use super::application::Application;
use super::params::EnrolmentParams;
use super::{category, class, enrolment};
use crate::codes::{Category, Class, Tier, Window};
use crate::contribution::params::PremiumParams;
use crate::contribution::subsidy::maybe_ground;
use crate::dates::year_end;
use crate::effective::Effective;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

/// Decides whether somebody is enrolled by deduction. The application is the agency's, made on the day of the deduction.
///
/// # Errors
/// Every failing condition: `WINDOW_NOT_OPEN` before the collection window has ended, `RULE_NOT_DEFINED` after the policy
/// year, `DUPLICATE_ENROLMENT`, `CLASS_NOT_ELIGIBLE` for who is no adult urban or rural resident, is fully subsidised or
/// has died, `VALUE_NOT_ALLOWED` for somebody of another district, and those of [`category::decide`].
pub fn decide(
    application: &Application,
    params: &EnrolmentParams,
    premium: &PremiumParams,
) -> Result<enrolment::Decision, Refusals> {
    let rule = &params.deduction_tier;
    let standing = category::decide(application, params);
    let (class, class_step) = class::decide(standing.category, application.born_on, application.applied_on, params);
    let mut refusals = Refusals::default();
    let adult = matches!(standing.category, Category::UrbanResident | Category::RuralResident) && class == Class::Adult;
    let mut category_step = None;
    if adult {
        category_step = refusals.keep(standing.outcome);
    } else {
        let detail = "the premium is deducted from the subsidy of adult urban and rural residents alone";
        let refusal = not_eligible(rule, detail);
        refusals.push(refusal.with("category", standing.category).with("class", class));
    }
    refusals.0.extend(enrolment::facts(application));
    refusals.0.extend(subsidised(application, class, rule, premium));
    refusals.0.extend(after_the_window(application, params));
    refusals.0.extend(of_the_district(application, rule));
    let Some(category_step) = category_step else { return Err(refusals) };
    refusals.into_result()?;

    let mut receipt = Receipt::default();
    receipt.push(category_step);
    class_step.into_iter().for_each(|step| receipt.push(step));
    let deducted = Step::by(rule, |tier| (*tier).into())
        .given("deduction_date", application.applied_on)
        .given("last_day", params.collection_window.last_day())
        .found("tier", rule.value)
        .found("window", Window::Ordinary);
    receipt.push(deducted);
    Ok(enrolment::Decision {
        category: standing.category,
        class,
        tier: rule.value,
        window: Window::Ordinary,
        interrupted_on: None,
        township: application.circumstances.maybe_township_in(application.desk_district).map(str::to_owned),
        // Nobody comes to a township for it.
        desk_township: None,
        receipt,
    })
}

fn not_eligible(rule: &Effective<Tier>, detail: &str) -> Refusal {
    Refusal::new(Reason::ClassNotEligible, detail).at("resident_id").by(rule.reference.rule_id.clone())
}

/// From whom nothing is due, nothing is deducted.
fn subsidised(
    application: &Application,
    class: Class,
    rule: &Effective<Tier>,
    premium: &PremiumParams,
) -> Option<Refusal> {
    let ground = maybe_ground(class, &application.identities(), premium)?;
    let refusal = not_eligible(rule, "the government pays the whole premium: nothing is deducted");
    Some(refusal.with("ground", &ground.reference.rule_id))
}

/// The deduction takes the place of the window that the person let pass, and is for its policy year alone.
fn after_the_window(application: &Application, params: &EnrolmentParams) -> Option<Refusal> {
    let rule_id = params.deduction_tier.reference.rule_id.clone();
    let (window, on) = (&params.collection_window, application.applied_on);
    let opens_on = window.end();
    if on < opens_on {
        let detail = format!("until {} people enrol themselves", window.last_day());
        let refusal = Refusal::new(Reason::WindowNotOpen, detail).at("deduction_date").with("opens_on", opens_on);
        return Some(refusal.by(rule_id));
    }
    let last_day = year_end(application.policy_year);
    let detail = "whether the premium of a past year is deducted is not printed";
    let refusal = Refusal::new(Reason::RuleNotDefined, detail).at("deduction_date").with("last_day", last_day);
    (on > last_day).then(|| refusal.by(rule_id))
}

/// A district has its own people deducted: who is registered or lives there.
fn of_the_district(application: &Application, rule: &Effective<Tier>) -> Option<Refusal> {
    let (known, district) = (&application.circumstances, application.desk_district);
    let registered = known.registration.as_ref().is_some_and(|registration| registration.district == Some(district));
    let lives = known.residence.as_ref().is_some_and(|residence| residence.district == district);
    let detail = "the person neither is registered nor lives in the district";
    let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("district").with("district", district);
    (!registered && !lives).then(|| refusal.by(rule.reference.rule_id.clone()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::fixtures::{attending, baodi_2017, farmer, from_elsewhere, holding, tianjin_2021, townsman};
    use super::*;
    use crate::codes::{CountGroup, Desk, District, Identity, InstitutionKind, Office};
    use crate::contribution::fixtures as premium;
    use crate::dates::written::day;
    use crate::id::EnrolmentId;
    use crate::registry::circumstances::Since;
    use crate::registry::counting;
    use crate::registry::enrolment::Decision;
    use crate::registry::facts::Employment;
    use crate::registry::supervision::fixtures as supervision;

    /// The agency's application for somebody, a fortnight after the window.
    fn deducted(person: Application) -> Application {
        Application {
            born_on: day("1950-05-01"),
            applied_on: day("2021-01-15"),
            desk: Desk::CitySocialInsuranceCentre,
            office: Office::System,
            papers: Vec::new(),
            tier: None,
            previous_year_insured: None,
            ..person
        }
    }

    fn in_baodi(person: Application) -> Application {
        let mut person = deducted(person);
        let circumstances = &mut person.circumstances;
        circumstances.registration.iter_mut().for_each(|registered| registered.district = Some(District::Baodi));
        circumstances.residence.iter_mut().for_each(|residence| residence.district = District::Baodi);
        Application { policy_year: 2017, desk_district: District::Baodi, applied_on: day("2017-01-10"), ..person }
    }

    fn decide_2021(application: &Application) -> Result<Decision, Refusals> {
        decide(application, &tianjin_2021(), &premium::tianjin_2021())
    }

    fn decide_2017(application: &Application) -> Result<Decision, Refusals> {
        decide(application, &baodi_2017(), &premium::baodi_2017())
    }

    fn told(answer: Result<Decision, Refusals>) -> Vec<(Reason, String)> {
        let rule = |refusal: Refusal| (refusal.reason, refusal.rule_id.unwrap_or_default().into_owned());
        answer.unwrap_err().0.into_iter().map(rule).collect()
    }

    fn one(reason: Reason, rule_id: &str) -> Vec<(Reason, String)> {
        vec![(reason, rule_id.to_owned())]
    }

    /// J-3.3.4-a, B-7.3.3-c: low tier, in the window (AMB-041), whether the household is of a town or of a village.
    #[test]
    fn who_receives_the_subsidy_is_enrolled_in_the_low_tier() {
        let law_2021 = decide_2021(&deducted(farmer())).unwrap();
        assert!(law_2021.receipt.applies("J-3.3.4-a") && law_2021.receipt.applies("J-1.2-a"));
        assert_eq!(decide_2021(&deducted(townsman())).unwrap().category, Category::UrbanResident);
        let law_2017 = decide_2017(&in_baodi(farmer())).unwrap();
        assert!(law_2017.receipt.applies("B-7.3.3-c") && law_2017.receipt.applies("B-1.2-a"));
        for decision in [law_2021, law_2017] {
            assert_eq!((decision.category, decision.class), (Category::RuralResident, Class::Adult));
            assert_eq!((decision.tier, decision.window), (Tier::Low, Window::Ordinary));
        }
    }

    /// J-3.3.4-a, B-7.3.3-c: the last day of the window is the person's own; the policy year bounds the deduction.
    #[test]
    fn the_deduction_comes_after_the_window() {
        let on = |applied_on| Application { applied_on: day(applied_on), ..deducted(farmer()) };
        assert_eq!(told(decide_2021(&on("2020-12-31"))), one(Reason::WindowNotOpen, "J-3.3.4-a"));
        assert!(decide_2021(&on("2021-01-01")).is_ok() && decide_2021(&on("2021-12-31")).is_ok());
        assert_eq!(told(decide_2021(&on("2022-01-01"))), one(Reason::RuleNotDefined, "J-3.3.4-a"));
        let on = |applied_on| Application { applied_on: day(applied_on), ..in_baodi(farmer()) };
        assert_eq!(told(decide_2017(&on("2016-12-31"))), one(Reason::WindowNotOpen, "B-7.3.3-c"));
        assert!(decide_2017(&on("2017-01-01")).is_ok());
        assert_eq!(told(decide_2017(&on("2018-01-01"))), one(Reason::RuleNotDefined, "B-7.3.3-c"));
    }

    /// J-3.3.4-a, B-7.3.3-c: already enrolled, nothing is taken.
    #[test]
    fn who_is_enrolled_is_not_deducted() {
        let existing = Some(EnrolmentId::from(Uuid::from_u128(7)));
        let enrolled = Application { existing, ..deducted(farmer()) };
        assert_eq!(told(decide_2021(&enrolled)), one(Reason::DuplicateEnrolment, "J-1.3-a"));
        let enrolled = Application { existing, ..in_baodi(farmer()) };
        assert_eq!(decide_2017(&enrolled).unwrap_err().0[0].reason, Reason::DuplicateEnrolment);
    }

    /// J-3.3.4-a, B-7.3.3-c: who owes nothing, and who is no elderly resident.
    #[test]
    fn others_are_not_eligible() {
        let not_eligible = |answer: Result<Decision, Refusals>, rule_id: &str| {
            let told = told(answer);
            assert!(told.contains(&(Reason::ClassNotEligible, rule_id.to_owned())), "{told:?}");
        };
        for identity in [Identity::SevereDisability, Identity::SubsistenceAllowance] {
            not_eligible(decide_2021(&deducted(holding(&[identity], farmer()))), "J-3.3.4-a");
        }
        not_eligible(decide_2017(&in_baodi(holding(&[Identity::SubsistenceAllowance], farmer()))), "B-7.3.3-c");
        let student = attending(InstitutionKind::HigherEducation, farmer());
        not_eligible(decide_2021(&deducted(student.clone())), "J-3.3.4-a");
        not_eligible(decide_2017(&in_baodi(student)), "B-7.3.3-c");
        let child = Application { born_on: day("2015-01-01"), ..deducted(farmer()) };
        not_eligible(decide_2021(&child), "J-3.3.4-a");
        not_eligible(decide_2021(&deducted(from_elsewhere(farmer()))), "J-3.3.4-a");
        let mut employed = deducted(townsman());
        employed.circumstances.employment = Some(Since { on: day("2020-01-01"), what: Employment { employed: true } });
        not_eligible(decide_2021(&employed), "J-1.2-a");
        let dead = Application { died_on: Some(day("2021-01-14")), ..deducted(farmer()) };
        not_eligible(decide_2021(&dead), "J-A1.3-j");
    }

    /// J-3.3.4-a: one district does not have another one's people deducted.
    #[test]
    fn a_district_has_its_own_people_deducted() {
        let elsewhere = Application { desk_district: District::Nankai, ..deducted(farmer()) };
        assert_eq!(told(decide_2021(&elsewhere)), one(Reason::ValueNotAllowed, "J-3.3.4-a"));
    }

    /// B-8.3-b leaves deductions out, J-A2.T-a counts them as general residents (AMB-122).
    #[test]
    fn the_desk_decides_where_a_deduction_counts() {
        for (law, group) in [
            (supervision::baodi_2017(), CountGroup::NotCounted),
            (supervision::jinghai_2021(), CountGroup::GeneralResidents),
        ] {
            let desk = Some(Desk::CitySocialInsuranceCentre);
            let counted = counting::group(Category::RuralResident, Class::Adult, desk, &law.counting).unwrap();
            assert_eq!(counted.0, group);
        }
    }
}
