//! Enrolling by deduction, through the generated client, for both years.

use juyi_domain::codes::{Area, Category, Class, CountGroup, Desk, District, Identity, Office, Tier, Window};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::enrolled_service_client::EnrolledServiceClient;
use tonic::Status;

use crate::suite::{Suite, application, assertion, by, by_one_of, farmer, reasons};

/// Born 1950-05-01.
fn senior() -> pb::RegisterResidentRequest {
    pb::RegisterResidentRequest { identity_number: "120118195005010013".to_owned(), ..farmer() }
}

/// Deducted on 2021-01-15, a fortnight after the window.
fn deducted(resident_id: &str) -> pb::EnrolByDeductionRequest {
    pb::EnrolByDeductionRequest {
        request_id: "deduct".to_owned(),
        validate_only: false,
        resident_id: resident_id.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        deduction_date: "2021-01-15".to_owned(),
    }
}

impl Suite {
    async fn deduct(&self, request: pb::EnrolByDeductionRequest) -> Result<pb::EnrolledPerson, Status> {
        let mut client = EnrolledServiceClient::new(self.channel.clone());
        let call = client.enrol_by_deduction(request);
        Ok(Caller::scope(Some(Caller::system()), call).await?.into_inner().person.unwrap())
    }

    async fn stored(&self, resident_id: &str, enrolment_id: &str) -> pb::Enrolment {
        let (resident_id, enrolment_id) = (resident_id.to_owned(), enrolment_id.to_owned());
        let request = pb::GetEnrolmentRequest { resident_id, enrolment_id };
        by(Office::Tax, self.client.clone().get_enrolment(request)).await.unwrap().enrolment.unwrap()
    }
}

/// S-19, J-3.3.4-a: low tier, in the window (AMB-041), counted as a general resident (AMB-122); a trial stores nothing
/// and the same request is answered as before.
#[tokio::test]
async fn a_senior_of_jinghai_is_enrolled_in_the_low_tier() {
    for suite in Suite::all().await {
        let id = suite.register(senior()).await;
        let trial = pb::EnrolByDeductionRequest { validate_only: true, ..deducted(&id) };
        let tried = suite.deduct(trial).await.unwrap();
        assert_eq!(tried.enrolment_id, "", "{}", suite.on.kind);
        let person = suite.deduct(deducted(&id)).await.unwrap();
        assert_eq!(suite.deduct(deducted(&id)).await.unwrap(), person, "{}", suite.on.kind);
        let state = person.person.unwrap();
        assert_eq!((state.revision, state.enrolments.len()), (2, 1), "{}", suite.on.kind);
        let terms = &state.enrolments[0];
        assert!(terms.by_deduction && terms.enrolment_id == person.enrolment_id, "{}", suite.on.kind);
        assert_eq!((terms.tier, terms.window), (Tier::Low.to_wire(), Window::Ordinary.to_wire()));
        assert_eq!((terms.class, terms.category), (Class::Adult.to_wire(), Category::RuralResident.to_wire()));
        assert_eq!((terms.desk, terms.township.as_str()), (Desk::CitySocialInsuranceCentre.to_wire(), "120118.4"));
        let stored = suite.stored(&id, &person.enrolment_id).await;
        assert_eq!(stored.count_group, CountGroup::GeneralResidents.to_wire(), "{}", suite.on.kind);
        let steps = stored.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-3.3.4-a"), "{}", suite.on.kind);

        let again = pb::EnrolByDeductionRequest { request_id: "again".to_owned(), ..deducted(&id) };
        assert_eq!(reasons(suite.deduct(again).await), "DUPLICATE_ENROLMENT", "{}", suite.on.kind);
        let mut late = application(&id);
        "2021-02-01".clone_into(&mut late.application_date);
        assert_eq!(reasons(suite.enrol(late).await), "DUPLICATE_ENROLMENT", "{}", suite.on.kind);
        let other = pb::EnrolByDeductionRequest { deduction_date: "2021-01-16".to_owned(), ..deducted(&id) };
        assert_eq!(reasons(suite.deduct(other).await), "REQUEST_ID_REUSED", "{}", suite.on.kind);
    }
}

