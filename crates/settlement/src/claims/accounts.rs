//! The account to which claims are paid (J-6.2.1.2-a, J-6.2.1.2-b).

use juyi_domain::codes::Office;
use juyi_domain::settlement::claims::account;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{Claims, named_caller, read, write};
use crate::coverage;
use crate::store::claim_accounts;

/// Desks that open accounts: the township service and the branch.
const OPENERS: &[Office] = &[Office::Township, Office::MedicalInsurance];
/// Offices that learn of an activation: the same, and the one that issues the cards.
const ACTIVATORS: &[Office] = &[Office::Township, Office::MedicalInsurance, Office::SocialInsurance];

impl Claims {
    pub(super) async fn open(&self, request: pb::OpenAccountRequest) -> Result<pb::OpenAccountResponse, Error> {
        let command = Command::new("OpenAccount", &request.resident_id, &request.request_id, &request);
        let caller = &named_caller(OPENERS)?;
        let (resident_id, kind) = read::open_account(&request)?;
        coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        let work = |mut session| async move {
            let opened = account::open(kind, claim_accounts::maybe_find(&mut session, resident_id).await?)?;
            claim_accounts::put(&mut session, resident_id, opened, (caller, self.context.now())).await?;
            Ok((pb::OpenAccountResponse { account: Some(write::account(opened)) }, session))
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
        let work = |mut session| async move {
            let active = account::activate(claim_accounts::maybe_find(&mut session, resident_id).await?)?;
            claim_accounts::put(&mut session, resident_id, active, (caller, self.context.now())).await?;
            Ok((pb::ActivateAccountResponse { account: Some(write::account(active)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }
}
