//! Registry (参保登记): who may enrol, where, when, and as what.
//!
//! [`build`] makes the component. A call runs through `grpc` to the module of its area (`residents`, `identities`,
//! `enrolment` and so on), which reads it, decides it in one transaction and writes the answer; [`store`] has the rows, and
//! the rules are in `juyi_domain::registry`.
//!
//! To add an RPC: the contract under `proto/juyi/registry/v1`, its reading, decision and answer in its area, its method in
//! `grpc`, and its row in the gateway's table of duties.

mod changes;
mod comparison;
mod counts;
mod deaths;
mod enrolment;
mod grpc;
mod identities;
mod information;
mod payments;
mod person_states;
mod reference;
mod registry;
mod residents;
mod rosters;
mod standings;
pub mod store;
#[cfg(test)]
mod suite;
mod supervision;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use juyi_db::{Database, Target};
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::config::ServiceConfig;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{ByTopic, Outbox};
use juyi_proto::registry::v1::enrolled_service_server::EnrolledServiceServer;
use juyi_proto::registry::v1::information_service_server::InformationServiceServer;
use juyi_proto::registry::v1::provider_register_service_server::ProviderRegisterServiceServer;
use juyi_proto::registry::v1::reference_service_server::ReferenceServiceServer;
use juyi_proto::registry::v1::registry_service_server::{RegistryServiceServer, SERVICE_NAME};
use juyi_proto::registry::v1::roster_service_server::RosterServiceServer;
use juyi_proto::registry::v1::standing_service_server::StandingServiceServer;
use juyi_proto::registry::v1::supervision_service_server::SupervisionServiceServer;
use tonic::service::Routes;

use crate::registry::Registry;

/// Name of the service, of its SQLite file and of its PostgreSQL schema.
pub const NAME: &str = "registry";

/// The services it calls.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Says which services begin or go on after a recorded death.
    pub settlement: Channel,
    /// Derives coverage anew when something changes that it depends on.
    pub benefit_period: Channel,
}

/// Opens the database and builds the service; its background work tells of deaths and of changes.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context, peers: Peers) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, NAME, config.database.connections, &store::migrations()).await?;
    reference::first(&database, &context).await?;
    let receivers = receivers(&database, &context, peers);
    let waiting = Outbox::new(database.clone(), receivers, config.outbox.clone()).run(context.shutdown().clone());
    let registry = Registry { database, context };
    let routes = Routes::new(RegistryServiceServer::new(registry.clone()))
        .add_service(EnrolledServiceServer::new(registry.clone()))
        .add_service(StandingServiceServer::new(registry.clone()))
        .add_service(ReferenceServiceServer::new(registry.clone()))
        .add_service(ProviderRegisterServiceServer::new(registry.clone()))
        .add_service(RosterServiceServer::new(registry.clone()))
        .add_service(SupervisionServiceServer::new(registry.clone()))
        .add_service(InformationServiceServer::new(registry.clone()));
    Ok(Component::new(NAME, SERVICE_NAME, routes)
        .await
        .with_background(waiting)
        .with_background(rosters::upkeep::run(registry)))
}

/// Who hears of what. Neither waits for the other.
fn receivers(database: &Database, context: &Context, Peers { settlement, benefit_period }: Peers) -> ByTopic {
    let to_settlement = deaths::ToSettlement { database: database.clone(), context: context.clone(), settlement };
    let to_benefit_period = person_states::ToBenefitPeriod { database: database.clone(), benefit_period };
    ByTopic::default().with(deaths::DEATH, to_settlement).with(person_states::RESIDENT_CHANGED, to_benefit_period)
}
