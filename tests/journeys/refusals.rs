//! What is refused is refused with its reason, in full, and leaves nothing behind.

use juyi_domain::codes::{Desk, District, Identity, Office, PaymentMethod};
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1::ListPaymentsRequest;
use juyi_proto::registry::v1::{
    AssertIdentityRequest, GetResidentRequest, GetStandingRequest, ListEnrolmentsRequest, LookUpResidentRequest,
};
use juyi_proto::settlement::v1::{Bill, ListSettlementsRequest};
use juyi_tests::offices::{Clients, by, enrolment, payment, reason, register, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::suites;
use tonic::{Code, Status};
use tonic_types::StatusExt;

const NOBODY: &str = "01890000-0000-7000-8000-000000000000";

fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    details.bad_request().map(|b| b.field_violations.iter().map(|v| v.field.clone()).collect()).unwrap_or_default()
}

fn reasons(status: &Status) -> String {
    status.get_details_error_info().and_then(|info| info.metadata.get("reasons").cloned()).unwrap_or_default()
}

#[tokio::test]
async fn identity_numbers() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let valid = identity_number("120224", "19600229", 3);
    let wrong_check = format!("{}{}", &valid[..17], if valid.ends_with('1') { '2' } else { '1' });
    let ancient = identity_number("120118", "18491231", 3);
    let future = identity_number("120118", "20990101", 3);
    for (number, why) in [
        (wrong_check.as_str(), "IDENTITY_NUMBER_INVALID"),
        ("120224600229003", "IDENTITY_NUMBER_INVALID"),
        ("12022419600230003X", "IDENTITY_NUMBER_INVALID"),
        ("", "REQUIRED_FIELD_MISSING"),
        (ancient.as_str(), "IDENTITY_NUMBER_INVALID"),
        (future.as_str(), "DATE_ORDER"),
    ] {
        let request = juyi_proto::registry::v1::RegisterResidentRequest {
            request_id: "r".to_owned(),
            identity_number: number.to_owned(),
            name: "somebody".to_owned(),
            residence_district: District::Baodi.to_string(),
            ..Default::default()
        };
        let refused = by(Office::Township, clients.registry.clone().register_resident(request)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, why), "{number}");
        assert!(number.is_empty() || !format!("{refused:?}").contains(number), "the number must not be repeated");
        assert_eq!(fields(&refused), ["identity_number"]);
        assert_eq!(refused.get_error_details().localized_message().unwrap().locale, "zh-CN");
    }
    // Numbers of the former Baodi and Jinghai counties are valid.
    for area in ["120224", "120223"] {
        register(&clients, &identity_number(area, "19600229", 3)).await;
    }
    let look_up = LookUpResidentRequest { identity_number: identity_number("120224", "19600229", 7) };
    let refused = by(Office::Township, clients.registry.clone().look_up_resident(look_up)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "PERSON_NOT_FOUND"));
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn enrolments() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let mut registry = clients.registry.clone();
    let resident_id = register(&clients, &identity_number("120223", "19800101", 31)).await;
    let good = enrolment(&resident_id);

    let mut unknown_person = good.clone();
    unknown_person.resident_id = NOBODY.to_owned();
    let mut no_law = good.clone();
    no_law.policy_year = 2019;
    let mut elsewhere = good.clone();
    (elsewhere.policy_year, elsewhere.application_date) = (2017, "2016-10-12".to_owned());
    let mut unknown_code = good.clone();
    unknown_code.desk = 999;
    let mut bad_date = good.clone();
    bad_date.application_date = "2020-02-30".to_owned();
    let mut far_date = good.clone();
    far_date.application_date = "2100-01-01".to_owned();
    let mut late = good.clone();
    late.application_date = "2021-07-01".to_owned();
    for (request, code, why) in [
        (unknown_person, Code::NotFound, "PERSON_NOT_FOUND"),
        (no_law, Code::FailedPrecondition, "POLICY_YEAR_NOT_LOADED"),
        (elsewhere, Code::FailedPrecondition, "DISTRICT_OUT_OF_SCOPE"),
        (unknown_code, Code::InvalidArgument, "UNKNOWN_ENUM"),
        (bad_date, Code::InvalidArgument, "VALUE_NOT_ALLOWED"),
        (far_date, Code::InvalidArgument, "VALUE_NOT_ALLOWED"),
        (late, Code::FailedPrecondition, "WINDOW_CLOSED"),
    ] {
        let refused = by(Office::Township, registry.enrol(request)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (code, why));
    }

    // A township does not sit at the city centre's desk.
    let mut elsewhere = good.clone();
    elsewhere.desk = Desk::CityMedicalInsuranceCentre.to_wire();
    let refused = by(Office::Township, registry.enrol(elsewhere)).await.unwrap_err();
    assert_eq!(reasons(&refused), "ROLE_NOT_ALLOWED,EVIDENCE_NOT_ACCEPTED,CHANNEL_MISMATCH");

    // Everything that fails is said at once: too late, at the wrong desk, in a tier that does not exist.
    let mut several = good.clone();
    several.application_date = "2021-07-01".to_owned();
    several.desk = Desk::CommunityWorkstation.to_wire();
    several.tier = juyi_domain::codes::Tier::StudentChild.to_wire();
    let refused = by(Office::Township, registry.enrol(several)).await.unwrap_err();
    for why in ["WINDOW_CLOSED", "CHANNEL_MISMATCH", "TIER_NOT_ALLOWED"] {
        assert!(reasons(&refused).contains(why), "{}", reasons(&refused));
    }

    let mut dry = good.clone();
    (dry.validate_only, dry.request_id) = (true, "dry".to_owned());
    assert_eq!(by(Office::Township, registry.enrol(dry)).await.unwrap().enrolment.unwrap().enrolment_id, "");
    let list = ListEnrolmentsRequest { resident_id, ..Default::default() };
    let stored = by(Office::Township, registry.list_enrolments(list)).await.unwrap();
    assert_eq!(stored.enrolments, [], "nothing refused or validated is stored");
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn payments() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let mut contribution = clients.contribution.clone();
    let resident_id = register(&clients, &identity_number("120223", "19800101", 32)).await;
    let enrolled = by(Office::Township, clients.registry.clone().enrol(enrolment(&resident_id))).await.unwrap();
    let good = payment(&resident_id, &enrolled.enrolment.unwrap().enrolment_id);

    let mut short = good.clone();
    short.amount_fen = 50_000;
    let mut negative = good.clone();
    negative.amount_fen = -1;
    let mut late = good.clone();
    late.payment_date = "2021-07-01".to_owned();
    let mut free = good.clone();
    (free.amount_fen, free.method) = (56_000, PaymentMethod::GovernmentSubsidy.to_wire());
    let mut unknown = good.clone();
    unknown.enrolment_id = NOBODY.to_owned();
    for (request, code, why) in [
        (short, Code::FailedPrecondition, "AMOUNT_MISMATCH"),
        (negative, Code::InvalidArgument, "NEGATIVE_AMOUNT"),
        (late, Code::FailedPrecondition, "WINDOW_CLOSED"),
        (free, Code::FailedPrecondition, "CHANNEL_MISMATCH"),
        (unknown, Code::NotFound, "ENROLMENT_NOT_FOUND"),
    ] {
        let refused = by(Office::Tax, contribution.confirm_payment(request)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (code, why));
        if why == "AMOUNT_MISMATCH" {
            let metadata = refused.get_details_error_info().unwrap().metadata;
            assert_eq!((metadata["due_fen"].as_str(), metadata["paid_fen"].as_str()), ("56000", "50000"));
        }
    }
    let refused = by(Office::Township, contribution.confirm_payment(good)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    let list = ListPaymentsRequest { resident_id: resident_id.clone(), ..Default::default() };
    assert_eq!(by(Office::Tax, contribution.list_payments(list)).await.unwrap().payments, []);
    assert!(!clients.coverage(&resident_id, "2021-03-01").await.covered);
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn bills() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let mut settlement = clients.settlement.clone();
    let resident_id = clients.covered_adult(&identity_number("120223", "19800101", 33)).await;
    let good = stay("B-1", "2021-03-01", "2021-03-09", 2_000_000);
    let with = |change: fn(&mut Bill)| {
        let mut bill = good.clone();
        change(&mut bill);
        to_settle(&resident_id, bill)
    };
    for (request, code, why, field) in [
        (with(|b| b.eligible_fen = Some(2_000_001)), Code::InvalidArgument, "AMOUNT_INCONSISTENT", "bill.eligible_fen"),
        (with(|b| b.eligible_fen = Some(-1)), Code::InvalidArgument, "NEGATIVE_AMOUNT", "bill.eligible_fen"),
        (with(|b| b.eligible_fen = None), Code::InvalidArgument, "REQUIRED_FIELD_MISSING", "bill.eligible_fen"),
        (with(|b| b.total_fen = i64::MAX), Code::InvalidArgument, "VALUE_NOT_ALLOWED", "bill.total_fen"),
        (with(|b| b.discharge_date = "2021-02-01".into()), Code::InvalidArgument, "DATE_ORDER", "bill.discharge_date"),
        (with(|b| b.care_kind = 99), Code::InvalidArgument, "UNKNOWN_ENUM", "bill.care_kind"),
        (with(|b| b.bill_number.clear()), Code::InvalidArgument, "REQUIRED_FIELD_MISSING", "bill.bill_number"),
        (
            with(|b| b.admission_date = "2020-12-31".into()),
            Code::InvalidArgument,
            "REQUIRED_FIELD_MISSING",
            "bill.discharge_date",
        ),
    ] {
        let refused = by(Office::Provider, settlement.settle(request)).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (code, why), "{field}");
        assert_eq!(fields(&refused), [field]);
    }
    // J-5.1.T-c: no rate is printed for a hospital without a level.
    let ungraded = with(|b| b.provider.as_mut().unwrap().level = 0);
    let refused = by(Office::Provider, settlement.settle(ungraded)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "RULE_NOT_DEFINED"));
    let lawless = with(|b| (b.admission_date, b.discharge_date) = ("2020-03-01".into(), "2020-03-02".into()));
    let refused = by(Office::Provider, settlement.settle(lawless)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "POLICY_YEAR_NOT_LOADED"));
    let uncovered = with(|b| (b.admission_date, b.discharge_date) = ("2017-03-01".into(), "2017-03-02".into()));
    let refused = by(Office::Provider, settlement.settle(uncovered)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "NOT_IN_BENEFIT_PERIOD"));
    let refused = by(Office::Provider, settlement.settle(to_settle(NOBODY, good.clone()))).await.unwrap_err();
    assert_eq!(reason(&refused), "PERSON_NOT_FOUND");

    let mut long = good;
    long.bill_number = "9".repeat(8 << 20);
    let refused = by(Office::Provider, settlement.settle(to_settle(&resident_id, long))).await.unwrap_err();
    assert_eq!(reason(&refused), "MESSAGE_TOO_LARGE");

    let list = ListSettlementsRequest { resident_id, ..Default::default() };
    assert_eq!(by(Office::Provider, settlement.list_settlements(list)).await.unwrap().settlements, []);
    running.suite.stop().await.unwrap();
}

