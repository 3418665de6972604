//! Builds components: all of them with channels in process, or one with channels to other processes.

use anyhow::{Context as _, Result};
use juyi_kit::channel::Channel;
use juyi_kit::component::Component;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::config::{Config, PeersConfig};

/// A service that can run as a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// Registry.
    Registry,
    /// Contribution.
    Contribution,
    /// Benefit period.
    BenefitPeriod,
    /// Settlement.
    Settlement,
    /// Assistance.
    Assistance,
    /// Accident.
    Accident,
    /// Gateway.
    Gateway,
}

/// Builds every service and the gateway over them. The last component is the gateway; the others answer through their
/// channels in process.
///
/// # Errors
/// Those of the databases.
pub async fn all(config: &Config, context: &Context) -> Result<Vec<Component>, Error> {
    let service = config.service();
    // The registry tells settlement of deaths and benefit period of changes, and both build on services that ask it.
    let (to_settlement, settlement_seat) = Channel::late();
    let (to_benefit_period, benefit_period_seat) = Channel::late();
    let peers = juyi_registry::Peers { settlement: to_settlement.clone(), benefit_period: to_benefit_period.clone() };
    let registry = juyi_registry::build(&service, context.clone(), peers).await?;
    let to_registry = local(&registry);

    let peers = juyi_benefit_period::Peers { registry: to_registry.clone() };
    let benefit_period = juyi_benefit_period::build(&service, context.clone(), peers).await?;
    benefit_period_seat.take(local(&benefit_period));

    let peers = juyi_contribution::Peers { registry: to_registry.clone(), benefit_period: to_benefit_period.clone() };
    let contribution = juyi_contribution::build(&service, context.clone(), peers).await?;

    let assistance = juyi_assistance::build(&service, context.clone()).await?;
    let to_assistance = local(&assistance);

    let peers = juyi_settlement::Peers {
        registry: to_registry.clone(),
        benefit_period: to_benefit_period.clone(),
        assistance: to_assistance.clone(),
    };
    let settlement = juyi_settlement::build(&service, context.clone(), peers).await?;
    settlement_seat.take(local(&settlement));

    let peers = juyi_accident::Peers { benefit_period: to_benefit_period.clone() };
    let accident = juyi_accident::build(&service, context.clone(), peers).await?;

    let peers = juyi_gateway::Peers {
        registry: to_registry,
        contribution: local(&contribution),
        benefit_period: to_benefit_period,
        settlement: to_settlement,
        assistance: to_assistance,
        accident: local(&accident),
    };
    let gateway = juyi_gateway::build(context, peers).await?;
    Ok(vec![registry, benefit_period, contribution, assistance, settlement, accident, gateway])
}

/// Builds one service with channels to the processes of its peers.
///
/// # Errors
/// Those of its database, or an address of a peer that is not a URL.
pub async fn one(service: Service, config: &Config, context: &Context) -> Result<Component> {
    let own = &config.service();
    let peers = &config.peers;
    let context = context.clone();
    let component = match service {
        Service::Registry => {
            let peers = juyi_registry::Peers {
                settlement: remote(&peers.settlement)?,
                benefit_period: remote(&peers.benefit_period)?,
            };
            juyi_registry::build(own, context, peers).await?
        }
        Service::Contribution => {
            let peers = juyi_contribution::Peers {
                registry: remote(&peers.registry)?,
                benefit_period: remote(&peers.benefit_period)?,
            };
            juyi_contribution::build(own, context, peers).await?
        }
        Service::BenefitPeriod => {
            let peers = juyi_benefit_period::Peers { registry: remote(&peers.registry)? };
            juyi_benefit_period::build(own, context, peers).await?
        }
        Service::Settlement => {
            let peers = juyi_settlement::Peers {
                registry: remote(&peers.registry)?,
                benefit_period: remote(&peers.benefit_period)?,
                assistance: remote(&peers.assistance)?,
            };
            juyi_settlement::build(own, context, peers).await?
        }
        Service::Assistance => juyi_assistance::build(own, context).await?,
        Service::Accident => {
            let peers = juyi_accident::Peers { benefit_period: remote(&peers.benefit_period)? };
            juyi_accident::build(own, context, peers).await?
        }
        Service::Gateway => juyi_gateway::build(&context, all_remote(peers)?).await?,
    };
    Ok(component)
}

fn all_remote(peers: &PeersConfig) -> Result<juyi_gateway::Peers> {
    Ok(juyi_gateway::Peers {
        registry: remote(&peers.registry)?,
        contribution: remote(&peers.contribution)?,
        benefit_period: remote(&peers.benefit_period)?,
        settlement: remote(&peers.settlement)?,
        assistance: remote(&peers.assistance)?,
        accident: remote(&peers.accident)?,
    })
}

fn local(component: &Component) -> Channel {
    Channel::local(component.name, component.routes.clone())
}

fn remote(address: &str) -> Result<Channel> {
    Channel::remote(address).with_context(|| format!("peer address {address}"))
}
