//! Statements about what a person brings into a year.

use chrono::{DateTime, Utc};
use juyi_db::{Keyed, Row, Session, Value, args};
use juyi_domain::codes::District;
use juyi_domain::id::{OpeningId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::Receipt;
use juyi_domain::settlement::accumulators::CarriedBalance;
use juyi_domain::settlement::opening::Statement;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::{caller_from_row, caller_to_row, receipt_from_json, receipt_to_json};
use serde::{Deserialize, Serialize};

use super::to_json;

/// What is said of a value that has no JSON.
const UNWRITTEN: &str = "a statement cannot be written";

juyi_db::statements! {
    INSERT = "INSERT INTO opening (resident_id, opening_id, kind, policy_year, balances, unused_years, unused_source, \
        facts, receipt, created_at, office, office_district, office_name) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    SELECT_UP_TO = "SELECT * FROM opening WHERE resident_id = $1 AND policy_year <= $2 ORDER BY opening_id";
    SELECT_PAGE = "SELECT * FROM opening WHERE resident_id = $1 AND opening_id > $2 ORDER BY opening_id LIMIT $3";
}

static OF_YEARS: Keyed = Keyed::select(
    &[("place", "BIGINT"), ("wanted", "TEXT"), ("wanted_year", "BIGINT")],
    "key.place, o.*",
    "opening o",
    "o.resident_id = key.wanted AND o.policy_year <= key.wanted_year + 1",
    "place, opening_id",
);

/// How a statement came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Imported.
    Imported,
    /// Left by a closed year.
    Closed,
    /// Left by a closed year after a later bill of it.
    ClosedAnew,
}

impl Kind {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Imported, "IMPORTED"), (Self::Closed, "CLOSED"), (Self::ClosedAnew, "CLOSED_ANEW")];

    /// True for what a closed year left.
    #[must_use]
    pub const fn closes(self) -> bool {
        !matches!(self, Self::Imported)
    }
}

/// A balance with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The year that left it.
    pub origin_year: i32,
    /// What is left of it.
    pub amount: Fen,
    /// Where the figure comes from.
    pub source: String,
}

/// Unused outpatient years with their source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Years in a row.
    pub years: u32,
    /// Where the figure comes from.
    pub source: String,
}

/// What a closing was made of, besides the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// District in which the person was covered at the end of the year.
    pub district: District,
    /// Insured on every day of the year (B-5.3-a).
    pub whole_year: bool,
    /// A family doctor's contract was in effect on the last day (AMB-060).
    pub family_doctor: bool,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// Whose.
    pub resident_id: ResidentId,
    /// Id; statements are ordered by it.
    pub id: OpeningId,
    /// How it came about.
    pub kind: Kind,
    /// The year it is brought into.
    pub policy_year: i32,
    /// Balances.
    pub balances: Vec<Balance>,
    /// Unused outpatient years, where stated.
    pub unused: Option<Unused>,
    /// Of a closing.
    pub facts: Option<Facts>,
    /// Why; of a closing.
    pub receipt: Receipt,
    /// Office that stated it.
    pub recorded_by: Caller,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl Stated {
    /// The statement as the rules take it.
    #[must_use]
    pub fn statement(&self) -> Statement {
        let balance = |balance: &Balance| CarriedBalance { origin_year: balance.origin_year, amount: balance.amount };
        Statement {
            policy_year: self.policy_year,
            balances: self.balances.iter().map(balance).collect(),
            unused_outpatient_years: self.unused.as_ref().map(|unused| unused.years),
        }
    }
}

/// Adds a statement.
///
/// # Errors
/// Those of the database.
pub async fn insert(session: &mut Session, stated: &Stated) -> Result<(), Error> {
    let kind = Kind::ALL.iter().find(|(kind, _)| *kind == stated.kind).map_or("", |(_, code)| code);
    let mut row = args![
        Value::text(stated.resident_id),
        Value::text(stated.id),
        kind,
        stated.policy_year,
        to_json(&stated.balances, UNWRITTEN)?,
        stated.unused.as_ref().map(|unused| i64::from(unused.years)),
        stated.unused.as_ref().map_or("", |unused| unused.source.as_str()),
        stated.facts.as_ref().map_or_else(|| Ok(String::new()), |value| to_json(value, UNWRITTEN))?,
        receipt_to_json(&stated.receipt)?,
        stated.created_at,
    ];
    row.extend(caller_to_row(&stated.recorded_by));
    session.execute(INSERT, row).await?;
    Ok(())
}

/// Everything stated for a person's years up to one, in the order it was stated.
///
/// # Errors
/// Those of the database.
pub async fn up_to(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<Vec<Stated>, Error> {
    let rows = session.rows(SELECT_UP_TO, args![Value::text(resident_id), policy_year]).await?;
    rows.iter().map(from_row).collect()
}

/// The same for many people, each with a year, up to the year after it.
///
/// # Errors
/// Those of the database.
pub async fn of_years(session: &mut Session, years: &[(ResidentId, i32)]) -> Result<Vec<Vec<Stated>>, Error> {
    let mut stated = vec![Vec::new(); years.len()];
    for row in session.rows_of(&OF_YEARS, &super::keys(years)).await? {
        super::at(&row, &mut stated)?.push(from_row(&row)?);
    }
    Ok(stated)
}

/// A page of what was stated for a person, after `after`.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    resident_id: ResidentId,
    after: Option<OpeningId>,
    size: i64,
) -> Result<Vec<Stated>, Error> {
    let after = after.map_or_else(|| "".into(), Value::text);
    let rows = session.rows(SELECT_PAGE, args![Value::text(resident_id), after, size]).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Stated, Error> {
    let code = row.text("kind")?;
    let kind = Kind::ALL.iter().find(|(_, known)| *known == code);
    let years = row.maybe_int("unused_years")?.and_then(|years| u32::try_from(years).ok());
    let source = row.text("unused_source")?;
    let facts = row.text("facts")?;
    let corrupt = |column| juyi_db::Error::Corrupt { column };
    Ok(Stated {
        resident_id: row.parse("resident_id")?,
        id: row.parse("opening_id")?,
        kind: kind.ok_or(corrupt("kind"))?.0,
        policy_year: row.small("policy_year")?,
        balances: serde_json::from_str(&row.text("balances")?).map_err(|_| corrupt("balances"))?,
        unused: years.map(|years| Unused { years, source }),
        facts: if facts.is_empty() { None } else { Some(serde_json::from_str(&facts).map_err(|_| corrupt("facts"))?) },
        receipt: receipt_from_json(&row.text("receipt")?)?,
        recorded_by: caller_from_row(row)?,
        created_at: row.instant("created_at")?,
    })
}
