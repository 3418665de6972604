//! People of declarations. All of a chunk are written, compared with payments and other declarations, and decided in a few
//! statements.

use std::collections::HashMap;

use juyi_db::{Bulk, Row, Session, Value, args};
use juyi_domain::codes::{Class, PaymentMethod, Tier};
use juyi_domain::contribution::declaration::line::Amounts;
use juyi_domain::contribution::declaration::{DeclarationLineReason, DeclarationLineState};
use juyi_domain::id::{DeclarationId, EnrolmentId, PaymentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_kit::error::Error;

static LINES: Bulk = Bulk::new(
    "declaration_line",
    &[
        "resident_id",
        "enrolment_id",
        "declaration_id",
        "class",
        "tier",
        "personal_fen",
        "subsidy_fen",
        "payable_fen",
        "subsidy_ground",
        "prepaid",
    ],
);

/// People whom one statement leaves out.
const LEFT_OUT_AT_ONCE: usize = 32;

// The cast in SELECT_PAGE keeps SQLite from looking for each person among all payments of the declaration.
juyi_db::statements! {
    SELECT_FACTS = "SELECT line.enrolment_id, own.method AS paid_by, other.state AS waits, \
        (SELECT COUNT(*) FROM refund WHERE refund.resident_id = line.resident_id \
        AND refund.enrolment_id = line.enrolment_id AND refund.ground = 'WITHDRAWAL' \
        AND refund.state IN ('VERIFIED', 'REPAID')) AS withdrawals FROM declaration_line line \
        LEFT JOIN payment own ON own.resident_id = line.resident_id AND own.enrolment_id = line.enrolment_id \
        AND own.refund_id IS NULL \
        LEFT JOIN declaration_line other ON other.resident_id = line.resident_id \
        AND other.enrolment_id = line.enrolment_id \
        AND (other.state = 'DECLARED' OR (other.state = 'EXCEPTION' AND other.payable_fen > 0)) \
        WHERE line.declaration_id = $1 AND line.enrolment_id > $2 AND line.state IS NULL";
    SELECT_WAITS = "SELECT declaration_id FROM declaration_line WHERE resident_id = $1 AND enrolment_id = $2 \
        AND (state = 'DECLARED' OR (state = 'EXCEPTION' AND payable_fen > 0))";
    SELECT_BY_AUTHORITY = "SELECT 1 AS found FROM declaration_line line JOIN declaration d \
        ON d.declaration_id = line.declaration_id WHERE line.resident_id = $1 AND line.enrolment_id = $2 \
        AND line.state IN ('DECLARED', 'CONFIRMED', 'EXCEPTION', 'RETURNED') AND d.declarer = 'AUTHORITY' LIMIT 1";
    UPDATE_LEFT_OUT = "UPDATE declaration_line SET state = 'LEFT_OUT', reason = $2, detail = $3, payable_fen = 0, \
        prepaid = FALSE WHERE declaration_id = $1 AND state IS NULL AND enrolment_id IN ($4, $5, $6, $7, $8, $9, $10, \
        $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, \
        $33, $34, $35)";
    DELETE_PAID_BEFORE = "DELETE FROM declaration_line WHERE declaration_id = $1 AND enrolment_id > $2 \
        AND state IS NULL AND EXISTS (SELECT 1 FROM payment WHERE payment.resident_id = declaration_line.resident_id \
        AND payment.enrolment_id = declaration_line.enrolment_id AND payment.refund_id IS NULL \
        AND payment.declaration_id IS NOT NULL)";
    UPDATE_DECLARED = "UPDATE declaration_line SET state = 'DECLARED' \
        WHERE declaration_id = $1 AND enrolment_id > $2 AND state IS NULL";
    UPDATE_WITHDRAWN = "UPDATE declaration_line SET state = 'WITHDRAWN' \
        WHERE declaration_id = $1 AND state = 'DECLARED'";
    DELETE_ALL = "DELETE FROM declaration_line WHERE declaration_id = $1";
    SELECT_WAITING = "SELECT resident_id, enrolment_id FROM declaration_line \
        WHERE declaration_id = $1 AND enrolment_id > $2 AND state = 'DECLARED' ORDER BY enrolment_id LIMIT $3";
    SELECT_CHUNK = "SELECT line.*, own.payment_id AS own_id, \
        (SELECT COUNT(*) + COUNT(refund_id) FROM payment WHERE payment.resident_id = line.resident_id \
        AND payment.enrolment_id = line.enrolment_id) AS entries_now \
        FROM declaration_line line \
        LEFT JOIN payment own ON own.resident_id = line.resident_id AND own.enrolment_id = line.enrolment_id \
        AND own.refund_id IS NULL \
        WHERE line.declaration_id = $1 AND line.enrolment_id > $2 AND line.enrolment_id <= $3 \
        AND line.state = 'DECLARED' ORDER BY line.enrolment_id";
    SELECT_ONE = "SELECT line.*, own.payment_id AS own_id, \
        (SELECT COUNT(*) + COUNT(refund_id) FROM payment WHERE payment.resident_id = line.resident_id \
        AND payment.enrolment_id = line.enrolment_id) AS entries_now \
        FROM declaration_line line \
        LEFT JOIN payment own ON own.resident_id = line.resident_id AND own.enrolment_id = line.enrolment_id \
        AND own.refund_id IS NULL \
        WHERE line.resident_id = $1 AND line.enrolment_id = $2 AND line.declaration_id = $3 AND line.state IS NOT NULL";
    UPDATE_CLOSED = "UPDATE declaration_line SET state = $4 WHERE resident_id = $1 AND enrolment_id = $2 \
        AND declaration_id = $3 AND state = 'EXCEPTION'";
    UPDATE_EXCEPTION = "UPDATE declaration_line SET state = 'EXCEPTION', reason = $3, detail = $4 \
        WHERE declaration_id = $1 AND enrolment_id = $2 AND state = 'DECLARED'";
    UPDATE_CONFIRMED = "UPDATE declaration_line SET state = 'CONFIRMED' \
        WHERE declaration_id = $1 AND enrolment_id > $2 AND enrolment_id <= $3 AND state = 'DECLARED'";
    SELECT_PAGE = "SELECT line.*, payment.payment_id AS own_id FROM declaration_line line \
        LEFT JOIN payment ON payment.resident_id = line.resident_id AND payment.enrolment_id = line.enrolment_id \
        AND CAST(payment.declaration_id AS TEXT) = line.declaration_id \
        WHERE line.declaration_id = $1 AND line.state IS NOT NULL AND (CAST($2 AS TEXT) IS NULL OR line.state = $2) \
        AND line.enrolment_id > $3 ORDER BY line.enrolment_id LIMIT $4";
}

/// A person of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Whose.
    pub resident_id: ResidentId,
    /// Enrolment declared.
    pub enrolment_id: EnrolmentId,
    /// State.
    pub state: DeclarationLineState,
    /// Why the person was left out or became an exception.
    pub reason: Option<DeclarationLineReason>,
    /// Codes of the refusals behind it.
    pub detail: String,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// Amounts.
    pub amounts: Amounts,
    /// Ground of the subsidy.
    pub subsidy_ground: Option<String>,
    /// The payment that this declaration made.
    pub payment_id: Option<PaymentId>,
}

