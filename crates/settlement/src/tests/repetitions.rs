//! The same request again, after what the other services say has changed or while they say nothing.

use std::fmt::Debug;

use juyi_domain::codes::{District, Office};
use juyi_domain::refusal::Reason;
use juyi_proto::settlement::v1 as pb;
use tonic::{Response, Status};

use super::family_doctors::contract;
use super::filings::{AGENCY, disease, residence, transfer};
use super::registrations::{benefit, birth};
use super::years::{YEAR, import};
use super::{Stay, Suite, reasons, with_suites};

/// Sends a request, and again when benefit period refuses everything, has moved the person, and is down; the same request
/// under another id is answered otherwise each time, and another office is told nothing.
async fn repeat<T, F>(suite: &Suite, office: Office, send: impl Fn(&str) -> F)
where
    T: Debug + PartialEq,
    F: Future<Output = Result<Response<T>, Status>> + Send,
{
    let what = std::any::type_name::<T>();
    let request_id = suite.request_id();
    let again = async || Suite::office(office, send(&request_id)).await.map(Response::into_inner);
    let first = again().await.unwrap();
    let refused = |answer: Result<Response<T>, Status>| reasons(&answer.map(drop).unwrap_err());
    let new = async || refused(Suite::office(office, send(&suite.request_id())).await);

    suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1-a")]);
    assert_eq!(again().await.unwrap(), first, "{} {what}", suite.kind);
    suite.peers.set_reasons(&[]);
    suite.peers.set_district(District::Nankai);
    assert_eq!(again().await.unwrap(), first, "{} {what}", suite.kind);
    suite.peers.set_district(District::Jinghai);
    suite.peers.set_benefit_period_down(true);
    assert_eq!(again().await.unwrap(), first, "{} {what}", suite.kind);
    assert_eq!(new().await, "PEER_UNAVAILABLE", "{} {what}", suite.kind);
    suite.peers.set_benefit_period_down(false);

    let other = Suite::called(office, Some(District::Jinghai), "another", send(&request_id)).await;
    assert_eq!(refused(other), "REQUEST_ID_REUSED", "{} {what}", suite.kind);
}

/// Sends one kind of request through a client of its own.
macro_rules! repeat {
    ($suite:expr, $office:expr, $client:ident.$method:ident, $request:expr) => {
        let request = $request;
        let send = |request_id: &str| {
            let request_id = request_id.to_owned();
            let (mut client, mut request) = ($suite.$client(), request.clone());
            request.request_id = request_id;
            async move { client.$method(request).await }
        };
        Box::pin(repeat(&$suite, $office, send)).await;
    };
}

#[tokio::test]
async fn years_are_answered_as_the_first_time() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let close = pb::CloseYearRequest {
            resident_id: resident.to_string(),
            policy_year: 2021,
            ..pb::CloseYearRequest::default()
        };
        repeat!(suite, AGENCY, years.import_opening, import(&suite, resident, &[(2020, 1_000)], Some(1)));
        repeat!(suite, Office::Provider, years.sign_family_doctor, contract(&suite, resident, "2021-03-20"));
        repeat!(suite, AGENCY, years.close_year, close);
    })
    .await;
}

#[tokio::test]
async fn filings_are_answered_as_the_first_time() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        repeat!(suite, AGENCY, filings.file_residence_elsewhere, residence(&suite, resident));
        repeat!(suite, Office::Provider, filings.file_transfer, transfer(&suite, resident));
        repeat!(suite, Office::Provider, filings.register_special_disease, disease(&suite, resident));
    })
    .await;
}

#[tokio::test]
async fn registrations_are_answered_as_the_first_time() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        repeat!(suite, Office::Township, registrations.register_birth, birth(&suite, resident));
        repeat!(suite, Office::Provider, registrations.register_benefit, benefit(&suite, resident));
    })
    .await;
}

#[tokio::test]
async fn bills_are_answered_as_the_first_time() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        repeat!(suite, Office::Provider, client.settle, suite.request(resident, &Stay::on("03-01", 5_000)));
        let recompute = pb::RecomputeYearRequest {
            resident_id: resident.to_string(),
            policy_year: 2021,
            ..pb::RecomputeYearRequest::default()
        };
        repeat!(suite, AGENCY, client.recompute_year, recompute);
    })
    .await;
}
