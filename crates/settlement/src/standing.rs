//! What the registers of the insurance say about a person and a bill, asked when it is filed.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusal;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Standing;
use juyi_domain::settlement::maternity::registration;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;

use crate::store::maternity;
use crate::store::settlements::Claim;

/// The standing of a person for a bill.
///
/// # Errors
/// Those of the database.
pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, claim: &Claim) -> Result<Standing, Error> {
    let bill = &claim.bill;
    let maternity = bill.kind == CareKind::Maternity
        && maternity::is_registered(session, resident_id, bill.admitted_on, bill.discharged_on).await?;
    Ok(Standing { maternity, ..Standing::default() })
}

/// What a provider has to find registered before it settles in the network; a desk that takes a bill the person paid asks
/// for nothing of it (J-6.2.2.2-a).
///
/// # Errors
/// ORDER_VIOLATION for a pregnancy whose benefit is not registered (J-6.2.2.1-b).
pub(crate) fn require(caller: &Caller, claim: &Claim, standing: &Standing) -> Result<(), Refusal> {
    if caller.office == Office::Provider { registration::require(&claim.bill, standing) } else { Ok(()) }
}
