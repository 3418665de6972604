//! Rows of a roster beside what the registry knows, in the order of identity numbers and page by page.

use chrono::NaiveDate;
use juyi_db::{Error, Row, Session, args};
use juyi_domain::codes::{Category, Class, Identity};
use serde::Deserialize;

use crate::store::comparisons::Roster;

/// A page of rows of the upload $1 after the number $3, each with its person and the enrolment of the year $2. The
/// rows are chosen first, from tables that lie in their order; only those are looked up.
macro_rules! rows {
    ($($condition:tt)*) => {
        concat!(
            "SELECT r.identity_number, r.name, r.township, r.content, n.resident_id, p.name AS known_name, p.died_on, \
            e.category, e.class, e.applied_on, e.township AS known_township FROM (SELECT identity_number, name, \
            township, content FROM roster_row WHERE upload_id = $1 AND identity_number > $3 ",
            $($condition)*,
            " ORDER BY identity_number LIMIT $4) r LEFT JOIN identity_number n ON n.identity_number = r.identity_number \
            LEFT JOIN resident p ON p.resident_id = n.resident_id \
            LEFT JOIN enrolment e ON e.resident_id = n.resident_id AND e.policy_year = $2 ORDER BY r.identity_number"
        )
    };
}

/// True for a row in which a school records an identity (J-3.2.5-e).
macro_rules! special {
    () => {
        "content LIKE '%\"special_identity\"%'"
    };
}

/// True for a row that names somebody as long as its time is not over: the row says whether it has an end.
macro_rules! stands {
    () => {
        "content NOT LIKE '%\"withdrawn\"%' AND content NOT LIKE '%\"end_date\"%'"
    };
}

/// The enrolled or holders $key who stand in no row of the upload $1, or in one that has an end or is taken back. A row
/// that was refused says nothing of its person.
macro_rules! not_listed {
    ($key:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM roster_row WHERE upload_id = $1 AND roster_row.identity_number = ",
            $key,
            " AND ",
            stands!(),
            ") AND NOT EXISTS (SELECT 1 FROM roster_exception x WHERE x.upload_id = $1 AND x.identity_number = ",
            $key,
            " AND x.disposition = 'REJECTED')"
        )
    };
}

