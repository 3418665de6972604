//! Changes of recorded data. A row is the history of the record: nothing of it is deleted.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Row, Session, Value, args};
use juyi_domain::codes::{ChangeKind, ChangeState, Desk, District};
use juyi_domain::id::{ChangeId, ResidentId};
use juyi_domain::receipt::Receipt;
use juyi_domain::registry::facts::Residence;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};

juyi_db::statements! {
    INSERT = "INSERT INTO change_of_record (resident_id, change_id, kind, state, policy_year, law_district, desk, \
        desk_district, desk_township, old_name, new_name, old_identity_number, new_identity_number, old_residence, \
        new_residence, proof, filed_on, changed_on, receipt, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
        $23)";
    SELECT = "SELECT * FROM change_of_record WHERE resident_id = $1 AND change_id = $2";
    SELECT_WAITING = "SELECT change_id FROM change_of_record WHERE resident_id = $1 AND kind = $2 AND state = 'FILED' \
        LIMIT 1";
    SELECT_PAGE = "SELECT * FROM change_of_record WHERE resident_id = $1 \
        AND (CAST($2 AS TEXT) IS NULL OR change_id < $2) ORDER BY change_id DESC LIMIT $3";
    DECIDE = "UPDATE change_of_record SET state = $3, changed_on = $4, return_reason = $5, receipt = $6, \
        decided_by_office = $7, decided_by_district = $8, decided_by_name = $9 \
        WHERE resident_id = $1 AND change_id = $2 AND state = 'FILED'";
    CONFIRM_TAX = "UPDATE change_of_record SET tax_changed_on = $3, receipt = $4 \
        WHERE resident_id = $1 AND change_id = $2 AND tax_changed_on IS NULL";
}

/// A change of recorded data.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id.
    pub id: ChangeId,
    /// What is changed.
    pub kind: ChangeKind,
    /// State.
    pub state: ChangeState,
    /// Policy year whose rules apply.
    pub policy_year: i32,
    /// District whose law decided.
    pub law_district: District,
    /// Desk.
    pub desk: Desk,
    /// District of the desk; `None` for a centre of the city.
    pub desk_district: Option<District>,
    /// Township of the desk.
    pub desk_township: Option<String>,
    /// Name before and after; `None` when it stays.
    pub name: Option<(String, String)>,
    /// Identity number before and after; `None` when it stays.
    pub identity_number: Option<(String, String)>,
    /// Residence before and after; `None` when it stays.
    pub residence: Option<(Residence, Residence)>,
    /// Proof presented.
    pub proof: String,
    /// Day of filing.
    pub filed_on: NaiveDate,
    /// Day on which the registry was changed.
    pub changed_on: Option<NaiveDate>,
    /// Day on which the tax office changed its record.
    pub tax_changed_on: Option<NaiveDate>,
    /// Why it was returned.
    pub return_reason: Option<String>,
    /// How desk and order were decided.
    pub receipt: Receipt,
    /// Office that filed.
    pub filed_by: Caller,
    /// Office that decided, where another one did.
    pub decided_by: Option<Caller>,
    /// When it was filed.
    pub created_at: DateTime<Utc>,
}

