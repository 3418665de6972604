//! Health of the whole, as the gateway sees it: each service by name, and the empty name for all together.

use std::time::Duration;

use juyi_kit::CancellationToken;
use juyi_kit::channel::Channel;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tonic_health::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::health_server::{Health, HealthServer};
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus as Answer};
use tonic_health::server::{HealthReporter, health_reporter};

/// How often the services are asked.
const ROUND: Duration = Duration::from_secs(2);
/// How long one may take to answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// A service whose health is asked for.
pub(crate) struct Watched {
    /// Full gRPC name.
    pub(crate) name: &'static str,
    /// Channel to it.
    pub(crate) channel: Channel,
}

/// The health service, true from its first answer on, and the work that keeps it so.
pub(crate) async fn watch(
    watched: Vec<Watched>,
    shutdown: CancellationToken,
) -> (HealthServer<impl Health>, impl Future<Output = ()> + Send + 'static) {
    let (reporter, server) = health_reporter();
    ask(&reporter, &watched).await;
    let background = async move {
        let mut round = interval(ROUND);
        round.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = round.tick() => ask(&reporter, &watched).await,
            }
        }
    };
    (server, background)
}

async fn ask(reporter: &HealthReporter, watched: &[Watched]) {
    let mut all = true;
    for service in watched {
        let serving = is_serving(service).await;
        all &= serving;
        reporter.set_service_status(service.name, status(serving)).await;
    }
    reporter.set_service_status("", status(all)).await;
}

async fn is_serving(service: &Watched) -> bool {
    let request = HealthCheckRequest { service: service.name.to_owned() };
    let mut client = HealthClient::new(service.channel.clone());
    match timeout(PATIENCE, client.check(request)).await {
        Ok(Ok(answer)) => answer.get_ref().status() == Answer::Serving,
        _ => false,
    }
}

const fn status(serving: bool) -> ServingStatus {
    if serving { ServingStatus::Serving } else { ServingStatus::NotServing }
}