juyi_db::statements! {
    COUNT_ROWS = "SELECT COUNT(*) AS listed FROM roster_row WHERE upload_id = $1";
    SELECT_ROWS = rows!("");
    SELECT_UNEXPLAINED = rows!("AND NOT EXISTS (SELECT 1 FROM enrolled WHERE enrolled.policy_year = $2 \
        AND enrolled.identity_number = roster_row.identity_number AND enrolled.name = roster_row.name \
        AND NOT roster_row.", special!(), " AND roster_row.content NOT LIKE '%\"withdrawn\"%' \
        AND roster_row.content NOT LIKE '%\"end_date\"%')");
    SELECT_IDENTITIES = "SELECT r.identity_number, s.identity, s.start_on, s.end_on FROM roster_row r \
        JOIN identity_number n ON n.identity_number = r.identity_number \
        JOIN special_identity s ON s.resident_id = n.resident_id \
        WHERE r.upload_id = $1 AND r.identity_number BETWEEN $2 AND $3";
    SELECT_IDENTITIES_OF_SPECIAL = concat!("SELECT r.identity_number, s.identity, s.start_on, s.end_on \
        FROM (SELECT identity_number FROM roster_row WHERE upload_id = $1 AND identity_number BETWEEN $2 AND $3 AND ",
        special!(), ") r JOIN identity_number n ON n.identity_number = r.identity_number \
        JOIN special_identity s ON s.resident_id = n.resident_id");
    SELECT_DUPLICATES = "SELECT d.identity_number, d.times, COALESCE(r.name, '') AS name, r.township, n.resident_id \
        FROM (SELECT identity_number, COUNT(*) AS times FROM roster_exception WHERE upload_id = $1 \
        AND disposition = 'DUPLICATE' AND identity_number > $2 GROUP BY identity_number \
        ORDER BY identity_number LIMIT $3) d \
        LEFT JOIN roster_row r ON r.upload_id = $1 AND r.identity_number = d.identity_number \
        LEFT JOIN identity_number n ON n.identity_number = d.identity_number ORDER BY d.identity_number";
    SELECT_REFUSED = "SELECT x.identity_number, '' AS name, CAST(NULL AS TEXT) AS township, x.content, n.resident_id, \
        p.name AS known_name, p.died_on, e.category, e.class, e.applied_on, e.township AS known_township \
        FROM (SELECT identity_number, content FROM roster_exception WHERE upload_id = $1 AND identity_number > $3 \
        AND disposition = 'REJECTED' AND reasons LIKE '%\"IDENTITY_IN_USE\"%' ORDER BY identity_number LIMIT $4) x \
        LEFT JOIN identity_number n ON n.identity_number = x.identity_number \
        LEFT JOIN resident p ON p.resident_id = n.resident_id \
        LEFT JOIN enrolment e ON e.resident_id = n.resident_id AND e.policy_year = $2 ORDER BY x.identity_number";
    SELECT_ENROLLED_NOT_LISTED = concat!("SELECT m.identity_number, n.resident_id, p.name, e.category, e.township, \
        e.unit_id, l.content AS listed FROM (SELECT identity_number FROM enrolled WHERE policy_year = $2 AND identity_number > $3 AND district = $5 \
        AND (CAST($6 AS TEXT) IS NULL OR category = $6) AND ", not_listed!("enrolled.identity_number"), " \
        ORDER BY identity_number LIMIT $4) m \
        LEFT JOIN roster_row l ON l.upload_id = $1 AND l.identity_number = m.identity_number \
        LEFT JOIN identity_number n ON n.identity_number = m.identity_number \
        LEFT JOIN resident p ON p.resident_id = n.resident_id \
        LEFT JOIN enrolment e ON e.resident_id = n.resident_id AND e.policy_year = $2 ORDER BY m.identity_number");
    SELECT_HOLDERS_NOT_LISTED = concat!("SELECT p.identity_number, p.resident_id, p.name, MIN(s.identity) AS identity, \
        MIN(e.township) AS township, MIN(l.content) AS listed FROM special_identity s \
        JOIN resident p ON p.resident_id = s.resident_id \
        LEFT JOIN roster_row l ON l.upload_id = $1 AND l.identity_number = p.identity_number \
        LEFT JOIN enrolment e ON e.resident_id = p.resident_id AND e.policy_year = $2 \
        WHERE $6 LIKE '%,' || s.identity || ',%' AND s.start_on <= $7 AND (s.end_on IS NULL OR s.end_on > $7) \
        AND NOT s.recognised_outside AND p.identity_number > $3 AND (p.died_on IS NULL OR p.died_on >= $7) \
        AND (s.office_district = $5 OR (s.office_district IS NULL AND p.residence_district = $5)) \
        AND ", not_listed!("p.identity_number"), " \
        GROUP BY p.identity_number, p.resident_id, p.name ORDER BY p.identity_number LIMIT $4");
}

/// Which rows of a roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// All of them.
    All,
    /// Those that do not just name a living person who is enrolled under this number and name: of others, and those
    /// that end, are taken back, or record an identity.
    Unexplained,
}

/// What a row says beside number, name and township, as far as a comparison asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Name, in a row that was refused.
    pub name: String,
    /// Township, likewise.
    pub township: String,
    /// Last day of what the list says.
    pub end_date: String,
    /// Identity, where the kind of list has several.
    pub identity: Option<Identity>,
    /// Taken back by the supplier.
    pub withdrawn: bool,
    /// Recognised by an authority of another province.
    pub recognised_outside: bool,
    /// Amount paid.
    pub amount_fen: i64,
    /// Day of payment.
    pub payment_date: String,
    /// Identity that the school records.
    pub special_identity: Option<Identity>,
}

