//! Each reading of settlement that an operator may choose, by its parameter in an overlay, in every setting on one year of
//! bills, with amounts by hand: the parameter reaches the rule. `comparison` compares the readings, and mixtures of them, on
//! thousands of generated years.

use chrono::NaiveDate;
use juyi_domain::codes::{District, Identity, Payer};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::accumulators::{CarriedBalance, Opening};
use juyi_domain::settlement::care::{CareKind, OutOfArea, Place};
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::closing::{Ended, close};
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_domain::settlement::maternity::event::{Childbirth, DeliveryMode};
use juyi_domain::settlement::year::{Outcome, receipts_of_year};
use juyi_policy::Policy;

use crate::bills::{at_a_village_clinic, bill};

/// The law with what an operator set.
pub(crate) struct Law {
    policy: Policy,
    district: District,
    year: i32,
}

impl Law {
    /// The law of a regime with an overlay.
    pub(crate) fn with(overlay: &str, regime: &str) -> Self {
        let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
        let (district, year) = if regime == "baodi-2017" { (District::Baodi, 2017) } else { (District::Jinghai, 2021) };
        Self { policy, district, year }
    }

    fn day(&self, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap()
    }

    /// Settles a year, each bill by the law of its first day, as the service does.
    pub(crate) fn try_settle(&self, cases: &[Case], opening: &Opening) -> Result<Vec<Outcome<Receipt>>, Refusals> {
        let laws: Vec<_> = cases
            .iter()
            .map(|case| (case.id, self.policy.for_(self.district, self.year, case.bill.admitted_on).unwrap()))
            .collect();
        let law_for = |case: &Case| Ok(laws.iter().find(|(id, _)| *id == case.id).unwrap().1.law_of_bills());
        receipts_of_year(cases, opening, law_for)
    }

    pub(crate) fn settle(&self, cases: &[Case]) -> Vec<Outcome<Receipt>> {
        self.try_settle(cases, &Opening::default()).unwrap()
    }

    pub(crate) fn basic(&self, cases: &[Case]) -> Fen {
        self.settle(cases).iter().map(|outcome| outcome.basic).sum()
    }

    fn critical(&self, cases: &[Case]) -> Fen {
        self.settle(cases).iter().map(|outcome| outcome.critical).sum()
    }

    /// Carried balance of a year, and the outpatient deductible of the next.
    fn closed(&self, visit: Case, unused_outpatient_years: u32, (whole_year, family_doctor): (bool, bool)) -> [Fen; 2] {
        let opening = Opening { unused_outpatient_years, ..Opening::default() };
        let state = self.try_settle(&[visit], &opening).unwrap()[0].state_after;
        let law = self.policy.for_(self.district, self.year, self.day(12)).unwrap();
        let ended = Ended { policy_year: self.year, state: &state, opening: &opening, whole_year, family_doctor };
        let closed = close(&ended, law.outpatient.as_ref().unwrap(), law.basic.as_ref().ok());
        [closed.carried, closed.next_deductible]
    }

    /// A stay on the first day of a month.
    pub(crate) fn stay(&self, month: u32, yuan: i64) -> Case {
        bill(CareKind::Inpatient, self.day(month), month, yuan)
    }

    /// A visit.
    pub(crate) fn visit(&self, month: u32, yuan: i64) -> Case {
        bill(CareKind::Outpatient, self.day(month), month, yuan)
    }

    /// A visit of 205.00 at a village clinic, of which 10.00 are the general fee.
    fn clinic(&self) -> Case {
        at_a_village_clinic(self.visit(3, 205))
    }
}

fn signed(mut case: Case) -> Case {
    case.standing.family_doctor = true;
    case
}

fn poor(mut case: Case) -> Case {
    case.identities.push(Identity::SubsistenceAllowance);
    case
}

/// An overlay that sets one parameter.
pub(crate) fn set(parameter: &str, value: &str, since: &str) -> String {
    format!(
        "[[set]]\nparameter = \"{parameter}\"\nvalue = {value}\nsince = {since}\n\
         source = {{ document = \"minutes\", section = \"1\" }}\n"
    )
}

