//! Rows of uploads: the accepted ones, one per person, and those that were not accepted.

use juyi_db::{Bulk, Error, Row, Session, Value, args};
use juyi_domain::codes::{Area, Disposition, Identity, InstitutionKind, Tier};
use juyi_domain::id::{ResidentId, UploadId};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use serde::{Deserialize, Serialize};

/// Rows that one statement deletes, so that no transaction lasts.
const PURGED_AT_ONCE: i64 = 10_000;

static ROWS: Bulk = Bulk::new(
    "roster_row",
    &["upload_id", "identity_number", "row_number", "name", "township", "fingerprint", "content"],
);
static EXCEPTIONS: Bulk =
    Bulk::new("roster_exception", &["upload_id", "row_number", "disposition", "identity_number", "content", "reasons"]);

/// What a row says against the row of the same person on the list before.
macro_rules! disposition {
    () => {
        "CASE WHEN before.fingerprint IS NULL THEN 'NEW' WHEN before.fingerprint = own.fingerprint THEN 'UNCHANGED' \
        ELSE 'CHANGED' END"
    };
}

juyi_db::statements! {
    COUNT_AGAINST = "SELECT COUNT(*) AS listed, \
        CAST(COALESCE(SUM(CASE WHEN before.fingerprint = own.fingerprint THEN 1 ELSE 0 END), 0) AS BIGINT) \
        AS unchanged FROM roster_row AS own JOIN roster_row AS before ON before.upload_id = $2 \
        AND before.identity_number = own.identity_number WHERE own.upload_id = $1";
    SELECT_ACCEPTED = concat!("SELECT own.row_number, own.identity_number, own.name, own.township, own.content, \
        known.resident_id, ", disposition!(), " AS disposition FROM roster_row AS own \
        LEFT JOIN roster_row AS before ON before.upload_id = $2 AND before.identity_number = own.identity_number \
        LEFT JOIN identity_number AS known ON known.identity_number = own.identity_number \
        WHERE own.upload_id = $1 AND own.row_number > $3 \
        AND (CAST($4 AS TEXT) IS NULL OR ", disposition!(), " = $4) ORDER BY own.row_number LIMIT $5");
    SELECT_EXCEPTIONS = "SELECT own.row_number, own.identity_number, own.content, own.reasons, own.disposition, \
        known.resident_id FROM roster_exception AS own \
        LEFT JOIN identity_number AS known ON known.identity_number = own.identity_number \
        WHERE own.upload_id = $1 AND own.row_number > $2 AND (CAST($3 AS TEXT) IS NULL OR own.disposition = $3) \
        ORDER BY own.row_number LIMIT $4";
    SELECT_CHUNK = concat!("SELECT own.row_number, own.identity_number, own.name, own.township, own.content, \
        known.resident_id, ", disposition!(), " AS disposition FROM roster_row AS own \
        LEFT JOIN roster_row AS before ON before.upload_id = $2 AND before.identity_number = own.identity_number \
        LEFT JOIN identity_number AS known ON known.identity_number = own.identity_number \
        WHERE own.upload_id = $1 AND own.identity_number > $3 ORDER BY own.identity_number LIMIT $4");
    DELETE_ROW = "DELETE FROM roster_row WHERE upload_id = $1 AND identity_number = $2";
    PURGE_ROWS = "DELETE FROM roster_row WHERE upload_id = $1 AND identity_number IN (SELECT identity_number \
        FROM roster_row WHERE upload_id = $1 ORDER BY identity_number LIMIT $2)";
    PURGE_EXCEPTIONS = "DELETE FROM roster_exception WHERE upload_id = $1 AND row_number IN (SELECT row_number \
        FROM roster_exception WHERE upload_id = $1 ORDER BY row_number LIMIT $2)";
}

