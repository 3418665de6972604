//! Home beds: inpatient care in every respect (J-5.1.T-q, J-5.1.4-c, AMB-066), on so many days of the year (J-5.1.T-r).

use crate::effective::Effective;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};
use crate::settlement::accumulators::Accumulators;
use crate::settlement::care::CareKind;
use crate::settlement::case::Case;
use crate::settlement::params::BasicParams;

/// Days of a home-bed bill within its year.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days<'a> {
    /// Days that are paid in a year.
    limit: &'a Effective<u32>,
    /// Days paid before.
    before: u32,
    /// Days of the bill.
    pub(super) own: u32,
    /// Days that may still be paid; none makes a bill that is not covered, and out of scope for what follows (AMB-142).
    pub(super) left: u32,
}

/// The days of a home-bed bill; `None` for other care.
///
/// # Errors
/// `REQUIRED_FIELD_MISSING` when only the first days of the bill may be paid: their cost is needed alone. The gap of a
/// year that prints nothing for home beds.
pub(super) fn days<'a>(
    case: &Case,
    before: &Accumulators,
    params: &'a BasicParams,
) -> Result<Option<Days<'a>>, Refusals> {
    if case.bill.kind != CareKind::HomeBed {
        return Ok(None);
    }
    let limit = &params.home_bed.as_ref().map_err(Clone::clone)?.days_per_year;
    let (own, left) = (case.bill.home_bed_days, limit.value.saturating_sub(before.home_bed_days));
    if left > 0 && own > left {
        let detail = format!(
            "only {left} more days of home bed are paid in the year: one bill for these days, and one for the others"
        );
        let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at("bill.home_bed_days");
        // The bill may be another than the one that is filed.
        let refusal = refusal.with("settlement_id", case.id);
        return Err(refusal.with("days_left", left).by(limit.reference.rule_id.clone()).into());
    }
    Ok(Some(Days { limit, before: before.home_bed_days, own, left }))
}

impl Days<'_> {
    /// Days paid after the bill.
    pub(super) const fn after(self) -> u32 {
        self.before + self.own
    }

    /// So many days of the bill are paid.
    pub(super) fn step(self, paid: u32) -> Step {
        Step::by(self.limit, |days| i64::from(*days).into())
            .given("days_before", i64::from(self.before))
            .found("days", i64::from(paid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Fen;
    use crate::receipt::Value;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::fixtures::{basic_2021, case, home_bed, settle, try_settle};
    use crate::settlement::params::MaximumBasis;

    /// The example of J-5.1.T-q, J-7-7: the first treatment of the year, (4500.00 − 500.00) × 80 %; it counts as a stay.
    #[test]
    fn a_home_bed_is_paid_like_a_stay() {
        let outcomes = settle(&[home_bed(1, Fen::yuan(4_500), 30), case(2, Fen::yuan(1_000))]);
        assert_eq!(outcomes[0].basic, Fen::yuan(3_200));
        assert!(outcomes[0].trace.applies("J-5.1.T-q") && outcomes[0].trace.applies("J-5.1.T-r"));
        assert_eq!((outcomes[0].state_after.stays, outcomes[0].state_after.home_bed_days), (1, 30));
        assert!(outcomes[1].trace.applies("J-5.1.T-e"));
    }

    /// S-36, the example of J-5.1.T-r: 70 days used leave 20, and a bill for 30 has to come split.
    #[test]
    fn only_ninety_days_of_a_year_are_paid() {
        let (seventy, law) = (home_bed(1, Fen::yuan(7_000), 70), basic_2021(MaximumBasis::FundPayment));
        let split = [seventy.clone(), home_bed(2, Fen::yuan(3_000), 20), home_bed(3, Fen::yuan(1_400), 10)];
        let outcomes = settle(&split);
        assert_eq!(outcomes[1].basic, Fen::yuan(2_400));
        assert_eq!(outcomes[1].trace.output("days"), Some(&Value::Count(20)));
        let after = &outcomes[2];
        assert!(after.trace.is_marked("NOT_COVERED") && after.trace.applies("J-5.1.T-r"));
        // AMB-142: out of scope, no burden and no base of assistance; AMB-140: no stay.
        assert_eq!((after.eligible, after.aid_base, after.basic), Default::default());
        assert_eq!(after.state_after, outcomes[1].state_after);
        let unsplit = [seventy, home_bed(2, Fen::yuan(4_400), 30)];
        let id = unsplit[1].id.to_string();
        let refusal = try_settle(&unsplit, &Opening::default(), &law).unwrap_err().0.remove(0);
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RequiredFieldMissing, Some("J-5.1.T-r")));
        assert_eq!(refusal.field.as_deref(), Some("bill.home_bed_days"));
        assert_eq!(refusal.metadata, [("settlement_id", id), ("days_left", "20".to_owned())]);
    }

    /// J-5.1.T-r: exactly 90 days are paid, day 91 is not.
    #[test]
    fn day_ninety_is_the_last() {
        let outcomes = settle(&[home_bed(1, Fen::yuan(9_000), 90), home_bed(2, Fen::yuan(100), 1)]);
        assert_eq!((outcomes[0].state_after.home_bed_days, outcomes[1].eligible), (90, Fen::ZERO));
    }

    /// J-5.1.4-c, AMB-140: an institution without home beds; what is not covered uses no days.
    #[test]
    fn the_institution_offers_home_beds() {
        let mut elsewhere = home_bed(1, Fen::yuan(1_000), 100);
        elsewhere.bill.provider.home_bed = false;
        let outcomes = settle(&[elsewhere, home_bed(2, Fen::yuan(4_500), 90)]);
        assert!(outcomes[0].trace.applies("J-5.1.4-c") && outcomes[0].trace.is_marked("NOT_COVERED"));
        assert_eq!((outcomes[0].basic, outcomes[1].basic), (Fen::ZERO, Fen::yuan(3_200)));
        assert_eq!(outcomes[1].state_after.home_bed_days, 90);
    }
}
