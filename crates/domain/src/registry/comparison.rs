//! What a row of a list shows against the registry: matched, not enrolled, or something to be worked off (J-A1.3-b).
//!
//! [`looked_for`] says what a kind of list is compared for, [`classify`] decides one row, [`Tally`] counts, and
//! [`remedy`] says who ends a finding, and how.

pub mod remedy;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::params::EnrolmentParams;
use crate::codes::{Category, Class, FindingKind, Identity, RosterKind};
use crate::contribution::params::PremiumParams;
use crate::contribution::subsidy::maybe_ground;

/// What a row of a list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// Day the row speaks of: that of the payment on a list of payments, otherwise that of the list.
    pub on: NaiveDate,
    /// Identity that the list asserts.
    pub identity: Option<Identity>,
    /// Identity that the school itself records (J-3.2.5-e).
    pub special_identity: Option<Identity>,
    /// An authority of another province recognised the identity, so that the school registers (J-3.2.5-d).
    pub recognised_outside: bool,
}

/// What the registry knows of the person who holds the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Name.
    pub name: String,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Identities held on the day of the list, as their authorities asserted them.
    pub identities: Vec<Identity>,
    /// The enrolment for the policy year, in whichever district of the city.
    pub enrolled: Option<Enrolled>,
}

/// An enrolment as far as a comparison depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Category.
    pub category: Category,
    /// Class.
    pub class: Class,
    /// Identities held on the day of application, by which the government pays.
    pub identities: Vec<Identity>,
}

/// The law that a comparison asks.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// Which identities are registered centrally.
    pub enrolment: &'a EnrolmentParams,
    /// Which identities have their premium paid.
    pub premium: &'a PremiumParams,
}

/// The one thing a row comes to. Every row of a list has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The registry says what the list says.
    Matched,
    /// The person is not enrolled; a finding unless the list does not ask for it.
    NotEnrolled(Option<FindingKind>),
    /// Neither; the finding says why.
    Other(FindingKind),
}

/// What a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What it comes to.
    pub outcome: Outcome,
    /// A finding beside the outcome.
    pub beside: Option<FindingKind>,
}

impl Shown {
    /// The findings, the one of the outcome first.
    pub fn findings(self) -> impl Iterator<Item = FindingKind> {
        let own = match self.outcome {
            Outcome::Matched => None,
            Outcome::NotEnrolled(finding) => finding,
            Outcome::Other(finding) => Some(finding),
        };
        own.into_iter().chain(self.beside)
    }
}

/// What a kind of list is compared for, in the order of the glossary; `None` for a kind that is not compared, because
/// its rows are applications and no data. Students (J-A1.3-f) and the resident population (J-A1.3-l) are to be enrolled,
/// persons of the aid lists (J-A1.3-h) and of the list of the disabled (J-A1.3-m) with a subsidy, payments (J-A1.3-k)
/// have a registration, and a list of deaths (J-A1.3-j) is compared with the services of settlement.
#[must_use]
pub fn looked_for(kind: RosterKind, complete: bool) -> Option<Vec<FindingKind>> {
    use FindingKind::{
        ConflictingIdentity, Deceased, Duplicate, EnrolledNotOnList, NotEnrolled, NotRegistered,
        PaymentWithoutRegistration, ServiceAfterDeath, SpecialWithoutSubsidisedEnrolment, UncoveredPupil,
        UnmatchedSpecialStudent,
    };
    let of_kind: &[FindingKind] = match kind {
        RosterKind::Enrolment => return None,
        RosterKind::Deaths => return Some(vec![ConflictingIdentity, Duplicate, ServiceAfterDeath]),
        RosterKind::Payments => &[PaymentWithoutRegistration],
        RosterKind::Students => &[EnrolledNotOnList, UncoveredPupil, UnmatchedSpecialStudent],
        RosterKind::Population => &[NotRegistered, NotEnrolled, EnrolledNotOnList],
        // The other lists assert identities.
        _ => &[NotRegistered, NotEnrolled, EnrolledNotOnList, SpecialWithoutSubsidisedEnrolment],
    };
    let every = [ConflictingIdentity, Duplicate, Deceased];
    let mut kinds: Vec<_> = of_kind.iter().copied().chain(every).collect();
    kinds.retain(|kind| complete || *kind != EnrolledNotOnList);
    kinds.sort_unstable();
    Some(kinds)
}

/// Whether a kind of list asserts an identity of those it names.
#[must_use]
pub const fn asserts_identity(kind: RosterKind) -> bool {
    !matches!(
        kind,
        RosterKind::Students
            | RosterKind::Population
            | RosterKind::Deaths
            | RosterKind::Payments
            | RosterKind::Enrolment
    )
}

/// Decides one row.
///
/// Whose number it is comes first: of another name or of a dead person nothing else is said. Enrolled is who is
/// enrolled for the year anywhere in the city.
#[must_use]
pub fn classify(kind: RosterKind, listed: &Listed, known: Option<&Known>, law: Law<'_>) -> Shown {
    let beside = unmatched(kind, listed, known).then_some(FindingKind::UnmatchedSpecialStudent);
    Shown { outcome: outcome(kind, listed, known, law), beside }
}

