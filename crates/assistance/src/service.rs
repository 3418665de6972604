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

/// Assesses the bills of a year, each by the law of its service date.
pub(crate) fn assess(context: &Context, request: &read::Assess) -> Result<Vec<AidOutcome>, Error> {
    // Without a case the year alone decides.
    let new_year = Period::of_year(request.policy_year).map(Period::start).filter(|_| request.cases.is_empty());
    let days = request.cases.iter().map(|case| case.service_on).chain(new_year);
    let laws = days.map(|on| context.policy().for_(request.district, request.policy_year, on));
    let laws = laws.collect::<Result<Vec<_>, _>>()?;
    let params = laws.iter().map(|law| law.assistance.as_ref().map_err(|gap| Refusal::from(gap.clone())));
    let params = params.collect::<Result<Vec<_>, _>>()?;
    Ok(assess_year(request.cases.iter().zip(params)))
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
