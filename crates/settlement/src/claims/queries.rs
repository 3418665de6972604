//! Reading claims.

use juyi_domain::codes::Office;
use juyi_domain::settlement::claims::desk::office_of;
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;

use super::read::{self, Scope};
use super::{Claims, Standing, write};
use crate::coverage;
use crate::reading::without_illness;
use crate::store::self_paid_claims::{self as rows, SelfPaidClaim};

/// Offices that work on claims.
const READERS: &[Office] =
    &[Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::Education, Office::System];

impl Claims {
    pub(super) async fn get(&self, request: &pb::GetClaimRequest) -> Result<pb::GetClaimResponse, Error> {
        let caller = Caller::current()?;
        caller.require(READERS)?;
        let which = read::get(request)?;
        let mut session = self.database.read().await?;
        let standing = Standing::find(&mut session, which.resident_id, which.id).await?;
        caller.require_district(standing.claim.district)?;
        if !may_see(&caller, &standing.claim) {
            caller.require(&[office_of(standing.claim.desk)])?;
        }
        Ok(pb::GetClaimResponse { claim: Some(told(&caller, &standing)) })
    }

    pub(super) async fn list(&self, request: &pb::ListClaimsRequest) -> Result<pb::ListClaimsResponse, Error> {
        let caller = Caller::current()?;
        caller.require(READERS)?;
        let read = read::list(request)?;
        let mut session = self.database.read().await?;
        let page = match read.scope {
            Scope::Resident(resident_id) => rows::page(&mut session, resident_id, read.after, read.size).await?,
            Scope::Queue(queue) => {
                caller.require_district(queue.district)?;
                rows::queue(&mut session, queue, read.after, read.size).await?
            }
        };
        if let (true, None, Scope::Resident(resident_id)) = (page.is_empty(), read.after, read.scope) {
            drop(session);
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
            return Ok(pb::ListClaimsResponse::default());
        }
        let next_page_token = next_page(&page, read.size, |last| last.id.to_string());
        let seen = page.into_iter().filter(|claim| may_see(&caller, claim)).collect();
        let standings = Standing::of_all(&mut session, seen).await?;
        let claims = standings.iter().map(|standing| told(&caller, standing)).collect();
        Ok(pb::ListClaimsResponse { claims, next_page_token })
    }
}

/// Claims of the own district; a school sees no others than those it took itself.
fn may_see(caller: &Caller, claim: &SelfPaidClaim) -> bool {
    let of_desk = caller.office != Office::Education || office_of(claim.desk) == Office::Education;
    of_desk && caller.require_district(claim.district).is_ok()
}

/// A claim as the office reads it. A township works on what townships took; of a claim of another desk it reads how far it has
/// come and what is paid, as of a settlement.
fn told(caller: &Caller, standing: &Standing) -> pb::SelfPaidClaim {
    let mut claim = write::claim(standing);
    if caller.office == Office::Township && office_of(standing.claim.desk) != Office::Township {
        claim.bill = claim.bill.map(without_illness);
        claim.receipt = None;
    }
    claim
}
