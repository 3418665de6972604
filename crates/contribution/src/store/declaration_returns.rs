//! Money of units that went back to them.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::id::{DeclarationId, EnrolmentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row};

juyi_db::statements! {
    INSERT = "INSERT INTO declaration_return (resident_id, enrolment_id, declaration_id, amount_fen, returned_on, \
        voucher_number, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SELECT = "SELECT * FROM declaration_return WHERE resident_id = $1 AND enrolment_id = $2 AND declaration_id = $3";
}

/// What went back for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclarationReturn {
    /// For whom.
    pub resident_id: ResidentId,
    /// Enrolment that was declared.
    pub enrolment_id: EnrolmentId,
    /// The declaration that was paid.
    pub declaration_id: DeclarationId,
    /// How much.
    pub amount: Fen,
    /// When.
    pub on: NaiveDate,
    /// Voucher.
    pub voucher_number: String,
    /// Office that recorded it.
    pub recorded_by: Caller,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
}

/// Stores a return. A second one for the person is `Duplicate`.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, back: &DeclarationReturn) -> Result<(), Error> {
    let mut row = args![
        Value::text(back.resident_id),
        Value::text(back.enrolment_id),
        Value::text(back.declaration_id),
        back.amount.get(),
        back.on,
        back.voucher_number.as_str(),
        back.created_at,
    ];
    row.extend(caller_to_row(&back.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// The return for a person of a declaration.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(
    session: &mut Session,
    key: (ResidentId, EnrolmentId, DeclarationId),
) -> Result<Option<DeclarationReturn>, Error> {
    let key = args![Value::text(key.0), Value::text(key.1), Value::text(key.2)];
    session.maybe_row(SELECT, key).await?.as_ref().map(from_row).transpose()
}

fn from_row(row: &Row) -> Result<DeclarationReturn, Error> {
    Ok(DeclarationReturn {
        resident_id: row.parse("resident_id")?,
        enrolment_id: row.parse("enrolment_id")?,
        declaration_id: row.parse("declaration_id")?,
        amount: Fen::new(row.int("amount_fen")?),
        on: row.date("returned_on")?,
        voucher_number: row.text("voucher_number")?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
