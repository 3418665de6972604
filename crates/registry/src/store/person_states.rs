//! People as other services of the suite need them: what coverage depends on, many people at a time.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use juyi_db::{Row, Session, args};
use juyi_domain::codes::{Category, Class, Desk, District, Identity, Tier, Window};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::registry::employees_insurance::{self, Insured};
use juyi_domain::registry::facts::Fact;
use juyi_kit::error::Error;

use super::asked::{self, with_residents};

juyi_db::statements! {
    SELECT_RESIDENTS = concat!(with_residents!(), "SELECT own.resident_id, own.revision, own.born_on, own.died_on \
        FROM asked JOIN resident AS own ON own.resident_id = asked.resident_id");
    SELECT_ENROLMENTS = concat!(with_residents!(), "SELECT own.resident_id, own.enrolment_id, own.policy_year, \
        own.district, own.category, own.class, own.tier, own.applied_on, own.enrolment_window, \
        own.previous_year_insured, own.interrupted_on, own.unit_id, own.desk, own.township, own.by_deduction \
        FROM asked JOIN enrolment AS own ON own.resident_id = asked.resident_id \
        ORDER BY own.resident_id, own.policy_year");
    SELECT_FACTS = concat!(with_residents!(), "SELECT own.resident_id, own.start_on, own.end_on, own.fact \
        FROM asked JOIN resident_fact AS own ON own.resident_id = asked.resident_id \
        WHERE own.kind IN ('SCHOOL_LEAVING', 'EMPLOYEES_INSURANCE', 'INTERRUPTION') \
        ORDER BY own.resident_id, own.created_at, own.fact_id");
    SELECT_MOVES = concat!(with_residents!(), "SELECT own.resident_id, own.enrolment_id, own.from_township, \
        own.to_township, own.moved_on FROM asked JOIN enrolment_move AS own ON own.resident_id = asked.resident_id \
        ORDER BY own.resident_id, own.enrolment_id, own.move_number");
    SELECT_IDENTITIES = concat!(with_residents!(), "SELECT own.resident_id, own.identity, own.start_on, own.end_on \
        FROM asked JOIN special_identity AS own ON own.resident_id = asked.resident_id \
        ORDER BY own.resident_id, own.start_on, own.identity_id");
    SELECT_OF_UNIT = "SELECT resident_id, enrolment_id FROM enrolment \
        WHERE unit_id = $1 AND policy_year = $2 AND enrolment_id > $3 ORDER BY enrolment_id LIMIT $4";
}

/// A person as far as coverage depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonState {
    /// Whose.
    pub resident_id: ResidentId,
    /// Version of the record; what is told here is at least as new.
    pub revision: i64,
    /// Date of birth.
    pub born_on: NaiveDate,
    /// Recorded day of death.
    pub died_on: Option<NaiveDate>,
    /// Recorded days of leaving a school or nursery (J-4.3-c).
    pub left_school_on: BTreeSet<NaiveDate>,
    /// The recorded interruption of an employment that begins last: the first day of the fact, and the later of the end of
    /// the contract and the end of the unemployment benefit (AMB-025).
    pub interrupted: Option<(NaiveDate, Option<NaiveDate>)>,
    /// Every enrolment, by policy year.
    pub enrolments: Vec<Terms>,
    /// Employees' insurance, by first day, as recorded last.
    pub employees_insurance: Vec<Insured>,
    /// Periods of special identities, by first day.
    pub identities: Vec<Held>,
}

/// The terms of an enrolment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Id.
    pub id: EnrolmentId,
    /// Policy year.
    pub policy_year: i32,
    /// District of enrolment.
    pub district: District,
    /// Category.
    pub category: Category,
    /// Class.
    pub class: Class,
    /// Tier.
    pub tier: Tier,
    /// Day of application.
    pub applied_on: NaiveDate,
    /// Window.
    pub window: Window,
    /// Insured the year before.
    pub previous_year_insured: Option<bool>,
    /// Day of the interruption of employees' insurance.
    pub interrupted_on: Option<NaiveDate>,
    /// Unit that filed.
    pub unit_id: Option<String>,
    /// Desk.
    pub desk: Desk,
    /// Unit in whose figures it counts, where it is known.
    pub township: Option<String>,
    /// Filed by deduction from the old-age living subsidy (J-3.3.4-a, B-7.3.3-c).
    pub by_deduction: bool,
    /// Townships it belonged to, each with its first day, since the application.
    pub routes: Vec<(NaiveDate, Option<String>)>,
}

/// A period of a special identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub identity: Identity,
    /// First day.
    pub start_on: NaiveDate,
    /// First day after; `None` while open.
    pub end_on: Option<NaiveDate>,
}

