//! Decisions on changes, each inside the transaction it is given.

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::codes::{ChangeKind, ChangeState, District, Office};
use juyi_domain::id::{ChangeId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::authority;
use juyi_domain::registry::change::{self, Filing, Home, Registered, steps};
use juyi_domain::registry::circumstances::Circumstances;
use juyi_domain::registry::facts::{DatedFact, Fact, Residence};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::read::{ConfirmTax, Decide, File, Wanted};
use crate::enrolment::decision::circumstances;
use crate::person_states::resident_changed;
use crate::store::changes::{self, Change};
use crate::store::enrolments::{self, Enrolment};
use crate::store::facts::{self, RecordedFact};
use crate::store::residents::{self, Resident};
use crate::store::{enrolled, records};
use crate::{counts, residents as people};

/// More enrolments than anybody has: one a year.
const ALL: i64 = 200;

/// Files a change and, where the desk decides itself, makes it.
pub(super) async fn file(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &File,
) -> Result<Change, Error> {
    let resident = people::find(session, request.resident_id).await?;
    let history = history(session, resident.id).await?;
    let circumstances = circumstances(&resident, &history, request.filed_on);
    let residence = residence(&resident, &circumstances);
    let registered = records::maybe_registered(session, resident.id, request.policy_year).await?;
    let home = home(&resident, &circumstances, &residence);
    let law_district = registered.as_ref().map(|own| own.district).or(request.desk_district);
    let law_district = law_district.unwrap_or(residence.district);
    let enrolled = enrolments::page(session, resident.id, i32::MAX, ALL).await?;

    let mut refusals = Refusals::default();
    refusals.keep(of_a_year(&enrolled, request));
    let law = context.policy().for_(law_district, request.policy_year, request.filed_on);
    let Some(law) = refusals.keep(law) else { return Err(refusals.into()) };
    refusals.keep(at_desk(caller, request, &home, registered.as_ref()));
    refusals.keep(current(&resident, request));
    let change = Change {
        resident_id: resident.id,
        id: context.id(),
        kind: kind(&request.wanted),
        state: ChangeState::Applied,
        policy_year: request.policy_year,
        law_district,
        desk: request.desk,
        desk_district: request.desk_district,
        desk_township: request.desk_township.clone(),
        name: None,
        identity_number: None,
        residence: None,
        proof: request.proof.clone(),
        filed_on: request.filed_on,
        changed_on: Some(request.filed_on),
        tax_changed_on: None,
        return_reason: None,
        receipt: juyi_domain::receipt::Receipt::default(),
        filed_by: caller.clone(),
        decided_by: None,
        created_at: context.now(),
    };
    refusals.keep(nothing_waits(session, &change).await?);
    refusals.0.extend(wrong_townships(session, request).await?);
    let mut change = match &request.wanted {
        Wanted::NameOrNumber { name, number } => {
            let number = number.as_ref().map(|number| number.as_str().to_owned());
            refusals.keep(not_in_use(session, &resident, number.as_deref()).await?);
            refusals.keep(born_before(&resident, &enrolled, request));
            let name = before_and_after(&resident.name, name.as_ref());
            let identity_number = before_and_after(&resident.identity_number, number.as_ref());
            Change { name, identity_number, ..change }
        }
        Wanted::Residence(wanted) => Change { residence: before_and_after(&residence, Some(wanted)), ..change },
    };
    refusals.keep(changes_something(&change));
    let decided = refusals.keep(change::decide(&filing(caller, request), &home, registered.as_ref(), &law.change));
    let Some(decision) = decided.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };

    change.receipt = decision.receipt;
    if decision.decided_at.is_some() {
        change.state = ChangeState::Filed;
        change.changed_on = None;
    }
    raise(session, resident.id, request.revision).await?;
    changes::insert(session, &change).await?;
    if change.state == ChangeState::Applied {
        apply(session, context, caller, (&change, &request.wanted)).await?;
    }
    Ok(change)
}

