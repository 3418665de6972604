//! Assistance on the bills of one person and year.

use chrono::NaiveDate;

use super::inpatient::{self, Used};
use super::outpatient::{self, OutpatientVenue};
use super::params::AssistanceParams;
use super::veterans;
use crate::codes::{Identity, Payer};
use crate::id::SettlementId;
use crate::money::Fen;
use crate::receipt::{Receipt, Step};
use crate::settlement::bill::Bill;
use crate::settlement::care::{CareKind, Place};
use crate::settlement::case::Case;

/// Kind of care as assistance tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Care {
    /// Inpatient and special outpatient care (J-5.5.2).
    Inpatient,
    /// Outpatient care at a venue (J-5.5.1).
    Outpatient(OutpatientVenue),
}

impl Care {
    /// The care of a bill, by the rules that settle it.
    #[must_use]
    pub fn of(bill: &Bill) -> Self {
        match bill.settled_as() {
            CareKind::Outpatient => Self::Outpatient(OutpatientVenue::of(bill)),
            _ => Self::Inpatient,
        }
    }
}

/// True for a kind of care that assistance follows: not for births, which another scheme pays (AMB-087), nor for a burden that
/// was settled elsewhere (B-5.1-b).
#[must_use]
pub const fn follows(kind: CareKind) -> bool {
    !kind.is_maternity() && !matches!(kind, CareKind::SuppliedBurden)
}

/// A bill that both insurances have settled.
#[derive(Clone, Debug)]
pub struct AidCase {
    /// The settlement.
    pub id: SettlementId,
    /// Kind of care.
    pub care: Care,
    /// Eligible cost less what both insurances paid (J-5.5.1-b, J-5.5.2-a); nothing of a bill that is not covered.
    pub base: Fen,
    /// Service date, whose law applies.
    pub service_on: NaiveDate,
    /// Day on which status is tested: the service date (AMB-136), of the later part of a stay the day it began (AMB-139).
    pub tested_on: NaiveDate,
    /// True when the institution is designated for medical assistance.
    pub aid_designated: bool,
    /// True for care that is settled under the rules of care outside the city.
    pub elsewhere: bool,
    /// Identities held on that day.
    pub identities: Vec<Identity>,
}

impl AidCase {
    /// A bill of which both insurances left `base`.
    #[must_use]
    pub fn of(case: &Case, base: Fen) -> Self {
        let bill = &case.bill;
        Self {
            id: case.id,
            care: Care::of(bill),
            base,
            service_on: bill.admitted_on,
            tested_on: bill.began_on(),
            aid_designated: bill.provider.assistance_designated,
            elsewhere: matches!(bill.place, Place::Elsewhere { .. }),
            identities: case.identities.clone(),
        }
    }

    /// True where inpatient assistance answers for the bill: at an institution of the city that is designated for it
    /// (J-5.5.2-a), and, whatever the institution, elsewhere (J-10.4-a, AMB-101).
    const fn counts(&self) -> bool {
        self.aid_designated || self.elsewhere
    }
}

/// What assistance pays on a bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AidOutcome {
    /// The settlement.
    pub id: SettlementId,
    /// Its steps; empty for a person without assistance.
    pub receipt: Receipt,
    /// Paid by medical assistance.
    pub medical: Fen,
    /// Paid by veterans' assistance.
    pub veterans: Fen,
    /// Base that fills the bands of medical assistance in the year, this bill included.
    pub base_after: Fen,
    /// Paid by medical assistance in the year, this bill included.
    pub medical_after: Fen,
}

