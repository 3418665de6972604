//! What of a resident's facts is true on a day.
//!
//! Of one kind the fact that begins last holds, of those the one recorded last; when that one has ended, nothing of the
//! kind holds. Certificates are superseded by kind, memberships by unit, because several may hold at once.

use chrono::NaiveDate;

use super::facts::{
    Attendance, Certificate, DatedFact, Employment, Fact, HouseholdRegistration, InstitutionStay, Interruption,
    Membership, Prepayment, Residence, SchoolLeaving,
};
use crate::codes::{Area, District};

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
                // Nobody's enrolment depends on it; which scheme pays, benefit period decides day by day.
                Fact::EmployeesInsurance(_) => {}
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
    use crate::codes::CertificateKind;
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
