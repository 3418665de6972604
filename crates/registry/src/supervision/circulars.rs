//! `IssueCircular` and `ListCirculars`: the townships' progress, circulated and kept as it was (J-A1.2-c, B-8.2.1-a).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::District;
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::supervision::params::SupervisionParams;
use juyi_domain::registry::supervision::targets;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::{instant, next_page, recorded_by};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::{law, progress, public_text, require};
use crate::reference::read::unit_id;
use crate::registry::Registry;
use crate::store::circulars::{self, Circular};

struct Issue {
    of: (District, i32),
    title: String,
    unit_ids: Vec<String>,
    as_of_on: NaiveDate,
}

fn read(request: &pb::IssueCircularRequest, today: NaiveDate) -> Result<Issue, Refusals> {
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    if request.unit_ids.len() > 100 {
        fields.refuse("unit_ids", Reason::ValueNotAllowed, "unit_ids has at most 100 units");
    }
    let named = request.unit_ids.iter().take(100).enumerate();
    let mut unit_ids: Vec<_> =
        named.map(|(index, id)| unit_id(&mut fields, &format!("unit_ids[{index}]"), id, true)).collect();
    let mut seen = BTreeSet::new();
    unit_ids.retain(|id| seen.insert(id.clone()));
    let title = public_text(&mut fields, "title", &request.title, 100);
    let as_of_on = progress::as_of(&mut fields, &request.as_of_date, today);
    fields.finish(Issue { of: (district, policy_year), title, unit_ids, as_of_on })
}

pub(crate) async fn issue_circular(
    registry: &Registry,
    request: pb::IssueCircularRequest,
) -> Result<pb::IssueCircularResponse, Error> {
    let caller = &Caller::current()?;
    let context = &registry.context;
    let read = &read(&request, context.clock().today())?;
    let (district, policy_year) = read.of;
    let snapshot = law(registry, read.of, read.as_of_on)?;
    let law = &snapshot.supervision;
    let scope = format!("circular/{district}/{policy_year}");
    let command = Command::new("IssueCircular", &scope, &request.request_id, &request);
    let work = |mut session| async move {
        let circular = issue(&mut session, context, caller, law, read).await?;
        Ok((pb::IssueCircularResponse { circular: Some(to_wire(&circular)) }, session))
    };
    command.run(&registry.database, context, work).await
}

async fn issue(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    law: &SupervisionParams,
    read: &Issue,
) -> Result<Circular, Error> {
    let (district, policy_year) = read.of;
    let mut refusals = Refusals::default();
    refusals.keep(require(caller, &law.circular_offices, district));
    if let Some(table) = refusals.keep(targets::table(law, district)) {
        for (index, id) in read.unit_ids.iter().enumerate() {
            let row = table.unit(id, law).map_err(|refusal| refusal.at(format!("unit_ids[{index}]")));
            refusals.keep(row);
        }
    }
    refusals.into_result()?;
    let mut progress = progress::report(session, law, read.of, read.as_of_on).await?;
    if !read.unit_ids.is_empty() {
        progress.units.retain(|unit| read.unit_ids.contains(&unit.unit_id));
    }
    let circular = Circular {
        id: context.id(),
        district,
        policy_year,
        title: read.title.clone(),
        unit_ids: read.unit_ids.clone(),
        progress,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    circulars::insert(session, &circular).await?;
    Ok(circular)
}

pub(crate) async fn list_circulars(
    registry: &Registry,
    request: pb::ListCircularsRequest,
) -> Result<pb::ListCircularsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let before = fields.page_after(&request.page_token);
    let size = fields.page_size(request.page_size);
    fields.finish(())?;
    let mut session = registry.database.read().await?;
    let page = circulars::page(&mut session, (district, policy_year), before, size).await?;
    let next_page_token = next_page(&page, size, |last| last.id.to_string());
    Ok(pb::ListCircularsResponse { circulars: page.iter().map(to_wire).collect(), next_page_token })
}

fn to_wire(circular: &Circular) -> pb::Circular {
    pb::Circular {
        circular_id: circular.id.to_string(),
        district: circular.district.to_string(),
        policy_year: circular.policy_year,
        title: circular.title.clone(),
        unit_ids: circular.unit_ids.clone(),
        progress: Some(progress::to_wire(&circular.progress)),
        recorded_by: Some(recorded_by(&circular.recorded_by)),
        create_time: instant(circular.created_at),
    }
}
