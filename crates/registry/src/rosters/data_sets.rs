//! Which lists there are, when each came last, and whether the next is overdue (J-A1.3-b, AMB-120).

use juyi_domain::registry::roster::DataSet;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::rosters::write;
use crate::store::rosters::{self, Roster};

pub(crate) async fn list_data_sets(
    registry: &Registry,
    request: pb::ListDataSetsRequest,
) -> Result<pb::ListDataSetsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let on = fields.maybe_date("on_date", &request.on_date);
    let (district, policy_year, on) = fields.finish((district, policy_year, on))?;
    let on = on.unwrap_or_else(|| registry.context.clock().today());
    let law = registry.context.policy().for_(district, policy_year, on)?;
    let mut session = registry.database.read().await?;
    let mut data_sets = Vec::with_capacity(law.data_sets.len());
    for set in &law.data_sets {
        let last = rosters::maybe_newest(&mut session, district, set.kind, policy_year, on).await?;
        data_sets.push(data_set(registry, set, last.as_ref(), on));
    }
    Ok(pb::ListDataSetsResponse { data_sets })
}

fn data_set(registry: &Registry, set: &DataSet, last: Option<&Roster>, on: chrono::NaiveDate) -> pb::DataSet {
    let due_on = set.maybe_due_on(last.map(|last| last.as_of_on));
    let days = set.interval_days.as_ref().map_or(0, |interval| interval.value);
    pb::DataSet {
        kind: set.kind.to_wire(),
        office: set.offices.first().map_or(0, |office| office.to_wire()),
        rule_id: set.offices.reference.rule_id.to_string(),
        last: last.map(|last| write::roster(&registry.context, last)),
        interval_days: i32::try_from(days).unwrap_or(i32::MAX),
        due_date: due_on.map(|day| day.to_string()).unwrap_or_default(),
        overdue: due_on.is_some_and(|due_on| due_on < on),
    }
}
