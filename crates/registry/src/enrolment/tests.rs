//! Enrolling at a desk, through the generated client: what is stored, what is refused, with which remedy.

use juyi_domain::codes::{
    Area, Category, CertificateKind, CountGroup, Desk, District, Identity, InstitutionKind, LeavingReason, Office,
    Paper, Tier, UnitKind,
};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::fact::Fact;
use tonic::Status;

use crate::suite::{Suite, application, assertion, by, by_one_of, by_the_city, fact, farmer, reasons, refusal};

/// The school `120118.S1` in Duliu.
const SCHOOL: &str = "120118.S1";

impl Suite {
    async fn with_school() -> Vec<Self> {
        let suites = Self::all().await;
        for suite in &suites {
            suite.unit(SCHOOL, UnitKind::School, Some("120118.4")).await;
        }
        suites
    }

    async fn enrol_by(&self, office: Office, request: pb::EnrolRequest) -> Result<pb::Enrolment, Status> {
        Ok(by(office, self.client.clone().enrol(request)).await?.enrolment.unwrap())
    }

    async fn enrol_by_the_city(&self, request: pb::EnrolRequest) -> Result<pb::Enrolment, Status> {
        let mut client = self.client.clone();
        Ok(by_the_city(Office::MedicalInsurance, client.enrol(request)).await?.enrolment.unwrap())
    }

    async fn assert_identity(&self, office: Office, request: pb::AssertIdentityRequest) {
        by(office, self.client.clone().assert_identity(request)).await.unwrap();
    }

    pub(super) async fn count(&self, sql: &'static str) -> usize {
        self.on.database.read().await.unwrap().rows(sql, Vec::new()).await.unwrap().len()
    }
}

fn pupil() -> pb::RegisterResidentRequest {
    pb::RegisterResidentRequest { identity_number: "120118201404200015".to_owned(), ..farmer() }
}

fn attending(verified: bool) -> pb::Fact {
    let attendance = pb::Attendance {
        institution_kind: InstitutionKind::PrimaryOrSecondary.to_wire(),
        full_time: true,
        outside_tianjin: false,
        unit_id: SCHOOL.to_owned(),
        verified,
    };
    fact("2020-09-01", Fact::Attendance(attendance))
}

fn by_school(resident_id: &str, facts: Vec<pb::Fact>) -> pb::EnrolRequest {
    pb::EnrolRequest {
        tier: 0,
        desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
        unit_id: SCHOOL.to_owned(),
        papers: Vec::new(),
        facts,
        ..application(resident_id)
    }
}

/// S-01: J-1.2-a, J-3.2.2-a.
#[tokio::test]
async fn a_farmer_is_enrolled_by_the_facts_on_record() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let enrolment = suite.enrol(application(&resident_id)).await.unwrap();
        assert_eq!(enrolment.category, Category::RuralResident.to_wire());
        assert_eq!((enrolment.township.as_str(), enrolment.unit_id.as_str()), ("120118.4", ""));
        assert_eq!(enrolment.count_group, CountGroup::GeneralResidents.to_wire());
        let steps = enrolment.receipt.clone().unwrap().steps;
        assert_eq!((steps[0].rule_id.as_str(), steps[0].title.is_empty()), ("J-1.2-a", false));
        let request = pb::GetEnrolmentRequest { resident_id, enrolment_id: enrolment.enrolment_id.clone() };
        let stored = by(Office::Tax, suite.client.clone().get_enrolment(request)).await.unwrap().enrolment.unwrap();
        assert_eq!(stored, enrolment, "{}", suite.on.kind);
    }
}

