//! Which office opens which kind of work item, and by which rule (J-A1, J-A2, B-7.1, B-7.2, B-8.2).

use super::params::{SupervisionParams, WorkDuty};
use crate::codes::{District, Office, WorkKind};
use crate::effective::Effective;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal};

/// The rules that give an office the duty to open an item of a kind.
///
/// # Errors
/// `RULE_NOT_DEFINED` when the year's document knows no such work in the district; `ROLE_NOT_ALLOWED` with the offices
/// that may.
pub fn rules(
    kind: WorkKind,
    district: District,
    office: Office,
    params: &SupervisionParams,
) -> Result<Vec<String>, Refusal> {
    let own = |duty: &&Effective<WorkDuty>| duty.offices.contains(&office);
    let found: Vec<_> = of_kind(kind, district, params).filter(own).map(rule).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let Some(first) = of_kind(kind, district, params).next() else {
        let detail = format!("the documents speak of no {kind} in district {district}");
        return Err(Refusal::new(Reason::RuleNotDefined, detail).at("kind").with("parameter", format!("work.{kind}")));
    };
    let allowed = offices(kind, district, params);
    let allowed = allowed.iter().map(|office| office.as_str()).collect::<Vec<_>>().join(", ");
    let detail = format!("an office of kind {office} opens no {kind}; that is the duty of {allowed}");
    Err(Refusal::new(Reason::RoleNotAllowed, detail)
        .at("kind")
        .with("office", office)
        .with("allowed", allowed)
        .by(first.reference.rule_id.clone()))
}

/// The offices that may open items of a kind.
#[must_use]
pub fn offices(kind: WorkKind, district: District, params: &SupervisionParams) -> Vec<Office> {
    each_once(of_kind(kind, district, params))
}

/// The offices that may assign and close an item: those with the duty by one of the rules under which it was opened.
#[must_use]
pub fn offices_by(rule_ids: &[String], kind: WorkKind, district: District, params: &SupervisionParams) -> Vec<Office> {
    each_once(of_kind(kind, district, params).filter(|duty| rule_ids.contains(&rule(duty))))
}

fn each_once<'a>(duties: impl Iterator<Item = &'a Effective<WorkDuty>>) -> Vec<Office> {
    let mut offices: Vec<_> = duties.flat_map(|duty| duty.offices.iter().copied()).collect();
    offices.sort_unstable();
    offices.dedup();
    offices
}

/// Checks that an office that is to have an item has some duty in the district, whichever it be.
///
/// # Errors
/// `VALUE_NOT_ALLOWED`.
pub fn assignee(office: Office, district: District, params: &SupervisionParams) -> Result<(), Refusal> {
    let mut here = params.organisation.duties.iter().filter(|duty| duty.district.is_none_or(|own| own == district));
    if here.any(|duty| duty.office == Some(office)) {
        return Ok(());
    }
    let detail = format!("the documents give an office of kind {office} no duty in district {district}");
    Err(Refusal::new(Reason::ValueNotAllowed, detail).at("assignee").with("office", office).with("district", district))
}

fn of_kind(
    kind: WorkKind,
    district: District,
    params: &SupervisionParams,
) -> impl Iterator<Item = &Effective<WorkDuty>> {
    params.work.iter().filter(move |duty| duty.kind == kind && duty.district.is_none_or(|own| own == district))
}

fn rule(duty: &Effective<WorkDuty>) -> String {
    duty.reference.rule_id.clone().into_owned()
}

