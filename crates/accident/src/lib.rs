//! Accident insurance (意外伤害附加保险): which insurer handles an accident, and by when it is to be reported.
//!
//! [`build`] makes the component. A call runs through `grpc` (wire to domain), `service` (the cover is asked of benefit
//! period, then one decision in one transaction) and [`store`] (rows); the rules are in `juyi_domain::accident`.
//!
//! To add an RPC: the contract under `proto/juyi/accident/v1`, its reading in `read`, its decision in `service`, its
//! method in `grpc`, and its row in the gateway's table of duties.

mod coverage;
mod grpc;
mod read;
mod service;
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
use juyi_proto::accident::v1::accident_service_server::{AccidentServiceServer, SERVICE_NAME};
use tonic::service::Routes;

/// Name of the service, of its SQLite file and of its PostgreSQL schema.
pub const NAME: &str = "accident";

/// The services this one calls.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Says whether a person is covered on the day of the accident.
    pub benefit_period: Channel,
}

/// Opens the database and builds the service.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context, peers: Peers) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, NAME, config.database.connections, &store::migrations()).await?;
    let server = AccidentServiceServer::new(grpc::Grpc::new(database, context, peers));
    Ok(Component::new(NAME, SERVICE_NAME, Routes::new(server)).await)
}
