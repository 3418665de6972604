//! One channel type for local and remote peers.

use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::Endpoint;
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service, ServiceExt};

use crate::caller::Caller;
use crate::edge::EdgeLayer;
use crate::{methods, telemetry};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Bytes of headers that are taken of a peer, several times what a status comes to (`crate::error::ROOM`).
const HEADERS: u32 = 64 * 1024;

/// The address of a peer cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a peer's address is http://host:port")]
pub struct BadAddress;

/// The transport of every generated client. It carries the caller and the trace along, whether the peer runs in this
/// process or in another.
#[derive(Clone, Debug)]
pub struct Channel {
    inner: BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>,
}

impl Channel {
    /// A channel to a service in this process.
    #[must_use]
    pub fn local(service: &'static str, routes: Routes) -> Self {
        let edge = EdgeLayer { service }.layer(routes.prepare()).map_err(|never| match never {});
        Self { inner: BoxCloneSyncService::new(edge) }
    }

    /// A channel to a service in this process that is built later, and its place. Until the place is taken, calls fail
    /// as if the service were not there.
    #[must_use]
    pub fn late() -> (Self, Seat) {
        let seat = Seat::default();
        (Self { inner: BoxCloneSyncService::new(seat.clone()) }, seat)
    }

    /// A channel to a service in another process. It connects when first used and again when the peer comes back.
    ///
    /// # Errors
    /// When the address is not an `http://host:port` URL.
    pub fn remote(address: &str) -> Result<Self, BadAddress> {
        let endpoint = Endpoint::from_shared(address.to_owned()).ok().filter(|endpoint| {
            let uri = endpoint.uri();
            uri.scheme_str() == Some("http") && uri.port_u16().is_some()
        });
        let endpoint = endpoint
            .ok_or(BadAddress)?
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(3))
            .http2_max_header_list_size(HEADERS);
        let channel = endpoint.connect_lazy().map_err(BoxError::from);
        Ok(Self { inner: BoxCloneSyncService::new(Patient { inner: channel }) })
    }
}

/// A peer in another process that may fall silent. It is given up in half the time of a call, so that whoever waits
/// for the caller still hears which peer did not answer.
#[derive(Clone, Debug)]
struct Patient<S> {
    inner: S,
}

impl<S> Service<Request<Body>> for Patient<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let patience = methods::patience(request.uri().path()) / 2;
        let answer = tokio::time::timeout(patience, self.inner.call(request));
        Box::pin(async move { answer.await.unwrap_or_else(|_| Err(Status::deadline_exceeded("no answer").into())) })
    }
}

/// The place of a service that is built after those that call it.
#[derive(Clone, Debug, Default)]
pub struct Seat {
    channel: Arc<OnceLock<Channel>>,
}

impl Seat {
    /// Fills the place, once; from then on calls reach the service.
    pub fn take(&self, channel: Channel) {
        // A second service has no place here; the first one keeps it.
        let _ = self.channel.set(channel);
    }
}

impl Service<Request<Body>> for Seat {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        match self.channel.get() {
            Some(channel) => Box::pin(channel.clone().oneshot(request)),
            None => Box::pin(async { Err("the service is not built yet".into()) }),
        }
    }
}

impl Service<Request<Body>> for Channel {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if let Some(caller) = Caller::maybe_current() {
            caller.write_headers(request.headers_mut());
        }
        telemetry::write_trace(request.headers_mut());
        Box::pin(self.inner.call(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request<Body> {
        Request::builder().uri("http://late/grpc.health.v1.Health/Check").body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_late_service_is_away_until_it_takes_its_place() {
        let (channel, seat) = Channel::late();
        assert!(channel.clone().oneshot(request()).await.is_err());
        let (_, health) = tonic_health::server::health_reporter();
        seat.take(Channel::local("late", Routes::new(health)));
        let answer = channel.oneshot(request()).await.unwrap();
        assert_eq!(answer.status(), 200);
    }
}
