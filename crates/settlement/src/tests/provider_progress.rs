//! Comparisons of statements that are broken off, sent again, and made twice at once. In tests a step has two of anything.

use std::collections::BTreeSet;

use juyi_domain::codes::{District, Office};
use juyi_domain::id::ReconciliationId;
use juyi_proto::settlement::v1 as pb;
use tonic_types::StatusExt;

use super::provider_dues::amounts;
use super::provider_statements::{conserves, exceptions, row, send, state, stated, statement, submit};
use super::{Stay, Suite, with_suites};
use crate::reconciliation::statements::REPETITIONS;
use crate::reconciliation::{Reconciliations, compare};
use crate::store::{provider_posted, provider_reconciliations};

async fn desk(suite: &Suite) -> Reconciliations {
    Reconciliations::new(suite.database().await, suite.context.clone())
}

/// What was found, without ids and instants.
async fn found(suite: &Suite, of: &pb::ProviderReconciliation) -> BTreeSet<(String, i32, i64)> {
    let found = exceptions(suite, of, false).await;
    conserves(of, &found);
    let distinct: BTreeSet<_> =
        found.iter().map(|it| (it.settlement_id.clone(), it.kind, it.funds_difference_fen)).collect();
    assert_eq!(distinct.len(), found.len(), "an exception was found twice");
    distinct
}

/// January: seven settlements, one with an adjustment, one reversed; of the rows one is too high, one is there three times,
/// one is missing, one is nobody's.
async fn january(suite: &Suite) -> Vec<pb::ProviderRow> {
    let mut rows = Vec::new();
    for month in 1..=5 {
        let stay = Stay::on(&format!("{month:02}-01"), 10_000 + month * 1_000);
        rows.push(stated(&suite.settle(suite.resident(), &stay).await));
    }
    let resident = suite.resident();
    let later = suite.settle(resident, &Stay::on("06-01", 60_000)).await;
    // Filed late, it takes the deductible from the later one.
    let earlier = suite.settle(resident, &Stay::on("03-01", 20_000)).await;
    let adjusted = suite.get(resident, &later.settlement_id).await;
    assert_eq!(adjusted.entries.len(), 2);
    let reversed = suite.settle(suite.resident(), &Stay::on("07-01", 5_000)).await;
    suite.reverse(reversed.resident_id.parse().unwrap(), &reversed.settlement_id).await;
    rows.extend([stated(&adjusted), stated(&earlier)]);
    rows[0].amounts.as_mut().unwrap().basic_fund_fen += 100;
    rows.extend([rows[1].clone(), rows[1].clone()]);
    rows.remove(2);
    rows.push(row("nobody", amounts(&earlier.shares.unwrap())));
    suite.clock.set_day("2022-02-10");
    rows
}

fn last_chunk(suite: &Suite, of: &str, rows: &[pb::ProviderRow]) -> pb::SubmitProviderRowsRequest {
    pb::SubmitProviderRowsRequest {
        request_id: suite.request_id(),
        reconciliation_id: of.to_owned(),
        row_count: i64::try_from(rows.len()).unwrap(),
        first_row: 1,
        rows: rows.to_vec(),
    }
}

/// Every row has come, and the process is killed before it compares.
async fn received(suite: &Suite, id: &str, rows: &[pb::ProviderRow]) -> pb::SubmitProviderRowsRequest {
    let totals = submit(suite, statement(suite, id, rows)).await.unwrap();
    let request = last_chunk(suite, &totals.reconciliation_id, rows);
    let desk = desk(suite).await;
    Suite::hospital(desk.take_rows_alone(request.clone())).await.unwrap();
    request
}

async fn get(suite: &Suite, id: &str) -> pb::ProviderReconciliation {
    let request = pb::GetProviderReconciliationRequest { reconciliation_id: id.to_owned() };
    let call = suite.reconciliations();
    let work = async move { { call }.get_provider_reconciliation(request).await };
    Suite::called(Office::MedicalInsurance, Some(District::Jinghai), "bureau", work)
        .await
        .unwrap()
        .into_inner()
        .reconciliation
        .unwrap()
}

