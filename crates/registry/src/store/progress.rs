//! The figures of progress, and the count from which they can be told anew.

use chrono::{DateTime, NaiveDate, Utc};
use juyi_db::{Error, Row, Session, Value, args};
use juyi_domain::codes::{CountGroup, District};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::caller::Caller;
use juyi_kit::wire::caller_to_row;

juyi_db::statements! {
    ADD = "INSERT INTO progress_day (district, policy_year, township, count_group, counted_on, persons) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (district, policy_year, township, count_group, counted_on) \
        DO UPDATE SET persons = progress_day.persons + excluded.persons";
    INSERT_MOVE = "INSERT INTO enrolment_move (resident_id, enrolment_id, move_number, district, policy_year, \
        count_group, applied_on, from_township, to_township, moved_on) \
        SELECT $1, $2, COALESCE(MAX(move_number), 0) + 1, $3, $4, $5, $6, $7, $8, $9 \
        FROM enrolment_move WHERE resident_id = $1 AND enrolment_id = $2";
    SELECT_LAST_MOVE = "SELECT moved_on FROM enrolment_move WHERE resident_id = $1 AND enrolment_id = $2 \
        ORDER BY move_number DESC LIMIT 1";
    SELECT_MOVES = "SELECT from_township, to_township, moved_on FROM enrolment_move \
        WHERE resident_id = $1 AND enrolment_id = $2 ORDER BY move_number";
    DELETE_MOVES = "DELETE FROM enrolment_move WHERE resident_id = $1 AND enrolment_id = $2";
    SET_TOWNSHIP = "UPDATE enrolment SET township = $3 WHERE resident_id = $1 AND enrolment_id = $2";
    FIGURES = "SELECT township, count_group, CAST(SUM(persons) AS BIGINT) AS persons FROM progress_day \
        WHERE district = $1 AND policy_year = $2 AND counted_on <= $3 GROUP BY township, count_group";
    COUNTED = "SELECT CAST(COALESCE(SUM(persons), 0) AS BIGINT) AS persons FROM progress_day \
        WHERE district = $1 AND policy_year = $2 AND counted_on <= $3 AND count_group <> 'NOT_COUNTED'";
    BY_DAY = "SELECT counted_on, CAST(SUM(persons) AS BIGINT) AS persons FROM progress_day \
        WHERE district = $1 AND policy_year = $2 AND counted_on <= $3 AND count_group <> 'NOT_COUNTED' \
        AND (CAST($4 AS TEXT) IS NULL OR township = $4) GROUP BY counted_on ORDER BY counted_on";
    /// Kept and recounted figures from one statement, so that both see the same enrolments. An enrolment counts where
    /// it now is; each move takes back what was before it.
    COMPARE = "SELECT township, count_group, counted_on, CAST(SUM(kept) AS BIGINT) AS kept, \
        CAST(SUM(recounted) AS BIGINT) AS recounted FROM (\
            SELECT township, count_group, counted_on, persons AS kept, 0 AS recounted FROM progress_day \
                WHERE district = $1 AND policy_year = $2 \
            UNION ALL SELECT COALESCE(township, ''), count_group, applied_on, 0, COUNT(*) FROM enrolment \
                WHERE district = $1 AND policy_year = $2 GROUP BY township, count_group, applied_on \
            UNION ALL SELECT to_township, count_group, applied_on, 0, -1 FROM enrolment_move \
                WHERE district = $1 AND policy_year = $2 \
            UNION ALL SELECT from_township, count_group, applied_on, 0, 1 FROM enrolment_move \
                WHERE district = $1 AND policy_year = $2 \
            UNION ALL SELECT from_township, count_group, moved_on, 0, -1 FROM enrolment_move \
                WHERE district = $1 AND policy_year = $2 \
            UNION ALL SELECT to_township, count_group, moved_on, 0, 1 FROM enrolment_move \
                WHERE district = $1 AND policy_year = $2) AS told \
        GROUP BY township, count_group, counted_on HAVING SUM(kept) <> SUM(recounted) \
        ORDER BY township, count_group, counted_on";
    LOCK_RECOUNT = "INSERT INTO recount (district, policy_year, enrolments, differences, created_at, office, \
        office_district, office_name) VALUES ($1, $2, 0, 0, $3, $4, $5, $6) \
        ON CONFLICT (district, policy_year) DO UPDATE SET created_at = excluded.created_at, \
        office = excluded.office, office_district = excluded.office_district, office_name = excluded.office_name";
    FINISH_RECOUNT = "UPDATE recount SET enrolments = $3, differences = $4 WHERE district = $1 AND policy_year = $2";
    COUNT = "SELECT COUNT(*) AS persons FROM enrolment WHERE district = $1 AND policy_year = $2";
}

/// What a figure is kept by. The order of keys is the order in which writers lock them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// District.
    pub district: District,
    /// Policy year.
    pub policy_year: i32,
    /// Township, a unit id; empty for enrolments without one.
    pub township: String,
    /// Group.
    pub group: CountGroup,
    /// Day.
    pub on: NaiveDate,
}

/// Adds persons to a figure; takes them away when negative.
///
/// # Errors
/// Those of the database.
pub async fn add(session: &mut Session, key: &Key, persons: i64) -> Result<(), Error> {
    let row =
        args![key.district.as_str(), key.policy_year, key.township.as_str(), key.group.as_str(), key.on, persons,];
    session.execute(ADD, row).await?;
    Ok(())
}

/// An enrolment that goes over to another township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Whose.
    pub resident_id: ResidentId,
    /// Which enrolment.
    pub enrolment_id: EnrolmentId,
    /// Where it counts so far; `on` is the day of application.
    pub from: Key,
    /// Where it counts from now on; `on` is the day of the move.
    pub to: Key,
}

