//! Dated facts of a resident: what an office learned, and since when it is true.
//!
//! Facts are only ever added. What of them holds on a day, [`super::circumstances`] says.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::employees_insurance::EmployeesInsurance;
use crate::codes::{Area, CertificateKind, District, InstitutionKind, LeavingReason};

/// Household registration (户籍).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HouseholdRegistration {
    /// District; `None` outside Tianjin.
    pub district: Option<District>,
    /// Town or village, where it is known.
    pub area: Option<Area>,
    /// Township, a unit id, where it is known.
    pub township: Option<String>,
}

/// Residence (居住地).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    /// District.
    pub district: District,
    /// Township, a unit id, where it is known.
    pub township: Option<String>,
    /// Address, where it is known.
    pub address: Option<String>,
}

/// Certificate held (有效证件).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Kind.
    pub kind: CertificateKind,
    /// Manual decision that accepts a paper of kind `OTHER_OFFICIAL` (AMB-014).
    pub manual_decision_id: Option<String>,
}

/// Employment (就业状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// True while employed.
    pub employed: bool,
}

/// Attendance of a school or nursery (就读).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Kind of institution.
    pub institution_kind: InstitutionKind,
    /// False for part-time studies.
    pub full_time: bool,
    /// True when the institution lies outside Tianjin.
    pub outside_tianjin: bool,
    /// The institution, a unit id; always known in Tianjin.
    pub unit_id: Option<String>,
    /// True once the institution verified the student's identity (J-3.2.1-b).
    pub verified: bool,
}

/// Stay in a welfare institution or a facility of public security (J-3.2.3-a, J-3.2.4-a).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstitutionStay {
    /// `WELFARE_INSTITUTION` or `DETENTION_FACILITY`.
    pub institution_kind: InstitutionKind,
    /// The institution, a unit id.
    pub unit_id: String,
}

/// Membership of a household, a village or a residents' committee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The unit.
    pub unit_id: String,
}

/// Leaving a school or nursery (J-3.2.9-a); the first day of the fact is the day of leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchoolLeaving {
    /// Why.
    pub reason: LeavingReason,
}

/// End of employees' insurance (J-3.2.7-a, B-2.4-a).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interruption {
    /// Day the labour contract ended; 2017 the day contributions stopped.
    pub contract_ended_on: Option<NaiveDate>,
    /// Day the unemployment benefit ended.
    pub benefit_ended_on: Option<NaiveDate>,
}

impl Interruption {
    /// The later of the two events, from which the three months run (AMB-025).
    #[must_use]
    pub fn maybe_last_event(self) -> Option<NaiveDate> {
        self.contract_ended_on.max(self.benefit_ended_on)
    }
}

/// Premium prepaid by academic years (J-3.2.1-c).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepayment {
    /// First policy year prepaid.
    pub first_policy_year: i32,
    /// Last policy year prepaid.
    pub last_policy_year: i32,
}

impl Prepayment {
    /// True when the year is prepaid.
    #[must_use]
    pub const fn covers(self, policy_year: i32) -> bool {
        self.first_policy_year <= policy_year && policy_year <= self.last_policy_year
    }
}

/// A fact of a resident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Fact {
    /// Household registration.
    HouseholdRegistration(HouseholdRegistration),
    /// Residence.
    Residence(Residence),
    /// Certificate.
    Certificate(Certificate),
    /// Employment.
    Employment(Employment),
    /// Attendance.
    Attendance(Attendance),
    /// Stay in an institution.
    InstitutionStay(InstitutionStay),
    /// Membership of a household, village or committee.
    Membership(Membership),
    /// Leaving school.
    SchoolLeaving(SchoolLeaving),
    /// End of employees' insurance.
    Interruption(Interruption),
    /// Prepayment.
    Prepayment(Prepayment),
    /// Employees' insurance.
    EmployeesInsurance(EmployeesInsurance),
}

impl Fact {
    /// The kind, as tables spell it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::HouseholdRegistration(_) => "HOUSEHOLD_REGISTRATION",
            Self::Residence(_) => "RESIDENCE",
            Self::Certificate(_) => "CERTIFICATE",
            Self::Employment(_) => "EMPLOYMENT",
            Self::Attendance(_) => "ATTENDANCE",
            Self::InstitutionStay(_) => "INSTITUTION_STAY",
            Self::Membership(_) => "MEMBERSHIP",
            Self::SchoolLeaving(_) => "SCHOOL_LEAVING",
            Self::Interruption(_) => "INTERRUPTION",
            Self::Prepayment(_) => "PREPAYMENT",
            Self::EmployeesInsurance(_) => "EMPLOYEES_INSURANCE",
        }
    }

    /// The unit that the fact names, if it names one.
    #[must_use]
    pub fn maybe_unit_id(&self) -> Option<&str> {
        match self {
            Self::Attendance(attendance) => attendance.unit_id.as_deref(),
            Self::InstitutionStay(stay) => Some(&stay.unit_id),
            Self::Membership(membership) => Some(&membership.unit_id),
            _ => None,
        }
    }

    /// The township that the fact names, if it names one.
    #[must_use]
    pub fn maybe_township(&self) -> Option<&str> {
        match self {
            Self::HouseholdRegistration(registration) => registration.township.as_deref(),
            Self::Residence(residence) => residence.township.as_deref(),
            _ => None,
        }
    }

    /// True when the later of two facts takes the place of the earlier.
    #[must_use]
    pub fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::Certificate(own), Self::Certificate(other)) => own.kind == other.kind,
            (Self::Membership(own), Self::Membership(other)) => own.unit_id == other.unit_id,
            _ => self.kind() == earlier.kind(),
        }
    }
}

/// A fact with the time in which it is true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedFact {
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
    /// What is true.
    pub fact: Fact,
}

impl DatedFact {
    pub(super) fn has_begun_by(&self, day: NaiveDate) -> bool {
        self.start_on <= day
    }

    pub(super) fn has_ended_by(&self, day: NaiveDate) -> bool {
        self.end_on.is_some_and(|end_on| end_on <= day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    /// AMB-025: the later of the two ends.
    #[test]
    fn the_later_event_counts() {
        let of = |contract: Option<&str>, benefit: Option<&str>| {
            Interruption { contract_ended_on: contract.map(day), benefit_ended_on: benefit.map(day) }.maybe_last_event()
        };
        assert_eq!(of(Some("2020-11-30"), Some("2021-03-31")), Some(day("2021-03-31")));
        assert_eq!(of(Some("2021-01-31"), None), Some(day("2021-01-31")));
        assert_eq!(of(None, None), None);
    }
}
