//! The repository of payments.

use juyi_domain::codes::{District, Office, PaymentMethod};
use juyi_domain::contribution::codes::{Bank, Login, PaymentPaper, QrSource};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_testkit::{TestDatabase, context, databases, prepare_all};

use crate::NAME;
use crate::store::payments::{self, Payment, Refunded};
use crate::store::{migrations, statements};

pub(super) fn payment(context: &Context, resident_id: ResidentId, enrolment_id: EnrolmentId, voucher: &str) -> Payment {
    let mut receipt = Receipt::default();
    receipt.push(Step::new("J-2.1-c").found("personal", Fen::yuan(560)));
    Payment {
        resident_id,
        id: context.id(),
        enrolment_id,
        policy_year: 2021,
        district: District::Jinghai,
        unit_id: None,
        declaration_id: None,
        amount: Fen::yuan(560),
        paid_on: context.clock().today(),
        method: PaymentMethod::MobileApp,
        voucher_number: voucher.to_owned(),
        way: Way::default(),
        invokes_epidemic_rule: false,
        refund: None,
        quote: Quote {
            prepaid: false,
            personal: Fen::yuan(560),
            subsidy: Fen::ZERO,
            government: None,
            payable: Fen::yuan(560),
            subsidy_ground: None,
            receipt,
        },
        recorded_by: Caller { office: Office::Tax, district: Some(District::Jinghai), name: "tax".to_owned() },
        created_at: context.now(),
    }
}

async fn insert(on: &TestDatabase, payment: &Payment) -> Result<(), Error> {
    let mut session = on.database.begin().await?;
    payments::insert(&mut session, payment).await?;
    Ok(session.commit().await?)
}

#[tokio::test]
async fn every_statement_is_valid_on_both_databases() {
    prepare_all(NAME, &migrations(), &statements()).await;
}

#[tokio::test]
async fn a_payment_is_found_by_id_by_enrolment_and_by_voucher() {
    let context = context("2020-11-11");
    for on in &databases(NAME, &migrations()).await {
        let (resident, enrolment) = (context.id(), context.id());
        let mut plain = payment(&context, resident, enrolment, "V-1");
        plain.way = Way {
            bank: Some(Bank::BohaiBank),
            paper: Some(PaymentPaper::PaymentNotice),
            paper_number: Some("N-1".to_owned()),
            login: Some(Login::NaturalPerson),
            qr_source: Some(QrSource::TaxHall),
        };
        let mut subsidised = payment(&context, resident, context.id(), "V-2");
        subsidised.amount = Fen::ZERO;
        subsidised.method = PaymentMethod::GovernmentSubsidy;
        subsidised.quote.payable = Fen::ZERO;
        subsidised.quote.subsidy = Fen::yuan(560);
        subsidised.quote.government = Some(Fen::yuan(450));
        subsidised.quote.subsidy_ground = Some("LOW_INCOME".to_owned());
        insert(on, &plain).await.unwrap();
        insert(on, &subsidised).await.unwrap();

        let session = &mut on.database.read().await.unwrap();
        for payment in [&plain, &subsidised] {
            let found = payments::maybe_find(session, resident, payment.id).await.unwrap();
            assert_eq!(found.as_ref(), Some(payment), "{}", on.kind);
        }
        let found = payments::maybe_find_of_enrolment(session, resident, enrolment).await.unwrap();
        assert_eq!(found, Some(plain.id), "{}", on.kind);
        let found = payments::maybe_find_of_voucher(session, resident, "V-2").await.unwrap();
        assert_eq!(found, Some(subsidised.id), "{}", on.kind);
        assert_eq!(payments::maybe_find_of_voucher(session, resident, "V-3").await.unwrap(), None);
        assert_eq!(payments::maybe_find(session, context.id(), plain.id).await.unwrap(), None);
    }
}

fn duplicate(answer: &Result<(), Error>) -> bool {
    matches!(answer, Err(Error::Refused(refusals)) if refusals.has(Reason::DuplicatePayment))
}

#[tokio::test]
async fn an_enrolment_is_paid_once() {
    let context = context("2020-11-11");
    for on in &databases(NAME, &migrations()).await {
        let (resident, enrolment) = (context.id(), context.id());
        insert(on, &payment(&context, resident, enrolment, "V-1")).await.unwrap();
        let second = insert(on, &payment(&context, resident, enrolment, "V-2")).await;
        assert!(matches!(second, Err(Error::Storage(juyi_db::Error::Duplicate))), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_voucher_of_money_confirms_one_payment_for_ever() {
    let context = context("2020-11-11");
    for on in &databases(NAME, &migrations()).await {
        let first = payment(&context, context.id(), context.id(), "V-1");
        insert(on, &first).await.unwrap();
        let others = [
            payment(&context, first.resident_id, context.id(), "V-1"),
            payment(&context, context.id(), context.id(), "V-1"),
            Payment {
                method: PaymentMethod::GovernmentSubsidy,
                ..payment(&context, context.id(), context.id(), "V-1")
            },
        ];
        for other in &others {
            assert!(duplicate(&insert(on, other).await), "{}", on.kind);
        }
        let mut session = on.database.begin().await.unwrap();
        let refund = Refunded { id: context.id(), on: context.clock().today() };
        assert!(payments::refund(&mut session, first.resident_id, first.id, refund).await.unwrap());
        session.commit().await.unwrap();
        let again = payment(&context, first.resident_id, first.enrolment_id, "V-1");
        assert!(duplicate(&insert(on, &again).await), "{}", on.kind);
        insert(on, &Payment { voucher_number: "V-2".to_owned(), ..again }).await.unwrap();
    }
}

/// J-2.3-j: the treasury pays for many at once, J-3.3.1-c: a unit too.
#[tokio::test]
async fn a_voucher_of_a_treasury_or_a_declaration_covers_many() {
    let context = context("2020-11-11");
    for on in &databases(NAME, &migrations()).await {
        let declaration_id = Some(context.id());
        for _ in 0..3 {
            let free = payment(&context, context.id(), context.id(), "T-1");
            insert(on, &Payment { method: PaymentMethod::GovernmentSubsidy, ..free }).await.unwrap();
            let declared = payment(&context, context.id(), context.id(), "D-1");
            insert(on, &Payment { declaration_id, ..declared }).await.unwrap();
        }
        let other = payment(&context, context.id(), context.id(), "D-1");
        assert!(duplicate(&insert(on, &Payment { declaration_id: Some(context.id()), ..other.clone() }).await));
        assert!(duplicate(&insert(on, &other).await), "{}", on.kind);
        let money = payment(&context, context.id(), context.id(), "T-1");
        assert!(duplicate(&insert(on, &money).await), "{}", on.kind);
    }
}

#[tokio::test]
async fn payments_are_paged_from_the_newest() {
    let context = context("2020-11-11");
    for on in &databases(NAME, &migrations()).await {
        let resident = context.id();
        let mut ids = Vec::new();
        for voucher in ["V-1", "V-2", "V-3"] {
            let payment = payment(&context, resident, context.id(), voucher);
            insert(on, &payment).await.unwrap();
            ids.insert(0, payment.id);
        }
        let session = &mut on.database.read().await.unwrap();
        let mut page = async |before, size| -> Vec<_> {
            let page = payments::page(session, resident, before, size).await.unwrap();
            page.iter().map(|payment| payment.id).collect()
        };
        assert_eq!(page(None, 2).await, ids[..2], "{}", on.kind);
        assert_eq!(page(Some(ids[1]), 2).await, ids[2..], "{}", on.kind);
        assert!(page(Some(ids[2]), 2).await.is_empty(), "{}", on.kind);
    }
}
