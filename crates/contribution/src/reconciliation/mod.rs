//! Reconciliation with the tax side (J-A1.3-k): statements come in, are compared, and what differs is worked off.
//!
//! [`details`] takes the rows of a statement, [`pass`] compares them with what is booked here. A comparison is read outside
//! transactions and written in short ones; run twice it comes to the same.

mod details;
mod pass;
mod read;
#[cfg(test)]
pub(crate) mod tests;
mod write;

use juyi_db::{Database, Session};
use juyi_domain::codes::Office;
use juyi_domain::contribution::reconciliation::{ExceptionState, ReconciliationState, Total};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::next_page;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::tax_reconciliation_service_server::TaxReconciliationService;
use tonic::{Request, Response, Status, Streaming};

use crate::store::booked;
use crate::store::exceptions::{self, Exception};
use crate::store::reconciliations::{self, Outcome, Reconciliation, Unit};

/// Offices that state what was booked at the tax side.
const SUBMITTERS: &[Office] = &[Office::Tax, Office::System];
/// Offices that read outcomes and work exceptions off.
const READERS: &[Office] = &[Office::Tax, Office::SocialInsurance, Office::MedicalInsurance, Office::System];
/// The rule by which payment data are the tax side's.
const RULE: &str = "J-A1.3-k";

/// The service of reconciliations.
#[derive(Clone)]
pub(crate) struct Reconciliations {
    pub(crate) database: Database,
    pub(crate) context: Context,
}