/// J-3.2.1-a, J-3.2.1-b: by the school, verified; what was learned is recorded with the enrolment and not without it.
#[tokio::test]
async fn a_school_enrols_its_pupil_and_tells_what_it_knows() {
    for suite in Suite::with_school().await {
        let resident_id = suite.register(pupil()).await;
        let unverified = suite.enrol_by(Office::Education, by_school(&resident_id, vec![attending(false)])).await;
        assert_eq!(reasons(unverified), "EVIDENCE_NOT_ACCEPTED");
        let facts = "SELECT fact_id FROM resident_fact";
        assert_eq!(suite.count(facts).await, 2, "nothing is recorded with a refusal");
        let alone = pb::EnrolRequest { unit_id: String::new(), ..by_school(&resident_id, vec![attending(true)]) };
        assert_eq!(reasons(suite.enrol_by(Office::Education, alone).await), "CHANNEL_MISMATCH");
        let trial = pb::EnrolRequest { validate_only: true, ..by_school(&resident_id, vec![attending(true)]) };
        assert_eq!(suite.enrol_by(Office::Education, trial).await.unwrap().enrolment_id, "");
        assert_eq!(suite.count(facts).await, 2);
        let good = by_school(&resident_id, vec![attending(true)]);
        let enrolment = suite.enrol_by(Office::Education, good).await.unwrap();
        assert_eq!(enrolment.category, Category::SchoolStudent.to_wire());
        assert_eq!((enrolment.unit_id.as_str(), enrolment.township.as_str()), (SCHOOL, "120118.4"));
        assert_eq!(enrolment.count_group, CountGroup::StudentsChildren.to_wire());
        assert_eq!(suite.count(facts).await, 3, "{}", suite.on.kind);
    }
}

/// J-A1.3-q: a township does not process a school's list.
#[tokio::test]
async fn a_schools_list_is_the_branchs_work() {
    for suite in Suite::with_school().await {
        let resident_id = suite.register(pupil()).await;
        let mut client = suite.client.clone();
        let of_township = client.record_facts(pb::RecordFactsRequest {
            request_id: "unverified".to_owned(),
            resident_id: resident_id.clone(),
            facts: vec![attending(true)],
            validate_only: false,
        });
        // J-3.2.1-b: a township does not say that a school verified somebody.
        let status = by(Office::Township, of_township).await.unwrap_err();
        assert_eq!((refusal(&status).0.as_str(), &*refusal(&status).1["rule_id"]), ("ROLE_NOT_ALLOWED", "J-3.2.1-b"));
        let of_school = client.record_facts(pb::RecordFactsRequest {
            request_id: "verified".to_owned(),
            resident_id: resident_id.clone(),
            facts: vec![attending(true)],
            validate_only: false,
        });
        by(Office::Education, of_school).await.unwrap();
        let status = suite.enrol_by(Office::Township, by_school(&resident_id, Vec::new())).await.unwrap_err();
        assert_eq!(refusal(&status).0, "ROLE_NOT_ALLOWED");
        assert_eq!(refusal(&status).1["rule_id"], "J-A1.3-q");
    }
}

/// S-02: J-1.2-b with its remedy, next to every other failing condition.
#[tokio::test]
async fn every_failing_condition_is_told_with_its_remedy() {
    for suite in Suite::all().await {
        let from_elsewhere = pb::RegisterResidentRequest {
            household_district: String::new(),
            household_area: 0,
            household_township: String::new(),
            ..farmer()
        };
        let resident_id = suite.register(from_elsewhere).await;
        let slip =
            pb::Certificate { kind: CertificateKind::ResidencePermitAcceptanceSlip.to_wire(), ..Default::default() };
        let hopeless = pb::EnrolRequest {
            application_date: "2020-08-31".to_owned(),
            desk: Desk::CommunityWorkstation.to_wire(),
            tier: Tier::StudentChild.to_wire(),
            papers: Vec::new(),
            facts: vec![fact("2020-01-01", Fact::Certificate(slip))],
            ..application(&resident_id)
        };
        let status = suite.enrol(hopeless.clone()).await.unwrap_err();
        let (reasons, metadata) = refusal(&status);
        let expected = "EVIDENCE_NOT_ACCEPTED,WINDOW_NOT_OPEN,CHANNEL_MISMATCH,EVIDENCE_NOT_ACCEPTED,TIER_NOT_ALLOWED";
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), (expected, "J-1.2-b"));
        assert!(metadata["accepted_papers"].contains("TAIWAN_TRAVEL_PERMIT"));

        let permit = pb::Certificate { kind: CertificateKind::TaiwanTravelPermit.to_wire(), ..Default::default() };
        let good = pb::EnrolRequest {
            facts: vec![fact("2020-01-01", Fact::Certificate(permit))],
            papers: vec![Paper::IdentityPaper.to_wire(), Paper::SupportingMaterial.to_wire()],
            ..application(&resident_id)
        };
        let enrolment = suite.enrol(good).await.unwrap();
        assert_eq!(enrolment.category, Category::CertificateHolder.to_wire(), "{}", suite.on.kind);
    }
}