/// Assesses the bills of one person and year, each by the law of its service date, in the order given, which is that of the
/// settlements.
pub fn assess_year<'a>(cases: impl IntoIterator<Item = (&'a AidCase, &'a AssistanceParams)>) -> Vec<AidOutcome> {
    let mut used = Used::default();
    let assess = |(case, params): (&AidCase, &AssistanceParams)| {
        let receipt = assess(case, used, params);
        let (medical, veterans) = (receipt.total(Payer::MedicalAssistance), receipt.total(Payer::VeteransAssistance));
        used.base = receipt.accumulated("assistance_base").unwrap_or(used.base);
        used.paid += medical;
        used.outpatient_paid = receipt.accumulated("outpatient_assistance_paid").unwrap_or(used.outpatient_paid);
        AidOutcome { id: case.id, receipt, medical, veterans, base_after: used.base, medical_after: used.paid }
    };
    cases.into_iter().map(assess).collect()
}

/// One bill. A person with both kinds of assistance gets the better line, not both (AMB-099), and veterans' support
/// where both are equal. The inpatient bill of an aid recipient fills the bands whichever line pays it: otherwise the second
/// status could cost money on the next bill (AMB-144).
fn assess(case: &AidCase, used: Used, params: &AssistanceParams) -> Receipt {
    let mut receipt = Receipt::default();
    let medical = maybe_medical(case, used, params);
    let veterans = veterans::maybe_pay(case.base, case.care, &case.identities, params);
    if medical.is_none() && veterans.is_none() {
        return receipt;
    }
    receipt.push(one_stop(case, params));
    let recipient = medical.is_some();
    let medical = medical.unwrap_or_default();
    let supported = veterans.as_ref().and_then(|step| step.pays).map_or(Fen::ZERO, |line| line.amount);
    match veterans {
        Some(step) if supported >= medical.sum() => {
            if recipient && case.care == Care::Inpatient && case.counts() {
                receipt.push(inpatient::fill(case.base, used));
            }
            receipt.push(step.given("medical_assistance", medical.sum()));
        }
        _ => receipt.extend(medical),
    }
    receipt
}

/// What medical assistance answers, whether or not its line is taken; `None` for somebody who is no recipient.
fn maybe_medical(case: &AidCase, used: Used, params: &AssistanceParams) -> Option<Receipt> {
    let alone = |step| Receipt { steps: vec![step] };
    Some(match case.care {
        Care::Inpatient => {
            let rates = inpatient::maybe_rates(&case.identities, params)?;
            if case.counts() {
                let mut receipt = Receipt::default();
                if !case.aid_designated {
                    receipt.push(inpatient::reaches_elsewhere());
                }
                receipt.extend(inpatient::pay(case.base, used, rates, params));
                receipt
            } else {
                alone(inpatient::not_designated(case.base))
            }
        }
        Care::Outpatient(venue) => {
            let row = outpatient::maybe_row(&case.identities, params)?;
            if venue.qualifies(case.aid_designated) {
                outpatient::pay(case.base, venue, used, row, params)
            } else {
                alone(outpatient::not_covered(case.base, venue))
            }
        }
    })
}

