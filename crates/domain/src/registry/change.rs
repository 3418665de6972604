//! At which desk recorded data are changed, in which order, and who decides (J-3.4.1-a to J-3.4.2-c, B-8.2.3-b).

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::authority;
use crate::codes::{ChangeKind, ChangeState, Desk, District, Office, UnknownCode, codes};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};

codes! {
    /// Which clause a change falls under.
    ChangeCase {
        /// Name or identity number.
        NameOrNumber = "NAME_OR_NUMBER",
        /// Address or township, before the payment.
        AddressUnpaid = "ADDRESS_UNPAID",
        /// Address or township, paid.
        AddressPaid = "ADDRESS_PAID",
        /// Address or township, paid, and registered through a township.
        AddressPaidThroughTownship = "ADDRESS_PAID_THROUGH_TOWNSHIP",
    }
    /// Where the desk of a change has to lie.
    Place {
        /// Anywhere the office may act for the person.
        Anywhere = "ANYWHERE",
        /// Where the person is registered or lives, or is enrolled.
        Own = "OWN",
        /// Where the person is enrolled; without an enrolment, as [`Place::Own`].
        Registration = "REGISTRATION",
    }
}

/// What the law says about changes in one policy year.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChangeParams {
    /// The rule of each case.
    pub rules: Vec<Effective<ChangeRule>>,
    /// Desk of the tax office at which a change of name or number goes on; `None` where none is printed (2017).
    pub tax_desk: Option<Effective<Desk>>,
}

/// The desks of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRule {
    /// Case.
    pub case: ChangeCase,
    /// Desks that take it, the first one named in refusals.
    pub desks: Vec<Desk>,
    /// Where they lie.
    pub place: Place,
    /// Desk that decides what another one takes in; `None` where the desk decides itself.
    pub decided_at: Option<Desk>,
    /// True when the duty is one body's alone: another body is refused as having no such duty.
    pub one_body: bool,
}

/// Where a person belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Home {
    /// Districts of registration and residence.
    pub districts: Vec<District>,
    /// Townships of registration and residence, as far as known.
    pub townships: Vec<String>,
}

/// The enrolment of the policy year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// Desk at which it was filed.
    pub desk: Desk,
    /// District of enrolment.
    pub district: District,
    /// Township it was filed through or counts towards, as far as known.
    pub township: Option<String>,
    /// Day of payment.
    pub paid_on: Option<NaiveDate>,
}

/// A change as it is filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// What is changed.
    pub kind: ChangeKind,
    /// Office that files.
    pub office: Office,
    /// Desk.
    pub desk: Desk,
    /// District of the desk; `None` for a centre of the city.
    pub district: Option<District>,
    /// Township of the desk.
    pub township: Option<String>,
    /// True when a proof is presented.
    pub proven: bool,
    /// Day.
    pub filed_on: NaiveDate,
}

/// What becomes of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its case.
    pub case: ChangeCase,
    /// Desk that decides; `None` when it is applied at once.
    pub decided_at: Option<Desk>,
    /// How desk and order were decided.
    pub receipt: Receipt,
}

/// Decides desk and order of a change.
///
/// # Errors
/// All at once: `WRONG_DESK` with metadata `right_desk`, `right_district`, `right_township`; `ROLE_NOT_ALLOWED` for another
/// body where one alone has the duty (B-8.2.3-b); `ORDER_VIOLATION` at the tax office before the registry (J-3.4.1-b);
/// `EVIDENCE_NOT_ACCEPTED` without proof; `RULE_NOT_DEFINED` where no desk is printed.
pub fn decide(
    filing: &Filing,
    home: &Home,
    registered: Option<&Registered>,
    params: &ChangeParams,
) -> Result<Decision, Refusals> {
    let case = case(filing, registered);
    let Some(rule) = params.rules.iter().find(|rule| rule.case == case) else {
        let detail = format!("no desk is printed for {case}");
        return Err(Refusal::new(Reason::RuleNotDefined, detail)
            .with("parameter", format!("change.rule.{case}"))
            .into());
    };
    let mut refusals = Refusals::default();
    refusals.keep(works_at(filing.office, filing.desk, rule));
    refusals.keep(at_right_desk(filing, home, registered, rule, params));
    if !filing.proven {
        let detail = "a valid paper that proves the change is needed";
        refusals.push(
            Refusal::new(Reason::EvidenceNotAccepted, detail)
                .at("proof")
                .with("missing_papers", "SUPPORTING_MATERIAL")
                .by(rule.reference.rule_id.clone()),
        );
    }
    refusals.into_result()?;
    let mut step =
        Step::by(rule, |rule| rule.case.into()).given("desk", filing.desk).given("filed_on", filing.filed_on);
    if let Some(registered) = registered {
        step = step.given("registered_at", registered.desk);
        step = registered.paid_on.into_iter().fold(step, |step, paid_on| step.given("paid_on", paid_on));
    }
    step = step.found("decided_at", rule.decided_at.unwrap_or(filing.desk));
    Ok(Decision { case, decided_at: rule.decided_at, receipt: Receipt { steps: vec![step] } })
}

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

