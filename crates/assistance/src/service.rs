//! Decisions of assistance.

use juyi_db::Session;
use juyi_domain::assistance::year::{AidOutcome, assess_year};
use juyi_domain::codes::Office;
use juyi_domain::dates::Period;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::read;
use crate::store::aids::{self, Posting};

/// Assesses the bills of a year by the law of its first service date.
pub(crate) fn assess(context: &Context, request: &read::Assess) -> Result<Vec<AidOutcome>, Error> {
    let new_year = Period::of_year(request.policy_year).map(Period::start);
    let on = request.cases.first().map(|case| case.service_on).or(new_year).unwrap_or_default();
    let law = context.policy().for_(request.district, request.policy_year, on)?;
    let params = law.assistance.as_ref().map_err(|gap| Refusal::from(gap.clone()))?;
    Ok(assess_year(&request.cases, params))
}

/// Takes a posted difference into the register.
pub(crate) async fn record(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    request: &read::Record,
) -> Result<(), Error> {
    caller.require(&[Office::System])?;
    let posting = Posting {
        resident_id: request.resident_id,
        event_id: request.event_id,
        aid: request.aid.clone(),
        created_at: context.now(),
    };
    aids::insert(session, &posting).await?;
    Ok(())
}
