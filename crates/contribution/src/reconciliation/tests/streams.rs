//! Streams of rows: cut off, sent again, contradicting themselves.

use std::time::Duration;

use juyi_domain::codes::Office;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tokio_stream::StreamExt;
use tonic_types::StatusExt;

use super::adds_up;
use super::suite::{JINGHAI, Suite, by, pieces, reasons, row};

/// Five payments, of which the third is not at the tax side and another one not here.
async fn day(suite: &Suite) -> Vec<pb::TaxRow> {
    let mut rows = Vec::new();
    for voucher in ["V-1", "V-2", "V-3", "V-4", "V-5"] {
        let payment = suite.payment(voucher);
        if voucher != "V-4" {
            suite.book(&payment).await;
        }
        if voucher != "V-3" {
            rows.push(row(&payment));
        }
    }
    suite.totals("S-1", &[("", 4, 4 * 560)]).await.unwrap();
    rows
}

#[tokio::test]
async fn a_stream_goes_on_after_what_has_come() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let rows = day(&suite).await;
        let whole = pieces("S-1", &[], &rows, 1);
        let half = suite.send(whole[..3].to_vec()).await.unwrap();
        assert_eq!((half.state(), half.rows_received, half.row_count), (pb::ReconciliationState::Receiving, 2, 4));
        assert!(suite.exceptions().await.is_empty(), "{}", on.kind);

        let gap = [vec![whole[0].clone()], whole[4..].to_vec()].concat();
        let refused = suite.send(gap).await.unwrap_err();
        assert_eq!(refused.get_error_details().error_info().unwrap().metadata["next_row"], "3", "{}", on.kind);
        assert_eq!(reasons::<()>(Err(refused)), "ORDER_VIOLATION", "{}", on.kind);

        let rest = [vec![whole[0].clone()], whole[3..].to_vec()].concat();
        let found = suite.send(rest).await.unwrap();
        assert_eq!((found.state(), found.exceptions), (pb::ReconciliationState::Compared, 2), "{}", on.kind);
        assert!(adds_up(&found), "{}", on.kind);
        let exceptions = suite.exceptions().await;

        // Everything once more, in other chunks: one effect.
        let again = suite.send(pieces("S-1", &[], &rows, 3)).await.unwrap();
        assert_eq!(again, found, "{}", on.kind);
        assert_eq!(suite.exceptions().await, exceptions, "{}", on.kind);
    }
}

#[tokio::test]
async fn a_caller_that_dies_in_the_middle_has_one_effect_with_its_successor() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let rows = day(&suite).await;
        let whole = pieces("S-1", &[], &rows, 2);
        let dying = tokio_stream::iter(whole[..2].to_vec()).chain(tokio_stream::pending());
        let mut client = suite.tax.clone();
        let call = by(Office::Tax, JINGHAI, client.submit_tax_details(dying));
        assert!(tokio::time::timeout(Duration::from_millis(500), call).await.is_err(), "{}", on.kind);
        assert!(suite.exceptions().await.is_empty(), "{}", on.kind);

        let (one, other) = tokio::join!(suite.send(whole.clone()), suite.send(whole.clone()));
        // Of two at once one may be told that the other came first.
        assert!(one.is_ok() || other.is_ok(), "{}: {one:?} {other:?}", on.kind);
        let found = suite.send(whole).await.unwrap();
        assert_eq!((found.rows_received, found.exceptions), (4, 2), "{}", on.kind);
        let exceptions = suite.exceptions().await;
        let facts: Vec<_> = exceptions.iter().map(|found| (found.state(), found.reopened)).collect();
        assert_eq!(facts, [(pb::ExceptionState::Open, 0), (pb::ExceptionState::Open, 0)], "{}", on.kind);
    }
}