/// A person who is being counted.
#[derive(Clone, Debug)]
pub struct Counted {
    /// Whose.
    pub resident_id: ResidentId,
    /// Enrolment.
    pub enrolment_id: EnrolmentId,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// Amounts.
    pub amounts: Amounts,
    /// Ground of the subsidy.
    pub subsidy_ground: Option<String>,
}

/// Why somebody who is being counted may have to be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Way of the payment that settles the enrolment.
    pub paid_by: Option<PaymentMethod>,
    /// State of the line of another declaration that waits: declared, or an open exception.
    pub waits: Option<DeclarationLineState>,
    /// True when a payment of the enrolment was refunded because the person withdrew.
    pub withdrew: bool,
}

/// A declared person with what happened since.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The line.
    pub line: Line,
    /// True when a payment settles the enrolment.
    pub paid: bool,
    /// How many payments and refunds the enrolment has seen now.
    pub entries_now: i64,
}

/// Writes people who are being counted, those after an enrolment, and answers what is known of each; and how many it forgot
/// again, because an earlier declaration paid for them: a supplementary declaration of a college would repeat thousands.
///
/// # Errors
/// Those of the database.
pub async fn begin(
    session: &mut Session,
    id: DeclarationId,
    after: &str,
    people: &[Counted],
) -> Result<(HashMap<EnrolmentId, Known>, i64), Error> {
    let mut values = Vec::new();
    for person in people {
        values.extend(args![
            Value::text(person.resident_id),
            Value::text(person.enrolment_id),
            Value::text(id),
            person.class.as_str(),
            person.tier.as_str(),
            person.amounts.personal.get(),
            person.amounts.subsidy.get(),
            person.amounts.payable.get(),
            person.subsidy_ground.clone(),
            person.amounts.prepaid,
        ]);
    }
    session.insert_all(&LINES, values).await?;
    let forgotten = session.execute(DELETE_PAID_BEFORE, args![Value::text(id), after]).await?;
    let rows = session.rows(SELECT_FACTS, args![Value::text(id), after]).await?;
    let known = rows
        .iter()
        .map(|row| {
            let (waits, withdrew) = (row.maybe_parse("waits")?, row.int("withdrawals")? > 0);
            Ok((row.parse("enrolment_id")?, Known { paid_by: row.maybe_parse("paid_by")?, waits, withdrew }))
        })
        .collect::<Result<_, Error>>()?;
    Ok((known, i64::try_from(forgotten).unwrap_or(i64::MAX)))
}

