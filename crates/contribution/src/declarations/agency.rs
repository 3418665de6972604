//! The collection system of a unit (J-3.3.1-a).

use juyi_domain::codes::Office;
use juyi_domain::contribution::agency::{self, AgencyState};
use juyi_domain::contribution::declaration::{Declarer, declarer};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::fields::Fields;
use tokio_stream::StreamExt;

use super::{Declarations, contended, read, write};
use crate::store::agency_systems::{self, AgencySystem, Key};

/// Asks for program and key. Errors: those of the contract.
pub(super) async fn request(
    desk: &Declarations,
    request: pb::RequestAgencySystemRequest,
) -> Result<pb::RequestAgencySystemResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let unit_id = read::unit_id(&mut fields, &request.unit_id);
    let unit_id = &fields.finish(unit_id)?;
    let command = Command::new("RequestAgencySystem", &request.unit_id, &request.request_id, &request)
        .validating(request.validate_only);
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    let unit = desk.units.find(unit_id).await?;
    let declarer = declarer::require_office(unit.kind, caller.office)?;
    caller.require_district(unit.district)?;
    if declarer != Declarer::Institution {
        let detail = "the township's own system is used for a village";
        return Err(Refusal::new(Reason::ChannelMismatch, detail).at("unit_id").by("J-3.3.1-a").into());
    }
    agency::request(has_registered(desk, unit_id, policy_year).await?)?;
    let work = |mut session| async move {
        let system = match agency_systems::maybe_find(&mut session, unit_id).await? {
            Some(system) => system,
            None => {
                let system = AgencySystem {
                    unit_id: unit_id.clone(),
                    district: unit.district,
                    state: AgencyState::Requested,
                    key: None,
                    recorded_by: caller.clone(),
                    created_at: desk.context.now(),
                };
                agency_systems::insert(&mut session, &system).await?;
                system
            }
        };
        Ok((pb::RequestAgencySystemResponse { agency_system: Some(write::agency_system(&system)) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}

/// True when the unit registered somebody for the year.
async fn has_registered(desk: &Declarations, unit_id: &str, policy_year: i32) -> Result<bool, Error> {
    let ask = desk.registry.of_unit(unit_id, policy_year);
    let mut parts = Caller::scope(Some(Caller::system()), ask).await?;
    while let Some(part) = parts.next().await {
        if !part?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Records that the key was issued. Errors: those of the contract.
pub(super) async fn grant(
    desk: &Declarations,
    request: pb::GrantAgencySystemRequest,
) -> Result<pb::GrantAgencySystemResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let unit_id = read::unit_id(&mut fields, &request.unit_id);
    let key = Key {
        serial_number: fields.text("key_serial_number", &request.key_serial_number, 1..=40),
        granted_on: fields.past_date("grant_date", &request.grant_date, desk.context.clock().today()),
        granted_by: caller.clone(),
    };
    let (unit_id, key) = &fields.finish((unit_id, key))?;
    caller.require(&[Office::Tax, Office::System]).map_err(|refusal| refusal.by("J-3.3.1-a"))?;
    let command = Command::new("GrantAgencySystem", &request.unit_id, &request.request_id, &request)
        .validating(request.validate_only);
    let work = |mut session| async move {
        let system = agency_systems::maybe_find(&mut session, unit_id).await?;
        let issued = system.as_ref().and_then(|system| system.key.as_ref()).map(|key| key.serial_number.as_str());
        agency::grant(system.as_ref().map(|system| system.state), issued, &key.serial_number)?;
        if let Some(system) = &system {
            caller.require_district(system.district)?;
        }
        let granted = issued.is_some() || agency_systems::grant(&mut session, unit_id, key).await?;
        let system = agency_systems::maybe_find(&mut session, unit_id).await?;
        let Some(system) = system.filter(|_| granted) else { return Err(contended()) };
        Ok((pb::GrantAgencySystemResponse { agency_system: Some(write::agency_system(&system)) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}

pub(super) async fn get(
    desk: &Declarations,
    request: pb::GetAgencySystemRequest,
) -> Result<pb::GetAgencySystemResponse, Error> {
    let mut fields = Fields::new();
    let unit_id = read::unit_id(&mut fields, &request.unit_id);
    let unit_id = fields.finish(unit_id)?;
    let system = agency_systems::maybe_find(&mut desk.database.read().await?, &unit_id).await?;
    let system = system.ok_or_else(|| {
        Refusal::new(Reason::UnitNotFound, "the unit did not ask for the collection system").at("unit_id")
    })?;
    Caller::current()?.require_district(system.district)?;
    Ok(pb::GetAgencySystemResponse { agency_system: Some(write::agency_system(&system)) })
}
