//! A fact from the wire, with every field violation, and back.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use juyi_domain::codes::{CertificateKind, District, EmployeesInsuranceKind, InstitutionKind};
use juyi_domain::refusal::Reason;
use juyi_domain::registry::employees_insurance::EmployeesInsurance;
use juyi_domain::registry::facts::{
    Attendance, Certificate, DatedFact, Employment, Fact, HouseholdRegistration, InstitutionStay, Interruption,
    Membership, Prepayment, Residence, SchoolLeaving,
};
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::fact::Fact as Wire;

/// Length of a unit id.
pub(crate) const UNIT_ID: RangeInclusive<usize> = 1..=40;
/// Length of an address.
pub(crate) const ADDRESS: RangeInclusive<usize> = 0..=200;

/// A fact; `at` names it in refusals, for example `facts[0]`. `None` after a violation.
pub(crate) fn read(fields: &mut Fields, at: &str, fact: &pb::Fact) -> Option<DatedFact> {
    let start_on = fields.date(&format!("{at}.start_date"), &fact.start_date);
    let last_on = fields.maybe_date(&format!("{at}.end_date"), &fact.end_date);
    if last_on.is_some_and(|last_on| last_on < start_on) {
        fields.refuse(&format!("{at}.end_date"), Reason::DateOrder, "end_date lies before start_date");
    }
    let end_on = last_on.and_then(|last_on| last_on.succ_opt());
    let what = fields.message(&format!("{at}.fact"), fact.fact.as_ref())?;
    let fact = read_what(&mut At { fields, at }, what);
    // A kind that is none was refused above, and asks for nothing else.
    if let (Fact::EmployeesInsurance(insured), true) = (&fact, known_kind(what)) {
        for refusal in insured.check(start_on, end_on).err().unwrap_or_default().0 {
            let below = match refusal.field.as_deref() {
                Some(date @ ("start_date" | "end_date")) => format!("{at}.{date}"),
                field => format!("{at}.employees_insurance.{}", field.unwrap_or_default()),
            };
            fields.add(refusal.at(below));
        }
    }
    Some(DatedFact { start_on, end_on, fact })
}

/// The fields of one fact.
struct At<'a> {
    fields: &'a mut Fields,
    at: &'a str,
}

impl At<'_> {
    fn path(&self, name: &str) -> String {
        format!("{}.{name}", self.at)
    }

    fn code<C: Coded>(&mut self, name: &str, number: i32) -> C {
        let path = self.path(name);
        self.fields.code(&path, number)
    }

    fn date(&mut self, name: &str, text: &str) -> Option<NaiveDate> {
        let path = self.path(name);
        self.fields.maybe_date(&path, text)
    }

    fn text(&mut self, name: &str, text: &str, length: RangeInclusive<usize>) -> Option<String> {
        let path = self.path(name);
        let text = self.fields.text(&path, text, length);
        (!text.is_empty()).then_some(text)
    }

    fn refuse(&mut self, name: &str, detail: &str) {
        let path = self.path(name);
        self.fields.refuse(&path, Reason::ValueNotAllowed, detail);
    }
}

fn read_what(at: &mut At<'_>, what: &Wire) -> Fact {
    match what {
        Wire::HouseholdRegistration(registration) => Fact::HouseholdRegistration(HouseholdRegistration {
            district: at.fields.maybe_district(&at.path("household_registration.district"), &registration.district),
            area: at.fields.maybe_code(&at.path("household_registration.area"), registration.area),
            township: at.text("household_registration.township", &registration.township, 0..=*UNIT_ID.end()),
        }),
        Wire::Residence(residence) => Fact::Residence(Residence {
            district: at.fields.district(&at.path("residence.district"), &residence.district),
            township: at.text("residence.township", &residence.township, 0..=*UNIT_ID.end()),
            address: at.text("residence.address", &residence.address, ADDRESS),
        }),
        Wire::Certificate(certificate) => read_certificate(at, certificate),
        Wire::Employment(employment) => Fact::Employment(Employment { employed: employment.employed }),
        Wire::Attendance(attendance) => read_attendance(at, attendance),
        Wire::InstitutionStay(stay) => read_stay(at, stay),
        Wire::Membership(membership) => {
            let unit_id = at.text("membership.unit_id", &membership.unit_id, UNIT_ID).unwrap_or_default();
            Fact::Membership(Membership { unit_id })
        }
        Wire::SchoolLeaving(leaving) => {
            Fact::SchoolLeaving(SchoolLeaving { reason: at.code("school_leaving.reason", leaving.reason) })
        }
        Wire::Interruption(interruption) => Fact::Interruption(Interruption {
            contract_ended_on: at.date("interruption.contract_end_date", &interruption.contract_end_date),
            benefit_ended_on: at
                .date("interruption.unemployment_benefit_end_date", &interruption.unemployment_benefit_end_date),
        }),
        Wire::Prepayment(prepayment) => read_prepayment(at, *prepayment),
        Wire::EmployeesInsurance(insured) => Fact::EmployeesInsurance(EmployeesInsurance {
            kind: at.code("employees_insurance.kind", insured.kind),
            status: at.fields.maybe_code(&at.path("employees_insurance.status"), insured.status),
            waiting_ends_on: at.date("employees_insurance.waiting_period_end_date", &insured.waiting_period_end_date),
            employer: at.text("employees_insurance.employer", &insured.employer, 0..=*UNIT_ID.end()),
        }),
    }
}

