//! What was paid for each pregnancy of a year: the limit of prenatal checks is one of the pregnancy (J-5.3.T-a to -d), and so is
//! its delivery (J-5.3.T-e).
//!
//! A pregnancy is told by its registration (J-6.2.2.1-b). No figure is printed for how far apart two pregnancies lie, so that
//! bills without one are of one pregnancy where it ended alike or on the same day: whoever had two of them registers a benefit.
//! Several pregnancies may end in a year, each by itself.

use chrono::NaiveDate;

use super::event::{MaternityEvent, PregnancyEnd};
use super::params::MaternityRow;
use super::registration::is_day_of;
use crate::effective::Effective;
use crate::id::SettlementId;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal};
use crate::settlement::case::Case;

/// The bills of a person that were paid for a pregnancy of the year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pregnancies(Vec<Paid>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Paid {
    of: Pregnancy,
    /// Paid for its checks.
    checks: Fen,
    /// The bill of its delivery, with the order of filing.
    delivered: Option<(i64, SettlementId)>,
}

/// Of which pregnancy a bill is, as far as it tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pregnancy {
    /// First day, of a registered one.
    conceived_on: Option<NaiveDate>,
    /// First day of the bill.
    on: NaiveDate,
    end: PregnancyEnd,
}

impl Pregnancy {
    fn of(case: &Case) -> Option<Self> {
        let end = match &case.bill.maternity {
            Some(MaternityEvent::PrenatalChecks(checks)) => checks.end,
            Some(MaternityEvent::Childbirth(childbirth)) if !childbirth.transferred_out => PregnancyEnd::Delivery,
            _ => return None,
        };
        Some(Self { conceived_on: case.standing.conceived_on, on: case.bill.admitted_on, end })
    }

    /// A bill without a registration is of the one whose year it lies in: it may have been filed before.
    fn is(&self, other: &Self) -> bool {
        match (self.conceived_on, other.conceived_on) {
            (Some(own), Some(others)) => own == others,
            (Some(own), None) => is_day_of(own, other.on),
            (None, Some(others)) => is_day_of(others, self.on),
            (None, None) => self.end == other.end || self.on == other.on,
        }
    }
}

impl Pregnancies {
    fn earlier(&self, case: &Case) -> impl Iterator<Item = &Paid> {
        let own = Pregnancy::of(case);
        self.0.iter().filter(move |paid| own.is_some_and(|own| own.is(&paid.of)))
    }

    /// What was paid before for the checks of the pregnancy of a bill.
    pub(super) fn checks_of(&self, case: &Case) -> Fen {
        self.earlier(case).map(|paid| paid.checks).sum()
    }

    /// A pregnancy is delivered once; the hospital that the woman left before it is paid besides (J-5.3.T-h).
    ///
    /// # Errors
    /// `DUPLICATE_BILL` with the `settlement_id` of the one of both that was filed first.
    pub(super) fn require_one_delivery(&self, case: &Case, row: &Effective<MaternityRow>) -> Result<(), Refusal> {
        let delivered = || self.earlier(case).find_map(|paid| paid.delivered);
        let Some(earlier) = is_delivery(case).then(delivered).flatten() else { return Ok(()) };
        let (_, first) = earlier.min((case.filed_order, case.id));
        let detail = "the delivery of this pregnancy is paid by another bill: reverse it first to settle this one, or register \
                      the benefit of each pregnancy where there were two";
        let refusal = Refusal::new(Reason::DuplicateBill, detail).at("bill.maternity.childbirth");
        Err(refusal.by(row.reference.rule_id.clone()).with("settlement_id", first))
    }

    /// Remembers what a bill of checks or of a delivery was paid.
    pub(super) fn pay(&mut self, case: &Case, amount: Fen) {
        let Some(of) = Pregnancy::of(case).filter(|_| !amount.is_zero()) else { return };
        let (checks, delivered) =
            if is_delivery(case) { (Fen::ZERO, Some((case.filed_order, case.id))) } else { (amount, None) };
        self.0.push(Paid { of, checks, delivered });
    }
}

/// A stay in which the woman was delivered.
fn is_delivery(case: &Case) -> bool {
    matches!(&case.bill.maternity, Some(MaternityEvent::Childbirth(childbirth)) if !childbirth.transferred_out)
}

