//! Who states for a provider, and how that passes on.

use juyi_domain::codes::{District, Office};
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::provider_dues::{HOSPITAL, JINGHAI};
use super::provider_statements::{reason, row, state, statement};
use super::{Suite, with_suites};

type Who<'a> = (Office, Option<District>, &'a str);

const HERE: Option<District> = Some(District::Jinghai);
/// The hospital as it states in other tests, and after its system got another name.
const BEFORE: Who<'_> = (Office::Provider, HERE, "test");
const AFTER: Who<'_> = (Office::Provider, None, "new system");
const BUREAU: Who<'_> = (Office::MedicalInsurance, None, "bureau");

fn naming(suite: &Suite, who: Who<'_>) -> pb::NameProviderOfficeRequest {
    pb::NameProviderOfficeRequest {
        request_id: suite.request_id(),
        provider_code: HOSPITAL.to_owned(),
        office_district: who.1.map(|district| district.to_string()).unwrap_or_default(),
        office_name: who.2.to_owned(),
        reason: "the hospital changed its system".to_owned(),
    }
}

async fn name(
    suite: &Suite,
    by: Who<'_>,
    request: pb::NameProviderOfficeRequest,
) -> Result<pb::ProviderOffice, Status> {
    let mut call = suite.reconciliations();
    let work = async move { call.name_provider_office(request).await };
    Ok(Suite::called(by.0, by.1, by.2, work).await?.into_inner().office.unwrap())
}

async fn submit(
    suite: &Suite,
    by: Who<'_>,
    request: pb::SubmitProviderTotalsRequest,
) -> Result<pb::ProviderReconciliation, Status> {
    let mut call = suite.reconciliations();
    let work = async move { call.submit_provider_totals(request).await };
    Ok(Suite::called(by.0, by.1, by.2, work).await?.into_inner().reconciliation.unwrap())
}

async fn send(
    suite: &Suite,
    by: Who<'_>,
    of: &pb::ProviderReconciliation,
    rows: &[pb::ProviderRow],
) -> Result<pb::ProviderReconciliation, Status> {
    let request = pb::SubmitProviderRowsRequest {
        request_id: suite.request_id(),
        reconciliation_id: of.reconciliation_id.clone(),
        row_count: i64::try_from(rows.len()).unwrap(),
        first_row: 1,
        rows: rows.to_vec(),
    };
    let mut call = suite.reconciliations();
    let work = async move { call.submit_provider_rows(request).await };
    Ok(Suite::called(by.0, by.1, by.2, work).await?.into_inner().reconciliation.unwrap())
}

async fn read(suite: &Suite, by: Who<'_>, id: &str) -> Result<(), Status> {
    let request = pb::GetProviderReconciliationRequest { reconciliation_id: id.to_owned() };
    let mut call = suite.reconciliations();
    let work = async move { call.get_provider_reconciliation(request).await };
    Suite::called(by.0, by.1, by.2, work).await.map(drop)
}

/// The statements that an office lists, by the provider's ids.
async fn listed(suite: &Suite, by: Who<'_>) -> Vec<String> {
    let request = pb::ListProviderReconciliationsRequest { district: JINGHAI.to_owned(), ..Default::default() };
    let mut call = suite.reconciliations();
    let work = async move { call.list_provider_reconciliations(request).await };
    let answer = Suite::called(by.0, by.1, by.2, work).await.unwrap().into_inner();
    answer.reconciliations.into_iter().map(|it| it.statement_id).collect()
}

fn refused<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    reason(&answer.unwrap_err())
}

