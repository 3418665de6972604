//! A contract with a family doctor: 200 more and five points more, from the month after signing (J-5.1.4-a, -b, J-5.1.T-s).

use chrono::{Datelike, NaiveDate};

use super::params::{FamilyDoctorParams, FamilyDoctorScope, OutpatientParams};
use crate::money::Fen;
use crate::settlement::case::Case;

/// A contract with a family doctor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Day of signing.
    pub signed_on: NaiveDate,
    /// Day it ended, if it did.
    pub ended_on: Option<NaiveDate>,
}

impl Contract {
    /// First day of the bonus: that of the month after signing (J-5.1.4-a).
    #[must_use]
    pub fn effective_on(&self) -> NaiveDate {
        next_month(self.signed_on)
    }

    /// True on a day with the bonus. An end stops it from the month after, by choice of this project: the document does not
    /// regulate it (AMB-060).
    #[must_use]
    pub fn in_effect(&self, on: NaiveDate) -> bool {
        self.effective_on() <= on && self.ended_on.is_none_or(|ended_on| on < next_month(ended_on))
    }
}

/// First day of the month after a day; the day itself at the end of time.
fn next_month(day: NaiveDate) -> NaiveDate {
    let (year, month) = if day.month() == 12 { (day.year() + 1, 1) } else { (day.year(), day.month() + 1) };
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or(day)
}

/// The bonus that a bill has.
pub(super) fn bonus<'a>(case: &Case, params: &'a OutpatientParams) -> Option<&'a FamilyDoctorParams> {
    let bonus = params.family_doctor.as_ref()?;
    let applies = match bonus.scope.value {
        FamilyDoctorScope::Outpatient => case.standing.family_doctor,
        FamilyDoctorScope::SignedInstitution => case.standing.family_doctor_here,
    };
    applies.then_some(bonus)
}

/// The maximum of the year as it stands with or without the bonus.
pub(super) fn maximum(bonus: Option<&FamilyDoctorParams>, params: &OutpatientParams) -> Fen {
    params.maximum.value + bonus.map_or(Fen::ZERO, |bonus| bonus.amount.value)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{law_2021, settled, visit_on};
    use super::*;
    use crate::dates::written::day;

    /// S-31, J-5.1.4-a: signed 2021-03-20, effective 2021-04-01; an end works from the month after (AMB-060).
    #[test]
    fn the_month_after_signing() {
        let contract = Contract { signed_on: day("2021-03-20"), ended_on: None };
        assert_eq!(contract.effective_on(), day("2021-04-01"));
        assert!(!contract.in_effect(day("2021-03-31")) && contract.in_effect(day("2021-04-01")));
        let december = Contract { signed_on: day("2021-12-01"), ended_on: None };
        assert_eq!(december.effective_on(), day("2022-01-01"));
        let ended = Contract { ended_on: Some(day("2021-06-01")), ..contract };
        assert!(ended.in_effect(day("2021-06-30")) && !ended.in_effect(day("2021-07-01")));
        // Ended before it took effect: never a bonus.
        let short = Contract { ended_on: Some(day("2021-03-25")), ..contract };
        assert!(!short.in_effect(day("2021-04-01")));
    }

    /// J-5.1.4-b, J-5.1.T-s, AMB-059: 400.00 × 55 % = 220.00 with a contract, 200.00 without.
    #[test]
    fn five_points_more() {
        let used_up = visit_on("2021-01-05", Fen::yuan(500));
        let mut april = visit_on("2021-04-02", Fen::yuan(400));
        april.standing.family_doctor = true;
        let outcomes = settled(&[used_up.clone(), april.clone()], &law_2021());
        assert_eq!(outcomes[1].basic, Fen::yuan(220));
        let points = outcomes[1].trace.steps.iter().find(|step| step.rule_id == "J-5.1.4-b").unwrap();
        assert!(points.parameters().any(|used| used.reference.rule_id == "J-5.1.T-s"));
        assert_eq!(
            settled(&[used_up.clone(), visit_on("2021-03-31", Fen::yuan(400))], &law_2021())[1].basic,
            Fen::yuan(200)
        );
        // The other reading: only at the institution of the contract.
        let mut law = law_2021();
        law.family_doctor.as_mut().unwrap().scope.value = FamilyDoctorScope::SignedInstitution;
        assert_eq!(settled(&[used_up.clone(), april.clone()], &law)[1].basic, Fen::yuan(200));
        april.standing.family_doctor_here = true;
        assert_eq!(settled(&[used_up, april], &law)[1].basic, Fen::yuan(220));
    }

    /// J-5.1.4-a: 4000.00 + 200.00.
    #[test]
    fn two_hundred_more() {
        let mut year = visit_on("2021-05-05", Fen::yuan(9_000));
        year.standing.family_doctor = true;
        let outcome = settled(&[year], &law_2021()).remove(0);
        assert_eq!(outcome.basic, Fen::yuan(4_200));
        assert!(outcome.trace.applies("J-5.1.4-a"));
    }
}
