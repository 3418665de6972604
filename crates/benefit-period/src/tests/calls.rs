//! The calls, through the generated client.

use juyi_domain::codes::{Category, Class, District, Identity, Insurance, Office, Tier, Window};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_testkit::registry::StandIn;
use juyi_testkit::{TestTarget, context, targets};
use tonic::Status;
use tonic_types::StatusExt;

use crate::{NAME, Peers};

const RESIDENT: &str = "00000000-0000-7000-8000-000000000001";
const ENROLMENT: &str = "00000000-0000-7000-8000-000000000002";
const PAYMENT: &str = "00000000-0000-7000-8000-000000000003";
const STRANGER: &str = "00000000-0000-7000-8000-000000000004";

type Client = BenefitPeriodServiceClient<Channel>;

/// A farmer, not insured the year before.
fn farmer() -> registry::Enrolment {
    registry::Enrolment {
        enrolment_id: ENROLMENT.to_owned(),
        resident_id: RESIDENT.to_owned(),
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        class: Class::Adult.to_wire(),
        tier: Tier::Middle.to_wire(),
        application_date: "2020-11-11".to_owned(),
        window: Window::Ordinary.to_wire(),
        previous_year: registry::PreviousYear::NotInsured.into(),
        ..Default::default()
    }
}

/// The service beside a registry that knows one farmer.
async fn start(on: &TestTarget) -> Client {
    start_with(on, farmer()).await
}

/// The service beside a registry that knows one enrolment.
async fn start_with(on: &TestTarget, enrolment: registry::Enrolment) -> Client {
    start_beside(&StandIn::default(), on, enrolment).await
}

/// The same beside a registry that the test keeps.
async fn start_beside(stand_in: &StandIn, on: &TestTarget, enrolment: registry::Enrolment) -> Client {
    stand_in.add_resident(registry::Resident {
        resident_id: RESIDENT.to_owned(),
        birth_date: "1970-05-01".to_owned(),
        ..Default::default()
    });
    stand_in.add_enrolment(enrolment);
    let identity = Identity::LowIncome.to_wire();
    stand_in.add_identity(RESIDENT, registry::IdentityPeriod { identity, ..Default::default() });
    let peers = Peers { registry: stand_in.channel() };
    let component = crate::build(&on.config(), context("2021-03-01"), peers).await.unwrap();
    Client::new(Channel::local(NAME, component.routes))
}

fn late_payment() -> pb::ApplyPaymentRequest {
    pb::ApplyPaymentRequest {
        event_id: PAYMENT.to_owned(),
        resident_id: RESIDENT.to_owned(),
        enrolment_id: ENROLMENT.to_owned(),
        payment_id: PAYMENT.to_owned(),
        payment_date: "2021-02-26".to_owned(),
        invoke_epidemic_rule: false,
        fully_subsidised: false,
    }
}

async fn apply(client: &Client, request: pb::ApplyPaymentRequest) -> Result<Vec<pb::Span>, Status> {
    let mut client = client.clone();
    let reply = Caller::scope(Some(Caller::system()), client.apply_payment(request)).await?;
    Ok(reply.into_inner().spans)
}

/// Asked by a hospital.
async fn coverage(client: &Client, date: &str, insurance: Insurance) -> pb::GetCoverageResponse {
    coverage_for(Some(Office::Provider), client, date, insurance).await
}

async fn coverage_for(
    office: Option<Office>,
    client: &Client,
    date: &str,
    insurance: Insurance,
) -> pb::GetCoverageResponse {
    let caller = office.map(|office| Caller { office, district: None, name: String::new() });
    let request = pb::GetCoverageRequest {
        resident_id: RESIDENT.to_owned(),
        date: date.to_owned(),
        insurance: insurance.to_wire(),
    };
    Caller::scope(caller, client.clone().get_coverage(request)).await.unwrap().into_inner()
}

fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_error_details().error_info().unwrap().metadata["reasons"].clone()
}

