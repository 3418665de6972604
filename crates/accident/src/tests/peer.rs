//! Benefit period as the test wants it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};
use juyi_domain::codes::{Class, District, Insurance};
use juyi_domain::refusal::Reason;
use juyi_kit::channel::Channel;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::{BenefitPeriodService, BenefitPeriodServiceServer};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Condition;
use tonic::service::Routes;
use tonic::{Request, Response, Status};

/// Covers everybody in the year of the day, or nobody. Cloning shares it.
#[derive(Clone, Debug, Default)]
pub(super) struct BenefitPeriod {
    answer: Arc<Mutex<pb::GetCoverageResponse>>,
}

impl BenefitPeriod {
    pub(super) fn channel(&self) -> Channel {
        Channel::local("benefit_period", Routes::new(BenefitPeriodServiceServer::new(self.clone())))
    }

    pub(super) fn cover(&self, class: Class, district: District) {
        self.set(pb::GetCoverageResponse {
            covered: true,
            class: class.to_wire(),
            district: district.to_string(),
            ..pb::GetCoverageResponse::default()
        });
    }

    pub(super) fn refuse(&self, reason: Reason, rule_id: &str) {
        let condition = Condition {
            reason: reason.code().to_owned(),
            rule_id: rule_id.to_owned(),
            detail: "not covered".to_owned(),
            ..Condition::default()
        };
        self.set(pb::GetCoverageResponse { reasons: vec![condition], ..pb::GetCoverageResponse::default() });
    }

    fn set(&self, answer: pb::GetCoverageResponse) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }
}

#[tonic::async_trait]
impl BenefitPeriodService for BenefitPeriod {
    async fn get_coverage(
        &self,
        request: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        let request = request.into_inner();
        assert_eq!(request.insurance, Insurance::Accident.to_wire());
        let on: NaiveDate = request.date.parse().unwrap();
        let answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(Response::new(pb::GetCoverageResponse { policy_year: on.year(), ..answer }))
    }

    async fn explain_coverage(
        &self,
        _: Request<pb::ExplainCoverageRequest>,
    ) -> Result<Response<pb::ExplainCoverageResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn list_coverage(
        &self,
        _: Request<pb::ListCoverageRequest>,
    ) -> Result<Response<pb::ListCoverageResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn preview_coverage(
        &self,
        _: Request<pb::PreviewCoverageRequest>,
    ) -> Result<Response<pb::PreviewCoverageResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}
