//! The running totals of a year, counted again from the lines of the second engine: stored accumulators equal a recount.

use juyi_domain::money::Fen;
use juyi_domain::settlement::accumulators::{Accumulators, Opening};

use super::engine::{Line, Sort, Terms, balance_used};

/// The running totals after so many lines.
pub(crate) fn recount(terms: Terms, lines: &[Line], opening: &Opening) -> Accumulators {
    let sum = |of: fn(&Line) -> bool, part: fn(&Line) -> i64| {
        Fen::new(lines.iter().filter(|line| of(line)).map(part).sum::<i64>())
    };
    let (inpatient, visit) = (Line::is_inpatient as fn(&Line) -> bool, |line: &Line| line.sort == Sort::Visit);
    Accumulators {
        stays: u32::try_from(lines.iter().filter(|line| line.is_stay(terms)).count()).unwrap(),
        deductible_used: sum(inpatient, |line| line.deductible),
        eligible: sum(inpatient, |line| line.eligible),
        basic_paid: sum(inpatient, |line| line.basic),
        balance_used: Fen::new(balance_used(terms, lines, opening)),
        home_bed_days: lines.iter().map(|line| line.home_bed_days).sum(),
        burden: sum(|_| true, |line| line.burden),
        critical_illness_paid: sum(|_| true, |line| line.critical),
        outpatient_eligible: sum(visit, |line| line.eligible - line.fee),
        general_fee: sum(visit, |line| line.fee),
        outpatient_paid: sum(visit, |line| line.basic),
        general_fee_paid: sum(visit, |line| line.basic_for_fee),
    }
}
