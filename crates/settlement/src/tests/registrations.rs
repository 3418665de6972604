//! Registrations before a birth, through the contract.

use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::{Suite, with_suites};

/// A birth registered where the woman lives.
pub(super) fn birth(suite: &Suite, resident: ResidentId) -> pb::RegisterBirthRequest {
    pb::RegisterBirthRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        conception_date: "2021-02-01".to_owned(),
        registration_date: "2021-04-01".to_owned(),
        desk_township: "120118.4".to_owned(),
        residence_township: "120118.4".to_owned(),
        household_township: "120104.2".to_owned(),
        ..Default::default()
    }
}

/// A benefit registered online.
pub(super) fn benefit(suite: &Suite, resident: ResidentId) -> pb::RegisterBenefitRequest {
    pb::RegisterBenefitRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        registration_date: "2021-04-02".to_owned(),
        provider: Some(pb::Provider {
            provider_code: "H12011800009".to_owned(),
            level: ProviderLevel::One.to_wire(),
            designated: true,
            ..Default::default()
        }),
        ..Default::default()
    }
}

/// A benefit registered at a fallback desk.
fn fallback(suite: &Suite, resident: ResidentId, township: &str) -> pb::RegisterBenefitRequest {
    pb::RegisterBenefitRequest {
        provider: None,
        desk_township: township.to_owned(),
        reason: "the network was down".to_owned(),
        ..benefit(suite, resident)
    }
}

pub(super) async fn register_birth(
    suite: &Suite,
    request: pb::RegisterBirthRequest,
) -> Result<pb::MaternityRegistration, Status> {
    let answer = Suite::office(Office::Township, suite.registrations().register_birth(request)).await?;
    Ok(answer.into_inner().registration.unwrap())
}

pub(super) async fn register_benefit(
    suite: &Suite,
    office: Office,
    request: pb::RegisterBenefitRequest,
) -> Result<pb::MaternityRegistration, Status> {
    let answer = Suite::office(office, suite.registrations().register_benefit(request)).await?;
    Ok(answer.into_inner().registration.unwrap())
}

async fn list(suite: &Suite, resident: ResidentId) -> Result<Vec<pb::MaternityRegistration>, Status> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let (resident_id, page_size) = (resident.to_string(), 1);
        let request = pb::ListMaternityRegistrationsRequest { resident_id, page_size, page_token };
        let mut client = suite.registrations();
        let page =
            Suite::hospital(async move { client.list_maternity_registrations(request).await }).await?.into_inner();
        found.extend(page.registrations);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(found);
        }
    }
}

/// Every reason of a refusal, sorted.
fn reasons<T>(answer: Result<T, Status>) -> Vec<String> {
    let info = answer.err().and_then(|status| status.get_details_error_info()).unwrap();
    let mut reasons: Vec<String> = info.metadata["reasons"].split(',').map(str::to_owned).collect();
    reasons.sort();
    reasons
}

fn one(reason: Reason) -> Vec<String> {
    vec![reason.code().to_owned()]
}

/// J-6.2.2.1-a, then J-6.2.2.1-b; each once, and each repeated request answered as the first time.
#[tokio::test]
async fn the_birth_then_the_benefit() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let early = register_benefit(&suite, Office::Provider, benefit(&suite, resident)).await;
        assert_eq!(reasons(early), one(Reason::OrderViolation), "{}", suite.kind);

        let checked = pb::RegisterBirthRequest { validate_only: true, ..birth(&suite, resident) };
        assert_eq!(register_birth(&suite, checked).await.unwrap().registration_id, "");
        assert!(list(&suite, resident).await.unwrap().is_empty());

        let request = birth(&suite, resident);
        let registered = register_birth(&suite, request.clone()).await.unwrap();
        assert_eq!(register_birth(&suite, request).await.unwrap(), registered);
        let again = register_birth(&suite, birth(&suite, resident)).await.unwrap_err();
        let info = again.get_details_error_info().unwrap();
        assert_eq!(info.metadata["registration_id"], registered.registration_id);

        let request = benefit(&suite, resident);
        let whole = register_benefit(&suite, Office::Provider, request.clone()).await.unwrap();
        assert_eq!(register_benefit(&suite, Office::Provider, request).await.unwrap(), whole);
        let twice = register_benefit(&suite, Office::Provider, benefit(&suite, resident)).await;
        assert_eq!(reasons(twice), one(Reason::MaternityRegistered));
        let at = whole.benefit.clone().unwrap();
        assert_eq!((at.desk(), at.provider_code.as_str()), (pb::MaternityDesk::Institution, "H12011800009"));
        assert_eq!(pb::MaternityRegistration { benefit: None, ..whole.clone() }, registered);

        // The next pregnancy is another one, whose benefit is registered for itself.
        let next = pb::RegisterBirthRequest { conception_date: "2021-10-20".to_owned(), ..birth(&suite, resident) };
        let next = pb::RegisterBirthRequest { registration_date: "2021-12-01".to_owned(), ..next };
        let next = register_birth(&suite, next).await.unwrap();
        let later =
            pb::RegisterBenefitRequest { registration_date: "2021-12-02".to_owned(), ..benefit(&suite, resident) };
        let next = pb::MaternityRegistration {
            benefit: register_benefit(&suite, Office::Provider, later).await.unwrap().benefit,
            ..next
        };
        assert_eq!(list(&suite, resident).await.unwrap(), [whole, next]);
    })
    .await;
}

