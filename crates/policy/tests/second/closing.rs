//! What a year leaves, of the second engine: the unspent outpatient maximum (J-5.1.2-a, AMB-063), the years in a row without
//! use (J-5.1.1), and the balances that were not used (AMB-064).

use juyi_domain::settlement::accumulators::Opening;

use super::engine::{Line, Regime, Sort, Terms, balance_used, outpatient_deductible, outpatient_maximum};
use super::readings::Reading;

/// What is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) carried: i64,
    pub(crate) unused_years: u32,
    /// Of earlier years, the oldest first.
    pub(crate) balances: Vec<i64>,
}

/// Closes a year; `family_doctor` on its last day (AMB-060), `whole_year` insured (B-5.3-a, AMB-061).
pub(crate) fn close(
    terms: impl Into<Terms>,
    lines: &[Line],
    opening: &Opening,
    family_doctor: bool,
    whole_year: bool,
) -> Left {
    let terms = terms.into();
    let visits = || lines.iter().filter(|line| line.sort == Sort::Visit);
    let cost: i64 = visits().map(|line| line.eligible).sum();
    let ordinary: i64 = visits().map(|line| line.eligible - line.fee).sum();
    let lowered = opening.unused_outpatient_years > 0;
    let for_fees: i64 = visits().map(|line| line.basic_for_fee).sum();
    let reimbursed: i64 = visits().map(|line| line.basic).sum::<i64>() - for_fees;
    let compared = if terms.reads(Reading::FeeCounts) { cost } else { ordinary };
    let within = compared <= outpatient_deductible(opening.unused_outpatient_years);
    let part_counts = terms.regime == Regime::Tianjin2021 && !terms.reads(Reading::WholeYears);
    let ends = reimbursed > 0 || (terms.reads(Reading::FeeRestores) && for_fees > 0);
    let doctor = family_doctor && !terms.reads(Reading::DoctorNotCarried);
    Left {
        carried: (outpatient_maximum(terms.regime, doctor) - cost).max(0),
        // J-5.1.1-d, B-5.3-d, AMB-062: used in a year with a lowered deductible, the count begins again.
        unused_years: match within && (part_counts || whole_year) && !(lowered && ends) {
            true => opening.unused_outpatient_years + 1,
            false => 0,
        },
        balances: balances(opening, balance_used(terms, lines, opening)),
    }
}

/// The oldest is used first.
fn balances(opening: &Opening, used: i64) -> Vec<i64> {
    let mut open = used;
    let left = opening.balances.iter().map(|balance| {
        let taken = balance.amount.get().min(open);
        open -= taken;
        balance.amount.get() - taken
    });
    left.collect()
}
