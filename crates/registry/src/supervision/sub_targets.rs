//! `SetSubTargets` and `ListSubTargets`: a township's target split among its villages and committees (B-8.2.4-b).

use std::collections::BTreeSet;

use juyi_db::Session;
use juyi_domain::codes::{District, Office};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::supervision::sub_targets::{SumCheck, belongs};
use juyi_domain::registry::supervision::targets;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::reference::read::{etag, unit_id};
use crate::reference::stale;
use crate::registry::Registry;
use crate::store::{sub_targets as store, units};

/// How many parts a target has at most.
const MOST: usize = 1_000;

struct Set {
    district: District,
    policy_year: i32,
    township: String,
    parts: Vec<(String, i64)>,
    etag: i64,
}

fn read(request: &pb::SetSubTargetsRequest) -> Result<Set, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let (mut named, mut parts) = (BTreeSet::new(), Vec::new());
    if request.sub_targets.len() > MOST {
        fields.refuse("sub_targets", Reason::ValueNotAllowed, format!("sub_targets has at most {MOST} parts"));
    }
    for (index, part) in request.sub_targets.iter().take(MOST).enumerate() {
        let id = unit_id(&mut fields, &format!("sub_targets[{index}].unit_id"), &part.unit_id, true);
        if !named.insert(id.clone()) {
            let name = format!("sub_targets[{index}].unit_id");
            fields.refuse(&name, Reason::ValueNotAllowed, "each unit is named once");
        }
        if !(0..=10_000_000).contains(&part.persons) {
            let name = format!("sub_targets[{index}].persons");
            fields.refuse(&name, Reason::ValueNotAllowed, "persons is 0 to 10000000");
        }
        parts.push((id, part.persons));
    }
    let read = Set {
        district: fields.district("district", &request.district),
        policy_year: fields.policy_year("policy_year", request.policy_year),
        township: unit_id(&mut fields, "township", &request.township, true),
        parts,
        etag: etag(&mut fields, "etag", &request.etag).unwrap_or_default(),
    };
    fields.finish(read)
}

pub(crate) async fn set_sub_targets(
    registry: &Registry,
    request: pb::SetSubTargetsRequest,
) -> Result<pb::SetSubTargetsResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read(&request)?;
    let target = target(registry, (read.district, read.policy_year), &read.township)?;
    let command = Command::new("SetSubTargets", &format!("unit/{}", read.township), &request.request_id, &request);
    let context = &registry.context;
    let work = |mut session| async move {
        store(&mut session, context, caller, read).await?;
        let set = list(&mut session, &read.township, read.policy_year, target).await?;
        Ok((pb::SetSubTargetsResponse { sub_targets: Some(set) }, session))
    };
    command.run(&registry.database, context, work).await
}

/// The target of a township.
fn target(registry: &Registry, (district, policy_year): (District, i32), township: &str) -> Result<i64, Refusal> {
    let law = &law(registry, (district, policy_year), registry.context.clock().today())?.supervision;
    let target = targets::table(law, district)?.unit(township, law).map(|row| i64::from(row.total));
    target.map_err(|refusal| refusal.at("township"))
}

async fn store(session: &mut Session, context: &Context, caller: &Caller, read: &Set) -> Result<(), Error> {
    caller.require(&[Office::Township]).map_err(|refusal| refusal.by("B-8.2.4-b"))?;
    caller.require_district(read.district)?;
    let mut refusals = Refusals::default();
    for (index, (id, _)) in read.parts.iter().enumerate() {
        let unit = units::maybe_find(session, id).await?;
        let of = unit.as_ref().map(|unit| (unit.kind, unit.township.as_deref()));
        let checked = belongs(of, &read.township);
        refusals.keep(checked.map_err(|refusal| refusal.at(format!("sub_targets[{index}].unit_id"))));
    }
    refusals.into_result()?;
    let set = store::SubTargets {
        township: &read.township,
        policy_year: read.policy_year,
        parts: &read.parts,
        revision: read.etag + 1,
        recorded_by: caller,
        created_at: context.now(),
    };
    let is_first = store::revision(session, &read.township, read.policy_year).await? == 0;
    // A version of parts that were never set is as stale as an old one.
    if is_first != (read.etag == 0) || !store::replace(session, &set).await? {
        return Err(stale("etag").into());
    }
    Ok(())
}

pub(crate) async fn list_sub_targets(
    registry: &Registry,
    request: pb::ListSubTargetsRequest,
) -> Result<pb::ListSubTargetsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let township = unit_id(&mut fields, "township", &request.township, true);
    fields.finish(())?;
    let target = target(registry, (district, policy_year), &township)?;
    let mut session = registry.database.read().await?;
    let set = list(&mut session, &township, policy_year, target).await?;
    Ok(pb::ListSubTargetsResponse { sub_targets: Some(set) })
}

async fn list(session: &mut Session, township: &str, policy_year: i32, target: i64) -> Result<pb::SubTargets, Error> {
    let revision = store::revision(session, township, policy_year).await?;
    let parts = store::list(session, township, policy_year).await?;
    let check = SumCheck::new(target, parts.iter().map(|(_, persons)| *persons));
    let is_set = revision > 0;
    Ok(pb::SubTargets {
        township: township.to_owned(),
        target,
        sum: check.sum,
        difference: check.difference(),
        warning: check.warning().filter(|_| is_set).unwrap_or_default(),
        etag: if is_set { revision.to_string() } else { String::new() },
        sub_targets: parts.into_iter().map(|(unit_id, persons)| pb::SubTarget { unit_id, persons }).collect(),
    })
}
