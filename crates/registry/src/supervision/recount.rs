//! `RecountProgress`: the kept figures against every enrolment.

use juyi_db::Session;
use juyi_domain::codes::{District, Office};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::registry::Registry;
use crate::store::progress as store;

/// How many differences an answer names; all are mended.
const MOST: usize = 1_000;

pub(crate) async fn recount_progress(
    registry: &Registry,
    request: pb::RecountProgressRequest,
) -> Result<pb::RecountProgressResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish(())?;
    let context = &registry.context;
    law(registry, (district, policy_year), context.clock().today())?;
    let scope = format!("progress/{district}/{policy_year}");
    let command =
        Command::new("RecountProgress", &scope, &request.request_id, &request).validating(request.validate_only);
    let work = |mut session| async move {
        let reply = recount(&mut session, context, caller, (district, policy_year)).await?;
        Ok((reply, session))
    };
    command.run(&registry.database, context, work).await
}

/// Figures are mended by their difference, so that enrolments of the same moment stay counted.
async fn recount(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (district, policy_year): (District, i32),
) -> Result<pb::RecountProgressResponse, Error> {
    caller.require(&[Office::MedicalInsurance, Office::HumanResources])?;
    caller.require_district(district)?;
    let of = (district, policy_year);
    store::lock_recount(session, of, caller, context.now()).await?;
    let differences = store::differences(session, district, policy_year).await?;
    for difference in &differences {
        store::add(session, &difference.key, difference.recounted - difference.kept).await?;
    }
    let enrolments = store::count(session, district, policy_year).await?;
    let found = i64::try_from(differences.len()).unwrap_or(i64::MAX);
    store::finish_recount(session, of, enrolments, found).await?;
    let differences = differences.iter().take(MOST).map(to_wire).collect();
    Ok(pb::RecountProgressResponse { enrolments, differences, found })
}

fn to_wire(difference: &store::Difference) -> pb::CountDifference {
    pb::CountDifference {
        unit_id: difference.key.township.clone(),
        group: difference.key.group.to_wire(),
        date: difference.key.on.to_string(),
        kept: difference.kept,
        recounted: difference.recounted,
    }
}
