//! Contribution (缴费): premium by class and tier, subsidies, confirmed payments.
//!
//! [`build`] makes the component. A call runs through `grpc` (wire to domain), `registry` (what the enrolment says),
//! `service` (quotes) or `confirm` (one payment in one transaction) and [`store`] (rows); the rules are in
//! `juyi_domain::contribution`. `batches` works on streams of payments. A confirmed payment leaves events that `delivery`
//! takes to the benefit period and to the registry.
//!
//! `refunds`, `prepayments` and `deductions` are areas of their own, each with its reading, decision and answer; they share
//! the `desk` they work at.
//!
//! To add an RPC: the contract under `proto/juyi/contribution/v1`, its reading in `read`, its decision beside `confirm`,
//! its method in `grpc`, and its row in the gateway's table of duties.

mod accounts;
mod batches;
mod collection;
mod conditions;
mod confirm;
mod declarations;
mod deductions;
mod delivery;
mod desk;
mod grpc;
mod notices;
mod prepayments;
mod read;
mod reconciliation;
mod refunds;
mod registry;
mod service;
mod standing;
pub mod store;
#[cfg(test)]
mod tests;
mod write;

use std::sync::Arc;

use juyi_db::{Database, Target};
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::config::ServiceConfig;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::Outbox;
use juyi_proto::contribution::v1::account_service_server::AccountServiceServer;
use juyi_proto::contribution::v1::collection_service_server::CollectionServiceServer;
use juyi_proto::contribution::v1::contribution_service_server::{ContributionServiceServer, SERVICE_NAME};
use juyi_proto::contribution::v1::declaration_service_server::DeclarationServiceServer;
use juyi_proto::contribution::v1::refund_service_server::RefundServiceServer;
use juyi_proto::contribution::v1::tax_reconciliation_service_server::TaxReconciliationServiceServer;
use tonic::service::Routes;

use crate::declarations::Declarations;

/// Name of the service, of its SQLite file and of its PostgreSQL schema.
pub const NAME: &str = "contribution";

/// The services it calls.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Enrolments and identities; is told of confirmed payments.
    pub registry: Channel,
    /// Receives confirmed payments.
    pub benefit_period: Channel,
}

/// Opens the database and builds the service; its background work delivers confirmed payments.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context, peers: Peers) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, NAME, config.database.connections, &store::migrations()).await?;
    let receivers = delivery::receivers(peers.benefit_period, peers.registry.clone())
        .with(prepayments::PREPAYMENT_NOTED, prepayments::ToRegistry::new(peers.registry.clone()));
    let outbox = Outbox::new(database.clone(), receivers, config.outbox.clone());
    let waiting = Arc::clone(&outbox).run(context.shutdown().clone());
    let reconciliations = reconciliation::Reconciliations { database: database.clone(), context: context.clone() };
    let registry = registry::Registry::new(peers.registry.clone());
    let accounts = accounts::Accounts::new(database.clone(), context.clone(), peers.registry.clone());
    let desk = desk::Desk {
        database: database.clone(),
        context: context.clone(),
        registry: registry.clone(),
        standing: standing::Standing::new(peers.registry.clone()),
        outbox: Arc::clone(&outbox),
    };
    let declarations =
        Declarations::new(database.clone(), context.clone(), registry.clone(), Arc::clone(&outbox), peers.registry);
    let server = ContributionServiceServer::new(grpc::Grpc::new(database, context, registry, outbox));
    let routes = Routes::new(server)
        .add_service(DeclarationServiceServer::new(declarations.clone()))
        .add_service(RefundServiceServer::new(desk.clone()))
        .add_service(CollectionServiceServer::new(desk.clone()))
        .add_service(TaxReconciliationServiceServer::new(reconciliations))
        .add_service(AccountServiceServer::new(accounts));
    Ok(Component::new(NAME, SERVICE_NAME, routes)
        .await
        .with_background(waiting)
        .with_background(declarations::upkeep(declarations))
        .with_background(deductions::upkeep(desk)))
}
