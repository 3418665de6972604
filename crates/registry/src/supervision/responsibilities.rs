//! `SetResponsibility` and `ListResponsibilities`: leading cadres take areas, assistants villages, village cadres
//! households (B-8.2.4-d); at the head of the township stands its promotion group (B-8.2.4-c).

use juyi_db::Session;
use juyi_domain::codes::{Office, UnitKind};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::reference::find_unit;
use crate::reference::read::unit_id;
use crate::registry::Registry;
use crate::store::responsibilities;
use crate::store::units::Unit;

pub(crate) async fn set_responsibility(
    registry: &Registry,
    request: pb::SetResponsibilityRequest,
) -> Result<pb::SetResponsibilityResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let id = &unit_id(&mut fields, "unit_id", &request.unit_id, true);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let post = &fields.text("post", &request.post, 1..=60);
    // A post has no digits; a person's number or phone has.
    if post.chars().any(|it| it.is_ascii_digit()) {
        fields.refuse("post", Reason::ValueNotAllowed, "post names a post, no person and no number");
    }
    fields.finish(())?;
    let context = &registry.context;
    let command = Command::new("SetResponsibility", &format!("unit/{id}"), &request.request_id, &request);
    let work = |mut session| async move {
        let unit = unit(&mut session, id).await?;
        law(registry, (unit.district, policy_year), context.clock().today())?;
        caller.require(&[Office::Township]).map_err(|refusal| refusal.by("B-8.2.4-d"))?;
        caller.require_district(unit.district)?;
        responsibilities::set(&mut session, (id, policy_year), post, (caller, context.now())).await?;
        let responsibility = Some(to_wire((id.clone(), Some(post.clone()))));
        Ok((pb::SetResponsibilityResponse { responsibility }, session))
    };
    command.run(&registry.database, context, work).await
}

/// A unit for which a post can answer.
async fn unit(session: &mut Session, id: &str) -> Result<Unit, Error> {
    let unit = find_unit(session, id, "unit_id").await?;
    if matches!(unit.kind, UnitKind::Township | UnitKind::Village | UnitKind::Community | UnitKind::Household) {
        return Ok(unit);
    }
    let detail = format!("nobody takes a unit of kind {}: areas, villages and households are taken", unit.kind);
    Err(Refusal::new(Reason::ValueNotAllowed, detail).at("unit_id").by("B-8.2.4-d").into())
}

pub(crate) async fn list_responsibilities(
    registry: &Registry,
    request: pb::ListResponsibilitiesRequest,
) -> Result<pb::ListResponsibilitiesResponse, Error> {
    let mut fields = Fields::new();
    let township = unit_id(&mut fields, "township", &request.township, true);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let after = unit_id(&mut fields, "page_token", &request.page_token, false);
    let size = fields.page_size(request.page_size);
    fields.finish(())?;
    let mut session = registry.database.read().await?;
    find_unit(&mut session, &township, "township").await?;
    let of = (township.as_str(), policy_year);
    let page = responsibilities::page(&mut session, of, request.open_only, &after, size).await?;
    let next_page_token = next_page(&page, size, |(id, _)| id.clone());
    Ok(pb::ListResponsibilitiesResponse { responsibilities: page.into_iter().map(to_wire).collect(), next_page_token })
}

/// A unit without a post is reported as open (B-8.2.4-d).
fn to_wire((unit_id, post): (String, Option<String>)) -> pb::Responsibility {
    pb::Responsibility { unit_id, open: post.is_none(), post: post.unwrap_or_default() }
}
