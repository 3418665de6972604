//! The threshold of critical illness insurance as an operator sets it: insisted upon, and two in one year.

use juyi_domain::money::Fen;
use juyi_domain::refusal::Reason;
use juyi_domain::settlement::accumulators::Opening;

use crate::settings::{Law, set};

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
