//! Registering and finding a resident, each inside the session it is given.

use juyi_db::Session;
use juyi_domain::codes::District;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::facts::{self, Learned};
use super::read;
use crate::store::facts::RecordedFact;
use crate::store::residents::{self, Resident};

pub(super) async fn register(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Register,
) -> Result<(Resident, Vec<RecordedFact>), Error> {
    at_home(caller, request.residence, request.household)?;
    if residents::maybe_find_id(session, request.number.as_str()).await?.is_some() {
        let detail = "a resident with this identity number is registered; look the resident up";
        return Err(Refusal::new(Reason::IdentityInUse, detail).at("identity_number").into());
    }
    let resident = Resident {
        id: context.id(),
        identity_number: request.number.as_str().to_owned(),
        name: request.name.clone(),
        born_on: request.number.born_on(),
        household_district: request.household,
        residence_district: request.residence,
        died_on: None,
        revision: 1,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    let learned = Learned { resident_id: resident.id, born_on: resident.born_on, facts: &request.facts };
    facts::check(session, caller, &learned, facts::Named::AtRegistration).await?;
    residents::insert(session, &resident).await?;
    let facts = facts::record(session, context, caller, &learned).await?;
    Ok((resident, facts))
}

/// An office acts for who lives or is registered in its district.
pub(crate) fn at_home(caller: &Caller, residence: District, household: Option<District>) -> Result<(), Refusal> {
    caller.require_district(residence).or_else(|refusal| match household {
        Some(household) => caller.require_district(household),
        None => Err(refusal),
    })
}

pub(crate) async fn find(session: &mut Session, id: ResidentId) -> Result<Resident, Error> {
    residents::maybe_find(session, id)
        .await?
        .ok_or_else(|| Refusal::new(Reason::PersonNotFound, "no resident has this id").at("resident_id").into())
}

pub(super) async fn look_up(session: &mut Session, number: &IdentityNumber) -> Result<Resident, Error> {
    match residents::maybe_find_id(session, number.as_str()).await? {
        Some(id) => find(session, id).await,
        None => Err(Refusal::new(Reason::PersonNotFound, "no resident has this identity number")
            .at("identity_number")
            .into()),
    }
}