#[tokio::test]
async fn a_payment_has_one_effect_however_often_it_is_delivered() {
    for on in &targets().await {
        let client = start(on).await;
        let (one, other) = tokio::join!(apply(&client, late_payment()), apply(&client, late_payment()));
        let ids = |spans: Vec<pb::Span>| {
            let mut ids: Vec<_> = spans.into_iter().map(|span| span.span_id).collect();
            ids.sort_unstable();
            ids
        };
        let first = ids(one.unwrap());
        assert_eq!(first.len(), 4, "{}", on.kind);
        assert_eq!(ids(other.unwrap()), first, "{}", on.kind);
        assert_eq!(ids(apply(&client, late_payment()).await.unwrap()), first, "{}", on.kind);

        let mut listed = Vec::new();
        let mut page_token = String::new();
        for last in [false, true] {
            let request = pb::ListCoverageRequest { resident_id: RESIDENT.to_owned(), page_size: 3, page_token };
            let page = client.clone().list_coverage(request).await.unwrap().into_inner();
            listed.extend(page.spans);
            page_token = page.next_page_token;
            assert_eq!(page_token.is_empty(), last, "{}", on.kind);
        }
        assert_eq!(ids(listed), first, "{}", on.kind);
    }
}

/// J-4.1.1-b: paid on 2021-02-26, not insured the year before, covered from 2021-05-01.
#[tokio::test]
async fn a_covered_day_names_the_terms() {
    for on in &targets().await {
        let client = start(on).await;
        apply(&client, late_payment()).await.unwrap();
        let covered = coverage(&client, "2021-05-01", Insurance::Basic).await;
        let span = covered.span.clone().unwrap();
        assert!(covered.covered, "{}", on.kind);
        assert_eq!((span.start_date.as_str(), span.end_date.as_str()), ("2021-05-01", "2021-12-31"));
        assert_eq!((span.enrolment_id.as_str(), span.payment_id.as_str()), (ENROLMENT, PAYMENT));
        assert_eq!((covered.class(), covered.tier()), (pb_class(Class::Adult), pb_tier(Tier::Middle)));
        assert_eq!((covered.district.as_str(), covered.policy_year), ("120118", 2021));
        assert_eq!(covered.identities, [Identity::LowIncome.to_wire()]);
        let steps = covered.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-4.1.1-b" && !step.title.is_empty()), "{}", on.kind);
        assert!(coverage(&client, "2021-12-31", Insurance::Accident).await.covered, "{}", on.kind);
    }
}

fn pb_class(class: Class) -> juyi_proto::common::v1::Class {
    class.to_wire().try_into().unwrap()
}

fn pb_tier(tier: Tier) -> juyi_proto::common::v1::Tier {
    tier.to_wire().try_into().unwrap()
}

/// J-4.1-a, J-4.1.1-b, J-4.3-b.
#[tokio::test]
async fn an_uncovered_day_names_the_reason() {
    for on in &targets().await {
        let client = start(on).await;
        let unpaid = coverage(&client, "2021-05-01", Insurance::Basic).await;
        assert!(!unpaid.covered && unpaid.span.is_none(), "{}", on.kind);
        assert_eq!(unpaid.identities, [Identity::LowIncome.to_wire()]);
        assert_eq!(
            (unpaid.reasons[0].reason.as_str(), unpaid.reasons[0].rule_id.as_str()),
            ("NOT_ENROLLED", "J-4.1-a")
        );

        apply(&client, late_payment()).await.unwrap();
        for (date, insurance, rule) in [
            ("2021-04-30", Insurance::Basic, "J-4.1.1-b"),
            ("2022-01-01", Insurance::CriticalIllness, "J-4.2-a"),
            ("2021-04-30", Insurance::Accident, "J-4.3-b"),
        ] {
            let early = coverage(&client, date, insurance).await;
            let reason = &early.reasons[0];
            let found = (early.covered, reason.reason.as_str(), reason.rule_id.as_str());
            assert_eq!(found, (false, "NOT_IN_BENEFIT_PERIOD", rule), "{}", on.kind);
            assert!(reason.detail.contains("2021-05-01 to 2021-12-31") && !reason.message.is_empty());
        }
    }
}

