//! One channel type for local and remote peers.

use std::pin::Pin;
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

    /// A channel to a service in another process. It connects when first used and again when the peer comes back.
    ///
    /// # Errors
    /// When the address is not an `http://host:port` URL.
    pub fn remote(address: &str) -> Result<Self, BadAddress> {
        let endpoint = Endpoint::from_shared(address.to_owned()).ok().filter(|endpoint| {
            let uri = endpoint.uri();
            uri.scheme_str() == Some("http") && uri.port_u16().is_some()
        });
        let endpoint = endpoint.ok_or(BadAddress)?.tcp_nodelay(true).connect_timeout(Duration::from_secs(3));
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
