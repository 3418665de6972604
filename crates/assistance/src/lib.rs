//! Assistance (医疗救助、优抚救助): aid on what the insurances left of a bill.
//!
//! [`build`] makes the component. Settlement asks it to assess the bills of a year, which stores nothing, and later
//! posts the aid it settled, which goes into the register of [`store`]; the rules are in `juyi_domain::assistance`.
//!
//! To add an RPC: the contract under `proto/juyi/assistance/v1`, its reading in `read`, its decision in `service`, its
//! method in `grpc`, and its row in the gateway's table of duties.

mod grpc;
mod read;
mod service;
pub mod store;
#[cfg(test)]
mod tests;
mod write;

use juyi_db::{Database, Target};
use juyi_kit::component::Component;
use juyi_kit::config::ServiceConfig;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::assistance::v1::assistance_service_server::{AssistanceServiceServer, SERVICE_NAME};
use tonic::service::Routes;

/// Name of the service, of its SQLite file and of its PostgreSQL schema.
pub const NAME: &str = "assistance";

/// Opens the database and builds the service. It calls no other service.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, NAME, config.database.connections, &store::migrations()).await?;
    let server = AssistanceServiceServer::new(grpc::Grpc::new(database, context));
    Ok(Component::new(NAME, SERVICE_NAME, Routes::new(server)).await)
}
