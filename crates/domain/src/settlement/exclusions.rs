//! What basic insurance does not pay, whatever the kind of care (J-8).

use super::bill::Bill;
use super::care::{CareKind, Place};
use super::case::Case;
use super::params::ExclusionParams;
use super::trace::Trace;
use crate::codes::Payer;
use crate::effective::{Effective, Gap};
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Refusal, Refusals};

/// True when nothing of the bill is covered: care outside the border (J-8-5, AMB-070), and at a provider that is not
/// designated (J-8-1, B-6.1.1-a). Every rule that excludes it has a line.
///
/// # Errors
/// `RULE_NOT_DEFINED` for care outside the border in a year whose document says nothing of it.
pub fn whole_bill<'a, T: Trace<'a>>(
    case: &'a Case,
    params: &'a ExclusionParams,
    trace: &mut T,
) -> Result<bool, Refusal> {
    let abroad = case.bill.place == Place::OutsideBorder;
    if abroad {
        let rule = printed(&params.outside_border, "bill.outside_border")?;
        exclude(case, trace, move || Step::by(rule, |_| "TRUE".into()));
    }
    let undesignated = !case.bill.provider.designated;
    if undesignated {
        exclude(case, trace, move || Step::by(&params.undesignated, |_| "TRUE".into()).given("designated", "FALSE"));
    }
    Ok(abroad || undesignated)
}

/// A line of nothing, by the rule that does not cover a bill. The bill uses no deductible, no stay, no days and no bands
/// (AMB-140).
pub(super) fn exclude<'a, T: Trace<'a>>(case: &'a Case, trace: &mut T, step: impl Fn() -> Step + Copy + 'a) {
    let payer = if case.bill.kind.is_maternity() { Payer::Maternity } else { Payer::BasicFund };
    trace.pay(payer, Fen::ZERO, move || {
        step()
            .given("care_kind", case.bill.kind)
            .given("total", case.bill.total)
            .found("eligible", Fen::ZERO)
            .marked("NOT_COVERED")
    });
}

/// The eligible cost of a covered bill. Only cost inside the three catalogues counts (J-5.1.3-a, J-8-2), without what
/// public health (J-8-3) and a third party (J-8-4, AMB-071) have to bear. The person was tested on the first day of the
/// stay (AMB-139).
///
/// # Errors
/// `RULE_NOT_DEFINED` for a share of others in a year whose document does not say that it is left out.
pub fn eligible_cost<'a, T: Trace<'a>>(
    case: &'a Case,
    covered_by: impl Fn() -> &'static str + Copy + 'a,
    params: &'a ExclusionParams,
    trace: &mut T,
) -> Result<Fen, Refusals> {
    let bill = &case.bill;
    trace.step(move || {
        Step::by(&params.catalogues, |_| "TRUE".into())
            .given("test_date", bill.began_on())
            .given("covered_by", covered_by())
            .given("total", bill.total)
            .given("out_of_scope", bill.total - bill.in_catalogue)
            .found("eligible", bill.in_catalogue)
    });
    if let Place::Elsewhere { .. } = bill.place {
        trace.step(move || catalogue_elsewhere(case));
    }
    without_others(case, params, trace)
}

/// A bill without what lies outside the catalogues (J-8-2), and without what public health (J-8-3) and a third party
/// (J-8-4, AMB-071) have to bear.
///
/// # Errors
/// As [`eligible_cost`].
pub fn without_others<'a, T: Trace<'a>>(
    case: &'a Case,
    params: &'a ExclusionParams,
    trace: &mut T,
) -> Result<Fen, Refusals> {
    let bill = &case.bill;
    let out_of_scope = bill.total - bill.in_catalogue;
    let some = |share: Fen| (!share.is_zero()).then_some(share);
    let mut refusals = Refusals::default();
    let mut left = bill.total;
    let mut leave_out = |share: Fen, rule: &'a Effective<bool>, trace: &mut T| {
        left -= share;
        trace.step(move || {
            let step = Step::by(rule, |_| "TRUE".into()).given("excluded", share);
            step.found("eligible", left).marked("NOT_COVERED")
        });
    };
    if let Some(share) = some(out_of_scope) {
        leave_out(share, &params.outside_catalogues, trace);
    }
    for (share, rule, field) in [
        (some(bill.public_health), &params.public_health, "bill.public_health_fen"),
        (bill.third_party, &params.third_party, "bill.third_party_fen"),
    ] {
        let Some(share) = share else { continue };
        if let Some(rule) = refusals.keep(printed(rule, field)) {
            leave_out(share, rule, trace);
        }
    }
    refusals.into_result()?;
    Ok(left)
}

