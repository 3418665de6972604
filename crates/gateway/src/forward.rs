//! Passes calls of one service on, once the caller may make them.

use std::convert::Infallible;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::{Request, Response};
use juyi_domain::codes::Office;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::{Caller, OFFICE};
use juyi_kit::channel::Channel;
use juyi_kit::error::Error;
use tonic::Status;
use tonic::body::Body;
use tonic::server::NamedService;
use tower::{Service, ServiceExt};

use crate::duties::{self, Duty};

/// Forwards the service whose generated server is `S`; only its name is used.
pub(crate) struct Forward<S> {
    channel: Channel,
    service: PhantomData<fn() -> S>,
}

impl<S> Forward<S> {
    pub(crate) const fn new(channel: Channel) -> Self {
        Self { channel, service: PhantomData }
    }
}

impl<S> Clone for Forward<S> {
    fn clone(&self) -> Self {
        Self::new(self.channel.clone())
    }
}

impl<S: NamedService> NamedService for Forward<S> {
    const NAME: &'static str = S::NAME;
}

impl<S> Service<Request<Body>> for Forward<S> {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let channel = self.channel.clone();
        Box::pin(async move {
            let answered = match admit(request.uri().path()) {
                Ok(()) => channel.oneshot(request).await.map_err(|error| Error::from(Status::from_error(error))),
                Err(error) => Err(error),
            };
            Ok(answered.unwrap_or_else(|error| Status::from(error).into_http()))
        })
    }
}

/// The calling office. The suite itself never comes in by this door.
fn outside() -> Result<Caller, Error> {
    let caller = Caller::current()?;
    if caller.office == Office::System {
        let detail = "SYSTEM is the suite itself; name the office that calls";
        return Err(Refusal::new(Reason::RoleNotAllowed, detail).at(OFFICE).into());
    }
    Ok(caller)
}

/// Whether the office behind the call in progress may call the method.
fn admit(path: &str) -> Result<(), Error> {
    match duties::of(path) {
        None => Err(Refusal::new(Reason::MethodUnknown, "no such method").into()),
        Some(Duty::Inside) => {
            let detail = "services of the suite call this method among themselves";
            Err(Refusal::new(Reason::RoleNotAllowed, detail).into())
        }
        Some(Duty::Everyone) => outside().map(|_| ()),
        Some(Duty::Offices(offices)) => Ok(outside()?.require(offices)?),
    }
}
