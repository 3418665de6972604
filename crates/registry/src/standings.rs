//! What benefit period asks about many people at once.

use juyi_domain::codes::Office;
use juyi_domain::refusal::Reason;
use juyi_kit::caller::Caller;
use juyi_kit::error::{Error, answer};
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::standing_service_server::StandingService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::store::standings::{self, Standing};

/// Questions of the largest request.
const MOST: usize = 500;

async fn get_batch(
    registry: &Registry,
    request: &pb::BatchGetStandingRequest,
) -> Result<pb::BatchGetStandingResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let mut fields = Fields::new();
    if request.questions.len() > MOST {
        fields.refuse("questions", Reason::ValueNotAllowed, format!("at most {MOST} questions"));
    }
    fields.within("questions.");
    let questions = request.questions.iter().take(MOST);
    let questions: Vec<_> =
        questions.map(|it| (fields.id("resident_id", &it.resident_id), fields.date("on_date", &it.on_date))).collect();
    fields.within("");
    let questions = fields.finish(questions)?;
    let found = standings::list(&mut registry.database.read().await?, &questions).await?;
    Ok(pb::BatchGetStandingResponse { persons: found.iter().map(to_wire).collect() })
}

fn to_wire(standing: &Standing) -> pb::Standing {
    pb::Standing {
        question: i32::try_from(standing.question).unwrap_or(i32::MAX),
        identities: standing.identities.iter().map(|identity| identity.to_wire()).collect(),
        death_date: standing.died_on.map(|day| day.to_string()).unwrap_or_default(),
    }
}

#[tonic::async_trait]
impl StandingService for Registry {
    async fn batch_get_standing(
        &self,
        request: Request<pb::BatchGetStandingRequest>,
    ) -> Result<Response<pb::BatchGetStandingResponse>, Status> {
        answer(get_batch(self, request.get_ref())).await
    }
}
