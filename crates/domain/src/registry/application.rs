//! What is known when an application is decided.

use chrono::NaiveDate;

use super::circumstances::Circumstances;
use super::facts::Interruption;
use super::unit::Unit;
use crate::codes::{Desk, District, Identity, Office, Paper, Tier};
use crate::id::EnrolmentId;

/// What is known when an application is decided.
#[derive(Clone, Debug)]
pub struct Application {
    /// Policy year applied for.
    pub policy_year: i32,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Desk at which it is filed.
    pub desk: Desk,
    /// District of the desk.
    pub desk_district: District,
    /// Township of the desk, a unit id; `None` means the person's own.
    pub desk_township: Option<String>,
    /// Office that files.
    pub office: Office,
    /// District of that office; `None` for an office of the whole city.
    pub office_district: Option<District>,
    /// Unit that files; `None` for a family or a single person.
    pub unit_id: Option<String>,
    /// That unit; `None` when nobody knows it.
    pub unit: Option<Unit>,
    /// Papers presented.
    pub papers: Vec<Paper>,
    /// Tier asked for.
    pub tier: Option<Tier>,
    /// Identities held on the day of application.
    pub identities: Vec<Held>,
    /// Facts that hold on the day of application.
    pub circumstances: Circumstances,
    /// Insured by this insurance on any day of the year before (AMB-028).
    pub previous_year_insured: Option<bool>,
    /// The enrolment already held for the policy year.
    pub existing: Option<EnrolmentId>,
}

/// An identity held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Identity.
    pub identity: Identity,
    /// True when an authority of another province recognised it (J-3.2.5-d).
    pub recognised_outside: bool,
}

impl Application {
    /// Every identity held.
    #[must_use]
    pub fn identities(&self) -> Vec<Identity> {
        self.identities.iter().map(|held| held.identity).collect()
    }

    /// The identities that an authority of the city recognised.
    pub(super) fn central_identities(&self) -> impl Iterator<Item = Identity> {
        self.identities.iter().filter(|held| !held.recognised_outside).map(|held| held.identity)
    }

    /// True for who is registered by the school for a ground of J-3.2.5-d: a status of another province, or a student
    /// loan.
    pub(super) fn has_ground_of_the_school(&self) -> bool {
        self.identities.iter().any(|held| held.recognised_outside || held.identity == Identity::StudentLoan)
    }

    /// The day employees' insurance ended, the later of its two events (AMB-025).
    #[must_use]
    pub fn maybe_interrupted_on(&self) -> Option<NaiveDate> {
        self.circumstances.interruption.and_then(Interruption::maybe_last_event)
    }
}