/// Stores a change.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, change: &Change) -> Result<(), Error> {
    let (old_name, new_name) = change.name.clone().unzip();
    let (old_number, new_number) = change.identity_number.clone().unzip();
    let (old_residence, new_residence) = match &change.residence {
        Some((old, new)) => (Some(to_json(old)?), Some(to_json(new)?)),
        None => (None, None),
    };
    let mut row = args![
        Value::text(change.resident_id),
        Value::text(change.id),
        change.kind.as_str(),
        change.state.as_str(),
        change.policy_year,
        Value::text(change.law_district),
        change.desk.as_str(),
        Value::maybe_text(change.desk_district),
        change.desk_township.clone(),
        old_name,
        new_name,
        old_number,
        new_number,
        old_residence,
        new_residence,
        change.proof.as_str(),
        change.filed_on,
        change.changed_on,
        receipt_to_json(&change.receipt)?,
        change.created_at,
    ];
    row.extend(caller_to_row(&change.filed_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// A change by id.
///
/// # Errors
/// Those of the database.
pub async fn maybe_find(session: &mut Session, resident_id: ResidentId, id: ChangeId) -> Result<Option<Change>, Error> {
    let row = session.maybe_row(SELECT, args![Value::text(resident_id), Value::text(id)]).await?;
    row.as_ref().map(from_row).transpose()
}

/// A change of the kind that waits for its decision.
///
/// # Errors
/// Those of the database.
pub async fn maybe_waiting(
    session: &mut Session,
    resident_id: ResidentId,
    kind: ChangeKind,
) -> Result<Option<ChangeId>, Error> {
    let row = session.maybe_row(SELECT_WAITING, args![Value::text(resident_id), kind.as_str()]).await?;
    Ok(row.map(|row| row.parse("change_id")).transpose()?)
}

/// A page of the resident's changes, newest first, of those before `before`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    before: Option<ChangeId>,
    size: i64,
) -> Result<Vec<Change>, Error> {
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), Value::maybe_text(before), size]).await?;
    rows.iter().map(from_row).collect()
}

/// Stores the decision on a change that waits; false when it no longer does.
///
/// # Errors
/// Those of the database.
pub async fn decide(session: &mut Session, change: &Change) -> Result<bool, Error> {
    let decided_by = change.decided_by.as_ref();
    let row = args![
        Value::text(change.resident_id),
        Value::text(change.id),
        change.state.as_str(),
        change.changed_on,
        change.return_reason.clone(),
        receipt_to_json(&change.receipt)?,
        Value::maybe_text(decided_by.map(|caller| caller.office)),
        Value::maybe_text(decided_by.and_then(|caller| caller.district)),
        decided_by.map(|caller| caller.name.clone()),
    ];
    Ok(session.execute(DECIDE, row).await? == 1)
}

/// Stores the step at the tax office; false when it is stored before.
///
/// # Errors
/// Those of the database.
pub async fn confirm_tax(session: &mut Session, change: &Change) -> Result<bool, Error> {
    let row = args![
        Value::text(change.resident_id),
        Value::text(change.id),
        change.tax_changed_on,
        receipt_to_json(&change.receipt)?,
    ];
    Ok(session.execute(CONFIRM_TAX, row).await? == 1)
}

fn to_json(residence: &Residence) -> Result<String, Error> {
    serde_json::to_string(residence).map_err(|_| Error::Fault("a residence cannot be written"))
}

fn from_json(json: &str) -> Result<Residence, Error> {
    serde_json::from_str(json).map_err(|_| Error::Fault("a stored residence is unreadable"))
}

fn from_row(row: &Row) -> Result<Change, Error> {
    let residence = |column| row.maybe_text(column)?.map(|json| from_json(&json)).transpose();
    let decided_by = match row.maybe_parse("decided_by_office")? {
        Some(office) => Some(Caller {
            office,
            district: row.maybe_parse("decided_by_district")?,
            name: row.maybe_text("decided_by_name")?.unwrap_or_default(),
        }),
        None => None,
    };
    Ok(Change {
        resident_id: row.parse("resident_id")?,
        id: row.parse("change_id")?,
        kind: row.parse("kind")?,
        state: row.parse("state")?,
        policy_year: row.small("policy_year")?,
        law_district: row.parse("law_district")?,
        desk: row.parse("desk")?,
        desk_district: row.maybe_parse("desk_district")?,
        desk_township: row.maybe_text("desk_township")?,
        name: row.maybe_text("old_name")?.zip(row.maybe_text("new_name")?),
        identity_number: row.maybe_text("old_identity_number")?.zip(row.maybe_text("new_identity_number")?),
        residence: residence("old_residence")?.zip(residence("new_residence")?),
        proof: row.text("proof")?,
        filed_on: row.date("filed_on")?,
        changed_on: row.maybe_date("changed_on")?,
        tax_changed_on: row.maybe_date("tax_changed_on")?,
        return_reason: row.maybe_text("return_reason")?,
        receipt: receipt_from_json(&row.text("receipt")?)?,
        filed_by: caller_from_row(row)?,
        decided_by,
        created_at: row.instant("created_at")?,
    })
}
