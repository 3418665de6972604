//! A finding in words, and the facts it rests on.

use juyi_domain::codes::{FindingKind, Identity};
use juyi_domain::money::Fen;
use juyi_domain::registry::comparison::remedy::{Scene, remedy};

use crate::store::compared::{Compared, Named};
use crate::store::comparisons::Roster;
use crate::store::findings::Found;

/// What a row of the list shows.
pub(super) fn on_row(scene: &Scene<'_>, roster: &Roster, row: &Compared, kind: FindingKind) -> Found {
    let person = row.person.as_ref();
    let enrolment = person.and_then(|person| person.enrolment.as_ref());
    let identity =
        if kind == FindingKind::UnmatchedSpecialStudent { row.said.special_identity } else { row.said.identity };
    let identity_code = identity.map_or("", Identity::as_str);
    let list = roster.kind;
    let (detail, facts) = match kind {
        FindingKind::NotRegistered => {
            (format!("on the list {list}, and nobody of that number is registered"), row.name.clone())
        }
        FindingKind::NotEnrolled => {
            (format!("on the list {list}, registered, and not enrolled for {}", roster.policy_year), resident(row))
        }
        FindingKind::UncoveredPupil => {
            let standing = if person.is_some() { "registered" } else { "not registered" };
            (format!("a pupil, {standing}, without an enrolment for {}", roster.policy_year), resident(row))
        }
        FindingKind::ConflictingIdentity => (
            format!("the number is on the list {list} under another name than in the registry"),
            format!("{}|{}", row.name, person.map_or("", |person| person.name.as_str())),
        ),
        FindingKind::Deceased => (
            format!("on the list {list} after the recorded day of death"),
            person.and_then(|person| person.died_on).map(|day| day.to_string()).unwrap_or_default(),
        ),
        FindingKind::SpecialWithoutSubsidisedEnrolment => {
            let category = enrolment.map_or("", |enrolment| enrolment.category.as_str());
            let detail = format!("on the list {list}, and enrolled as {category} without a ground of subsidy");
            (detail, format!("{identity_code}|{category}"))
        }
        FindingKind::UnmatchedSpecialStudent => (
            format!("UNMATCHED: the school records {identity_code}, and no list of the authority names the pupil"),
            identity_code.to_owned(),
        ),
        FindingKind::PaymentWithoutRegistration => {
            let said = &row.said;
            let amount = Fen::new(said.amount_fen);
            let detail = format!("UNMATCHED: a payment of {amount} without an enrolment for {}", roster.policy_year);
            (detail, format!("{}|{}|{}", said.amount_fen, said.payment_date, resident(row)))
        }
        // These are no rows of a person.
        FindingKind::Duplicate | FindingKind::EnrolledNotOnList | FindingKind::ServiceAfterDeath => Default::default(),
    };
    let township = row.township.clone().or_else(|| enrolment.and_then(|enrolment| enrolment.township.clone()));
    Found {
        kind,
        identity_number: row.identity_number.clone(),
        name: row.name.clone(),
        resident_id: person.map(|person| person.resident_id.clone()),
        township,
        detail,
        remedy: remedy(scene, kind, identity),
        rule_id: scene.params.rule_id(list, kind).into_owned(),
        facts,
    }
}

/// The resident, or nothing for somebody unknown.
fn resident(row: &Compared) -> String {
    row.person.as_ref().map(|person| person.resident_id.clone()).unwrap_or_default()
}

/// Somebody named more than once (J-1.3-b), or enrolled and not named.
pub(super) fn on_name(scene: &Scene<'_>, roster: &Roster, named: Named, kind: FindingKind) -> Found {
    let detail = if kind == FindingKind::Duplicate {
        format!("named in {} further rows of the list {}; the first one counts", named.fact, roster.kind)
    } else {
        format!("held as {} on {}, and not on the complete list {}", named.fact, roster.as_of, roster.kind)
    };
    Found {
        kind,
        identity_number: named.identity_number,
        name: named.name,
        resident_id: named.resident_id,
        township: named.township,
        detail,
        remedy: remedy(scene, kind, None),
        rule_id: scene.params.rule_id(roster.kind, kind).into_owned(),
        facts: named.fact,
    }
}
