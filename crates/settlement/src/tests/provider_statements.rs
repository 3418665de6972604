//! Statements of providers: totals, rows in chunks, exceptions that are worked off.

use juyi_domain::codes::{District, Office};
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::provider_dues::{HOSPITAL, JINGHAI, amounts, due, funds, plus, sum};
use super::{Stay, Suite, with_suites};

/// A statement of January 2022.
pub(super) fn statement(suite: &Suite, id: &str, rows: &[pb::ProviderRow]) -> pb::SubmitProviderTotalsRequest {
    let total = pb::ProviderTotal {
        care_kind: pb::CareKind::Inpatient.into(),
        settlements: i64::try_from(rows.len()).unwrap(),
        amounts: Some(rows.iter().map(|row| row.amounts.unwrap()).fold(pb::PayerAmounts::default(), plus)),
    };
    pb::SubmitProviderTotalsRequest {
        request_id: suite.request_id(),
        provider_code: HOSPITAL.to_owned(),
        district: JINGHAI.to_owned(),
        start_date: "2022-01-01".to_owned(),
        end_date: "2022-01-31".to_owned(),
        statement_id: id.to_owned(),
        totals: if rows.is_empty() { Vec::new() } else { vec![total] },
    }
}

pub(super) fn row(id: &str, amounts: pb::PayerAmounts) -> pb::ProviderRow {
    let care_kind = pb::CareKind::Inpatient.into();
    pb::ProviderRow { settlement_id: id.to_owned(), care_kind, amounts: Some(amounts) }
}

pub(super) fn stated(settlement: &pb::Settlement) -> pb::ProviderRow {
    row(&settlement.settlement_id, amounts(&settlement.shares.unwrap()))
}

pub(super) async fn submit(
    suite: &Suite,
    request: pb::SubmitProviderTotalsRequest,
) -> Result<pb::ProviderReconciliation, Status> {
    let call = suite.reconciliations();
    let work = async move { { call }.submit_provider_totals(request).await };
    Ok(Suite::hospital(work).await?.into_inner().reconciliation.unwrap())
}

/// Sends rows from a place on, so many in all.
pub(super) async fn send(
    suite: &Suite,
    of: &pb::ProviderReconciliation,
    (first_row, row_count): (i64, i64),
    rows: &[pb::ProviderRow],
) -> Result<pb::ProviderReconciliation, Status> {
    let (request_id, reconciliation_id) = (suite.request_id(), of.reconciliation_id.clone());
    let request =
        pb::SubmitProviderRowsRequest { request_id, reconciliation_id, row_count, first_row, rows: rows.to_vec() };
    let call = suite.reconciliations();
    let work = async move { { call }.submit_provider_rows(request).await };
    Ok(Suite::hospital(work).await?.into_inner().reconciliation.unwrap())
}

/// A whole statement, its rows in chunks of two.
pub(super) async fn state(suite: &Suite, id: &str, rows: &[pb::ProviderRow]) -> pb::ProviderReconciliation {
    let mut found = submit(suite, statement(suite, id, rows)).await.unwrap();
    assert_eq!(found.state(), pb::ProviderReconciliationState::Totals);
    let count = i64::try_from(rows.len()).unwrap();
    for (chunk, first) in rows.chunks(2).zip((1..).step_by(2)) {
        found = send(suite, &found, (first, count), chunk).await.unwrap();
    }
    if rows.is_empty() {
        found = send(suite, &found, (1, 0), &[]).await.unwrap();
    }
    assert_eq!((found.state(), found.rows_received), (pb::ProviderReconciliationState::Compared, count));
    found
}

/// The exceptions of a reconciliation, in pages of two.
pub(super) async fn exceptions(
    suite: &Suite,
    of: &pb::ProviderReconciliation,
    open_only: bool,
) -> Vec<pb::ProviderException> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let reconciliation_id = of.reconciliation_id.clone();
        let request = pb::ListProviderExceptionsRequest { reconciliation_id, open_only, page_size: 2, page_token };
        let call = suite.reconciliations();
        let work = async move { { call }.list_provider_exceptions(request).await };
        let page = Suite::hospital(work).await.unwrap().into_inner();
        found.extend(page.exceptions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

pub(super) fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason.clone()
}

