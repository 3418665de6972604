//! How a person is insured on the day of a bill, as far as a claim depends on it, asked of benefit period.

use juyi_domain::codes::{Category, Class, District};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::bill::Bill;
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use juyi_kit::wire::refused;
use juyi_proto::benefit_period::v1::GetCoverageResponse;
use juyi_proto::code::Coded;

use crate::coverage;

/// The enrolment behind the cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Insured {
    pub(super) policy_year: i32,
    pub(super) district: District,
    pub(super) class: Class,
    pub(super) category: Category,
}

/// The enrolment on the day of admission. The approval asks again for all that settles the bill.
///
/// # Errors
/// The reasons for which the person is not covered, and those of the peer.
pub(super) async fn find(channel: &Channel, resident_id: ResidentId, bill: &Bill) -> Result<Insured, Error> {
    let (insurance, days) = (coverage::insurance_of(bill), (bill.admitted_on, bill.stay_began_on));
    let answer = coverage::ask(channel, resident_id, insurance, days).await?;
    if !answer.covered {
        return Err(refused("bill.admission_date", answer.reasons).into());
    }
    insured(&answer).ok_or(Error::Fault("benefit period answered a coverage that cannot be read"))
}

fn insured(answer: &GetCoverageResponse) -> Option<Insured> {
    Some(Insured {
        policy_year: answer.span.as_ref()?.benefit_year,
        district: answer.district.parse().ok()?,
        class: Class::from_wire(answer.class).ok()?,
        category: Category::from_wire(answer.category).ok()?,
    })
}
