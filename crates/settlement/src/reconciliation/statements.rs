//! A statement from its totals to its last row, with which its comparison begins.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use juyi_db::Session;
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::provider_reconciliation::{PayerAmounts, ProviderReconciliationState, ProviderTotal};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::read::{Chunk, Statement};
use super::{Reconciliations, SUBMITTERS, caller, compare, find, offices, read, whole};
use crate::store::dues;
use crate::store::provider_reconciliations::{self, Progress, Reconciliation, Totals};

/// Rows of a statement about one settlement.
pub(crate) const REPETITIONS: i64 = 100;

/// Whoever stated for a provider first goes on to state for it until the bureau names another office: no register of settlement
/// knows which office a code belongs to, and another one would see and replace what is not its own. It has no use for the ids
/// of that office's statements either, which are told to be used only after this.
async fn require_new(session: &mut Session, caller: &Caller, statement: &Statement) -> Result<(), Error> {
    offices::require_stating(session, caller, &statement.provider_code).await?;
    if provider_reconciliations::is_used(session, &statement.provider_code, &statement.id).await? {
        let detail = "a statement with this id came before; a corrected one has an id of its own";
        return Err(Refusal::new(Reason::StatementReused, detail).at("statement_id").into());
    }
    Ok(())
}

/// A settlement stated twice is a difference to be worked off; one stated again and again is a file gone wrong, of which a
/// step of the comparison would read all rows at once. The rows are stored by now, so that those of the chunk count.
async fn require_few(session: &mut Session, chunk: &Chunk) -> Result<(), Error> {
    let repeated = provider_reconciliations::maybe_repeated(session, chunk.id, &chunk.rows, REPETITIONS).await?;
    let Some(place) = repeated else { return Ok(()) };
    let detail = format!("a statement has at most {REPETITIONS} rows of a settlement");
    let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("rows.settlement_id");
    Err(refusal.with("row", chunk.first_row + place).into())
}

impl Reconciliations {
    pub(super) async fn submit_totals(
        &self,
        request: pb::SubmitProviderTotalsRequest,
    ) -> Result<pb::SubmitProviderTotalsResponse, Error> {
        let caller = &caller(SUBMITTERS)?;
        let statement = &read::totals(&request, self.context.now())?;
        caller.require_district(statement.scope.district)?;
        let scope = format!("provider/{}", statement.provider_code);
        let command = Command::new("SubmitProviderTotals", &scope, &request.request_id, &request);
        // Added up before the transaction, and for nobody who is refused: the sums of a large period take their time.
        let sum = || async {
            let mut session = self.database.read().await?;
            require_new(&mut session, caller, statement).await?;
            let ours = dues::by_kind(&mut session, statement.scope, &statement.provider_code).await?;
            Ok(beside(&statement.totals, &ours))
        };
        let work = |mut session: Session, totals: Arc<BTreeMap<CareKind, Totals>>| async move {
            require_new(&mut session, caller, statement).await?;
            let new = self.reconciliation(caller, statement);
            provider_reconciliations::insert(&mut session, &new, &totals).await?;
            let reconciliation = Some(whole(&mut session, &new).await?);
            Ok((pb::SubmitProviderTotalsResponse { reconciliation }, session))
        };
        command.run_planned(&self.database, &self.context, sum, work).await.map(|(answer, _)| answer)
    }

    fn reconciliation(&self, caller: &Caller, statement: &Statement) -> Reconciliation {
        Reconciliation {
            id: self.context.id(),
            provider_code: statement.provider_code.clone(),
            scope: statement.scope,
            statement_id: statement.id.clone(),
            state: ProviderReconciliationState::Totals,
            row_count: 0,
            rows_received: 0,
            sums: BTreeMap::new(),
            progress: None,
            recorded_by: caller.clone(),
            created_at: self.context.now(),
        }
    }

    pub(super) async fn submit_rows(
        &self,
        request: pb::SubmitProviderRowsRequest,
    ) -> Result<pb::SubmitProviderRowsResponse, Error> {
        let caller = &caller(SUBMITTERS)?;
        let chunk = &read::rows(&request)?;
        let answer = self.take_rows(caller, chunk, &request).await?;
        if !chunk.is_last() {
            return Ok(answer);
        }
        compare::start(self, chunk.id).await?;
        let session = &mut self.database.read().await?;
        let found = find(session, caller, chunk.id).await?;
        Ok(pb::SubmitProviderRowsResponse { reconciliation: Some(whole(session, &found).await?) })
    }

