//! The rows of a statement, from the header of a stream to the outcome.
//!
//! What has come is stored chunk by chunk and stays when the stream breaks off, so that the next one goes on after it. Rows
//! that come again have to be the same.

use std::collections::BTreeMap;

use juyi_domain::contribution::reconciliation::{ReconciliationState, Total};
use juyi_domain::id::ReconciliationId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_kit::stream;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::submit_tax_details_request::Piece;
use tonic::Streaming;

use super::read::Header;
use super::{RULE, Reconciliations, SUBMITTERS, not_found, pass, read, write};
use crate::store::reconciliations::{self, Reconciliation};
use crate::store::tax_rows::{self, TaxRow};

/// How often a step is tried when another stream of the statement comes first.
const ATTEMPTS: usize = 8;

pub(super) async fn submit(
    of: &Reconciliations,
    mut pieces: Streaming<pb::SubmitTaxDetailsRequest>,
) -> Result<pb::SubmitTaxDetailsResponse, Error> {
    let caller = Caller::current()?;
    let header = match next(&mut pieces).await? {
        Some(Some(Piece::Header(header))) => read::header(&header)?,
        _ => return Err(Refusal::new(Reason::RequiredFieldMissing, "the header comes first").at("header").into()),
    };
    caller.require(SUBMITTERS).map_err(|refusal| refusal.by(RULE))?;
    caller.require_district(header.district)?;
    let mut reconciliation = again(|| open(of, &header)).await?;
    while let Some(piece) = next(&mut pieces).await? {
        let Some(Piece::Chunk(chunk)) = piece else {
            return Err(Refusal::new(Reason::ValueNotAllowed, "after the header come chunks").at("chunk").into());
        };
        let rows = read::chunk(&chunk, reconciliation.day, reconciliation.row_count)?;
        require_units(&header, &rows, chunk.first_row)?;
        let id = reconciliation.id;
        reconciliation.rows_received = again(|| receive(of, id, chunk.first_row, &rows)).await?;
    }
    if reconciliation.rows_received == reconciliation.row_count && !overtaken(of, &reconciliation).await? {
        require_totals(of, &reconciliation).await?;
        // What is complete is compared to the end, also when nobody waits for the answer any more.
        let of = of.clone();
        let compared = tokio::spawn(async move { pass::run(&of, reconciliation).await });
        reconciliation = compared.await.unwrap_or(Err(Error::Fault("a statement could not be compared")))?;
    }
    let mut session = of.database.read().await?;
    let units = reconciliations::units(&mut session, reconciliation.id).await?;
    Ok(pb::SubmitTaxDetailsResponse { reconciliation: Some(write::reconciliation(&reconciliation, &units)) })
}

/// Tries again what another stream of the same statement overtook.
async fn again<T, F: Future<Output = Result<T, Error>>>(step: impl Fn() -> F) -> Result<T, Error> {
    for _ in 0..ATTEMPTS {
        match step().await {
            Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
            outcome => return outcome,
        }
    }
    Err(Refusal::new(Reason::RevisionConflict, "other streams of this statement keep coming first").into())
}

/// The reconciliation that the rows belong to. The first header says which units they speak of and how many they are.
async fn open(of: &Reconciliations, header: &Header) -> Result<Reconciliation, Error> {
    let mut session = of.database.begin().await?;
    let stored = reconciliations::maybe_find_of_statement(&mut session, header.district, &header.statement_id).await?;
    let mut reconciliation = stored.ok_or_else(|| not_found("header.statement_id"))?;
    let whole = header.unit_ids.is_empty();
    if reconciliation.state != ReconciliationState::Totals {
        let units = reconciliations::units(&mut session, reconciliation.id).await?;
        let mut before: Vec<_> = units.iter().filter(|unit| unit.detailed).map(|unit| unit.unit_id.as_str()).collect();
        before.sort_unstable();
        let same_units = if whole { reconciliation.whole } else { !reconciliation.whole && before == header.unit_ids };
        if !same_units || reconciliation.row_count != header.row_count {
            return Err(reused("the rows of this statement began with another header").at("header").into());
        }
        return Ok(reconciliation);
    }
    reconciliation.state = ReconciliationState::Receiving;
    reconciliation.whole = whole;
    reconciliation.row_count = header.row_count;
    reconciliations::update(&mut session, &reconciliation).await?;
    reconciliations::mark_detailed(&mut session, reconciliation.id, &header.unit_ids).await?;
    session.commit().await?;
    Ok(reconciliation)
}

