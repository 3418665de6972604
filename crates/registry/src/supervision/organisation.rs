//! `GetOrganisation`: who leads and who does what, offices and posts only (J-A1, J-A3-a, B-8.1-a, B-8.1-b, AMB-124).

use juyi_domain::codes::District;
use juyi_domain::effective::Effective;
use juyi_domain::registry::supervision::params::BodyDuty;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::law;
use crate::registry::Registry;

pub(crate) async fn get_organisation(
    registry: &Registry,
    request: pb::GetOrganisationRequest,
) -> Result<pb::GetOrganisationResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish(())?;
    let law = law(registry, (district, policy_year), registry.context.clock().today())?;
    let organisation = &law.supervision.organisation;
    let post = |text: &Option<Effective<String>>| text.as_ref().map(|text| text.value.clone()).unwrap_or_default();
    Ok(pb::GetOrganisationResponse {
        head: post(&organisation.head),
        office_seat: post(&organisation.office_seat),
        bodies: bodies(&organisation.duties, district),
    })
}

/// The bodies of a district in the order of their first duty, each with all its duties.
fn bodies(duties: &[Effective<BodyDuty>], district: District) -> Vec<pb::Body> {
    let mut bodies: Vec<pb::Body> = Vec::new();
    for duty in duties.iter().filter(|duty| duty.district.is_none_or(|own| own == district)) {
        let task = pb::Task { description: duty.duty.clone(), rule_id: duty.reference.rule_id.clone().into_owned() };
        match bodies.iter_mut().find(|body| body.name == duty.body) {
            Some(body) => body.duties.push(task),
            None => bodies.push(pb::Body {
                name: duty.body.clone(),
                office: duty.office.map(Coded::to_wire).unwrap_or_default(),
                duties: vec![task],
            }),
        }
    }
    bodies
}
