//! The account to which claims of a person are paid.

use chrono::{DateTime, Utc};
use juyi_db::{Session, Value, args};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::claims::account::Account;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::caller_to_row;

juyi_db::statements! {
    SELECT = "SELECT kind, state FROM claim_account WHERE resident_id = $1";
    PUT = "INSERT INTO claim_account (resident_id, kind, state, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (resident_id) DO UPDATE SET kind = $2, state = $3, \
        created_at = $4, office = $5, office_district = $6, office_name = $7";
}

/// The account of a person.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId) -> Result<Option<Account>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id)]).await?;
    row.map(|row| Ok(Account { kind: row.parse("kind")?, state: row.parse("state")? })).transpose()
}

/// Records the account of a person in the place of the one on record, with the office that told it.
///
/// # Errors
/// Those of the database.
pub async fn put(
    session: &mut Session,
    resident_id: ResidentId,
    account: Account,
    (recorded_by, at): (&Caller, DateTime<Utc>),
) -> Result<(), Error> {
    let mut row = args![Value::text(resident_id), account.kind.as_str(), account.state.as_str(), at];
    row.extend(caller_to_row(recorded_by));
    session.execute(PUT, row).await?;
    Ok(())
}
