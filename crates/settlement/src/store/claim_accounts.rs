//! The account to which claims of a person are paid.

use chrono::{DateTime, Utc};
use juyi_db::{Keyed, Row, Session, Value, args};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::claims::account::Account;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::caller_to_row;

juyi_db::statements! {
    SELECT = "SELECT kind, state FROM claim_account WHERE resident_id = $1";
    INSERT = "INSERT INTO claim_account (resident_id, kind, state, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    UPDATE = "UPDATE claim_account SET kind = $2, state = $3, created_at = $4, office = $5, office_district = $6, \
        office_name = $7 WHERE resident_id = $1 AND kind = $8 AND state = $9";
}

static OF_PEOPLE: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT")],
    "key.place, a.kind, a.state",
    "claim_account a",
    "a.resident_id = key.wanted",
    "place",
);

/// The account of a person.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId) -> Result<Option<Account>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// The accounts of people, in their order.
///
/// # Errors
/// Those of the database.
pub async fn of_people(session: &mut Session, people: &[ResidentId]) -> Result<Vec<Option<Account>>, Error> {
    let keys: Vec<_> = (0_i64..).zip(people).flat_map(|(place, id)| args![place, Value::text(id)]).collect();
    let mut accounts = vec![None; people.len()];
    for row in session.rows_of(&OF_PEOPLE, &keys).await? {
        *super::at(&row, &mut accounts)? = Some(from_row(&row)?);
    }
    Ok(accounts)
}

fn from_row(row: &Row) -> Result<Account, Error> {
    Ok(Account { kind: row.parse("kind")?, state: row.parse("state")? })
}

/// Records the account of a person in the place of the one that was read, with the office that told it.
///
/// # Errors
/// `Contended` or `Duplicate` when another writer recorded one in between: the command then runs again.
pub async fn replace(
    session: &mut Session,
    resident_id: ResidentId,
    (on_record, account): (Option<Account>, Account),
    (recorded_by, at): (&Caller, DateTime<Utc>),
) -> Result<(), Error> {
    let mut row = args![Value::text(resident_id), account.kind.as_str(), account.state.as_str(), at];
    row.extend(caller_to_row(recorded_by));
    let Some(on_record) = on_record else {
        session.execute(INSERT, row).await?;
        return Ok(());
    };
    row.extend(args![on_record.kind.as_str(), on_record.state.as_str()]);
    if session.execute(UPDATE, row).await? == 0 {
        return Err(juyi_db::Error::Contended.into());
    }
    Ok(())
}
