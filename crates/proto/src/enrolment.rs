//! What the registry tells other services about an enrolment, in the domain's terms.

use chrono::NaiveDate;
pub use juyi_domain::benefit_period::derive::Paid;
use juyi_domain::benefit_period::derive::{Enrolled, Facts};
use juyi_domain::codes::{Category, Class, District, Identity, Tier, Window};

use crate::code::Coded;
use crate::common::v1::{EnrolmentTerms, PersonState};
use crate::days::{day, maybe_day};
use crate::receipt::Malformed;
use crate::registry::v1 as wire;

/// An enrolment as far as premium and coverage depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Policy year.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Category.
    pub category: Category,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Window the application fell in.
    pub window: Window,
    /// Insured the year before.
    pub previous_year_insured: Option<bool>,
    /// Day of the interruption of employees' insurance.
    pub interrupted_on: Option<NaiveDate>,
}

impl Enrolment {
    /// An enrolment as the registry sent it.
    ///
    /// # Errors
    /// [`Malformed`] for a code or a date outside the contract.
    pub fn from_wire(enrolment: &wire::Enrolment) -> Result<Self, Malformed> {
        let previous_year_insured = match enrolment.previous_year() {
            wire::PreviousYear::Unspecified => None,
            previous => Some(previous == wire::PreviousYear::Insured),
        };
        Ok(Self {
            policy_year: enrolment.policy_year,
            district: enrolment.district.parse().map_err(|_| Malformed)?,
            category: Category::from_wire(enrolment.category).map_err(|_| Malformed)?,
            class: Class::from_wire(enrolment.class).map_err(|_| Malformed)?,
            tier: Tier::from_wire(enrolment.tier).map_err(|_| Malformed)?,
            applied_on: day(&enrolment.application_date)?,
            window: Window::from_wire(enrolment.window).map_err(|_| Malformed)?,
            previous_year_insured,
            interrupted_on: maybe_day(&enrolment.interruption_date)?,
        })
    }

    /// An enrolment as the registry tells it beside the person.
    ///
    /// # Errors
    /// [`Malformed`] for a code or a date outside the contract.
    pub fn from_terms(terms: &EnrolmentTerms) -> Result<Self, Malformed> {
        Ok(Self {
            policy_year: terms.policy_year,
            district: terms.district.parse().map_err(|_| Malformed)?,
            category: Category::from_wire(terms.category).map_err(|_| Malformed)?,
            class: Class::from_wire(terms.class).map_err(|_| Malformed)?,
            tier: Tier::from_wire(terms.tier).map_err(|_| Malformed)?,
            applied_on: day(&terms.application_date)?,
            window: Window::from_wire(terms.window).map_err(|_| Malformed)?,
            previous_year_insured: terms.previous_year_insured,
            interrupted_on: maybe_day(&terms.interruption_date)?,
        })
    }

    /// The facts of the coverage that a payment opens, as the benefit period finds them.
    #[must_use]
    pub fn coverage_facts(&self, born_on: NaiveDate, paid: Paid) -> Facts {
        let enrolled = Enrolled {
            policy_year: self.policy_year,
            category: self.category,
            applied_on: self.applied_on,
            window: self.window,
            previous_year_insured: self.previous_year_insured,
            interrupted_on: self.interrupted_on,
        };
        Facts::of(&enrolled, born_on, &paid)
    }
}

/// The birth date of a resident as the registry sent it.
///
/// # Errors
/// [`Malformed`] when it is no date.
pub fn born_on(resident: &wire::Resident) -> Result<NaiveDate, Malformed> {
    day(&resident.birth_date)
}

/// The birth date of a person as the registry told it.
///
/// # Errors
/// [`Malformed`] when it is no date.
pub fn born_on_of(person: &PersonState) -> Result<NaiveDate, Malformed> {
    day(&person.birth_date)
}

/// The identities of an answer of the registry, each once.
///
/// # Errors
/// [`Malformed`] for a code outside the contract.
pub fn identities(periods: &[wire::IdentityPeriod]) -> Result<Vec<Identity>, Malformed> {
    let held = periods.iter().map(|period| Identity::from_wire(period.identity).map_err(|_| Malformed));
    let mut held = held.collect::<Result<Vec<_>, _>>()?;
    held.sort_unstable();
    held.dedup();
    Ok(held)
}

/// The recorded day of death in an answer of the registry.
///
/// # Errors
/// [`Malformed`] when it is no date.
pub fn died_on(standing: &wire::GetStandingResponse) -> Result<Option<NaiveDate>, Malformed> {
    maybe_day(&standing.death_date)
}

#[cfg(test)]
mod tests {
    use juyi_domain::codes::PaymentMethod;

    use super::*;

