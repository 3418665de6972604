//! The contract on both databases, with benefit period played by the test.

mod peer;
mod reports;
mod routes;
mod store;

use std::num::NonZeroU32;
use std::sync::Arc;

use juyi_domain::codes::{District, Office};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::config::{DatabaseConfig, ServiceConfig};
use juyi_kit::context::Context;
use juyi_policy::Policy;
use juyi_proto::accident::v1 as pb;
use juyi_proto::accident::v1::accident_service_client::AccidentServiceClient;
use juyi_testkit::ManualClock;
use juyi_testkit::database::postgres_url;
use tempfile::TempDir;
use tonic::Status;
use tonic_types::StatusExt;

use peer::BenefitPeriod;

/// The component over a database of its own.
#[derive(Clone, Debug)]
struct Suite {
    benefit_period: BenefitPeriod,
    context: Context,
    client: AccidentServiceClient<Channel>,
}

/// Runs a test over each database at hand.
async fn with_suites<F: Future<Output = ()>>(test: impl Fn(Suite) -> F) {
    let directory = TempDir::new().unwrap();
    let urls = [Some(format!("sqlite:{}", directory.path().display())), postgres_url().await];
    for url in urls.into_iter().flatten() {
        let policy = Arc::new(Policy::embedded().unwrap());
        let context = Context::new(policy).with_clock(Arc::new(ManualClock::on("2022-01-15")));
        let benefit_period = BenefitPeriod::default();
        let config = ServiceConfig {
            database: DatabaseConfig { url, connections: NonZeroU32::new(4).unwrap() },
            ..ServiceConfig::default()
        };
        let peers = crate::Peers { benefit_period: benefit_period.channel() };
        let component = crate::build(&config, context.clone(), peers).await.unwrap();
        let client = AccidentServiceClient::new(Channel::local(component.name, component.routes));
        test(Suite { benefit_period, context, client }).await;
    }
}

impl Suite {
    fn resident(&self) -> String {
        self.context.id::<ResidentId>().to_string()
    }

    async fn route(&self, request: pb::RouteAccidentRequest) -> Result<pb::Route, Status> {
        Ok(self.client.clone().route_accident(request).await?.into_inner().route.unwrap())
    }

    async fn report(&self, request: pb::ReportAccidentRequest) -> Result<pb::Accident, Status> {
        self.report_by(Office::Insurer, District::Jinghai, request).await
    }

    async fn report_by(
        &self,
        office: Office,
        district: District,
        request: pb::ReportAccidentRequest,
    ) -> Result<pb::Accident, Status> {
        let caller = Caller { office, district: Some(district), name: "desk".to_owned() };
        let answer = Caller::scope(Some(caller), self.client.clone().report_accident(request)).await?;
        Ok(answer.into_inner().accident.unwrap())
    }

    async fn get(&self, resident_id: &str, claim_id: &str) -> Result<pb::Accident, Status> {
        let request = pb::GetAccidentRequest { resident_id: resident_id.to_owned(), claim_id: claim_id.to_owned() };
        Ok(self.client.clone().get_accident(request).await?.into_inner().accident.unwrap())
    }
}

/// All reasons of a refusal, as the status lists them.
fn reasons(status: &Status) -> String {
    status.get_details_error_info().unwrap().metadata["reasons"].clone()
}