/// What a row says beside number, name and township; as text, because a row that is not accepted is kept as it came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    /// Name, in a row that was not accepted; the others have a column.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Township, likewise.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub township: String,
    /// First day of what the list says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub start_date: String,
    /// Last day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub end_date: String,
    /// Identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Taken back by the supplier.
    #[serde(skip_serializing_if = "is_false")]
    pub withdrawn: bool,
    /// Has an employer.
    #[serde(skip_serializing_if = "is_false")]
    pub has_employer: bool,
    /// Has a fixed income.
    #[serde(skip_serializing_if = "is_false")]
    pub has_fixed_income: bool,
    /// Recognised by an authority of another province.
    #[serde(skip_serializing_if = "is_false")]
    pub recognised_outside: bool,
    /// Day of death.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub death_date: String,
    /// Amount paid.
    #[serde(skip_serializing_if = "is_zero")]
    pub amount_fen: i64,
    /// Voucher.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub voucher_number: String,
    /// Day of payment.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub payment_date: String,
    /// Institution.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit_id: String,
    /// Kind of institution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution_kind: Option<InstitutionKind>,
    /// Verified by the institution.
    #[serde(skip_serializing_if = "is_false")]
    pub verified: bool,
    /// Identity that a school records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_identity: Option<Identity>,
    /// District of the household registration.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub household_district: String,
    /// Kind of the household registration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub household_area: Option<Area>,
    /// Tier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Insured the year before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_year_insured: Option<bool>,
    /// Day of application.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_date: String,
    /// Employed.
    #[serde(skip_serializing_if = "is_false")]
    pub employed: bool,
    /// Studies part-time.
    #[serde(skip_serializing_if = "is_false")]
    pub part_time: bool,
}

/// Characters of the number that are kept of a row that was not accepted.
pub const NUMBER: usize = 32;
/// Characters of its name.
const NAME: usize = 50;
/// Characters of each other field.
const FIELD: usize = 64;

/// The first characters of a text, with a sign in the place of control characters: no text of PostgreSQL holds a NUL.
#[must_use]
pub fn cut(text: &str, most: usize) -> String {
    let shown = |character: char| if character.is_control() { char::REPLACEMENT_CHARACTER } else { character };
    text.chars().take(most).map(shown).collect()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_false(value: &bool) -> bool {
    !*value
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
const fn is_zero(value: &i64) -> bool {
    *value == 0
}

fn insured(previous_year: i32) -> Option<bool> {
    match pb::PreviousYear::try_from(previous_year) {
        Ok(pb::PreviousYear::Insured) => Some(true),
        Ok(pb::PreviousYear::NotInsured) => Some(false),
        Ok(pb::PreviousYear::Unspecified) | Err(_) => None,
    }
}

const fn previous_year(insured: Option<bool>) -> pb::PreviousYear {
    match insured {
        None => pb::PreviousYear::Unspecified,
        Some(true) => pb::PreviousYear::Insured,
        Some(false) => pb::PreviousYear::NotInsured,
    }
}

impl Content {
    /// What a row on the wire says; number, name and township are left to the caller.
    #[must_use]
    pub fn of(row: pb::RosterRow) -> Self {
        Self {
            name: row.name,
            township: row.township,
            start_date: row.start_date,
            end_date: row.end_date,
            identity: Identity::from_wire(row.identity).ok(),
            withdrawn: row.withdrawn,
            has_employer: row.has_employer,
            has_fixed_income: row.has_fixed_income,
            recognised_outside: row.recognised_outside,
            death_date: row.death_date,
            amount_fen: row.amount_fen,
            voucher_number: row.voucher_number,
            payment_date: row.payment_date,
            unit_id: row.unit_id,
            institution_kind: InstitutionKind::from_wire(row.institution_kind).ok(),
            verified: row.verified,
            special_identity: Identity::from_wire(row.special_identity).ok(),
            household_district: row.household_district,
            household_area: Area::from_wire(row.household_area).ok(),
            tier: Tier::from_wire(row.tier).ok(),
            previous_year_insured: insured(row.previous_year),
            application_date: row.application_date,
            employed: row.employed,
            part_time: row.part_time,
        }
    }

    /// The row on the wire again.
    #[must_use]
    pub fn into_wire(self, identity_number: String) -> pb::RosterRow {
        pb::RosterRow {
            identity_number,
            name: self.name,
            township: self.township,
            start_date: self.start_date,
            end_date: self.end_date,
            identity: self.identity.map_or(0, Coded::to_wire),
            withdrawn: self.withdrawn,
            has_employer: self.has_employer,
            has_fixed_income: self.has_fixed_income,
            recognised_outside: self.recognised_outside,
            death_date: self.death_date,
            amount_fen: self.amount_fen,
            voucher_number: self.voucher_number,
            payment_date: self.payment_date,
            unit_id: self.unit_id,
            institution_kind: self.institution_kind.map_or(0, Coded::to_wire),
            verified: self.verified,
            special_identity: self.special_identity.map_or(0, Coded::to_wire),
            household_district: self.household_district,
            household_area: self.household_area.map_or(0, Coded::to_wire),
            tier: self.tier.map_or(0, Coded::to_wire),
            previous_year: previous_year(self.previous_year_insured).into(),
            application_date: self.application_date,
            employed: self.employed,
            part_time: self.part_time,
        }
    }

    /// The same without what no such field can hold, for a row that was not accepted and may say anything.
    #[must_use]
    pub fn cut(self) -> Self {
        let field = |text: String| cut(&text, FIELD);
        Self {
            name: cut(&self.name, NAME),
            township: field(self.township),
            start_date: field(self.start_date),
            end_date: field(self.end_date),
            death_date: field(self.death_date),
            voucher_number: field(self.voucher_number),
            payment_date: field(self.payment_date),
            unit_id: field(self.unit_id),
            household_district: field(self.household_district),
            application_date: field(self.application_date),
            ..self
        }
    }

    /// As it is stored. Texts, codes and flags can always be written.
    fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// An accepted row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Number of the row, from 1.
    pub row_number: i64,
    /// Citizen identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// Township, a unit id.
    pub township: Option<String>,
    /// Hash of what the row says.
    pub fingerprint: i64,
    /// The rest, as it is stored: tens of thousands of rows wait in memory.
    content: String,
}

impl Accepted {
    /// A row with its number, identity number and fingerprint.
    #[must_use]
    pub fn new((row_number, identity_number, fingerprint): (i64, String, i64), mut content: Content) -> Self {
        let name = std::mem::take(&mut content.name);
        let township = std::mem::take(&mut content.township);
        let township = (!township.is_empty()).then_some(township);
        Self { row_number, identity_number, name, township, fingerprint, content: content.to_json() }
    }
}

/// Why a row was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Reason code.
    pub reason: String,
    /// Rule; empty where none decided.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub rule_id: String,
    /// Explanation.
    pub detail: String,
}

/// A row that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAccepted {
    /// Number of the row, from 1.
    pub row_number: i64,
    /// Duplicate or rejected.
    pub disposition: Disposition,
    /// Citizen identity number as it was sent, which need not be one.
    pub identity_number: String,
    /// The row, as far as it was read.
    pub content: Content,
    /// Why.
    pub grounds: Vec<Ground>,
}