/// Decides a change that a township forwarded (J-3.4.2-b).
pub(super) async fn decide(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &Decide,
) -> Result<Change, Error> {
    let mut change = find(session, request.resident_id, request.change_id).await?;
    let law = context.policy().for_(change.law_district, change.policy_year, change.filed_on)?;
    let mut refusals = Refusals::default();
    refusals.keep(caller.require_district(change.law_district));
    let filed = (change.state, change.filed_on);
    let returned = request.return_reason.is_some();
    let step = refusals.keep(steps::at_branch(caller.office, filed, request.decided_on, returned, &law.change));
    let Some(step) = step.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };

    change.receipt.push(step);
    change.state = if returned { ChangeState::Returned } else { ChangeState::Applied };
    change.changed_on = (!returned).then_some(request.decided_on);
    change.return_reason.clone_from(&request.return_reason);
    change.decided_by = Some(caller.clone());
    let resident = people::find(session, change.resident_id).await?;
    raise(session, resident.id, resident.revision).await?;
    if !returned {
        still_stands(session, &resident, &change, request.decided_on).await?;
    }
    if !changes::decide(session, &change).await? {
        return Err(juyi_db::Error::Contended.into());
    }
    if let (false, Some((_, residence))) = (returned, change.residence.clone()) {
        apply(session, context, caller, (&change, &Wanted::Residence(residence))).await?;
    }
    Ok(change)
}

/// Records the step at the tax office (J-3.4.1-b).
pub(super) async fn confirm_tax(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &ConfirmTax,
) -> Result<Change, Error> {
    caller.require(&[Office::Tax]).map_err(|refusal| refusal.by("J-3.4.1-b"))?;
    let mut change = find(session, request.resident_id, request.change_id).await?;
    let law = context.policy().for_(change.law_district, change.policy_year, change.filed_on)?;
    let mut refusals = Refusals::default();
    refusals.keep(caller.require_district(change.law_district));
    if let Some(confirmed_on) = change.tax_changed_on {
        let refusal = Refusal::new(Reason::OrderViolation, "the tax office has confirmed this change").at("change_id");
        refusals.push(refusal.with("tax_change_date", confirmed_on).by("J-3.4.1-b"));
    }
    let step = steps::at_tax_office(change.kind, change.changed_on, request.tax_changed_on, &law.change);
    let step = refusals.keep(step);
    let Some(step) = step.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
    change.receipt.push(step);
    change.tax_changed_on = Some(request.tax_changed_on);
    if !changes::confirm_tax(session, &change).await? {
        return Err(juyi_db::Error::Contended.into());
    }
    Ok(change)
}

async fn find(session: &mut Session, resident_id: ResidentId, id: ChangeId) -> Result<Change, Error> {
    changes::maybe_find(session, resident_id, id).await?.ok_or_else(|| {
        Refusal::new(Reason::ChangeNotFound, "the resident has no change with this id").at("change_id").into()
    })
}

async fn history(session: &mut Session, resident_id: ResidentId) -> Result<Vec<DatedFact>, Error> {
    let recorded = facts::history(session, resident_id).await?;
    Ok(recorded.into_iter().map(|recorded| recorded.dated).collect())
}

/// Where the person lives by the facts of that day.
fn residence(resident: &Resident, circumstances: &Circumstances) -> Residence {
    let bare = Residence { district: resident.residence_district, township: None, address: None };
    let recorded = circumstances.residence.clone();
    recorded.filter(|own| own.district == resident.residence_district).unwrap_or(bare)
}

fn home(resident: &Resident, circumstances: &Circumstances, residence: &Residence) -> Home {
    let registered = circumstances.registration.as_ref().and_then(|registration| registration.township.clone());
    let districts = resident.household_district.into_iter().chain([resident.residence_district]);
    let townships = registered.into_iter().chain(residence.township.clone());
    Home { districts: districts.collect(), townships: townships.collect() }
}

const fn kind(wanted: &Wanted) -> ChangeKind {
    match wanted {
        Wanted::NameOrNumber { .. } => ChangeKind::NameOrNumber,
        Wanted::Residence(_) => ChangeKind::AddressOrTownship,
    }
}

fn filing(caller: &Caller, request: &File) -> Filing {
    Filing {
        kind: kind(&request.wanted),
        office: caller.office,
        desk: request.desk,
        district: request.desk_district,
        township: request.desk_township.clone(),
        proven: !request.proof.is_empty(),
        filed_on: request.filed_on,
    }
}

