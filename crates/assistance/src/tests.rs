//! The contract and the register on both databases.

use std::num::NonZeroU32;

use std::sync::Arc;

use juyi_domain::codes::{District, Identity, Office};
use juyi_domain::id::{EventId, ResidentId, SettlementId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::config::{DatabaseConfig, ServiceConfig};
use juyi_kit::context::Context;
use juyi_policy::Policy;
use juyi_proto::assistance::v1 as pb;
use juyi_proto::assistance::v1::assistance_service_client::AssistanceServiceClient;
use juyi_proto::code::Coded;
use juyi_testkit::database::postgres_url;
use juyi_testkit::{ManualClock, databases, prepare_all};
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::NAME;
use crate::store::aids::{self, Aid, Posting};
use crate::store::{migrations, statements};

type Client = AssistanceServiceClient<Channel>;

/// Runs a test over each database at hand.
async fn with_clients<F: Future<Output = ()>>(test: impl Fn(Client, Context) -> F) {
    with_law(Policy::embedded().unwrap(), test).await;
}

async fn with_law<F: Future<Output = ()>>(policy: Policy, test: impl Fn(Client, Context) -> F) {
    let policy = Arc::new(policy);
    let directory = TempDir::new().unwrap();
    let urls = [Some(format!("sqlite:{}", directory.path().display())), postgres_url().await];
    for url in urls.into_iter().flatten() {
        let context = Context::new(policy.clone()).with_clock(Arc::new(ManualClock::on("2021-12-01")));
        let config = ServiceConfig {
            database: DatabaseConfig { url, connections: NonZeroU32::new(4).unwrap() },
            ..ServiceConfig::default()
        };
        let component = crate::build(&config, context.clone()).await.unwrap();
        test(Client::new(Channel::local(component.name, component.routes)), context).await;
    }
}

async fn office<T>(office: Office, work: impl Future<Output = T>) -> T {
    Caller::scope(Some(Caller { office, district: None, name: "test".to_owned() }), work).await
}

fn reasons(status: &Status) -> String {
    status.get_details_error_info().unwrap().metadata["reasons"].clone()
}

fn case(context: &Context, base_fen: i64) -> pb::AidCase {
    pb::AidCase {
        settlement_id: context.id::<SettlementId>().to_string(),
        base_fen,
        service_date: "2021-03-01".to_owned(),
        assistance_designated: true,
        identities: vec![Identity::SubsistenceAllowance.to_wire()],
        outpatient_venue: 0,
        elsewhere: false,
        identity_date: "2021-03-01".to_owned(),
    }
}

fn assessment(context: &Context, cases: Vec<pb::AidCase>) -> pb::AssessAidRequest {
    let resident_id = context.id::<ResidentId>().to_string();
    pb::AssessAidRequest { resident_id, policy_year: 2021, district: District::Jinghai.to_string(), cases }
}

fn posting(resident_id: ResidentId, settlement_id: SettlementId, context: &Context, medical: i64) -> Posting {
    Posting {
        resident_id,
        event_id: context.id(),
        aid: Aid {
            settlement_id,
            policy_year: 2021,
            service_on: "2021-03-01".parse().unwrap(),
            medical: Fen::new(medical),
            veterans: Fen::new(2 * medical),
        },
        created_at: context.now(),
    }
}

#[tokio::test]
async fn every_statement_prepares() {
    prepare_all(NAME, &migrations(), &statements()).await;
}

#[tokio::test]
async fn the_register_sums_differences_and_knows_repetition() {
    let context = Context::new(Arc::new(Policy::embedded().unwrap()));
    for test in databases(NAME, &migrations()).await {
        let (resident, other) = (context.id(), context.id());
        let (one, two): (SettlementId, SettlementId) = (context.id(), context.id());
        let first = posting(resident, one, &context, 100);
        let mut session = test.database.begin().await.unwrap();
        let second = posting(resident, one, &context, -30);
        let rest = [posting(resident, two, &context, 7), posting(other, two, &context, 1_000)];
        for posting in [&first, &first, &second, &rest[0], &rest[1]] {
            aids::insert(&mut session, posting).await.unwrap();
        }
        session.commit().await.unwrap();

        let mut session = test.database.read().await.unwrap();
        let page = aids::page(&mut session, resident, None, 10).await.unwrap();
        let expected = Aid { medical: Fen::new(70), veterans: Fen::new(140), ..first.aid };
        assert_eq!(page, [rest[0].aid.clone(), expected.clone()], "{}", test.kind);
        assert_eq!(aids::page(&mut session, resident, Some(two), 10).await.unwrap(), [expected]);
        assert_eq!(aids::page(&mut session, resident, None, 1).await.unwrap().len(), 1);
    }
}

/// S-45 and S-46, the part of assistance: J-5.5.2-b over the year.
#[tokio::test]
async fn bills_of_a_year_are_assessed_in_order() {
    with_clients(|mut client, context| async move {
        let stranger = pb::AidCase { identities: Vec::new(), ..case(&context, 1_000) };
        let request = assessment(&context, vec![case(&context, 1_961_315), stranger, case(&context, 630_000)]);
        let outcomes = client.assess_aid(request.clone()).await.unwrap().into_inner().outcomes;
        let found: Vec<_> = outcomes.iter().map(|outcome| (outcome.medical_fen, outcome.base_after_fen)).collect();
        assert_eq!(found, [(1_176_789, 1_961_315), (0, 1_961_315), (496_263, 2_591_315)]);
        let ids: Vec<_> = request.cases.iter().map(|case| &case.settlement_id).collect();
        assert_eq!(outcomes.iter().map(|outcome| &outcome.settlement_id).collect::<Vec<_>>(), ids);
        assert!(outcomes[1].receipt.as_ref().unwrap().steps.is_empty());
        assert!(outcomes[2].receipt.as_ref().unwrap().steps.iter().all(|step| !step.title.is_empty()));
        let nobody = client.assess_aid(assessment(&context, Vec::new())).await.unwrap().into_inner();
        assert!(nobody.outcomes.is_empty());
    })
    .await;
}

/// J-5.5.2-b with a figure that an operator states since July: 1000.00 after 15000.00 lie above the upper band's 10000.00.
#[tokio::test]
async fn each_bill_has_the_law_of_its_day() {
    let overlay = "[[set]]\nparameter = 'tianjin-2021.assistance.upper_band_from'\nvalue = 10000\n\
        since = 2021-07-01\nsource = { document = '津医保局发〔2021〕9号', section = '第一条' }\n";
    with_law(Policy::embedded().unwrap().with_overlay(overlay).unwrap(), |mut client, context| async move {
        let july = pb::AidCase { service_date: "2021-07-01".to_owned(), ..case(&context, 100_000) };
        let june = pb::AidCase { service_date: "2021-06-30".to_owned(), ..case(&context, 100_000) };
        for (second, expected) in [(june, 60_000), (july, 80_000)] {
            let cases = vec![case(&context, 1_500_000), second];
            let outcomes = client.assess_aid(assessment(&context, cases)).await.unwrap().into_inner().outcomes;
            let found: Vec<_> = outcomes.iter().map(|outcome| outcome.medical_fen).collect();
            assert_eq!(found, [900_000, expected]);
        }
    })
    .await;
}

/// AMB-102: 2017 prints no assistance.
#[tokio::test]
async fn what_cannot_be_assessed_is_refused() {
    with_clients(|mut client, context| async move {
        let baodi = pb::AidCase { service_date: "2017-03-01".to_owned(), ..case(&context, 1) };
        let district = District::Baodi.to_string();
        let request = pb::AssessAidRequest { policy_year: 2017, district, ..assessment(&context, vec![baodi]) };
        let status = client.assess_aid(request.clone()).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::FailedPrecondition, "RULE_NOT_DEFINED"));
        // Without a case the year alone decides.
        let status = client.assess_aid(pb::AssessAidRequest { cases: Vec::new(), ..request }).await.unwrap_err();
        assert_eq!(reasons(&status), "RULE_NOT_DEFINED");

        let bad = pb::AidCase { base_fen: -1, service_date: String::new(), identities: vec![99], ..case(&context, 1) };
        let status = client.assess_aid(assessment(&context, vec![bad])).await.unwrap_err();
        let violations = status.get_details_bad_request().unwrap().field_violations;
        let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["cases.base_fen", "cases.service_date", "cases.identities"]);
    })
    .await;
}