/// The states of people; who is unknown is missing.
///
/// The version is read first: what is written meanwhile is told under the older one, and again under its own.
///
/// # Errors
/// Those of the database.
pub async fn of_residents(
    session: &mut Session,
    ids: impl IntoIterator<Item = ResidentId>,
) -> Result<HashMap<ResidentId, PersonState>, Error> {
    let asked = vec![asked::residents(ids)];
    let mut states = HashMap::new();
    for row in session.rows(SELECT_RESIDENTS, asked.clone()).await? {
        let state = bare(&row)?;
        states.insert(state.resident_id, state);
    }
    for row in session.rows(SELECT_ENROLMENTS, asked.clone()).await? {
        if let Some(state) = states.get_mut(&row.parse("resident_id")?) {
            state.enrolments.push(terms(&row)?);
        }
    }
    for row in session.rows(SELECT_MOVES, asked.clone()).await? {
        let id: EnrolmentId = row.parse("enrolment_id")?;
        let state = states.get_mut(&row.parse("resident_id")?);
        if let Some(terms) = state.and_then(|state| state.enrolments.iter_mut().find(|terms| terms.id == id)) {
            go_over(terms, &row)?;
        }
    }
    for row in session.rows(SELECT_FACTS, asked.clone()).await? {
        if let Some(state) = states.get_mut(&row.parse("resident_id")?) {
            learn(state, &row)?;
        }
    }
    for row in session.rows(SELECT_IDENTITIES, asked).await? {
        if let Some(state) = states.get_mut(&row.parse("resident_id")?) {
            let (start_on, end_on) = (row.date("start_on")?, row.maybe_date("end_on")?);
            state.identities.push(Held { identity: row.parse("identity")?, start_on, end_on });
        }
    }
    Ok(states)
}

/// A page of those whom a unit enrolled for a year, by enrolment id, after one; from the first when `None`.
///
/// # Errors
/// Those of the database.
pub async fn of_unit(
    session: &mut Session,
    (unit_id, policy_year): (&str, i32),
    after: Option<EnrolmentId>,
    size: i64,
) -> Result<Vec<(ResidentId, EnrolmentId)>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    let rows = session.rows(SELECT_OF_UNIT, args![unit_id, policy_year, after, size]).await?;
    let key = |row: &Row| Ok((row.parse("resident_id")?, row.parse("enrolment_id")?));
    rows.iter().map(key).collect()
}

/// The person alone.
fn bare(row: &Row) -> Result<PersonState, Error> {
    Ok(PersonState {
        resident_id: row.parse("resident_id")?,
        revision: row.int("revision")?,
        born_on: row.date("born_on")?,
        died_on: row.maybe_date("died_on")?,
        left_school_on: BTreeSet::new(),
        interrupted: None,
        enrolments: Vec::new(),
        employees_insurance: Vec::new(),
        identities: Vec::new(),
    })
}

fn terms(row: &Row) -> Result<Terms, Error> {
    let (applied_on, township) = (row.date("applied_on")?, row.maybe_text("township")?);
    Ok(Terms {
        routes: vec![(applied_on, township.clone())],
        id: row.parse("enrolment_id")?,
        policy_year: row.small("policy_year")?,
        district: row.parse("district")?,
        category: row.parse("category")?,
        class: row.parse("class")?,
        tier: row.parse("tier")?,
        applied_on,
        window: row.parse("enrolment_window")?,
        previous_year_insured: row.maybe_bool("previous_year_insured")?,
        interrupted_on: row.maybe_date("interrupted_on")?,
        unit_id: row.maybe_text("unit_id")?,
        desk: row.parse("desk")?,
        township,
        by_deduction: row.bool("by_deduction")?,
    })
}

/// Adds a move; they come in their order. The townships of one day are the last one.
fn go_over(terms: &mut Terms, row: &Row) -> Result<(), Error> {
    let township = |column| Ok::<_, Error>(Some(row.text(column)?).filter(|township: &String| !township.is_empty()));
    let moved_on = row.date("moved_on")?;
    if let [first] = terms.routes.as_mut_slice() {
        first.1 = township("from_township")?;
    }
    terms.routes.retain(|(on, _)| *on != moved_on);
    terms.routes.push((moved_on, township("to_township")?));
    Ok(())
}

/// Adds a fact; they come in the order of recording.
fn learn(state: &mut PersonState, row: &Row) -> Result<(), Error> {
    let (start_on, end_on) = (row.date("start_on")?, row.maybe_date("end_on")?);
    let fact = serde_json::from_str(&row.text("fact")?).map_err(|_| Error::Fault("a stored fact is unreadable"))?;
    match fact {
        Fact::SchoolLeaving(_) => {
            state.left_school_on.insert(start_on);
        }
        Fact::Interruption(interruption) if state.interrupted.is_none_or(|(earlier, _)| earlier <= start_on) => {
            state.interrupted = Some((start_on, interruption.maybe_last_event()));
        }
        Fact::EmployeesInsurance(what) => {
            employees_insurance::record(&mut state.employees_insurance, Insured { start_on, end_on, what });
        }
        _ => {}
    }
    Ok(())
}