/// J-1.3-a, and J-3.2.1-c.
#[tokio::test]
async fn nobody_is_insured_twice_in_a_year() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let first = suite.enrol(application(&resident_id)).await.unwrap();
        let again = pb::EnrolRequest {
            request_id: "again".to_owned(),
            application_date: "2020-11-02".to_owned(),
            ..application(&resident_id)
        };
        let status = suite.enrol(again).await.unwrap_err();
        let (reasons, metadata) = refusal(&status);
        assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("DUPLICATE_ENROLMENT", "J-1.3-a"));
        assert_eq!(metadata["enrolment_id"], first.enrolment_id);

        let other = pb::RegisterResidentRequest { request_id: "other".to_owned(), ..pupil() };
        let student = suite.register(other).await;
        suite.unit(SCHOOL, UnitKind::School, Some("120118.4")).await;
        let prepaid = pb::Prepayment { first_policy_year: 2020, last_policy_year: 2023 };
        let record = pb::RecordFactsRequest {
            request_id: "prepaid".to_owned(),
            resident_id: student.clone(),
            facts: vec![fact("2020-09-01", Fact::Prepayment(prepaid))],
            validate_only: false,
        };
        by(Office::Tax, suite.client.clone().record_facts(record)).await.unwrap();
        let status = suite.enrol_by(Office::Education, by_school(&student, vec![attending(true)])).await.unwrap_err();
        assert_eq!(refusal(&status).1["rule_id"], "J-3.2.1-c", "{}", suite.on.kind);
    }
}

/// J-3.2.5-a, J-3.2.5-d: the identity decides, not the caller; one of another province leaves the student to the school.
#[tokio::test]
async fn identities_decide_who_registers() {
    for suite in Suite::with_school().await {
        let resident_id = suite.register(pupil()).await;
        let outside = pb::AssertIdentityRequest {
            recognised_outside: true,
            ..assertion(&resident_id, Identity::SevereDisability, "2020-01-01")
        };
        suite.assert_identity(Office::Education, outside).await;
        let centre = pb::EnrolRequest {
            desk: Desk::CityMedicalInsuranceCentre.to_wire(),
            unit_id: String::new(),
            ..by_school(&resident_id, vec![attending(false)])
        };
        let of_district = suite.enrol_by(Office::MedicalInsurance, centre.clone()).await.unwrap_err();
        assert_eq!(refusal(&of_district).1["office_district"], "120118", "a district's office is no centre");
        let sent_to_the_centre = suite.enrol_by_the_city(centre.clone()).await.unwrap_err();
        let (reasons, metadata) = refusal(&sent_to_the_centre);
        assert_eq!((reasons.as_str(), &*metadata["rule_id"]), ("CHANNEL_MISMATCH,CHANNEL_MISMATCH", "J-3.2.5-d"));
        assert_eq!(metadata["right_desk"], "DISTRICT_SOCIAL_INSURANCE_BRANCH");
        let low_income = assertion(&resident_id, Identity::LowIncome, "2020-01-01");
        suite.assert_identity(Office::CivilAffairs, low_income).await;
        let enrolment = suite.enrol_by_the_city(centre).await.unwrap();
        assert_eq!(enrolment.category, Category::SpecialPerson.to_wire());
        assert_eq!(enrolment.count_group, CountGroup::SpecialGroups.to_wire(), "{}", suite.on.kind);
    }
}