/// The offices that work at a desk where data are changed; schools file at the branch, and change nothing there.
const fn body(desk: Desk) -> &'static [Office] {
    match desk {
        Desk::DistrictSocialInsuranceBranch => &[Office::SocialInsurance],
        _ => authority::at(desk),
    }
}

fn works_at(office: Office, desk: Desk, rule: &Effective<ChangeRule>) -> Result<(), Refusal> {
    if body(desk).contains(&office) {
        return Ok(());
    }
    let allowed = joined(body(desk).iter().map(|office| office.as_str()));
    let detail = format!("an office of kind {office} does not work at {desk}; {allowed} does");
    let refusal = Refusal::new(Reason::RoleNotAllowed, detail).with("office", office).with("allowed", allowed);
    Err(refusal.by(rule.reference.rule_id.clone()))
}

fn case(filing: &Filing, registered: Option<&Registered>) -> ChangeCase {
    let paid = registered.filter(|own| own.paid_on.is_some_and(|paid_on| paid_on <= filing.filed_on));
    match (filing.kind, paid.map(|own| own.desk)) {
        (ChangeKind::NameOrNumber, _) => ChangeCase::NameOrNumber,
        (ChangeKind::AddressOrTownship, None) => ChangeCase::AddressUnpaid,
        (ChangeKind::AddressOrTownship, Some(Desk::TownshipService | Desk::CommunityWorkstation)) => {
            ChangeCase::AddressPaidThroughTownship
        }
        (ChangeKind::AddressOrTownship, Some(_)) => ChangeCase::AddressPaid,
    }
}

fn at_right_desk(
    filing: &Filing,
    home: &Home,
    registered: Option<&Registered>,
    rule: &Effective<ChangeRule>,
    params: &ChangeParams,
) -> Result<(), Refusal> {
    let (districts, townships) = places(rule.place, home, registered);
    let right_desk = rule.desks.contains(&filing.desk);
    let right_district = filing.district.is_none_or(|own| districts.is_empty() || districts.contains(&own));
    let right_township = filing.desk != Desk::TownshipService
        || filing.township.as_ref().is_none_or(|own| townships.is_empty() || townships.contains(own));
    if right_desk && right_district && right_township {
        return Ok(());
    }
    let right = joined(rule.desks.iter().map(|desk| desk.as_str()));
    let at_tax = filing.kind == ChangeKind::NameOrNumber
        && params.tax_desk.as_ref().is_some_and(|desk| desk.value == filing.desk);
    let refusal = if at_tax {
        let detail = format!("the registry is changed first, at {right}; the tax office follows");
        Refusal::new(Reason::OrderViolation, detail).at("desk").by("J-3.4.1-b")
    } else {
        let reason = if rule.one_body { Reason::RoleNotAllowed } else { Reason::WrongDesk };
        let field = match (right_desk, right_district) {
            (false, _) => "desk",
            (true, false) => "desk_district",
            (true, true) => "desk_township",
        };
        let detail = format!("such a change belongs to another desk: {right}");
        Refusal::new(reason, detail).at(field).by(rule.reference.rule_id.clone())
    };
    let refusal = refusal.with("right_desk", right);
    let refusal = with_unless_empty(refusal, "right_district", joined(districts.iter().map(|own| own.as_str())));
    let township = rule.desks.contains(&Desk::TownshipService);
    let townships = joined(townships.iter().filter(|_| township).map(String::as_str));
    Err(with_unless_empty(refusal, "right_township", townships))
}

/// Where the desk may lie; empty for no bound, or none known.
fn places(place: Place, home: &Home, registered: Option<&Registered>) -> (Vec<District>, Vec<String>) {
    let (mut districts, mut townships) = match (place, registered) {
        (Place::Anywhere, _) => return (Vec::new(), Vec::new()),
        (Place::Registration, Some(own)) => (vec![own.district], own.township.iter().cloned().collect()),
        (Place::Own, Some(own)) => {
            let townships = home.townships.iter().cloned().chain(own.township.iter().cloned());
            (home.districts.iter().copied().chain([own.district]).collect(), townships.collect())
        }
        (_, None) => (home.districts.clone(), home.townships.clone()),
    };
    districts.sort_unstable();
    districts.dedup();
    townships.sort_unstable();
    townships.dedup();
    (districts, townships)
}

