//! Each reading of settlement that an operator may choose, by its parameter in an overlay, in every setting on one year of
//! bills, with amounts by hand: the parameter reaches the rule. `second` compares the readings, and mixtures of them, on
//! thousands of generated years.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use chrono::NaiveDate;
use juyi_domain::benefit_period::derive::{Facts, derive};
use juyi_domain::codes::{Category, Class, District, Identity, Insurance, Payer, ProviderLevel, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::settlement::accumulators::{CarriedBalance, Opening};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, GeneralFee, OutOfArea, Place, Provider, ProviderKind};
use juyi_domain::settlement::case::{Case, Standing};
use juyi_domain::settlement::closing::{Ended, close};
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_domain::settlement::maternity::event::{Childbirth, DeliveryMode};
use juyi_domain::settlement::year::{Outcome, receipts_of_year};
use juyi_policy::Policy;
use uuid::Uuid;

/// The law with what an operator set.
struct Law {
    policy: Policy,
    district: District,
    year: i32,
}

impl Law {
    /// The law of a regime with an overlay.
    fn with(overlay: &str, regime: &str) -> Self {
        let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
        let (district, year) = if regime == "baodi-2017" { (District::Baodi, 2017) } else { (District::Jinghai, 2021) };
        Self { policy, district, year }
    }

    fn day(&self, month: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap()
    }

    /// Settles a year, each bill by the law of its first day, as the service does.
    fn try_settle(&self, cases: &[Case], opening: &Opening) -> Result<Vec<Outcome<Receipt>>, Refusals> {
        let laws: Vec<_> = cases
            .iter()
            .map(|case| (case.id, self.policy.for_(self.district, self.year, case.bill.admitted_on).unwrap()))
            .collect();
        let law_for = |case: &Case| Ok(laws.iter().find(|(id, _)| *id == case.id).unwrap().1.law_of_bills());
        receipts_of_year(cases, opening, law_for)
    }

    fn settle(&self, cases: &[Case]) -> Vec<Outcome<Receipt>> {
        self.try_settle(cases, &Opening::default()).unwrap()
    }