/// One parameter: its settings with what each comes to in fen, the usual one first, and the year of bills.
struct Row(&'static str, &'static [(&'static str, i64)], fn(&Law) -> Fen);

/// Of the stay across New Year with 12000.00 in 2021 and the one of March with 5000.00 (S-37), what March is paid.
fn march(law: &Law) -> Fen {
    let mut rest = law.stay(1, 12_000);
    rest.bill.stay_began_on = NaiveDate::from_ymd_opt(2020, 12, 20);
    law.settle(&[rest, law.stay(3, 5_000)])[1].basic
}

/// At a hospital of level 3 elsewhere that the person chose.
fn chosen(law: &Law) -> Fen {
    let mut stay = law.stay(3, 100_500);
    stay.bill.place =
        Place::Elsewhere { category: OutOfArea::SelfChosen, region: "110000".to_owned(), receiving_level: None };
    law.critical(&[stay])
}

/// A birth that cost less than is paid for it.
fn birth(law: &Law) -> Fen {
    let mut case = law.stay(3, 1_500);
    case.bill.kind = CareKind::Maternity;
    let event = Childbirth { mode: Some(DeliveryMode::Natural), ..Childbirth::default() };
    case.bill.maternity = Some(MaternityEvent::Childbirth(event));
    (case.standing.maternity, case.standing.conceived_on) = (true, NaiveDate::from_ymd_opt(2020, 6, 1));
    law.settle(&[case])[0].trace.total(Payer::Maternity)
}

const ROWS: &[Row] = &[
    // AMB-053: (300000 − 500) × 70 % = 209650.00, at most 180000.00; or (180000 − 500) × 70 %.
    Row(
        "tianjin-2021.inpatient.maximum_basis",
        &[("'FUND_PAYMENT'", 18_000_000), ("'ELIGIBLE_COST'", 12_565_000)],
        |law| law.basic(&[law.stay(3, 300_000)]),
    ),
    // AMB-053: (9000 − 500) × 50 % = 4250.00, at most 4000.00; or (4000 − 500) × 50 %.
    Row("tianjin-2021.outpatient.maximum_basis", &[("'FUND_PAYMENT'", 400_000), ("'ELIGIBLE_COST'", 175_000)], |law| {
        law.basic(&[law.visit(3, 9_000)])
    }),
    // AMB-064: 180000.00 and 4000.00 of 2020, or 180000.00.
    Row("tianjin-2021.inpatient.balance_raises_maximum", &[("true", 18_400_000), ("false", 18_000_000)], |law| {
        let balances = vec![CarriedBalance { origin_year: 2020, amount: Fen::yuan(4_000) }];
        law.try_settle(&[law.stay(3, 300_000)], &Opening { balances, ..Opening::default() }).unwrap()[0].basic
    }),
    // AMB-057, S-37: (5000 − 500) × 70 %, or the second stay, 5000 × 70 %.
    Row(
        "tianjin-2021.inpatient.cross_year_stay_counts_in",
        &[("'ADMISSION_YEAR'", 315_000), ("'BOTH_YEARS'", 350_000)],
        march,
    ),
    // AMB-059: a visit of 900.00 elsewhere than at the contract's institution and a stay of 10000.00: 400 × 55 % and 9500 × 70 %;
    // 400 × 50 %; 400 × 55 % and 9500 × 75 %.
    Row(
        "tianjin-2021.family_doctor.family_doctor_scope",
        &[("'OUTPATIENT'", 687_000), ("'SIGNED_INSTITUTION'", 685_000), ("'ALL_CARE'", 734_500)],
        |law| law.basic(&[signed(law.visit(3, 900)), signed(law.stay(4, 10_000))]),
    ),
    // AMB-060: 4200 − 1000, or 4000 − 1000.
    Row(
        "tianjin-2021.family_doctor.carry_over_includes_family_doctor",
        &[("true", 320_000), ("false", 300_000)],
        |law| law.closed(law.visit(3, 1_000), 0, (true, true))[0],
    ),
    // AMB-061: cost of 300.00 in part of a year lowers 500.00 by 100.00, or not.
    Row("tianjin-2021.outpatient.reduction_requires_full_year", &[("false", 40_000), ("true", 50_000)], |law| {
        law.closed(law.visit(3, 300), 0, (false, false))[1]
    }),
    // AMB-061, B-5.3-a: in 2017 the other way round.
    Row("baodi-2017.outpatient.reduction_requires_full_year", &[("true", 50_000), ("false", 40_000)], |law| {
        law.closed(law.visit(3, 300), 0, (false, false))[1]
    }),
    // AMB-062: after three unused years 195.00 and a fee of 10.00 stay below 200.00, or the 8.00 for the fee restore 500.00.
    Row("tianjin-2021.village_general_fee.general_fee_restores", &[("false", 20_000), ("true", 50_000)], |law| {
        law.closed(law.clinic(), 3, (true, false))[1]
    }),
    // AMB-143: the same 195.00, or 205.00, against 200.00.
    Row(
        "tianjin-2021.village_general_fee.general_fee_counts_for_reduction",
        &[("false", 20_000), ("true", 50_000)],
        |law| law.closed(law.clinic(), 3, (true, false))[1],
    ),
    // AMB-077: (100500 − 500) × 30 % + 500 = 30500.00; (30500 − 21202) × 60 %, or (30500 − 25000) × 60 %.
    Row("tianjin-2021.critical_illness.threshold", &[("21202", 557_880), ("25000", 330_000)], |law| {
        law.critical(&[law.stay(3, 100_500)])
    }),
    // J-5.2-e: half of 42404.00 and of 50000.00.
    Row("tianjin-2021.critical_illness.income", &[("42404", 557_880), ("50000", 330_000)], |law| {
        law.critical(&[law.stay(3, 100_500)])
    }),
    // AMB-080: 15350.00 and 15000.00 are (30350 − 21202) × 60 % over the year, and each alone nothing.
    Row("tianjin-2021.critical_illness.cumulation", &[("'YEAR'", 548_880), ("'PER_BILL'", 0)], |law| {
        law.critical(&[law.stay(3, 50_000), law.stay(4, 50_000)])
    }),
    // AMB-079: 530500 − 180000 = 350500.00; (100000 − 10601) × 65 % + 100000 × 70 % + 100000 × 75 % = 203109.35 and
    // 50500.00 × 75 %, × 60 %, × 0.
    Row(
        "tianjin-2021.critical_illness.tilt.tilt_above_300000_rate",
        &[("75", 24_098_435), ("60", 23_340_935), ("0", 20_310_935)],
        |law| law.critical(&[poor(law.stay(3, 530_500))]),
    ),
    // The same where the limit stays.
    Row("tianjin-2021.critical_illness.tilt.unlimited", &[("true", 24_098_435), ("false", 20_310_935)], |law| {
        law.critical(&[poor(law.stay(3, 530_500))])
    }),
    // AMB-075: paid at 60 %, burden 40500.00, or at 70 % 30500.00, less 21202.00, × 60 %.
    Row("tianjin-2021.out_of_area.penalty_in_burden", &[("true", 1_157_880), ("false", 557_880)], chosen),
    // AMB-084: 2280.00 on 1500.00, or 1500.00.
    Row("tianjin-2021.maternity.fixed_capped_at_cost", &[("false", 228_000), ("true", 150_000)], birth),
];

/// AMB-053, AMB-057, AMB-059 to -062, AMB-064, AMB-075, AMB-077, AMB-079, AMB-080, AMB-084, AMB-143; J-5.1.6-a, J-5.1.4-b,
/// J-5.2-f, J-5.2-j.
#[test]
fn every_reading_is_chosen_by_its_parameter() {
    for Row(parameter, settings, bills) in ROWS {
        let regime = parameter.split('.').next().unwrap();
        let since = if regime == "baodi-2017" { "2017-01-01" } else { "2021-01-01" };
        assert_eq!(bills(&Law::with("", regime)), Fen::new(settings[0].1), "{parameter} as it is");
        for (value, fen) in *settings {
            let law = Law::with(&set(parameter, value, since), regime);
            assert_eq!(bills(&law), Fen::new(*fen), "{parameter} = {value}");
        }
    }
}