/// Leaves people out who are being counted, all for one reason.
///
/// # Errors
/// Those of the database.
pub async fn leave_out(
    session: &mut Session,
    id: DeclarationId,
    people: &[EnrolmentId],
    (reason, detail): (DeclarationLineReason, &str),
) -> Result<(), Error> {
    for part in people.chunks(LEFT_OUT_AT_ONCE) {
        let mut row = args![Value::text(id), reason.as_str(), detail];
        // The last one fills the row.
        let last = part.last().into_iter().cycle();
        row.extend(part.iter().chain(last).take(LEFT_OUT_AT_ONCE).map(Value::text));
        session.execute(UPDATE_LEFT_OUT, row).await?;
    }
    Ok(())
}

/// The declaration that waits for the payment of an enrolment, or holds money that was paid for it in vain.
///
/// # Errors
/// Those of the database.
pub async fn maybe_waits(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<Option<DeclarationId>, Error> {
    let row = session.maybe_row(SELECT_WAITS, args![Value::text(resident_id), Value::text(enrolment_id)]).await?;
    Ok(row.map(|row| row.parse("declaration_id")).transpose()?)
}

/// True when an authority has declared the enrolment, and has not taken it back.
///
/// # Errors
/// Those of the database.
pub async fn is_declared_by_authority(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<bool, Error> {
    let key = args![Value::text(resident_id), Value::text(enrolment_id)];
    Ok(session.maybe_row(SELECT_BY_AUTHORITY, key).await?.is_some())
}

/// A person of a declaration with what happened since.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    key: (ResidentId, EnrolmentId, DeclarationId),
) -> Result<Option<Waiting>, Error> {
    let row = session.maybe_row(SELECT_ONE, args![Value::text(key.0), Value::text(key.1), Value::text(key.2)]).await?;
    row.as_ref().map(waiting_from_row).transpose()
}

/// Closes an open exception; false when it is none.
///
/// # Errors
/// Those of the database.
pub async fn close(
    session: &mut Session,
    key: (ResidentId, EnrolmentId, DeclarationId),
    state: DeclarationLineState,
) -> Result<bool, Error> {
    let row = args![Value::text(key.0), Value::text(key.1), Value::text(key.2), state.as_str()];
    Ok(session.execute(UPDATE_CLOSED, row).await? == 1)
}

/// Declares everybody who is being counted and was not left out. One whom another declaration names is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn declare_rest(session: &mut Session, id: DeclarationId, after: &str) -> Result<(), Error> {
    session.execute(UPDATE_DECLARED, args![Value::text(id), after]).await?;
    Ok(())
}

