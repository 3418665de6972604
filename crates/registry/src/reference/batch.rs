//! What settlement asks about many providers at once.

use juyi_domain::codes::Office;
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::error::{Error, answer};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::provider_register_service_server::ProviderRegisterService;
use tonic::{Request, Response, Status};

use super::write;
use crate::registry::Registry;
use crate::store::providers;

/// Questions of the largest request.
const MOST: usize = 500;

async fn get_batch(
    registry: &Registry,
    request: &pb::BatchGetProvidersRequest,
) -> Result<pb::BatchGetProvidersResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let mut fields = Fields::new();
    if request.questions.len() > MOST {
        fields.refuse("questions", Reason::ValueNotAllowed, format!("at most {MOST} questions"));
    }
    fields.within("questions.");
    let questions: Vec<_> = request
        .questions
        .iter()
        .take(MOST)
        .map(|it| (fields.text("provider_code", &it.provider_code, 1..=30), fields.date("on_date", &it.on_date)))
        .collect();
    fields.within("");
    let questions = fields.finish(questions)?;
    let found = providers::list_on(&mut registry.database.read().await?, &questions).await?;
    let to_wire = |(question, provider)| pb::RegisteredProvider {
        question: i32::try_from(question).unwrap_or(i32::MAX),
        provider: Some(write::provider(&provider)),
    };
    Ok(pb::BatchGetProvidersResponse { providers: found.into_iter().map(to_wire).collect() })
}

#[tonic::async_trait]
impl ProviderRegisterService for Registry {
    async fn batch_get_providers(
        &self,
        request: Request<pb::BatchGetProvidersRequest>,
    ) -> Result<Response<pb::BatchGetProvidersResponse>, Status> {
        answer(get_batch(self, request.get_ref())).await
    }
}
