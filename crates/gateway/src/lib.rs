//! The edge for the departments: who may call what, health of the whole, reflection. It holds no insurance rules and
//! stores nothing.
//!
//! [`build`] makes the component from channels to the six services. A call is checked against [`duties`] and passed on
//! frame by frame, without being decoded.
//!
//! To add a service: its channel in [`Peers`], its line in [`build`], its methods in [`duties`].

pub mod duties;
mod forward;
mod health;

use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::accident::v1::accident_service_server::{self as accident, AccidentServiceServer};
use juyi_proto::assistance::v1::assistance_service_server::{self as assistance, AssistanceServiceServer};
use juyi_proto::benefit_period::v1::benefit_period_service_server::{
    self as benefit_period, BenefitPeriodServiceServer,
};
use juyi_proto::contribution::v1::account_service_server::AccountServiceServer;
use juyi_proto::contribution::v1::collection_service_server::CollectionServiceServer;
use juyi_proto::contribution::v1::contribution_service_server::{self as contribution, ContributionServiceServer};
use juyi_proto::contribution::v1::declaration_service_server::DeclarationServiceServer;
use juyi_proto::contribution::v1::refund_service_server::RefundServiceServer;
use juyi_proto::contribution::v1::tax_reconciliation_service_server::TaxReconciliationServiceServer;
use juyi_proto::registry::v1::information_service_server::InformationServiceServer;
use juyi_proto::registry::v1::reference_service_server::ReferenceServiceServer;
use juyi_proto::registry::v1::registry_service_server::{self as registry, RegistryServiceServer};
use juyi_proto::registry::v1::roster_service_server::RosterServiceServer;
use juyi_proto::registry::v1::supervision_service_server::SupervisionServiceServer;
use juyi_proto::settlement::v1::filing_service_server::FilingServiceServer;
use juyi_proto::settlement::v1::maternity_registration_service_server::MaternityRegistrationServiceServer;
use juyi_proto::settlement::v1::person_year_service_server::PersonYearServiceServer;
use juyi_proto::settlement::v1::provider_reconciliation_service_server::ProviderReconciliationServiceServer;
use juyi_proto::settlement::v1::self_paid_claim_service_server::SelfPaidClaimServiceServer;
use juyi_proto::settlement::v1::settlement_service_server::{self as settlement, SettlementServiceServer};
use tonic::service::Routes;

use crate::forward::Forward;
use crate::health::{Watched, watch};

/// Name of the service.
pub const NAME: &str = "gateway";

/// Channels to the six services.
#[derive(Clone, Debug)]
pub struct Peers {
    /// Registry.
    pub registry: Channel,
    /// Contribution.
    pub contribution: Channel,
    /// Benefit period.
    pub benefit_period: Channel,
    /// Settlement.
    pub settlement: Channel,
    /// Assistance.
    pub assistance: Channel,
    /// Accident.
    pub accident: Channel,
}

/// Builds the gateway.
///
/// # Errors
/// A fault, when the embedded descriptors cannot be read.
pub async fn build(context: &Context, peers: Peers) -> Result<Component, Error> {
    let watched = vec![
        Watched { name: registry::SERVICE_NAME, channel: peers.registry.clone() },
        Watched { name: contribution::SERVICE_NAME, channel: peers.contribution.clone() },
        Watched { name: benefit_period::SERVICE_NAME, channel: peers.benefit_period.clone() },
        Watched { name: settlement::SERVICE_NAME, channel: peers.settlement.clone() },
        Watched { name: assistance::SERVICE_NAME, channel: peers.assistance.clone() },
        Watched { name: accident::SERVICE_NAME, channel: peers.accident.clone() },
    ];
    let (health, background) = watch(watched, context.shutdown().clone()).await;
    let routes = reflection(Routes::new(health))?
        .add_service(Forward::<ReferenceServiceServer<()>>::new(peers.registry.clone()))
        .add_service(Forward::<RosterServiceServer<()>>::new(peers.registry.clone()))
        .add_service(Forward::<SupervisionServiceServer<()>>::new(peers.registry.clone()))
        .add_service(Forward::<InformationServiceServer<()>>::new(peers.registry.clone()))
        .add_service(Forward::<RegistryServiceServer<()>>::new(peers.registry))
        .add_service(Forward::<DeclarationServiceServer<()>>::new(peers.contribution.clone()))
        .add_service(Forward::<TaxReconciliationServiceServer<()>>::new(peers.contribution.clone()))
        .add_service(Forward::<AccountServiceServer<()>>::new(peers.contribution.clone()))
        .add_service(Forward::<RefundServiceServer<()>>::new(peers.contribution.clone()))
        .add_service(Forward::<CollectionServiceServer<()>>::new(peers.contribution.clone()))
        .add_service(Forward::<ContributionServiceServer<()>>::new(peers.contribution))
        .add_service(Forward::<BenefitPeriodServiceServer<()>>::new(peers.benefit_period))
        .add_service(Forward::<FilingServiceServer<()>>::new(peers.settlement.clone()))
        .add_service(Forward::<MaternityRegistrationServiceServer<()>>::new(peers.settlement.clone()))
        .add_service(Forward::<SelfPaidClaimServiceServer<()>>::new(peers.settlement.clone()))
        .add_service(Forward::<ProviderReconciliationServiceServer<()>>::new(peers.settlement.clone()))
        .add_service(Forward::<PersonYearServiceServer<()>>::new(peers.settlement.clone()))
        .add_service(Forward::<SettlementServiceServer<()>>::new(peers.settlement))
        .add_service(Forward::<AssistanceServiceServer<()>>::new(peers.assistance))
        .add_service(Forward::<AccidentServiceServer<()>>::new(peers.accident));
    Ok(Component { name: NAME, grpc_name: "", routes, background: vec![Box::pin(background)] })
}

/// Reflection for every contract and for the error details, so that grpcurl and buf curl need no files. Older clients
/// ask by v1alpha.
fn reflection(routes: Routes) -> Result<Routes, Error> {
    let builder = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(juyi_proto::DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_types::pb::FILE_DESCRIPTOR_SET)
    };
    let fault = |_| Error::Fault("the embedded descriptors are unreadable");
    let v1 = builder().build_v1().map_err(fault)?;
    let v1alpha = builder().build_v1alpha().map_err(fault)?;
    Ok(routes.add_service(v1).add_service(v1alpha))
}