/// A person who holds a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Resident.
    pub resident_id: String,
    /// Name.
    pub name: String,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Enrolment of the year.
    pub enrolment: Option<Enrolment>,
}

/// An enrolment of the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolment {
    /// Category.
    pub category: Category,
    /// Class.
    pub class: Class,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Township it counts towards.
    pub township: Option<String>,
}

/// A row beside the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// Citizen identity number.
    pub identity_number: String,
    /// Name on the list.
    pub name: String,
    /// Township on the list.
    pub township: Option<String>,
    /// The rest of the row.
    pub said: Said,
    /// Who holds the number.
    pub person: Option<Person>,
}

/// A special identity of somebody on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Whose.
    pub identity_number: String,
    /// Which.
    pub identity: Identity,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after.
    pub end_on: Option<NaiveDate>,
}

/// Somebody named more than once, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Citizen identity number.
    pub identity_number: String,
    /// Name.
    pub name: String,
    /// Who holds the number.
    pub resident_id: Option<String>,
    /// Township.
    pub township: Option<String>,
    /// What is told of it: how often it is named beyond the first time, or as what the registry holds the person.
    pub fact: String,
    /// Unit of the enrolment.
    pub unit_id: Option<String>,
    /// What the row of the list says that ends or is taken back.
    pub said: Option<Said>,
}

/// Persons on the list.
///
/// # Errors
/// Those of the database.
pub async fn count(session: &mut Session, roster: &Roster) -> Result<i64, Error> {
    let row = session.maybe_row(COUNT_ROWS, args![roster.upload_id.as_str()]).await?;
    row.map_or(Ok(0), |row| row.int("listed"))
}

/// The chosen rows after a number.
///
/// # Errors
/// Those of the database.
pub async fn page(
    session: &mut Session,
    roster: &Roster,
    choice: Choice,
    after: &str,
    size: i64,
) -> Result<Vec<Compared>, Error> {
    let statement = match choice {
        Choice::All => SELECT_ROWS,
        Choice::Unexplained => SELECT_UNEXPLAINED,
    };
    let key = args![roster.upload_id.as_str(), roster.policy_year, after, size];
    session.rows(statement, key).await?.iter().map(from_row).collect()
}

/// Rows after a number that were refused while they had their effect, because the number is known under another name.
///
/// # Errors
/// Those of the database.
pub async fn refused(session: &mut Session, roster: &Roster, after: &str, size: i64) -> Result<Vec<Compared>, Error> {
    let key = args![roster.upload_id.as_str(), roster.policy_year, after, size];
    let mut rows = Vec::new();
    for row in &session.rows(SELECT_REFUSED, key).await? {
        let mut row = from_row(row)?;
        row.name = std::mem::take(&mut row.said.name);
        row.township = Some(std::mem::take(&mut row.said.township)).filter(|township| !township.is_empty());
        rows.push(row);
    }
    Ok(rows)
}

/// The identities, of all times, of the persons on a page: of all of them, or of those in whose rows a school records
/// one.
///
/// # Errors
/// Those of the database.
pub async fn identities(
    session: &mut Session,
    roster: &Roster,
    page: &[Compared],
    only_special: bool,
) -> Result<Vec<Held>, Error> {
    let (Some(first), Some(last)) = (page.first(), page.last()) else { return Ok(Vec::new()) };
    let statement = if only_special { SELECT_IDENTITIES_OF_SPECIAL } else { SELECT_IDENTITIES };
    let key = args![roster.upload_id.as_str(), first.identity_number.as_str(), last.identity_number.as_str()];
    let read = |row: &Row| {
        Ok(Held {
            identity_number: row.text("identity_number")?,
            identity: row.parse("identity")?,
            start_on: row.date("start_on")?,
            end_on: row.maybe_date("end_on")?,
        })
    };
    session.rows(statement, key).await?.iter().map(read).collect()
}

