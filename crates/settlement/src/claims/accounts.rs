//! The account to which claims are paid (J-6.2.1.2-a, J-6.2.1.2-b).

use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::claims::account::{self, Account};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{Claims, named_caller, read, write};
use crate::coverage;
use crate::store::{claim_accounts, self_paid_claims as claims};

/// Desks that open accounts: the township service and the branch.
const OPENERS: &[Office] = &[Office::Township, Office::MedicalInsurance];
/// Offices that learn of an activation: the same, and the one that issues the cards.
const ACTIVATORS: &[Office] = &[Office::Township, Office::MedicalInsurance, Office::SocialInsurance];

/// The account that comes with a claim is recorded by a desk that opens accounts; a school is none (J-6.2.1.2-b).
///
/// # Errors
/// ROLE_NOT_ALLOWED.
pub(super) fn require_opener(caller: &Caller, account: Option<Account>) -> Result<(), Error> {
    account.map_or(Ok(()), |_| caller.require(OPENERS).map_err(|refusal| refusal.at("account").into()))
}

impl Claims {
    pub(super) async fn open(&self, request: pb::OpenAccountRequest) -> Result<pb::OpenAccountResponse, Error> {
        let command = Command::new("OpenAccount", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(OPENERS)?;
        let (resident_id, kind) = read::open_account(&request)?;
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        self.require_keeper(caller, resident_id).await?;
        let work = |mut session| async move {
            let on_record = claim_accounts::maybe_find(&mut session, resident_id).await?;
            let which = (on_record, account::open(kind, on_record)?);
            claim_accounts::replace(&mut session, resident_id, which, (caller, self.context.now())).await?;
            Ok((pb::OpenAccountResponse { account: Some(write::account(which.1)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    pub(super) async fn activate(
        &self,
        request: pb::ActivateAccountRequest,
    ) -> Result<pb::ActivateAccountResponse, Error> {
        let command = Command::new("ActivateAccount", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(ACTIVATORS)?;
        let resident_id = read::activate_account(&request)?;
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        self.require_keeper(caller, resident_id).await?;
        let work = |mut session| async move {
            let on_record = claim_accounts::maybe_find(&mut session, resident_id).await?;
            let which = (on_record, account::activate(on_record)?);
            claim_accounts::replace(&mut session, resident_id, which, (caller, self.context.now())).await?;
            Ok((pb::ActivateAccountResponse { account: Some(write::account(which.1)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// Refuses an office of a district in which neither a claim of the person lies nor the person is insured.
    ///
    /// # Errors
    /// ROLE_NOT_ALLOWED; where no claim tells a district, PERSON_NOT_FOUND, and the reasons of who is insured nowhere.
    async fn require_keeper(&self, caller: &Caller, resident_id: ResidentId) -> Result<(), Error> {
        let districts = claims::districts(&mut self.database.read().await?, resident_id).await?;
        if districts.into_iter().any(|district| caller.require_district(district).is_ok()) {
            return Ok(());
        }
        let today = self.context.clock().today();
        let insured = coverage::latest_district(&self.peers.benefit_period, resident_id, today).await?;
        Ok(caller.require_district(insured)?)
    }
}
