//! Who a person is for the accident cover, asked of benefit period.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, Insurance, InsuredGroup};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageRequest, GetCoverageResponse};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;

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
    };
    let answer = BenefitPeriodServiceClient::new(channel.clone()).get_coverage(request).await?.into_inner();
    if !answer.covered {
        return Err(refusals(answer.reasons).into());
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

/// Conditions that answered "no" refuse here.
fn refusals(conditions: Vec<Condition>) -> Refusals {
    let refusal = |condition: Condition| {
        let reason = Reason::ALL.iter().copied().find(|reason| reason.code() == condition.reason);
        let refusal = Refusal::new(reason.unwrap_or(Reason::NotInBenefitPeriod), condition.detail);
        let refusal = refusal.at("accident_date");
        if condition.rule_id.is_empty() { refusal } else { refusal.by(condition.rule_id) }
    };
    let refusals = Refusals(conditions.into_iter().map(refusal).collect());
    match refusals.into_result() {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Reason::NotInBenefitPeriod, "not covered on the day of the accident")
            .at("accident_date")
            .into(),
    }
}
