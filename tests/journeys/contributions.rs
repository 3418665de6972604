//! What the tax side does all day: payments by the stream, a refund, the same premium paid anew, and the evening's
//! reconciliation; and what an unpaid person is told.

use juyi_domain::codes::{Office, PaymentMethod, RefundGround, RefundState};
use juyi_domain::contribution::reconciliation::ExceptionKind;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::submit_tax_details_request::Piece;
use juyi_proto::contribution::v1::tax_row::Subject;
use juyi_proto::registry::v1 as registry;
use juyi_tests::offices::{Clients, by, enrolment, payment, reason, register};
use juyi_tests::people::many;
use juyi_tests::suites;
use tokio_stream::StreamExt;

const DAY: &str = "2020-11-16";
const PREMIUM: i64 = 56_000;

/// A farmer of Duliu, enrolled in the middle tier and not yet paid for.
async fn enrolled(clients: &Clients, number: &str, change: impl Fn(&mut registry::EnrolRequest)) -> (String, String) {
    let resident_id = register(clients, number).await;
    let mut request = enrolment(&resident_id);
    change(&mut request);
    let answer = by(Office::Township, clients.registry.clone().enrol(request)).await.unwrap();
    (resident_id, answer.enrolment.unwrap().enrolment_id)
}

fn row(person: &(String, String), voucher: &str, amount_fen: i64) -> contribution::PaymentRow {
    contribution::PaymentRow {
        resident_id: person.0.clone(),
        enrolment_id: person.1.clone(),
        amount_fen,
        payment_date: DAY.to_owned(),
        method: PaymentMethod::MobileApp.to_wire(),
        voucher_number: voucher.to_owned(),
        ..Default::default()
    }
}

/// Sends a batch in one message and gives the dispositions.
async fn send(clients: &Clients, rows: &[contribution::PaymentRow]) -> contribution::ConfirmPaymentsResponse {
    let message = contribution::ConfirmPaymentsRequest { batch_id: "morning".to_owned(), rows: rows.to_vec() };
    let call = clients.contribution.clone().confirm_payments(tokio_stream::iter([message])).await;
    let mut answers = call.unwrap().into_inner();
    answers.next().await.unwrap().unwrap()
}

async fn stream(clients: &Clients, rows: &[contribution::PaymentRow]) -> contribution::ConfirmPaymentsResponse {
    let caller = juyi_kit::caller::Caller { office: Office::Tax, district: None, name: "test".to_owned() };
    juyi_kit::caller::Caller::scope(Some(caller), send(clients, rows)).await
}

fn dispositions(answer: &contribution::ConfirmPaymentsResponse) -> Vec<contribution::RowDisposition> {
    answer.outcomes.iter().map(contribution::PaymentRowOutcome::disposition).collect()
}

/// Withdraws a payment before benefits begin: the tax office accepts and verifies (J-3.5-a, J-3.5-b).
async fn refund(clients: &Clients, person: &(String, String)) -> contribution::Refund {
    let mut client = clients.refunds.clone();
    let request = contribution::ApplyRefundRequest {
        request_id: "withdraw".to_owned(),
        resident_id: person.0.clone(),
        enrolment_id: person.1.clone(),
        ground: RefundGround::Withdrawal.to_wire(),
        application_date: DAY.to_owned(),
        ..Default::default()
    };
    let refund = by(Office::Tax, client.apply_refund(request)).await.unwrap().refund.unwrap();
    let request = contribution::VerifyRefundRequest {
        request_id: "verify".to_owned(),
        resident_id: person.0.clone(),
        refund_id: refund.refund_id,
        decision: RefundState::Verified.to_wire(),
        ..Default::default()
    };
    by(Office::Tax, client.verify_refund(request)).await.unwrap().refund.unwrap()
}

