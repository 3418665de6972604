//! What the basic fund pays on a stay, on special outpatient care, in a home bed and under emergency observation: is the
//! bill covered, what of it is eligible, deductible, rate, annual maximum.

mod balance;
mod cover;
mod deductible;
mod elsewhere;
mod home_bed;
mod maximum;
mod rate;

use super::accumulators::{Accumulators, Opening};
use super::care::{CareKind, ObservationOutcome, Place};
use super::case::Case;
use super::exclusions;
use super::params::{BasicParams, CrossYearStay};
use super::trace::Trace;
use crate::effective::Gap;
use crate::money::Fen;
use crate::refusal::Refusals;

/// What basic insurance leaves of a covered bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Eligible cost.
    pub eligible: Fen,
    /// Part of it that counts for critical illness insurance and assistance (J-5.2-a).
    pub burden: Fen,
}

/// Settles a bill against the basic fund and moves the running totals of the year; `None` for a bill that is not
/// covered, which moves none (AMB-140).
///
/// # Errors
/// `RULE_NOT_DEFINED` when no rate is printed for kind, level and tier, or nothing for care outside the city;
/// `REQUIRED_FIELD_MISSING` when a home bed crosses the last day that is paid (J-5.1.T-r).
pub fn settle<'a, T: Trace<'a>>(
    case: &'a Case,
    state: &mut Accumulators,
    opening: &'a Opening,
    params: &'a BasicParams,
    trace: &mut T,
) -> Result<Option<Settled>, Refusals> {
    let place = elsewhere::terms(case, params)?;
    if cover::is_excluded(case, &place, params, trace)? {
        return Ok(None);
    }
    let days = home_bed::days(case, state, params)?;
    if let Some(days) = days.filter(|days| days.left == 0) {
        exclusions::exclude(case, trace, move || days.step(0));
        return Ok(None);
    }
    let rate = rate::find(case, &place, params)?;
    let covered_by = move || exclusions::covered_by(&case.bill);
    let eligible = exclusions::eligible_cost(case, covered_by, &params.exclusions, trace)?;
    if let Some(days) = days {
        trace.step(move || days.step(days.own).found("home_bed_days", i64::from(days.after())));
        state.home_bed_days = days.after();
    }
    place.record(case, trace);
    rate.record_bonus(trace);
    let deductible = deductible::due(case, eligible, state, params, trace);
    let maximum = balance::raise(case, state, opening, params, trace);
    let limits = maximum::Limits { params, special: rate.special, maximum, opening };
    let paid = maximum::pay(&maximum::Due { eligible, deductible, rate }, state, &limits, trace);
    state.stays += u32::from(counts_as_stay(case, params));
    state.deductible_used += deductible;
    state.eligible += eligible;
    state.basic_paid += paid.fund;
    state.balance_used = paid.balance_used;
    Ok(Some(Settled { eligible, burden: eligible - paid.fund - paid.outside_burden }))
}

/// Asks whether the year prints anything for a place of care. Outpatient care elsewhere needs it as well (AMB-072).
///
/// # Errors
/// The gap of a year that prints nothing for care outside the city.
pub fn place_is_known(place: &Place, params: &BasicParams) -> Result<(), Gap> {
    elsewhere::known(place, params)
}

/// True for a bill that counts as a stay of the year (AMB-140): inpatient care and home beds (AMB-066) in the year they
/// began, in the other reading also in the year into which they last (AMB-057), and emergency observation that ended in
/// death. One that led to an admission is a part of that stay (AMB-068), and special outpatient care is none (AMB-056).
fn counts_as_stay(case: &Case, params: &BasicParams) -> bool {
    let stay = match case.bill.kind {
        CareKind::Inpatient | CareKind::HomeBed => true,
        CareKind::EmergencyObservation => case.bill.observation == Some(ObservationOutcome::Death),
        _ => false,
    };
    let both_years =
        || params.cross_year_stay_counts_in.as_ref().is_some_and(|reading| reading.value == CrossYearStay::BothYears);
    stay && (case.bill.stay_began_on.is_none() || both_years())
}
