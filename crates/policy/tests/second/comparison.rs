//! The rules in use against the second engine, to the fen, bill by bill, payer by payer and total by total; what is refused,
//! and what each year leaves to the next.

use juyi_domain::id::SettlementId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::closing::Ended;

use crate::closing::close;
use crate::engine::{Line, Reckoned, Refused, Regime, Terms, outpatient_deductible, reckon};
use crate::readings::Readings;
use crate::recount::recount;
use crate::rules::{Parts, Rules, Settled};
use crate::years::{WHOLE, WHOLE_2017, Year, Years};

/// Years of one seed; four seeds are 200,000 years.
const YEARS: usize = 50_000;

fn parts(line: &Line) -> Parts {
    Parts {
        id: line.id,
        total: line.total,
        basic: line.basic,
        critical: line.critical,
        maternity: line.maternity,
        medical: line.medical,
        veterans: line.veterans,
        person: line.person(),
    }
}

/// What a refusal of the rules in use is to the second engine.
fn why(refusal: &Refusal) -> Refused {
    let days = refusal.metadata.iter().find(|(name, _)| *name == "days_left");
    match (refusal.reason, days) {
        (_, Some((_, days))) => Refused::Days(days.parse().unwrap()),
        (Reason::RuleNotDefined, _) => Refused::NotDefined,
        (Reason::RequiredFieldMissing, _) => Refused::Missing,
        (Reason::DuplicateBill, _) => Refused::Twice,
        other => panic!("{other:?}"),
    }
}

/// The year with what was refused left out, or split as the refusal asks.
fn accepted(mut person: Year, refused: &[(SettlementId, Refused)]) -> Year {
    for case in &mut person.cases {
        let days = refused.iter().find_map(|(id, why)| match why {
            Refused::Days(left) if *id == case.id => Some(*left),
            _ => None,
        });
        case.bill.home_bed_days = days.unwrap_or(case.bill.home_bed_days);
    }
    let is_out = |id| refused.iter().any(|(refused, why)| *refused == id && !matches!(why, Refused::Days(_)));
    person.cases.retain(|case| !is_out(case.id));
    person
}

/// Settles a year by both, and without what both refuse, until nothing is refused.
fn both(terms: Terms, rules: &Rules, mut person: Year) -> (Year, Settled, Reckoned) {
    loop {
        let reckoned = reckon(terms, &person.cases, &person.opening);
        match rules.try_settle(&person.cases, &person.opening) {
            Ok(settled) => {
                assert!(reckoned.refused.is_empty(), "{:?} of {person:#?}", reckoned.refused);
                return (person, settled, reckoned);
            }
            Err(refusals) => {
                let expected: Vec<Refused> = reckoned.refused.iter().map(|(_, why)| *why).collect();
                assert_eq!(refusals.0.iter().map(why).collect::<Vec<_>>(), expected, "{person:#?}");
                person = accepted(person, &reckoned.refused);
            }
        }
    }
}

fn compare(terms: Terms, years: &mut Years, number: usize) {
    let rules = Rules::of(terms);
    for year in 0..number {
        let (person, settled, reckoned) = both(terms, &rules, years.year());
        let of = || format!("year {year} by {terms:?}: {person:#?}");
        let expected: Vec<Parts> = reckoned.lines.iter().map(parts).collect();
        assert_eq!(settled.parts, expected, "{}", of());
        for (index, state) in settled.states.iter().enumerate() {
            let earlier = &reckoned.lines[..=index];
            assert_eq!(*state, recount(terms, earlier, &person.opening), "after bill {index}, {}", of());
            assert_eq!(settled.filled[index], earlier.iter().map(|line| line.filled).sum::<i64>(), "{}", of());
        }
        let (end, whole_year, family_doctor) = (settled.end(), !years.once_in(4), years.once_in(3));
        let policy_year = rules.policy_year();
        let ended = Ended { policy_year, state: &end, opening: &person.opening, whole_year, family_doctor };
        let closed = rules.close(&ended);
        let left = close(terms, &reckoned.lines, &person.opening, family_doctor, whole_year);
        let (mut balances, next) = (left.balances.clone(), closed.opening);
        balances.push(left.carried);
        let carried: Vec<i64> = next.balances.iter().map(|balance| balance.amount.get()).collect();
        assert_eq!((carried, next.unused_outpatient_years), (balances, left.unused_years), "{}", of());
        assert_eq!(closed.next_deductible.get(), outpatient_deductible(left.unused_years), "{}", of());
        if year % 25 == 0 {
            // The same with receipts, by the lines of which the shares are counted.
            assert_eq!(rules.try_settle_with_receipts(&person.cases, &person.opening), Ok(settled), "{}", of());
            assert_eq!(rules.explained(&person.cases, &person.opening), expected, "{}", of());
        }
    }
}

macro_rules! seeds {
    ($($name:ident: $seed:literal,)*) => {$(
        /// J-5.1.T-a to -r, J-5.1.1-a to -d, J-5.1.2-a, -b, J-5.1.6, J-5.2-a to -k, J-5.3.T-a to -t, J-5.5.2-a to -d,
        /// J-5.5.T-a to -h, J-6.1-b, J-10.3.2-a to -e, J-10.5.1-a; AMB-005, AMB-055 to -057, AMB-063 to -068, AMB-072,
        /// AMB-076, AMB-079, AMB-080, AMB-084 to -088, AMB-091, AMB-093, AMB-099, AMB-138, AMB-144.
        #[test]
        fn $name() {
            compare(Regime::Tianjin2021.into(), &mut Years::new($seed, 2021, WHOLE), YEARS);
        }
    )*};
}
seeds! {
    both_engines_agree_on_every_bill_of_2021: 0x9E37_79B9_7F4A_7C15,
    both_engines_agree_on_every_bill_of_2021_again: 0xD1B5_4A32_D192_ED03,
    both_engines_agree_on_every_bill_of_2021_a_third_time: 0x2545_F491_4F6C_DD1D,
    both_engines_agree_on_every_bill_of_2021_a_fourth_time: 0x0123_4567_89AB_CDEF,
}

/// AMB-053, AMB-057, AMB-059 to -062, AMB-064, AMB-075, AMB-079, AMB-080, AMB-084, AMB-091, AMB-143: every other reading by its
/// parameter, alone and several at once.
#[test]
fn both_engines_agree_in_every_reading() {
    let mut years = Years::new(0x1F83_D9AB_FB41_BD6B, 2021, WHOLE);
    for readings in Readings::all(27, &mut years) {
        compare(Terms { regime: Regime::Tianjin2021, readings }, &mut years, 1_000);
    }
}

/// B-5.1-b to -f, B-5.2-a to -d, B-5.3-a to -d, B-5.4-a, AMB-082.
#[test]
fn both_engines_agree_on_every_bill_of_2017() {
    compare(Regime::Baodi2017.into(), &mut Years::new(0x5851_F42D_4C95_7F2D, 2017, WHOLE_2017), YEARS);
}