/// The day of an enrolment's last move.
///
/// # Errors
/// Those of the database.
pub async fn maybe_last_move(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<Option<NaiveDate>, Error> {
    let key = args![Value::text(resident_id), Value::text(enrolment_id)];
    session.maybe_row(SELECT_LAST_MOVE, key).await?.map(|row| row.date("moved_on")).transpose()
}

/// Stores a move and the enrolment's new township. Two at once are [`Error::Duplicate`].
///
/// # Errors
/// Those of the database.
pub async fn insert_move(session: &mut Session, it: &Move) -> Result<(), Error> {
    let row = args![
        Value::text(it.resident_id),
        Value::text(it.enrolment_id),
        it.from.district.as_str(),
        it.from.policy_year,
        it.from.group.as_str(),
        it.from.on,
        it.from.township.as_str(),
        it.to.township.as_str(),
        it.to.on,
    ];
    session.execute(INSERT_MOVE, row).await?;
    let township = Some(it.to.township.clone()).filter(|township| !township.is_empty());
    let row = args![Value::text(it.resident_id), Value::text(it.enrolment_id), township];
    session.execute(SET_TOWNSHIP, row).await?;
    Ok(())
}

/// Takes the moves of an enrolment away: from which township to which, and when.
///
/// # Errors
/// Those of the database.
pub async fn take_moves(
    session: &mut Session,
    resident_id: ResidentId,
    enrolment_id: EnrolmentId,
) -> Result<Vec<(String, String, NaiveDate)>, Error> {
    let key = || args![Value::text(resident_id), Value::text(enrolment_id)];
    let rows = session.rows(SELECT_MOVES, key()).await?;
    session.execute(DELETE_MOVES, key()).await?;
    let gone = |row: &Row| Ok((row.text("from_township")?, row.text("to_township")?, row.date("moved_on")?));
    rows.iter().map(gone).collect()
}

/// What is counted of a township and group; the township is empty where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Township, a unit id; empty for enrolments without one.
    pub township: String,
    /// Group.
    pub group: CountGroup,
    /// Persons.
    pub persons: i64,
}

/// The figures of a district and year up to a day.
///
/// # Errors
/// Those of the database.
pub async fn figures(
    session: &mut Session,
    district: District,
    policy_year: i32,
    up_to: NaiveDate,
) -> Result<Vec<Figure>, Error> {
    let rows = session.rows(FIGURES, args![district.as_str(), policy_year, up_to]).await?;
    let figure = |row: &Row| {
        Ok(Figure { township: row.text("township")?, group: row.parse("count_group")?, persons: row.int("persons")? })
    };
    rows.iter().map(figure).collect()
}

/// Enrolments of a district that count, up to a day.
///
/// # Errors
/// Those of the database.
pub async fn counted(
    session: &mut Session,
    district: District,
    policy_year: i32,
    up_to: NaiveDate,
) -> Result<i64, Error> {
    let row = session.maybe_row(COUNTED, args![district.as_str(), policy_year, up_to]).await?;
    row.map_or(Ok(0), |row| row.int("persons"))
}

/// The change of the count on each day up to a day, ascending; of one township or of the whole district.
///
/// # Errors
/// Those of the database.
pub async fn by_day(
    session: &mut Session,
    (district, policy_year): (District, i32),
    township: Option<&str>,
    up_to: NaiveDate,
) -> Result<Vec<(NaiveDate, i64)>, Error> {
    let key = args![district.as_str(), policy_year, up_to, Value::maybe_text(township)];
    let rows = session.rows(BY_DAY, key).await?;
    rows.iter().map(|row| Ok((row.date("counted_on")?, row.int("persons")?))).collect()
}

/// Notes that an office counts a district and year anew. Until its transaction ends, another recount waits.
///
/// # Errors
/// Those of the database.
pub async fn lock_recount(
    session: &mut Session,
    (district, policy_year): (District, i32),
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let mut row = args![district.as_str(), policy_year, now];
    row.extend(caller_to_row(caller));
    session.execute(LOCK_RECOUNT, row).await?;
    Ok(())
}

/// Notes what the recount found.
///
/// # Errors
/// Those of the database.
pub async fn finish_recount(
    session: &mut Session,
    (district, policy_year): (District, i32),
    enrolments: i64,
    differences: i64,
) -> Result<(), Error> {
    let row = args![district.as_str(), policy_year, enrolments, differences];
    session.execute(FINISH_RECOUNT, row).await?;
    Ok(())
}

/// A kept figure that differs from the recount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Which figure.
    pub key: Key,
    /// Kept.
    pub kept: i64,
    /// Counted anew.
    pub recounted: i64,
}

/// Counts every enrolment of a district and year anew and names the kept figures that differ.
///
/// # Errors
/// Those of the database.
pub async fn differences(
    session: &mut Session,
    district: District,
    policy_year: i32,
) -> Result<Vec<Difference>, Error> {
    let rows = session.rows(COMPARE, args![district.as_str(), policy_year]).await?;
    let difference = |row: &Row| {
        let key = Key {
            district,
            policy_year,
            township: row.text("township")?,
            group: row.parse("count_group")?,
            on: row.date("counted_on")?,
        };
        Ok(Difference { key, kept: row.int("kept")?, recounted: row.int("recounted")? })
    };
    rows.iter().map(difference).collect()
}

/// How many enrolments a district and year has.
///
/// # Errors
/// Those of the database.
pub async fn count(session: &mut Session, district: District, policy_year: i32) -> Result<i64, Error> {
    let row = session.maybe_row(COUNT, args![district.as_str(), policy_year]).await?;
    row.map_or(Ok(0), |row| row.int("persons"))
}