#[tokio::test]
async fn each_way_to_differ_is_an_exception() {
    with_suites("", |suite| async move {
        let mut settled = Vec::new();
        for (day, yuan) in [("01-01", 20_000), ("02-01", 8_000), ("03-01", 9_000), ("04-01", 7_000), ("05-01", 6_000)] {
            settled.push(suite.settle(suite.resident(), &Stay::on(day, yuan)).await);
        }
        suite.clock.set_day("2022-02-10");
        let all: Vec<_> = settled.iter().map(stated).collect();
        let matched = state(&suite, "all", &all).await;
        assert!(matched.totals.iter().all(|total| total.matched) && matched.exceptions == 0, "{}", suite.kind);

        let more = pb::PayerAmounts { basic_fund_fen: 100, ..Default::default() };
        let less = pb::PayerAmounts { basic_fund_fen: -100, ..Default::default() };
        let shifted = pb::PayerAmounts { basic_fund_fen: -100, critical_illness_fen: 100, ..Default::default() };
        let other = |row: &pb::ProviderRow, by| self::row(&row.settlement_id, plus(row.amounts.unwrap(), by));
        let rows = [
            other(&all[0], more),
            other(&all[1], less),
            other(&all[2], shifted),
            all[3].clone(),
            all[3].clone(),
            row("unknown", more),
        ];
        let found = state(&suite, "wrong", &rows).await;
        assert!(!found.totals[0].matched);
        let exceptions = exceptions(&suite, &found, false).await;
        let mut kinds: Vec<_> = exceptions.iter().map(|it| (it.kind() as i32, it.funds_difference_fen)).collect();
        kinds.sort_unstable();
        let funds_of = |settlement: &pb::Settlement| funds(&amounts(&settlement.shares.unwrap()));
        let expected = [
            (pb::ProviderExceptionKind::MissingHere as i32, 100),
            (pb::ProviderExceptionKind::MissingAtProvider as i32, -funds_of(&settled[4])),
            (pb::ProviderExceptionKind::Over as i32, 100),
            (pb::ProviderExceptionKind::Under as i32, -100),
            (pb::ProviderExceptionKind::Duplicate as i32, funds_of(&settled[3])),
            (pb::ProviderExceptionKind::OtherPayers as i32, 0),
        ];
        assert_eq!(kinds, expected, "{}", suite.kind);
        assert_eq!((found.exceptions, found.open_exceptions), (6, 6));
        conserves(&found, &exceptions);
        // Ours is what is due.
        let january = due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await;
        assert_eq!(found.totals[0].ours.as_ref().unwrap().amounts, january.amounts);
        assert_eq!(january.amounts, Some(sum(&settled.iter().collect::<Vec<_>>())));
    })
    .await;
}

/// For every payer: stated less posted is the sum of the exceptions.
pub(super) fn conserves(found: &pb::ProviderReconciliation, exceptions: &[pb::ProviderException]) {
    let (mut left, mut right) = (pb::PayerAmounts::default(), pb::PayerAmounts::default());
    for total in &found.totals {
        left = plus(left, total.theirs.unwrap().amounts.unwrap());
        right = plus(right, total.ours.unwrap().amounts.unwrap());
    }
    for exception in exceptions {
        left = plus(left, exception.ours.unwrap());
        right = plus(right, exception.theirs.unwrap());
    }
    assert_eq!(left, right);
}

