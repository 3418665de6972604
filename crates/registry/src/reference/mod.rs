//! Reference data: units and providers, from files and from offices.

mod batch;
mod files;
mod load;
pub(crate) mod read;
mod target;
#[cfg(test)]
mod tests;
mod write;

use juyi_db::Session;
use juyi_domain::codes::{District, Office, UnitKind};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::units as kinds;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::{next_page, recorded_by};
use juyi_proto::registry::v1 as pb;

pub(crate) use load::first;

use crate::registry::Registry;
use crate::store::providers::{self, Provider};
use crate::store::units::{self, Unit};

pub(crate) async fn get_unit(registry: &Registry, request: pb::GetUnitRequest) -> Result<pb::GetUnitResponse, Error> {
    let id = read::get_unit(&request)?;
    let unit = find_unit(&mut registry.database.read().await?, &id, "unit_id").await?;
    Ok(pb::GetUnitResponse { unit: Some(write::unit(&unit)) })
}

/// A unit, asked for in a field of the request.
///
/// # Errors
/// UNIT_NOT_FOUND.
pub(crate) async fn find_unit(session: &mut Session, id: &str, field: &'static str) -> Result<Unit, Error> {
    let found = units::maybe_find(session, id).await?;
    found.ok_or_else(|| Refusal::new(Reason::UnitNotFound, "no unit has this id").at(field).with("unit_id", id).into())
}

pub(crate) async fn list_units(
    registry: &Registry,
    request: pb::ListUnitsRequest,
) -> Result<pb::ListUnitsResponse, Error> {
    let (filter, after, size) = read::list_units(&request)?;
    let page = units::page(&mut registry.database.read().await?, &filter, &after, size).await?;
    let next_page_token = next_page(&page, size, |last| last.id.clone());
    Ok(pb::ListUnitsResponse { units: page.iter().map(write::unit).collect(), next_page_token })
}

pub(crate) async fn put_unit(registry: &Registry, request: pb::PutUnitRequest) -> Result<pb::PutUnitResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::put_unit(&request)?;
    let command = Command::new("PutUnit", &format!("unit/{}", read.id), &request.request_id, &request);
    let context = &registry.context;
    let work = |mut session| async move {
        let unit = store_unit(&mut session, context, caller, read).await?;
        Ok((pb::PutUnitResponse { unit: Some(write::unit(&unit)) }, session))
    };
    command.run(&registry.database, context, work).await
}

async fn store_unit(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    read: &read::PutUnit,
) -> Result<Unit, Error> {
    caller.require_district(read.district)?;
    caller.require(kinds::offices(read.kind))?;
    let stored = units::maybe_find(session, &read.id).await?;
    let mut refusals = Refusals::default();
    refusals.keep(version(read, stored.as_ref()));
    let township = match &read.township {
        Some(id) => Some(find_unit(session, id, "unit.township").await?),
        None => None,
    };
    if let Some(township) = &township {
        refusals.keep(lies_in(township, UnitKind::Township, read.district, "unit.township"));
    }
    let target_unit = target::decide(session, caller, read, (stored.as_ref(), township.as_ref())).await?;
    let target_unit = refusals.keep(target_unit).flatten();
    refusals.into_result()?;
    let unit = Unit {
        id: read.id.clone(),
        kind: read.kind,
        name: read.name.clone(),
        district: read.district,
        township: read.township.clone(),
        target_unit,
        institution_kind: read.institution_kind,
        source: write::source(caller),
        revision: read.etag.unwrap_or(1),
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    if read.etag.is_none() {
        units::insert(session, &unit).await?;
        return Ok(unit);
    }
    if units::update(session, &unit).await? {
        return Ok(Unit { revision: unit.revision + 1, ..unit });
    }
    Err(stale("unit.etag").into())
}

/// A unit is added without a version and changed with the one that was read; its kind and district stay.
fn version(read: &read::PutUnit, stored: Option<&Unit>) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let Some(stored) = stored else {
        if read.etag.is_some() {
            let detail = "no unit has this id; leave etag empty to add it";
            refusals.push(Refusal::new(Reason::UnitNotFound, detail).at("unit.unit_id").with("unit_id", &read.id));
        }
        return refusals.into_result();
    };
    if read.etag != Some(stored.revision) {
        refusals.push(stale("unit.etag"));
    }
    if (stored.kind, stored.district) != (read.kind, read.district) {
        let detail = "the kind and the district of a unit stay; another unit has another id";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("unit.kind"));
    }
    refusals.into_result()
}