/// Settled in one stop: the identity is on a list of its authority on the day of the test (J-6.1-c, AMB-100).
fn one_stop(case: &AidCase, params: &AssistanceParams) -> Step {
    let listed = |identity: &&Identity| {
        params.types.iter().any(|row| row.requires.contains(identity))
            || params.veterans.iter().any(|row| row.identity == **identity)
    };
    let step = Step::new("J-6.1-c").given("test_date", case.tested_on);
    case.identities.iter().filter(listed).fold(step, |step, identity| step.given("identity", *identity))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{case, tianjin_2021};
    use super::super::params::BandScope;
    use super::*;
    use crate::dates::written::day;
    use crate::settlement::care::ObservationOutcome;
    use crate::settlement::fixtures::{Cases, rest_of_a_stay};

    const POOR: &[Identity] = &[Identity::SubsistenceAllowance];

    fn assessed(cases: &[AidCase]) -> Vec<AidOutcome> {
        by(cases, &tianjin_2021(BandScope::CalendarYear))
    }

    fn by(cases: &[AidCase], law: &AssistanceParams) -> Vec<AidOutcome> {
        assess_year(cases.iter().map(|case| (case, law)))
    }

    /// S-45 and S-46: J-5.5.2-a, J-5.5.2-b over the year, and the other reading of AMB-091.
    #[test]
    fn the_second_bill_continues_in_the_bands() {
        let cases = [case(1, Fen::new(1_961_315), POOR), case(2, Fen::new(630_000), POOR)];
        let outcomes = assessed(&cases);
        assert_eq!((outcomes[0].medical, outcomes[1].medical), (Fen::new(1_176_789), Fen::new(496_263)));
        assert_eq!(outcomes[1].base_after, Fen::new(2_591_315));
        assert_eq!(outcomes[1].medical_after, Fen::new(1_673_052));
        assert!(outcomes[0].receipt.applies("J-5.5.2-a") && outcomes[0].receipt.applies("J-6.1-c"));
        let per_settlement = by(&cases, &tianjin_2021(BandScope::PerSettlement));
        assert_eq!(per_settlement[1].medical, Fen::new(378_000));
    }

    /// J-5.5.2-b by a figure that changes within the year: 1000.00 above an upper band that begins at 10000.00 since then are
    /// 800.00, and the first bill keeps the law of its day.
    #[test]
    fn each_bill_has_the_law_of_its_day() {
        let cases = [case(1, Fen::yuan(15_000), POOR), case(2, Fen::yuan(1_000), POOR)];
        let before = tianjin_2021(BandScope::CalendarYear);
        let mut since = before.clone();
        since.upper_band_from.value = Fen::yuan(10_000);
        let medical = |laws: [&AssistanceParams; 2]| {
            assess_year(cases.iter().zip(laws)).iter().map(|outcome| outcome.medical).collect::<Vec<_>>()
        };
        assert_eq!(medical([&before, &since]), [Fen::yuan(9_000), Fen::yuan(800)]);
        assert_eq!(medical([&before, &before]), [Fen::yuan(9_000), Fen::yuan(600)]);
    }

    /// J-5.5.2-a: nothing, and no band used.
    #[test]
    fn a_hospital_that_is_not_designated_does_not_count() {
        let not_designated = AidCase { aid_designated: false, ..case(1, Fen::yuan(50_000), POOR) };
        let outcomes = assessed(&[not_designated, case(2, Fen::yuan(20_000), POOR)]);
        assert!(outcomes[0].receipt.is_marked("NOT_COVERED"));
        assert_eq!((outcomes[0].medical, outcomes[0].base_after), (Fen::ZERO, Fen::ZERO));
        assert_eq!(outcomes[1].medical, Fen::yuan(12_000));
    }

    /// AMB-139: the law of 2021 for the part of a stay that lies in it, and the identities of the day on which it began, which
    /// the receipt names.
    #[test]
    fn the_later_part_of_a_stay_has_the_identities_of_its_first_day() {
        let bill = Case { identities: POOR.to_vec(), ..rest_of_a_stay(Fen::yuan(100)) };
        let case = AidCase::of(&bill, Fen::yuan(30));
        assert_eq!((case.service_on, case.tested_on), (day("2021-01-01"), day("2020-12-20")));
        assert_eq!((case.base, case.identities.as_slice()), (Fen::yuan(30), POOR));
        let receipt = assessed(&[case]).remove(0).receipt;
        let step = receipt.steps.iter().find(|step| step.rule_id == "J-6.1-c").unwrap();
        assert!(step.inputs().any(|it| it.name == "test_date" && it.value == day("2020-12-20").into()), "{step:?}");
    }

    /// J-7-5: sent home from an observation is an outpatient visit. AMB-087, B-5.1-b: nothing follows births, or a burden settled
    /// elsewhere.
    #[test]
    fn the_care_of_a_bill() {
        let mut bill = rest_of_a_stay(Fen::yuan(100)).bill;
        let mut care = |kind, observation| {
            (bill.kind, bill.observation) = (kind, observation);
            Care::of(&bill)
        };
        let visit = Care::Outpatient(OutpatientVenue::Other);
        assert_eq!(care(CareKind::Outpatient, None), visit);
        for kind in [CareKind::Inpatient, CareKind::SpecialOutpatient, CareKind::HomeBed] {
            assert_eq!(care(kind, None), Care::Inpatient);
        }
        assert_eq!(care(CareKind::EmergencyObservation, Some(ObservationOutcome::SentHome)), visit);
        assert_eq!(care(CareKind::EmergencyObservation, Some(ObservationOutcome::Death)), Care::Inpatient);
        let unfollowed: Vec<_> = CareKind::ALL.iter().copied().filter(|kind| !follows(*kind)).collect();
        assert_eq!(unfollowed, [CareKind::Maternity, CareKind::FamilyPlanning, CareKind::SuppliedBurden]);
    }

    /// J-10.4-a, AMB-101: what basic insurance leaves of 20000.00 at minus 5 points, 7325.00, at 60 % = 4395.00, and the bands
    /// fill: of the next 20000.00 at home 12675.00 are in the lower one.
    #[test]
    fn care_elsewhere_is_aided_whatever_the_institution() {
        let transferred = AidCase { aid_designated: false, elsewhere: true, ..case(1, Fen::yuan(7_325), POOR) };
        let outcomes = assessed(&[transferred.clone(), case(2, Fen::yuan(20_000), POOR)]);
        assert_eq!((outcomes[0].medical, outcomes[0].base_after), (Fen::yuan(4_395), Fen::yuan(7_325)));
        assert!(outcomes[0].receipt.applies("J-10.4-a") && !outcomes[0].receipt.is_marked("NOT_COVERED"));
        assert_eq!(outcomes[1].medical, Fen::yuan(7_605 + 5_860));
        // A designation needs no extension, and outpatient assistance stays in the city.
        let designated = AidCase { aid_designated: true, ..transferred.clone() };
        assert!(!assessed(&[designated])[0].receipt.applies("J-10.4-a"));
        let visited = AidCase { care: Care::Outpatient(OutpatientVenue::Other), ..transferred };
        let outcome = assessed(&[visited]).remove(0);
        assert!(outcome.medical.is_zero() && outcome.receipt.is_marked("NOT_COVERED"));
    }

    #[test]
    fn nobody_else_has_steps() {
        let outcomes = assessed(&[case(1, Fen::yuan(50_000), &[Identity::StudentLoan])]);
        assert_eq!(outcomes[0].receipt, Receipt::default());
        assert_eq!((outcomes[0].medical, outcomes[0].veterans, outcomes[0].base_after), Default::default());
    }

    /// AMB-099: 90 % of support beats 60 % of assistance; AMB-144: the bands fill all the same.
    #[test]
    fn a_person_with_both_gets_the_better() {
        let both = [Identity::SubsistenceAllowance, Identity::MartyrSurvivor];
        let outcomes = assessed(&[case(1, Fen::yuan(6_350), &both), case(2, Fen::yuan(20_000), POOR)]);
        assert_eq!((outcomes[0].medical, outcomes[0].veterans), (Fen::ZERO, Fen::yuan(5_715)));
        assert_eq!((outcomes[0].base_after, outcomes[0].medical_after), (Fen::yuan(6_350), Fen::ZERO));
        // 13650.00 at 60 % and 6350.00 at 80 %.
        assert_eq!(outcomes[1].medical, Fen::yuan(13_270));
        let both = [Identity::SubsistenceAllowance, Identity::WarOrTestVeteran];
        let outcomes = assessed(&[case(1, Fen::yuan(100_000), &both)]);
        assert_eq!((outcomes[0].medical, outcomes[0].veterans), (Fen::yuan(76_000), Fen::ZERO));
    }

    /// AMB-144: after 20000.00 paid by veterans' support, assistance pays the upper band of J-5.5.2-b.
    #[test]
    fn bills_of_veterans_support_fill_the_bands() {
        let both = [Identity::SubsistenceAllowance, Identity::WarOrTestVeteran];
        let outcomes = assessed(&[case(1, Fen::yuan(20_000), &both), case(2, Fen::yuan(20_000), &both)]);
        assert_eq!((outcomes[0].medical, outcomes[0].veterans), (Fen::ZERO, Fen::yuan(14_000)));
        assert!(outcomes[0].receipt.applies("J-5.5.2-a"));
        assert_eq!((outcomes[1].medical, outcomes[1].veterans), (Fen::yuan(16_000), Fen::ZERO));
        assert_eq!((outcomes[1].base_after, outcomes[1].medical_after), (Fen::yuan(40_000), Fen::yuan(16_000)));
    }

    /// AMB-144: only where assistance would have answered for the bill, J-5.5.2-a.
    #[test]
    fn bills_not_designated_and_of_mere_veterans_fill_nothing() {
        let both = [Identity::SubsistenceAllowance, Identity::WarOrTestVeteran];
        let not_designated = AidCase { aid_designated: false, ..case(1, Fen::yuan(20_000), &both) };
        let veteran = case(2, Fen::yuan(20_000), &[Identity::WarOrTestVeteran]);
        let outcomes = assessed(&[not_designated.clone(), veteran]);
        for outcome in outcomes {
            assert_eq!((outcome.veterans, outcome.base_after), (Fen::yuan(14_000), Fen::ZERO));
        }
        // Elsewhere it would have (AMB-101).
        let elsewhere = assessed(&[AidCase { elsewhere: true, ..not_designated }]).remove(0);
        assert_eq!((elsewhere.veterans, elsewhere.base_after), (Fen::yuan(14_000), Fen::yuan(20_000)));
    }

    /// AMB-144: 70 % of 20000.00 either way, of which half is in the upper band.
    #[test]
    fn equal_amounts_are_veterans_support() {
        let both = [Identity::SubsistenceAllowance, Identity::WarOrTestVeteran];
        let outcomes = assessed(&[case(1, Fen::yuan(10_000), POOR), case(2, Fen::yuan(20_000), &both)]);
        assert_eq!((outcomes[1].medical, outcomes[1].veterans), (Fen::ZERO, Fen::yuan(14_000)));
        assert_eq!(outcomes[1].base_after, Fen::yuan(30_000));
    }

    /// A status gained in June counts from June: what was paid before is neither made up nor taken back (AMB-136).
    #[test]
    fn a_change_of_status_works_forward() {
        let disabled = [Identity::LowIncome, Identity::SevereDisability];
        let low_income = case(1, Fen::yuan(10_000), &[Identity::LowIncome]);
        let outcomes = assessed(&[low_income.clone(), case(2, Fen::yuan(1_000), &disabled)]);
        assert_eq!(outcomes[1].medical, Fen::yuan(650));
        let outcomes = assessed(&[case(1, Fen::yuan(10_000), &disabled), low_income]);
        assert_eq!(outcomes[1].medical, Fen::yuan(6_000));
    }

    /// AMB-091: the year's assistance does not depend on how its cost is cut into bills.
    #[test]
    fn bills_may_be_cut_anywhere() {
        let mut cases = Cases(0x5851_F42D_4C95_7F2D);
        for _ in 0..500 {
            let parts: Vec<Fen> =
                (0..=cases.below(9)).map(|_| Fen::new(i64::try_from(cases.below(800_000)).unwrap())).collect();
            let whole = assessed(&[case(0, parts.iter().copied().sum(), POOR)]);
            let bills: Vec<AidCase> = (1..).zip(&parts).map(|(order, base)| case(order, *base, POOR)).collect();
            let outcomes = assessed(&bills);
            assert_eq!(outcomes.last().unwrap().medical_after, whole[0].medical);
            assert!(outcomes.iter().zip(&parts).all(|(outcome, base)| outcome.medical <= *base));
            assert!(outcomes.iter().all(|outcome| !outcome.medical.is_negative()));
        }
    }
}
