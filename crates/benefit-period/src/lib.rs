//! Benefit period (待遇享受期): from when to when each insurance counts.
//!
//! [`build`] makes the component. Facts arrive from the outboxes of contribution and registry (`facts`): payments, refunds
//! and what the registry knows of people, any number of times and in any order. Each batch and the recomputation of whom it
//! concerns are one transaction over the rows in [`store`]; the rules are in `juyi_domain::benefit_period`. `coverage`
//! answers about a day, `explain` tells what led to an answer, `preview` derives from given facts.
//!
//! To add an RPC: the contract under `proto/juyi/benefit_period/v1`, its reading in `read`, its decision in a module of its
//! own, its method in `grpc`, and its row in the gateway's table of duties.

mod coverage;
mod explain;
mod facts;
mod grpc;
mod preview;
mod read;
mod registry;
pub mod store;
#[cfg(test)]
mod tests;
mod write;

use juyi_db::{Database, Target};
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::config::ServiceConfig;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::benefit_period::v1::benefit_period_service_server::{BenefitPeriodServiceServer, SERVICE_NAME};
use juyi_proto::benefit_period::v1::coverage_facts_service_server::CoverageFactsServiceServer;
use juyi_proto::benefit_period::v1::covered_service_server::CoveredServiceServer;
use tonic::service::Routes;

/// Name of the service.
pub const NAME: &str = "benefit-period";
/// Name of its SQLite file and of its PostgreSQL schema, which has no hyphen.
pub const SCHEMA: &str = "benefit_period";

/// The services it calls.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Enrolments and identities.
    pub registry: Channel,
}

/// Opens the database and builds the service.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context, peers: Peers) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, SCHEMA, config.database.connections, &store::migrations()).await?;
    let registry = registry::Registry::new(peers.registry);
    let facts = CoverageFactsServiceServer::new(facts::Facts::new(database.clone(), context.clone()));
    let grpc = grpc::Grpc::new(database, context, registry);
    let routes = Routes::new(BenefitPeriodServiceServer::new(grpc.clone()))
        .add_service(CoveredServiceServer::new(grpc))
        .add_service(facts);
    Ok(Component::new(NAME, SERVICE_NAME, routes).await)
}