impl Reconciliations {
    /// Takes totals. Sent again they are compared with what is booked by then, unless rows were compared since.
    async fn submit_totals(&self, request: pb::SubmitTaxTotalsRequest) -> Result<pb::SubmitTaxTotalsResponse, Error> {
        let caller = &Caller::current()?;
        let statement = &read::totals(&request, self.context.clock().today())?;
        caller.require(SUBMITTERS).map_err(|refusal| refusal.by(RULE))?;
        caller.require_district(statement.day.district)?;
        let scope = format!("reconciliation/{}/{}", statement.day.district, statement.id);
        let command = Command::new("SubmitTaxTotals", &scope, &request.request_id, &request);
        // Read before the transaction: the sums of a large day take their time.
        let own = &booked::totals(&mut self.database.read().await?, statement.day).await?;
        let work = |mut session: Session| async move {
            let (reconciliation, units) = self.put_totals(&mut session, caller, statement, own).await?;
            let reconciliation = Some(write::reconciliation(&reconciliation, &units));
            Ok((pb::SubmitTaxTotalsResponse { reconciliation }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    async fn put_totals(
        &self,
        session: &mut Session,
        caller: &Caller,
        statement: &read::Statement,
        own: &[(String, Total)],
    ) -> Result<(Reconciliation, Vec<Unit>), Error> {
        let day = statement.day;
        let stored = reconciliations::maybe_find_of_statement(session, day.district, &statement.id).await?;
        let mut reconciliation = match stored {
            Some(stored) => {
                let units = reconciliations::units(session, stored.id).await?;
                require_same(&stored, &units, statement)?;
                if stored.state == ReconciliationState::Compared {
                    return Ok((stored, units));
                }
                stored
            }
            None => self.insert(session, caller, statement).await?,
        };
        reconciliations::put_own(session, &reconciliation, own).await?;
        let units = reconciliations::units(session, reconciliation.id).await?;
        reconciliation.outcome = Outcome::of(&units);
        reconciliations::update(session, &reconciliation).await?;
        Ok((reconciliation, units))
    }

    async fn insert(
        &self,
        session: &mut Session,
        caller: &Caller,
        statement: &read::Statement,
    ) -> Result<Reconciliation, Error> {
        let new = Reconciliation {
            id: self.context.id(),
            day: statement.day,
            statement_id: statement.id.clone(),
            number: reconciliations::count_statement(session, statement.day).await?.statements,
            state: ReconciliationState::Totals,
            whole: false,
            row_count: 0,
            rows_received: 0,
            outcome: Outcome::default(),
            recorded_by: caller.clone(),
            created_at: self.context.now(),
        };
        let unit = |(unit_id, tax): (&String, &Total)| Unit {
            unit_id: unit_id.clone(),
            tax: *tax,
            own: Total::default(),
            detailed: false,
        };
        let units: Vec<Unit> = statement.totals.iter().map(unit).collect();
        reconciliations::insert(session, &new, &units).await?;
        Ok(new)
    }

    async fn get(&self, request: &pb::GetReconciliationRequest) -> Result<pb::GetReconciliationResponse, Error> {
        let caller = Caller::current()?;
        let id = read::get(request)?;
        caller.require(READERS).map_err(|refusal| refusal.by(RULE))?;
        let session = &mut self.database.read().await?;
        let found = reconciliations::maybe_find(session, id).await?.ok_or_else(|| not_found("reconciliation_id"))?;
        caller.require_district(found.day.district)?;
        let units = reconciliations::units(session, id).await?;
        Ok(pb::GetReconciliationResponse { reconciliation: Some(write::reconciliation(&found, &units)) })
    }

    async fn list(&self, request: &pb::ListReconciliationsRequest) -> Result<pb::ListReconciliationsResponse, Error> {
        let caller = Caller::current()?;
        let wanted = read::list(request)?;
        caller.require(READERS).map_err(|refusal| refusal.by(RULE))?;
        caller.require_district(wanted.district)?;
        let page = reconciliations::page(&mut self.database.read().await?, &wanted).await?;
        let next_page_token = next_page(&page, wanted.size, |last| last.id.to_string());
        Ok(pb::ListReconciliationsResponse {
            reconciliations: page.iter().map(|found| write::reconciliation(found, &[])).collect(),
            next_page_token,
        })
    }

    async fn list_exceptions(
        &self,
        request: &pb::ListReconciliationExceptionsRequest,
    ) -> Result<pb::ListReconciliationExceptionsResponse, Error> {
        let caller = Caller::current()?;
        let wanted = read::list_exceptions(request)?;
        caller.require(READERS).map_err(|refusal| refusal.by(RULE))?;
        caller.require_district(wanted.district)?;
        let page = exceptions::page(&mut self.database.read().await?, &wanted).await?;
        let next_page_token = next_page(&page, wanted.size, |last| last.id.to_string());
        Ok(pb::ListReconciliationExceptionsResponse {
            exceptions: page.iter().map(write::exception).collect(),
            next_page_token,
        })
    }

    async fn resolve(&self, request: pb::ResolveExceptionRequest) -> Result<pb::ResolveExceptionResponse, Error> {
        let caller = &Caller::current()?;
        let read = &read::resolve(&request)?;
        caller.require(READERS).map_err(|refusal| refusal.by(RULE))?;
        let scope = format!("exception/{}", read.id);
        let command = Command::new("ResolveException", &scope, &request.request_id, &request);
        let work = |mut session: Session| async move {
            let mut exception = open(&mut session, caller, read).await?;
            exception.resolution.clone_from(&read.resolution);
            exception.updated_at = self.context.now();
            exceptions::resolve(&mut session, &exception, caller).await?;
            exception.state = ExceptionState::Resolved;
            exception.resolved_by = Some(caller.clone());
            exception.revision += 1;
            Ok((pb::ResolveExceptionResponse { exception: Some(write::exception(&exception)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }
}

fn not_found(field: &'static str) -> Refusal {
    Refusal::new(Reason::ReconciliationNotFound, "no totals of such a statement came").at(field)
}

/// A statement keeps its day and its totals; what has to be corrected has an id of its own.
fn require_same(stored: &Reconciliation, units: &[Unit], statement: &read::Statement) -> Result<(), Refusal> {
    let said = |unit: &Unit| statement.totals.get(&unit.unit_id).copied().unwrap_or_default();
    let known = |unit_id: &String| units.iter().any(|unit| unit.unit_id == *unit_id);
    let same = units.iter().all(|unit| unit.tax == said(unit))
        && statement.totals.iter().all(|(unit_id, total)| *total == Total::default() || known(unit_id));
    if same && stored.day == statement.day {
        return Ok(());
    }
    let detail = "this statement came before with another day or other totals; a corrected one has an id of its own";
    Err(Refusal::new(Reason::StatementReused, detail).at("statement_id"))
}

/// An open exception of the caller's district, in the version that was read.
async fn open(session: &mut Session, caller: &Caller, read: &read::Resolve) -> Result<Exception, Error> {
    let exception = exceptions::maybe_find(session, read.id).await?;
    let exception = exception
        .ok_or_else(|| Refusal::new(Reason::ExceptionNotFound, "no exception has this id").at("exception_id"))?;
    caller.require_district(exception.day.district)?;
    let mut refusals = Refusals::default();
    if exception.state != ExceptionState::Open {
        let detail = format!("the exception is {}; it opens again when its amounts change", exception.state);
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("exception_id").with("state", exception.state));
    }
    if exception.revision != read.revision {
        let detail = "the exception changed after it was read";
        refusals.push(Refusal::new(Reason::RevisionConflict, detail).at("etag").with("etag", exception.revision));
    }
    refusals.into_result()?;
    Ok(exception)
}

#[tonic::async_trait]
impl TaxReconciliationService for Reconciliations {
    async fn submit_tax_totals(
        &self,
        request: Request<pb::SubmitTaxTotalsRequest>,
    ) -> Result<Response<pb::SubmitTaxTotalsResponse>, Status> {
        answer(self.submit_totals(request.into_inner())).await
    }

    async fn submit_tax_details(
        &self,
        request: Request<Streaming<pb::SubmitTaxDetailsRequest>>,
    ) -> Result<Response<pb::SubmitTaxDetailsResponse>, Status> {
        answer(details::submit(self, request.into_inner())).await
    }

    async fn get_reconciliation(
        &self,
        request: Request<pb::GetReconciliationRequest>,
    ) -> Result<Response<pb::GetReconciliationResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_reconciliations(
        &self,
        request: Request<pb::ListReconciliationsRequest>,
    ) -> Result<Response<pb::ListReconciliationsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn list_reconciliation_exceptions(
        &self,
        request: Request<pb::ListReconciliationExceptionsRequest>,
    ) -> Result<Response<pb::ListReconciliationExceptionsResponse>, Status> {
        answer(self.list_exceptions(request.get_ref())).await
    }

    async fn resolve_exception(
        &self,
        request: Request<pb::ResolveExceptionRequest>,
    ) -> Result<Response<pb::ResolveExceptionResponse>, Status> {
        answer(self.resolve(request.into_inner())).await
    }
}
