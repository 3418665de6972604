//! Confirmed payments, one that counts per enrolment.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Bulk, Row, Session, Value, args};
use juyi_domain::codes::{District, PaymentMethod};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::{DeclarationId, EnrolmentId, PaymentId, RefundId, ResidentId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

use super::vouchers;

static PAYMENTS: Bulk = Bulk::new(
    "payment",
    &[
        "resident_id",
        "payment_id",
        "enrolment_id",
        "policy_year",
        "district",
        "unit_id",
        "declaration_id",
        "amount_fen",
        "personal_fen",
        "subsidy_fen",
        "subsidy_ground",
        "government_fen",
        "paid_on",
        "method",
        "voucher_number",
        "bank",
        "paper",
        "paper_number",
        "login",
        "qr_source",
        "invokes_epidemic_rule",
        "receipt",
        "created_at",
        "office",
        "office_district",
        "office_name",
    ],
);

juyi_db::statements! {
    UPDATE_REFUNDED = "UPDATE payment SET refund_id = $3, refunded_on = $4 \
        WHERE resident_id = $1 AND payment_id = $2 AND refund_id IS NULL";
    SELECT = "SELECT * FROM payment WHERE resident_id = $1 AND payment_id = $2";
    SELECT_OF_ENROLMENT = "SELECT payment_id FROM payment WHERE resident_id = $1 AND enrolment_id = $2 \
        AND refund_id IS NULL";
    COUNT_ENTRIES = "SELECT COUNT(*) + COUNT(refund_id) AS entries FROM payment \
        WHERE resident_id = $1 AND enrolment_id = $2";
    SELECT_OF_VOUCHER = "SELECT payment_id FROM payment WHERE resident_id = $1 AND voucher_number = $2 \
        AND refund_id IS NULL";
    SELECT_SAME = "SELECT payment_id FROM payment WHERE resident_id = $1 AND enrolment_id = $2 \
        AND voucher_number = $3 AND method = $4 AND paid_on = $5 AND amount_fen = $6 ORDER BY payment_id LIMIT 1";
    SELECT_PAGE = "SELECT * FROM payment WHERE resident_id = $1 AND (CAST($2 AS TEXT) IS NULL OR payment_id < $2) \
        ORDER BY payment_id DESC LIMIT $3";
    SELECT_OF_YEAR = "SELECT * FROM payment WHERE resident_id = $1 AND policy_year = $2 ORDER BY paid_on, payment_id";
}

/// A confirmed payment.
#[derive(Clone, Debug, PartialEq)]
pub struct Payment {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: PaymentId,
    /// Enrolment it settles.
    pub enrolment_id: EnrolmentId,
    /// Policy year paid for.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Unit that declared and paid; `None` for a family or a single person.
    pub unit_id: Option<String>,
    /// The declaration it was paid by.
    pub declaration_id: Option<DeclarationId>,
    /// What the person paid for this enrolment: what the quote says is payable, or nothing where it was prepaid before.
    pub amount: Fen,
    /// Day of payment.
    pub paid_on: NaiveDate,
    /// Way of payment.
    pub method: PaymentMethod,
    /// Tax voucher.
    pub voucher_number: String,
    /// Bank, papers, login and so on.
    pub way: Way,
    /// The payer invoked the epidemic rule (J-4.1.2-a).
    pub invokes_epidemic_rule: bool,
    /// The refund that reversed it; it no longer counts then.
    pub refund: Option<Refunded>,
    /// The quote that was due.
    pub quote: Quote,
    /// Office that confirmed.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Payment {
    /// True when the government paid the whole of it; nothing was payable by the person (J-2.3-j).
    #[must_use]
    pub fn fully_subsidised(&self) -> bool {
        self.method == PaymentMethod::GovernmentSubsidy
    }
}

/// The reversal of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// Id of the refund.
    pub id: RefundId,
    /// Day it was decided.
    pub on: NaiveDate,
}

/// Stores a payment and uses its voucher. A second payment of the enrolment that counts is `Duplicate`.
///
/// # Errors
/// DUPLICATE_PAYMENT when the voucher was used otherwise before; those of the database.
pub async fn insert(session: &mut Session, payment: &Payment) -> Result<(), Error> {
    vouchers::claim(session, payment).await?;
    insert_all(session, std::slice::from_ref(payment)).await
}

/// Stores payments whose voucher is used already. A second payment of an enrolment that counts is
/// `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert_all(session: &mut Session, payments: &[Payment]) -> Result<(), Error> {
    let mut values = Vec::new();
    for payment in payments {
        values.extend(to_row(payment)?);
    }
    session.insert_all(&PAYMENTS, values).await?;
    Ok(())
}

