//! Exceptions: found, resolved, cleared, opened again.

use juyi_domain::codes::{District, Office};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::tax_row::Subject;
use juyi_testkit::targets;
use tonic::Status;

use super::suite::{DAY, JINGHAI, Suite, by, pieces, reasons, reversal, row};
use super::{adds_up, written};

async fn resolve(
    suite: &Suite,
    request_id: &str,
    exception: &pb::ReconciliationException,
) -> Result<pb::ReconciliationException, Status> {
    let request = pb::ResolveExceptionRequest {
        request_id: request_id.to_owned(),
        exception_id: exception.exception_id.clone(),
        etag: exception.etag.clone(),
        resolution: "booked on the next day".to_owned(),
    };
    let answer = by(Office::SocialInsurance, JINGHAI, suite.tax.clone().resolve_exception(request)).await?;
    Ok(answer.into_inner().exception.unwrap())
}

/// J-A1.3-k: every way to differ, with reversals and a declaration (J-3.3.1-c), and sums that are kept.
#[tokio::test]
async fn rows_show_what_differs() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let [same, missing_at_tax, over, under, twice, unknown, refunded] =
            ["V-1", "V-2", "V-3", "V-4", "V-5", "V-6", "V-7"].map(|voucher| suite.payment(voucher));
        for payment in [&same, &missing_at_tax, &over, &under, &twice, &refunded] {
            suite.book(payment).await;
        }
        let refund = suite.refund(&refunded, DAY).await;
        let declaration = suite.context.id();
        for _ in 0..3 {
            suite.book(&suite.of_unit("U-1", "school", Some(declaration))).await;
        }
        let of_school = pb::TaxRow {
            voucher_number: "U-1".to_owned(),
            unit_id: "school".to_owned(),
            subject: Some(Subject::DeclarationId(declaration.to_string())),
            amount_fen: 168_000,
            ..row(&same)
        };
        let rows = [
            row(&same),
            pb::TaxRow { amount_fen: 60_000, ..row(&over) },
            of_school,
            pb::TaxRow { amount_fen: 50_000, ..row(&under) },
            row(&twice),
            row(&unknown),
            row(&refunded),
            pb::TaxRow { amount_fen: -50_000, ..reversal(&refunded, refund) },
            row(&twice),
        ];
        let found = suite.state("S-1", &rows).await.unwrap();
        let exceptions = suite.exceptions().await;
        let expected = [
            "DUPLICATE OPEN 560",
            "MISSING_AT_TAX OPEN -560",
            "MISSING_HERE OPEN 560",
            "OVER OPEN 40",
            "OVER OPEN 60",
            "UNDER OPEN -60",
        ];
        assert_eq!(written(&exceptions), expected, "{}", on.kind);
        let carried: i64 = exceptions.iter().map(|exception| exception.difference_fen).sum();
        assert_eq!((found.explained_fen, found.exceptions, found.unexplained_fen), (carried, 6, 0), "{}", on.kind);
        assert!(adds_up(&found) && carried != 0, "{}", on.kind);
        let missing = exceptions.iter().find(|exception| exception.voucher_number == "V-2").unwrap();
        assert_eq!(missing.enrolment_id, missing_at_tax.enrolment_id.to_string(), "{}", on.kind);
        assert_eq!(missing.resident_id, missing_at_tax.resident_id.to_string(), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_unit_that_is_not_asked_for_stays_unexplained() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let (mine, of_unit) = (suite.payment("V-1"), suite.of_unit("V-2", "school", None));
        suite.book(&mine).await;
        suite.book(&of_unit).await;
        suite.totals("S-1", &[("", 2, 1_120), ("school", 0, 0)]).await.unwrap();
        let rows = [row(&mine), row(&suite.payment("V-3"))];
        let found = suite.send(pieces("S-1", &[""], &rows, 2)).await.unwrap();
        assert_eq!((found.explained_fen, found.unexplained_fen), (56_000, -56_000), "{}", on.kind);
        assert!(adds_up(&found), "{}", on.kind);
        let compared: Vec<_> = found.units.iter().map(|unit| (unit.unit_id.as_str(), unit.compared)).collect();
        assert_eq!(compared, [("", true), ("school", false)], "{}", on.kind);
    }
}