/// S-08: B-7.3.3-b: recognised and enrolled by the township, in the middle tier of B-5.5-a.
#[tokio::test]
async fn a_senior_of_low_income_in_baodi_is_enrolled_by_the_township() {
    for suite in Suite::all().await {
        let baodi = District::Baodi;
        let register = pb::RegisterResidentRequest {
            identity_number: "120115195506010012".to_owned(),
            household_district: baodi.to_string(),
            residence_district: baodi.to_string(),
            household_area: Area::Urban.to_wire(),
            household_township: "120115.6".to_owned(),
            residence_township: "120115.6".to_owned(),
            ..farmer()
        };
        let mut client = suite.client.clone();
        let call = client.register_resident(register);
        let resident_id = by_one_of(baodi, Office::Township, call).await.unwrap().resident.unwrap().resident_id;
        let mut client = suite.client.clone();
        let assert = client.assert_identity(assertion(&resident_id, Identity::LowIncome, "2016-11-01"));
        by_one_of(baodi, Office::Township, assert).await.unwrap();
        let request = pb::EnrolRequest {
            policy_year: 2017,
            district: baodi.to_string(),
            tier: 0,
            application_date: "2016-11-07".to_owned(),
            previous_year: 0,
            papers: Vec::new(),
            desk_township: "120115.6".to_owned(),
            ..application(&resident_id)
        };
        let wrong = pb::EnrolRequest {
            request_id: "wrong".to_owned(),
            desk_township: "120115.7".to_owned(),
            ..request.clone()
        };
        // B-8.2.4-a: another township's area.
        let status = by_one_of(baodi, Office::Township, client.enrol(wrong)).await.unwrap_err();
        assert_eq!((refusal(&status).0.as_str(), &*refusal(&status).1["rule_id"]), ("WRONG_DESK", "B-8.2.4-a"));
        let answer = by_one_of(baodi, Office::Township, client.enrol(request)).await.unwrap();
        let enrolment = answer.enrolment.unwrap();
        assert_eq!((enrolment.category, enrolment.tier), (Category::SpecialPerson.to_wire(), Tier::Middle.to_wire()));
        assert_eq!(enrolment.receipt.unwrap().steps[0].rule_id, "B-7.3.3-b", "{}", suite.on.kind);
    }
}

/// J-3.2.9-a: the roster comes first; J-3.2.9-b: the class by age.
#[tokio::test]
async fn a_school_leaver_waits_for_the_roster() {
    for suite in Suite::with_school().await {
        let leaver = pb::RegisterResidentRequest { identity_number: "120118200305100014".to_owned(), ..farmer() };
        let resident_id = suite.register(leaver).await;
        let left = pb::SchoolLeaving { reason: LeavingReason::DroppedOut.to_wire() };
        let left = fact("2021-01-15", Fact::SchoolLeaving(left));
        let request = pb::EnrolRequest {
            tier: 0,
            application_date: "2021-03-01".to_owned(),
            papers: vec![Paper::IdentityPaper.to_wire(), Paper::SupportingMaterial.to_wire()],
            facts: vec![attending(false), left.clone()],
            ..application(&resident_id)
        };
        let status = suite.enrol(request.clone()).await.unwrap_err();
        assert_eq!((refusal(&status).0.as_str(), &*refusal(&status).1["unit_id"]), ("ORDER_VIOLATION", SCHOOL));
        let ended = pb::Fact { end_date: "2021-01-14".to_owned(), ..attending(false) };
        let enrolment = suite.enrol(pb::EnrolRequest { facts: vec![ended, left], ..request }).await.unwrap();
        assert_eq!(enrolment.category, Category::SchoolLeaver.to_wire());
        assert_eq!(enrolment.tier, Tier::StudentChild.to_wire(), "{}", suite.on.kind);
    }
}

/// J-3.2.7-a and J-3.2.7-b, with both dates of AMB-025; elsewhere the person is a resident like others.
#[tokio::test]
async fn an_interrupted_employee_has_a_desk_of_the_own() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let interruption = pb::Interruption {
            contract_end_date: "2020-11-30".to_owned(),
            unemployment_benefit_end_date: "2021-02-28".to_owned(),
        };
        let request = pb::EnrolRequest {
            validate_only: true,
            desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
            application_date: "2021-03-01".to_owned(),
            papers: vec![Paper::IdentityPaper.to_wire(), Paper::SupportingMaterial.to_wire()],
            facts: vec![fact("2020-11-30", Fact::Interruption(interruption))],
            ..application(&resident_id)
        };
        let enrolment = suite.enrol_by(Office::SocialInsurance, request.clone()).await.unwrap();
        assert_eq!(enrolment.category, Category::InterruptedEmployee.to_wire());
        assert_eq!(enrolment.interruption_date, "2021-02-28");
        let township = pb::EnrolRequest { desk: Desk::TownshipService.to_wire(), ..request.clone() };
        let enrolment = suite.enrol(township).await.unwrap();
        assert_eq!((enrolment.category, &*enrolment.interruption_date), (Category::RuralResident.to_wire(), ""));
        let hall = pb::EnrolRequest { desk: Desk::TaxHall.to_wire(), ..request };
        let refused = suite.enrol_by(Office::Tax, hall).await;
        assert_eq!(reasons(refused), "CHANNEL_MISMATCH", "for the running year the tax hall enrols nobody");
    }
}

