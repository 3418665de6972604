//! What is wrong with a bill by itself: its amounts, its days, and what its kind of care needs and does not know.

mod amounts;
mod days;
mod kind;
mod place;

use super::bill::Bill;
use super::maternity;
use crate::refusal::Refusals;

impl Bill {
    /// Checks the bill by itself.
    ///
    /// # Errors
    /// Every failing condition: `NEGATIVE_AMOUNT`; `AMOUNT_INCONSISTENT` for parts that are larger than the whole
    /// (J-5.1.3-a, J-5.1.5-b, J-8-3, J-8-4); `DATE_ORDER`; `REQUIRED_FIELD_MISSING` for a field its kind of care needs,
    /// and for a stay that crosses New Year, whose cost has to be split by benefit period (J-5.1.6-a);
    /// `VALUE_NOT_ALLOWED` for an amount out of range, a field its kind of care does not know, and a combination that
    /// does not exist.
    pub fn check(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        amounts::check(self, &mut refusals);
        days::check(self, &mut refusals);
        kind::check(self, &mut refusals);
        maternity::check::check(self, &mut refusals);
        place::check(self, &mut refusals);
        refusals.into_result()
    }

    /// The same of a bill whose kind of care could not be read.
    ///
    /// # Errors
    /// As [`Bill::check`], without what depends on the kind.
    pub fn check_without_kind(&self) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        amounts::check(self, &mut refusals);
        days::order(self, &mut refusals);
        refusals.into_result()
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::fixtures;
    use super::*;
    use crate::dates::written::day;
    use crate::money::Fen;
    use crate::refusal::Reason;

    /// A stay of six days in January 2021.
    pub(super) fn bill(eligible: Fen) -> Bill {
        fixtures::bill(day("2021-01-12"), eligible)
    }

    /// Reasons and fields of what is wrong with a bill.
    pub(super) fn refused(bill: &Bill) -> Vec<(Reason, &'static str)> {
        let field = |refusal: crate::refusal::Refusal| match refusal.field {
            Some(Cow::Borrowed(field)) => (refusal.reason, field.strip_prefix("bill.").unwrap_or(field)),
            _ => (refusal.reason, ""),
        };
        bill.check().unwrap_err().0.into_iter().map(field).collect()
    }

    #[test]
    fn a_sound_bill_passes() {
        assert_eq!(bill(Fen::yuan(20_000)).check(), Ok(()));
        // Nothing of it need be eligible, and a stay may begin and end on one day.
        let plain = bill(Fen::yuan(100));
        assert_eq!(Bill { in_catalogue: Fen::ZERO, discharged_on: plain.admitted_on, ..plain }.check(), Ok(()));
    }

    #[test]
    fn every_failing_condition_is_reported() {
        let sound = bill(Fen::new(-100));
        let bill = Bill { in_catalogue: Fen::new(-1), discharged_on: day("2020-01-01"), home_bed_days: 3, ..sound };
        assert_eq!(
            refused(&bill),
            [
                (Reason::NegativeAmount, "total_fen"),
                (Reason::NegativeAmount, "eligible_fen"),
                (Reason::AmountInconsistent, "eligible_fen"),
                (Reason::DateOrder, "discharge_date"),
                (Reason::ValueNotAllowed, "home_bed_days"),
            ]
        );
        // What does not depend on the kind is reported without it.
        assert_eq!(bill.check_without_kind().unwrap_err().0.len(), 4);
    }
}
