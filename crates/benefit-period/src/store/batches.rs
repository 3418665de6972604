//! The persons of the batch at work. Naming them in a table first lets every other statement serve any number of them.

use juyi_db::{Bulk, Error, Session, Value, args};
use juyi_domain::id::{EventId, ResidentId};

juyi_db::statements! {
    // The order is one for all batches, so that two of them never wait for each other.
    LOCK = "INSERT INTO person (resident_id, changes) SELECT resident_id, 1 FROM batch_person WHERE batch_id = $1 \
        ORDER BY resident_id ON CONFLICT (resident_id) DO UPDATE SET changes = person.changes + 1";
    DELETE_ONE = "DELETE FROM batch_person WHERE batch_id = $1 AND resident_id = $2";
    DELETE = "DELETE FROM batch_person WHERE batch_id = $1";
}

static NAMED: Bulk = Bulk::new("batch_person", &["batch_id", "resident_id"]);

/// Names the persons of a batch, each once, and lets nobody else write about them before this transaction ends. What is read
/// afterwards stands.
///
/// # Errors
/// Those of the database.
pub async fn lock(
    session: &mut Session,
    batch_id: EventId,
    residents: impl Iterator<Item = &ResidentId>,
) -> Result<(), Error> {
    let named = residents.flat_map(|id| args![Value::text(batch_id), Value::text(id)]).collect();
    session.insert_all(&NAMED, named).await?;
    session.execute(LOCK, args![Value::text(batch_id)]).await?;
    Ok(())
}

/// Takes a person out of a batch.
///
/// # Errors
/// Those of the database.
pub async fn leave_out(session: &mut Session, batch_id: EventId, resident_id: ResidentId) -> Result<(), Error> {
    session.execute(DELETE_ONE, args![Value::text(batch_id), Value::text(resident_id)]).await?;
    Ok(())
}

/// Forgets a batch.
///
/// # Errors
/// Those of the database.
pub async fn forget(session: &mut Session, batch_id: EventId) -> Result<(), Error> {
    session.execute(DELETE, args![Value::text(batch_id)]).await?;
    Ok(())
}