#[cfg(test)]
mod tests {
    use super::super::event::{Childbirth, DeliveryMode, FamilyPlanningProcedure, PregnancyEnd};
    use super::super::fixtures::{birth, case, checks, natural, planned};
    use super::*;
    use crate::codes::Payer;
    use crate::dates::written::day;
    use crate::settlement::accumulators::Opening;
    use crate::settlement::care::Place;
    use crate::settlement::fixtures::{basic_2021, settle, try_settle};
    use crate::settlement::params::MaximumBasis;

    fn paid(cases: &[Case]) -> Vec<i64> {
        let outcomes = settle(cases);
        outcomes.iter().map(|outcome| outcome.trace.total(Payer::Maternity).get() / 100).collect()
    }

    /// A bill of 4000.00 for an event, by its order of filing.
    fn of(event: MaternityEvent, order: i64, on: &str, conceived_on: Option<&str>) -> Case {
        let mut case = case(event, Fen::yuan(4_000));
        (case.bill.admitted_on, case.bill.discharged_on) = (day(on), day(on));
        case.standing.conceived_on = conceived_on.map(day);
        let id = SettlementId::from(uuid::Uuid::from_u128(order.unsigned_abs().into()));
        Case { id, filed_order: order, ..case }
    }

    fn delivery(order: i64, on: &str, conceived_on: Option<&str>) -> Case {
        of(natural(), order, on, conceived_on)
    }

    /// The rule and the settlement that a second delivery is refused with.
    fn refused(cases: &[Case]) -> (String, String) {
        let basic = basic_2021(MaximumBasis::FundPayment);
        let mut refusals = try_settle(cases, &Opening::default(), &basic).unwrap_err().0;
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        let refusal = refusals.remove(0);
        assert_eq!(
            (refusal.reason, refusal.field.as_deref()),
            (Reason::DuplicateBill, Some("bill.maternity.childbirth"))
        );
        (refusal.rule_id.unwrap_or_default().into_owned(), refusal.metadata[0].1.clone())
    }

    fn first_filed() -> String {
        delivery(1, "2021-03-01", None).id.to_string()
    }

    /// J-5.3.T-e, J-6.2.2.1-b: a pregnancy is paid one delivery, 2280.00; the refusal names what was filed first, whichever
    /// comes first in the year.
    #[test]
    fn a_pregnancy_is_delivered_once() {
        let registered = Some("2020-06-01");
        let again = [delivery(1, "2021-03-01", registered), delivery(2, "2021-03-09", registered)];
        assert_eq!(refused(&again), ("J-5.3.T-e".to_owned(), first_filed()));
        assert_eq!(
            refused(&[delivery(1, "2021-03-09", registered), delivery(2, "2021-03-01", registered)]).1,
            first_filed()
        );
        // Without a registration nothing tells two apart, whatever lies between them.
        for on in ["2021-03-01", "2021-03-03", "2021-12-20"] {
            assert_eq!(refused(&[delivery(1, "2021-03-01", None), delivery(2, on, None)]).1, first_filed());
        }
        assert_eq!(refused(&[delivery(1, "2021-03-01", None), delivery(2, "2021-03-01", registered)]).1, first_filed());
        // In every way of paying, by the row of the second bill.
        for (childbirth, rule_id) in [
            (Childbirth { obstetric_complication: true, ..Childbirth::default() }, "J-5.3.T-f"),
            (Childbirth { severe_disease: true, ..Childbirth::default() }, "J-5.3.T-g"),
        ] {
            let event = birth(Childbirth { mode: Some(DeliveryMode::Caesarean), ..childbirth });
            let cases = [delivery(1, "2021-03-01", registered), of(event, 2, "2021-03-09", registered)];
            assert_eq!(refused(&cases).0, rule_id);
        }
        // A bill of the day without the registration shows whose both are.
        let linked = [
            delivery(1, "2021-03-01", None),
            of(checks(PregnancyEnd::Delivery, None), 2, "2021-03-01", registered),
            delivery(3, "2021-03-05", registered),
        ];
        assert_eq!(refused(&linked).1, first_filed());
    }