/// Stores what is new of a chunk and answers how many rows there are.
async fn receive(of: &Reconciliations, id: ReconciliationId, first: i64, rows: &[TaxRow]) -> Result<i64, Error> {
    let mut session = of.database.begin().await?;
    let stored = reconciliations::maybe_find(&mut session, id).await?.ok_or_else(|| not_found("reconciliation_id"))?;
    let received = stored.rows_received;
    if first > received + 1 {
        let detail = format!("row {} comes next", received + 1);
        let refusal = Refusal::new(Reason::OrderViolation, detail).at("chunk.first_row").with("next_row", received + 1);
        return Err(refusal.into());
    }
    let known = usize::try_from(received + 1 - first).unwrap_or_default().min(rows.len());
    let (again, new) = rows.split_at(known);
    let before = tax_rows::range(&mut session, id, (first, received)).await?;
    if before.iter().zip(again).any(|(before, again)| before != again) {
        return Err(reused("rows of this statement came before with other content").at("chunk.rows").into());
    }
    if new.is_empty() {
        return Ok(received);
    }
    let last = received + i64::try_from(new.len()).unwrap_or(i64::MAX);
    reconciliations::receive(&mut session, id, received, last).await?;
    tax_rows::insert(&mut session, id, received + 1, new).await?;
    session.commit().await?;
    Ok(last)
}

fn reused(detail: &str) -> Refusal {
    Refusal::new(Reason::StatementReused, format!("{detail}; a corrected statement has an id of its own"))
}

/// Rows speak of the units of the header alone.
fn require_units(header: &Header, rows: &[TaxRow], first: i64) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    if !header.unit_ids.is_empty() {
        let other = |row: &TaxRow| header.unit_ids.binary_search(&row.key.unit_id).is_err();
        for (_, number) in rows.iter().zip(first..).filter(|(row, _)| other(row)) {
            let detail = "the unit of the row is not one of the header";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("chunk.rows.unit_id").with("row", number));
        }
    }
    refusals.into_result()
}

/// True when a later statement of the day was compared before: then this one has nothing more to say. One that was itself
/// compared is answered as it is.
async fn overtaken(of: &Reconciliations, reconciliation: &Reconciliation) -> Result<bool, Error> {
    let count = reconciliations::find_day(&mut of.database.read().await?, reconciliation.day).await?;
    if count.compared <= reconciliation.number {
        return Ok(false);
    }
    if reconciliation.state == ReconciliationState::Compared {
        return Ok(true);
    }
    let detail = "the rows of a later statement of this day were compared";
    Err(Refusal::new(Reason::OrderViolation, detail).at("header.statement_id").into())
}

/// Rows add up to the totals of their unit, or the statement contradicts itself.
async fn require_totals(of: &Reconciliations, reconciliation: &Reconciliation) -> Result<(), Error> {
    let mut session = of.database.read().await?;
    let rows: BTreeMap<String, Total> = tax_rows::totals(&mut session, reconciliation.id).await?.into_iter().collect();
    let units = reconciliations::units(&mut session, reconciliation.id).await?;
    let known: BTreeMap<&str, Total> =
        units.iter().filter(|unit| unit.detailed).map(|unit| (unit.unit_id.as_str(), unit.tax)).collect();
    let mut refusals = Refusals::default();
    let strangers = rows.keys().map(String::as_str).filter(|unit_id| !known.contains_key(unit_id));
    for unit_id in known.keys().copied().chain(strangers) {
        let (total, sum) =
            (known.get(unit_id).copied().unwrap_or_default(), rows.get(unit_id).copied().unwrap_or_default());
        if total != sum {
            let detail = format!(
                "{} rows of a unit add up to {}, its totals say {} and {}",
                sum.count, sum.sum, total.count, total.sum
            );
            refusals.push(
                Refusal::new(Reason::AmountInconsistent, detail)
                    .at("chunk.rows")
                    .with("unit_id", unit_id)
                    .with("total_fen", total.sum.get())
                    .with("rows_fen", sum.sum.get()),
            );
        }
    }
    Ok(refusals.into_result()?)
}

async fn next(pieces: &mut Streaming<pb::SubmitTaxDetailsRequest>) -> Result<Option<Option<Piece>>, Error> {
    let message = stream::next(pieces, "go on after the rows received").await?;
    Ok(message.map(|request| request.piece))
}
