//! What follows a filing: the branch decides what a township forwards (J-3.4.2-b), and the tax office goes on where a name
//! or number changed (J-3.4.1-b).

use chrono::NaiveDate;

use super::params::ChangeParams;
use super::works_at;
use crate::codes::{ChangeKind, ChangeState, Office};
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};

/// The decision on what a township forwarded (J-3.4.2-b). `filed` is the state and the day of filing.
///
/// # Errors
/// All at once: `ROLE_NOT_ALLOWED` for another office than the branch; `ORDER_VIOLATION` when it is decided before;
/// `DATE_ORDER` before the filing. `RULE_NOT_DEFINED` where nothing is forwarded (2017).
pub fn at_branch(
    office: Office,
    (state, filed_on): (ChangeState, NaiveDate),
    decided_on: NaiveDate,
    returned: bool,
    params: &ChangeParams,
) -> Result<Step, Refusals> {
    let forwarded = params.rules.iter().find_map(|rule| rule.decided_at.map(|desk| (rule, desk)));
    let Some((rule, desk)) = forwarded else {
        let detail = "no desk forwards changes to another one";
        return Err(Refusal::new(Reason::RuleNotDefined, detail).with("parameter", "change.rule").into());
    };
    let mut refusals = Refusals::default();
    refusals.keep(works_at(office, desk, rule));
    if state != ChangeState::Filed {
        let refusal = Refusal::new(Reason::OrderViolation, "the change is decided").at("change_id");
        refusals.push(refusal.with("state", state).by(rule.reference.rule_id.clone()));
    }
    if decided_on < filed_on {
        let detail = format!("the decision lies before the filing of {filed_on}");
        refusals.push(Refusal::new(Reason::DateOrder, detail).at("decision_date"));
    }
    refusals.into_result()?;
    let decided = if returned { ChangeState::Returned } else { ChangeState::Applied };
    Ok(Step::by(rule, |rule| rule.case.into())
        .given("decided_at", desk)
        .given("filed_on", filed_on)
        .given("decided_on", decided_on)
        .found("state", decided))
}

/// The step at the tax office after the registry (J-3.4.1-b). `changed_on` is the day of the registry's change.
///
/// # Errors
/// `ORDER_VIOLATION` before the registry's change; `RULE_NOT_DEFINED` where no such step is printed: for other data, and
/// for 2017.
pub fn at_tax_office(
    kind: ChangeKind,
    changed_on: Option<NaiveDate>,
    tax_changed_on: NaiveDate,
    params: &ChangeParams,
) -> Result<Step, Refusal> {
    let desk = params.tax_desk.as_ref().filter(|_| kind == ChangeKind::NameOrNumber).ok_or_else(|| {
        let detail = format!("no change at the tax office is printed for {kind}");
        Refusal::new(Reason::RuleNotDefined, detail).with("parameter", "change.tax_desk").by("J-3.4.1-b")
    })?;
    match changed_on {
        Some(changed_on) if changed_on <= tax_changed_on => Ok(Step::by(desk, |desk| (*desk).into())
            .given("registry_changed_on", changed_on)
            .found("tax_changed_on", tax_changed_on)),
        _ => {
            let detail = "the tax record is changed after the registry, never before";
            let refusal = Refusal::new(Reason::OrderViolation, detail).at("tax_change_date").by("J-3.4.1-b");
            Err(changed_on.into_iter().fold(refusal, |refusal, day| refusal.with("registry_change_date", day)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    const NAME: ChangeKind = ChangeKind::NameOrNumber;
    const ADDRESS: ChangeKind = ChangeKind::AddressOrTownship;

    /// J-3.4.1-b: the catalogue's example of days.
    #[test]
    fn the_tax_record_follows_the_registry() {
        let law = tianjin_2021();
        let (march_2, march_5) = (day("2021-03-02"), day("2021-03-05"));
        assert_eq!(at_tax_office(NAME, Some(march_2), march_5, &law).unwrap().rule_id, "J-3.4.1-b");
        assert!(at_tax_office(NAME, Some(march_2), march_2, &law).is_ok(), "the same day is not before");
        for changed_on in [Some(march_5), None] {
            let refusal = at_tax_office(NAME, changed_on, march_2, &law).unwrap_err();
            assert_eq!(refusal.reason, Reason::OrderViolation);
        }
        for (kind, law) in [(ADDRESS, tianjin_2021()), (NAME, baodi_2017())] {
            let refusal = at_tax_office(kind, Some(march_2), march_5, &law).unwrap_err();
            assert_eq!(refusal.reason, Reason::RuleNotDefined);
        }
    }

    /// J-3.4.2-b: the branch decides once, on or after the day of filing.
    #[test]
    fn the_branch_decides_what_a_township_forwards() {
        let (filed_on, later) = (day("2021-03-02"), day("2021-03-09"));
        let decide = |office, state, decided_on, returned| {
            at_branch(office, (state, filed_on), decided_on, returned, &tianjin_2021())
        };
        for (returned, state) in [(false, "APPLIED"), (true, "RETURNED")] {
            let step = decide(Office::SocialInsurance, ChangeState::Filed, later, returned).unwrap();
            assert_eq!((&*step.rule_id, step.output("state")), ("J-3.4.2-b", Some(&state.into())));
        }
        let refusals = decide(Office::Township, ChangeState::Applied, day("2021-03-01"), false).unwrap_err();
        let reasons: Vec<_> = refusals.0.iter().map(|refusal| refusal.reason).collect();
        assert_eq!(reasons, [Reason::RoleNotAllowed, Reason::OrderViolation, Reason::DateOrder]);
        let in_2017 = at_branch(Office::SocialInsurance, (ChangeState::Filed, filed_on), later, false, &baodi_2017());
        assert!(in_2017.unwrap_err().has(Reason::RuleNotDefined));
    }
}
