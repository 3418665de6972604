//! Who a person is for the accident cover, asked of benefit period.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, Insurance, InsuredGroup};
use juyi_domain::id::ResidentId;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageRequest, GetCoverageResponse};
use juyi_proto::code::Coded;

use crate::service::Insured;

/// The accident cover on a day.
///
/// # Errors
/// The reasons for which the person is not covered, and those of the peer.
pub(crate) async fn find(channel: &Channel, resident_id: ResidentId, on: NaiveDate) -> Result<Insured, Error> {
    let request = GetCoverageRequest {
        resident_id: resident_id.to_string(),
        date: on.to_string(),
        insurance: Insurance::Accident.to_wire(),
        scheme_date: String::new(),
    };
    let answer = BenefitPeriodServiceClient::new(channel.clone()).get_coverage(request).await?.into_inner();
    if !answer.covered {
        return Err(refused("accident_date", answer.reasons).into());
    }
    insured(&answer).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

fn insured(answer: &GetCoverageResponse) -> Option<Insured> {
    let group = match Class::from_wire(answer.class).ok()? {
        Class::StudentChild => InsuredGroup::StudentChild,
        Class::Adult => InsuredGroup::AdultResident,
    };
    Some(Insured { policy_year: answer.policy_year, group, district: answer.district.parse().ok()? })
}
