//! What covers a person, asked of benefit period.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, Identity, Insurance, Tier};
use juyi_domain::id::ResidentId;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageRequest, GetCoverageResponse};
use juyi_proto::code::Coded;

use crate::store::settlements::Cover;

/// The cover by basic insurance on a day.
///
/// # Errors
/// The reasons for which the person is not covered, and those of the peer.
pub(crate) async fn find(channel: &Channel, resident_id: ResidentId, on: NaiveDate) -> Result<Cover, Error> {
    let request = GetCoverageRequest {
        resident_id: resident_id.to_string(),
        date: on.to_string(),
        insurance: Insurance::Basic.to_wire(),
    };
    let answer = BenefitPeriodServiceClient::new(channel.clone()).get_coverage(request).await?.into_inner();
    if !answer.covered {
        return Err(refused("bill.admission_date", answer.reasons).into());
    }
    cover(&answer).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

fn cover(answer: &GetCoverageResponse) -> Option<Cover> {
    let identities = answer.identities.iter().map(|number| Identity::from_wire(*number));
    Some(Cover {
        policy_year: answer.span.as_ref()?.benefit_year,
        district: answer.district.parse().ok()?,
        class: Class::from_wire(answer.class).ok()?,
        tier: Tier::from_wire(answer.tier).ok()?,
        identities: identities.collect::<Result<_, _>>().ok()?,
    })
}