    /// J-5.3.T-e, J-5.3.T-s: pregnancies that ended in one year are each paid: a miscarriage and a later birth, two registered
    /// births, and one before the other was conceived.
    #[test]
    fn several_pregnancies_may_end_in_a_year() {
        let miscarriage = of(planned(&[FamilyPlanningProcedure::Miscarriage], &[]), 1, "2021-01-10", None);
        assert_eq!(paid(&[miscarriage, delivery(2, "2021-12-20", Some("2021-03-01"))]), [150, 2_280]);
        let births = [delivery(1, "2021-01-10", Some("2020-05-01")), delivery(2, "2021-12-20", Some("2021-03-01"))];
        assert_eq!(paid(&births), [2_280, 2_280]);
        let before = [delivery(1, "2021-01-10", None), delivery(2, "2021-12-20", Some("2021-03-01"))];
        assert_eq!(paid(&before), [2_280, 2_280]);
        // A bill that was filed before the registration lies in its year.
        let cases = [delivery(1, "2021-03-01", Some("2020-06-01")), delivery(2, "2021-03-03", None)];
        assert_eq!(refused(&cases).1, first_filed());
    }

    /// J-5.3.T-h: the hospital left is paid 60 %, before and besides the delivery. What was paid nothing stands in nobody's way
    /// (J-8-1, J-8-5).
    #[test]
    fn the_hospital_left_and_bills_not_covered_are_no_delivery() {
        let registered = Some("2020-06-01");
        let left = || birth(Childbirth { transferred_out: true, ..Childbirth::default() });
        let cases = [
            of(left(), 1, "2021-03-01", registered),
            of(left(), 2, "2021-03-01", registered),
            delivery(3, "2021-03-01", registered),
        ];
        assert_eq!(paid(&cases), [2_400, 2_400, 2_280]);
        let mut undesignated = delivery(1, "2021-03-01", registered);
        undesignated.bill.provider.designated = false;
        let mut abroad = delivery(2, "2021-03-01", registered);
        abroad.bill.place = Place::OutsideBorder;
        let mut nothing_eligible = delivery(4, "2021-03-02", registered);
        nothing_eligible.bill.in_catalogue = Fen::ZERO;
        let cases = [undesignated, abroad, delivery(3, "2021-03-01", registered), nothing_eligible];
        assert_eq!(paid(&cases), [0, 0, 2_280, 0]);
    }

    /// J-5.3.T-d, J-6.2.2.1-b: the limit is one of the pregnancy. Two bills of 400.00 are paid 400.00 and 260.00, a third one
    /// nothing; another pregnancy has its own.
    #[test]
    fn a_second_bill_of_checks_gets_what_the_first_left() {
        let bill = |order, on, conceived_on| {
            let mut checks = of(checks(PregnancyEnd::Delivery, None), order, on, conceived_on);
            (checks.bill.total, checks.bill.in_catalogue) = (Fen::yuan(400), Fen::yuan(400));
            checks
        };
        // Without a registration by how the pregnancy ended.
        let unregistered = [1, 2, 3].map(|order| bill(order, "2021-03-01", None));
        assert_eq!(paid(&unregistered), [400, 260, 0]);
        let another_day = bill(4, "2021-12-01", None);
        assert_eq!(paid(&[unregistered[0].clone(), unregistered[1].clone(), another_day]), [400, 260, 0]);
        let mut terminated = of(checks(PregnancyEnd::Termination, Some(10)), 0, "2021-01-10", None);
        (terminated.bill.total, terminated.bill.in_catalogue) = (Fen::yuan(400), Fen::yuan(400));
        assert_eq!(paid(&[terminated, unregistered[0].clone()]), [160, 400]);
        // With one, whatever the day, and whichever bill was filed before the registration.
        let registered = [bill(1, "2021-03-01", Some("2020-06-01")), bill(2, "2021-03-05", Some("2020-06-01"))];
        assert_eq!(paid(&registered), [400, 260]);
        assert_eq!(paid(&[bill(1, "2021-03-01", None), registered[0].clone()]), [400, 260]);
        let next = bill(3, "2021-12-20", Some("2021-04-01"));
        assert_eq!(paid(&[registered[0].clone(), next]), [400, 400]);
        // A birth between them is another item.
        let birth = delivery(1, "2021-03-01", None);
        let mut later = unregistered[1].clone();
        later.filed_order = 5;
        assert_eq!(paid(&[bill(0, "2021-03-01", None), birth, later]), [400, 2_280, 260]);
    }
}