fn printed<'a>(rule: &'a Result<Effective<bool>, Gap>, field: &'static str) -> Result<&'a Effective<bool>, Refusal> {
    rule.as_ref().map_err(|gap| Refusal::from(gap.clone()).at(field))
}

/// Whose catalogues decided what is eligible: those of the place of care where it is settled directly (J-10.3.1-a), this
/// city's where the person paid and claims (J-10.3.1-b).
fn catalogue_elsewhere(case: &Case) -> Step {
    let (rule_id, catalogue) =
        if case.standing.self_paid { ("J-10.3.1-b", "CITY") } else { ("J-10.3.1-a", "PLACE_OF_CARE") };
    Step::new(rule_id).given("eligible", case.bill.in_catalogue).found("catalogue", catalogue)
}

/// The clause that covers care which is no visit; a visit is covered by the clause of its venue.
pub(crate) const fn covered_by(bill: &Bill) -> &'static str {
    match bill.kind {
        CareKind::Inpatient => "J-7-4",
        CareKind::EmergencyObservation => "J-7-5",
        CareKind::SpecialOutpatient => "J-7-6",
        CareKind::HomeBed => "J-7-7",
        CareKind::Maternity | CareKind::FamilyPlanning => "J-5.3.T",
        CareKind::SuppliedBurden => "B-5.1-b",
        CareKind::Outpatient | CareKind::Other => "J-7-8",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{case, settle};
    use super::*;
    use crate::receipt::{Receipt, Step, Value};

    fn excluding(receipt: &Receipt) -> Vec<&str> {
        let excludes = |step: &&Step| step.marks().any(|mark| mark == "NOT_COVERED");
        receipt.steps.iter().filter(excludes).map(|step| step.rule_id.as_ref()).collect()
    }

    /// J-5.1.3-a: total 10000.00 of which 1200.00 outside.
    #[test]
    fn only_the_eligible_part_is_paid() {
        let mut case = case(1, Fen::yuan(8_800));
        case.bill.total = Fen::yuan(10_000);
        let outcome = settle(std::slice::from_ref(&case)).remove(0);
        assert_eq!(outcome.trace.steps[0].rule_id, "J-5.1.3-a");
        assert_eq!(outcome.trace.steps[0].output("eligible"), Some(&Value::Fen(Fen::yuan(8_800))));
        assert_eq!(outcome.basic, Fen::yuan(5_810));
        case.bill.in_catalogue = Fen::ZERO;
        let nothing = settle(&[case]).remove(0);
        assert!(nothing.trace.is_marked("NOT_COVERED"));
    }

    /// S-43: J-8-2, J-8-4, J-5.1.3-a: of 10000.00 are 1200.00 outside the catalogues, and a third party bears 70 % of
    /// the rest.
    #[test]
    fn parts_that_others_bear_are_left_out_before_the_deductible() {
        let mut case = case(1, Fen::yuan(8_800));
        case.bill.total = Fen::yuan(10_000);
        case.bill.third_party = Some(Fen::yuan(6_160));
        let outcome = settle(std::slice::from_ref(&case)).remove(0);
        assert_eq!(outcome.trace.output("eligible"), Some(&Value::Fen(Fen::yuan(2_640))));
        assert_eq!((outcome.eligible, outcome.basic), (Fen::yuan(2_640), Fen::yuan(1_498)));
        assert_eq!(excluding(&outcome.trace), ["J-8-2", "J-8-4"]);
        assert!(outcome.trace.applies("J-5.1.3-a"));
        // J-8-2: what lies outside the catalogues is no burden either (J-5.2-a).
        assert_eq!(outcome.state_after.burden, Fen::yuan(2_640 - 1_498));
    }

    /// The example of J-8-4: 70 % of 10000.00 leave 3000.00; a third party that bears nothing is named all the same.
    #[test]
    fn a_third_party_bears_its_share() {
        let mut case = case(1, Fen::yuan(10_000));
        case.bill.third_party = Some(Fen::yuan(7_000));
        assert_eq!(settle(std::slice::from_ref(&case))[0].eligible, Fen::yuan(3_000));
        case.bill.third_party = Some(Fen::ZERO);
        let outcome = settle(&[case]).remove(0);
        assert_eq!((outcome.eligible, excluding(&outcome.trace)), (Fen::yuan(10_000), vec!["J-8-4"]));
    }

    /// The example of J-8-3: 90.00 of a public programme.
    #[test]
    fn public_health_bears_its_share() {
        let mut case = case(1, Fen::yuan(10_000));
        case.bill.public_health = Fen::yuan(90);
        let outcome = settle(std::slice::from_ref(&case)).remove(0);
        assert_eq!((outcome.eligible, excluding(&outcome.trace)), (Fen::yuan(9_910), vec!["J-8-3"]));
        // A bill that is borne by others altogether is covered, and a stay (AMB-140).
        case.bill.public_health = Fen::yuan(10_000);
        let outcome = settle(&[case]).remove(0);
        assert_eq!((outcome.basic, outcome.state_after.stays), (Fen::ZERO, 1));
    }

    /// J-8-1, J-8-5 and AMB-140: nothing is paid, and the bill leaves no trace in the year; both rules are named.
    #[test]
    fn an_uncovered_bill_uses_nothing() {
        let (mut foreign, mut both) = (case(1, Fen::yuan(30_000)), case(2, Fen::yuan(30_000)));
        foreign.bill.place = Place::OutsideBorder;
        both.bill.place = Place::OutsideBorder;
        both.bill.provider.designated = false;
        let mut undesignated = case(3, Fen::yuan(30_000));
        undesignated.bill.provider.designated = false;
        let own = case(4, Fen::yuan(20_000));
        let outcomes = settle(&[foreign, both, undesignated, own.clone()]);
        let rules: Vec<_> = outcomes.iter().map(|outcome| excluding(&outcome.trace)).collect();
        assert_eq!(rules, [vec!["J-8-5"], vec!["J-8-5", "J-8-1"], vec!["J-8-1"], vec![]]);
        for outcome in &outcomes[..3] {
            assert_eq!((outcome.eligible, outcome.basic, outcome.critical, outcome.aid_base), Default::default());
            assert_eq!(outcome.state_after, Default::default());
        }
        // The stay after them is the first.
        assert_eq!((outcomes[3].basic, outcomes[3].state_after), (Fen::yuan(13_650), settle(&[own])[0].state_after));
    }

    /// J-7-4 to J-7-7: the clause that covers a bill stands on its receipt.
    #[test]
    fn every_kind_is_covered_by_its_clause() {
        let covers = |change: fn(&mut Bill)| {
            let mut case = case(1, Fen::yuan(1));
            change(&mut case.bill);
            covered_by(&case.bill)
        };
        assert_eq!(covers(|_| ()), "J-7-4");
        assert_eq!(covers(|bill| bill.kind = CareKind::SpecialOutpatient), "J-7-6");
        assert_eq!(covers(|bill| bill.kind = CareKind::HomeBed), "J-7-7");
        assert_eq!(covers(|bill| bill.kind = CareKind::EmergencyObservation), "J-7-5");
        let outcome = settle(&[case(1, Fen::yuan(1))]).remove(0);
        assert!(outcome.trace.steps[0].inputs().any(|input| input.value == Value::Code("J-7-4".into())));
    }
}
