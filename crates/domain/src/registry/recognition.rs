//! Conditions on which an authority recognises an identity: the lists of J-A1.3-o and J-A1.3-p, and the township's own
//! recognition of B-7.3.3-b.

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use crate::codes::{Area, Identity, Office};
use crate::dates::age_on;
use crate::refusal::{Reason, Refusal};

/// An entitled person with an employer is no special person: the treasury pays for those without one (J-A1.3-o, AMB-020).
///
/// # Errors
/// `CLASS_NOT_ELIGIBLE`.
pub fn entitled(has_employer: bool) -> Result<(), Refusal> {
    if has_employer {
        return Err(Refusal::new(Reason::ClassNotEligible, "an entitled person with an employer is insured there")
            .at("has_employer")
            .by("J-A1.3-o"));
    }
    Ok(())
}

/// The spouse of a retired veteran cadre has no fixed income (J-A1.3-p).
///
/// # Errors
/// `CLASS_NOT_ELIGIBLE`.
pub fn cadre_spouse(has_fixed_income: bool) -> Result<(), Refusal> {
    if has_fixed_income {
        return Err(Refusal::new(Reason::ClassNotEligible, "a spouse with a fixed income is not recognised")
            .at("has_fixed_income")
            .by("J-A1.3-p"));
    }
    Ok(())
}

/// True when a township itself recognises the identity: low income, of the age, registered in town (B-7.3.3-b).
#[must_use]
pub fn is_townships(
    (office, identity): (Office, Identity),
    (born_on, area): (NaiveDate, Option<Area>),
    start_on: NaiveDate,
    params: &EnrolmentParams,
) -> bool {
    let age = age_on(born_on, start_on).unwrap_or(0);
    office == Office::Township
        && identity == Identity::LowIncome
        && area == Some(Area::Urban)
        && params.low_income_senior_age.as_ref().is_some_and(|senior| age >= senior.value)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    /// J-A1.3-o.
    #[test]
    fn an_employer_rules_an_entitled_person_out() {
        assert_eq!(entitled(false), Ok(()));
        let refusal = entitled(true).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ClassNotEligible, Some("J-A1.3-o")));
    }

    /// J-A1.3-p.
    #[test]
    fn a_fixed_income_rules_a_spouse_out() {
        assert_eq!(cadre_spouse(false), Ok(()));
        let refusal = cadre_spouse(true).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ClassNotEligible, Some("J-A1.3-p")));
    }

    /// B-7.3.3-b: born 1956-12-31 and checked on 2016-12-31 qualifies; under 60 and rural do not.
    #[test]
    fn a_township_recognises_seniors_in_town() {
        let checked = day("2016-12-31");
        let is = |identity, born_on: &str, area, law: &EnrolmentParams| {
            is_townships((Office::Township, identity), (day(born_on), area), checked, law)
        };
        let (law, low_income) = (baodi_2017(), Identity::LowIncome);
        assert!(is(low_income, "1956-12-31", Some(Area::Urban), &law));
        assert!(!is(low_income, "1957-01-01", Some(Area::Urban), &law));
        assert!(!is(low_income, "1956-12-31", Some(Area::Rural), &law));
        assert!(!is(low_income, "1956-12-31", None, &law));
        assert!(!is(Identity::SubsistenceAllowance, "1956-12-31", Some(Area::Urban), &law));
        assert!(!is(low_income, "1956-12-31", Some(Area::Urban), &tianjin_2021()));
    }
}