#[tokio::test]
async fn a_corrected_statement_closes_what_no_longer_differs() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let [one, other, third] = ["V-1", "V-2", "V-3"].map(|voucher| suite.payment(voucher));
        for payment in [&one, &other, &third] {
            suite.book(payment).await;
        }
        suite.state("S-1", &[]).await.unwrap();
        let exceptions = suite.exceptions().await;
        assert_eq!(exceptions.len(), 3, "{}", on.kind);
        let of = |voucher: &str, exceptions: &[pb::ReconciliationException]| {
            exceptions.iter().find(|exception| exception.voucher_number == voucher).unwrap().clone()
        };
        for voucher in ["V-1", "V-2"] {
            resolve(&suite, voucher, &of(voucher, &exceptions)).await.unwrap();
        }

        // V-1 differs as before, V-2 by another amount, V-3 no longer.
        let rows = [pb::TaxRow { amount_fen: 10_000, ..row(&other) }, row(&third)];
        suite.state("S-2", &rows).await.unwrap();
        let now = suite.exceptions().await;
        let expected = [
            "MISSING_AT_TAX CLEARED -560",
            "MISSING_AT_TAX CLEARED -560",
            "MISSING_AT_TAX RESOLVED -560",
            "UNDER OPEN -460",
        ];
        assert_eq!(written(&now), expected, "{}", on.kind);
        assert_eq!(of("V-1", &now).state(), pb::ExceptionState::Resolved, "{}", on.kind);
        assert_eq!(of("V-1", &now).resolution, "booked on the next day", "{}", on.kind);

        // What was resolved and cleared comes back as it was; what was only cleared opens again.
        suite.state("S-3", &[]).await.unwrap();
        let now = suite.exceptions().await;
        let states = |voucher| (of(voucher, &now).state(), of(voucher, &now).reopened);
        assert_eq!(states("V-1"), (pb::ExceptionState::Resolved, 0), "{}", on.kind);
        assert_eq!(states("V-2"), (pb::ExceptionState::Resolved, 0), "{}", on.kind);
        assert_eq!(states("V-3"), (pb::ExceptionState::Open, 1), "{}", on.kind);

        // A resolved one opens again when its amounts change: it was paid back the same day.
        suite.state("S-4", &[row(&one), row(&other), row(&third)]).await.unwrap();
        let more = [row(&one), row(&one), row(&other), row(&third)];
        suite.state("S-5", &more).await.unwrap();
        let duplicate = suite.exceptions().await.into_iter().find(|found| found.kind() == pb::ExceptionKind::Duplicate);
        resolve(&suite, "duplicate", &duplicate.unwrap()).await.unwrap();
        suite.state("S-6", &[&more[..], &[row(&one)]].concat()).await.unwrap();
        let now = suite.exceptions().await;
        let duplicate = now.iter().find(|found| found.kind() == pb::ExceptionKind::Duplicate).unwrap();
        let facts = (duplicate.state(), duplicate.reopened, duplicate.entries, duplicate.resolved_by.is_none());
        assert_eq!(facts, (pb::ExceptionState::Open, 1, 2, true), "{}", on.kind);
    }
}

#[tokio::test]
async fn an_exception_is_resolved_once_by_who_read_it() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        suite.book(&suite.payment("V-1")).await;
        suite.state("S-1", &[]).await.unwrap();
        let found = suite.exceptions().await.remove(0);
        let old = pb::ReconciliationException { etag: "7".to_owned(), ..found.clone() };
        assert_eq!(reasons(resolve(&suite, "old", &old).await), "REVISION_CONFLICT", "{}", on.kind);
        let resolved = resolve(&suite, "one", &found).await.unwrap();
        assert_eq!(resolved.resolved_by.as_ref().unwrap().office(), juyi_proto::common::v1::Office::SocialInsurance);
        assert_eq!(resolve(&suite, "one", &found).await.unwrap(), resolved, "{}", on.kind);
        assert_eq!(suite.exceptions().await, std::slice::from_ref(&resolved), "{}", on.kind);
        assert_eq!(reasons(resolve(&suite, "two", &resolved).await), "ORDER_VIOLATION", "{}", on.kind);
        let unknown = pb::ReconciliationException {
            exception_id: "00000000-0000-7000-8000-000000000001".to_owned(),
            ..found.clone()
        };
        assert_eq!(reasons(resolve(&suite, "three", &unknown).await), "EXCEPTION_NOT_FOUND", "{}", on.kind);
        let request = pb::ResolveExceptionRequest {
            request_id: "four".to_owned(),
            exception_id: found.exception_id,
            etag: found.etag,
            resolution: "elsewhere".to_owned(),
        };
        let elsewhere = by(Office::Tax, District::Nankai, suite.tax.clone().resolve_exception(request)).await;
        assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED", "{}", on.kind);
    }
}

#[tokio::test]
async fn exceptions_are_filtered_and_paged() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        for voucher in ["V-1", "V-2"] {
            suite.book(&suite.payment(voucher)).await;
        }
        suite.book(&suite.of_unit("V-3", "school", None)).await;
        suite.state("S-1", &[row(&suite.payment("V-4"))]).await.unwrap();
        let list = async |request: pb::ListReconciliationExceptionsRequest| {
            let request = pb::ListReconciliationExceptionsRequest { district: JINGHAI.to_string(), ..request };
            let reply = by(Office::Tax, JINGHAI, suite.tax.clone().list_reconciliation_exceptions(request)).await;
            reply.unwrap().into_inner()
        };
        let none = pb::ListReconciliationExceptionsRequest::default;
        let missing = pb::ExceptionKind::MissingAtTax.into();
        let counts = [
            list(pb::ListReconciliationExceptionsRequest { kind: missing, ..none() }).await.exceptions.len(),
            list(pb::ListReconciliationExceptionsRequest { individuals: true, ..none() }).await.exceptions.len(),
            list(pb::ListReconciliationExceptionsRequest { unit_id: "school".into(), ..none() }).await.exceptions.len(),
            list(pb::ListReconciliationExceptionsRequest { booked_date: "2020-11-13".into(), ..none() })
                .await
                .exceptions
                .len(),
        ];
        assert_eq!(counts, [3, 3, 1, 0], "{}", on.kind);
        let resolved = pb::ExceptionState::Resolved.into();
        let page = list(pb::ListReconciliationExceptionsRequest { state: resolved, ..none() }).await;
        assert!(page.exceptions.is_empty(), "{}", on.kind);
        let first = list(pb::ListReconciliationExceptionsRequest { page_size: 3, ..none() }).await;
        let token = first.next_page_token.clone();
        let second = list(pb::ListReconciliationExceptionsRequest { page_size: 3, page_token: token, ..none() }).await;
        assert_eq!((first.exceptions.len(), second.exceptions.len()), (3, 1), "{}", on.kind);
    }
}
