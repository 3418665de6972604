//! What the stand-ins answer.

use juyi_domain::assistance::outpatient::OutpatientVenue;
use juyi_domain::assistance::year::{AidCase, Care, assess_year};
use juyi_domain::codes::{Identity, Insurance, Office};
use juyi_domain::money::Fen;
use juyi_domain::refusal::Refusal;
use juyi_kit::caller::Caller;
use juyi_kit::error::from_refusals;
use juyi_kit::wire::receipt;
use juyi_proto::assistance::v1 as aid;
use juyi_proto::assistance::v1::assistance_service_server::AssistanceService;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::benefit_period::v1::benefit_period_service_server::BenefitPeriodService;
use juyi_proto::benefit_period::v1::covered_service_server::CoveredService;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::provider_register_service_server::ProviderRegisterService;
use tonic::{Request, Response, Status};

use super::Peers;

#[tonic::async_trait]
impl BenefitPeriodService for Peers {
    async fn get_coverage(
        &self,
        request: Request<pb::GetCoverageRequest>,
    ) -> Result<Response<pb::GetCoverageResponse>, Status> {
        self.require_benefit_period()?;
        let request = request.into_inner();
        self.with(|state| state.insurances.push(request.insurance));
        self.require_known(&request.resident_id)?;
        Ok(Response::new(self.coverage(request.date.parse().unwrap())))
    }

    async fn explain_coverage(
        &self,
        _: Request<pb::ExplainCoverageRequest>,
    ) -> Result<Response<pb::ExplainCoverageResponse>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn list_coverage(
        &self,
        request: Request<pb::ListCoverageRequest>,
    ) -> Result<Response<pb::ListCoverageResponse>, Status> {
        self.require_benefit_period()?;
        let request = request.into_inner();
        self.require_known(&request.resident_id)?;
        let spans =
            self.with(|state| state.spans.clone()).into_iter().map(|(start_date, end_date, benefit_year)| pb::Span {
                insurance: Insurance::Basic.to_wire(),
                start_date,
                end_date,
                benefit_year,
                ..pb::Span::default()
            });
        Ok(Response::new(pb::ListCoverageResponse { spans: spans.collect(), ..Default::default() }))
    }

    async fn preview_coverage(
        &self,
        _: Request<pb::PreviewCoverageRequest>,
    ) -> Result<Response<pb::PreviewCoverageResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}

#[tonic::async_trait]
impl CoveredService for Peers {
    async fn batch_get_covered(
        &self,
        request: Request<pb::BatchGetCoveredRequest>,
    ) -> Result<Response<pb::BatchGetCoveredResponse>, Status> {
        self.require_benefit_period()?;
        assert_eq!(Caller::maybe_current().map(|caller| caller.office), Some(Office::System));
        let request = request.into_inner();
        let covered = |(question, asked): (i32, &pb::CoveredQuestion)| {
            let found = self.coverage(asked.date.parse().unwrap());
            found.covered.then(|| pb::Covered {
                question,
                benefit_year: found.span.unwrap_or_default().benefit_year,
                district: found.district,
                class: found.class,
                tier: found.tier,
                identities: found.identities,
            })
        };
        self.with(|state| state.groups.push(request.questions.len()));
        let covered = (0..).zip(&request.questions).filter_map(covered).collect();
        Ok(Response::new(pb::BatchGetCoveredResponse { covered }))
    }
}

#[tonic::async_trait]
impl ProviderRegisterService for Peers {
    async fn batch_get_providers(
        &self,
        request: Request<registry::BatchGetProvidersRequest>,
    ) -> Result<Response<registry::BatchGetProvidersResponse>, Status> {
        assert_eq!(Caller::maybe_current().map(|caller| caller.office), Some(Office::System));
        let questions = request.into_inner().questions;
        let found = self.with(|state| {
            state.providers_asked.push(questions.len());
            let on = |asked: &registry::ProviderQuestion| {
                let known = state.providers.iter().filter(|it| it.provider_code == asked.provider_code);
                known.filter(|it| it.start_date <= asked.on_date).max_by_key(|it| it.start_date.clone()).cloned()
            };
            let told = |(question, asked)| Some(registry::RegisteredProvider { question, provider: Some(on(asked)?) });
            let providers = (0..).zip(&questions).filter_map(told).collect();
            (!state.register_is_down).then_some(registry::BatchGetProvidersResponse { providers })
        });
        found.map(Response::new).ok_or_else(|| Status::unavailable("down"))
    }
}

#[tonic::async_trait]
impl AssistanceService for Peers {
    async fn assess_aid(
        &self,
        request: Request<aid::AssessAidRequest>,
    ) -> Result<Response<aid::AssessAidResponse>, Status> {
        let request = request.into_inner();
        if let Some((clock, now)) = self.with(|state| state.midnight.take()) {
            clock.set(now);
        }
        if self.with(|state| {
            state.assessments += 1;
            state.assessed.extend(request.cases.iter().map(|case| case.settlement_id.clone()));
            state.assistance_is_down
        }) {
            return Err(Status::unavailable("down"));
        }
        let _open = self.gate.read().await;
        let cases: Vec<AidCase> = request.cases.iter().map(case).collect();
        let (district, on) = (request.district.parse().unwrap(), cases[0].service_on);
        let law =
            self.policy.for_(district, request.policy_year, on).map_err(|refusal| from_refusals(&refusal.into()))?;
        let params = law.assistance.as_ref().map_err(|gap| from_refusals(&Refusal::from(gap.clone()).into()))?;
        let outcomes =
            assess_year(cases.iter().map(|case| (case, params))).into_iter().map(|outcome| aid::AidOutcome {
                settlement_id: outcome.id.to_string(),
                medical_fen: outcome.medical.get(),
                veterans_fen: outcome.veterans.get(),
                base_after_fen: outcome.base_after.get(),
                receipt: Some(receipt(&outcome.receipt)),
            });
        Ok(Response::new(aid::AssessAidResponse { outcomes: outcomes.collect() }))
    }

    async fn record_aid(
        &self,
        request: Request<aid::RecordAidRequest>,
    ) -> Result<Response<aid::RecordAidResponse>, Status> {
        assert_eq!(Caller::maybe_current().map(|caller| caller.office), Some(Office::System));
        let request = request.into_inner();
        let posted = (request.settlement_id, Fen::new(request.medical_fen), Fen::new(request.veterans_fen));
        self.with(|state| state.register.insert(request.event_id, posted));
        Ok(Response::new(aid::RecordAidResponse {}))
    }

    async fn list_aid(&self, _: Request<aid::ListAidRequest>) -> Result<Response<aid::ListAidResponse>, Status> {
        Err(Status::unimplemented(""))
    }
}

fn case(case: &aid::AidCase) -> AidCase {
    AidCase {
        id: case.settlement_id.parse().unwrap(),
        care: match case.outpatient_venue {
            0 => Care::Inpatient,
            venue => Care::Outpatient(OutpatientVenue::from_wire(venue).unwrap()),
        },
        base: Fen::new(case.base_fen),
        service_on: case.service_date.parse().unwrap(),
        tested_on: case.identity_date.parse().unwrap(),
        aid_designated: case.assistance_designated,
        elsewhere: case.elsewhere,
        identities: case.identities.iter().map(|number| Identity::from_wire(*number).unwrap()).collect(),
    }
}
