//! Dated facts of a resident, and what of them holds on a day.
//!
//! Facts are only ever added. Of one kind the fact that begins last holds, of those the one recorded last; when that one
//! has ended, nothing of the kind holds. Certificates are superseded by kind, memberships by unit, because several may
//! hold at once.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
    fn has_begun_by(&self, day: NaiveDate) -> bool {
        self.start_on <= day
    }

    fn has_ended_by(&self, day: NaiveDate) -> bool {
        self.end_on.is_some_and(|end_on| end_on <= day)
    }
}

/// The places of those facts that hold on a day, in a history in the order of recording.
#[must_use]
pub fn holding<'a>(history: impl IntoIterator<Item = &'a DatedFact>, day: NaiveDate) -> Vec<usize> {
    let mut last: Vec<(usize, &DatedFact)> = Vec::new();
    for (place, dated) in history.into_iter().enumerate().filter(|(_, dated)| dated.has_begun_by(day)) {
        match last.iter_mut().find(|(_, earlier)| dated.fact.replaces(&earlier.fact)) {
            Some(slot) if slot.1.start_on <= dated.start_on => *slot = (place, dated),
            Some(_) => {}
            None => last.push((place, dated)),
        }
    }
    last.retain(|(_, dated)| !dated.has_ended_by(day));
    last.into_iter().map(|(place, _)| place).collect()
}

/// Something that is true since a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since<T> {
    /// First day.
    pub on: NaiveDate,
    /// What is true.
    pub what: T,
}

/// What is true of a resident on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Household registration.
    pub registration: Option<HouseholdRegistration>,
    /// Residence.
    pub residence: Option<Residence>,
    /// Certificates.
    pub certificates: Vec<Certificate>,
    /// Employment; not known means not employed, as the person declares at the desk.
    pub employment: Option<Since<Employment>>,
    /// Attendance.
    pub attendance: Option<Since<Attendance>>,
    /// Stay in an institution.
    pub stay: Option<InstitutionStay>,
    /// Units the person belongs to.
    pub memberships: Vec<Membership>,
    /// Leaving of a school.
    pub leaving: Option<Since<SchoolLeaving>>,
    /// End of employees' insurance.
    pub interruption: Option<Interruption>,
    /// Prepayment.
    pub prepayment: Option<Prepayment>,
}

impl Circumstances {
    /// What a history, in the order of recording, says of a day.
    #[must_use]
    pub fn on(history: &[DatedFact], day: NaiveDate) -> Self {
        let mut found = Self::default();
        for place in holding(history, day) {
            let DatedFact { start_on: on, fact, .. } = &history[place];
            let on = *on;
            match fact.clone() {
                Fact::HouseholdRegistration(registration) => found.registration = Some(registration),
                Fact::Residence(residence) => found.residence = Some(residence),
                Fact::Certificate(certificate) => found.certificates.push(certificate),
                Fact::Employment(what) => found.employment = Some(Since { on, what }),
                Fact::Attendance(what) => found.attendance = Some(Since { on, what }),
                Fact::InstitutionStay(stay) => found.stay = Some(stay),
                Fact::Membership(membership) => found.memberships.push(membership),
                Fact::SchoolLeaving(what) => found.leaving = Some(Since { on, what }),
                Fact::Interruption(interruption) => found.interruption = Some(interruption),
                Fact::Prepayment(prepayment) => found.prepayment = Some(prepayment),
            }
        }
        found
    }

    /// True for somebody registered in Tianjin.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.registration.as_ref().is_some_and(|registration| registration.district.is_some())
    }

    /// Kind of the household registration, where it is known.
    #[must_use]
    pub fn maybe_area(&self) -> Option<Area> {
        self.registration.as_ref()?.area
    }

    /// True while employed.
    #[must_use]
    pub fn is_employed(&self) -> bool {
        self.employment.as_ref().is_some_and(|employment| employment.what.employed)
    }

    /// The township whose figures somebody counts in when no unit files: the registered one in the district of
    /// enrolment, otherwise that of the residence there.
    #[must_use]
    pub fn maybe_township_in(&self, district: District) -> Option<&str> {
        let registered = self.registration.as_ref().filter(|registration| registration.district == Some(district));
        let lives = self.residence.as_ref().filter(|residence| residence.district == district);
        registered
            .and_then(|registration| registration.township.as_deref())
            .or_else(|| lives.and_then(|residence| residence.township.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    fn dated(start: &str, end: Option<&str>, fact: Fact) -> DatedFact {
        DatedFact { start_on: day(start), end_on: end.map(day), fact }
    }

    fn employed(start: &str, end: Option<&str>, employed: bool) -> DatedFact {
        dated(start, end, Fact::Employment(Employment { employed }))
    }

    fn certificate(start: &str, end: Option<&str>, kind: CertificateKind) -> DatedFact {
        dated(start, end, Fact::Certificate(Certificate { kind, manual_decision_id: None }))
    }

    #[test]
    fn the_fact_that_begins_last_holds_and_of_those_the_one_recorded_last() {
        let history = [
            employed("2015-01-01", None, true),
            employed("2020-03-01", None, false),
            employed("2018-01-01", None, true),
            employed("2020-03-01", Some("2020-06-01"), true),
        ];
        let on = |text: &str| Circumstances::on(&history, day(text));
        assert!(on("2014-12-31").employment.is_none());
        assert!(on("2019-12-31").is_employed());
        assert!(on("2020-03-01").is_employed());
        // The correction ends the last fact; what began before it does not come back.
        assert_eq!(on("2020-06-01").employment, None);
        assert_eq!(on("2019-12-31").employment.unwrap().on, day("2018-01-01"));
    }

    #[test]
    fn certificates_and_memberships_stand_side_by_side() {
        use CertificateKind::{ResidencePermitAcceptanceSlip, TianjinResidencePermit};
        let member = |unit: &str| Fact::Membership(Membership { unit_id: unit.to_owned() });
        let history = [
            certificate("2019-01-01", None, ResidencePermitAcceptanceSlip),
            certificate("2019-02-01", None, TianjinResidencePermit),
            certificate("2019-01-01", Some("2019-02-01"), ResidencePermitAcceptanceSlip),
            dated("2019-01-01", None, member("a")),
            dated("2019-01-01", None, member("b")),
        ];
        let found = Circumstances::on(&history, day("2019-03-01"));
        let kinds: Vec<_> = found.certificates.iter().map(|certificate| certificate.kind).collect();
        assert_eq!(kinds, [TianjinResidencePermit]);
        assert_eq!(found.memberships.len(), 2);
    }

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

    #[test]
    fn the_registered_township_counts_before_that_of_the_residence() {
        let both = Circumstances {
            registration: Some(HouseholdRegistration {
                district: Some(District::Jinghai),
                area: None,
                township: Some("120118.4".to_owned()),
            }),
            residence: Some(Residence {
                district: District::Baodi,
                township: Some("120115.6".to_owned()),
                address: None,
            }),
            ..Circumstances::default()
        };
        assert_eq!(both.maybe_township_in(District::Jinghai), Some("120118.4"));
        assert_eq!(both.maybe_township_in(District::Baodi), Some("120115.6"));
        assert_eq!(both.maybe_township_in(District::Nankai), None);
    }
}
