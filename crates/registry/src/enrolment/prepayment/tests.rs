//! Enrolling prepaid students, through the generated client.

use juyi_domain::codes::{
    Category, Class, CountGroup, Desk, InstitutionKind, LeavingReason, Office, Tier, UnitKind, Window,
};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use juyi_proto::registry::v1::fact::Fact;
use tonic::Status;

use crate::suite::{Suite, by, fact, farmer, reasons, refusal};

const SCHOOL: &str = "120118.S1";
const PREPAYMENT: &str = "01890000-0000-7000-8000-00000000000a";

impl Suite {
    async fn by_prepayment(&self, request: pb::EnrolByPrepaymentRequest) -> Result<pb::EnrolledPerson, Status> {
        let mut client = EnrolledServiceClient::new(self.channel.clone());
        let call = client.enrol_by_prepayment(request);
        Ok(Caller::scope(Some(Caller::system()), call).await?.into_inner().person.unwrap())
    }

    async fn told(&self, office: Office, resident_id: &str, facts: Vec<pb::Fact>) -> Result<(), Status> {
        let (request_id, resident_id) = (format!("facts-{office}-{}", facts[0].start_date), resident_id.to_owned());
        let request = pb::RecordFactsRequest { request_id, resident_id, facts, validate_only: false };
        by(office, self.client.clone().record_facts(request)).await.map(|_| ())
    }

    /// Somebody born in 2001 who attends a school of this kind and prepaid 2020 to 2023.
    async fn prepaid_student(&self, kind: InstitutionKind) -> String {
        self.unit(SCHOOL, UnitKind::School, Some("120118.4")).await;
        let identity_number = "120118200105010014".to_owned();
        let id = self.register(pb::RegisterResidentRequest { identity_number, ..farmer() }).await;
        let attendance = pb::Attendance {
            institution_kind: kind.to_wire(),
            full_time: true,
            outside_tianjin: false,
            unit_id: SCHOOL.to_owned(),
            verified: true,
        };
        self.told(Office::Education, &id, vec![fact("2019-09-01", Fact::Attendance(attendance))]).await.unwrap();
        let note = pb::NotePrepaymentRequest {
            event_id: "event".to_owned(),
            resident_id: id.clone(),
            prepayment_id: PREPAYMENT.to_owned(),
            first_policy_year: 2020,
            last_policy_year: 2023,
            payment_date: "2019-11-12".to_owned(),
        };
        let mut client = EnrolledServiceClient::new(self.channel.clone());
        Caller::scope(Some(Caller::system()), client.note_prepayment(note)).await.unwrap();
        id
    }
}

fn prepaid(resident_id: &str) -> pb::EnrolByPrepaymentRequest {
    pb::EnrolByPrepaymentRequest {
        request_id: "prepaid".to_owned(),
        validate_only: false,
        resident_id: resident_id.to_owned(),
        policy_year: 2021,
        prepayment_id: PREPAYMENT.to_owned(),
    }
}

/// J-3.2.1-c, J-3.3.3-a, J-3.3.3-b: without an application, since the window opened; a trial stores nothing and the same
/// request is answered as before.
#[tokio::test]
async fn a_prepaid_student_is_enrolled_from_the_facts() {
    for suite in Suite::all().await {
        let id = suite.prepaid_student(InstitutionKind::HigherEducation).await;
        let trial = pb::EnrolByPrepaymentRequest { validate_only: true, ..prepaid(&id) };
        assert_eq!(suite.by_prepayment(trial).await.unwrap().enrolment_id, "", "{}", suite.on.kind);
        let person = suite.by_prepayment(prepaid(&id)).await.unwrap();
        assert_eq!(suite.by_prepayment(prepaid(&id)).await.unwrap(), person, "{}", suite.on.kind);
        let state = person.person.unwrap();
        let terms = &state.enrolments[0];
        assert_eq!(terms.enrolment_id, person.enrolment_id);
        assert_eq!((terms.category, terms.class), (Category::SchoolStudent.to_wire(), Class::StudentChild.to_wire()));
        assert_eq!((terms.tier, terms.window), (Tier::StudentChild.to_wire(), Window::Ordinary.to_wire()));
        assert_eq!((terms.unit_id.as_str(), terms.desk), (SCHOOL, Desk::DistrictSocialInsuranceBranch.to_wire()));
        assert_eq!((terms.previous_year_insured, terms.township.as_str()), (Some(true), "120118.4"));
        assert!(terms.application_date.as_str() < "2021-01-01", "{}", terms.application_date);
        let get = pb::GetEnrolmentRequest { resident_id: id.clone(), enrolment_id: person.enrolment_id };
        let stored = by(Office::Tax, suite.client.clone().get_enrolment(get)).await.unwrap().enrolment.unwrap();
        assert_eq!(stored.count_group, CountGroup::StudentsChildren.to_wire(), "{}", suite.on.kind);
        let again = pb::EnrolByPrepaymentRequest { request_id: "again".to_owned(), ..prepaid(&id) };
        assert_eq!(reasons(suite.by_prepayment(again).await), "DUPLICATE_ENROLMENT", "{}", suite.on.kind);
    }
}

/// J-3.3.3-a: another year, another prepayment, who left, other schools, other offices.
#[tokio::test]
async fn others_are_refused() {
    for suite in Suite::all().await {
        let id = suite.prepaid_student(InstitutionKind::HigherEducation).await;
        let prepayment_id = "01890000-0000-7000-8000-00000000000b".to_owned();
        let unknown = pb::EnrolByPrepaymentRequest { prepayment_id, ..prepaid(&id) };
        assert_eq!(reasons(suite.by_prepayment(unknown).await), "PREPAYMENT_NOT_FOUND", "{}", suite.on.kind);
        let mut client = EnrolledServiceClient::new(suite.channel.clone());
        let by_tax = by(Office::Tax, client.enrol_by_prepayment(prepaid(&id))).await;
        assert_eq!(reasons(by_tax), "ROLE_NOT_ALLOWED", "{}", suite.on.kind);
        let reason = LeavingReason::DroppedOut.to_wire();
        let left = fact("2021-02-01", Fact::SchoolLeaving(pb::SchoolLeaving { reason }));
        suite.told(Office::Township, &id, vec![left]).await.unwrap();
        assert_eq!(reasons(suite.by_prepayment(prepaid(&id)).await), "CLASS_NOT_ELIGIBLE", "{}", suite.on.kind);
    }
    for suite in Suite::all().await {
        let id = suite.prepaid_student(InstitutionKind::SecondaryVocational).await;
        assert_eq!(reasons(suite.by_prepayment(prepaid(&id)).await), "CLASS_NOT_ELIGIBLE", "{}", suite.on.kind);
    }
}

/// J-3.3.3-a: a term without money behind it is told by nobody but the tax office.
#[tokio::test]
async fn a_prepayment_is_recorded_by_the_tax_office_alone() {
    for suite in Suite::all().await {
        let id = suite.register(farmer()).await;
        let term = || {
            let term = pb::Prepayment { first_policy_year: 2020, last_policy_year: 2022 };
            vec![fact("2019-09-01", Fact::Prepayment(term))]
        };
        for office in [Office::Township, Office::Education, Office::SocialInsurance] {
            let status = suite.told(office, &id, term()).await.unwrap_err();
            let (reasons, metadata) = refusal(&status);
            assert_eq!((reasons.as_str(), &*metadata["rule_id"]), ("ROLE_NOT_ALLOWED", "J-3.3.3-a"), "{office}");
        }
        suite.told(Office::Tax, &id, term()).await.unwrap();
    }
}