/// J-6.2.2.1-a, J-6.2.2.1-b, J-6.2.2.1-c: a desk elsewhere is CHANNEL_MISMATCH; a fallback desk asks why.
#[tokio::test]
async fn desks_elsewhere_do_not_register() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let elsewhere = pb::RegisterBirthRequest { desk_township: "120118.5".to_owned(), ..birth(&suite, resident) };
        assert_eq!(reasons(register_birth(&suite, elsewhere).await), one(Reason::ChannelMismatch));
        let other_district =
            pb::RegisterBirthRequest { desk_township: "120104.2".to_owned(), ..birth(&suite, resident) };
        assert_eq!(reasons(register_birth(&suite, other_district).await), one(Reason::RoleNotAllowed));
        register_birth(&suite, birth(&suite, resident)).await.unwrap();

        let mut hospital = benefit(&suite, resident);
        hospital.provider.as_mut().unwrap().level = ProviderLevel::Three.to_wire();
        let answer = register_benefit(&suite, Office::Provider, hospital).await;
        assert_eq!(reasons(answer), one(Reason::ChannelMismatch));
        let township = fallback(&suite, resident, "120118.5");
        assert_eq!(reasons(register_benefit(&suite, Office::Township, township).await), one(Reason::ChannelMismatch));
        let branch = fallback(&suite, resident, "");
        let call = suite.registrations();
        let answer = Suite::called(Office::MedicalInsurance, Some(District::Hexi), "test", async move {
            call.clone().register_benefit(branch).await
        });
        assert_eq!(reasons(answer.await), one(Reason::ChannelMismatch));
        let unsaid = pb::RegisterBenefitRequest { reason: String::new(), ..fallback(&suite, resident, "120118.4") };
        let answer = register_benefit(&suite, Office::Township, unsaid).await;
        assert_eq!(reasons(answer), one(Reason::RequiredFieldMissing));
        // Everything that is wrong at once: before the birth, and without a reason.
        let both = pb::RegisterBenefitRequest {
            registration_date: "2021-03-31".to_owned(),
            reason: String::new(),
            ..fallback(&suite, resident, "120118.4")
        };
        let expected = [Reason::OrderViolation, Reason::RequiredFieldMissing].map(|reason| reason.code().to_owned());
        assert_eq!(reasons(register_benefit(&suite, Office::Township, both).await), expected);

        let branch = fallback(&suite, resident, "");
        let registered = register_benefit(&suite, Office::MedicalInsurance, branch).await.unwrap();
        let benefit = registered.benefit.unwrap();
        assert_eq!((benefit.desk(), &*benefit.reason), (pb::MaternityDesk::DistrictBranch, "the network was down"));
    })
    .await;
}

/// AMB-088: 2017 prints nothing; a year without a document is no obstacle.
#[tokio::test]
async fn the_plan_of_2017_registers_no_births() {
    with_suites("", |suite| async move {
        let of = |year: &str, township: &str| pb::RegisterBirthRequest {
            conception_date: format!("{year}-02-01"),
            registration_date: format!("{year}-04-01"),
            desk_township: township.to_owned(),
            residence_township: township.to_owned(),
            ..birth(&suite, suite.resident())
        };
        let in_baodi = suite.registrations();
        let request = of("2017", "120115.6");
        let answer = Suite::called(Office::Township, Some(District::Baodi), "test", async move {
            in_baodi.clone().register_birth(request).await
        });
        assert_eq!(reasons(answer.await), one(Reason::RuleNotDefined));
        assert_eq!(reasons(register_birth(&suite, of("2017", "120118.4")).await), one(Reason::DistrictOutOfScope));
        assert!(register_birth(&suite, of("2020", "120118.4")).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn requests_are_read_as_a_whole() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let bad = pb::RegisterBirthRequest {
            request_id: suite.request_id(),
            registration_date: "2022-02-01".to_owned(),
            desk_township: "somewhere".to_owned(),
            residence_township: "310000.1".to_owned(),
            ..Default::default()
        };
        let status = register_birth(&suite, bad).await.unwrap_err();
        let details = status.get_details_bad_request().unwrap();
        let mut fields: Vec<_> = details.field_violations.iter().map(|violation| violation.field.as_str()).collect();
        fields.sort_unstable();
        let expected = ["conception_date", "desk_township", "registration_date", "residence_township", "resident_id"];
        assert_eq!(fields, expected, "{}", suite.kind);

        let with_desk =
            pb::RegisterBenefitRequest { desk_township: "120118.4".to_owned(), ..benefit(&suite, resident) };
        let answer = register_benefit(&suite, Office::Provider, with_desk).await;
        assert_eq!(reasons(answer), one(Reason::ValueNotAllowed));
        let without = pb::RegisterBenefitRequest { provider: None, ..benefit(&suite, resident) };
        let answer = register_benefit(&suite, Office::Provider, without).await;
        assert_eq!(reasons(answer), one(Reason::RequiredFieldMissing));

        let by_hospital = suite.registrations();
        let request = birth(&suite, resident);
        let answer = Suite::hospital(async move { by_hospital.clone().register_birth(request).await }).await;
        assert_eq!(reasons(answer), one(Reason::RoleNotAllowed));
        let answer = register_benefit(&suite, Office::Tax, benefit(&suite, resident)).await;
        assert_eq!(reasons(answer), one(Reason::RoleNotAllowed));

        suite.peers.forget(resident);
        assert_eq!(reasons(register_birth(&suite, birth(&suite, resident)).await), one(Reason::PersonNotFound));
        assert_eq!(reasons(list(&suite, resident).await), one(Reason::PersonNotFound));
    })
    .await;
}
