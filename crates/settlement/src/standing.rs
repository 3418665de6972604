//! What the registers of settlement say about a bill: asked where its cover is asked, on the day the stay began (AMB-139).

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Refusal;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, OutOfArea, Place};
use juyi_domain::settlement::case::Standing;
use juyi_domain::settlement::filings::register::{Register, Registered};
use juyi_domain::settlement::filings::student::StudentAtHome;
use juyi_domain::settlement::maternity::registration;
use juyi_domain::settlement::outpatient::family_doctor;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_policy::Policy;

use crate::store::settlements::{Claim, Cover};
use crate::store::{family_doctors, filings, maternity, partnerships, school_calendars};

/// The standing of a resident for a bill that a cover covers. Each register fills its own field.
///
/// # Errors
/// Those of the database.
pub(crate) async fn find(
    session: &mut Session,
    policy: &Policy,
    (resident_id, claim): (ResidentId, &Claim),
    cover: &Cover,
) -> Result<Standing, Error> {
    let mut standing = Standing::default();
    by_filings(session, resident_id, claim, &mut standing).await?;
    let bill = &claim.bill;
    if bill.kind == CareKind::Maternity {
        let (from, to) = (bill.admitted_on, bill.discharged_on);
        standing.conceived_on = maternity::maybe_find_registered(session, resident_id, from, to).await?;
        standing.maternity = standing.conceived_on.is_some();
    }
    if asks_family_doctor(policy, bill, cover) {
        by_family_doctor(session, resident_id, claim, &mut standing).await?;
    }
    Ok(standing)
}

/// Whether a contract with a family doctor may add to what a bill is paid: of outpatient care, and of every other kind
/// where its points are read to be of all care (J-5.1.4-b, AMB-059).
pub(crate) fn asks_family_doctor(policy: &Policy, bill: &Bill, cover: &Cover) -> bool {
    let of_all_care = || {
        let law = policy.for_(cover.district, cover.policy_year, bill.admitted_on).ok();
        law.is_some_and(|law| law.basic.as_ref().is_ok_and(family_doctor::is_of_all_care))
    };
    match bill.kind {
        CareKind::Outpatient | CareKind::EmergencyObservation => true,
        CareKind::Inpatient | CareKind::SpecialOutpatient | CareKind::HomeBed => of_all_care(),
        _ => false,
    }
}

/// A contract whose bonus has begun and not stopped (J-5.1.4-a).
async fn by_family_doctor(
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

/// What a provider has to find registered before it settles in the network; a desk that takes a bill the person paid asks
/// for nothing of it (J-6.2.2.2-a).
///
/// # Errors
/// ORDER_VIOLATION for a pregnancy whose benefit is not registered (J-6.2.2.1-b).
pub(crate) fn require(caller: &Caller, claim: &Claim, standing: &Standing) -> Result<(), Refusal> {
    if caller.office == Office::Provider { registration::require(&claim.bill, standing) } else { Ok(()) }
}

/// Care outside the city (J-10.1.1-a to J-10.1.3-a, J-10.5.1-a) and special diseases (J-5.1.T-k).
async fn by_filings(
    session: &mut Session,
    resident_id: ResidentId,
    claim: &Claim,
    standing: &mut Standing,
) -> Result<(), Error> {
    let bill = &claim.bill;
    // Most bills are of neither kind, and need no question.
    let elsewhere = matches!(&bill.place, Place::Elsewhere { category, .. } if *category != OutOfArea::SelfChosen);
    if !elsewhere && bill.kind != CareKind::SpecialOutpatient {
        return Ok(());
    }
    let filings = registered(session, resident_id).await?;
    let partner_of = match &bill.place {
        Place::Elsewhere { category: OutOfArea::TransferPartner, .. } => {
            partnerships::receiving_of(session, &claim.provider_code, bill.began_on()).await?
        }
        _ => Vec::new(),
    };
    let register = Register { filings: &filings, partner_of: &partner_of };
    standing.elsewhere = register.confirms(bill, &claim.provider_code);
    standing.special_disease = register.has_disease(bill);
    if let Some(student) = register.maybe_student(bill) {
        standing.holidays = maybe_holidays(session, student, bill.began_on()).await?;
    }
    Ok(())
}

/// The filings of a resident as far as bills are concerned.
///
/// # Errors
/// Those of the database.
pub(crate) async fn registered(session: &mut Session, resident_id: ResidentId) -> Result<Vec<Registered>, Error> {
    Ok(filings::of_resident(session, resident_id).await?.into_iter().map(|filing| filing.registered).collect())
}

/// Whether a day lies in the holidays of a student's school; `None` where its calendar is not known (AMB-076).
///
/// # Errors
/// Those of the database.
pub(crate) async fn maybe_holidays(
    session: &mut Session,
    student: &StudentAtHome,
    day: NaiveDate,
) -> Result<Option<bool>, Error> {
    let calendar = school_calendars::maybe_find(session, &student.unit_id, day.year()).await?;
    Ok(calendar.map(|it| it.holidays.iter().any(|holiday| holiday.period.contains(day))))
}