/// Somebody else changed the record since it was read.
pub(crate) fn stale(field: &'static str) -> Refusal {
    Refusal::new(Reason::RevisionConflict, "this is not the version stored; read again").at(field)
}

fn lies_in(other: &Unit, kind: UnitKind, district: District, field: &'static str) -> Result<(), Refusal> {
    if other.kind != kind {
        return Err(Refusal::new(Reason::ValueNotAllowed, format!("the unit named is not a {kind}")).at(field));
    }
    if other.district != district {
        let detail = format!("the unit named lies in district {}", other.district);
        return Err(Refusal::new(Reason::ValueNotAllowed, detail).at(field).with("district", other.district));
    }
    Ok(())
}

pub(crate) async fn get_provider(
    registry: &Registry,
    request: pb::GetProviderRequest,
) -> Result<pb::GetProviderResponse, Error> {
    let (code, on) = read::get_provider(&request, registry.context.clock().today())?;
    let found = providers::maybe_find_on(&mut registry.database.read().await?, &code, on).await?;
    let provider = found.ok_or_else(|| {
        let detail = "no provider has this code on that day";
        Refusal::new(Reason::ProviderNotFound, detail).at("provider_code").with("on_date", on)
    })?;
    Ok(pb::GetProviderResponse { provider: Some(write::provider(&provider)) })
}

pub(crate) async fn list_providers(
    registry: &Registry,
    request: pb::ListProvidersRequest,
) -> Result<pb::ListProvidersResponse, Error> {
    let read = read::list_providers(&request, registry.context.clock().today())?;
    let mut session = registry.database.read().await?;
    let page = providers::page(&mut session, read.district, read.on, &read.after, read.size).await?;
    let next_page_token = next_page(&page, read.size, |last| last.code.clone());
    Ok(pb::ListProvidersResponse { providers: page.iter().map(write::provider).collect(), next_page_token })
}

pub(crate) async fn put_provider(
    registry: &Registry,
    request: pb::PutProviderRequest,
) -> Result<pb::PutProviderResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::put_provider(&request)?;
    let flags = &request.provider.clone().unwrap_or_default();
    let command = Command::new("PutProvider", &format!("provider/{}", read.code), &request.request_id, &request);
    let context = &registry.context;
    let work = |mut session| async move {
        caller.require(&[Office::MedicalInsurance])?;
        caller.require_district(read.district)?;
        // Who takes a provider over is not who says so: that is the bureau of the district where it stands so far.
        if let Some(stored) = providers::maybe_find_about(&mut session, &read.code, read.start_on).await? {
            caller.require_district(stored.district)?;
        }
        let provider = Provider {
            code: read.code.clone(),
            start_on: read.start_on,
            name: read.name.clone(),
            district: read.district,
            level: read.level,
            designated: flags.designated,
            reform_registered: flags.reform_registered,
            assistance_designated: flags.assistance_designated,
            home_bed: flags.home_bed,
            village_clinic: flags.village_clinic,
            source: write::source(caller),
            recorded_by: caller.clone(),
            created_at: context.now(),
        };
        providers::put(&mut session, &provider).await?;
        Ok((pb::PutProviderResponse { provider: Some(write::provider(&provider)) }, session))
    };
    command.run(&registry.database, context, work).await
}

pub(crate) async fn reload_reference(
    registry: &Registry,
    request: pb::ReloadReferenceRequest,
) -> Result<pb::ReloadReferenceResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = juyi_proto::fields::Fields::new();
    fields.request_id(&request.request_id);
    fields.finish(())?;
    let command =
        Command::new("ReloadReference", "reference", &request.request_id, &request).validating(request.validate_only);
    let context = &registry.context;
    let work = |mut session| async move {
        caller.require(&[Office::MedicalInsurance])?;
        let files = load::all(&mut session, context).await?;
        Ok((pb::ReloadReferenceResponse { files, recorded_by: Some(recorded_by(caller)) }, session))
    };
    command.run(&registry.database, context, work).await
}
