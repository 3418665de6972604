//! At which desk recorded data are changed, in which order, and who decides (J-3.4.1-a to J-3.4.2-c, B-8.2.3-b).
//!
//! [`decide`] takes a filing; [`steps`] has what follows it.

#[cfg(test)]
mod fixtures;
pub mod params;
pub mod steps;

use chrono::NaiveDate;

use super::authority;
use crate::codes::{ChangeKind, Desk, District, Office};
use crate::effective::Effective;
use crate::receipt::{Receipt, Step};
use crate::refusal::{Reason, Refusal, Refusals};
use params::{ChangeCase, ChangeParams, ChangeRule, Place};

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
    /// Township at whose service it was filed, as far as known.
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
    // A payment that was made counts, also when the filing is dated back before it.
    let paid = registered.filter(|own| own.paid_on.is_some());
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
    use super::fixtures::{BRANCH, CENTRE, DULIU, TOWNSHIP, baodi_2017, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

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

    /// J-3.4.1-b: nobody begins at the tax office.
    #[test]
    fn the_tax_office_does_not_come_first() {
        let first = refused(&filing(NAME, Desk::TaxHall, District::Jinghai, None), None, &tianjin_2021());
        assert_eq!((first.reason, first.rule_id.as_deref()), (Reason::OrderViolation, Some("J-3.4.1-b")));
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

    /// J-3.4.2-b: what is paid is paid, on whatever day before it somebody says to have filed.
    #[test]
    fn a_filing_dated_back_before_the_payment_is_none_of_an_unpaid_enrolment() {
        let later = registered(TOWNSHIP, Some("2021-03-03"));
        let filing = filing(ADDRESS, TOWNSHIP, District::Jinghai, Some(DULIU));
        assert_eq!(decided(&filing, Some(&later)), ("J-3.4.2-b".to_owned(), Some(BRANCH)));
    }

    /// J-3.4.2-c: not yet paid: township or branch, at once.
    #[test]
    fn an_unpaid_address_is_changed_at_either_desk() {
        for registered in [None, Some(&registered(TOWNSHIP, None))] {
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
