//! `GetTarget` and `ListTargets`.

use juyi_domain::effective::Effective;
use juyi_domain::registry::supervision::params::{SupervisionParams, Target};
use juyi_domain::registry::supervision::targets::{self, Table};
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law_of_targets;
use crate::reference::read::unit_id;
use crate::registry::Registry;

pub(crate) async fn get_target(
    registry: &Registry,
    request: pb::GetTargetRequest,
) -> Result<pb::GetTargetResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let unit_id = unit_id(&mut fields, "unit_id", &request.unit_id, true);
    fields.finish(())?;
    let law = &law_of_targets(registry, (district, policy_year), registry.context.clock().today())?.supervision;
    let table = targets::table(law, district)?;
    let row = table.row(&unit_id, law)?;
    Ok(pb::GetTargetResponse { target: Some(target(row, &table, law)) })
}

pub(crate) async fn list_targets(
    registry: &Registry,
    request: pb::ListTargetsRequest,
) -> Result<pb::ListTargetsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish(())?;
    let law = &law_of_targets(registry, (district, policy_year), registry.context.clock().today())?.supervision;
    let table = targets::table(law, district)?;
    let (sums_agree, added) = table.add_up(law);
    let without = law.untargeted.iter().filter(|unit| unit.unit_id.starts_with(district.as_str()));
    let without = without.map(|unit| format!("{} has duties and no target (AMB-119)", unit.value.name));
    Ok(pb::ListTargetsResponse {
        units: table.units.iter().map(|row| target(row, &table, law)).collect(),
        subtotal: table.subtotal.map(|row| target(row, &table, law)),
        total: Some(target(table.total, &table, law)),
        sums_agree,
        receipt: Some(receipt(&added)),
        remarks: law.remark.iter().map(|remark| remark.value.clone()).chain(without).collect(),
    })
}

fn target(row: &Effective<Target>, table: &Table<'_>, law: &SupervisionParams) -> pb::Target {
    let groups = Target::GROUPS.into_iter().filter_map(|group| {
        let persons = i64::from(row.figure(group)?);
        Some(pb::GroupFigure { group: group.to_wire(), persons })
    });
    let printed = format!("{} {}", row.reference.document, row.reference.section);
    // AMB-118: what does not fit in the document is told where the figure comes from.
    let source = law.remark.iter().fold(printed, |source, remark| format!("{source}; {}", remark.value));
    let responsible = if table.is_township(row) { law.responsible.value.clone() } else { String::new() };
    pb::Target {
        unit_id: row.unit_id(),
        name: row.value.name.clone(),
        total: i64::from(row.total),
        groups: groups.collect(),
        source,
        rule_id: row.reference.rule_id.clone().into_owned(),
        responsible,
    }
}
