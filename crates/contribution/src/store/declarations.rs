//! Declarations, each with its figures and with how far it has come.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{District, PaymentMethod};
use juyi_domain::contribution::declaration::exception::Outcome;
use juyi_domain::contribution::declaration::total::Totals;
use juyi_domain::contribution::declaration::{DeclarationState, Declarer};
use juyi_domain::id::DeclarationId;
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO declaration (declaration_id, unit_id, request_id, declarer, policy_year, district, state, \
        named_fen, declared_on, counted_to, persons, subsidised, prepaid, left_out, personal_fen, subsidy_fen, \
        payable_fen, paid_to, confirmed, confirmed_fen, exceptions, exception_fen, returned, returned_fen, created_at, \
        office, office_district, office_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', 0, 0, 0, 0, 0, 0, 0, '', \
        0, 0, 0, 0, 0, 0, $10, $11, $12, $13)";
    SELECT = "SELECT * FROM declaration WHERE declaration_id = $1";
    SELECT_OF_REQUEST = "SELECT * FROM declaration WHERE unit_id = $1 AND request_id = $2";
    SELECT_COUNTED = "SELECT declaration_id FROM declaration \
        WHERE unit_id = $1 AND policy_year = $2 AND state = 'COUNTING'";
    SELECT_OF_RECEIPT = "SELECT declaration_id FROM declaration WHERE receipt_number = $1";
    SELECT_PAGE = "SELECT * FROM declaration WHERE unit_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR policy_year = $2) \
        AND (CAST($3 AS TEXT) IS NULL OR declaration_id < $3) ORDER BY declaration_id DESC LIMIT $4";
    SELECT_UNFINISHED = "SELECT * FROM declaration WHERE state IN ('COUNTING', 'PAYING') \
        AND (CAST($1 AS TEXT) IS NULL OR declaration_id > $1) ORDER BY declaration_id LIMIT 1";
    UPDATE_COUNTED_TO = "UPDATE declaration SET counted_to = $3 \
        WHERE declaration_id = $1 AND counted_to = $2 AND state = 'COUNTING'";
    UPDATE_TOTALS = "UPDATE declaration SET persons = persons + $2, subsidised = subsidised + $3, \
        prepaid = prepaid + $4, left_out = left_out + $5, personal_fen = personal_fen + $6, \
        subsidy_fen = subsidy_fen + $7, payable_fen = payable_fen + $8 WHERE declaration_id = $1";
    UPDATE_STATE = "UPDATE declaration SET state = $3 WHERE declaration_id = $1 AND state = $2";
    UPDATE_PAYMENT = "UPDATE declaration SET state = 'PAYING', method = $2, paid_on = $3, voucher_number = $4, \
        paid_at = $5, paid_office = $6, paid_office_district = $7, paid_office_name = $8 \
        WHERE declaration_id = $1 AND state = 'DECLARED'";
    UPDATE_PAID_TO = "UPDATE declaration SET paid_to = $3 \
        WHERE declaration_id = $1 AND paid_to = $2 AND state = 'PAYING'";
    UPDATE_OUTCOME = "UPDATE declaration SET confirmed = confirmed + $2, confirmed_fen = confirmed_fen + $3, \
        exceptions = exceptions + $4, exception_fen = exception_fen + $5, returned = returned + $6, \
        returned_fen = returned_fen + $7 WHERE declaration_id = $1";
    UPDATE_RECEIPT = "UPDATE declaration SET receipt_number = $2 WHERE declaration_id = $1 AND receipt_number IS NULL";
    DELETE = "DELETE FROM declaration WHERE declaration_id = $1 AND state IN ('COUNTING', 'REFUSED')";
}