/// The office sits where it says it sits, and before the payment, when the law bounds it no further, it has to do with the
/// person: by registration, residence now or then, or enrolment.
fn at_desk(caller: &Caller, request: &File, home: &Home, registered: Option<&Registered>) -> Result<(), Refusal> {
    if let Some(refusal) = authority::maybe_no_centre(request.desk, caller.district) {
        return Err(refusal);
    }
    let Some(desk_district) = request.desk_district else { return Ok(()) };
    caller.require_district(desk_district)?;
    let paid = registered.is_some_and(|own| own.paid_on.is_some());
    // Elsewhere the rule names the districts of the desk itself.
    let Wanted::Residence(wanted) = &request.wanted else { return Ok(()) };
    let theirs = home.districts.iter().copied().chain(registered.map(|own| own.district)).chain([wanted.district]);
    if paid || theirs.into_iter().any(|own| own == desk_district) {
        return Ok(());
    }
    let detail = "the person neither is registered nor lives nor is enrolled in the district of the desk";
    Err(Refusal::new(Reason::RoleNotAllowed, detail).at("desk_district").with("district", desk_district))
}

fn current(resident: &Resident, request: &File) -> Result<(), Refusal> {
    if resident.revision == request.revision {
        return Ok(());
    }
    let detail = "the record changed since it was read; read it again";
    Err(Refusal::new(Reason::RevisionConflict, detail).at("etag"))
}

/// A change is filed under a year of enrolment, which decides the desk: not under another one while the person is enrolled
/// for the year of filing or a later one.
fn of_a_year(enrolled: &[Enrolment], request: &File) -> Result<(), Refusal> {
    let years = enrolled.iter().map(|enrolment| enrolment.policy_year);
    let mut years: Vec<_> = years.filter(|year| *year >= request.filed_on.year()).collect();
    if years.is_empty() || years.contains(&request.policy_year) {
        return Ok(());
    }
    years.reverse();
    let detail = "the person is enrolled for other years, and a change belongs to one of them";
    let years = years.iter().map(i32::to_string).collect::<Vec<_>>().join(",");
    Err(Refusal::new(Reason::ValueNotAllowed, detail).at("policy_year").with("policy_years", years))
}

/// Nobody applied or died before the birth that the new number states.
fn born_before(resident: &Resident, enrolled: &[Enrolment], request: &File) -> Result<(), Refusal> {
    let Wanted::NameOrNumber { number: Some(number), .. } = &request.wanted else { return Ok(()) };
    let applied = enrolled.iter().map(|enrolment| enrolment.applied_on);
    if applied.chain(resident.died_on).all(|day| number.born_on() <= day) {
        return Ok(());
    }
    let detail = "the birth date in the number lies after an application or the death on record";
    Err(Refusal::new(Reason::DateOrder, detail).at("new_identity_number"))
}

/// What the township forwarded was a move from a residence; when another one stands by now, the branch would undo it.
async fn still_stands(session: &mut Session, resident: &Resident, change: &Change, on: NaiveDate) -> Result<(), Error> {
    let history = history(session, resident.id).await?;
    let now = residence(resident, &circumstances(resident, &history, on));
    if change.residence.as_ref().is_none_or(|(old, _)| *old == now) {
        return Ok(());
    }
    let detail = "the residence changed since the change was filed; it is returned and filed anew";
    Err(Refusal::new(Reason::RevisionConflict, detail).at("change_id").into())
}

async fn nothing_waits(session: &mut Session, change: &Change) -> Result<Result<(), Refusal>, Error> {
    let waiting = changes::maybe_waiting(session, change.resident_id, change.kind).await?;
    Ok(waiting.map_or(Ok(()), |id| {
        let detail = "a change of the same data waits for the branch; it is decided first";
        Err(Refusal::new(Reason::OrderViolation, detail).at("resident_id").with("change_id", id).by("J-3.4.2-b"))
    }))
}

