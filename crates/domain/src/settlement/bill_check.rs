//! What is wrong with a bill by itself.

use chrono::{Datelike, NaiveDate};

use super::bill::Bill;
use super::maternity;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

impl Bill {
    /// Checks the bill by itself.
    ///
    /// # Errors
    /// Every failing condition: `NEGATIVE_AMOUNT`, `VALUE_NOT_ALLOWED`, `AMOUNT_INCONSISTENT` (J-5.1.3-a),
    /// `DATE_ORDER`, also for a later part of a stay that does not begin on 1 January of a later year, and
    /// `REQUIRED_FIELD_MISSING` for a stay that crosses New Year, whose cost has to be split by benefit period
    /// (J-5.1.6-a).
    pub fn check(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        for (field, amount) in [("bill.total_fen", self.total), ("bill.eligible_fen", self.in_catalogue)] {
            if amount.is_negative() {
                refusals.push(Refusal::new(Reason::NegativeAmount, "an amount is not negative").at(field));
            } else if amount > Fen::MAX_INPUT {
                let limit = Fen::MAX_INPUT.get();
                let detail = format!("an amount is at most {limit} fen");
                refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at(field).with("maximum_fen", limit));
            }
        }
        if self.total.is_zero() {
            refusals.push(Refusal::new(Reason::ValueNotAllowed, "a bill has a cost").at("bill.total_fen"));
        }
        if self.in_catalogue > self.total {
            refusals.push(
                Refusal::new(Reason::AmountInconsistent, "the eligible part is larger than the whole")
                    .at("bill.eligible_fen")
                    .with("total_fen", self.total.get())
                    .with("eligible_fen", self.in_catalogue.get())
                    .by("J-5.1.3-a"),
            );
        }
        if self.discharged_on < self.admitted_on {
            refusals.push(
                Refusal::new(Reason::DateOrder, "the discharge lies before the admission").at("bill.discharge_date"),
            );
        } else if self.discharged_on.year() != self.admitted_on.year() && !self.kind.is_maternity() {
            refusals.push(
                Refusal::new(
                    Reason::RequiredFieldMissing,
                    "the stay crosses New Year and its cost is needed by benefit period: one bill to 31 December, and \
                     one from 1 January that gives the first day of the stay as stay_admission_date",
                )
                .at("bill.discharge_date")
                .by("J-5.1.6-a"),
            );
        }
        maternity::check::check(self, &mut refusals);
        if let Some(began_on) = self.stay_began_on.filter(|_| !self.kind.is_maternity()) {
            self.check_later_part(began_on, &mut refusals);
        }
        refusals.into_result()
    }

    /// A later part of a stay begins with a benefit period, and the stay in an earlier one.
    fn check_later_part(&self, began_on: NaiveDate, refusals: &mut Refusals) {
        if began_on.year() >= self.admitted_on.year() {
            refusals.push(
                Refusal::new(Reason::DateOrder, "the stay did not begin in an earlier year than this part of it")
                    .at("bill.stay_admission_date")
                    .by("J-5.1.6-a"),
            );
        } else if self.admitted_on.ordinal() != 1 {
            refusals.push(
                Refusal::new(Reason::DateOrder, "a later part of a stay begins on 1 January")
                    .at("bill.admission_date")
                    .by("J-5.1.6-a"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures;
    use super::*;
    use crate::dates::written::day;

    fn bill(eligible: Fen) -> Bill {
        fixtures::bill(day("2021-01-12"), eligible)
    }

    fn refused(bill: &Bill) -> Vec<(Reason, &str)> {
        let refusals = bill.check().unwrap_err();
        let field = |refusal: &Refusal| match refusal.field.as_deref() {
            Some("bill.total_fen") => "total",
            Some("bill.eligible_fen") => "eligible",
            Some("bill.discharge_date") => "discharge",
            Some("bill.admission_date") => "admission",
            Some("bill.stay_admission_date") => "stay",
            _ => "other",
        };
        refusals.0.iter().map(|refusal| (refusal.reason, field(refusal))).collect()
    }

    #[test]
    fn a_sound_bill_passes() {
        assert_eq!(bill(Fen::yuan(20_000)).check(), Ok(()));
        // Nothing of it need be eligible, and a stay may begin and end on one day.
        let plain = bill(Fen::yuan(100));
        assert_eq!(Bill { in_catalogue: Fen::ZERO, discharged_on: plain.admitted_on, ..plain }.check(), Ok(()));
    }

    /// J-5.1.3-a.
    #[test]
    fn the_eligible_part_is_no_larger_than_the_whole() {
        let bill = Bill { in_catalogue: Fen::new(10_001), ..bill(Fen::new(10_000)) };
        assert_eq!(refused(&bill), [(Reason::AmountInconsistent, "eligible")]);
        assert_eq!(bill.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.3-a"));
    }

    #[test]
    fn amounts_have_limits() {
        assert_eq!(refused(&bill(Fen::ZERO)), [(Reason::ValueNotAllowed, "total")]);
        let above = Fen::MAX_INPUT + Fen::new(1);
        assert_eq!(refused(&bill(above)), [(Reason::ValueNotAllowed, "total"), (Reason::ValueNotAllowed, "eligible")]);
        assert_eq!(bill(Fen::MAX_INPUT).check(), Ok(()));
    }

    /// J-5.1.6-a.
    #[test]
    fn a_stay_across_new_year_comes_as_one_bill_for_each_year() {
        let sound = bill(Fen::yuan(100));
        let crossing = Bill { admitted_on: day("2020-12-20"), discharged_on: day("2021-01-15"), ..sound.clone() };
        assert_eq!(refused(&crossing), [(Reason::RequiredFieldMissing, "discharge")]);
        assert_eq!(crossing.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.6-a"));
        let backwards = Bill { admitted_on: day("2021-01-15"), discharged_on: day("2020-12-20"), ..sound };
        assert_eq!(refused(&backwards), [(Reason::DateOrder, "discharge")]);
    }

    /// J-5.1.6-a: the later part begins on 1 January, and its stay in an earlier year.
    #[test]
    fn a_later_part_of_a_stay_names_where_the_stay_began() {
        let part = |began: &str, admitted: &str| Bill {
            admitted_on: day(admitted),
            discharged_on: day("2021-01-15"),
            stay_began_on: Some(day(began)),
            ..bill(Fen::yuan(100))
        };
        assert_eq!(part("2020-12-20", "2021-01-01").check(), Ok(()));
        assert_eq!(part("2020-12-20", "2021-01-01").began_on(), day("2020-12-20"));
        assert_eq!(refused(&part("2021-01-01", "2021-01-01")), [(Reason::DateOrder, "stay")]);
        assert_eq!(refused(&part("2021-01-03", "2021-01-02")), [(Reason::DateOrder, "stay")]);
        assert_eq!(refused(&part("2020-12-20", "2021-01-02")), [(Reason::DateOrder, "admission")]);
    }

    #[test]
    fn every_failing_condition_is_reported() {
        let sound = bill(Fen::new(-100));
        let bill = Bill { in_catalogue: Fen::new(-1), discharged_on: day("2020-01-01"), ..sound };
        assert_eq!(
            refused(&bill),
            [
                (Reason::NegativeAmount, "total"),
                (Reason::NegativeAmount, "eligible"),
                (Reason::AmountInconsistent, "eligible"),
                (Reason::DateOrder, "discharge"),
            ]
        );
    }
}