/// J-A1.3-j: the day of death is covered, the day after is not, by any insurance; spans and payments stay as they are,
/// so that a death that is taken back takes nothing away.
#[tokio::test]
async fn coverage_ends_with_the_recorded_death() {
    for on in &targets().await {
        let stand_in = StandIn::default();
        let client = start_beside(&stand_in, on, farmer()).await;
        apply(&client, late_payment()).await.unwrap();
        stand_in.record_death(RESIDENT, "2021-06-10");
        assert!(coverage(&client, "2021-06-10", Insurance::Basic).await.covered, "{}", on.kind);
        for insurance in Insurance::ALL {
            let after = coverage(&client, "2021-06-11", *insurance).await;
            let reason = &after.reasons[0];
            let found = (after.covered, after.reasons.len(), reason.reason.as_str(), reason.rule_id.as_str());
            assert_eq!(found, (false, 1, "NOT_IN_BENEFIT_PERIOD", "J-A1.3-j"), "{} {insurance}", on.kind);
            assert_eq!(reason.metadata["death_date"], "2021-06-10", "{}", on.kind);
        }
        stand_in.record_death(RESIDENT, "");
        assert!(coverage(&client, "2021-06-11", Insurance::Basic).await.covered, "{}", on.kind);
    }
}

/// B-5-a prints the benefits of 2017 without a period of maternity and accident insurance.
#[tokio::test]
async fn an_insurance_without_printed_period_is_not_one_without_payment() {
    for on in &targets().await {
        let of_2017 = registry::Enrolment {
            policy_year: 2017,
            district: District::Baodi.to_string(),
            application_date: "2016-10-12".to_owned(),
            ..farmer()
        };
        let client = start_with(on, of_2017).await;
        let paid = pb::ApplyPaymentRequest { payment_date: "2016-10-12".to_owned(), ..late_payment() };
        apply(&client, paid).await.unwrap();
        assert!(coverage(&client, "2017-06-01", Insurance::CriticalIllness).await.covered, "{}", on.kind);
        for insurance in [Insurance::Maternity, Insurance::Accident] {
            let answer = coverage(&client, "2017-06-01", insurance).await;
            let reason = (answer.reasons[0].reason.as_str(), answer.reasons[0].rule_id.as_str());
            assert_eq!((answer.covered, reason), (false, ("RULE_NOT_DEFINED", "B-5-a")), "{}", on.kind);
        }
    }
}

/// J-6.1-c: identities are for the offices that settle with them.
#[tokio::test]
async fn identities_are_for_those_who_settle() {
    let on = TestTarget::sqlite();
    let client = start(&on).await;
    for office in Office::ALL {
        let answer = coverage_for(Some(*office), &client, "2021-05-01", Insurance::Basic).await;
        let settles = matches!(
            office,
            Office::Provider | Office::Township | Office::MedicalInsurance | Office::SocialInsurance | Office::System
        );
        assert_eq!(!answer.identities.is_empty(), settles, "{office}");
    }
    assert!(coverage_for(None, &client, "2021-05-01", Insurance::Basic).await.identities.is_empty());
}

/// J-3.2.5-f: a special person who owes nothing has the calendar year by the day of registration; one who pays late
/// waits, J-4.1.1-b.
#[tokio::test]
async fn the_subsidy_decides_for_special_persons() {
    for (fully_subsidised, start) in [(true, "2021-01-01"), (false, "2021-05-01")] {
        let on = TestTarget::sqlite();
        let special = registry::Enrolment {
            category: Category::SpecialPerson.to_wire(),
            window: Window::Personal.to_wire(),
            ..farmer()
        };
        let client = start_with(&on, special).await;
        let spans = apply(&client, pb::ApplyPaymentRequest { fully_subsidised, ..late_payment() }).await.unwrap();
        assert!(spans.iter().any(|span| span.start_date == start), "{start}");
    }
}

