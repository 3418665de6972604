//! The office that states for a provider: whoever stated first, until the bureau names another one.

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{Reconciliations, read, write};
use crate::store::provider_offices::{self, Named};

/// The office that answers for the register of providers.
const BUREAU: &[Office] = &[Office::MedicalInsurance, Office::System];

/// A provider states for the insured of every district, so that no branch says who speaks for it.
fn require_bureau() -> Result<Caller, Error> {
    let caller = Caller::current()?;
    caller.require(BUREAU)?;
    let Some(own) = caller.district else { return Ok(caller) };
    let detail = format!("the bureau of the city names the office of a provider; an office of district {own} does not");
    Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office_district", own).into())
}

/// Refuses an office that does not state for a provider. Nobody is asked where none did so far.
///
/// # Errors
/// ROLE_NOT_ALLOWED.
pub(super) async fn require_stating(session: &mut Session, caller: &Caller, provider_code: &str) -> Result<(), Error> {
    let stating = provider_offices::maybe_stating(session, provider_code).await?;
    if stating.is_none_or(|stating| stating == *caller) {
        return Ok(());
    }
    let detail = "another office sends the statements of this provider; the bureau names it";
    Err(Refusal::new(Reason::RoleNotAllowed, detail).at("provider_code").into())
}

impl Reconciliations {
    pub(super) async fn name_office(
        &self,
        request: pb::NameProviderOfficeRequest,
    ) -> Result<pb::NameProviderOfficeResponse, Error> {
        let caller = require_bureau()?;
        let read = read::named(&request)?;
        let scope = format!("provider/{}", read.provider_code);
        let command = Command::new("NameProviderOffice", &scope, &request.request_id, &request);
        let named = &Named {
            provider_code: read.provider_code,
            stating: read.stating,
            reason: read.reason,
            recorded_by: caller,
            created_at: self.context.now(),
        };
        let work = |mut session: Session| async move {
            provider_offices::insert(&mut session, named).await?;
            Ok((pb::NameProviderOfficeResponse { office: Some(write::office(named)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }
}