#[tokio::test]
async fn an_exception_is_worked_off_once_and_a_corrected_statement_takes_its_place() {
    with_suites("", |suite| async move {
        let settled = suite.settle(suite.resident(), &Stay::on("03-01", 20_000)).await;
        suite.clock.set_day("2022-02-10");
        let found = state(&suite, "nothing", &[]).await;
        let exception = exceptions(&suite, &found, true).await.remove(0);
        assert_eq!(exception.kind(), pb::ProviderExceptionKind::MissingAtProvider);
        let request = pb::ResolveProviderExceptionRequest {
            request_id: suite.request_id(),
            exception_id: exception.exception_id.clone(),
            reason: "stated in February".to_owned(),
        };
        let resolve = |office, request: &pb::ResolveProviderExceptionRequest| {
            let (call, request) = (suite.reconciliations(), request.clone());
            let work = async move { { call }.resolve_provider_exception(request).await };
            async move { Ok::<_, Status>(Suite::office(office, work).await?.into_inner().exception.unwrap()) }
        };
        assert_eq!(reason(&resolve(Office::Provider, &request).await.unwrap_err()), "ROLE_NOT_ALLOWED");
        let resolved = resolve(Office::MedicalInsurance, &request).await.unwrap();
        assert_eq!((resolved.reason.as_str(), resolved.resolved_by.is_some()), ("stated in February", true));
        assert_eq!(resolve(Office::MedicalInsurance, &request).await.unwrap(), resolved);
        let again = pb::ResolveProviderExceptionRequest { request_id: suite.request_id(), ..request.clone() };
        assert_eq!(reason(&resolve(Office::MedicalInsurance, &again).await.unwrap_err()), "ORDER_VIOLATION");
        assert_eq!(exceptions(&suite, &found, true).await, []);
        assert_eq!(exceptions(&suite, &found, false).await, [resolved]);

        let missing = state(&suite, "still nothing", &[]).await;
        let open = exceptions(&suite, &missing, true).await.remove(0);
        let corrected = state(&suite, "corrected", &[stated(&settled)]).await;
        assert_eq!(corrected.exceptions, 0);
        let late = pb::ResolveProviderExceptionRequest {
            request_id: suite.request_id(),
            exception_id: open.exception_id,
            ..request
        };
        assert_eq!(reason(&resolve(Office::MedicalInsurance, &late).await.unwrap_err()), "ORDER_VIOLATION");
        let states: Vec<_> = list(&suite, "test").await.iter().map(pb::ProviderReconciliation::state).collect();
        use pb::ProviderReconciliationState::{Compared, Superseded};
        assert_eq!(states, [Superseded, Superseded, Compared], "{}", suite.kind);
        // Another provider sees none of them.
        assert_eq!(list(&suite, "other").await, []);
    })
    .await;
}

async fn list(suite: &Suite, name: &str) -> Vec<pb::ProviderReconciliation> {
    let request = pb::ListProviderReconciliationsRequest { district: JINGHAI.to_owned(), ..Default::default() };
    let call = suite.reconciliations();
    let work = async move { { call }.list_provider_reconciliations(request).await };
    let answer = Suite::called(Office::Provider, Some(District::Jinghai), name, work).await;
    answer.unwrap().into_inner().reconciliations
}

#[tokio::test]
async fn chunks_follow_on_each_other() {
    with_suites("", |suite| async move {
        let settled = suite.settle(suite.resident(), &Stay::on("03-01", 20_000)).await;
        suite.clock.set_day("2022-02-10");
        let rows = [stated(&settled), row("b", pb::PayerAmounts::default()), row("c", pb::PayerAmounts::default())];
        let found = submit(&suite, statement(&suite, "chunks", &rows)).await.unwrap();
        let refused =
            async |place, rows: &[pb::ProviderRow]| reason(&send(&suite, &found, place, rows).await.unwrap_err());
        assert_eq!(refused((2, 3), &rows[1..2]).await, "ORDER_VIOLATION");
        assert_eq!(refused((1, 3), &[]).await, "VALUE_NOT_ALLOWED");
        assert_eq!(refused((3, 3), &rows[..2]).await, "VALUE_NOT_ALLOWED");
        let part = send(&suite, &found, (1, 3), &rows[..2]).await.unwrap();
        assert_eq!((part.state(), part.rows_received), (pb::ProviderReconciliationState::Receiving, 2));
        assert_eq!(refused((1, 3), &rows[..2]).await, "ORDER_VIOLATION");
        assert_eq!(refused((3, 4), &rows[2..]).await, "ORDER_VIOLATION");
        // A row that does not add up to the totals.
        let wrong = row("c", pb::PayerAmounts { person_fen: 1, ..Default::default() });
        assert_eq!(refused((3, 3), &[wrong]).await, "AMOUNT_INCONSISTENT");
        let whole = send(&suite, &found, (3, 3), &rows[2..]).await.unwrap();
        assert_eq!((whole.state(), whole.exceptions), (pb::ProviderReconciliationState::Compared, 0));
        assert_eq!(refused((1, 1), &rows[..1]).await, "ORDER_VIOLATION", "{}", suite.kind);
    })
    .await;
}

