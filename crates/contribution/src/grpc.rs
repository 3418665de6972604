//! The contract `juyi.contribution.v1`, method by method.

use std::sync::Arc;

use juyi_db::Database;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::outbox::Outbox;
use juyi_kit::wire::next_page;
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::contribution_service_server::ContributionService;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument;

use crate::batches::Batches;
use crate::registry::Registry;
use crate::store::payments;
use crate::{confirm, desk, read, service, write};

pub(crate) struct Grpc {
    database: Database,
    context: Context,
    registry: Registry,
    outbox: Arc<Outbox>,
}

impl Grpc {
    pub(crate) const fn new(database: Database, context: Context, registry: Registry, outbox: Arc<Outbox>) -> Self {
        Self { database, context, registry, outbox }
    }

    async fn quote(&self, request: &pb::QuotePremiumRequest) -> Result<pb::QuotePremiumResponse, Error> {
        let subject = read::quote(request)?;
        Ok(write::quoted(&service::quote(&self.database, &self.context, &self.registry, subject).await?))
    }

    async fn confirm(&self, request: pb::ConfirmPaymentRequest) -> Result<pb::ConfirmPaymentResponse, Error> {
        let command = Command::new("ConfirmPayment", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        let read = &read::confirm(&request, self.context.clock().today())?;
        confirm::require_duty(&caller, read.method)?;
        // Asked before the transaction, which must not wait for a peer. A repetition is answered as the first time, even
        // where the registry no longer answers; whatever else may differ then is judged inside, where an earlier answer
        // comes first.
        let enrolled = match self.registry.find(read.resident_id, read.enrolment_id).await {
            Ok(enrolled) => enrolled,
            Err(error) => return command.maybe_earlier(&self.database).await?.ok_or(error),
        };
        let (context, caller, enrolled) = (&self.context, &caller, &enrolled);
        let work = |mut session| async move {
            let payment = confirm::confirm(&mut session, context, caller, read, enrolled).await?;
            Ok((pb::ConfirmPaymentResponse { payment: Some(write::payment(&payment)) }, session))
        };
        let mut reply = command.run(&self.database, context, work).await?;
        if !request.validate_only {
            self.outbox.flush(&read.resident_id.to_string()).await;
        } else if let Some(payment) = &mut reply.payment {
            payment.payment_id.clear();
        }
        Ok(reply)
    }

    /// Takes the stream; its rows are worked on while the caller reads the answers.
    fn confirm_many(
        &self,
        stream: Streaming<pb::ConfirmPaymentsRequest>,
    ) -> Result<ReceiverStream<Result<pb::ConfirmPaymentsResponse, Status>>, Error> {
        let caller = Caller::current()?;
        caller.require(confirm::COLLECTORS).map_err(|refusal| refusal.by("J-A1.3-k"))?;
        let batches = Batches {
            database: self.database.clone(),
            context: self.context.clone(),
            registry: self.registry.clone(),
            outbox: Arc::clone(&self.outbox),
            caller: caller.clone(),
        };
        // An answer waits until the one before it was taken: who does not read is not read from.
        let (answers, taken) = mpsc::channel(1);
        let work = Caller::scope(Some(caller), batches.run(stream, answers));
        tokio::spawn(work.instrument(tracing::Span::current()));
        Ok(ReceiverStream::new(taken))
    }

    async fn get(&self, request: &pb::GetPaymentRequest) -> Result<pb::GetPaymentResponse, Error> {
        let (resident_id, id) = read::get(request)?;
        let payment = service::find(&mut self.database.read().await?, resident_id, id).await?;
        Ok(pb::GetPaymentResponse { payment: Some(write::payment(&payment)) })
    }

    async fn list(&self, request: &pb::ListPaymentsRequest) -> Result<pb::ListPaymentsResponse, Error> {
        let (resident_id, before, size) = read::list(request)?;
        let page = payments::page(&mut self.database.read().await?, resident_id, before, size).await?;
        if page.is_empty() && before.is_none() {
            self.registry.require_resident(resident_id).await?;
        }
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        // What another district took is not shown; a page may be shorter for it.
        let seen = desk::scope(&Caller::current()?)?;
        let payments = page.iter().filter(|payment| seen.is_none_or(|own| own == payment.district));
        Ok(pb::ListPaymentsResponse { payments: payments.map(write::payment).collect(), next_page_token })
    }
}

#[tonic::async_trait]
impl ContributionService for Grpc {
    async fn quote_premium(
        &self,
        request: Request<pb::QuotePremiumRequest>,
    ) -> Result<Response<pb::QuotePremiumResponse>, Status> {
        answer(self.quote(request.get_ref())).await
    }

    async fn confirm_payment(
        &self,
        request: Request<pb::ConfirmPaymentRequest>,
    ) -> Result<Response<pb::ConfirmPaymentResponse>, Status> {
        answer(self.confirm(request.into_inner())).await
    }

    type ConfirmPaymentsStream = ReceiverStream<Result<pb::ConfirmPaymentsResponse, Status>>;

    async fn confirm_payments(
        &self,
        request: Request<Streaming<pb::ConfirmPaymentsRequest>>,
    ) -> Result<Response<Self::ConfirmPaymentsStream>, Status> {
        answer(async { self.confirm_many(request.into_inner()) }).await
    }

    async fn get_payment(
        &self,
        request: Request<pb::GetPaymentRequest>,
    ) -> Result<Response<pb::GetPaymentResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_payments(
        &self,
        request: Request<pb::ListPaymentsRequest>,
    ) -> Result<Response<pb::ListPaymentsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }
}