/// J-3.3.4-a: nothing was deducted after all: it counts nowhere, and the person may enrol; what was paid stays.
#[tokio::test]
async fn a_deduction_that_failed_is_taken_back() {
    for suite in Suite::all().await {
        let id = suite.register(senior()).await;
        let enrolment = suite.deduct(deducted(&id)).await.unwrap().enrolment_id;
        let cancel = |enrolment: &str| pb::CancelDeductionRequest {
            request_id: deducted(&id).request_id,
            resident_id: id.clone(),
            enrolment_id: enrolment.to_owned(),
        };
        let mut client = EnrolledServiceClient::new(suite.channel.clone());
        let by_tax = by(Office::Tax, client.cancel_deduction(cancel(&enrolment))).await;
        assert_eq!(reasons(by_tax), "ROLE_NOT_ALLOWED", "{}", suite.on.kind);
        for _ in 0..2 {
            let call = client.cancel_deduction(cancel(&enrolment));
            Caller::scope(Some(Caller::system()), call).await.unwrap();
        }
        assert_eq!(suite.count("SELECT enrolment_id FROM enrolment").await, 0, "{}", suite.on.kind);
        assert_eq!(suite.count("SELECT policy_year FROM enrolled").await, 0, "{}", suite.on.kind);
        assert_eq!(suite.count("SELECT persons FROM progress_day WHERE persons <> 0").await, 0, "{}", suite.on.kind);
        assert_eq!(suite.count("SELECT enrolment_id FROM cancelled_enrolment").await, 1, "{}", suite.on.kind);

        // The same request enrols anew.
        let person = suite.deduct(deducted(&id)).await.unwrap();
        assert_ne!(person.enrolment_id, enrolment, "{}", suite.on.kind);
        assert!(person.person.unwrap().revision > 2, "{}", suite.on.kind);
        let paid = pb::NotedPayment {
            resident_id: id.clone(),
            enrolment_id: person.enrolment_id.clone(),
            payment_date: "2021-01-15".to_owned(),
            version: 1,
        };
        let note = pb::NotePaymentsRequest { event_id: "event".to_owned(), payments: vec![paid] };
        Caller::scope(Some(Caller::system()), client.note_payments(note)).await.unwrap();
        let call = client.cancel_deduction(cancel(&person.enrolment_id));
        let refused = Caller::scope(Some(Caller::system()), call).await;
        assert_eq!(reasons(refused), "ORDER_VIOLATION", "{}", suite.on.kind);
        let own = pb::RegisterResidentRequest { request_id: "farmer".to_owned(), ..farmer() };
        let farmer = suite.register(own).await;
        let own = suite.enrol(application(&farmer)).await.unwrap().enrolment_id;
        let other = pb::CancelDeductionRequest { resident_id: farmer.clone(), ..cancel(&own) };
        let refused = Caller::scope(Some(Caller::system()), client.cancel_deduction(other)).await;
        assert_eq!(reasons(refused), "VALUE_NOT_ALLOWED", "{}", suite.on.kind);
    }
}

/// B-7.3.3-c, B-8.3-b: Baodi leaves the deduction out of the count.
#[tokio::test]
async fn a_senior_of_baodi_is_enrolled_and_not_counted() {
    for suite in Suite::all().await {
        let baodi = District::Baodi;
        let register = pb::RegisterResidentRequest {
            identity_number: "120115195005010014".to_owned(),
            household_district: baodi.to_string(),
            residence_district: baodi.to_string(),
            household_area: Area::Urban.to_wire(),
            household_township: "120115.6".to_owned(),
            residence_township: "120115.6".to_owned(),
            ..farmer()
        };
        let mut client = suite.client.clone();
        let call = client.register_resident(register);
        let id = by_one_of(baodi, Office::Township, call).await.unwrap().resident.unwrap().resident_id;
        let request = pb::EnrolByDeductionRequest {
            policy_year: 2017,
            district: baodi.to_string(),
            deduction_date: "2017-01-10".to_owned(),
            ..deducted(&id)
        };
        let early = pb::EnrolByDeductionRequest { deduction_date: "2016-12-31".to_owned(), ..request.clone() };
        assert_eq!(reasons(suite.deduct(early).await), "WINDOW_NOT_OPEN", "{}", suite.on.kind);
        let person = suite.deduct(request).await.unwrap();
        let stored = suite.stored(&id, &person.enrolment_id).await;
        assert_eq!((stored.tier, stored.count_group), (Tier::Low.to_wire(), CountGroup::NotCounted.to_wire()));
        let steps = stored.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "B-7.3.3-c"), "{}", suite.on.kind);
    }
}

/// J-3.3.4-a: who enrolled, owes nothing or is no elderly resident; before the window has ended; and other offices.
#[tokio::test]
async fn others_are_refused() {
    for suite in Suite::all().await {
        let id = suite.register(senior()).await;
        let on = |date: &str| pb::EnrolByDeductionRequest { deduction_date: date.to_owned(), ..deducted(&id) };
        assert_eq!(reasons(suite.deduct(on("2020-12-31")).await), "WINDOW_NOT_OPEN", "{}", suite.on.kind);
        assert_eq!(reasons(suite.deduct(on("2021-03-02")).await), "DATE_ORDER", "in the future");
        let nobody = pb::EnrolByDeductionRequest {
            resident_id: "01890000-0000-7000-8000-000000000000".to_owned(),
            ..deducted(&id)
        };
        assert_eq!(reasons(suite.deduct(nobody).await), "PERSON_NOT_FOUND", "{}", suite.on.kind);
        let elsewhere = pb::EnrolByDeductionRequest { district: District::Nankai.to_string(), ..deducted(&id) };
        assert_eq!(reasons(suite.deduct(elsewhere).await), "VALUE_NOT_ALLOWED", "{}", suite.on.kind);
        let mut client = EnrolledServiceClient::new(suite.channel.clone());
        let by_tax = by(Office::Tax, client.enrol_by_deduction(deducted(&id))).await;
        assert_eq!(reasons(by_tax), "ROLE_NOT_ALLOWED", "{}", suite.on.kind);

        let disabled = assertion(&id, Identity::SevereDisability, "2020-01-01");
        let mut authority = suite.client.clone();
        by(Office::DisabledPersonsFederation, authority.assert_identity(disabled)).await.unwrap();
        let refused = reasons(suite.deduct(deducted(&id)).await);
        assert!(refused.split(',').all(|reason| reason == "CLASS_NOT_ELIGIBLE"), "{} {refused}", suite.on.kind);

        let child = pb::RegisterResidentRequest {
            request_id: "child".to_owned(),
            identity_number: "120118201405010010".to_owned(),
            ..farmer()
        };
        let child = suite.register(child).await;
        assert_eq!(reasons(suite.deduct(deducted(&child)).await), "CLASS_NOT_ELIGIBLE", "{}", suite.on.kind);
    }
}
