//! An inpatient bill and what is wrong with one.

use chrono::{Datelike, NaiveDate};

use crate::codes::{Identity, ProviderLevel, Tier};
use crate::id::SettlementId;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

/// One inpatient stay, with the facts of the person that settle it.
#[derive(Clone, Debug)]
pub struct Bill {
    /// Id of the settlement.
    pub id: SettlementId,
    /// First day of the stay; it decides the order of the bills and which stay is the first (AMB-055).
    pub admitted_on: NaiveDate,
    /// Last day of the stay.
    pub discharged_on: NaiveDate,
    /// Whole cost.
    pub total: Fen,
    /// Part of it inside the three catalogues.
    pub eligible: Fen,
    /// Level of the hospital.
    pub level: ProviderLevel,
    /// True when the hospital is designated for medical assistance (J-5.5.2-a).
    pub aid_designated: bool,
    /// Tier of the enrolment (AMB-136).
    pub tier: Tier,
    /// Identities held on the service date.
    pub identities: Vec<Identity>,
    /// Order of filing, which decides between stays that begin on one day.
    pub filed_at_order: u64,
}

impl Bill {
    /// Checks the bill by itself.
    ///
    /// # Errors
    /// Every failing condition: `NEGATIVE_AMOUNT`, `VALUE_NOT_ALLOWED`, `AMOUNT_INCONSISTENT` (J-5.1.3-a),
    /// `DATE_ORDER`, and `REQUIRED_FIELD_MISSING` for a stay that crosses New Year, whose cost has to be split by
    /// benefit period (J-5.1.6-a).
    pub fn check(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        for (field, amount) in [("bill.total_fen", self.total), ("bill.eligible_fen", self.eligible)] {
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
        if self.eligible > self.total {
            refusals.push(
                Refusal::new(Reason::AmountInconsistent, "the eligible part is larger than the whole")
                    .at("bill.eligible_fen")
                    .with("total_fen", self.total.get())
                    .with("eligible_fen", self.eligible.get())
                    .by("J-5.1.3-a"),
            );
        }
        if self.discharged_on < self.admitted_on {
            refusals.push(
                Refusal::new(Reason::DateOrder, "the discharge lies before the admission").at("bill.discharge_date"),
            );
        } else if self.discharged_on.year() != self.admitted_on.year() {
            refusals.push(
                Refusal::new(
                    Reason::RequiredFieldMissing,
                    "the stay crosses New Year; its cost is needed by benefit period, one bill for each",
                )
                .at("bill.discharge_date")
                .by("J-5.1.6-a"),
            );
        }
        refusals.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::bill;
    use super::*;
    use crate::dates::written::day;

    fn refused(bill: &Bill) -> Vec<(Reason, &str)> {
        let refusals = bill.check().unwrap_err();
        let field = |refusal: &Refusal| match refusal.field.as_deref() {
            Some("bill.total_fen") => "total",
            Some("bill.eligible_fen") => "eligible",
            Some("bill.discharge_date") => "discharge",
            _ => "other",
        };
        refusals.0.iter().map(|refusal| (refusal.reason, field(refusal))).collect()
    }

    #[test]
    fn a_sound_bill_passes() {
        assert_eq!(bill(1, Fen::yuan(20_000)).check(), Ok(()));
        // Nothing of it need be eligible, and a stay may begin and end on one day.
        let plain = bill(1, Fen::yuan(100));
        assert_eq!(Bill { eligible: Fen::ZERO, discharged_on: plain.admitted_on, ..plain }.check(), Ok(()));
    }

    /// J-5.1.3-a.
    #[test]
    fn the_eligible_part_is_no_larger_than_the_whole() {
        let bill = Bill { eligible: Fen::new(10_001), ..bill(1, Fen::new(10_000)) };
        assert_eq!(refused(&bill), [(Reason::AmountInconsistent, "eligible")]);
        assert_eq!(bill.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.3-a"));
    }

    #[test]
    fn amounts_have_limits() {
        assert_eq!(refused(&bill(1, Fen::ZERO)), [(Reason::ValueNotAllowed, "total")]);
        let above = Fen::MAX_INPUT + Fen::new(1);
        assert_eq!(
            refused(&bill(1, above)),
            [(Reason::ValueNotAllowed, "total"), (Reason::ValueNotAllowed, "eligible")]
        );
        assert_eq!(bill(1, Fen::MAX_INPUT).check(), Ok(()));
    }

    /// J-5.1.6-a.
    #[test]
    fn a_stay_across_new_year_comes_as_one_bill_for_each_year() {
        let sound = bill(1, Fen::yuan(100));
        let crossing = Bill { admitted_on: day("2020-12-20"), discharged_on: day("2021-01-15"), ..sound.clone() };
        assert_eq!(refused(&crossing), [(Reason::RequiredFieldMissing, "discharge")]);
        assert_eq!(crossing.check().unwrap_err().0[0].rule_id.as_deref(), Some("J-5.1.6-a"));
        let backwards = Bill { admitted_on: day("2021-01-15"), discharged_on: day("2020-12-20"), ..sound };
        assert_eq!(refused(&backwards), [(Reason::DateOrder, "discharge")]);
    }

    #[test]
    fn every_failing_condition_is_reported() {
        let sound = bill(1, Fen::new(-100));
        let bill = Bill { eligible: Fen::new(-1), discharged_on: day("2020-01-01"), ..sound };
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