    /// Stores a chunk; a complete statement is ready to be compared.
    ///
    /// # Errors
    /// Every refusal of the contract.
    async fn take_rows(
        &self,
        caller: &Caller,
        chunk: &Chunk,
        request: &pb::SubmitProviderRowsRequest,
    ) -> Result<pb::SubmitProviderRowsResponse, Error> {
        let scope = format!("reconciliation/{}", chunk.id);
        let command = Command::new("SubmitProviderRows", &scope, &request.request_id, request);
        let work = |mut session: Session| async move {
            let mut reconciliation = find(&mut session, caller, chunk.id).await?;
            if caller.office == Office::Provider {
                offices::require_stating(&mut session, caller, &reconciliation.provider_code).await?;
            }
            let before = reconciliation.rows_received;
            receive(&mut reconciliation, chunk)?;
            if reconciliation.state == ProviderReconciliationState::Comparing {
                let totals = provider_reconciliations::totals(&mut session, chunk.id).await?;
                require_totals(&reconciliation.sums, &totals)?;
            }
            provider_reconciliations::receive(&mut session, &reconciliation, before, &chunk.rows).await?;
            require_few(&mut session, chunk).await?;
            let reconciliation = Some(whole(&mut session, &reconciliation).await?);
            Ok((pb::SubmitProviderRowsResponse { reconciliation }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// What a process leaves that is killed before it compares.
    #[cfg(test)]
    pub(crate) async fn take_rows_alone(&self, request: pb::SubmitProviderRowsRequest) -> Result<(), Error> {
        self.take_rows(&caller(SUBMITTERS)?, &read::rows(&request)?, &request).await.map(drop)
    }
}

/// Both sides of every kind of care that either names.
fn beside(
    theirs: &BTreeMap<CareKind, ProviderTotal>,
    ours: &BTreeMap<CareKind, ProviderTotal>,
) -> BTreeMap<CareKind, Totals> {
    let mut totals: BTreeMap<CareKind, Totals> = BTreeMap::new();
    for (kind, theirs) in theirs {
        totals.entry(*kind).or_default().theirs = *theirs;
    }
    for (kind, ours) in ours {
        totals.entry(*kind).or_default().ours = *ours;
    }
    totals
}

/// The next chunk of a statement: its rows follow on those that came.
fn receive(reconciliation: &mut Reconciliation, chunk: &Chunk) -> Result<(), Refusal> {
    let next = reconciliation.rows_received + 1;
    let misplaced = |detail: &str, field: &'static str| {
        Err(Refusal::new(Reason::OrderViolation, detail).at(field).with("next_row", next))
    };
    if !matches!(reconciliation.state, ProviderReconciliationState::Totals | ProviderReconciliationState::Receiving) {
        return misplaced("all rows of the statement have come", "reconciliation_id");
    }
    if reconciliation.rows_received > 0 && reconciliation.row_count != chunk.row_count {
        return misplaced("row_count is the same in every chunk", "row_count");
    }
    if chunk.first_row != next {
        return misplaced("chunks follow on each other without gap or overlap", "first_row");
    }
    reconciliation.row_count = chunk.row_count;
    reconciliation.rows_received += i64::try_from(chunk.rows.len()).unwrap_or(i64::MAX);
    for row in &chunk.rows {
        let sum = reconciliation.sums.entry(row.care_kind).or_default();
        *sum = *sum + row.amounts;
    }
    let complete = reconciliation.rows_received == reconciliation.row_count;
    reconciliation.state =
        if complete { ProviderReconciliationState::Comparing } else { ProviderReconciliationState::Receiving };
    reconciliation.progress = complete.then_some(Progress::Collecting(None));
    Ok(())
}

/// The rows of each kind of care add up to its totals, for every payer.
fn require_totals(
    sums: &BTreeMap<CareKind, PayerAmounts>,
    totals: &BTreeMap<CareKind, Totals>,
) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let kinds: BTreeSet<_> = sums.keys().chain(totals.keys()).collect();
    for kind in kinds {
        let sum = sums.get(kind).copied().unwrap_or_default();
        if sum != totals.get(kind).copied().unwrap_or_default().theirs.amounts {
            let detail = format!("the rows of {kind} do not add up to its totals");
            refusals.push(Refusal::new(Reason::AmountInconsistent, detail).at("rows").with("care_kind", kind));
        }
    }
    refusals.into_result()
}
