//! How generated people come onto the registers: enrolled and paid for, with identities, filings, openings and a contract.

use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_domain::registry::authority;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::settlement::v1 as pb;
use juyi_tests::offices::{Clients, by, by_one_of};

use super::people::{CHOSEN, DISEASE, Facts, Filed, HOLIDAYS, Held, PARTNER, RECEIVING, signed_on};
use crate::scenarios::format::Person;
use crate::scenarios::stage::Stage;

const OWN: &str = "C12011800001";
const AGENCY: Office = Office::MedicalInsurance;

/// Registers that belong to nobody.
pub(super) async fn set(clients: &Clients) {
    let holiday = |(first, last): (&str, &str)| pb::SchoolHoliday {
        kind: pb::HolidayKind::Winter.into(),
        start_date: first.to_owned(),
        last_date: last.to_owned(),
    };
    let holidays = HOLIDAYS.into_iter().map(holiday).collect();
    let calendar = pb::SchoolCalendar { unit_id: "120118.SCHOOL".to_owned(), year: 2021, holidays, recorded_by: None };
    let request = pb::SetSchoolHolidaysRequest {
        request_id: "holidays".to_owned(),
        validate_only: false,
        calendar: Some(calendar),
    };
    by(Office::Education, clients.filings.clone().set_school_holidays(request)).await.unwrap();
    let partnership = pb::Partnership {
        receiving_code: RECEIVING.to_owned(),
        partner_code: PARTNER.to_owned(),
        arrangement: pb::Arrangement::TieredCare.into(),
        document_number: "A-1".to_owned(),
        start_date: "2021-01-01".to_owned(),
        ..Default::default()
    };
    let request = pb::RegisterPartnerRequest {
        request_id: "partner".to_owned(),
        validate_only: false,
        partnership: Some(partnership),
    };
    by(AGENCY, clients.filings.clone().register_partner(request)).await.unwrap();
}

fn person(name: &str, facts: &Facts) -> Person {
    let own = match (facts.policy_year, facts.is_student()) {
        (..2021, _) => {
            "born = 1966-05-06\ndistrict = \"120115\"\ntownship = \"120115.6\"\ncategory = \"RURAL_RESIDENT\"\n\
             desk = \"TOWNSHIP_SERVICE\"\napplied = 2016-10-12\npaid = 2016-10-20\n"
        }
        (_, true) => {
            "born = 2008-05-01\ndistrict = \"120118\"\ntownship = \"120118.4\"\ncategory = \"SCHOOL_STUDENT\"\n\
             school = \"PRIMARY_OR_SECONDARY\"\ndesk = \"DISTRICT_SOCIAL_INSURANCE_BRANCH\"\napplied = 2020-10-12\n\
             paid = 2020-10-20\n"
        }
        (_, false) => {
            "born = 1980-05-01\ndistrict = \"120118\"\ntownship = \"120118.4\"\ncategory = \"RURAL_RESIDENT\"\n\
             desk = \"TOWNSHIP_SERVICE\"\napplied = 2020-10-12\npaid = 2020-10-20\n"
        }
    };
    let tier = if facts.is_student() { String::new() } else { format!("tier = \"{}\"\n", facts.tier) };
    let year = facts.policy_year;
    let text = format!("id = \"{name}\"\npolicy_year = {year}\nprevious_year_insured = true\n{own}{tier}");
    toml::from_str(&text).unwrap()
}

/// Enters somebody, and gives the id of the resident.
pub(super) async fn enter(clients: &Clients, name: &str, facts: &Facts, sequence: &mut u32) -> String {
    let person = person(name, facts);
    let stage = Stage::set(clients, name, std::slice::from_ref(&person), sequence).await.unwrap();
    let resident = stage.actor(name).unwrap().resident_id.clone();
    for held in &facts.held {
        identify(clients, &resident, held, facts).await;
    }
    open(clients, &resident, facts).await;
    if facts.policy_year >= 2021 {
        file(clients, &resident, facts).await;
        Box::pin(expect_birth(clients, &resident)).await;
    }
    if let Some(from) = facts.doctor_from {
        let request = pb::SignFamilyDoctorRequest {
            request_id: format!("sign-{resident}"),
            validate_only: false,
            resident_id: resident.clone(),
            institution_code: OWN.to_owned(),
            primary_institution_code: OWN.to_owned(),
            signed_date: signed_on(from).to_string(),
        };
        by(Office::Provider, clients.person_years.clone().sign_family_doctor(request)).await.unwrap();
    }
    resident
}

/// The authority that supplies an identity asserts it.
pub(super) async fn identify(clients: &Clients, resident: &str, held: &Held, facts: &Facts) {
    let Held { identity, from, last } = held;
    let [office, ..] = authority::of(*identity) else { panic!("nobody supplies {identity}") };
    let request = registry::AssertIdentityRequest {
        request_id: format!("assert-{}-{resident}", identity.to_wire()),
        resident_id: resident.to_owned(),
        identity: identity.to_wire(),
        start_date: from.to_string(),
        end_date: last.map(|day| day.to_string()).unwrap_or_default(),
        ..Default::default()
    };
    let district = if facts.policy_year < 2021 { District::Baodi } else { District::Jinghai };
    by_one_of(district, *office, clients.registry.clone().assert_identity(request)).await.unwrap();
}

