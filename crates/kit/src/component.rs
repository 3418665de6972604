//! A service, built but not yet running.

use std::pin::Pin;

use tonic::service::Routes;
use tonic_health::ServingStatus;

/// Work that runs beside the calls until the context is cancelled.
pub type Background = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A service's routes and its background work. Whoever composes the suite binds, serves and spawns.
pub struct Component {
    /// Name of the service, as in `juyi <name>`.
    pub name: &'static str,
    /// Full gRPC name, for health.
    pub grpc_name: &'static str,
    /// The service with its health.
    pub routes: Routes,
    /// Background work.
    pub background: Vec<Background>,
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Component").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Component {
    /// A component that serves as long as the process lives.
    pub async fn new(name: &'static str, grpc_name: &'static str, routes: Routes) -> Self {
        let (reporter, health) = tonic_health::server::health_reporter();
        reporter.set_service_status("", ServingStatus::Serving).await;
        reporter.set_service_status(grpc_name, ServingStatus::Serving).await;
        Self { name, grpc_name, routes: routes.add_service(health), background: Vec::new() }
    }

    /// Adds background work.
    #[must_use]
    pub fn with_background(mut self, work: impl Future<Output = ()> + Send + 'static) -> Self {
        self.background.push(Box::pin(work));
        self
    }
}
