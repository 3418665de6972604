//! What critical illness insurance pays on the burden of the year (J-5.2, B-5.1).

use super::params::{CriticalIllnessParams, Cumulation, TiltParams};
use super::trace::Trace;
use crate::codes::{Identity, Payer};
use crate::money::{Fen, Portion, Rate};
use crate::receipt::Step;

/// A burden that critical illness insurance answers for.
#[derive(Clone, Copy, Debug)]
pub struct Burden {
    /// Burden of the year before this bill.
    pub before: Fen,
    /// Burden of this bill: eligible cost less what the basic fund paid.
    pub own: Fen,
    /// What critical illness insurance paid in the year before this bill.
    pub paid_before: Fen,
}

/// Pays on a burden.
///
/// The scheme of the status on the service date is applied to the burden of the year, less what was paid before
/// (J-5.2-k, AMB-080); never below nothing and never more than this bill's burden. What is cut stays claimable by
/// later bills of the year (AMB-079).
pub fn pay<'a, T: Trace<'a>>(
    burden: Burden,
    identities: &'a [Identity],
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Fen {
    let (counted, deducted) = match params.cumulation.value {
        Cumulation::Year => (burden.before + burden.own, burden.paid_before),
        Cumulation::PerBill => (burden.own, Fen::ZERO),
    };
    let tilt = tilt_for(identities, params, trace);
    let scheme = scheme(counted, tilt, params, trace).round();
    let paid = scheme.above(deducted).min(burden.own);
    trace.pay(Payer::CriticalIllness, paid, move || {
        Step::by(&params.cumulation, |cumulation| cumulation.as_str().into())
            .given("own_burden", burden.own)
            .given("scheme", scheme)
            .moving("burden", burden.before, burden.before + burden.own)
            .moving("critical_illness_paid", burden.paid_before, burden.paid_before + paid)
    });
    paid
}

/// The tilt, if an identity gives it (J-5.2-g).
fn tilt_for<'a, T: Trace<'a>>(
    identities: &'a [Identity],
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Option<&'a TiltParams> {
    let tilt = params.tilt.as_ref()?;
    let identity = tilt.identities.iter().find(|identity| identities.contains(identity))?;
    trace.step(move || Step::by(&tilt.identities, |_| (*identity).into()).found("scheme", "TILTED"));
    Some(tilt)
}

/// The exact sum of the bands of a burden (J-5.2-b to -d, B-5.1-c to -f).
fn scheme<'a, T: Trace<'a>>(
    burden: Fen,
    tilt: Option<&'a TiltParams>,
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Portion {
    let mut from = threshold(burden, tilt, params, trace);
    let mut sum = Portion::default();
    for band in &params.bands {
        let part = burden.min(band.up_to).above(from);
        if !part.is_zero() {
            let rate = tilted(band.rate, tilt);
            trace.step(move || band_step(Step::by(band, |band| band.rate.into()), tilt, from, part, rate));
            sum = sum + part.at(rate);
        }
        from = from.max(band.up_to);
    }
    if let Some(tilt) = tilt {
        sum = sum + beyond_last_band(burden, from, tilt, trace);
    }
    sum
}

/// With the tilt nothing ends (J-5.2-j): above the last band another rate holds.
fn beyond_last_band<'a, T: Trace<'a>>(burden: Fen, from: Fen, tilt: &'a TiltParams, trace: &mut T) -> Portion {
    let part = burden.above(from);
    if !tilt.unlimited.value || part.is_zero() {
        return Portion::default();
    }
    let rate = tilt.above_last_band.value;
    trace.step(move || {
        let step = Step::by(&tilt.unlimited, |_| "TRUE".into()).using(&tilt.above_last_band, |rate| (*rate).into());
        step.given("from", from).given("part", part).found("rate", rate)
    });
    part.at(rate)
}

/// The burden above which the bands begin: the threshold (J-5.2-e, J-5.2-f, B-5.1-b), with the tilt a part of it (J-5.2-h).
fn threshold<'a, T: Trace<'a>>(
    burden: Fen,
    tilt: Option<&'a TiltParams>,
    params: &'a CriticalIllnessParams,
    trace: &mut T,
) -> Fen {
    let Some(tilt) = tilt else {
        trace.step(move || general_threshold(burden, params).found("threshold", params.threshold.value));
        return params.threshold.value;
    };
    trace.step(move || general_threshold(burden, params));
    let threshold = params.threshold.at(tilt.threshold_share.value).round();
    trace.step(move || {
        Step::by(&tilt.threshold_share, |share| (*share).into())
            .given("general_threshold", params.threshold.value)
            .found("threshold", threshold)
    });
    threshold
}

fn general_threshold(burden: Fen, params: &CriticalIllnessParams) -> Step {
    let step = match &params.income {
        Some(income) => {
            Step::by(&income.share, |share| (*share).into()).using(&income.per_head, |income| (*income).into())
        }
        None => Step::by(&params.threshold, |fen| (*fen).into()),
    };
    let step = step.given("burden", burden);
    if params.threshold_is_provisional { step.marked("PROVISIONAL_FOR_2021") } else { step }
}

/// The rate of a band, with the tilt some points higher (J-5.2-i).
fn tilted(rate: Rate, tilt: Option<&TiltParams>) -> Rate {
    tilt.map_or(rate, |tilt| rate.plus_points(tilt.extra_points.value))
}

fn band_step(step: Step, tilt: Option<&TiltParams>, from: Fen, part: Fen, rate: Rate) -> Step {
    let step = match tilt {
        Some(tilt) => step.using(&tilt.extra_points, |points| i64::from(*points).into()),
        None => step,
    };
    step.given("from", from).given("part", part).found("rate", rate)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{critical_illness_2017, critical_illness_2021};
    use super::super::params::IncomeParams;
    use super::*;
    use crate::effective::Effective;
    use crate::receipt::{Receipt, Value};
    use crate::settlement::record::{Arena, explained};

    const GENERAL: &[Identity] = &[];
    const TILTED: &[Identity] = &[Identity::SubsistenceAllowance];

    fn pay(burden: Burden, identities: &[Identity], params: &CriticalIllnessParams) -> Receipt {
        explained(&Arena::new(), |record| super::pay(burden, identities, params, record)).1
    }

    /// The whole burden of a year.
    fn critical_on_burden(
        burden: Fen,
        paid_before: Fen,
        identities: &[Identity],
        params: &CriticalIllnessParams,
    ) -> Receipt {
        pay(Burden { before: Fen::ZERO, own: burden, paid_before }, identities, params)
    }

    fn on(burden: Fen, identities: &[Identity]) -> Fen {
        critical_on_burden(burden, Fen::ZERO, identities, &critical_illness_2021()).sum()
    }

    /// J-5.2-f: 21202.00 pays nothing, one yuan more 0.60; provisional for 2021 (AMB-077).
    #[test]
    fn the_burden_begins_to_count_above_the_threshold() {
        assert_eq!(on(Fen::yuan(21_202), GENERAL), Fen::ZERO);
        assert_eq!(on(Fen::yuan(21_203), GENERAL), Fen::new(60));
        let receipt = critical_on_burden(Fen::yuan(21_203), Fen::ZERO, GENERAL, &critical_illness_2021());
        assert!(receipt.is_marked("PROVISIONAL_FOR_2021"));
    }

    /// J-5.2-e: half of an income of 42404.00 is 21202.00, and of one fen more it is rounded up.
    #[test]
    fn the_threshold_may_follow_from_income() {
        let law = |fen| {
            let (per_head, share) = (Effective::printed(Fen::new(fen), "J-5.2-e"), Rate::percent(50));
            let income = IncomeParams { per_head, share: Effective::printed(share, "J-5.2-e") };
            let threshold = income.threshold();
            CriticalIllnessParams {
                threshold,
                income: Some(income),
                threshold_is_provisional: false,
                ..critical_illness_2021()
            }
        };
        assert_eq!(law(4_240_400).threshold.value, Fen::yuan(21_202));
        assert_eq!(law(4_240_401).threshold.value, Fen::new(2_120_201));
        let receipt = critical_on_burden(Fen::yuan(21_203), Fen::ZERO, GENERAL, &law(4_240_400));
        assert_eq!((receipt.sum(), receipt.steps[0].rule_id.as_ref()), (Fen::new(60), "J-5.2-e"));
        assert_eq!(receipt.steps[0].output("threshold"), Some(&Value::Fen(Fen::yuan(21_202))));
        assert_eq!(receipt.steps[0].parameters().count(), 2);
        assert!(!receipt.is_marked("PROVISIONAL_FOR_2021"));
        // J-5.2-h: the tilt halves this threshold as well.
        assert_eq!(critical_on_burden(Fen::yuan(10_601), Fen::ZERO, TILTED, &law(4_240_400)).sum(), Fen::ZERO);
    }

    /// S-39: J-5.2-b, J-5.2-c, J-5.2-d.
    #[test]
    fn the_bands_add_up() {
        assert_eq!(on(Fen::yuan(100_000), GENERAL), Fen::new(4_727_880));
        assert_eq!(on(Fen::yuan(150_000), GENERAL), Fen::new(7_977_880));
        assert_eq!(on(Fen::yuan(300_000), GENERAL), Fen::new(18_227_880));
        assert_eq!(on(Fen::new(30_000_001), GENERAL), Fen::new(18_227_880));
        assert_eq!(on(Fen::yuan(350_000), GENERAL), Fen::new(18_227_880));
    }

    /// S-39: J-5.2-g, J-5.2-h, J-5.2-i, J-5.2-j.
    #[test]
    fn the_tilt_halves_the_threshold_adds_points_and_has_no_end() {
        assert_eq!(on(Fen::yuan(10_601), TILTED), Fen::ZERO);
        assert_eq!(on(Fen::yuan(150_000), TILTED), Fen::new(9_310_935));
        assert_eq!(on(Fen::yuan(350_000), TILTED), Fen::new(24_060_935));
        let receipt = critical_on_burden(Fen::yuan(350_000), Fen::ZERO, TILTED, &critical_illness_2021());
        for rule_id in ["J-5.2-g", "J-5.2-h", "J-5.2-j"] {
            assert!(receipt.applies(rule_id));
        }
        assert!(receipt.steps.iter().flat_map(|step| step.parameters()).any(|used| used.name == "J-5.2-i"));
        // J-5.2-g: an entitled person without medical subsidy is general.
        assert_eq!(on(Fen::yuan(150_000), &[Identity::EntitledGroup]), Fen::new(7_977_880));
    }

    /// J-5.2-j, AMB-079: of the 50000.00 above the last band 75 %, whatever an operator says instead (30 %: 22500.00 less), or
    /// nothing where the limit stays.
    #[test]
    fn what_lies_above_the_last_band_has_a_rate_of_its_own() {
        let on = |change: fn(&mut TiltParams)| {
            let mut law = critical_illness_2021();
            change(law.tilt.as_mut().unwrap());
            critical_on_burden(Fen::yuan(350_000), Fen::ZERO, TILTED, &law).sum()
        };
        assert_eq!(on(|_| ()), Fen::new(24_060_935));
        assert_eq!(on(|tilt| tilt.above_last_band.value = Rate::percent(30)), Fen::new(21_810_935));
        assert_eq!(on(|tilt| tilt.unlimited.value = false), Fen::new(20_310_935));
    }

    /// S-39: J-5.2-k; the second bill gets what the year's scheme leaves.
    #[test]
    fn bills_of_a_year_cumulate() {
        let law = critical_illness_2021();
        let first = Burden { before: Fen::ZERO, own: Fen::yuan(15_000), paid_before: Fen::ZERO };
        assert_eq!(pay(first, GENERAL, &law).sum(), Fen::ZERO);
        let second = Burden { before: Fen::yuan(15_000), own: Fen::yuan(20_000), paid_before: Fen::ZERO };
        let receipt = pay(second, GENERAL, &law);
        assert_eq!(receipt.sum(), Fen::new(827_880));
        assert!(receipt.applies("J-5.2-k"));
    }

    /// The other reading of AMB-080.
    #[test]
    fn bills_may_stand_alone_instead() {
        let cumulation = Effective::printed(Cumulation::PerBill, "J-5.2-k");
        let law = CriticalIllnessParams { cumulation, ..critical_illness_2021() };
        let second = Burden { before: Fen::yuan(15_000), own: Fen::yuan(20_000), paid_before: Fen::ZERO };
        assert_eq!(pay(second, GENERAL, &law).sum(), Fen::ZERO);
    }

    /// C20, AMB-079: a tilt gained in June pays no more than the bill's own burden, a tilt lost takes nothing back.
    #[test]
    fn a_change_of_status_stays_within_the_bill() {
        let law = critical_illness_2021();
        let burden = Burden { before: Fen::yuan(80_000), own: Fen::yuan(10), paid_before: Fen::new(3_527_880) };
        assert_eq!(pay(burden, TILTED, &law).sum(), Fen::yuan(10));
        let burden = Burden { paid_before: Fen::yuan(50_000), ..burden };
        assert_eq!(pay(burden, GENERAL, &law).sum(), Fen::ZERO);
    }

    /// S-40: B-5.1-b to B-5.1-f, on burdens settled elsewhere.
    #[test]
    fn baodi_has_its_own_bands() {
        let law = critical_illness_2017();
        let on = |fen: Fen| critical_on_burden(fen, Fen::ZERO, TILTED, &law).sum();
        assert_eq!(on(Fen::yuan(20_000)), Fen::ZERO);
        assert_eq!(on(Fen::new(2_000_001)), Fen::new(1));
        assert_eq!(on(Fen::yuan(100_000)), Fen::new(4_000_000));
        assert_eq!(on(Fen::yuan(150_000)), Fen::new(7_000_000));
        assert_eq!(on(Fen::yuan(250_000)), Fen::new(13_500_000));
        assert_eq!(on(Fen::yuan(400_000)), Fen::new(17_000_000));
        let receipt = critical_on_burden(Fen::yuan(400_000), Fen::ZERO, GENERAL, &law);
        for rule_id in ["B-5.1-b", "B-5.1-c", "B-5.1-d", "B-5.1-e", "B-5.1-f"] {
            assert!(receipt.applies(rule_id));
        }
        assert!(!receipt.is_marked("PROVISIONAL_FOR_2021"));
    }
}
