//! Reconciliation with providers, and what they are due: statements come in, are compared, and what differs is worked off.
//!
//! [`statements`] takes totals and rows of the office that [`offices`] says, and [`compare`] sets them against the ledger. Only closed periods are told and
//! compared (`crate::posting`), so that what was told of one stays true.

pub(crate) mod compare;
mod offices;
mod read;
pub(crate) mod statements;
mod write;

use juyi_db::{Database, Session};
use juyi_domain::codes::Office;
use juyi_domain::id::ReconciliationId;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::provider_reconciliation::{ProviderReconciliationState, ProviderTotal};
use juyi_kit::caller::{Caller, NAME};
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::provider_reconciliation_service_server::ProviderReconciliationService;
use tonic::{Request, Response, Status};

use crate::store::dues::{self, Due};
use crate::store::provider_exceptions::{self, Exception};
use crate::store::provider_offices;
use crate::store::provider_reconciliations::{self, Reconciliation, Wanted};

/// Offices that state what they settled.
const SUBMITTERS: &[Office] = &[Office::Provider, Office::System];
/// Offices that read outcomes; a provider those of its own statements, and of all once the bureau named it.
const READERS: &[Office] = &[Office::Provider, Office::MedicalInsurance, Office::SocialInsurance, Office::System];
/// Offices that owe: they work exceptions off and read what is due.
const PAYERS: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// The service of reconciliations.
#[derive(Clone)]
pub(crate) struct Reconciliations {
    database: Database,
    context: Context,
}

impl Reconciliations {
    pub(crate) const fn new(database: Database, context: Context) -> Self {
        Self { database, context }
    }

    async fn get(
        &self,
        request: &pb::GetProviderReconciliationRequest,
    ) -> Result<pb::GetProviderReconciliationResponse, Error> {
        let caller = caller(READERS)?;
        let id = read::get(request)?;
        let session = &mut self.database.read().await?;
        let found = find(session, &caller, id).await?;
        Ok(pb::GetProviderReconciliationResponse { reconciliation: Some(whole(session, &found).await?) })
    }

    async fn list(
        &self,
        request: &pb::ListProviderReconciliationsRequest,
    ) -> Result<pb::ListProviderReconciliationsResponse, Error> {
        let caller = caller(READERS)?;
        let read = read::list(request)?;
        caller.require_district(read.district)?;
        let wanted = Wanted { of: (caller.office == Office::Provider).then_some(caller), ..read };
        let session = &mut self.database.read().await?;
        let page = provider_reconciliations::page(session, &wanted).await?;
        let next_page_token = next_page(&page, wanted.size, |last| last.id.to_string());
        let counts = provider_exceptions::counts(session, &page.iter().map(|it| it.id).collect::<Vec<_>>()).await?;
        let written = page.iter().zip(counts).map(|(it, count)| write::reconciliation(it, &Default::default(), count));
        let reconciliations = written.collect();
        Ok(pb::ListProviderReconciliationsResponse { reconciliations, next_page_token })
    }

    async fn list_exceptions(
        &self,
        request: &pb::ListProviderExceptionsRequest,
    ) -> Result<pb::ListProviderExceptionsResponse, Error> {
        let caller = caller(READERS)?;
        let (id, after, size) = read::list_exceptions(request)?;
        let session = &mut self.database.read().await?;
        find(session, &caller, id).await?;
        let page = provider_exceptions::page(session, id, request.open_only, (after, size)).await?;
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        Ok(pb::ListProviderExceptionsResponse {
            exceptions: page.iter().map(write::exception).collect(),
            next_page_token,
        })
    }