async fn until_covered(clients: &Clients, person: &(String, String), covered: bool) {
    let waiting = async {
        while clients.coverage(&person.0, "2021-01-01").await.covered != covered {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.expect("coverage follows");
}

async fn account(clients: &Clients, person: &(String, String)) -> contribution::Account {
    let request = contribution::GetAccountRequest { resident_id: person.0.clone(), policy_year: 2021 };
    by(Office::Tax, clients.accounts.clone().get_account(request)).await.unwrap().account.unwrap()
}

/// J-3.3.6-a: each row for itself, a repetition without effect; J-3.5-a and paid anew; the account adds up.
#[tokio::test]
async fn a_stream_of_payments_a_refund_and_the_same_paid_anew() {
    use contribution::RowDisposition::{Confirmed, Refused, Repeated};
    for running in suites::on_each_database_at(DAY).await {
        let clients = Clients::new(&running.gateway);
        let numbers = many("120223", 3);
        let mut people = Vec::new();
        for number in &numbers {
            people.push(enrolled(&clients, number, |_| {}).await);
        }
        let rows = [
            row(&people[0], "V-1", PREMIUM),
            row(&people[1], "V-2", PREMIUM - 1),
            row(&people[2], "V-3", PREMIUM),
            row(&people[2], "V-4", PREMIUM),
        ];
        let answer = stream(&clients, &rows).await;
        assert_eq!(dispositions(&answer), [Confirmed, Refused, Confirmed, Refused], "{}", running.database);
        assert_eq!(answer.outcomes[1].reasons[0].metadata["due_fen"], PREMIUM.to_string());
        assert_eq!(answer.outcomes[1].reasons[0].metadata["paid_fen"], (PREMIUM - 1).to_string());
        let again = stream(&clients, &rows).await;
        assert_eq!(dispositions(&again), [Repeated, Refused, Repeated, Refused], "{}", running.database);
        assert_eq!(again.outcomes[0].payment_id, answer.outcomes[0].payment_id);

        let (first, last) = (&people[0], &people[2]);
        until_covered(&clients, first, true).await;
        until_covered(&clients, last, true).await;
        assert!(!clients.coverage(&people[1].0, "2021-01-01").await.covered);

        assert_eq!(refund(&clients, first).await.refund_fen, PREMIUM);
        until_covered(&clients, first, false).await;
        assert_eq!(account(&clients, first).await.outstanding_fen, -PREMIUM, "to be paid back");
        assert_eq!(dispositions(&stream(&clients, &[row(first, "V-5", PREMIUM)]).await), [Confirmed]);
        until_covered(&clients, first, true).await;
        let account = account(&clients, last).await;
        assert_eq!((account.enrolments.len(), account.outstanding_fen), (1, 0), "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}

/// Totals first, then rows; an exception is worked off with a reason.
#[tokio::test]
async fn the_evening_is_reconciled_with_the_tax_side() {
    for running in suites::on_each_database_at(DAY).await {
        let clients = Clients::new(&running.gateway);
        let numbers = many("120223", 2);
        let (first, second) =
            (enrolled(&clients, &numbers[0], |_| {}).await, enrolled(&clients, &numbers[1], |_| {}).await);
        stream(&clients, &[row(&first, "V-1", PREMIUM), row(&second, "V-2", PREMIUM)]).await;

        let totals = contribution::SubmitTaxTotalsRequest {
            request_id: "totals".to_owned(),
            statement_id: DAY.to_owned(),
            district: "120118".to_owned(),
            booked_date: DAY.to_owned(),
            totals: vec![contribution::TaxTotal { unit_id: String::new(), count: 2, sum_fen: PREMIUM + PREMIUM / 2 }],
        };
        let mut client = clients.reconciliation.clone();
        let outcome = by(Office::Tax, client.submit_tax_totals(totals)).await.unwrap().reconciliation.unwrap();
        assert_eq!((outcome.units_different, outcome.unexplained_fen), (1, -PREMIUM / 2), "{}", running.database);

        let tax_row = |person: &(String, String), voucher: &str, amount_fen| contribution::TaxRow {
            voucher_number: voucher.to_owned(),
            subject: Some(Subject::Enrolment(contribution::PaidEnrolment {
                resident_id: person.0.clone(),
                enrolment_id: person.1.clone(),
            })),
            amount_fen,
            booked_date: DAY.to_owned(),
            method: PaymentMethod::MobileApp.to_wire(),
            ..Default::default()
        };
        let header = contribution::TaxDetailsHeader {
            district: "120118".to_owned(),
            statement_id: DAY.to_owned(),
            unit_ids: vec![String::new()],
            row_count: 2,
        };
        let rows = vec![tax_row(&first, "V-1", PREMIUM), tax_row(&second, "V-2", PREMIUM / 2)];
        let pieces = [Piece::Header(header), Piece::Chunk(contribution::TaxRowChunk { first_row: 1, rows })];
        let pieces = pieces.map(|piece| contribution::SubmitTaxDetailsRequest { piece: Some(piece) });
        let answer = by(Office::Tax, client.submit_tax_details(tokio_stream::iter(pieces))).await.unwrap();
        let found = answer.reconciliation.unwrap();
        assert_eq!((found.exceptions, found.explained_fen, found.unexplained_fen), (1, -PREMIUM / 2, 0));

        let request = contribution::ListReconciliationExceptionsRequest {
            district: "120118".to_owned(),
            booked_date: DAY.to_owned(),
            ..Default::default()
        };
        let page = by(Office::Tax, client.list_reconciliation_exceptions(request)).await.unwrap().exceptions;
        assert_eq!((page.len(), page[0].kind), (1, ExceptionKind::Under.to_wire()), "{}", running.database);
        let resolve = contribution::ResolveExceptionRequest {
            request_id: "resolve".to_owned(),
            exception_id: page[0].exception_id.clone(),
            etag: page[0].etag.clone(),
            resolution: "the bank books the rest tomorrow".to_owned(),
        };
        let resolved = by(Office::Tax, client.resolve_exception(resolve.clone())).await.unwrap().exception.unwrap();
        assert_eq!(resolved.state, contribution::ExceptionState::Resolved as i32);
        let late = contribution::ResolveExceptionRequest { request_id: "again".to_owned(), ..resolve };
        assert_eq!(reason(&by(Office::Tax, client.resolve_exception(late)).await.unwrap_err()), "ORDER_VIOLATION");
        running.suite.stop().await.unwrap();
    }
}

/// J-4.1.1-b: whoever enrolled late and was not insured the year before can pay until 30 June and is covered from the
/// fourth month on; the answer of a day without cover says so.
#[tokio::test]
async fn an_unpaid_person_is_told_until_when_to_pay_and_from_when_it_counts() {
    for running in suites::on_each_database_at("2021-02-26").await {
        let clients = Clients::new(&running.gateway);
        let person = enrolled(&clients, &many("120223", 1)[0], |request| {
            request.application_date = "2021-02-26".to_owned();
            request.previous_year = registry::PreviousYear::NotInsured.into();
        })
        .await;
        let answer = clients.coverage(&person.0, "2021-03-01").await;
        assert!(!answer.covered);
        let reason = &answer.reasons[0];
        assert_eq!(reason.reason, "NOT_ENROLLED", "{:?}", answer.reasons);
        let told = |key: &str| reason.metadata.get(key).map(String::as_str);
        assert_eq!((told("remedy"), told("pay_by")), (Some("PAY"), Some("2021-06-30")), "{:?}", reason.metadata);
        assert_eq!(told("covered_from"), Some("2021-09-01"), "{:?}", reason.metadata);
        assert_eq!(told("covered_from_first"), Some("2021-05-01"), "{:?}", reason.metadata);

        let paid = contribution::ConfirmPaymentRequest {
            payment_date: "2021-02-26".to_owned(),
            ..payment(&person.0, &person.1)
        };
        by(Office::Tax, clients.contribution.clone().confirm_payment(paid)).await.unwrap();
        clients.await_coverage(&person.0, "2021-05-01").await;
        let request = benefit_period::ExplainCoverageRequest { resident_id: person.0.clone() };
        let explained =
            by(Office::SocialInsurance, clients.benefit_period.clone().explain_coverage(request)).await.unwrap();
        assert_eq!((explained.payments.len(), explained.recomputations.len()), (1, 1), "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}