/// J-3.2.2-a: a village that nobody knows, and one of another township.
#[tokio::test]
async fn a_village_files_for_its_own() {
    for suite in Suite::all().await {
        suite.unit("120118.V1", UnitKind::Village, Some("120118.4")).await;
        suite.unit("120118.V2", UnitKind::Village, Some("120118.5")).await;
        let resident_id = suite.register(farmer()).await;
        let of = |village: &str| pb::EnrolRequest {
            unit_id: village.to_owned(),
            papers: Vec::new(),
            ..application(&resident_id)
        };
        for village in ["120118.V9", "120118.V2"] {
            let status = suite.enrol(of(village)).await.unwrap_err();
            let (reasons, metadata) = refusal(&status);
            assert_eq!((reasons.as_str(), metadata["rule_id"].as_str()), ("VALUE_NOT_ALLOWED", "J-3.2.2-a"));
        }
        let enrolment = suite.enrol(of("120118.V1")).await.unwrap();
        assert_eq!((enrolment.unit_id.as_str(), enrolment.township.as_str()), ("120118.V1", "120118.4"));
    }
}

/// J-A1.3-j: nobody is enrolled after the recorded death.
#[tokio::test]
async fn the_dead_are_not_enrolled() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let mut session = suite.on.database.begin().await.unwrap();
        let died = "UPDATE resident SET died_on = '2020-10-01'";
        session.execute(died, Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        let status = suite.enrol(application(&resident_id)).await.unwrap_err();
        assert_eq!(refusal(&status).0, "CLASS_NOT_ELIGIBLE");
        assert_eq!(refusal(&status).1["death_date"], "2020-10-01", "{}", suite.on.kind);
    }
}

/// Who was registered before facts were kept has the districts of the record, and tells the rest at the desk.
#[tokio::test]
async fn a_resident_without_facts_tells_them_at_the_desk() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let mut session = suite.on.database.begin().await.unwrap();
        session.execute("DELETE FROM resident_fact", Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        let status = suite.enrol(application(&resident_id)).await.unwrap_err();
        assert_eq!(refusal(&status).0, "REQUIRED_FIELD_MISSING");
        let registration = pb::HouseholdRegistration {
            district: "120118".to_owned(),
            area: Area::Rural.to_wire(),
            township: "120118.4".to_owned(),
        };
        let told = vec![fact("1970-05-01", Fact::HouseholdRegistration(registration))];
        let enrolment = suite.enrol(pb::EnrolRequest { facts: told, ..application(&resident_id) }).await.unwrap();
        assert_eq!(enrolment.category, Category::RuralResident.to_wire(), "{}", suite.on.kind);
    }
}

/// What another kind of fact says leaves the district of the record standing for the registration.
#[tokio::test]
async fn a_residence_on_record_does_not_hide_the_registration() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let mut session = suite.on.database.begin().await.unwrap();
        let delete = "DELETE FROM resident_fact WHERE kind = 'HOUSEHOLD_REGISTRATION'";
        session.execute(delete, Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        let status = suite.enrol(application(&resident_id)).await.unwrap_err();
        assert_eq!(refusal(&status).0, "REQUIRED_FIELD_MISSING", "{}: town or village, no certificate", suite.on.kind);
    }
}

/// Facts at the desk are no way round the duty for whom the office may record them.
#[tokio::test]
async fn a_residence_is_told_where_the_person_belongs() {
    for suite in Suite::all().await {
        let resident_id = suite.register(farmer()).await;
        let moved = pb::Residence { district: "120115".to_owned(), ..Default::default() };
        let request = pb::EnrolRequest {
            district: "120115".to_owned(),
            facts: vec![fact("2020-10-01", Fact::Residence(moved))],
            ..application(&resident_id)
        };
        let mut client = suite.client.clone();
        let status = by_one_of(District::Baodi, Office::Township, client.enrol(request)).await.unwrap_err();
        assert!(refusal(&status).0.contains("ROLE_NOT_ALLOWED"), "{} {status}", suite.on.kind);
        assert_eq!(suite.count("SELECT fact_id FROM resident_fact").await, 2, "{}", suite.on.kind);
    }
}