/// Wherever it was killed, the last chunk sent again brings it to the one end, with nothing found twice.
#[tokio::test]
async fn a_comparison_killed_anywhere_goes_on_there() {
    with_suites("", |suite| async move {
        let rows = january(&suite).await;
        let whole = state(&suite, "undisturbed", &rows).await;
        let expected = found(&suite, &whole).await;
        let kinds: BTreeSet<_> = expected.iter().map(|(_, kind, _)| *kind).collect();
        assert_eq!((expected.len(), kinds.len()), (4, 4), "{expected:?}");
        let desk = desk(&suite).await;
        for steps in 0.. {
            let request = received(&suite, &format!("killed after {steps}"), &rows).await;
            let id: ReconciliationId = request.reconciliation_id.parse().unwrap();
            let mut taken = 0;
            while taken < steps && compare::step(&desk, id).await.unwrap() {
                taken += 1;
            }
            let before = get(&suite, &request.reconciliation_id).await;
            let is_done = before.state() == pb::ProviderReconciliationState::Compared;
            if !is_done {
                assert_eq!(before.state(), pb::ProviderReconciliationState::Comparing);
                assert!(before.exceptions <= whole.exceptions);
            }
            let call = suite.reconciliations();
            let again = request.clone();
            let work = async move { { call }.submit_provider_rows(again).await };
            let after = Suite::hospital(work).await.unwrap().into_inner().reconciliation.unwrap();
            assert_eq!(after.state(), pb::ProviderReconciliationState::Compared, "{} {steps}", suite.kind);
            assert_eq!((after.exceptions, &after.totals), (whole.exceptions, &whole.totals));
            assert_eq!(found(&suite, &after).await, expected, "{} {steps}", suite.kind);
            // Once more, and nothing happens.
            assert!(!compare::step(&desk, id).await.unwrap());
            assert_eq!(get(&suite, &request.reconciliation_id).await, after);
            if is_done {
                // Ten entries and ten rows, two at a time.
                assert!(steps > 8, "{steps}");
                return;
            }
        }
    })
    .await;
}

/// Two processes at once take each step once; nobody has to send anything again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_at_once_find_everything_once() {
    with_suites("", |suite| async move {
        let rows = january(&suite).await;
        let expected = found(&suite, &state(&suite, "undisturbed", &rows).await).await;
        let request = received(&suite, "twice", &rows).await;
        let other = received(&suite, "later", &rows).await;
        let (one, two) = (desk(&suite).await, desk(&suite).await);
        let all = |desk: Reconciliations| tokio::spawn(async move { compare::all(&desk).await });
        let (one, two) = (all(one), all(two));
        one.await.unwrap().unwrap();
        two.await.unwrap().unwrap();
        let (earlier, later) =
            (get(&suite, &request.reconciliation_id).await, get(&suite, &other.reconciliation_id).await);
        assert_eq!(found(&suite, &earlier).await, expected, "{}", suite.kind);
        assert_eq!(found(&suite, &later).await, expected);
        // Whichever ended first, the later statement is the one that counts.
        use pb::ProviderReconciliationState::{Compared, Superseded};
        assert_eq!((earlier.state(), later.state()), (Superseded, Compared), "{}", suite.kind);
    })
    .await;
}

/// A statement that was compared after a later one has nothing to say; sums are kept from chunk to chunk.
#[tokio::test]
async fn the_later_statement_counts_in_any_order() {
    with_suites("", |suite| async move {
        let rows = january(&suite).await;
        let count = i64::try_from(rows.len()).unwrap();
        let earlier = submit(&suite, statement(&suite, "earlier", &rows)).await.unwrap();
        let part = send(&suite, &earlier, (1, count), &rows[..3]).await.unwrap();
        assert_eq!(part.state(), pb::ProviderReconciliationState::Receiving);
        let later = state(&suite, "later", &rows).await;
        let mut wrong = rows[3..].to_vec();
        wrong[0].amounts.as_mut().unwrap().person_fen += 1;
        let refused = send(&suite, &earlier, (4, count), &wrong).await.unwrap_err();
        assert_eq!(super::provider_statements::reason(&refused), "AMOUNT_INCONSISTENT");
        let ended = send(&suite, &earlier, (4, count), &rows[3..]).await.unwrap();
        assert_eq!(ended.state(), pb::ProviderReconciliationState::Superseded, "{}", suite.kind);
        assert_eq!(get(&suite, &later.reconciliation_id).await, later);
    })
    .await;
}