/// A hospital under another name is locked out until the bureau names it; then the name before is.
#[tokio::test]
async fn the_bureau_hands_a_provider_over() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        let whole = state(&suite, "whole", &[]).await;
        let rows = [row("a", pb::PayerAmounts::default())];
        let half = submit(&suite, BEFORE, statement(&suite, "half", &rows)).await.unwrap();
        assert_eq!(refused(submit(&suite, AFTER, statement(&suite, "next", &[])).await), "ROLE_NOT_ALLOWED");
        assert_eq!(refused(read(&suite, AFTER, &whole.reconciliation_id).await), "ROLE_NOT_ALLOWED");
        assert_eq!(listed(&suite, AFTER).await, [""; 0], "{}", suite.kind);

        let named = name(&suite, BUREAU, naming(&suite, AFTER)).await.unwrap();
        assert_eq!((named.office_district.as_str(), named.office_name.as_str()), ("", "new system"));
        let next = submit(&suite, AFTER, statement(&suite, "next", &[])).await.unwrap();
        assert_eq!(next.recorded_by.unwrap().name, "new system", "{}", suite.kind);
        // The office before reads what it stated, and states no more, not even the rest of what it began.
        assert_eq!(refused(submit(&suite, BEFORE, statement(&suite, "more", &[])).await), "ROLE_NOT_ALLOWED");
        assert_eq!(refused(send(&suite, BEFORE, &half, &rows).await), "ROLE_NOT_ALLOWED", "{}", suite.kind);
        assert_eq!(refused(read(&suite, BEFORE, &next.reconciliation_id).await), "ROLE_NOT_ALLOWED");
        assert_eq!(listed(&suite, BEFORE).await, ["whole", "half"], "{}", suite.kind);
        read(&suite, BEFORE, &whole.reconciliation_id).await.unwrap();
        // The one named has all of it.
        let compared = send(&suite, AFTER, &half, &rows).await.unwrap();
        assert_eq!(compared.state(), pb::ProviderReconciliationState::Compared, "{}", suite.kind);
        assert_eq!(listed(&suite, AFTER).await, ["whole", "half", "next"], "{}", suite.kind);
        // The same name in a district is another office.
        let namesake = (Office::Provider, HERE, "new system");
        assert_eq!(refused(submit(&suite, namesake, statement(&suite, "no", &[])).await), "ROLE_NOT_ALLOWED");
        assert_eq!(listed(&suite, namesake).await, [""; 0], "{}", suite.kind);
    })
    .await;
}

/// Naming has one effect however often it is asked for: what was named later stays.
#[tokio::test]
async fn an_office_is_named_once() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        // Nobody stated yet; the code is the named office's from the first statement on.
        let request = naming(&suite, AFTER);
        let first = name(&suite, BUREAU, request.clone()).await.unwrap();
        assert_eq!(refused(submit(&suite, BEFORE, statement(&suite, "one", &[])).await), "ROLE_NOT_ALLOWED");
        name(&suite, BUREAU, naming(&suite, BEFORE)).await.unwrap();
        assert_eq!(name(&suite, BUREAU, request.clone()).await.unwrap(), first, "{}", suite.kind);
        submit(&suite, BEFORE, statement(&suite, "one", &[])).await.unwrap();
        assert_eq!(refused(submit(&suite, AFTER, statement(&suite, "two", &[])).await), "ROLE_NOT_ALLOWED");
        let other = pb::NameProviderOfficeRequest { reason: "another".to_owned(), ..request };
        assert_eq!(refused(name(&suite, BUREAU, other).await), "REQUEST_ID_REUSED", "{}", suite.kind);
    })
    .await;
}

/// No provider names itself, and no branch speaks for the whole city.
#[tokio::test]
async fn the_bureau_of_the_city_names() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        state(&suite, "first", &[]).await;
        for by in [
            AFTER,
            BEFORE,
            (Office::MedicalInsurance, HERE, "branch"),
            (Office::SocialInsurance, None, "centre"),
            (Office::Township, HERE, "township"),
        ] {
            assert_eq!(refused(name(&suite, by, naming(&suite, AFTER)).await), "ROLE_NOT_ALLOWED", "{by:?}");
        }
        assert_eq!(refused(submit(&suite, AFTER, statement(&suite, "next", &[])).await), "ROLE_NOT_ALLOWED");
        let bad = [
            pb::NameProviderOfficeRequest { reason: String::new(), ..naming(&suite, AFTER) },
            pb::NameProviderOfficeRequest { office_name: String::new(), ..naming(&suite, AFTER) },
            pb::NameProviderOfficeRequest { provider_code: String::new(), ..naming(&suite, AFTER) },
        ];
        for request in bad {
            assert_eq!(refused(name(&suite, BUREAU, request).await), "REQUIRED_FIELD_MISSING", "{}", suite.kind);
        }
        let chinese = pb::NameProviderOfficeRequest { office_name: "医院".to_owned(), ..naming(&suite, AFTER) };
        assert_eq!(refused(name(&suite, BUREAU, chinese).await), "VALUE_NOT_ALLOWED", "{}", suite.kind);
    })
    .await;
}
