//! Accounts of persons and units: what is charged, paid and refunded in a policy year.
//!
//! [`person`] adds up the payments and quotes of a person's enrolments, [`mod@unit`] the payments of a unit; what was
//! refunded comes from [`refunds`].

mod person;
mod refunds;
mod registry;
#[cfg(test)]
mod tests;
mod unit;
mod write;

use juyi_db::Database;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_proto::contribution::v1 as pb;
use juyi_proto::contribution::v1::account_service_server::AccountService;
use juyi_proto::fields::Fields;
use tonic::{Request, Response, Status};

use crate::store::unit_payments::UnitYear;

/// The service of accounts.
#[derive(Clone)]
pub(crate) struct Accounts {
    database: Database,
    context: Context,
    enrolments: registry::Enrolments,
}

impl Accounts {
    pub(crate) fn new(database: Database, context: Context, registry: Channel) -> Self {
        Self { database, context, enrolments: registry::Enrolments::new(registry) }
    }

    async fn get(&self, request: &pb::GetAccountRequest) -> Result<pb::GetAccountResponse, Error> {
        let mut fields = Fields::new();
        let resident_id = fields.id("resident_id", &request.resident_id);
        let policy_year = fields.policy_year("policy_year", request.policy_year);
        let (resident_id, policy_year) = fields.finish((resident_id, policy_year))?;
        let account = person::account(self, resident_id, policy_year).await?;
        Ok(pb::GetAccountResponse { account: Some(account) })
    }

    async fn get_unit(&self, request: &pb::GetUnitAccountRequest) -> Result<pb::GetUnitAccountResponse, Error> {
        let mut fields = Fields::new();
        let of = UnitYear {
            unit_id: fields.text("unit_id", &request.unit_id, 1..=40),
            policy_year: fields.policy_year("policy_year", request.policy_year),
            district: fields.district("district", &request.district),
        };
        let of = fields.finish(of)?;
        Ok(pb::GetUnitAccountResponse { account: Some(unit::account(self, &of).await?) })
    }
}

#[tonic::async_trait]
impl AccountService for Accounts {
    async fn get_account(
        &self,
        request: Request<pb::GetAccountRequest>,
    ) -> Result<Response<pb::GetAccountResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn get_unit_account(
        &self,
        request: Request<pb::GetUnitAccountRequest>,
    ) -> Result<Response<pb::GetUnitAccountResponse>, Status> {
        answer(self.get_unit(request.get_ref())).await
    }
}