/// A row with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Number of the row, from 1.
    pub row_number: i64,
    /// The row, as far as it was read; name and township in it.
    pub content: Content,
    /// Citizen identity number as it was sent.
    pub identity_number: String,
    /// What became of it.
    pub disposition: Disposition,
    /// Why it was not accepted.
    pub grounds: Vec<Ground>,
    /// The resident who holds the number.
    pub resident_id: Option<ResidentId>,
}

/// Stores rows of an upload; a person twice in one upload is [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, upload_id: UploadId, rows: Vec<Accepted>) -> Result<(), Error> {
    let upload_id = upload_id.to_string();
    let mut values = Vec::with_capacity(rows.len() * 7);
    for row in rows {
        values.push(Value::Text(Some(upload_id.clone())));
        values.push(Value::Text(Some(row.identity_number)));
        values.push(Value::Int(Some(row.row_number)));
        values.push(Value::Text(Some(row.name)));
        values.push(Value::Text(row.township));
        values.push(Value::Int(Some(row.fingerprint)));
        values.push(Value::Text(Some(row.content)));
    }
    session.insert_all(&ROWS, values).await?;
    Ok(())
}

/// Stores rows that were not accepted.
///
/// # Errors
/// Those of the database.
pub async fn insert_exceptions(
    session: &mut Session,
    upload_id: UploadId,
    rows: Vec<NotAccepted>,
) -> Result<(), Error> {
    let mut values = Vec::with_capacity(rows.len() * 6);
    for row in rows {
        let grounds = serde_json::to_string(&row.grounds).map_err(|_| Error::Corrupt { column: "reasons" })?;
        values.extend(args![
            Value::text(upload_id),
            row.row_number,
            row.disposition.as_str(),
            row.identity_number,
            row.content.to_json(),
            grounds,
        ]);
    }
    session.insert_all(&EXCEPTIONS, values).await?;
    Ok(())
}