fn outcome(kind: RosterKind, listed: &Listed, known: Option<&Known>, law: Law<'_>) -> Outcome {
    let Some(known) = known else { return Outcome::NotEnrolled(not_enrolled(kind, false)) };
    if known.name != listed.name {
        return Outcome::Other(FindingKind::ConflictingIdentity);
    }
    if kind == RosterKind::Deaths {
        // The list is applied before it is compared: a death that is not recorded had nobody to be recorded of.
        return if known.died_on.is_some() { Outcome::Matched } else { Outcome::NotEnrolled(None) };
    }
    if known.died_on.is_some_and(|died_on| died_on < listed.on) {
        return Outcome::Other(FindingKind::Deceased);
    }
    match &known.enrolled {
        None => Outcome::NotEnrolled(not_enrolled(kind, true)),
        Some(enrolled) if asserts_identity(kind) && lacks_subsidy(listed, enrolled, law) => {
            Outcome::Other(FindingKind::SpecialWithoutSubsidisedEnrolment)
        }
        Some(_) => Outcome::Matched,
    }
}

/// What it is called, by kind of list, that somebody is not enrolled (J-A1.3-g, J-A1.3-i, J-A1.3-k, J-A1.3-n).
const fn not_enrolled(kind: RosterKind, registered: bool) -> Option<FindingKind> {
    match kind {
        RosterKind::Students => Some(FindingKind::UncoveredPupil),
        RosterKind::Payments => Some(FindingKind::PaymentWithoutRegistration),
        RosterKind::Deaths | RosterKind::Enrolment => None,
        _ if registered => Some(FindingKind::NotEnrolled),
        _ => Some(FindingKind::NotRegistered),
    }
}

/// True for somebody whose identity on the list has the premium paid, or has the authority register the person
/// (J-3.2.5-a, B-8.2.6-a), and whose enrolment is neither a special person's nor paid on any ground.
fn lacks_subsidy(listed: &Listed, enrolled: &Enrolled, law: Law<'_>) -> bool {
    let Some(identity) = listed.identity else { return false };
    let central = !listed.recognised_outside && law.enrolment.central_identities.contains(&identity);
    let paid = |identities: &[Identity]| maybe_ground(enrolled.class, identities, law.premium).is_some();
    let expected = central || paid(&[identity]);
    expected && enrolled.category != Category::SpecialPerson && !paid(&enrolled.identities)
}

/// True for a special student of the school's own list whom no authority's list names (J-3.2.5-e).
fn unmatched(kind: RosterKind, listed: &Listed, known: Option<&Known>) -> bool {
    let named = |identity| known.is_some_and(|known| known.identities.contains(&identity));
    kind == RosterKind::Students && listed.special_identity.is_some_and(|identity| !named(identity))
}

/// Counts of a comparison: listed = matched + not enrolled + the findings that are outcomes of their own
/// (CONFLICTING_IDENTITY, DECEASED, SPECIAL_WITHOUT_SUBSIDISED_ENROLMENT).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    listed: i64,
    not_enrolled: i64,
    other: i64,
    findings: BTreeMap<FindingKind, i64>,
}

impl Tally {
    /// Nothing counted yet of what is looked for.
    #[must_use]
    pub fn new(looked_for: &[FindingKind]) -> Self {
        Self { findings: looked_for.iter().map(|kind| (*kind, 0)).collect(), ..Self::default() }
    }

    /// Counts persons on the list. Those whose row is not shown are matched.
    pub fn list(&mut self, persons: i64) {
        self.listed += persons;
    }

    /// Counts what the row of a listed person shows.
    pub fn show(&mut self, shown: Shown) {
        match shown.outcome {
            Outcome::Matched => {}
            Outcome::NotEnrolled(_) => self.not_enrolled += 1,
            Outcome::Other(_) => self.other += 1,
        }
        for kind in shown.findings() {
            self.find(kind, 1);
        }
    }

    /// Counts findings that are no row of a person: duplicates, and who is not on the list.
    pub fn find(&mut self, kind: FindingKind, count: i64) {
        *self.findings.entry(kind).or_default() += count;
    }

    /// Persons on the list.
    #[must_use]
    pub const fn listed(&self) -> i64 {
        self.listed
    }

    /// Persons on the list who are in the registry as the list says.
    #[must_use]
    pub const fn matched(&self) -> i64 {
        self.listed - self.not_enrolled - self.other
    }

    /// Persons on the list who are not enrolled.
    #[must_use]
    pub const fn not_enrolled(&self) -> i64 {
        self.not_enrolled
    }

    /// Findings by kind, also those with none.
    #[must_use]
    pub const fn findings(&self) -> &BTreeMap<FindingKind, i64> {
        &self.findings
    }
}

#[cfg(test)]
mod tests;