#[tokio::test]
async fn offices_without_the_duty() {
    let running = suites::on_sqlite().await;
    let clients = Clients::new(&running.gateway);
    let mut registry = clients.registry.clone();
    let resident_id = register(&clients, &identity_number("120223", "19500101", 34)).await;
    // J-3.2.5-b: severe disability is not civil affairs' to assert.
    let request = AssertIdentityRequest {
        request_id: "assert".to_owned(),
        resident_id: resident_id.clone(),
        identity: Identity::SevereDisability.to_wire(),
        start_date: "2020-01-01".to_owned(),
        ..Default::default()
    };
    let refused = by(Office::CivilAffairs, registry.assert_identity(request.clone())).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    assert!(by(Office::DisabledPersonsFederation, registry.assert_identity(request.clone())).await.is_ok());
    let again = AssertIdentityRequest { request_id: "again".to_owned(), ..request.clone() };
    let refused = by(Office::DisabledPersonsFederation, registry.assert_identity(again)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::AlreadyExists, "DUPLICATE_IDENTITY"));
    let unborn = AssertIdentityRequest {
        request_id: "unborn".to_owned(),
        identity: Identity::LowIncome.to_wire(),
        start_date: "1949-12-31".to_owned(),
        ..request.clone()
    };
    let refused = by(Office::CivilAffairs, registry.assert_identity(unborn)).await.unwrap_err();
    assert_eq!(reason(&refused), "DATE_ORDER");
    let low_income = AssertIdentityRequest {
        request_id: "low-income".to_owned(),
        identity: Identity::LowIncome.to_wire(),
        ..request
    };
    let baodi = Caller { office: Office::CivilAffairs, district: Some(District::Baodi), name: String::new() };
    let refused = Caller::scope(Some(baodi), registry.assert_identity(low_income)).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED", "another district's bureau");

    // Nobody in particular may do nothing, and a township has no duty in another district.
    let anonymous = registry.enrol(enrolment(&resident_id)).await.unwrap_err();
    assert_eq!(reason(&anonymous), "ROLE_NOT_ALLOWED");
    let nankai =
        Caller { office: Office::Township, district: Some(District::Nankai), name: "a street of Nankai".to_owned() };
    let call = registry.enrol(enrolment(&resident_id));
    let refused = Caller::scope(Some(nankai), call).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");

    // Names and numbers are not for everybody, and what one office was answered is not for another.
    let mut clients_registry = clients.registry.clone();
    let read = GetResidentRequest { resident_id: resident_id.clone() };
    let refused = by(Office::Insurer, clients_registry.get_resident(read)).await.unwrap_err();
    assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED");
    // One spelling of an id: a request cannot be repeated under another.
    let shouted = GetResidentRequest { resident_id: resident_id.to_uppercase() };
    let refused = by(Office::Township, clients_registry.get_resident(shouted)).await.unwrap_err();
    assert_eq!(reason(&refused), "VALUE_NOT_ALLOWED");

    // Methods between services are not for the outside.
    let standing = clients_registry.get_standing(GetStandingRequest::default());
    assert_eq!(reason(&by(Office::System, standing).await.unwrap_err()), "ROLE_NOT_ALLOWED");
    running.suite.stop().await.unwrap();
}
