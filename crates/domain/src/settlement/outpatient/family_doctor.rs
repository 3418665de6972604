//! A contract with a family doctor: 200 more and five points more, from the month after signing (J-5.1.4-a, -b, J-5.1.T-s).

use chrono::{Datelike, NaiveDate};

use super::params::{FamilyDoctorParams, FamilyDoctorScope, OutpatientParams};
use crate::effective::Effective;
use crate::money::{Fen, Rate};
use crate::receipt::Step;
use crate::settlement::case::Case;
use crate::settlement::params::BasicParams;

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

/// The bonus that a bill of outpatient care has.
pub(super) fn bonus<'a>(case: &Case, params: &'a OutpatientParams) -> Option<&'a FamilyDoctorParams> {
    let bonus = params.family_doctor.as_ref()?;
    let applies = match bonus.scope.value {
        FamilyDoctorScope::Outpatient | FamilyDoctorScope::AllCare => case.standing.family_doctor,
        FamilyDoctorScope::SignedInstitution => case.standing.family_doctor_here,
    };
    applies.then_some(bonus)
}

/// The bonus that a bill of stays and special outpatient care has: none, unless the points are read to be of all care
/// (AMB-059). The added amount is an outpatient one in each reading (J-5.1.4-a).
pub(in crate::settlement) fn bonus_of_stays<'a>(
    case: &Case,
    params: &'a BasicParams,
) -> Option<&'a FamilyDoctorParams> {
    let bonus = params.family_doctor.as_ref()?;
    (is_of_all_care(params) && case.standing.family_doctor).then_some(bonus)
}

/// The points are read to be of all care (AMB-059).
#[must_use]
pub fn is_of_all_care(params: &BasicParams) -> bool {
    params.family_doctor.as_ref().is_some_and(|bonus| bonus.scope.value == FamilyDoctorScope::AllCare)
}

/// A printed rate with the points of a contract.
pub(in crate::settlement) fn raised(printed: Rate, bonus: Option<&FamilyDoctorParams>) -> Rate {
    bonus.map_or(printed, |bonus| printed.plus_points(bonus.points.value))
}

/// Five points more (J-5.1.4-b, and the note J-5.1.T-s).
pub(in crate::settlement) fn points_step(bonus: &FamilyDoctorParams, printed: &Effective<Rate>, rate: Rate) -> Step {
    Step::by(&bonus.points, |points| i64::from(*points).into())
        .using(&bonus.scope, |scope| scope.as_str().into())
        .given("printed_rate", printed.value)
        .found("rate", rate)
}

/// The maximum of the year as it stands with or without the bonus.
pub(super) fn maximum(bonus: Option<&FamilyDoctorParams>, params: &OutpatientParams) -> Fen {
    params.maximum.value + bonus.map_or(Fen::ZERO, |bonus| bonus.amount.value)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{law_2021, settled, visit_on};
    use super::*;
    use crate::codes::{ProviderLevel, Tier};
    use crate::dates::written::day;
    use crate::receipt::Value;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::care::{OutOfArea, Place};
    use crate::settlement::fixtures::{basic_2021, case, special, try_settle};
    use crate::settlement::params::MaximumBasis;

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

    /// AMB-059, all care: a stay of 10000.00 at level 3 is paid (10000.00 − 500.00) × 75 % = 7125.00 instead of 6650.00, one
    /// chosen elsewhere × 65 %, special outpatient care × 55 %; a visit as before, and without a contract nothing more.
    #[test]
    fn five_points_more_for_all_care() {
        let mut law = basic_2021(MaximumBasis::FundPayment);
        let signed = |mut case: Case| {
            case.standing.family_doctor = true;
            [case]
        };
        let stay = || case(1, Fen::yuan(10_000));
        let special = || special(1, Fen::yuan(1_000), ProviderLevel::Three, Tier::Middle);
        let mut chosen = stay();
        let region = "110000".to_owned();
        chosen.bill.place = Place::Elsewhere { category: OutOfArea::SelfChosen, region, receiving_level: None };
        let basic = |cases: &[Case], law: &BasicParams| try_settle(cases, &Opening::default(), law).unwrap()[0].basic;
        assert_eq!(basic(&signed(stay()), &law), Fen::yuan(6_650));
        let scope = Effective::printed(FamilyDoctorScope::AllCare, "J-5.1.T-s");
        law.family_doctor.as_mut().unwrap().scope = scope.clone();
        assert_eq!(basic(&[stay()], &law), Fen::yuan(6_650));
        let expected = [7_125, 6_175, 275].map(Fen::yuan);
        assert_eq!([signed(stay()), signed(chosen), signed(special())].map(|cases| basic(&cases, &law)), expected);
        let outcome = try_settle(&signed(stay()), &Opening::default(), &law).unwrap().remove(0);
        let points = outcome.trace.steps.iter().find(|step| step.rule_id == "J-5.1.4-b").unwrap();
        assert_eq!(points.output("rate"), Some(&Value::Rate(Rate::percent(75))));
        let mut visits = law_2021();
        visits.family_doctor.as_mut().unwrap().scope = scope;
        let mut april = visit_on("2021-04-02", Fen::yuan(900));
        april.standing.family_doctor = true;
        assert_eq!(settled(&[april], &visits)[0].basic, Fen::yuan(220));
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
