//! Asserting and ending a period, each inside the transaction it is given.

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::codes::RosterKind;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::circumstances::Circumstances;
use juyi_domain::registry::{authority, recognition, roster};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::read;
use crate::enrolment::decision::circumstances;
use crate::residents::{at_home, find};
use crate::store::identities::{self, Ended, IdentityPeriod};
use crate::store::residents::Resident;
use crate::store::{facts, residents};

pub(super) async fn assert(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Assert,
) -> Result<IdentityPeriod, Error> {
    // Two assertions at once are put in an order, so that the later one sees the earlier.
    residents::touch(session, request.resident_id).await?;
    let duty = caller.require(authority::of_recognised(request.identity, request.recognised_outside));
    let resident = match (duty, find(session, request.resident_id).await) {
        (Ok(()), resident) => resident?,
        (Err(_), Ok(resident)) if is_townships(session, context, caller, &resident, request).await? => resident,
        (Err(refusal), _) => {
            let rule_id = if request.recognised_outside { "J-3.2.5-d" } else { "J-3.2.5-b" };
            return Err(refusal.by(rule_id).into());
        }
    };
    at_home(caller, resident.residence_district, resident.household_district)?;
    if request.start_on < resident.born_on {
        let detail = "the identity begins before the birth";
        return Err(Refusal::new(Reason::DateOrder, detail).at("start_date").into());
    }
    if roster::identities(RosterKind::EntitledGroups).contains(&request.identity) {
        let circumstances = on_day(session, &resident, request.start_on).await?;
        recognition::entitled(circumstances.is_employed()).map_err(|refusal| refusal.at("identity"))?;
    }
    let period = IdentityPeriod {
        resident_id: request.resident_id,
        id: context.id(),
        identity: request.identity,
        start_on: request.start_on,
        end_on: request.end_on,
        recognised_outside: request.recognised_outside,
        recorded_by: caller.clone(),
        created_at: context.now(),
        ended: None,
    };
    not_held_twice(session, &period, "start_date").await?;
    identities::insert(session, &period).await?;
    Ok(period)
}

/// True where the law of a policy year at hand lets the township recognise the identity itself (B-7.3.3-b).
async fn is_townships(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    resident: &Resident,
    request: &read::Assert,
) -> Result<bool, Error> {
    let (Some(district), false) = (caller.district, request.recognised_outside) else { return Ok(false) };
    let area = on_day(session, resident, request.start_on).await?.maybe_area();
    let year = request.start_on.year();
    // Registration for a policy year begins in the year before it.
    let laws = [year, year + 1].map(|year| context.policy().for_(district, year, request.start_on));
    let recognises = laws.into_iter().flatten().any(|law| {
        let asserted = (caller.office, request.identity);
        recognition::is_townships(asserted, (resident.born_on, area), request.start_on, &law.enrolment)
    });
    Ok(recognises)
}

async fn on_day(session: &mut Session, resident: &Resident, day: NaiveDate) -> Result<Circumstances, Error> {
    let history: Vec<_> = facts::history(session, resident.id).await?.into_iter().map(|fact| fact.dated).collect();
    Ok(circumstances(resident, &history, day))
}

/// No day is covered twice by the same identity.
async fn not_held_twice(session: &mut Session, period: &IdentityPeriod, field: &'static str) -> Result<(), Error> {
    if let Some(held) = identities::maybe_overlapping(session, period).await? {
        let detail = "the same identity is recorded for some of these days";
        return Err(Refusal::new(Reason::DuplicateIdentity, detail).at(field).with("identity_id", held).into());
    }
    Ok(())
}

pub(super) async fn end(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::End,
) -> Result<IdentityPeriod, Error> {
    residents::touch(session, request.resident_id).await?;
    find(session, request.resident_id).await?;
    let Some(mut period) = identities::maybe_find(session, request.resident_id, request.identity_id).await? else {
        let detail = "the resident has no identity period with this id";
        return Err(Refusal::new(Reason::IdentityNotFound, detail).at("identity_id").into());
    };
    caller.require(&[period.recorded_by.office]).map_err(|refusal| refusal.by("J-3.2.5-b"))?;
    if let Some(district) = period.recorded_by.district {
        caller.require_district(district)?;
    }
    if request.end_on <= period.start_on {
        let detail = "the last day lies before the first";
        let refusal = Refusal::new(Reason::DateOrder, detail).at("end_date");
        return Err(refusal.with("start_date", period.start_on).into());
    }
    let ended = Ended { at: context.now(), by: caller.clone() };
    period.end_on = Some(request.end_on);
    not_held_twice(session, &period, "end_date").await?;
    identities::end(session, (period.resident_id, period.id), request.end_on, &ended).await?;
    Ok(IdentityPeriod { ended: Some(ended), ..period })
}
