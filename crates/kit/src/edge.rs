//! What happens around every call, whichever way it came: the caller is read, the trace continued, the outcome
//! logged, and refusals of the transport get a reason of the table.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::{Request, Response};
use juyi_domain::codes::District;
use juyi_domain::refusal::{Reason, Refusal};
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service, ServiceExt};
use tracing::Instrument;

use crate::caller::Caller;
use crate::error::from_refusals;
use crate::{methods, telemetry};

/// Adds the edge to the routes of one service.
#[derive(Clone, Copy, Debug)]
pub struct EdgeLayer {
    /// Name of the service, for spans and logs.
    pub service: &'static str,
}

impl<S> Layer<S> for EdgeLayer {
    type Service = Edge<S>;

    fn layer(&self, inner: S) -> Edge<S> {
        Edge { inner, service: self.service }
    }
}

/// Routes with their edge.
#[derive(Clone, Debug)]
pub struct Edge<S> {
    inner: S,
    service: &'static str,
}

impl<S> Service<Request<Body>> for Edge<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let method = methods::label(request.uri().path());
        let patience = methods::patience(method);
        let span = telemetry::rpc_span(self.service, method, request.headers());
        let (inner, service) = (self.inner.clone(), self.service);
        let work = async move {
            let started = Instant::now();
            let caller = Caller::from_headers(request.headers());
            let who = caller.as_ref().ok().cloned().flatten();
            let response = match caller {
                Err(refusal) => from_refusals(&refusal.into()).into_http(),
                Ok(caller) => {
                    let work = Caller::scope(caller, inner.oneshot(request));
                    match tokio::time::timeout(patience, work).await {
                        Ok(Ok(response)) => give_reason(response),
                        Err(_) => from_refusals(&timed_out(patience).into()).into_http(),
                    }
                }
            };
            let code = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
            record(service, method, who.as_ref(), code, started.elapsed());
            Ok(response)
        };
        Box::pin(work.instrument(span))
    }
}

fn timed_out(patience: Duration) -> Refusal {
    let detail = format!("no answer within {} s; the same request may be sent again", patience.as_secs());
    Refusal::new(Reason::TimedOut, detail)
}

/// One line per call: which office called what, and how it ended. Probes of health and reflection are noise to most.
fn record(service: &str, method: &str, caller: Option<&Caller>, code: Code, elapsed: Duration) {
    let office = caller.map_or("", |caller| caller.office.as_str());
    let district = caller.and_then(|caller| caller.district).map_or("", District::as_str);
    let name = caller.map_or("", |caller| caller.name.as_str());
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    if method.starts_with("/grpc.") {
        tracing::debug!(service, method, office, district, name, ?code, elapsed_us, "call");
    } else {
        tracing::info!(service, method, office, district, name, ?code, elapsed_us, "call");
    }
}

/// The transport refuses a message that is too large, and a path nobody serves, before any code of ours runs.
fn give_reason(response: Response<Body>) -> Response<Body> {
    let Some(status) = Status::from_header_map(response.headers()) else { return response };
    if !status.details().is_empty() {
        return response;
    }
    let refusal = match status.code() {
        Code::OutOfRange => Refusal::new(Reason::MessageTooLarge, status.message()),
        Code::Unimplemented => Refusal::new(Reason::MethodUnknown, "no such method"),
        Code::Internal if status.message().starts_with("failed to decode Protobuf message") => {
            Refusal::new(Reason::ValueNotAllowed, "the message cannot be read as the contract says")
        }
        _ => return response,
    };
    from_refusals(&refusal.into()).into_http()
}