/// Moves an accepted row to those that were not.
///
/// # Errors
/// Those of the database.
pub async fn refuse(session: &mut Session, upload_id: UploadId, rows: Vec<NotAccepted>) -> Result<(), Error> {
    for row in &rows {
        session.execute(DELETE_ROW, args![Value::text(upload_id), row.identity_number.as_str()]).await?;
    }
    insert_exceptions(session, upload_id, rows).await
}

/// How many persons two uploads share, and of how many both say the same.
///
/// # Errors
/// Those of the database.
pub async fn count_against(session: &mut Session, own: UploadId, before: UploadId) -> Result<(i64, i64), Error> {
    let row = session.maybe_row(COUNT_AGAINST, args![Value::text(own), Value::text(before)]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("listed")?, row.int("unchanged")?)))
}

/// A page of an upload in the order of its rows, accepted or not, after a row.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    (own, before): (UploadId, Option<UploadId>),
    disposition: Option<Disposition>,
    after: i64,
    size: i64,
) -> Result<Vec<Outcome>, Error> {
    let not_accepted = matches!(disposition, Some(Disposition::Duplicate | Disposition::Rejected));
    let mut rows = exceptions(session, own, disposition, after, size).await?;
    if !not_accepted {
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let key = args![Value::text(own), before, after, Value::maybe_text(disposition), size];
        for row in &session.rows(SELECT_ACCEPTED, key).await? {
            rows.push(from_row(row)?);
        }
        rows.sort_unstable_by_key(|row| row.row_number);
        rows.truncate(usize::try_from(size).unwrap_or_default());
    }
    Ok(rows)
}

/// A page of the rows of an upload that were not accepted, after a row.
///
/// # Errors
/// Those of the database.
pub async fn exceptions(
    session: &mut Session,
    own: UploadId,
    disposition: Option<Disposition>,
    after: i64,
    size: i64,
) -> Result<Vec<Outcome>, Error> {
    let key = args![Value::text(own), after, Value::maybe_text(disposition), size];
    let mut rows = Vec::new();
    for row in &session.rows(SELECT_EXCEPTIONS, key).await? {
        let grounds = serde_json::from_str(&row.text("reasons")?).map_err(|_| Error::Corrupt { column: "reasons" })?;
        rows.push(Outcome {
            row_number: row.int("row_number")?,
            content: content(row)?,
            identity_number: row.text("identity_number")?,
            disposition: row.parse("disposition")?,
            grounds,
            resident_id: row.maybe_parse("resident_id")?,
        });
    }
    Ok(rows)
}

/// The next accepted rows of an upload in the order of identity numbers.
///
/// # Errors
/// Those of the database.
pub async fn chunk(
    session: &mut Session,
    (own, before): (UploadId, Option<UploadId>),
    after: &str,
    size: i64,
) -> Result<Vec<Outcome>, Error> {
    let before = before.map(|id| id.to_string()).unwrap_or_default();
    let rows = session.rows(SELECT_CHUNK, args![Value::text(own), before, after, size]).await?;
    rows.iter().map(from_row).collect()
}

/// Deletes some rows of an upload; false when none were left.
///
/// # Errors
/// Those of the database.
pub async fn purge_some(session: &mut Session, upload_id: UploadId) -> Result<bool, Error> {
    let key = || args![Value::text(upload_id), PURGED_AT_ONCE];
    let deleted = session.execute(PURGE_ROWS, key()).await? + session.execute(PURGE_EXCEPTIONS, key()).await?;
    Ok(deleted > 0)
}

fn from_row(row: &Row) -> Result<Outcome, Error> {
    let content =
        Content { name: row.text("name")?, township: row.maybe_text("township")?.unwrap_or_default(), ..content(row)? };
    Ok(Outcome {
        row_number: row.int("row_number")?,
        content,
        identity_number: row.text("identity_number")?,
        disposition: row.parse("disposition")?,
        grounds: Vec::new(),
        resident_id: row.maybe_parse("resident_id")?,
    })
}

fn content(row: &Row) -> Result<Content, Error> {
    serde_json::from_str(&row.text("content")?).map_err(|_| Error::Corrupt { column: "content" })
}