    async fn resolve(
        &self,
        request: pb::ResolveProviderExceptionRequest,
    ) -> Result<pb::ResolveProviderExceptionResponse, Error> {
        let caller = &caller(PAYERS)?;
        let (id, reason) = &read::resolve(&request)?;
        let scope = format!("exception/{id}");
        let command = Command::new("ResolveProviderException", &scope, &request.request_id, &request);
        let work = |mut session: Session| async move {
            let exception = provider_exceptions::maybe_find(&mut session, *id).await?;
            let mut exception = exception.ok_or_else(|| {
                Refusal::new(Reason::ExceptionNotFound, "no exception has this id").at("exception_id")
            })?;
            let of = find(&mut session, caller, exception.reconciliation_id).await?;
            require_open(&exception, &of)?;
            exception.reason.clone_from(reason);
            exception.updated_at = self.context.now();
            provider_exceptions::resolve(&mut session, &exception, caller).await?;
            exception.resolved_by = Some(caller.clone());
            Ok((pb::ResolveProviderExceptionResponse { exception: Some(write::exception(&exception)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    async fn due(&self, request: &pb::GetProviderDueRequest) -> Result<pb::GetProviderDueResponse, Error> {
        let caller = caller(PAYERS)?;
        let (provider_code, scope) = read::due(request, self.context.now())?;
        caller.require_district(scope.district)?;
        let kinds = dues::by_kind(&mut self.database.read().await?, scope, &provider_code).await?;
        let total = ProviderTotal {
            settlements: kinds.values().map(|total| total.settlements).sum(),
            amounts: kinds.values().map(|total| total.amounts).sum(),
        };
        Ok(pb::GetProviderDueResponse { due: Some(write::due(&Due { provider_code, total }, &kinds)) })
    }

    async fn list_dues(&self, request: &pb::ListProviderDuesRequest) -> Result<pb::ListProviderDuesResponse, Error> {
        let caller = caller(PAYERS)?;
        let (scope, after, size) = read::dues(request, self.context.now())?;
        caller.require_district(scope.district)?;
        let page = dues::by_provider(&mut self.database.read().await?, scope, &after, size).await?;
        let next_page_token = next_page(&page, size, |last| last.provider_code.clone());
        Ok(pb::ListProviderDuesResponse {
            dues: page.iter().map(|due| write::due(due, &Default::default())).collect(),
            next_page_token,
        })
    }
}

/// The calling office, if it is one of those named. Providers are many, so that a provider names itself.
fn caller(offices: &[Office]) -> Result<Caller, Error> {
    let caller = Caller::current()?;
    caller.require(offices)?;
    if caller.office == Office::Provider && caller.name.is_empty() {
        let detail = format!("an office of kind {} names itself in {NAME}", caller.office);
        return Err(Refusal::new(Reason::RoleNotAllowed, detail).at(NAME).into());
    }
    Ok(caller)
}

/// A reconciliation that the office may see.
async fn find(session: &mut Session, caller: &Caller, id: ReconciliationId) -> Result<Reconciliation, Error> {
    let found = provider_reconciliations::maybe_find(session, id).await?.ok_or_else(|| {
        Refusal::new(Reason::ReconciliationNotFound, "no totals of such a statement came").at("reconciliation_id")
    })?;
    caller.require_district(found.scope.district)?;
    if caller.office == Office::Provider && found.recorded_by != *caller {
        let stating = provider_offices::maybe_stating(session, &found.provider_code).await?;
        if stating.is_none_or(|stating| stating != *caller) {
            let detail = "another office made this statement";
            return Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", caller.office).into());
        }
    }
    Ok(found)
}

/// The reconciliation with its totals, as it is answered.
async fn whole(session: &mut Session, found: &Reconciliation) -> Result<pb::ProviderReconciliation, Error> {
    let totals = provider_reconciliations::totals(session, found.id).await?;
    let count = provider_exceptions::count(session, found.id).await?;
    Ok(write::reconciliation(found, &totals, count))
}

fn require_open(exception: &Exception, of: &Reconciliation) -> Result<(), Refusal> {
    let detail = if !exception.reason.is_empty() {
        "the exception was worked off before"
    } else if of.state == ProviderReconciliationState::Superseded {
        "a later statement of the same period was compared; its exceptions are the ones to work off"
    } else {
        return Ok(());
    };
    Err(Refusal::new(Reason::OrderViolation, detail).at("exception_id").with("state", of.state))
}

#[tonic::async_trait]
impl ProviderReconciliationService for Reconciliations {
    async fn submit_provider_totals(
        &self,
        request: Request<pb::SubmitProviderTotalsRequest>,
    ) -> Result<Response<pb::SubmitProviderTotalsResponse>, Status> {
        answer(self.submit_totals(request.into_inner())).await
    }

    async fn submit_provider_rows(
        &self,
        request: Request<pb::SubmitProviderRowsRequest>,
    ) -> Result<Response<pb::SubmitProviderRowsResponse>, Status> {
        answer(self.submit_rows(request.into_inner())).await
    }

    async fn name_provider_office(
        &self,
        request: Request<pb::NameProviderOfficeRequest>,
    ) -> Result<Response<pb::NameProviderOfficeResponse>, Status> {
        answer(self.name_office(request.into_inner())).await
    }

    async fn get_provider_reconciliation(
        &self,
        request: Request<pb::GetProviderReconciliationRequest>,
    ) -> Result<Response<pb::GetProviderReconciliationResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_provider_reconciliations(
        &self,
        request: Request<pb::ListProviderReconciliationsRequest>,
    ) -> Result<Response<pb::ListProviderReconciliationsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn list_provider_exceptions(
        &self,
        request: Request<pb::ListProviderExceptionsRequest>,
    ) -> Result<Response<pb::ListProviderExceptionsResponse>, Status> {
        answer(self.list_exceptions(request.get_ref())).await
    }

    async fn resolve_provider_exception(
        &self,
        request: Request<pb::ResolveProviderExceptionRequest>,
    ) -> Result<Response<pb::ResolveProviderExceptionResponse>, Status> {
        answer(self.resolve(request.into_inner())).await
    }

    async fn get_provider_due(
        &self,
        request: Request<pb::GetProviderDueRequest>,
    ) -> Result<Response<pb::GetProviderDueResponse>, Status> {
        answer(self.due(request.get_ref())).await
    }

    async fn list_provider_dues(
        &self,
        request: Request<pb::ListProviderDuesRequest>,
    ) -> Result<Response<pb::ListProviderDuesResponse>, Status> {
        answer(self.list_dues(request.get_ref())).await
    }
}