/// Takes back everybody who waits for the payment.
///
/// # Errors
/// Those of the database.
pub async fn withdraw(session: &mut Session, id: DeclarationId) -> Result<(), Error> {
    session.execute(UPDATE_WITHDRAWN, args![Value::text(id)]).await?;
    Ok(())
}

/// Removes the lines of a declaration that is not made.
///
/// # Errors
/// Those of the database.
pub async fn delete_all(session: &mut Session, id: DeclarationId) -> Result<(), Error> {
    session.execute(DELETE_ALL, args![Value::text(id)]).await?;
    Ok(())
}

/// The next people after an enrolment who wait for the payment, by enrolment.
///
/// # Errors
/// Those of the database.
pub async fn waiting(
    session: &mut Session,
    id: DeclarationId,
    after: &str,
    size: i64,
) -> Result<Vec<(ResidentId, EnrolmentId)>, Error> {
    let rows = session.rows(SELECT_WAITING, args![Value::text(id), after, size]).await?;
    rows.iter().map(|row| Ok((row.parse("resident_id")?, row.parse("enrolment_id")?))).collect()
}

/// The people of a part of a declaration, after one enrolment up to another, with what happened since.
///
/// # Errors
/// Those of the database.
pub async fn chunk(session: &mut Session, id: DeclarationId, part: (&str, &str)) -> Result<Vec<Waiting>, Error> {
    let rows = session.rows(SELECT_CHUNK, args![Value::text(id), part.0, part.1]).await?;
    rows.iter().map(waiting_from_row).collect()
}

/// Sets somebody aside for whom no payment can be confirmed.
///
/// # Errors
/// Those of the database.
pub async fn set_aside(
    session: &mut Session,
    id: DeclarationId,
    enrolment_id: EnrolmentId,
    reason: DeclarationLineReason,
    detail: &str,
) -> Result<(), Error> {
    let row = args![Value::text(id), Value::text(enrolment_id), reason.as_str(), detail];
    session.execute(UPDATE_EXCEPTION, row).await?;
    Ok(())
}

/// Marks everybody of a part who was not set aside as confirmed.
///
/// # Errors
/// Those of the database.
pub async fn confirm_rest(session: &mut Session, id: DeclarationId, part: (&str, &str)) -> Result<(), Error> {
    session.execute(UPDATE_CONFIRMED, args![Value::text(id), part.0, part.1]).await?;
    Ok(())
}

/// A page of lines by enrolment, of those after `after`, of one state or of all.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    id: DeclarationId,
    state: Option<DeclarationLineState>,
    after: Option<EnrolmentId>,
    size: i64,
) -> Result<Vec<Line>, Error> {
    let state = state.map(|state| state.as_str().to_owned());
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(id), state, after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn waiting_from_row(row: &Row) -> Result<Waiting, Error> {
    let line = from_row(row)?;
    Ok(Waiting { paid: line.payment_id.is_some(), entries_now: row.int("entries_now")?, line })
}

fn from_row(row: &Row) -> Result<Line, Error> {
    Ok(Line {
        resident_id: row.parse("resident_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        state: row.parse("state")?,
        reason: row.maybe_parse("reason")?,
        detail: row.maybe_text("detail")?.unwrap_or_default(),
        class: row.parse("class")?,
        tier: row.parse("tier")?,
        amounts: Amounts {
            personal: Fen::new(row.int("personal_fen")?),
            subsidy: Fen::new(row.int("subsidy_fen")?),
            payable: Fen::new(row.int("payable_fen")?),
            prepaid: row.bool("prepaid")?,
        },
        subsidy_ground: row.maybe_text("subsidy_ground")?,
        payment_id: row.maybe_parse("own_id")?,
    })
}
