//! The offices that call, and the calls they make.

use anyhow::{Result, bail};
use juyi_domain::codes::{District, Office};
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
use juyi_proto::benefit_period::v1::benefit_period_service_client::BenefitPeriodServiceClient;
use juyi_proto::contribution::v1::contribution_service_client::ContributionServiceClient;
use juyi_proto::contribution::v1::declaration_service_client::DeclarationServiceClient;
use juyi_proto::registry::v1::reference_service_client::ReferenceServiceClient;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use tonic::{Response, Status};

/// Clients of the gateway.
pub(crate) struct Clients {
    pub(crate) registry: RegistryServiceClient<Channel>,
    pub(crate) reference: ReferenceServiceClient<Channel>,
    pub(crate) contribution: ContributionServiceClient<Channel>,
    pub(crate) declarations: DeclarationServiceClient<Channel>,
    pub(crate) benefit_period: BenefitPeriodServiceClient<Channel>,
    pub(crate) settlement: SettlementServiceClient<Channel>,
    pub(crate) accident: AccidentServiceClient<Channel>,
}

impl Clients {
    pub(crate) fn new(gateway: &Channel) -> Self {
        Self {
            registry: RegistryServiceClient::new(gateway.clone()),
            reference: ReferenceServiceClient::new(gateway.clone()),
            contribution: ContributionServiceClient::new(gateway.clone()),
            declarations: DeclarationServiceClient::new(gateway.clone()),
            benefit_period: BenefitPeriodServiceClient::new(gateway.clone()),
            settlement: SettlementServiceClient::new(gateway.clone()),
            accident: AccidentServiceClient::new(gateway.clone()),
        }
    }
}

/// Makes a call on behalf of an office of Jinghai.
pub(crate) async fn by<T>(
    office: Office,
    name: &str,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T> {
    from(Caller { office, district: Some(District::Jinghai), name: name.to_owned() }, call).await
}

/// The same of the whole city, whose centre no office of a district is.
pub(crate) async fn by_the_city<T>(
    office: Office,
    name: &str,
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T> {
    from(Caller { office, district: None, name: name.to_owned() }, call).await
}

async fn from<T>(caller: Caller, call: impl Future<Output = Result<Response<T>, Status>>) -> Result<T> {
    let name = caller.name.clone();
    match Caller::scope(Some(caller), call).await {
        Ok(reply) => Ok(reply.into_inner()),
        Err(status) => bail!("{name} was refused: {}", status.message()),
    }
}
