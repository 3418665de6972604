//! The steps of a claim before the decision.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::refusal::Refusal;
use juyi_domain::settlement::claims::codes::ClaimState;
use juyi_domain::settlement::claims::desk::office_of;
use juyi_domain::settlement::claims::params::ClaimParams;
use juyi_domain::settlement::claims::progress::Claim;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::read::Which;
use super::{Claims, Standing, named_caller, write};

/// Offices that keep a desk.
const DESKS: &[Office] = &[Office::Township, Office::MedicalInsurance, Office::Education];

/// How a step of the desk moves a claim.
pub(super) type Move = fn(Claim, &ClaimParams) -> Result<ClaimState, Refusal>;

impl Claims {
    /// Takes a step of the desk, by the office of the desk.
    pub(super) async fn step(&self, command: &Command, which: Which, to: Move) -> Result<pb::SelfPaidClaim, Error> {
        let caller = &named_caller(DESKS)?;
        let work = |mut session| async move {
            let claim = self.take_step(&mut session, caller, which, to).await?;
            Ok((pb::GetClaimResponse { claim: Some(claim) }, session))
        };
        let reply = command.run(&self.database, &self.context, work).await?;
        reply.claim.ok_or(Error::Fault("a stored answer has no claim"))
    }

    async fn take_step(
        &self,
        session: &mut Session,
        caller: &Caller,
        which: Which,
        to: Move,
    ) -> Result<pb::SelfPaidClaim, Error> {
        let mut standing = Standing::find(session, which.resident_id, which.id).await?;
        caller.require(&[office_of(standing.claim.desk)])?;
        caller.require_district(standing.claim.district)?;
        let law = self.law(&standing.claim)?;
        let state = to(standing.progress(), &law.self_paid_claims)?;
        standing.take(session, self.plain_step(caller, state)).await?;
        Ok(write::claim(&standing))
    }
}