/// A declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Id.
    pub id: DeclarationId,
    /// Unit, or office and district of an authority.
    pub unit_id: String,
    /// The request that made it.
    pub request_id: String,
    /// Who declares.
    pub declarer: Declarer,
    /// Policy year.
    pub policy_year: i32,
    /// District of the unit.
    pub district: District,
    /// State.
    pub state: DeclarationState,
    /// The sum as the unit named it.
    pub named: Option<Fen>,
    /// Day of the declaration.
    pub declared_on: NaiveDate,
    /// Enrolments up to this one are counted; empty at first.
    pub counted_to: String,
    /// Figures of what is counted.
    pub totals: Totals,
    /// Enrolments up to this one have their payment or their exception; empty at first.
    pub paid_to: String,
    /// What became of the payment so far.
    pub outcome: Outcome,
    /// The payment.
    pub payment: Option<Paid>,
    /// Number of the electronic tax receipt.
    pub receipt_number: Option<String>,
    /// Office that declared.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// The one payment of a declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Way.
    pub method: PaymentMethod,
    /// Day.
    pub on: NaiveDate,
    /// Tax voucher.
    pub voucher_number: String,
    /// Tax office that confirmed it.
    pub recorded_by: Caller,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Stores a declaration that is yet to be counted. A second one of the request, or while another one of the unit is being
/// counted, is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, declaration: &Declaration) -> Result<(), Error> {
    let mut row = args![
        Value::text(declaration.id),
        declaration.unit_id.as_str(),
        declaration.request_id.as_str(),
        declaration.declarer.as_str(),
        declaration.policy_year,
        declaration.district.as_str(),
        declaration.state.as_str(),
        declaration.named.map(Fen::get),
        declaration.declared_on,
        declaration.created_at,
    ];
    row.extend(caller_to_row(&declaration.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A declaration by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, id: DeclarationId) -> Result<Option<Declaration>, Error> {
    session.maybe_row(SELECT, args![Value::text(id)]).await?.as_ref().map(from_row).transpose()
}

/// The declaration that a request of the unit made.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_request(
    session: &mut Session,
    unit_id: &str,
    request_id: &str,
) -> Result<Option<Declaration>, Error> {
    session.maybe_row(SELECT_OF_REQUEST, args![unit_id, request_id]).await?.as_ref().map(from_row).transpose()
}

/// The declaration of a unit that is being counted.
///
/// # Errors
/// Those of the database.
pub async fn maybe_counted(
    session: &mut Session,
    unit_id: &str,
    policy_year: i32,
) -> Result<Option<DeclarationId>, Error> {
    let row = session.maybe_row(SELECT_COUNTED, args![unit_id, policy_year]).await?;
    Ok(row.map(|row| row.parse("declaration_id")).transpose()?)
}

/// The declaration to which an electronic tax receipt belongs.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find_of_receipt(session: &mut Session, number: &str) -> Result<Option<DeclarationId>, Error> {
    let row = session.maybe_row(SELECT_OF_RECEIPT, args![number]).await?;
    Ok(row.map(|row| row.parse("declaration_id")).transpose()?)
}

/// A page of a unit's declarations, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    unit_id: &str,
    policy_year: Option<i32>,
    before: Option<DeclarationId>,
    size: i64,
) -> Result<Vec<Declaration>, Error> {
    let year = policy_year.map(i64::from);
    let rows = session.rows(SELECT_PAGE, args![unit_id, year, Value::maybe_text(before), size]).await?;
    rows.iter().map(from_row).collect()
}

/// The next declaration after `after` that is being counted or paid.
///
/// # Errors
/// Those of the database.
pub async fn maybe_unfinished(
    session: &mut Session,
    after: Option<DeclarationId>,
) -> Result<Option<Declaration>, Error> {
    session.maybe_row(SELECT_UNFINISHED, args![Value::maybe_text(after)]).await?.as_ref().map(from_row).transpose()
}

/// Moves the mark up to which people are counted; false when somebody else has moved it.
///
/// # Errors
/// Those of the database.
pub async fn claim_count(session: &mut Session, declaration: &Declaration, to: &str) -> Result<bool, Error> {
    let row = args![Value::text(declaration.id), declaration.counted_to.as_str(), to];
    Ok(session.execute(UPDATE_COUNTED_TO, row).await? == 1)
}

/// Adds figures of people who were counted.
///
/// # Errors
/// Those of the database.
pub async fn add_totals(session: &mut Session, id: DeclarationId, more: &Totals) -> Result<(), Error> {
    let row = args![
        Value::text(id),
        more.persons,
        more.subsidised,
        more.prepaid,
        more.left_out,
        more.personal.get(),
        more.subsidy.get(),
        more.payable.get(),
    ];
    session.execute(UPDATE_TOTALS, row).await?;
    Ok(())
}

