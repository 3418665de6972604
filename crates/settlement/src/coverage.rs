//! What covers a person, asked of benefit period.

use chrono::NaiveDate;
use juyi_domain::codes::{Class, Identity, Insurance, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::benefit_period::v1::{GetCoverageRequest, GetCoverageResponse};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;

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
        return Err(refusals(answer.reasons).into());
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

/// Conditions that answered "no" refuse here.
fn refusals(conditions: Vec<Condition>) -> Refusals {
    let refusal = |condition: Condition| {
        let reason = Reason::ALL.iter().copied().find(|reason| reason.code() == condition.reason);
        let refusal = Refusal::new(reason.unwrap_or(Reason::NotInBenefitPeriod), condition.detail);
        let refusal = refusal.at("bill.admission_date");
        if condition.rule_id.is_empty() { refusal } else { refusal.by(condition.rule_id) }
    };
    let refusals = Refusals(conditions.into_iter().map(refusal).collect());
    match refusals.into_result() {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Reason::NotInBenefitPeriod, "not covered on the day of admission")
            .at("bill.admission_date")
            .into(),
    }
}
