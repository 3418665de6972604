//! What a bill would have come to otherwise: each alternative takes the place of the bill in its year and is settled there.

use juyi_domain::id::SettlementId;
use juyi_domain::money::Fen;
use juyi_domain::settlement::alternatives::{Alternative, alternatives as of_bill};
use juyi_domain::settlement::one_stop::Settled;
use juyi_domain::settlement::outpatient::params::FamilyDoctorScope;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use crate::ledger::Year;
use crate::shares::Shares;
use crate::store::settlements::Settlement;
use crate::{adjudicate, service, write};

/// The alternatives of a bill in a year that was planned with it; those that the law refuses are left out.
///
/// # Errors
/// Those of assistance.
pub(crate) async fn alternatives(
    context: &Context,
    assistance: &Channel,
    year: &Year,
    subject: SettlementId,
) -> Result<Vec<pb::Alternative>, Error> {
    let account = service::find(year, subject)?;
    let (own, settlement) = (account.shares(), &account.settlement);
    let mut found = Vec::new();
    for alternative in of_bill(&settlement.claim.bill, settlement.cover.standing, points(context, settlement)) {
        // A bill that could not be filed like that is no alternative.
        if alternative.bill.check().is_err() {
            continue;
        }
        let other = instead(year, subject, &alternative)?;
        match adjudicate::adjudicate(context, assistance, &other).await {
            Ok(settled) => {
                let (_, settled) = settled
                    .into_iter()
                    .find(|(id, _)| *id == subject)
                    .ok_or(Error::Fault("an alternative was not settled"))?;
                found.push(written(&alternative, &settled, own.person)?);
            }
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// What the points of a family doctor are read to be of, where the law of the bill has any (AMB-059).
fn points(context: &Context, settlement: &Settlement) -> Option<FamilyDoctorScope> {
    let (cover, bill) = (&settlement.cover, &settlement.claim.bill);
    let law = context.policy().for_(cover.district, cover.policy_year, bill.admitted_on).ok()?;
    let bonus = law.outpatient.as_ref().ok()?.family_doctor.as_ref()?;
    Some(bonus.scope.value)
}

/// The year with the alternative in place of the bill.
fn instead(year: &Year, subject: SettlementId, alternative: &Alternative) -> Result<Year, Error> {
    let mut year = year.clone();
    let account = year.maybe_find_mut(subject).ok_or(Error::Fault("a settlement is not in its year"))?;
    account.settlement.claim.bill = alternative.bill.clone();
    account.settlement.cover.standing = alternative.standing;
    Ok(year)
}

fn written(alternative: &Alternative, settled: &Settled, own: Fen) -> Result<pb::Alternative, Error> {
    let shares = Shares::of(alternative.bill.total, settled.eligible, &settled.shares);
    shares.conserve()?;
    let difference = shares.person - own;
    Ok(pb::Alternative {
        kind: alternative.kind.to_wire(),
        text: alternative.kind.text_with(difference),
        shares: Some(write::shares(&shares)),
        person_difference_fen: difference.get(),
        not_covered: is_not_covered(alternative, settled, &shares),
    })
}

/// True when the law pays nothing there. A part that is left out is marked alike, and leaves the rest covered; maternity
/// insurance excludes without a word about what is eligible.
fn is_not_covered(alternative: &Alternative, settled: &Settled, shares: &Shares) -> bool {
    let nothing_left = settled.eligible.is_zero() || alternative.bill.kind.is_maternity();
    let nothing_paid = shares.person == shares.total && shares.maternity.is_zero();
    settled.receipt.is_marked("NOT_COVERED") && nothing_left && nothing_paid
}