/// J-4.1.5-a in the channel of three months, J-4.1.1-b outside it (J-3.2.7-b).
#[tokio::test]
async fn the_channel_decides_for_interrupted_employees() {
    for (window, start) in [(Window::Personal, "2021-02-27"), (Window::Ordinary, "2021-05-01")] {
        let on = TestTarget::sqlite();
        let interrupted = registry::Enrolment {
            category: Category::InterruptedEmployee.to_wire(),
            window: window.to_wire(),
            interruption_date: "2020-12-15".to_owned(),
            ..farmer()
        };
        let client = start_with(&on, interrupted).await;
        let spans = apply(&client, late_payment()).await.unwrap();
        assert!(spans.iter().any(|span| span.start_date == start), "{start}");
    }
}

#[tokio::test]
async fn a_stranger_is_not_found() {
    let on = TestTarget::sqlite();
    let client = start(&on).await;
    let request = pb::GetCoverageRequest {
        resident_id: STRANGER.to_owned(),
        date: "2021-05-01".to_owned(),
        insurance: Insurance::Basic.to_wire(),
    };
    assert_eq!(reasons(client.clone().get_coverage(request).await), "PERSON_NOT_FOUND");
    let list =
        |resident_id: &str| pb::ListCoverageRequest { resident_id: resident_id.to_owned(), ..Default::default() };
    assert_eq!(reasons(client.clone().list_coverage(list(STRANGER)).await), "PERSON_NOT_FOUND");
    assert!(client.clone().list_coverage(list(RESIDENT)).await.unwrap().into_inner().spans.is_empty());
    let unknown = pb::ApplyPaymentRequest { enrolment_id: STRANGER.to_owned(), ..late_payment() };
    assert_eq!(reasons(apply(&client, unknown).await), "ENROLMENT_NOT_FOUND");
}

#[tokio::test]
async fn only_the_suite_delivers() {
    let on = TestTarget::sqlite();
    let mut client = start(&on).await;
    assert_eq!(reasons(client.apply_payment(late_payment()).await), "ROLE_NOT_ALLOWED");
    let tax = Caller { office: Office::Tax, district: None, name: String::new() };
    let answer = Caller::scope(Some(tax), client.apply_payment(late_payment())).await;
    assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED");
}

fn newborn() -> pb::PreviewCoverageRequest {
    pb::PreviewCoverageRequest {
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::Newborn.to_wire(),
        birth_date: "2021-03-15".to_owned(),
        payment_date: "2021-07-15".to_owned(),
        ..Default::default()
    }
}

/// J-4.1.4-a; J-4.1.2-a until an operator sets the dates of the epidemic.
#[tokio::test]
async fn given_facts_are_previewed() {
    let on = TestTarget::sqlite();
    let mut client = start(&on).await;
    let preview = client.preview_coverage(newborn()).await.unwrap().into_inner();
    let basic = &preview.spans[0];
    assert_eq!((basic.start_date.as_str(), basic.end_date.as_str()), ("2021-03-15", "2021-12-31"));
    assert_eq!((basic.span_id.as_str(), basic.payment_id.as_str()), ("", ""));
    assert!(preview.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-4.1.4-a"));

    let unborn = pb::PreviewCoverageRequest { birth_date: String::new(), district: "x".to_owned(), ..newborn() };
    assert_eq!(reasons(client.preview_coverage(unborn).await), "REQUIRED_FIELD_MISSING,BAD_DISTRICT");
    // J-3.2.7-a with the day of the interruption, J-3.2.7-b without.
    let employee = pb::PreviewCoverageRequest {
        category: Category::InterruptedEmployee.to_wire(),
        payment_date: "2021-02-26".to_owned(),
        previous_year_insured: Some(false),
        ..newborn()
    };
    for (interruption_date, start) in [("2021-01-31", "2021-02-27"), ("", "2021-05-01")] {
        let request =
            pb::PreviewCoverageRequest { interruption_date: interruption_date.to_owned(), ..employee.clone() };
        let preview = client.preview_coverage(request).await.unwrap().into_inner();
        assert_eq!(preview.spans[0].start_date, start);
    }
    let epidemic = pb::PreviewCoverageRequest {
        category: Category::RuralResident.to_wire(),
        payment_date: "2021-02-26".to_owned(),
        previous_year_insured: Some(false),
        invoke_epidemic_rule: true,
        ..newborn()
    };
    assert_eq!(reasons(client.preview_coverage(epidemic).await), "PARAMETER_NOT_SET");
}
