//! Outpatient and emergency care, drugs bought at pharmacies, and village clinics (J-5.1.T-m to -p, J-5.1.5, B-5.2).
//!
//! [`settle`] settles one bill: `venue` says whether it is paid at all, then the general fee of a village clinic takes the
//! maximum of the year first and the rest of the bill after it (AMB-143). The outpatient account of the year is separate from
//! the inpatient one, and nothing of it enters critical illness insurance (J-5.2-a).

pub mod deductible;
pub mod family_doctor;
#[cfg(test)]
pub(crate) mod fixtures;
mod general_fee;
pub mod params;
mod venue;
mod visit;

use super::accumulators::{Accumulators, Opening};
use super::case::Case;
use super::params::MaximumBasis;
use super::record::{Blank, Line};
use super::trace::Trace;
use crate::codes::Payer;
use crate::money::Fen;
use crate::refusal::Refusals;
use params::OutpatientParams;

/// Settles a visit or a purchase, moves the running totals of the year, and answers what the fund pays. A bill that is not
/// covered moves nothing.
///
/// # Errors
/// `RULE_NOT_DEFINED` for a venue or a reason for care elsewhere that the documents do not speak of, and
/// `REQUIRED_FIELD_MISSING` where the holidays of a student at home are not known (AMB-076).
pub fn settle<T: Trace>(
    case: &Case,
    state: &mut Accumulators,
    opening: &Opening,
    params: &OutpatientParams,
    trace: &mut T,
) -> Result<Fen, Refusals> {
    let Some(venue) = venue::find(case, params, trace)? else { return Ok(Fen::ZERO) };
    let rate = visit::rate(case, venue, params)?;
    trace.step(|line| eligible_cost(line, case));
    let bonus = family_doctor::bonus(case, params);
    let maximum = family_doctor::maximum(bonus, params);
    let fee = general_fee::settle(case, state, (venue, maximum), params, trace)?;
    let rest = case.bill.eligible() - fee.cost;
    let paid = visit::settle(rest, state, &visit::Terms { rate, bonus, maximum, opening }, params, trace);
    Ok(fee.paid + paid)
}

/// Only cost inside the three catalogues counts (J-5.1.3-a).
fn eligible_cost<'a>(line: Blank<'a>, case: &Case) -> Line<'a> {
    let (total, eligible) = (case.bill.total, case.bill.eligible());
    line.rule("J-5.1.3-a").given("total", total).given("out_of_scope", total - eligible).found("eligible", eligible)
}

/// How the maximum limits what the fund pays, on a step that names it.
fn limits<'a>(step: Line<'a>, params: &OutpatientParams, reached: bool) -> Line<'a> {
    let step = step.using(&params.maximum_basis, |basis| basis.as_str().into());
    if reached { step.marked("MAXIMUM_REACHED") } else { step }
}

/// What the maximum still allows: payment, or cost, by its reading (AMB-053).
fn left(state: &Accumulators, maximum: Fen, params: &OutpatientParams) -> Fen {
    maximum.above(match params.maximum_basis.value {
        MaximumBasis::FundPayment => state.outpatient_paid,
        MaximumBasis::EligibleCost => state.outpatient_cost(),
    })
}

/// The line of a bill that is not covered.
fn not_covered<T: Trace>(trace: &mut T, step: impl for<'a> FnOnce(Blank<'a>) -> Line<'a>) {
    trace.pay(Payer::BasicFund, Fen::ZERO, |line| step(line).marked("NOT_COVERED"));
}