fn joined<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn with_unless_empty(refusal: Refusal, key: &'static str, value: String) -> Refusal {
    if value.is_empty() { refusal } else { refusal.with(key, value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    const BRANCH: Desk = Desk::DistrictSocialInsuranceBranch;
    const CENTRE: Desk = Desk::CitySocialInsuranceCentre;
    const TOWNSHIP: Desk = Desk::TownshipService;
    const DULIU: &str = "120118.4";

    fn rule(
        case: ChangeCase,
        desks: &[Desk],
        place: Place,
        decided_at: Option<Desk>,
        rule_id: &'static str,
    ) -> Effective<ChangeRule> {
        let one_body = rule_id == "B-8.2.3-b";
        Effective::printed(ChangeRule { case, desks: desks.to_vec(), place, decided_at, one_body }, rule_id)
    }

    fn tianjin_2021() -> ChangeParams {
        ChangeParams {
            rules: vec![
                rule(ChangeCase::NameOrNumber, &[CENTRE, BRANCH, TOWNSHIP], Place::Own, None, "J-3.4.1-a"),
                rule(ChangeCase::AddressPaid, &[BRANCH], Place::Registration, None, "J-3.4.2-a"),
                rule(
                    ChangeCase::AddressPaidThroughTownship,
                    &[TOWNSHIP],
                    Place::Registration,
                    Some(BRANCH),
                    "J-3.4.2-b",
                ),
                rule(ChangeCase::AddressUnpaid, &[TOWNSHIP, BRANCH], Place::Anywhere, None, "J-3.4.2-c"),
            ],
            tax_desk: Some(Effective::printed(Desk::TaxHall, "J-3.4.1-b")),
        }
    }

    fn baodi_2017() -> ChangeParams {
        let rule = |case: &ChangeCase| rule(*case, &[BRANCH], Place::Registration, None, "B-8.2.3-b");
        ChangeParams { rules: ChangeCase::ALL.iter().map(rule).collect(), tax_desk: None }
    }

    fn home() -> Home {
        Home { districts: vec![District::Jinghai], townships: vec![DULIU.to_owned()] }
    }

    fn registered(desk: Desk, paid_on: Option<&str>) -> Registered {
        let (district, township) = (District::Jinghai, Some(DULIU.to_owned()));
        Registered { desk, district, township, paid_on: paid_on.map(day) }
    }

    fn filing(kind: ChangeKind, desk: Desk, district: District, township: Option<&str>) -> Filing {
        let district = (desk != CENTRE).then_some(district);
        let township = township.map(str::to_owned);
        let office = body(desk)[0];
        Filing { kind, office, desk, district, township, proven: true, filed_on: day("2021-03-02") }
    }

    fn decided(filing: &Filing, registered: Option<&Registered>) -> (String, Option<Desk>) {
        let decision = decide(filing, &home(), registered, &tianjin_2021()).unwrap();
        (decision.receipt.steps[0].rule_id.to_string(), decision.decided_at)
    }

    fn refused(filing: &Filing, registered: Option<&Registered>, params: &ChangeParams) -> Refusal {
        decide(filing, &home(), registered, params).unwrap_err().0.remove(0)
    }

    const NAME: ChangeKind = ChangeKind::NameOrNumber;
    const ADDRESS: ChangeKind = ChangeKind::AddressOrTownship;

    /// J-3.4.1-a: city centre, district branch, own township service; paid or not.
    #[test]
    fn a_name_is_changed_at_one_of_three_desks() {
        let paid = registered(TOWNSHIP, Some("2020-11-12"));
        for (desk, township) in [(CENTRE, None), (BRANCH, None), (TOWNSHIP, Some(DULIU))] {
            for registered in [None, Some(&paid)] {
                let filing = filing(NAME, desk, District::Jinghai, township);
                assert_eq!(decided(&filing, registered), ("J-3.4.1-a".to_owned(), None), "{desk}");
            }
        }
        let elsewhere = filing(NAME, TOWNSHIP, District::Jinghai, Some("120118.1"));
        let refusal = refused(&elsewhere, None, &tianjin_2021());
        assert_eq!((refusal.reason, refusal.field.as_deref()), (Reason::WrongDesk, Some("desk_township")));
        assert!(refusal.metadata.contains(&("right_township", DULIU.to_owned())));
        let elsewhere = filing(NAME, BRANCH, District::Nankai, None);
        assert!(refused(&elsewhere, None, &tianjin_2021()).metadata.contains(&("right_district", "120118".to_owned())));
    }

    /// J-3.4.1-b: at the tax office first, and the catalogue's example of days.
    #[test]
    fn the_tax_record_follows_the_registry() {
        let first = refused(&filing(NAME, Desk::TaxHall, District::Jinghai, None), None, &tianjin_2021());
        assert_eq!((first.reason, first.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.4.1-b")));
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

    /// J-3.4.2-a: paid and registered at a branch: that branch alone.
    #[test]
    fn a_paid_address_is_changed_by_the_branch_of_registration() {
        let paid = registered(BRANCH, Some("2020-11-12"));
        let right = filing(ADDRESS, BRANCH, District::Jinghai, None);
        assert_eq!(decided(&right, Some(&paid)), ("J-3.4.2-a".to_owned(), None));
        let nankai = refused(&filing(ADDRESS, BRANCH, District::Nankai, None), Some(&paid), &tianjin_2021());
        assert_eq!((nankai.reason, nankai.rule_id.as_deref()), (Reason::WrongDesk, Some("J-3.4.2-a")));
        let expected = [("right_desk", BRANCH.to_string()), ("right_district", "120118".to_owned())];
        assert_eq!(nankai.metadata, expected);
    }

    /// J-3.4.2-b: registered at Duliu, paid: filed at Duliu, decided by the branch; not at the branch itself.
    #[test]
    fn who_registered_at_a_township_files_there() {
        for desk in [TOWNSHIP, Desk::CommunityWorkstation] {
            let paid = registered(desk, Some("2020-11-12"));
            let right = filing(ADDRESS, TOWNSHIP, District::Jinghai, Some(DULIU));
            assert_eq!(decided(&right, Some(&paid)), ("J-3.4.2-b".to_owned(), Some(BRANCH)));
            let direct = refused(&filing(ADDRESS, BRANCH, District::Jinghai, None), Some(&paid), &tianjin_2021());
            assert_eq!((direct.reason, direct.rule_id.as_deref()), (Reason::WrongDesk, Some("J-3.4.2-b")));
            let expected = [
                ("right_desk", TOWNSHIP.to_string()),
                ("right_district", "120118".to_owned()),
                ("right_township", DULIU.to_owned()),
            ];
            assert_eq!(direct.metadata, expected);
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

    /// J-3.4.2-c: not yet paid on the day of filing: township or branch, at once.
    #[test]
    fn an_unpaid_address_is_changed_at_either_desk() {
        let later = registered(TOWNSHIP, Some("2021-03-03"));
        for registered in [None, Some(&registered(TOWNSHIP, None)), Some(&later)] {
            for (desk, township) in [(TOWNSHIP, Some("120118.1")), (BRANCH, None)] {
                let filing = filing(ADDRESS, desk, District::Jinghai, township);
                assert_eq!(decided(&filing, registered), ("J-3.4.2-c".to_owned(), None));
            }
        }
        let centre = refused(&filing(ADDRESS, CENTRE, District::Jinghai, None), None, &tianjin_2021());
        assert_eq!(centre.metadata, [("right_desk", "TOWNSHIP_SERVICE,DISTRICT_SOCIAL_INSURANCE_BRANCH".to_owned())]);
    }

    /// B-8.2.3-b: in 2017 the Baodi branch, and no other body.
    #[test]
    fn in_2017_the_branch_changes_everything() {
        for kind in [NAME, ADDRESS] {
            let right = filing(kind, BRANCH, District::Jinghai, None);
            let decision = decide(&right, &home(), None, &baodi_2017()).unwrap();
            assert_eq!(decision.receipt.steps[0].rule_id, "B-8.2.3-b");
            for desk in [TOWNSHIP, CENTRE, Desk::TaxHall] {
                let refusal = refused(&filing(kind, desk, District::Jinghai, None), None, &baodi_2017());
                assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some("B-8.2.3-b")));
            }
        }
    }

    /// B-8.2.3-b: a township at the branch's desk, and a school there.
    #[test]
    fn an_office_works_at_its_own_desk() {
        for office in [Office::Township, Office::Education] {
            let filing = Filing { office, ..filing(NAME, BRANCH, District::Jinghai, None) };
            for (law, rule_id) in [(tianjin_2021(), "J-3.4.1-a"), (baodi_2017(), "B-8.2.3-b")] {
                let refusal = refused(&filing, None, &law);
                assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RoleNotAllowed, Some(rule_id)));
            }
        }
    }

    #[test]
    fn proof_and_desk_are_refused_together() {
        let filing = Filing { proven: false, ..filing(ADDRESS, CENTRE, District::Jinghai, None) };
        let refusals = decide(&filing, &home(), None, &tianjin_2021()).unwrap_err();
        assert!(refusals.has(Reason::WrongDesk) && refusals.has(Reason::EvidenceNotAccepted));
    }
}
