//! What the registry tells other services about an enrolment, in the domain's terms.

use chrono::NaiveDate;
use juyi_domain::benefit_period::derive::Facts;
use juyi_domain::codes::{Category, Class, District, Identity, Tier};

use crate::code::Coded;
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
        let interrupted_on = match enrolment.interruption_date.as_str() {
            "" => None,
            text => Some(day(text)?),
        };
        Ok(Self {
            policy_year: enrolment.policy_year,
            district: enrolment.district.parse().map_err(|_| Malformed)?,
            category: Category::from_wire(enrolment.category).map_err(|_| Malformed)?,
            class: Class::from_wire(enrolment.class).map_err(|_| Malformed)?,
            tier: Tier::from_wire(enrolment.tier).map_err(|_| Malformed)?,
            applied_on: day(&enrolment.application_date)?,
            previous_year_insured,
            interrupted_on,
        })
    }

    /// The facts of the coverage that a payment opens. A special person's coverage hangs on the day of registration,
    /// whatever day the government paid (J-3.2.5-f).
    #[must_use]
    pub fn coverage_facts(&self, born_on: NaiveDate, paid_on: NaiveDate, invokes_epidemic_rule: bool) -> Facts {
        Facts {
            policy_year: self.policy_year,
            category: self.category,
            class: self.class,
            born_on,
            previous_year_insured: self.previous_year_insured,
            paid_on: if self.category == Category::SpecialPerson { self.applied_on } else { paid_on },
            interrupted_on: self.interrupted_on,
            invokes_epidemic_rule,
        }
    }
}

/// The birth date of a resident as the registry sent it.
///
/// # Errors
/// [`Malformed`] when it is no date.
pub fn born_on(resident: &wire::Resident) -> Result<NaiveDate, Malformed> {
    day(&resident.birth_date)
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

fn day(text: &str) -> Result<NaiveDate, Malformed> {
    text.parse().map_err(|_| Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn farmer() -> wire::Enrolment {
        wire::Enrolment {
            policy_year: 2021,
            district: "120118".to_owned(),
            category: Category::RuralResident.to_wire(),
            class: Class::Adult.to_wire(),
            tier: Tier::Middle.to_wire(),
            application_date: "2020-08-20".to_owned(),
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
    }

    /// J-3.2.5-f.
    #[test]
    fn the_day_of_registration_counts_for_special_persons() {
        let (born_on, paid_on) = (day("1970-01-01"), day("2021-01-20"));
        let mut enrolment = Enrolment::from_wire(&farmer()).unwrap();
        assert_eq!(enrolment.coverage_facts(born_on, paid_on, false).paid_on, paid_on);
        enrolment.category = Category::SpecialPerson;
        assert_eq!(enrolment.coverage_facts(born_on, paid_on, false).paid_on, day("2020-08-20"));
    }

    #[test]
    fn an_identity_held_twice_counts_once() {
        let period = wire::IdentityPeriod { identity: Identity::LowIncome.to_wire(), ..Default::default() };
        assert_eq!(identities(&[period.clone(), period]), Ok(vec![Identity::LowIncome]));
        assert_eq!(identities(&[wire::IdentityPeriod::default()]), Err(Malformed));
    }
}
