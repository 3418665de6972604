//! The outpatient deductible of a year: lower after years in a row that did not exceed theirs (J-5.1.1-a to -c, B-5.3-a to -c).

use super::params::OutpatientParams;
use crate::effective::Effective;
use crate::money::Fen;
use crate::receipt::Step;
use crate::settlement::trace::Trace;

/// The reduction that so many unused years in a row give; after more years than are printed the last one stays (AMB-061).
#[must_use]
pub fn reduction(unused_years: u32, params: &OutpatientParams) -> Option<&Effective<Fen>> {
    let index = usize::try_from(unused_years).ok()?.checked_sub(1)?;
    params.reductions.get(index).or_else(|| params.reductions.last())
}

/// The deductible of a year that so many unused years in a row precede.
#[must_use]
pub fn of_year(unused_years: u32, params: &OutpatientParams) -> Fen {
    params.deductible.above(reduction(unused_years, params).map_or(Fen::ZERO, |fen| **fen))
}

/// The same with its step, which only a lowered deductible has.
pub(crate) fn explained<'a, T: Trace<'a>>(unused_years: u32, params: &'a OutpatientParams, trace: &mut T) -> Fen {
    if let Some(reduction) = reduction(unused_years, params) {
        trace.step(move || step(reduction, unused_years, params));
    }
    of_year(unused_years, params)
}

/// The step of a lowered deductible.
pub(crate) fn step(reduction: &Effective<Fen>, unused_years: u32, params: &OutpatientParams) -> Step {
    Step::by(reduction, |fen| (*fen).into())
        .using(&params.deductible, |fen| (*fen).into())
        .given("unused_years", i64::from(unused_years))
        .found("deductible", of_year(unused_years, params))
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{law_2017, law_2021};
    use super::*;

    /// J-5.1.1-a, J-5.1.1-b, J-5.1.1-c, AMB-061: 400.00, 300.00, 200.00, and no lower.
    #[test]
    fn falls_by_hundreds_to_two_hundred() {
        let yuan = |years| of_year(years, &law_2021()).get() / 100;
        assert_eq!([0, 1, 2, 3, 4, 40].map(yuan), [500, 400, 300, 200, 200, 200]);
        let rules: Vec<_> =
            (1..=4).map(|years| reduction(years, &law_2021()).unwrap().reference.rule_id.to_string()).collect();
        assert_eq!(rules, ["J-5.1.1-a", "J-5.1.1-b", "J-5.1.1-c", "J-5.1.1-c"]);
    }

    /// B-5.3-a, B-5.3-b, B-5.3-c: the same steps.
    #[test]
    fn the_plan_of_2017_has_the_same_steps() {
        let yuan = |years| of_year(years, &law_2017()).get() / 100;
        assert_eq!([0, 1, 2, 3, 4].map(yuan), [500, 400, 300, 200, 200]);
        assert_eq!(reduction(3, &law_2017()).unwrap().reference.rule_id, "B-5.3-c");
    }
}