/// Persons whom the list names more than once, after a number (J-1.3-b).
///
/// # Errors
/// Those of the database.
pub async fn duplicates(session: &mut Session, roster: &Roster, after: &str, size: i64) -> Result<Vec<Named>, Error> {
    let rows = session.rows(SELECT_DUPLICATES, args![roster.upload_id.as_str(), after, size]).await?;
    let read = |row: &Row| {
        Ok(Named {
            identity_number: row.text("identity_number")?,
            name: row.text("name")?,
            resident_id: row.maybe_text("resident_id")?,
            township: row.maybe_text("township")?,
            fact: row.int("times")?.to_string(),
            unit_id: None,
            said: None,
        })
    };
    rows.iter().map(read).collect()
}

/// Persons enrolled in the roster's district, as a category or as any, who are not on the list, after a number. A
/// person whose entry is out of date comes without a name and is to be passed over.
///
/// # Errors
/// Those of the database.
pub async fn enrolled_not_listed(
    session: &mut Session,
    roster: &Roster,
    category: Option<Category>,
    after: &str,
    size: i64,
) -> Result<Vec<Named>, Error> {
    let mut key = args![roster.upload_id.as_str(), roster.policy_year, after, size, roster.district.as_str()];
    key.push(juyi_db::Value::maybe_text(category));
    session.rows(SELECT_ENROLLED_NOT_LISTED, key).await?.iter().map(|row| named(row, "category")).collect()
}

/// Persons of the roster's district who hold one of the identities on the day of the list and are not on it, after a
/// number.
///
/// # Errors
/// Those of the database.
pub async fn holders_not_listed(
    session: &mut Session,
    roster: &Roster,
    identities: &[Identity],
    after: &str,
    size: i64,
) -> Result<Vec<Named>, Error> {
    let codes: Vec<_> = identities.iter().map(|identity| identity.as_str()).collect();
    let key = args![
        roster.upload_id.as_str(),
        roster.policy_year,
        after,
        size,
        roster.district.as_str(),
        format!(",{},", codes.join(",")),
        roster.as_of,
    ];
    session.rows(SELECT_HOLDERS_NOT_LISTED, key).await?.iter().map(|row| named(row, "identity")).collect()
}

fn named(row: &Row, fact: &'static str) -> Result<Named, Error> {
    Ok(Named {
        identity_number: row.text("identity_number")?,
        name: row.maybe_text("name")?.unwrap_or_default(),
        resident_id: row.maybe_text("resident_id")?,
        township: row.maybe_text("township")?,
        fact: row.maybe_text(fact)?.unwrap_or_default(),
        unit_id: if fact == "category" { row.maybe_text("unit_id")? } else { None },
        said: row.maybe_text("listed")?.as_deref().map(said).transpose()?,
    })
}

fn said(content: &str) -> Result<Said, Error> {
    serde_json::from_str(content).map_err(|_| Error::Corrupt { column: "content" })
}

fn from_row(row: &Row) -> Result<Compared, Error> {
    let enrolment = match row.maybe_parse("category")? {
        None => None,
        Some(category) => Some(Enrolment {
            category,
            class: row.parse("class")?,
            applied_on: row.date("applied_on")?,
            township: row.maybe_text("known_township")?,
        }),
    };
    let person = match row.maybe_text("known_name")? {
        None => None,
        Some(name) => {
            Some(Person { resident_id: row.text("resident_id")?, name, died_on: row.maybe_date("died_on")?, enrolment })
        }
    };
    Ok(Compared {
        identity_number: row.text("identity_number")?,
        name: row.text("name")?,
        township: row.maybe_text("township")?,
        said: said(&row.text("content")?)?,
        person,
    })
}