#[tokio::test]
async fn rows_that_came_before_stay_as_they_were() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let mut rows = day(&suite).await;
        suite.send(pieces("S-1", &[], &rows, 2)[..2].to_vec()).await.unwrap();
        assert_eq!(reasons(suite.send(pieces("S-1", &[""], &rows, 2)).await), "STATEMENT_REUSED", "{}", on.kind);
        assert_eq!(reasons(suite.send(pieces("S-1", &[], &rows[..3], 2)).await), "STATEMENT_REUSED", "{}", on.kind);
        rows[1].amount_fen += 1;
        assert_eq!(reasons(suite.send(pieces("S-1", &[], &rows, 2)).await), "STATEMENT_REUSED", "{}", on.kind);
    }
}

#[tokio::test]
async fn rows_add_up_to_their_totals() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let mut rows = day(&suite).await;
    rows[3].amount_fen -= 100;
    rows[2].unit_id = "school".to_owned();
    let refused = suite.send(pieces("S-1", &[], &rows, 4)).await.unwrap_err();
    let metadata = refused.get_error_details().error_info().unwrap().metadata.clone();
    let facts = [metadata["unit_id"].as_str(), metadata["total_fen"].as_str(), metadata["rows_fen"].as_str()];
    assert_eq!(facts, ["", "224000", "167900"]);
    assert_eq!(reasons::<()>(Err(refused)), "AMOUNT_INCONSISTENT,AMOUNT_INCONSISTENT");
    assert!(suite.exceptions().await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_with_its_row() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let rows = day(&suite).await;
    let send = async |rows: &[pb::TaxRow], units: &[&str]| suite.send(pieces("S-1", units, rows, 4)).await.unwrap_err();
    let mut bad = rows.clone();
    bad[1] = pb::TaxRow { amount_fen: 0, booked_date: "2020-11-13".to_owned(), method: 99, ..bad[1].clone() };
    let refused = send(&bad, &[]).await;
    assert_eq!(refused.get_error_details().error_info().unwrap().metadata["row"], "2");
    assert_eq!(reasons::<()>(Err(refused)), "VALUE_NOT_ALLOWED,VALUE_NOT_ALLOWED,UNKNOWN_ENUM");
    bad[1].subject = None;
    assert!(reasons::<()>(Err(send(&bad, &[]).await)).starts_with("REQUIRED_FIELD_MISSING"));
    assert_eq!(reasons(suite.send(Vec::new()).await), "REQUIRED_FIELD_MISSING");
    assert_eq!(reasons(suite.send(pieces("S-9", &[], &rows, 4)).await), "RECONCILIATION_NOT_FOUND");
    let without_header = pieces("S-1", &[], &rows, 4)[1..].to_vec();
    assert_eq!(reasons(suite.send(without_header).await), "REQUIRED_FIELD_MISSING");
    let too_many = vec![rows[0].clone(); 501];
    assert_eq!(
        reasons(
            suite
                .send(
                    pieces("S-1", &[], &rows, 4)[..1]
                        .iter()
                        .cloned()
                        .chain(pieces("S-1", &[], &too_many, 501)[1..].iter().cloned())
                        .collect()
                )
                .await
        ),
        "VALUE_NOT_ALLOWED"
    );
}

#[tokio::test]
async fn rows_of_other_units_than_the_headers_are_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let rows = day(&suite).await;
    assert_eq!(reasons(suite.send(pieces("S-1", &["school"], &rows[..1], 4)).await), "VALUE_NOT_ALLOWED");
}

#[tokio::test]
async fn an_earlier_statement_does_not_undo_a_later_one() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let rows = day(&suite).await;
        let first = suite.send(pieces("S-1", &[], &rows, 2)).await.unwrap();
        suite.totals("S-2", &[]).await.unwrap();
        let late = suite.state("S-3", &rows[..1]).await.unwrap();
        assert_eq!(late.exceptions, 3, "{}", on.kind);
        let exceptions = suite.exceptions().await;
        assert_eq!(suite.send(pieces("S-1", &[], &rows, 2)).await.unwrap(), first, "{}", on.kind);
        assert_eq!(reasons(suite.send(pieces("S-2", &[], &[], 2)).await), "ORDER_VIOLATION", "{}", on.kind);
        assert_eq!(suite.exceptions().await, exceptions, "{}", on.kind);
    }
}