    fn farmer() -> wire::Enrolment {
        wire::Enrolment {
            policy_year: 2021,
            district: "120118".to_owned(),
            category: Category::RuralResident.to_wire(),
            class: Class::Adult.to_wire(),
            tier: Tier::Middle.to_wire(),
            application_date: "2020-08-20".to_owned(),
            window: Window::Ordinary.to_wire(),
            previous_year: wire::PreviousYear::NotInsured.into(),
            ..Default::default()
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_enrolment_is_read_or_refused_as_a_whole() {
        let enrolment = Enrolment::from_wire(&farmer()).unwrap();
        assert_eq!((enrolment.previous_year_insured, enrolment.interrupted_on), (Some(false), None));
        let interrupted = wire::Enrolment { interruption_date: "2021-02-01".to_owned(), ..farmer() };
        assert_eq!(Enrolment::from_wire(&interrupted).unwrap().interrupted_on, Some(day("2021-02-01")));
        assert_eq!(Enrolment::from_wire(&wire::Enrolment { tier: 0, ..farmer() }), Err(Malformed));
        let undated = wire::Enrolment { application_date: String::new(), ..farmer() };
        assert_eq!(Enrolment::from_wire(&undated), Err(Malformed));
        assert_eq!(Enrolment::from_wire(&wire::Enrolment { window: 0, ..farmer() }), Err(Malformed));
    }

    #[test]
    fn terms_beside_a_person_say_the_same() {
        let terms = EnrolmentTerms {
            policy_year: 2021,
            district: "120118".to_owned(),
            category: Category::RuralResident.to_wire(),
            class: Class::Adult.to_wire(),
            tier: Tier::Middle.to_wire(),
            application_date: "2020-08-20".to_owned(),
            window: Window::Ordinary.to_wire(),
            previous_year_insured: Some(false),
            ..Default::default()
        };
        assert_eq!(Enrolment::from_terms(&terms), Enrolment::from_wire(&farmer()));
        let unknown = EnrolmentTerms { previous_year_insured: None, ..terms.clone() };
        assert_eq!(Enrolment::from_terms(&unknown).unwrap().previous_year_insured, None);
        assert_eq!(Enrolment::from_terms(&EnrolmentTerms { window: 0, ..terms }), Err(Malformed));
        assert_eq!(born_on_of(&PersonState::default()), Err(Malformed));
    }

    fn paid(fully_subsidised: bool) -> Paid {
        let method = if fully_subsidised { PaymentMethod::GovernmentSubsidy } else { PaymentMethod::BankCounter };
        Paid { on: day("2021-01-20"), method, fully_subsidised, invokes_epidemic_rule: false }
    }

    /// J-3.2.5-f: the day of registration, for special persons who owe nothing.
    #[test]
    fn the_day_of_registration_counts_for_who_owes_nothing() {
        let mut enrolment = Enrolment::from_wire(&farmer()).unwrap();
        let paid_on = |enrolment: &Enrolment, free| enrolment.coverage_facts(day("1970-01-01"), paid(free)).paid_on;
        assert_eq!(paid_on(&enrolment, true), day("2021-01-20"));
        enrolment.category = Category::SpecialPerson;
        assert_eq!(paid_on(&enrolment, true), day("2020-08-20"));
        assert_eq!(paid_on(&enrolment, false), day("2021-01-20"));
    }

    /// J-3.2.7-a, J-3.2.7-b: the window of the application tells whether it came through the channel.
    #[test]
    fn an_interrupted_employee_came_through_the_channel_or_not() {
        let mut enrolment = Enrolment::from_wire(&farmer()).unwrap();
        let in_channel =
            |enrolment: &Enrolment| enrolment.coverage_facts(day("1970-01-01"), paid(false)).through_channel;
        enrolment.category = Category::InterruptedEmployee;
        assert!(!in_channel(&enrolment));
        enrolment.window = Window::Personal;
        assert!(in_channel(&enrolment));
        enrolment.category = Category::SpecialPerson;
        assert!(!in_channel(&enrolment));
    }

    /// J-3.3.4-a: what was deducted, not who was to be deducted.
    #[test]
    fn a_deduction_is_a_way_of_paying() {
        let enrolment = Enrolment::from_wire(&farmer()).unwrap();
        let deducted = Paid { method: PaymentMethod::PensionDeduction, ..paid(false) };
        let facts = |paid| enrolment.coverage_facts(day("1970-01-01"), paid);
        assert!(facts(deducted).by_deduction && !facts(paid(false)).by_deduction);
    }

    #[test]
    fn an_identity_held_twice_counts_once() {
        let period = wire::IdentityPeriod { identity: Identity::LowIncome.to_wire(), ..Default::default() };
        assert_eq!(identities(&[period.clone(), period]), Ok(vec![Identity::LowIncome]));
        assert_eq!(identities(&[wire::IdentityPeriod::default()]), Err(Malformed));
    }
}