/// Takes a declaration from one state to another; false when it is in another one.
///
/// # Errors
/// Those of the database.
pub async fn advance(
    session: &mut Session,
    id: DeclarationId,
    from: DeclarationState,
    to: DeclarationState,
) -> Result<bool, Error> {
    Ok(session.execute(UPDATE_STATE, args![Value::text(id), from.as_str(), to.as_str()]).await? == 1)
}

/// Records the payment of a counted declaration; false when it is in another state.
///
/// # Errors
/// Those of the database.
pub async fn pay(session: &mut Session, id: DeclarationId, paid: &Paid) -> Result<bool, Error> {
    let mut row = args![Value::text(id), paid.method.as_str(), paid.on, paid.voucher_number.as_str(), paid.recorded_at];
    row.extend(caller_to_row(&paid.recorded_by));
    Ok(session.execute(UPDATE_PAYMENT, row).await? == 1)
}

/// Moves the mark up to which people have their payment; false when somebody else has moved it.
///
/// # Errors
/// Those of the database.
pub async fn claim_payments(session: &mut Session, declaration: &Declaration, to: &str) -> Result<bool, Error> {
    let row = args![Value::text(declaration.id), declaration.paid_to.as_str(), to];
    Ok(session.execute(UPDATE_PAID_TO, row).await? == 1)
}

/// Adds what became of some people.
///
/// # Errors
/// Those of the database.
pub async fn add_outcome(session: &mut Session, id: DeclarationId, more: &Outcome) -> Result<(), Error> {
    let row = args![
        Value::text(id),
        more.confirmed,
        more.confirmed_sum.get(),
        more.exceptions,
        more.exception_sum.get(),
        more.returned,
        more.returned_sum.get(),
    ];
    session.execute(UPDATE_OUTCOME, row).await?;
    Ok(())
}

/// Records the number of the electronic tax receipt; false when one is recorded. That of another declaration is
/// `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn record_receipt(session: &mut Session, id: DeclarationId, number: &str) -> Result<bool, Error> {
    Ok(session.execute(UPDATE_RECEIPT, args![Value::text(id), number]).await? == 1)
}

/// Removes a declaration that was never made; its lines go first. False when it was made, or is gone.
///
/// # Errors
/// Those of the database.
pub async fn delete_uncounted(session: &mut Session, id: DeclarationId) -> Result<bool, Error> {
    Ok(session.execute(DELETE, args![Value::text(id)]).await? == 1)
}

fn from_row(row: &Row) -> Result<Declaration, Error> {
    let payment = match row.maybe_text("voucher_number")? {
        None => None,
        Some(voucher_number) => Some(Paid {
            method: row.parse("method")?,
            on: row.date("paid_on")?,
            voucher_number,
            recorded_by: Caller {
                office: row.parse("paid_office")?,
                district: row.maybe_parse("paid_office_district")?,
                name: row.text("paid_office_name")?,
            },
            recorded_at: row.instant("paid_at")?,
        }),
    };
    Ok(Declaration {
        id: row.parse("declaration_id")?,
        unit_id: row.text("unit_id")?,
        request_id: row.text("request_id")?,
        declarer: row.parse("declarer")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        state: row.parse("state")?,
        named: row.maybe_int("named_fen")?.map(Fen::new),
        declared_on: row.date("declared_on")?,
        counted_to: row.text("counted_to")?,
        totals: Totals {
            persons: row.int("persons")?,
            subsidised: row.int("subsidised")?,
            prepaid: row.int("prepaid")?,
            left_out: row.int("left_out")?,
            personal: Fen::new(row.int("personal_fen")?),
            subsidy: Fen::new(row.int("subsidy_fen")?),
            payable: Fen::new(row.int("payable_fen")?),
        },
        paid_to: row.text("paid_to")?,
        outcome: Outcome {
            confirmed: row.int("confirmed")?,
            confirmed_sum: Fen::new(row.int("confirmed_fen")?),
            exceptions: row.int("exceptions")?,
            exception_sum: Fen::new(row.int("exception_fen")?),
            returned: row.int("returned")?,
            returned_sum: Fen::new(row.int("returned_fen")?),
        },
        payment,
        receipt_number: row.maybe_text("receipt_number")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
