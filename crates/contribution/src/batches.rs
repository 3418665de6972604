//! Many payments in a stream: each message one transaction, each row its own outcome, a repetition without effect.
//!
//! One message is in memory at a time, and its answer is taken by the caller before the next one is read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use juyi_db::Database;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::Outbox;
use juyi_kit::stream;
use juyi_proto::contribution::v1 as pb;
use tokio::sync::mpsc::Sender;
use tonic::{Status, Streaming};

use crate::confirm::{self, Booked};
use crate::registry::{BATCH, Enrolled, Registry};
use crate::store::payments::{self, Told};
use crate::{read, write};

/// How often a message is worked on when other transactions keep winning.
const ATTEMPTS: usize = 8;

/// What the work on a stream needs.
pub(crate) struct Batches {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) registry: Registry,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) caller: Caller,
}

type Answer = Result<pb::ConfirmPaymentsResponse, Status>;
type Key = (ResidentId, EnrolmentId);

/// What became of a row.
enum Outcome {
    Confirmed(Fen),
    Repeated,
    Refused,
}

impl Batches {
    /// Answers every message, until the stream ends, breaks off, or nobody takes the answers any more.
    pub(crate) async fn run(self, mut messages: Streaming<pb::ConfirmPaymentsRequest>, answers: Sender<Answer>) {
        let mut counts = pb::PaymentCounts::default();
        let mut batch_id = String::new();
        loop {
            let answer = match stream::next(&mut messages, "send the stream again").await {
                Ok(None) => break,
                Ok(Some(request)) => {
                    if batch_id != request.batch_id {
                        self.flush(&batch_id).await;
                        batch_id.clone_from(&request.batch_id);
                    }
                    self.answer(request, &mut counts).await
                }
                Err(error) => Err(error),
            };
            let failed = answer.is_err();
            if !stream::send(&self.context, &answers, answer.map_err(Status::from)).await || failed {
                break;
            }
        }
        self.flush(&batch_id).await;
    }

    /// Whoever has read the stream to its end usually finds the coverage; the background goes on delivering otherwise.
    async fn flush(&self, batch_id: &str) {
        if !batch_id.is_empty() {
            self.outbox.flush(batch_id).await;
        }
    }

    async fn answer(
        &self,
        request: pb::ConfirmPaymentsRequest,
        counts: &mut pb::PaymentCounts,
    ) -> Result<pb::ConfirmPaymentsResponse, Error> {
        read::batch(&request, BATCH)?;
        let today = self.context.clock().today();
        let rows: Vec<_> = request.rows.iter().map(|row| read::row(row, today)).collect();
        // Asked before the transaction, which must not wait for a peer.
        let people = self.people(&rows).await?;
        let mut outcomes = self.work(&request.batch_id, &rows, &people).await?;
        for (outcome, told) in &mut outcomes {
            counts.rows += 1;
            told.row = counts.rows;
            match outcome {
                Outcome::Confirmed(amount) => {
                    counts.confirmed += 1;
                    counts.confirmed_fen += amount.get();
                }
                Outcome::Repeated => counts.repeated += 1,
                Outcome::Refused => counts.refused += 1,
            }
        }
        let outcomes = outcomes.into_iter().map(|(_, told)| told).collect();
        Ok(pb::ConfirmPaymentsResponse { batch_id: request.batch_id, outcomes, counts: Some(*counts) })
    }

    /// The people behind the rows that can be read, each once.
    async fn people(&self, rows: &[Result<read::Confirm, Refusals>]) -> Result<BTreeMap<Key, Enrolled>, Error> {
        let read = rows.iter().flatten().map(|row| (row.resident_id, row.enrolment_id));
        let keys: Vec<Key> = read.collect::<BTreeSet<_>>().into_iter().collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let found = self.registry.batch(&keys).await?.into_iter();
        Ok(found.map(|enrolled| ((enrolled.resident_id, enrolled.enrolment_id), enrolled)).collect())
    }

    /// One transaction for all rows; when another one wins, it runs again and sees what the winner stored.
    async fn work(
        &self,
        batch_id: &str,
        rows: &[Result<read::Confirm, Refusals>],
        people: &BTreeMap<Key, Enrolled>,
    ) -> Result<Vec<(Outcome, pb::PaymentRowOutcome)>, Error> {
        for _ in 0..ATTEMPTS {
            match self.attempt(batch_id, rows, people).await {
                Err(Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended)) => {}
                outcomes => return outcomes,
            }
        }
        Err(Refusal::new(Reason::RevisionConflict, "other writers keep confirming these payments; try again").into())
    }

    async fn attempt(
        &self,
        batch_id: &str,
        rows: &[Result<read::Confirm, Refusals>],
        people: &BTreeMap<Key, Enrolled>,
    ) -> Result<Vec<(Outcome, pb::PaymentRowOutcome)>, Error> {
        let mut session = self.database.begin().await?;
        let (mut outcomes, mut booked): (Vec<_>, Vec<(Booked, &Enrolled)>) = (Vec::with_capacity(rows.len()), vec![]);
        for row in rows {
            let judged = match row {
                Ok(row) => self.row(&mut session, row, people).await,
                Err(refusals) => Err(refusals.clone().into()),
            };
            outcomes.push(match judged {
                Ok(Judged::Confirmed(it, enrolled)) => {
                    let told = write::row(pb::RowDisposition::Confirmed, it.payment.id);
                    let amount = it.payment.amount;
                    booked.push((*it, enrolled));
                    (Outcome::Confirmed(amount), told)
                }
                Ok(Judged::Repeated(id)) => (Outcome::Repeated, write::row(pb::RowDisposition::Repeated, id)),
                Err(Error::Refused(refusals)) => (Outcome::Refused, write::refused_row(&refusals)),
                Err(error) => return Err(error),
            });
        }
        let told: Vec<_> = booked.iter().map(|(it, enrolled)| (it, *enrolled)).collect();
        confirm::tell(&mut session, &self.context, batch_id, &told).await?;
        session.commit().await?;
        Ok(outcomes)
    }

    /// Judges a row before it writes anything, so that a refused one leaves nothing behind.
    async fn row<'a>(
        &self,
        session: &mut juyi_db::Session,
        row: &read::Confirm,
        people: &'a BTreeMap<Key, Enrolled>,
    ) -> Result<Judged<'a>, Error> {
        confirm::require_duty(&self.caller, row.method)?;
        let told = Told {
            resident_id: row.resident_id,
            enrolment_id: row.enrolment_id,
            amount: row.amount,
            paid_on: row.paid_on,
            method: row.method,
            voucher_number: &row.voucher_number,
        };
        if let Some(id) = payments::maybe_find_same(session, &told).await? {
            return Ok(Judged::Repeated(id));
        }
        let enrolled = people.get(&(row.resident_id, row.enrolment_id)).ok_or_else(|| {
            Refusal::new(Reason::EnrolmentNotFound, "the resident has no enrolment with this id").at("enrolment_id")
        })?;
        match confirm::confirm_quietly(session, &self.context, &self.caller, row, enrolled).await {
            Ok(booked) => Ok(Judged::Confirmed(Box::new(booked), enrolled)),
            // Another stream may have confirmed the same row since it was looked for.
            Err(Error::Refused(refusals)) => match payments::maybe_find_same(session, &told).await? {
                Some(id) => Ok(Judged::Repeated(id)),
                None => Err(refusals.into()),
            },
            Err(error) => Err(error),
        }
    }
}

/// A row that was not refused.
enum Judged<'a> {
    Confirmed(Box<Booked>, &'a Enrolled),
    Repeated(juyi_domain::id::PaymentId),
}
