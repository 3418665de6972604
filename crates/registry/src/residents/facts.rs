//! Recording and listing dated facts, each inside the session it is given.

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::codes::{District, InstitutionKind, Office, UnitKind};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::circumstances::{Circumstances, holding};
use juyi_domain::registry::employees_insurance;
use juyi_domain::registry::facts::{DatedFact, Fact};
use juyi_domain::registry::unit::Unit;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::{read, register};
use crate::person_states::{matters, resident_changed};
use crate::store::facts::{self, RecordedFact};
use crate::store::residents::Resident;
use crate::store::{enrolments, residents, units};

/// Who says that an institution verified a student: the institution through its authority, and the branch where it
/// registers (J-3.2.1-b).
const VERIFIERS: [Office; 2] = [Office::Education, Office::SocialInsurance];

/// Facts that an office learned of a resident.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learned<'a> {
    /// Whose.
    pub(crate) resident_id: ResidentId,
    /// Birth; nothing is true of somebody before it.
    pub(crate) born_on: NaiveDate,
    /// The facts.
    pub(crate) facts: &'a [DatedFact],
}

/// How the request names its facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// `facts[0]` and so on.
    InOrder,
    /// Registration and residence have fields of their own and come first.
    AtRegistration,
}

impl Named {
    /// The field of a fact at a place; `own` names it in a request of registration.
    fn field(self, place: usize, inside: &str, own: &str) -> String {
        match self {
            Self::AtRegistration if place < 2 => own.to_owned(),
            Self::AtRegistration => format!("facts[{}].{inside}", place - 2),
            Self::InOrder => format!("facts[{place}].{inside}"),
        }
    }
}

pub(super) async fn to_resident(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Record,
) -> Result<Vec<RecordedFact>, Error> {
    // Two records at once are put in an order, so that the later one sees the earlier.
    residents::touch(session, request.resident_id).await?;
    let resident = register::find(session, request.resident_id).await?;
    register::at_home(caller, resident.residence_district, resident.household_district)?;
    let learned = Learned { resident_id: resident.id, born_on: resident.born_on, facts: &request.facts };
    let mut refusals = Refusals::default();
    match check(session, caller, &learned, Named::InOrder).await {
        Err(Error::Refused(wrong)) => refusals.0.extend(wrong.0),
        other => other?,
    }
    refusals.0.extend(maybe_moved(session, &learned, context.clock().today()).await?);
    refusals.into_result()?;
    let recorded = record(session, context, caller, &learned).await?;
    follow(session, context, &resident, &request.facts).await?;
    Ok(recorded)
}

/// Checks facts against birth, units and the duty of the office.
///
/// # Errors
/// `DATE_ORDER`, `UNIT_NOT_FOUND`, `VALUE_NOT_ALLOWED`, `ROLE_NOT_ALLOWED`, all at once; those of the database.
pub(crate) async fn check(
    session: &mut Session,
    caller: &Caller,
    learned: &Learned<'_>,
    named: Named,
) -> Result<(), Error> {
    let mut refusals = Refusals::default();
    for (place, dated) in learned.facts.iter().enumerate() {
        if matches!(&dated.fact, Fact::Attendance(attendance) if attendance.verified) {
            let field = named.field(place, "attendance.verified", "facts");
            let duty = caller.require(&VERIFIERS).map_err(|refusal| refusal.at(field).by("J-3.2.1-b"));
            refusals.keep(duty);
        }
        if matches!(dated.fact, Fact::EmployeesInsurance(_)) {
            let field = named.field(place, "employees_insurance", "facts");
            refusals
                .keep(caller.require(employees_insurance::OFFICES).map_err(|refusal| refusal.at(field).by("J-9-1a")));
        }
        if matches!(dated.fact, Fact::Prepayment(_)) {
            // A fact without money behind it: for terms that were prepaid before the suite, which the tax office knows.
            let field = named.field(place, "prepayment", "facts");
            refusals.keep(caller.require(&[Office::Tax]).map_err(|refusal| refusal.at(field).by("J-3.3.3-a")));
        }
        if dated.start_on < learned.born_on {
            let field = named.field(place, "start_date", "start_date");
            refusals.push(Refusal::new(Reason::DateOrder, "the fact begins before the birth").at(field));
        }
        if let Some(unit_id) = dated.fact.maybe_unit_id() {
            let field = named.field(place, "unit_id", "facts");
            let unit = units::maybe_find(session, unit_id).await?.map(|unit| unit.to_domain());
            refusals.0.extend(maybe_wrong_unit(&dated.fact, unit.as_ref()).map(|refusal| refusal.at(field)));
        }
        if let Some(township) = dated.fact.maybe_township() {
            let (district, own) = match &dated.fact {
                Fact::HouseholdRegistration(registration) => (registration.district, "household_township"),
                Fact::Residence(residence) => (Some(residence.district), "residence_township"),
                _ => (None, "facts"),
            };
            let field = named.field(place, "township", own);
            refusals.0.extend(maybe_wrong_township(session, township, district).await?.map(|wrong| wrong.at(field)));
        }
    }
    Ok(refusals.into_result()?)
}

