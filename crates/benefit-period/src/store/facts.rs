//! Payments and refunds as they were told.

use chrono::{DateTime, Utc};
use juyi_db::{Bulk, Error, Row, Session, Value, args};
use juyi_domain::benefit_period::history::{Payment, Refund};
use juyi_domain::id::{EventId, PaymentId, ResidentId};

juyi_db::statements! {
    SELECT_PAYMENTS = "SELECT * FROM payment_fact WHERE resident_id = $1 ORDER BY payment_id";
    SELECT_PAYMENTS_OF_BATCH = "SELECT f.* FROM batch_person b JOIN payment_fact f ON f.resident_id = b.resident_id \
        WHERE b.batch_id = $1";
    UPDATE_PAYMENT = "UPDATE payment_fact SET enrolment_id = $3, paid_on = $4, method = $5, \
        fully_subsidised = $6, invokes_epidemic_rule = $7, noted_at = $8 WHERE resident_id = $1 AND payment_id = $2";
    SELECT_REFUNDS = "SELECT * FROM refund_fact WHERE resident_id = $1 ORDER BY payment_id";
    SELECT_REFUNDS_OF_BATCH = "SELECT f.* FROM batch_person b JOIN refund_fact f ON f.resident_id = b.resident_id \
        WHERE b.batch_id = $1";
    DELETE_REFUND = "DELETE FROM refund_fact WHERE resident_id = $1 AND payment_id = $2";
}

static PAYMENTS: Bulk = Bulk::new(
    "payment_fact",
    &[
        "resident_id",
        "payment_id",
        "enrolment_id",
        "paid_on",
        "method",
        "fully_subsidised",
        "invokes_epidemic_rule",
        "noted_at",
    ],
);
static REFUNDS: Bulk = Bulk::new("refund_fact", &["resident_id", "payment_id", "refund_id", "refunded_on", "noted_at"]);

/// A payment or a refund of a resident.
pub type Told<T> = (ResidentId, T);

/// Payments of a resident.
///
/// # Errors
/// Those of the database.
pub async fn payments(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Told<Payment>>, Error> {
    session.rows(SELECT_PAYMENTS, args![Value::text(resident_id)]).await?.iter().map(payment).collect()
}

/// Refunds of a resident.
///
/// # Errors
/// Those of the database.
pub async fn refunds(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Told<Refund>>, Error> {
    session.rows(SELECT_REFUNDS, args![Value::text(resident_id)]).await?.iter().map(refund).collect()
}

/// Payments of the persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn payments_of_batch(session: &mut Session, batch_id: EventId) -> Result<Vec<Told<Payment>>, Error> {
    session.rows(SELECT_PAYMENTS_OF_BATCH, args![Value::text(batch_id)]).await?.iter().map(payment).collect()
}

/// Refunds of the persons of a batch.
///
/// # Errors
/// Those of the database.
pub async fn refunds_of_batch(session: &mut Session, batch_id: EventId) -> Result<Vec<Told<Refund>>, Error> {
    session.rows(SELECT_REFUNDS_OF_BATCH, args![Value::text(batch_id)]).await?.iter().map(refund).collect()
}

/// Stores new payments.
///
/// # Errors
/// Those of the database.
pub async fn insert_payments(session: &mut Session, told: &[Told<Payment>], now: DateTime<Utc>) -> Result<(), Error> {
    let row = |(resident_id, it): &Told<Payment>| {
        args![
            Value::text(resident_id),
            Value::text(it.id),
            Value::text(it.enrolment_id),
            it.paid_on,
            it.method.as_str(),
            it.fully_subsidised,
            it.invokes_epidemic_rule,
            now,
        ]
    };
    session.insert_all(&PAYMENTS, told.iter().flat_map(row).collect()).await?;
    Ok(())
}

/// Corrects what a payment says: two facts of one id, which contribution never sends, come to the same in any order.
///
/// # Errors
/// Those of the database.
pub async fn correct_payment(
    session: &mut Session,
    (resident_id, it): Told<Payment>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let row = args![
        Value::text(resident_id),
        Value::text(it.id),
        Value::text(it.enrolment_id),
        it.paid_on,
        it.method.as_str(),
        it.fully_subsidised,
        it.invokes_epidemic_rule,
        now,
    ];
    session.execute(UPDATE_PAYMENT, row).await?;
    Ok(())
}

/// Stores new refunds.
///
/// # Errors
/// Those of the database.
pub async fn insert_refunds(session: &mut Session, told: &[Told<Refund>], now: DateTime<Utc>) -> Result<(), Error> {
    let row = |(resident_id, it): &Told<Refund>| {
        args![Value::text(resident_id), Value::text(it.payment_id), Value::text(it.id), it.refunded_on, now]
    };
    session.insert_all(&REFUNDS, told.iter().flat_map(row).collect()).await?;
    Ok(())
}

/// Takes a refund away, for another one of the same payment.
///
/// # Errors
/// Those of the database.
pub async fn delete_refund(session: &mut Session, resident_id: ResidentId, payment_id: PaymentId) -> Result<(), Error> {
    session.execute(DELETE_REFUND, args![Value::text(resident_id), Value::text(payment_id)]).await?;
    Ok(())
}

fn payment(row: &Row) -> Result<Told<Payment>, Error> {
    let payment = Payment {
        id: row.parse("payment_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        paid_on: row.date("paid_on")?,
        method: row.parse("method")?,
        fully_subsidised: row.bool("fully_subsidised")?,
        invokes_epidemic_rule: row.bool("invokes_epidemic_rule")?,
    };
    Ok((row.parse("resident_id")?, payment))
}

fn refund(row: &Row) -> Result<Told<Refund>, Error> {
    let refund = Refund {
        id: row.parse("refund_id")?,
        payment_id: row.parse("payment_id")?,
        refunded_on: row.date("refunded_on")?,
    };
    Ok((row.parse("resident_id")?, refund))
}