#[tokio::test]
async fn posted_aid_is_recorded_once_and_by_the_suite_alone() {
    with_clients(|client, context| async move {
        let resident_id = context.id::<ResidentId>().to_string();
        let post = |settlement_id: &str, medical_fen| pb::RecordAidRequest {
            event_id: context.id::<EventId>().to_string(),
            resident_id: resident_id.clone(),
            settlement_id: settlement_id.to_owned(),
            policy_year: 2021,
            service_date: "2021-03-01".to_owned(),
            medical_fen,
            veterans_fen: 0,
        };
        let ids: Vec<_> = (0..3).map(|_| context.id::<SettlementId>().to_string()).collect();
        let first = post(&ids[0], 500);
        let posts = [first.clone(), first.clone(), post(&ids[0], -100), post(&ids[1], 50), post(&ids[2], 60)];
        for request in posts {
            office(Office::System, client.clone().record_aid(request)).await.unwrap();
        }
        let status = office(Office::MedicalInsurance, client.clone().record_aid(first)).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));

        let list = |page_token| {
            let request = pb::ListAidRequest { resident_id: resident_id.clone(), page_size: 2, page_token };
            let mut client = client.clone();
            async move { client.list_aid(request).await.unwrap().into_inner() }
        };
        let amounts = |page: &pb::ListAidResponse| page.aids.iter().map(|aid| aid.medical_fen).collect::<Vec<_>>();
        let page = list(String::new()).await;
        assert_eq!(amounts(&page), [60, 50]);
        let page = list(page.next_page_token).await;
        assert_eq!((amounts(&page), page.next_page_token.as_str()), (vec![400], ""));
        assert_eq!(page.aids[0].settlement_id, ids[0]);
    })
    .await;
}