#[tokio::test]
async fn a_statement_is_of_a_period_that_is_over() {
    with_suites("", |suite| async move {
        let early = submit(&suite, statement(&suite, "early", &[])).await.unwrap_err();
        assert_eq!(reason(&early), "DATE_ORDER");
        suite.clock.set_day("2022-02-01");
        let request = statement(&suite, "one", &[]);
        let first = submit(&suite, request.clone()).await.unwrap();
        assert_eq!(submit(&suite, request.clone()).await.unwrap(), first);
        let reused = submit(&suite, statement(&suite, "one", &[])).await.unwrap_err();
        assert_eq!(reason(&reused), "STATEMENT_REUSED");
        let mut twice = statement(&suite, "two", &[row("a", pb::PayerAmounts::default())]);
        twice.totals.push(twice.totals[0]);
        assert_eq!(reason(&submit(&suite, twice).await.unwrap_err()), "VALUE_NOT_ALLOWED");

        let request = pb::GetProviderReconciliationRequest { reconciliation_id: first.reconciliation_id.clone() };
        let read = async |office, name: &'static str, request: pb::GetProviderReconciliationRequest| {
            let call = suite.reconciliations();
            let work = async move { { call }.get_provider_reconciliation(request).await };
            Suite::called(office, Some(District::Jinghai), name, work).await
        };
        let found = read(Office::MedicalInsurance, "bureau", request.clone()).await.unwrap().into_inner();
        assert_eq!(found.reconciliation, Some(first), "{}", suite.kind);
        for (office, name) in [(Office::Provider, "other"), (Office::Provider, ""), (Office::Tax, "tax")] {
            let status = read(office, name, request.clone()).await.unwrap_err();
            assert_eq!(reason(&status), "ROLE_NOT_ALLOWED", "{name}");
        }
        let unknown = pb::GetProviderReconciliationRequest { reconciliation_id: suite.resident().to_string() };
        let status = read(Office::MedicalInsurance, "bureau", unknown).await.unwrap_err();
        assert_eq!(reason(&status), "RECONCILIATION_NOT_FOUND");
    })
    .await;
}

/// Another hospital cannot state for a provider whose statements somebody sends already.
#[tokio::test]
async fn a_provider_is_spoken_for_by_one_office() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        state(&suite, "first", &[]).await;
        let request = statement(&suite, "other", &[]);
        let call = suite.reconciliations();
        let work = async move { { call }.submit_provider_totals(request).await };
        let refused = Suite::called(Office::Provider, Some(District::Jinghai), "another hospital", work).await;
        let info = refused.unwrap_err().get_details_error_info().unwrap();
        assert_eq!(info.reason, "ROLE_NOT_ALLOWED", "{}", suite.kind);
    })
    .await;
}

/// A repetition is answered, and another office refused, before a large period is added up: here it cannot be any more.
#[tokio::test]
async fn nobody_waits_for_sums_who_gets_none() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        let request = statement(&suite, "first", &[]);
        let first = submit(&suite, request.clone()).await.unwrap();
        let mut session = suite.database().await.begin().await.unwrap();
        session.execute("ALTER TABLE entry RENAME TO entry_before", Vec::new()).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(submit(&suite, request.clone()).await.unwrap(), first, "{}", suite.kind);
        // Not even whether the id was used is told to another office.
        let other = pb::SubmitProviderTotalsRequest { request_id: suite.request_id(), ..request };
        let submit_as = async |name, request| {
            let call = suite.reconciliations();
            let work = async move { { call }.submit_provider_totals(request).await };
            reason(&Suite::called(Office::Provider, Some(District::Jinghai), name, work).await.unwrap_err())
        };
        assert_eq!(submit_as("another hospital", other.clone()).await, "ROLE_NOT_ALLOWED", "{}", suite.kind);
        assert_eq!(submit_as("test", other).await, "STATEMENT_REUSED", "{}", suite.kind);
        let next = statement(&suite, "second", &[]);
        assert_eq!(submit_as("test", next).await, "STORAGE_UNAVAILABLE", "{}", suite.kind);
    })
    .await;
}