fn read_certificate(at: &mut At<'_>, certificate: &pb::Certificate) -> Fact {
    let kind = at.code("certificate.kind", certificate.kind);
    let manual_decision_id = at.text("certificate.manual_decision_id", &certificate.manual_decision_id, 0..=40);
    if manual_decision_id.is_some() && kind != CertificateKind::OtherOfficial {
        at.refuse("certificate.manual_decision_id", "a manual decision accepts a paper of kind OTHER_OFFICIAL alone");
    }
    Fact::Certificate(Certificate { kind, manual_decision_id })
}

fn read_attendance(at: &mut At<'_>, attendance: &pb::Attendance) -> Fact {
    let institution_kind = at.code("attendance.institution_kind", attendance.institution_kind);
    if matches!(institution_kind, InstitutionKind::WelfareInstitution | InstitutionKind::DetentionFacility) {
        at.refuse("attendance.institution_kind", "a stay in such an institution is another fact");
    }
    let outside_tianjin = attendance.outside_tianjin;
    let length = if outside_tianjin { 0..=0 } else { UNIT_ID };
    Fact::Attendance(Attendance {
        institution_kind,
        full_time: attendance.full_time,
        outside_tianjin,
        unit_id: at.text("attendance.unit_id", &attendance.unit_id, length),
        verified: attendance.verified,
    })
}

fn read_stay(at: &mut At<'_>, stay: &pb::InstitutionStay) -> Fact {
    let institution_kind = at.code("institution_stay.institution_kind", stay.institution_kind);
    if !matches!(institution_kind, InstitutionKind::WelfareInstitution | InstitutionKind::DetentionFacility) {
        at.refuse("institution_stay.institution_kind", "attendance of a school or nursery is another fact");
    }
    let unit_id = at.text("institution_stay.unit_id", &stay.unit_id, UNIT_ID).unwrap_or_default();
    Fact::InstitutionStay(InstitutionStay { institution_kind, unit_id })
}

fn read_prepayment(at: &mut At<'_>, prepayment: pb::Prepayment) -> Fact {
    let (first, last) = (at.path("prepayment.first_policy_year"), at.path("prepayment.last_policy_year"));
    let first_policy_year = at.fields.policy_year(&first, prepayment.first_policy_year);
    let last_policy_year = at.fields.policy_year(&last, prepayment.last_policy_year);
    if last_policy_year < first_policy_year {
        at.fields.refuse(&last, Reason::DateOrder, "the last year lies before the first");
    }
    Fact::Prepayment(Prepayment { first_policy_year, last_policy_year })
}

fn known_kind(what: &Wire) -> bool {
    matches!(what, Wire::EmployeesInsurance(insured) if EmployeesInsuranceKind::from_wire(insured.kind).is_ok())
}

/// What holds, on the wire.
pub(super) fn write(fact: &Fact) -> Wire {
    let code = |district: Option<District>| district.map(|district| district.to_string()).unwrap_or_default();
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    match fact.clone() {
        Fact::HouseholdRegistration(registration) => Wire::HouseholdRegistration(pb::HouseholdRegistration {
            district: code(registration.district),
            area: registration.area.map_or(0, Coded::to_wire),
            township: registration.township.unwrap_or_default(),
        }),
        Fact::Residence(residence) => Wire::Residence(pb::Residence {
            district: residence.district.to_string(),
            township: residence.township.unwrap_or_default(),
            address: residence.address.unwrap_or_default(),
        }),
        Fact::Certificate(certificate) => Wire::Certificate(pb::Certificate {
            kind: certificate.kind.to_wire(),
            manual_decision_id: certificate.manual_decision_id.unwrap_or_default(),
        }),
        Fact::Employment(employment) => Wire::Employment(pb::Employment { employed: employment.employed }),
        Fact::Attendance(attendance) => Wire::Attendance(pb::Attendance {
            institution_kind: attendance.institution_kind.to_wire(),
            full_time: attendance.full_time,
            outside_tianjin: attendance.outside_tianjin,
            unit_id: attendance.unit_id.unwrap_or_default(),
            verified: attendance.verified,
        }),
        Fact::InstitutionStay(stay) => Wire::InstitutionStay(pb::InstitutionStay {
            institution_kind: stay.institution_kind.to_wire(),
            unit_id: stay.unit_id,
        }),
        Fact::Membership(membership) => Wire::Membership(pb::Membership { unit_id: membership.unit_id }),
        Fact::SchoolLeaving(leaving) => Wire::SchoolLeaving(pb::SchoolLeaving { reason: leaving.reason.to_wire() }),
        Fact::Interruption(interruption) => Wire::Interruption(pb::Interruption {
            contract_end_date: day(interruption.contract_ended_on),
            unemployment_benefit_end_date: day(interruption.benefit_ended_on),
        }),
        Fact::Prepayment(prepayment) => Wire::Prepayment(pb::Prepayment {
            first_policy_year: prepayment.first_policy_year,
            last_policy_year: prepayment.last_policy_year,
        }),
        Fact::EmployeesInsurance(insured) => Wire::EmployeesInsurance(pb::EmployeesInsuranceFact {
            kind: insured.kind.to_wire(),
            status: insured.status.map_or(0, Coded::to_wire),
            waiting_period_end_date: day(insured.waiting_ends_on),
            employer: insured.employer.unwrap_or_default(),
        }),
    }
}