async fn open(clients: &Clients, resident: &str, facts: &Facts) {
    let Facts { opening, policy_year, .. } = facts;
    if opening.balances.is_empty() && opening.unused_outpatient_years == 0 {
        return;
    }
    let source = || "a register of the tests".to_owned();
    let balances = opening.balances.iter().map(|balance| pb::Balance {
        origin_year: balance.origin_year,
        amount_fen: balance.amount.get(),
        source: source(),
    });
    let years = i32::try_from(opening.unused_outpatient_years).unwrap();
    let request = pb::ImportOpeningRequest {
        request_id: format!("import-{resident}"),
        validate_only: false,
        resident_id: resident.to_owned(),
        district: if *policy_year < 2021 { "120115" } else { "120118" }.to_owned(),
        policy_year: *policy_year,
        balances: balances.collect(),
        unused_years: Some(pb::UnusedYears { years, source: source() }),
    };
    by(AGENCY, clients.person_years.clone().import_opening(request)).await.unwrap();
}

fn institution(code: &str, level: ProviderLevel) -> pb::Institution {
    let (provider_code, region) = (code.to_owned(), "130102".to_owned());
    pb::Institution { provider_code, level: level.to_wire(), region, designated: true }
}

/// A special disease, and what confirms care elsewhere.
async fn file(clients: &Clients, resident: &str, facts: &Facts) {
    let (first, filings) = ("2021-01-01".to_owned(), &clients.filings);
    let (request_id, resident_id) = (|what: &str| format!("{what}-{resident}"), resident.to_owned());
    let request = pb::RegisterSpecialDiseaseRequest {
        request_id: request_id("disease"),
        validate_only: false,
        resident_id: resident_id.clone(),
        registration_date: first.clone(),
        disease: Some(pb::SpecialDisease {
            disease_code: DISEASE.to_owned(),
            route: pb::DiagnosisRoute::CityInstitution.into(),
            institution_code: "H12010100001".to_owned(),
            institution_qualified: true,
            papers: Vec::new(),
        }),
    };
    by(AGENCY, filings.clone().register_special_disease(request)).await.unwrap();
    if facts.is_student() {
        let student = pb::StudentAtHome {
            home_province: "130000".to_owned(),
            unit_id: "120118.SCHOOL".to_owned(),
            ..Default::default()
        };
        let request = pb::RegisterStudentAtHomeRequest {
            request_id: request_id("student"),
            validate_only: false,
            resident_id: resident_id.clone(),
            start_date: first.clone(),
            student: Some(student),
        };
        by(Office::Education, filings.clone().register_student_at_home(request)).await.unwrap();
    }
    match facts.filed {
        Filed::Residence => {
            let request = pb::FileResidenceElsewhereRequest {
                request_id: request_id("residence"),
                validate_only: false,
                resident_id: resident_id.clone(),
                filing_date: first.clone(),
                residence: Some(pb::ResidenceElsewhere {
                    residence_kind: pb::ResidenceKind::LongTermResident.into(),
                    mode: pb::ClaimMode::SelfPaid.into(),
                    region: "130100".to_owned(),
                    channel: pb::FilingChannel::AgencyWindow.into(),
                    papers: vec![pb::FilingPaper::SocialSecurityCard.into(), pb::FilingPaper::RelatedPapers.into()],
                    institutions: vec![institution(CHOSEN, ProviderLevel::Three)],
                }),
            };
            by(AGENCY, filings.clone().file_residence_elsewhere(request)).await.unwrap();
            let trip = pb::Trip { reason: pb::TripReason::Business.into(), region: "130100".to_owned(), acute: true };
            let request = pb::RecordTripRequest {
                request_id: request_id("trip"),
                validate_only: false,
                resident_id,
                start_date: first,
                last_date: "2021-12-31".to_owned(),
                trip: Some(trip),
            };
            by(AGENCY, filings.clone().record_trip(request)).await.unwrap();
        }
        Filed::Transfer(level) => {
            let transfer = pb::Transfer {
                route: pb::TransferRoute::OutOfCity.into(),
                issuer_code: "H12010100001".to_owned(),
                issuer_responsible: true,
                target: Some(institution(RECEIVING, level)),
                target_networked: true,
                mode: pb::ClaimMode::Direct.into(),
            };
            let request = pb::FileTransferRequest {
                request_id: request_id("transfer"),
                validate_only: false,
                resident_id,
                transfer_date: first,
                transfer: Some(transfer),
            };
            by(AGENCY, filings.clone().file_transfer(request)).await.unwrap();
        }
        Filed::Nothing => {}
    }
}

/// A pregnancy of the whole year, whose benefit is registered.
async fn expect_birth(clients: &Clients, resident: &str) {
    let request = pb::RegisterBirthRequest {
        request_id: format!("birth-{resident}"),
        resident_id: resident.to_owned(),
        conception_date: "2021-01-01".to_owned(),
        registration_date: "2021-01-01".to_owned(),
        desk_township: "120118.4".to_owned(),
        residence_township: "120118.4".to_owned(),
        household_township: "120118.4".to_owned(),
        ..Default::default()
    };
    by(Office::Township, clients.maternity.clone().register_birth(request)).await.unwrap();
    let request = pb::RegisterBenefitRequest {
        request_id: format!("benefit-{resident}"),
        resident_id: resident.to_owned(),
        registration_date: "2021-01-01".to_owned(),
        provider: Some(pb::Provider {
            provider_code: "H12011800009".to_owned(),
            level: ProviderLevel::One.to_wire(),
            designated: true,
            ..Default::default()
        }),
        ..Default::default()
    };
    by(Office::Provider, clients.maternity.clone().register_benefit(request)).await.unwrap();
}
