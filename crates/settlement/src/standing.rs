//! What the registers of settlement say about a person and a bill on the day the stay began.

use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::case::Standing;
use juyi_kit::error::Error;

use crate::store::family_doctors;
use crate::store::settlements::Claim;

/// The standing of a bill. Registers are asked only for the kinds of care that they concern.
///
/// # Errors
/// Those of the database.
pub(crate) async fn find(session: &mut Session, resident_id: ResidentId, claim: &Claim) -> Result<Standing, Error> {
    let mut standing = Standing::default();
    if matches!(claim.bill.kind, CareKind::Outpatient | CareKind::EmergencyObservation) {
        family_doctor(session, resident_id, claim, &mut standing).await?;
    }
    Ok(standing)
}

/// A contract whose bonus has begun and not stopped (J-5.1.4-a).
async fn family_doctor(
    session: &mut Session,
    resident_id: ResidentId,
    claim: &Claim,
    standing: &mut Standing,
) -> Result<(), Error> {
    let contracts = family_doctors::all(session, resident_id).await?;
    for signed in contracts.iter().filter(|signed| signed.contract.in_effect(claim.bill.began_on())) {
        standing.family_doctor = true;
        standing.family_doctor_here |= signed.institution_code == claim.provider_code;
    }
    Ok(())
}