fn to_row(payment: &Payment) -> Result<Vec<Value>, Error> {
    let (quote, way) = (&payment.quote, &payment.way);
    let mut row = args![
        Value::text(payment.resident_id),
        Value::text(payment.id),
        Value::text(payment.enrolment_id),
        payment.policy_year,
        payment.district.as_str(),
        payment.unit_id.clone(),
        Value::maybe_text(payment.declaration_id),
        payment.amount.get(),
        quote.personal.get(),
        quote.subsidy.get(),
        quote.subsidy_ground.clone(),
        quote.government.map(Fen::get),
        payment.paid_on,
        payment.method.as_str(),
        payment.voucher_number.as_str(),
        Value::maybe_text(way.bank),
        Value::maybe_text(way.paper),
        way.paper_number.clone(),
        Value::maybe_text(way.login),
        Value::maybe_text(way.qr_source),
        payment.invokes_epidemic_rule,
        receipt_to_json(&quote.receipt)?,
        payment.created_at,
    ];
    row.extend(caller_to_row(&payment.recorded_by));
    Ok(row)
}

/// Marks a payment as refunded; false when it is refunded already.
///
/// # Errors
/// Those of the database.
pub async fn refund(
    session: &mut Session,
    resident_id: ResidentId,
    id: PaymentId,
    refund: Refunded,
) -> Result<bool, Error> {
    let row = args![Value::text(resident_id), Value::text(id), Value::text(refund.id), refund.on];
    Ok(session.execute(UPDATE_REFUNDED, row).await? == 1)
}

/// How many payments and refunds an enrolment has seen.
///
/// # Errors
/// Those of the database.
pub async fn entries(session: &mut Session, resident_id: ResidentId, enrolment_id: EnrolmentId) -> Result<i64, Error> {
    let row = session.maybe_row(COUNT_ENTRIES, args![Value::text(resident_id), Value::text(enrolment_id)]).await?;
    Ok(row.map(|row| row.int("entries")).transpose()?.unwrap_or_default())
}

/// A payment by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    resident_id: ResidentId,
    id: PaymentId,
) -> Result<Option<Payment>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The payment that settles an enrolment and was not refunded.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_enrolment(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<Option<PaymentId>, Error> {
    let row =
        session.maybe_row(SELECT_OF_ENROLMENT, args![Value::text(resident_id), Value::text(enrolment_id)]).await?;
    Ok(row.map(|row| row.parse("payment_id")).transpose()?)
}

/// The payment that a voucher of the resident confirmed.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_voucher(
    session: &mut Session,
    resident_id: ResidentId,
    voucher_number: &str,
) -> Result<Option<PaymentId>, Error> {
    let row = session.maybe_row(SELECT_OF_VOUCHER, args![Value::text(resident_id), voucher_number]).await?;
    Ok(row.map(|row| row.parse("payment_id")).transpose()?)
}

/// What tells one payment from another beside its id.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// Whose.
    pub resident_id: ResidentId,
    /// Enrolment it settles.
    pub enrolment_id: EnrolmentId,
    /// What the person paid.
    pub amount: Fen,
    /// Day of payment.
    pub paid_on: NaiveDate,
    /// Way of payment.
    pub method: PaymentMethod,
    /// Tax voucher.
    pub voucher_number: &'a str,
}

/// The payment that was told in the same words before, refunded or not.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_same(session: &mut Session, told: &Told<'_>) -> Result<Option<PaymentId>, Error> {
    let row = args![
        Value::text(told.resident_id),
        Value::text(told.enrolment_id),
        told.voucher_number,
        told.method.as_str(),
        told.paid_on,
        told.amount.get(),
    ];
    Ok(session.maybe_row(SELECT_SAME, row).await?.map(|row| row.parse("payment_id")).transpose()?)
}

/// A page of the resident's payments, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<PaymentId>,
    size: i64,
) -> Result<Vec<Payment>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), Value::maybe_text(before), size]).await?;
    rows.iter().map(from_row).collect()
}

/// Every payment of the resident for a policy year, also those that were refunded, the earliest first.
///
/// # Errors
/// Those of the database.
pub async fn of_year(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<Vec<Payment>, Error> {
    let rows = session.rows(SELECT_OF_YEAR, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Payment, Error> {
    let (personal, subsidy) = (Fen::new(row.int("personal_fen")?), Fen::new(row.int("subsidy_fen")?));
    let quote = Quote {
        personal,
        subsidy,
        government: row.maybe_int("government_fen")?.map(Fen::new),
        payable: personal - subsidy,
        subsidy_ground: row.maybe_text("subsidy_ground")?,
        prepaid: false,
        receipt: receipt_from_json(&row.text("receipt")?)?,
    };
    Ok(Payment {
        resident_id: row.parse("resident_id")?,
        id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        unit_id: row.maybe_text("unit_id")?,
        declaration_id: row.maybe_parse("declaration_id")?,
        amount: Fen::new(row.int("amount_fen")?),
        paid_on: row.date("paid_on")?,
        method: row.parse("method")?,
        voucher_number: row.text("voucher_number")?,
        way: Way {
            bank: row.maybe_parse("bank")?,
            paper: row.maybe_parse("paper")?,
            paper_number: row.maybe_text("paper_number")?,
            login: row.maybe_parse("login")?,
            qr_source: row.maybe_parse("qr_source")?,
        },
        invokes_epidemic_rule: row.bool("invokes_epidemic_rule")?,
        refund: row.maybe_parse("refund_id")?.zip(row.maybe_date("refunded_on")?).map(|(id, on)| Refunded { id, on }),
        quote,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