/// Townships named lie in the district they are named with and, where its townships are on record, are one of them.
async fn wrong_townships(session: &mut Session, request: &File) -> Result<Vec<Refusal>, Error> {
    let mut named: Vec<(&'static str, &str, Option<District>)> = Vec::new();
    named.extend(request.desk_township.as_deref().map(|own| ("desk_township", own, request.desk_district)));
    if let Wanted::Residence(Residence { district, township: Some(township), .. }) = &request.wanted {
        named.push(("new_residence.township", township, Some(*district)));
    }
    let mut refusals = Vec::new();
    for (field, township, district) in named {
        let wrong = people::maybe_wrong_township(session, township, district).await?;
        refusals.extend(wrong.map(|wrong| wrong.at(field)));
    }
    Ok(refusals)
}

/// Nobody else holds the number (J-3.4.1-a).
async fn not_in_use(
    session: &mut Session,
    resident: &Resident,
    number: Option<&str>,
) -> Result<Result<(), Refusal>, Error> {
    let Some(number) = number else { return Ok(Ok(())) };
    let holder = residents::maybe_find_id(session, number).await?;
    if holder.is_none_or(|holder| holder == resident.id) {
        return Ok(Ok(()));
    }
    let detail = "another resident holds this identity number";
    Ok(Err(Refusal::new(Reason::IdentityInUse, detail).at("new_identity_number").by("J-3.4.1-a")))
}

fn before_and_after<T: Clone + PartialEq>(before: &T, after: Option<&T>) -> Option<(T, T)> {
    after.filter(|after| *after != before).map(|after| (before.clone(), after.clone()))
}

fn changes_something(change: &Change) -> Result<(), Refusal> {
    if change.name.is_some() || change.identity_number.is_some() || change.residence.is_some() {
        return Ok(());
    }
    let field = if change.kind == ChangeKind::NameOrNumber { "new_name" } else { "new_residence" };
    Err(Refusal::new(Reason::ValueNotAllowed, "the record says this already").at(field))
}

/// Whoever read the same version and comes second has to read again.
async fn raise(session: &mut Session, resident_id: ResidentId, revision: i64) -> Result<(), Error> {
    if records::raise_revision(session, resident_id, revision).await? {
        return Ok(());
    }
    Err(juyi_db::Error::Contended.into())
}

/// Makes the change in the record.
async fn apply(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (change, wanted): (&Change, &Wanted),
) -> Result<(), Error> {
    let id = change.resident_id;
    let changed_on = change.changed_on.unwrap_or(change.filed_on);
    // What comparisons look people up by follows number and name.
    enrolled::remove(session, id).await?;
    // Of a new number coverage feels the date of birth, and of a new residence the township of an enrolment.
    let mut moved = change.identity_number.is_some();
    if let Some((_, name)) = &change.name {
        records::update_name(session, id, name).await?;
    }
    if let (Some((old, new)), Wanted::NameOrNumber { number: Some(number), .. }) = (&change.identity_number, wanted) {
        records::update_number(session, id, (old, new), number.born_on()).await?;
    }
    enrolled::add(session, id).await?;
    if let Some((_, residence)) = &change.residence {
        live_at(session, context, caller, (id, residence, changed_on)).await?;
        moved |= recount(session, id, residence, changed_on).await?;
    }
    if moved {
        resident_changed(session, context, id).await?;
    }
    Ok(())
}

/// Adds the residence to the facts. It begins no earlier than the latest one, which would hold instead.
async fn live_at(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (resident_id, residence, from): (ResidentId, &Residence, NaiveDate),
) -> Result<(), Error> {
    records::update_residence(session, resident_id, residence.district).await?;
    let earlier = history(session, resident_id).await?;
    let residences = earlier.iter().filter(|dated| matches!(dated.fact, Fact::Residence(_)));
    let start_on = residences.map(|dated| dated.start_on).max().map_or(from, |latest| latest.max(from));
    let moved = RecordedFact {
        resident_id,
        id: context.id(),
        dated: DatedFact { start_on, end_on: None, fact: Fact::Residence(residence.clone()) },
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    facts::insert(session, &[moved]).await
}

/// Enrolments of the running years count towards the new township. Those through a unit stay with the unit, and those of
/// another district where they were made: the insurance does not move within the year. True when one moved.
async fn recount(session: &mut Session, id: ResidentId, residence: &Residence, on: NaiveDate) -> Result<bool, Error> {
    let Some(township) = residence.township.as_deref() else { return Ok(false) };
    let years = records::years_elsewhere(session, id, on.year(), (residence.district, township)).await?;
    for &year in &years {
        let enrolment = enrolments::maybe_find_of_year(session, id, year).await?;
        let enrolment = enrolment.ok_or(Error::Fault("an enrolment without a row"))?;
        counts::moved(session, &enrolment, Some(township), on).await?;
    }
    Ok(!years.is_empty())
}
