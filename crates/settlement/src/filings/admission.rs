//! What care elsewhere asks of a bill on the day it is filed.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{OutOfArea, Place};
use juyi_domain::settlement::filings::region::Region;
use juyi_domain::settlement::filings::register::Register;
use juyi_domain::settlement::filings::student;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;

use crate::standing;
use crate::store::settlements::{Claim, Cover};

/// Admits a bill of care elsewhere. Asked when it is filed and not when the year is settled anew: a deadline that was kept
/// stays kept. A claim is filed at its desk, however long its approval takes.
///
/// # Errors
/// Every failing condition: `VALUE_NOT_ALLOWED` for a place that is none outside the city (J-10.4-b), `WRONG_DESK` for a bill
/// paid elsewhere that is not brought to the agency (J-10.4-c); of a student at home `REQUIRED_FIELD_MISSING` without the
/// school's calendar and `DEADLINE_PASSED` (J-10.5.1-a, J-10.5.1-b).
pub(crate) async fn admit(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (resident_id, claim, cover, filed_on): (ResidentId, &Claim, &Cover, NaiveDate),
) -> Result<(), Error> {
    let Place::Elsewhere { category, region, .. } = &claim.bill.place else { return Ok(()) };
    let mut refusals = Refusals::default();
    if !Region::maybe_parse(region).is_some_and(|region| region.is_elsewhere()) {
        let detail = "the region of the provider is a GB/T 2260 code outside the city";
        refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("bill.elsewhere.region").by("J-10.4-b"));
    }
    if caller.office == Office::Township {
        let detail = "bills paid elsewhere are claimed at the agency of the insured place";
        let refusal = Refusal::new(Reason::WrongDesk, detail).at("bill").by("J-10.4-c");
        refusals.push(refusal.with("right_desk", Office::MedicalInsurance));
    }
    if *category == OutOfArea::StudentAtHome {
        let law = context.policy().for_(cover.district, cover.policy_year, claim.bill.admitted_on)?;
        refusals.keep(of_student(session, &law, (resident_id, &claim.bill, filed_on)).await?);
    }
    Ok(refusals.into_result()?)
}

/// What a student's bill from home asks on the day it is filed. A desk says it at once, and not only when the claim is
/// approved: `REQUIRED_FIELD_MISSING` without the school's calendar and `DEADLINE_PASSED` (J-10.5.1-a, J-10.5.1-b).
///
/// # Errors
/// Those of the database.
pub(crate) async fn of_student(
    session: &mut Session,
    law: &Snapshot,
    (resident_id, bill, filed_on): (ResidentId, &Bill, NaiveDate),
) -> Result<Result<(), Refusals>, Error> {
    if !matches!(bill.place, Place::Elsewhere { category: OutOfArea::StudentAtHome, .. }) {
        return Ok(Ok(()));
    }
    let filings = standing::registered(session, resident_id).await?;
    let register = Register { filings: &filings, partner_of: &[] };
    let Some(home) = register.maybe_student(bill) else { return Ok(Ok(())) };
    let holidays = standing::maybe_holidays(session, home, bill.began_on()).await?;
    let mut refusals = Refusals::default();
    refusals.keep(student::require_calendar(bill, holidays));
    if let Some(params) = refusals.keep(law.filings.as_ref().map_err(|gap| Refusal::from(gap.clone()))) {
        refusals.keep(home.require_timely(filed_on, params));
    }
    Ok(refusals.into_result())
}
