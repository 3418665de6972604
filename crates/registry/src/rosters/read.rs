//! Questions about rosters and their rows.

use juyi_db::Session;
use juyi_domain::codes::{District, Office, RosterKind};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::rosters::write;
use crate::store::roster_rows;
use crate::store::rosters::{self, Roster};

pub(crate) async fn get_roster(
    registry: &Registry,
    request: pb::GetRosterRequest,
) -> Result<pb::GetRosterResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let kind = fields.code("kind", request.kind);
    let roster_id = fields.text("roster_id", &request.roster_id, 1..=64);
    let key = fields.finish((district, kind, roster_id))?;
    let roster = find(&mut registry.database.read().await?, key).await?;
    Ok(pb::GetRosterResponse { roster: Some(write::roster(&registry.context, &roster)) })
}

async fn find(
    session: &mut Session,
    (district, kind, roster_id): (District, RosterKind, String),
) -> Result<Roster, Error> {
    let detail = "the district has no roster of this kind and id";
    let unknown = || Refusal::new(Reason::RosterNotFound, detail).at("roster_id");
    Ok(rosters::maybe_find(session, district, kind, &roster_id).await?.ok_or_else(unknown)?)
}

pub(crate) async fn list_rosters(
    registry: &Registry,
    request: pb::ListRostersRequest,
) -> Result<pb::ListRostersResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let kind = fields.maybe_code("kind", request.kind);
    let size = fields.page_size(request.page_size);
    let before = fields.page_after(&request.page_token);
    let (district, kind, size, before) = fields.finish((district, kind, size, before))?;
    let page = rosters::page(&mut registry.database.read().await?, district, kind, before, size).await?;
    let next_page_token = next_page(&page, size, |last| last.upload_id.to_string());
    Ok(pb::ListRostersResponse {
        rosters: page.iter().map(|roster| write::roster(&registry.context, roster)).collect(),
        next_page_token,
    })
}

/// Rows tell what somebody receives and why: they are shown to the office that collects the list, and to the bureau that
/// compares it (J-A1.3-b), each in its district.
pub(crate) async fn list_roster_rows(
    registry: &Registry,
    request: pb::ListRosterRowsRequest,
) -> Result<pb::ListRosterRowsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let kind = fields.code("kind", request.kind);
    let roster_id = fields.text("roster_id", &request.roster_id, 1..=64);
    let disposition = fields.maybe_code("disposition", request.disposition);
    let size = fields.page_size(request.page_size);
    let after = if request.page_token.is_empty() { Ok(0) } else { request.page_token.parse() };
    if after.is_err() {
        fields.refuse("page_token", Reason::ValueNotAllowed, "page_token comes from the answer before");
    }
    let key = fields.finish((district, kind, roster_id))?;
    let caller = Caller::current()?;
    caller.require_district(district)?;
    let mut session = registry.database.read().await?;
    let roster = find(&mut session, key).await?;
    caller.require(&[roster.recorded_by.office, Office::MedicalInsurance])?;
    let uploads = (roster.upload_id, roster.previous_upload_id);
    let page = roster_rows::page(&mut session, uploads, disposition, after.unwrap_or_default(), size).await?;
    let next_page_token = next_page(&page, size, |last| last.row_number.to_string());
    Ok(pb::ListRosterRowsResponse { rows: page.into_iter().map(write::outcome).collect(), next_page_token })
}
