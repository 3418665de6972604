//! Settlement (结算): what each payer owes on each bill, in one stop with assistance.
//!
//! [`build`] makes the component. The ledger is the truth: every bill posts an entry, and whatever changes the year of
//! a person (a bill filed late, a reversal) settles the whole year anew and posts the differences. A call runs through
//! `grpc` (wire to domain), `collector` (whose turn it is), `group` (bills that share a transaction), `service` (a plan
//! made outside, stored in one transaction if the year stood still), `adjudicate` (the rules in
//! `juyi_domain::settlement` and the aid of assistance) and [`store`] (rows). [`ledger`] reads a person's year, and
//! tells its running totals from its entries.
//!
//! `claims` takes bills that the person paid from the desk to the money; their approval settles them in the same way.
//! `preview` says what a bill would have come to otherwise, `recompute` settles a year on the facts as they are by now, and
//! `reconciliation` sets statements of providers against what was posted and says what they are due.
//!
//! `filings` keeps what a person has on file (care elsewhere, special diseases), `maternity` registered pregnancies,
//! and `years` openings, closings and family doctors; `standing` asks them for a bill, as `providers` asks the
//! registry's register.
//!
//! To add a kind of care: its bill in the contract, in `read_bill` and in `write_bill`, its code in
//! `juyi_domain::settlement::care`, and its rules with their arm in `juyi_domain::settlement::year`.

mod adjudicate;
mod aid;
mod claims;
mod collector;
mod coverage;
mod filings;
mod group;
mod grpc;
pub mod ledger;
mod maternity;
mod own;
mod posting;
mod preview;
mod providers;
mod read;
mod read_bill;
mod reading;
mod recompute;
mod reconciliation;
mod service;
pub mod shares;
mod standing;
pub mod store;
#[cfg(test)]
mod tests;
mod write;
mod write_bill;
pub mod years;

use juyi_db::{Database, Target};
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::config::ServiceConfig;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::Outbox;
use juyi_proto::settlement::v1::filing_service_server::FilingServiceServer;
use juyi_proto::settlement::v1::maternity_registration_service_server::MaternityRegistrationServiceServer;
use juyi_proto::settlement::v1::person_year_service_server::PersonYearServiceServer;
use juyi_proto::settlement::v1::provider_reconciliation_service_server::ProviderReconciliationServiceServer;
use juyi_proto::settlement::v1::self_paid_claim_service_server::SelfPaidClaimServiceServer;
use juyi_proto::settlement::v1::settlement_service_server::{SERVICE_NAME, SettlementServiceServer};
use tonic::service::Routes;

/// Name of the service, of its SQLite file and of its PostgreSQL schema.
pub const NAME: &str = "settlement";

/// The services this one calls.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Says how a provider stands on the service date.
    pub registry: Channel,
    /// Says whether a person is covered on the day of admission, and whether there is such a person.
    pub benefit_period: Channel,
    /// Assesses aid, and registers what was settled.
    pub assistance: Channel,
}

/// Opens the database and builds the service, with the delivery of posted aid as background work.
///
/// # Errors
/// Those of the database.
pub async fn build(config: &ServiceConfig, context: Context, peers: Peers) -> Result<Component, Error> {
    let target = Target::parse(&config.database.url)?;
    let database = Database::open(&target, NAME, config.database.connections, &store::migrations()).await?;
    let receiver = aid::Register::new(peers.assistance.clone());
    let outbox = Outbox::new(database.clone(), receiver, config.outbox.clone());
    let delivery = outbox.clone().run(context.shutdown().clone());
    let filings = filings::Filings {
        database: database.clone(),
        context: context.clone(),
        benefit_period: peers.benefit_period.clone(),
    };
    let maternity = maternity::Registrations::new(database.clone(), context.clone(), peers.clone());
    let years = years::PersonYears::new(database.clone(), context.clone(), peers.clone());
    let reconciliations = reconciliation::Reconciliations::new(database.clone(), context.clone());
    let collector = collector::Collector::new(group::Base { database, context, peers });
    let claims = claims::Claims::new(collector.clone(), outbox.clone());
    let comparisons = reconciliation::compare::upkeep(reconciliations.clone());
    let server = SettlementServiceServer::new(grpc::Grpc::new(collector, outbox));
    let routes = Routes::new(server)
        .add_service(FilingServiceServer::new(filings))
        .add_service(MaternityRegistrationServiceServer::new(maternity))
        .add_service(PersonYearServiceServer::new(years))
        .add_service(ProviderReconciliationServiceServer::new(reconciliations))
        .add_service(SelfPaidClaimServiceServer::new(claims));
    Ok(Component::new(NAME, SERVICE_NAME, routes).await.with_background(delivery).with_background(comparisons))
}
