//! The rules in use against the second engine, to the fen, bill by bill and payer by payer.

use crate::engine::{Line, Regime, Sort, year};
use crate::rules::{Parts, Rules};
use crate::years::{ENABLED, ENABLED_2017, Reach, Years};

/// Years of one seed; four seeds are 200,000 years.
const YEARS: usize = 50_000;

fn parts(line: &Line) -> Parts {
    Parts {
        id: line.id,
        total: line.total,
        basic: line.basic,
        critical: line.critical,
        medical: line.medical,
        veterans: line.veterans,
        person: line.person(),
    }
}

fn compare(regime: Regime, seed: u64, reach: Reach) {
    let policy_year = if regime == Regime::Baodi2017 { 2017 } else { 2021 };
    let (rules, mut years) = (Rules::of(regime), Years::new(seed, policy_year, reach));
    for number in 0..YEARS {
        let person = years.year();
        let (paid, end) = rules.settle(&person.cases, &person.opening);
        let lines = year(regime, &person.cases, &person.opening);
        let expected: Vec<Parts> = lines.iter().map(parts).collect();
        assert_eq!(paid, expected, "year {number} of seed {seed:#x}: {person:#?}");
        // Stored accumulators equal a recount.
        let of = |sorts: &[Sort], part: fn(&Line) -> i64| {
            lines.iter().filter(|line| sorts.contains(&line.sort)).map(part).sum::<i64>()
        };
        let inpatient = [Sort::Stay, Sort::LaterPart, Sort::Special];
        let stays = lines.iter().filter(|line| line.sort == Sort::Stay).count();
        assert_eq!(usize::try_from(end.stays), Ok(stays), "stays of year {number} of seed {seed:#x}");
        let counted = [
            (end.deductible_used.get(), of(&inpatient, |line| line.deductible)),
            (end.eligible.get(), of(&inpatient, |line| line.eligible)),
            (end.basic_paid.get(), of(&inpatient, |line| line.basic)),
            (end.burden.get(), lines.iter().map(|line| line.burden).sum()),
            (end.critical_illness_paid.get(), lines.iter().map(|line| line.critical).sum()),
        ];
        for (kept, recounted) in counted {
            assert_eq!(kept, recounted, "{counted:?} in year {number} of seed {seed:#x}: {person:#?}");
        }
    }
}

macro_rules! seeds {
    ($($name:ident: $seed:literal,)*) => {$(
        /// J-5.1.T-a to -l, J-5.1.6, J-5.2-a to -k, J-5.5.2-a to -d, J-5.5.T-a to -h, J-6.1-b; AMB-005, AMB-055 to -057,
        /// AMB-079, AMB-080, AMB-091, AMB-093, AMB-099, AMB-138, AMB-144.
        #[test]
        fn $name() {
            compare(Regime::Tianjin2021, $seed, ENABLED);
        }
    )*};
}
seeds! {
    both_engines_agree_on_every_bill_of_2021: 0x9E37_79B9_7F4A_7C15,
    both_engines_agree_on_every_bill_of_2021_again: 0xD1B5_4A32_D192_ED03,
    both_engines_agree_on_every_bill_of_2021_a_third_time: 0x2545_F491_4F6C_DD1D,
    both_engines_agree_on_every_bill_of_2021_a_fourth_time: 0x0123_4567_89AB_CDEF,
}

/// B-5.1-b to -f, B-5.2, AMB-082.
#[test]
fn both_engines_agree_on_every_bill_of_2017() {
    if !ENABLED_2017.kinds.is_empty() {
        compare(Regime::Baodi2017, 0x5851_F42D_4C95_7F2D, ENABLED_2017);
    }
}