    fn basic(&self, cases: &[Case]) -> Fen {
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

    /// A stay of the middle tier at a level 3 hospital, on the first day of a month.
    fn stay(&self, month: u32, yuan: i64) -> Case {
        let day = self.day(month);
        Case {
            id: SettlementId::from(Uuid::from_u128(month.into())),
            bill: Bill {
                kind: CareKind::Inpatient,
                provider: Provider {
                    kind: ProviderKind::Hospital,
                    level: Some(ProviderLevel::Three),
                    designated: true,
                    reform_registered: false,
                    assistance_designated: true,
                    home_bed: false,
                    village_integrated: false,
                },
                place: Place::Local,
                admitted_on: day,
                discharged_on: day,
                stay_began_on: None,
                total: Fen::yuan(yuan),
                in_catalogue: Fen::yuan(yuan),
                third_party: None,
                public_health: Fen::ZERO,
                observation: None,
                general_fee: None,
                home_bed_days: 0,
                disease_code: String::new(),
                maternity: None,
            },
            class: Class::Adult,
            tier: Tier::Middle,
            identities: Vec::new(),
            standing: Standing::default(),
            filed_order: month.into(),
        }
    }

    /// A visit at a level 1 hospital.
    fn visit(&self, month: u32, yuan: i64) -> Case {
        let mut case = self.stay(month, yuan);
        (case.bill.kind, case.bill.provider.level) = (CareKind::Outpatient, Some(ProviderLevel::One));
        case
    }

    /// A visit at a village clinic of 205.00, of which 10.00 are the general fee.
    fn clinic(&self) -> Case {
        let mut case = self.visit(3, 205);
        (case.bill.provider.kind, case.bill.provider.level) = (ProviderKind::VillageClinic, None);
        case.bill.provider.village_integrated = true;
        let fee = GeneralFee { registration: Fen::yuan(1), consultation: Fen::yuan(5), injection: Fen::yuan(4) };
        case.bill.general_fee = Some(fee);
        case
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

fn set(parameter: &str, value: &str, since: &str) -> String {
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

/// AMB-077: with `strict_threshold` a bill whose year has no threshold of its own is refused, with the parameter's name; a
/// visit, which needs none, is not; and a threshold of the year settles it, unmarked: (30500 − 25000) × 60 %.
#[test]
fn a_strict_threshold_refuses_bills() {
    let strict = set("tianjin-2021.critical_illness.strict_threshold", "true", "2021-01-01");
    let law = Law::with(&strict, "tianjin-2021");
    let cases = [law.visit(2, 700), law.stay(3, 100_500)];
    let refusals = law.try_settle(&cases, &Opening::default()).unwrap_err();
    let told: Vec<_> = refusals.0.iter().map(|it| (it.reason, it.rule_id.as_deref())).collect();
    assert_eq!(told, [(Reason::ParameterNotSet, Some("J-5.2-f"))]);
    let named = |key: &str| refusals.0[0].metadata.iter().find(|(name, _)| *name == key).unwrap().1.clone();
    assert_eq!(named("parameter"), "tianjin-2021.critical_illness.threshold");
    assert_eq!(named("settlement_id"), cases[1].id.to_string());
    assert_eq!(law.basic(&cases[..1]), Fen::yuan(100));
    let both = strict + &set("tianjin-2021.critical_illness.threshold", "25000", "2021-01-01");
    let settled = Law::with(&both, "tianjin-2021").settle(&cases);
    assert_eq!(settled[1].critical, Fen::new(330_000));
    assert!(!settled[1].trace.is_marked("PROVISIONAL_FOR_2021"));
    let lax = Law::with("", "tianjin-2021").settle(&cases);
    assert!(lax[1].trace.is_marked("PROVISIONAL_FOR_2021"));
}

/// AMB-077: a new threshold takes effect by the day of the bill, on the burden of the whole year: in March
/// (30500 − 21202) × 60 % = 5578.80; in August (36500 − 24000) × 60 % − 5578.80 = 1921.20, where the old one would have made
/// 3600.00.
#[test]
fn a_year_may_have_two_thresholds() {
    let threshold = set("tianjin-2021.critical_illness.threshold", "24000", "2021-07-01");
    let law = Law::with(&threshold, "tianjin-2021");
    let cases = [law.stay(3, 100_500), law.stay(8, 20_000)];
    let settled = law.settle(&cases);
    let critical: Vec<_> = settled.iter().map(|outcome| outcome.critical).collect();
    assert_eq!(critical, [557_880, 192_120].map(Fen::new));
    let marked: Vec<_> = settled.iter().map(|outcome| outcome.trace.is_marked("PROVISIONAL_FOR_2021")).collect();
    assert_eq!(marked, [true, false]);
    let one = Law::with("", "tianjin-2021").settle(&cases);
    assert_eq!(one[1].critical, Fen::yuan(3_600));
}

/// AMB-041, AMB-048; J-3.3.4-a, J-4.3-a: deducted on 26 February from who was not insured before, the year or from 1 May; a
/// nursery child of September has accident cover of the school year or of the calendar year.
#[test]
fn benefit_periods_are_read_by_their_parameters() {
    let opened = |overlay: &str, insurance: Insurance, facts: &Facts| {
        let policy = Policy::embedded().unwrap().with_overlay(overlay).unwrap();
        let law = policy.for_(District::Jinghai, 2021, facts.paid_on).unwrap();
        let derived = derive(facts, &law.benefit_period).unwrap();
        let spans = derived.spans.iter().filter(|span| span.insurance == insurance);
        spans.map(|span| span.period.to_string()).collect::<Vec<_>>().join(", ")
    };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let deducted = Facts {
        policy_year: 2021,
        category: Category::UrbanResident,
        born_on: day("1950-05-01"),
        previous_year_insured: Some(false),
        paid_on: day("2021-02-26"),
        fully_subsidised: false,
        interrupted_on: None,
        through_channel: false,
        invokes_epidemic_rule: false,
        by_deduction: true,
    };
    for (value, expected) in
        [("'JANUARY_FIRST'", "2021-01-01 to 2021-12-31"), ("'LATE_RULE'", "2021-05-01 to 2021-12-31")]
    {
        let overlay = set("tianjin-2021.benefit_period.deduction_benefit_start", value, "2020-09-01");
        assert_eq!(opened(&overlay, Insurance::Basic, &deducted), expected, "{value}");
    }
    let child = Facts {
        category: Category::NurseryChild,
        born_on: day("2016-10-01"),
        paid_on: day("2020-09-20"),
        by_deduction: false,
        ..deducted
    };
    for (value, expected) in [("true", "2020-09-01 to 2021-08-31"), ("false", "2021-01-01 to 2021-12-31")] {
        let overlay = set("tianjin-2021.benefit_period.nursery_counts_as_school", value, "2020-09-01");
        assert_eq!(opened(&overlay, Insurance::Accident, &child), expected, "{value}");
    }
}
