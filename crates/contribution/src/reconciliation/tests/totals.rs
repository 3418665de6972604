//! Totals: what is compared, and who may ask.

use juyi_domain::codes::{District, Office, PaymentMethod};
use juyi_domain::contribution::prepayment::Term;
use juyi_domain::money::Fen;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::adds_up;
use super::suite::{DAY, JINGHAI, Suite, by, reasons, row};
use crate::store::payments::Payment;
use crate::store::prepayments::{self, Prepayment};

fn outcomes(found: &pb::Reconciliation) -> Vec<(&str, i64, i64, bool)> {
    let of = |unit: &'_ pb::UnitOutcome| (unit.own_count, unit.own_fen / 100, unit.matched);
    found.units.iter().map(|unit| (unit.unit_id.as_str(), of(unit).0, of(unit).1, of(unit).2)).collect()
}

/// J-A1.3-k; J-3.3.1-c: a unit's payment is one, J-2.3-j and J-3.3.4-a are not the tax side's, a refund of that day is a
/// reversal, whatever day was refunded.
#[tokio::test]
async fn units_match_or_differ() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let declaration = Some(suite.context.id());
        for _ in 0..3 {
            suite.book(&suite.of_unit("U-1", "school", declaration)).await;
        }
        let (plain, refunded) = (suite.payment("V-1"), suite.payment("V-2"));
        let before = Payment { paid_on: "2020-11-02".parse().unwrap(), ..suite.payment("V-3") };
        for payment in [&plain, &refunded, &before] {
            suite.book(payment).await;
        }
        let others = [(PaymentMethod::GovernmentSubsidy, 0, "S-1"), (PaymentMethod::PensionDeduction, 280, "D-1")];
        for (method, amount, voucher) in others {
            let payment = Payment { method, amount: Fen::yuan(amount), ..suite.payment(voucher) };
            suite.book(&payment).await;
        }
        suite.book(&Payment { district: District::Nankai, ..suite.payment("V-4") }).await;
        suite.refund(&refunded, "2020-12-01").await;
        suite.refund(&before, DAY).await;

        let found = suite.totals("S-1", &[("", 3, 560), ("school", 1, 1_680)]).await.unwrap();
        assert_eq!(outcomes(&found), [("", 3, 560, true), ("school", 1, 1_680, true)], "{}", on.kind);
        assert_eq!((found.units_different, found.unexplained_fen), (0, 0), "{}", on.kind);
        let found = suite.totals("S-2", &[("", 2, 1_120), ("nursery", 1, 260)]).await.unwrap();
        let expected = [("", 3, 560, false), ("nursery", 0, 0, false), ("school", 1, 1_680, false)];
        assert_eq!(outcomes(&found), expected, "{}", on.kind);
        assert_eq!((found.units_different, found.unexplained_fen / 100), (3, 560 + 260 - 1_680), "{}", on.kind);
        assert!(adds_up(&found), "{}", on.kind);
    }
}

/// J-3.3.3-a: the tax side took three years at once; the payment has the first of them.
#[tokio::test]
async fn a_prepayment_is_compared_as_it_was_taken() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let payment = Payment { method: PaymentMethod::Prepayment, amount: Fen::yuan(260), ..suite.payment("V-1") };
        suite.book(&payment).await;
        let prepaid = Prepayment {
            resident_id: payment.resident_id,
            id: suite.context.id(),
            enrolment_id: Some(payment.enrolment_id),
            district: payment.district,
            term: Term { first_year: 2021, last_year: 2023, academic_years: 3 },
            amount: Fen::yuan(780),
            paid_on: payment.paid_on,
            voucher_number: payment.voucher_number.clone(),
            receipt: payment.quote.receipt.clone(),
            recorded_by: payment.recorded_by.clone(),
            created_at: payment.created_at,
        };
        let mut session = suite.database.begin().await.unwrap();
        prepayments::insert(&mut session, &prepaid).await.unwrap();
        session.commit().await.unwrap();
        let taken = pb::TaxRow { amount_fen: 78_000, ..row(&payment) };
        let found = suite.state("S-1", &[taken]).await.unwrap();
        assert_eq!(outcomes(&found), [("", 1, 780, true)], "{}", on.kind);
        assert_eq!(found.exceptions, 0, "{}", on.kind);
        suite.state("S-2", &[]).await.unwrap();
        assert_eq!(suite.exceptions().await[0].difference_fen, -78_000, "{}", on.kind);
    }
}