/// However often a provider repeats itself, no step has more rows than a page and those of one settlement: 20,000 rows, of
/// each settlement as many as may be.
#[tokio::test]
async fn a_statement_that_repeats_itself_is_compared_in_steps() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        let one = pb::PayerAmounts { basic_fund_fen: 100, ..Default::default() };
        // The rows of a settlement lie far apart.
        let rows: Vec<_> = (0..20_000).map(|number| row(&format!("S-{:03}", number % 200), one)).collect();
        let totals = submit(&suite, statement(&suite, "repeated", &rows)).await.unwrap();
        let id: ReconciliationId = totals.reconciliation_id.parse().unwrap();
        let desk = desk(&suite).await;
        for (chunk, first_row) in rows.chunks(1_000).zip((1..).step_by(1_000)) {
            let request = pb::SubmitProviderRowsRequest {
                row_count: 20_000,
                first_row,
                ..last_chunk(&suite, &totals.reconciliation_id, chunk)
            };
            Suite::hospital(desk.take_rows_alone(request)).await.unwrap();
        }
        let database = suite.database().await;
        let (mut after, mut read) = (String::new(), 0);
        loop {
            let session = &mut database.read().await.unwrap();
            let to = provider_posted::maybe_bound(session, id, &after, 150).await.unwrap();
            let page = provider_reconciliations::rows_between(session, id, (&after, to.as_deref())).await.unwrap();
            assert!(page.len() <= 150 + 100, "{}: {}", suite.kind, page.len());
            read += page.len();
            match to {
                Some(to) => after = to,
                None => break,
            }
        }
        assert_eq!(read, 20_000, "{}", suite.kind);
        compare::run(&desk, id).await.unwrap();
        let compared = get(&suite, &totals.reconciliation_id).await;
        assert_eq!(compared.state(), pb::ProviderReconciliationState::Compared);
        // Each is unknown here, and there too often.
        assert_eq!(compared.exceptions, 400, "{}", suite.kind);
    })
    .await;
}

/// A settlement that is stated once more than may be is refused, within a chunk and across chunks; and nothing of it stays.
#[tokio::test]
async fn a_settlement_repeated_without_end_is_refused() {
    with_suites("", |suite| async move {
        suite.clock.set_day("2022-02-10");
        let one = pb::PayerAmounts { basic_fund_fen: 100, ..Default::default() };
        let rows = vec![row("S", one); 20_000];
        let totals = submit(&suite, statement(&suite, "endless", &rows)).await.unwrap();
        let most = usize::try_from(REPETITIONS).unwrap();
        let refused = async |first, rows: &[pb::ProviderRow]| {
            let status = send(&suite, &totals, (first, 20_000), rows).await.unwrap_err();
            let info = status.get_details_error_info().unwrap();
            (info.reason, info.metadata["row"].clone())
        };
        let expected = |row: &str| ("VALUE_NOT_ALLOWED".to_owned(), row.to_owned());
        assert_eq!(refused(1, &rows[..1_000]).await, expected("1"), "{}", suite.kind);
        assert_eq!(refused(1, &rows[..=most]).await, expected("1"), "{}", suite.kind);
        let taken = send(&suite, &totals, (1, 20_000), &rows[..most]).await.unwrap();
        assert_eq!(taken.rows_received, REPETITIONS);
        let other = [row("T", one), row("S", one)];
        assert_eq!(refused(REPETITIONS + 1, &other).await, expected("102"), "{}", suite.kind);
        let taken = send(&suite, &totals, (REPETITIONS + 1, 20_000), &other[..1]).await.unwrap();
        assert_eq!(taken.rows_received, REPETITIONS + 1, "{}", suite.kind);
    })
    .await;
}