/// Once an enrolment of the running year or a later one is paid, a new residence is a change with a desk of its own
/// (J-3.4.2-a, J-3.4.2-b) and no fact that any desk adds.
pub(crate) async fn maybe_moved(
    session: &mut Session,
    learned: &Learned<'_>,
    today: NaiveDate,
) -> Result<Option<Refusal>, Error> {
    let Some(place) = learned.facts.iter().position(|dated| matches!(dated.fact, Fact::Residence(_))) else {
        return Ok(None);
    };
    let history = facts::history(session, learned.resident_id).await?;
    let history: Vec<_> = history.into_iter().map(|recorded| recorded.dated).collect();
    let lives_there = |dated: &DatedFact| match (&dated.fact, Circumstances::on(&history, today).residence) {
        (Fact::Residence(said), Some(known)) => *said == known,
        _ => false,
    };
    if lives_there(&learned.facts[place])
        || !enrolments::any_paid_since(session, learned.resident_id, today.year()).await?
    {
        return Ok(None);
    }
    let detail = "the enrolment is paid: a move is filed as a change, at the desk that the law names";
    let refusal = Refusal::new(Reason::OrderViolation, detail).at(format!("facts[{place}].residence"));
    Ok(Some(refusal.with("method", "FileChange").by("J-3.4.2-a")))
}

/// The unit of a fact has to be known and of the kind that the fact is about.
fn maybe_wrong_unit(fact: &Fact, unit: Option<&Unit>) -> Option<Refusal> {
    let Some(unit) = unit else { return Some(Refusal::new(Reason::UnitNotFound, "no unit has this id")) };
    let right: &[UnitKind] = match fact {
        Fact::Attendance(attendance) => match attendance.institution_kind {
            InstitutionKind::Kindergarten | InstitutionKind::Nursery | InstitutionKind::DayCareHome => {
                &[UnitKind::Nursery]
            }
            _ => &[UnitKind::School],
        },
        Fact::InstitutionStay(stay) if stay.institution_kind == InstitutionKind::DetentionFacility => {
            &[UnitKind::DetentionFacility]
        }
        Fact::InstitutionStay(_) => &[UnitKind::WelfareInstitution],
        _ => &[UnitKind::Household, UnitKind::Village, UnitKind::Community],
    };
    if right.contains(&unit.kind) {
        return None;
    }
    let right: Vec<&str> = right.iter().map(|kind| kind.as_str()).collect();
    let detail = format!("the unit is of kind {}; {} is needed", unit.kind, right.join(" or "));
    Some(Refusal::new(Reason::ValueNotAllowed, detail))
}

/// A township lies in the district, and where the district's townships are on record it is one of them.
pub(crate) async fn maybe_wrong_township(
    session: &mut Session,
    township: &str,
    district: Option<District>,
) -> Result<Option<Refusal>, Error> {
    let Some(district) = district else {
        let detail = "a township is named within a district of Tianjin";
        return Ok(Some(Refusal::new(Reason::ValueNotAllowed, detail)));
    };
    if !township.starts_with(&format!("{district}.")) {
        return Ok(Some(Refusal::new(Reason::ValueNotAllowed, "the township lies in another district")));
    }
    let unit = units::maybe_find(session, township).await?;
    let known = match &unit {
        Some(unit) => unit.kind == UnitKind::Township && unit.district == district,
        None => !units::has_townships(session, district).await?,
    };
    Ok((!known).then(|| Refusal::new(Reason::ValueNotAllowed, "no township has this unit id")))
}

/// Stores facts, and has benefit period told when coverage depends on one. The caller raised the version of the record.
///
/// # Errors
/// Those of the database.
pub(crate) async fn record(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    learned: &Learned<'_>,
) -> Result<Vec<RecordedFact>, Error> {
    let recorded: Vec<_> = learned
        .facts
        .iter()
        .map(|dated| RecordedFact {
            resident_id: learned.resident_id,
            id: context.id(),
            dated: dated.clone(),
            recorded_by: caller.clone(),
            created_at: context.now(),
        })
        .collect();
    facts::insert(session, &recorded).await?;
    if learned.facts.iter().any(matters) {
        resident_changed(session, context, learned.resident_id).await?;
    }
    Ok(recorded)
}

/// True for a registration or a residence, which the resident's record follows.
pub(crate) fn moves(dated: &DatedFact) -> bool {
    matches!(dated.fact, Fact::HouseholdRegistration(_) | Fact::Residence(_))
}

/// Puts registration and residence of today into the resident's record, when they were among the facts.
pub(crate) async fn follow(
    session: &mut Session,
    context: &Context,
    resident: &Resident,
    learned: &[DatedFact],
) -> Result<(), Error> {
    if !learned.iter().any(moves) {
        return Ok(());
    }
    let history: Vec<_> =
        facts::history(session, resident.id).await?.into_iter().map(|recorded| recorded.dated).collect();
    let today = Circumstances::on(&history, context.clock().today());
    let household = today.registration.map_or(resident.household_district, |registration| registration.district);
    let residence = today.residence.map_or(resident.residence_district, |residence| residence.district);
    if (household, residence) != (resident.household_district, resident.residence_district) {
        residents::move_to(session, resident.id, household, residence).await?;
    }
    Ok(())
}

/// A page of a resident's facts, the one recorded last first; all of them, or those that hold on a day.
pub(super) async fn list(session: &mut Session, asked: &read::List) -> Result<Vec<RecordedFact>, Error> {
    register::find(session, asked.resident_id).await?;
    let Some(day) = asked.on else { return facts::page(session, asked.resident_id, asked.before, asked.size).await };
    let history = facts::history(session, asked.resident_id).await?;
    let mut held: Vec<_> = holding(history.iter().map(|recorded| &recorded.dated), day)
        .into_iter()
        .map(|place| history[place].clone())
        .filter(|recorded| asked.before.is_none_or(|before| recorded.id < before))
        .collect();
    held.sort_by_key(|recorded| std::cmp::Reverse(recorded.id));
    held.truncate(usize::try_from(asked.size).unwrap_or(usize::MAX));
    Ok(held)
}