#[tokio::test]
async fn a_statement_is_one_however_often_it_is_sent() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        let first = suite.totals_again("one", "S-1", &[("", 1, 560)]).await.unwrap();
        assert_eq!(first.units_different, 1, "{}", on.kind);
        suite.book(&suite.payment("V-1")).await;
        assert_eq!(suite.totals_again("one", "S-1", &[("", 1, 560)]).await.unwrap(), first, "{}", on.kind);
        let again = suite.totals("S-1", &[("", 1, 560)]).await.unwrap();
        assert_eq!((&again.reconciliation_id, again.units_different), (&first.reconciliation_id, 0), "{}", on.kind);

        assert_eq!(reasons(suite.totals("S-1", &[("", 1, 561)]).await), "STATEMENT_REUSED", "{}", on.kind);
        assert_eq!(reasons(suite.totals("S-1", &[("", 1, 560), ("u", 1, 1)]).await), "STATEMENT_REUSED");
        assert_eq!(reasons(suite.totals_again("one", "S-1", &[]).await), "REQUEST_ID_REUSED", "{}", on.kind);
    }
}

#[tokio::test]
async fn fields_are_refused_together() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let total = |count| pb::TaxTotal { unit_id: "u".to_owned(), count, sum_fen: 1 };
    let request = pb::SubmitTaxTotalsRequest {
        request_id: "one".to_owned(),
        statement_id: String::new(),
        district: JINGHAI.to_string(),
        booked_date: "2021-03-02".to_owned(),
        totals: vec![total(1), total(-1)],
    };
    let answer = by(Office::Tax, JINGHAI, suite.tax.clone().submit_tax_totals(request)).await;
    assert_eq!(reasons(answer), "REQUIRED_FIELD_MISSING,DATE_ORDER,VALUE_NOT_ALLOWED,VALUE_NOT_ALLOWED");
}

/// J-A1.3-k: the tax side states; the agencies read with it, each in its district.
#[tokio::test]
async fn each_office_has_its_part() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on).await;
    let id = suite.totals("S-1", &[("", 1, 560)]).await.unwrap().reconciliation_id;
    let get = async |office, district| {
        let request = pb::GetReconciliationRequest { reconciliation_id: id.clone() };
        by(office, district, suite.tax.clone().get_reconciliation(request)).await.map(tonic::Response::into_inner)
    };
    for office in [Office::Tax, Office::SocialInsurance, Office::MedicalInsurance] {
        assert_eq!(get(office, JINGHAI).await.unwrap().reconciliation.unwrap().units.len(), 1);
        assert_eq!(reasons(get(office, District::Nankai).await), "ROLE_NOT_ALLOWED");
    }
    assert_eq!(reasons(get(Office::Township, JINGHAI).await), "ROLE_NOT_ALLOWED");
    let request = pb::SubmitTaxTotalsRequest {
        request_id: "two".to_owned(),
        statement_id: "S-2".to_owned(),
        district: JINGHAI.to_string(),
        booked_date: DAY.to_owned(),
        totals: Vec::new(),
    };
    for (office, district) in [(Office::SocialInsurance, JINGHAI), (Office::Tax, District::Nankai)] {
        let answer = by(office, district, suite.tax.clone().submit_tax_totals(request.clone())).await;
        assert_eq!(reasons(answer), "ROLE_NOT_ALLOWED", "{office}");
    }
    let unknown = pb::GetReconciliationRequest { reconciliation_id: "00000000-0000-7000-8000-000000000001".to_owned() };
    let answer = by(Office::Tax, JINGHAI, suite.tax.clone().get_reconciliation(unknown)).await;
    assert_eq!(reasons(answer), "RECONCILIATION_NOT_FOUND");
}

#[tokio::test]
async fn reconciliations_are_paged_from_the_newest() {
    for on in &targets().await {
        let suite = Suite::start(on).await;
        for statement_id in ["S-1", "S-2", "S-3"] {
            suite.totals(statement_id, &[]).await.unwrap();
        }
        let list = async |page_token: String| {
            let request = pb::ListReconciliationsRequest {
                district: JINGHAI.to_string(),
                booked_date: DAY.to_owned(),
                state: pb::ReconciliationState::Totals.into(),
                page_size: 2,
                page_token,
            };
            by(Office::Tax, JINGHAI, suite.tax.clone().list_reconciliations(request)).await.unwrap().into_inner()
        };
        let first = list(String::new()).await;
        let ids = |page: &pb::ListReconciliationsResponse| -> Vec<String> {
            page.reconciliations.iter().map(|found| found.statement_id.clone()).collect()
        };
        assert_eq!(ids(&first), ["S-3", "S-2"], "{}", on.kind);
        let second = list(first.next_page_token).await;
        assert_eq!((ids(&second), second.next_page_token), (vec!["S-1".to_owned()], String::new()), "{}", on.kind);
    }
}