/// The working funds that a budget line secures, asked for as a figure.
///
/// # Errors
/// `RULE_NOT_DEFINED`: funds are to be in the budget, and no amount is printed (J-A1.3-d); the same where the documents
/// do not speak of funds. An overlay entry with its source closes the gap.
pub fn working_funds(params: &SupervisionParams) -> Result<Fen, Refusal> {
    match &params.working_funds {
        Some(Ok(funds)) => Ok(funds.value),
        Some(Err(gap)) => Err(Refusal::from(gap.clone()).at("require_amount")),
        None => {
            Err(Refusal::new(Reason::RuleNotDefined, "the documents speak of no working funds").at("require_amount"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{baodi_2017, jinghai_2021};
    use super::super::params::BodyDuty;
    use super::*;

    const JINGHAI: District = District::Jinghai;

    /// J-A1.1-a, J-A1.2-a, J-A1.3-a, J-A1.3-r.
    #[test]
    fn each_kind_has_its_offices() {
        let law = jinghai_2021();
        let meeting = rules(WorkKind::Meeting, JINGHAI, Office::MedicalInsurance, &law).unwrap();
        assert_eq!(meeting, ["J-A1.1-a", "J-A1.2-a"]);
        let refusal = rules(WorkKind::Plan, JINGHAI, Office::Township, &law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("J-A1.3-a")));
        assert!(refusal.metadata.contains(&("allowed", "DISTRICT_GOVERNMENT".to_owned())));
        assert_eq!(rules(WorkKind::Training, JINGHAI, Office::SocialInsurance, &law).unwrap(), ["J-A1.3-r"]);
    }

    /// B-7.1.1-a, B-7.1.2-a, B-8.2.2-a.
    #[test]
    fn baodi_trains_in_two_steps() {
        let law = baodi_2017();
        let by = |kind, office| rules(kind, District::Baodi, office, &law);
        assert_eq!(by(WorkKind::Training, Office::HumanResources).unwrap(), ["B-7.1.1-a"]);
        assert_eq!(by(WorkKind::Training, Office::Township).unwrap(), ["B-7.1.2-a"]);
        assert_eq!(by(WorkKind::Guidance, Office::HumanResources).unwrap(), ["B-8.2.2-a"]);
        assert_eq!(by(WorkKind::Budget, Office::Finance).unwrap_err().reason, Reason::RuleNotDefined);
    }

    /// J-A1.3-r, J-A3-a: who has the duty by the rule of an item works on it, and not who has another one.
    #[test]
    fn an_item_is_its_rules_offices() {
        let law = jinghai_2021();
        let by = |rule_id: &str| offices_by(&[rule_id.to_owned()], WorkKind::Training, JINGHAI, &law);
        assert!(by("J-A1.3-r").contains(&Office::SocialInsurance) && !by("J-A1.3-r").contains(&Office::Education));
        assert!(by("J-A3-a").contains(&Office::Tax) && !by("J-A3-a").contains(&Office::SocialInsurance));
        assert_eq!(by("J-A1.3-a"), []);
    }

    #[test]
    fn an_item_is_assigned_to_who_has_a_duty_in_the_district() {
        let mut law = jinghai_2021();
        assert_eq!(assignee(Office::Tax, JINGHAI, &law).unwrap_err().reason, Reason::ValueNotAllowed);
        let duty = BodyDuty {
            district: Some(JINGHAI),
            body: "区税务局".to_owned(),
            office: Some(Office::Tax),
            duty: "supplies payment data".to_owned(),
        };
        law.organisation.duties.push(Effective::printed(duty, "J-A1.3-k"));
        assert_eq!(assignee(Office::Tax, JINGHAI, &law), Ok(()));
        assert_eq!(assignee(Office::Tax, District::Nankai, &law).unwrap_err().reason, Reason::ValueNotAllowed);
    }

    /// J-A3-a is for every district, J-A1.3-r for Jinghai alone.
    #[test]
    fn a_duty_of_one_district_is_no_other_districts() {
        let law = jinghai_2021();
        assert_eq!(rules(WorkKind::Training, District::Nankai, Office::Tax, &law).unwrap(), ["J-A3-a"]);
        assert_eq!(rules(WorkKind::Training, JINGHAI, Office::Tax, &law).unwrap(), ["J-A1.3-r", "J-A3-a"]);
        let refusal = rules(WorkKind::Meeting, District::Nankai, Office::MedicalInsurance, &law).unwrap_err();
        assert_eq!(refusal.reason, Reason::RuleNotDefined);
    }

    /// J-A1.3-d: no amount of working funds is printed.
    #[test]
    fn working_funds_have_no_amount() {
        let mut law = jinghai_2021();
        let refusal = working_funds(&law).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-A1.3-d")));
        law.working_funds = Some(Ok(Effective::printed(Fen::yuan(50_000), "J-A1.3-d")));
        assert_eq!(working_funds(&law), Ok(Fen::yuan(50_000)));
        assert_eq!(working_funds(&baodi_2017()).unwrap_err().reason, Reason::RuleNotDefined);
    }
}
