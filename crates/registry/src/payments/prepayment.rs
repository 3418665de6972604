//! Premiums prepaid by academic years (J-3.2.1-c).

use juyi_domain::codes::Office;
use juyi_domain::id::{FactId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_domain::registry::facts::{DatedFact, Fact, Prepayment};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::residents as people;
use crate::store::facts::{self, RecordedFact};
use crate::store::residents;

/// Records a prepayment as a fact, which has the id of the prepayment: told again, it is there.
pub(crate) async fn note_prepayment(
    registry: &Registry,
    request: pb::NotePrepaymentRequest,
) -> Result<pb::NotePrepaymentResponse, Error> {
    let caller = Caller::current()?;
    caller.require(&[Office::System])?;
    let (resident_id, id, dated) = read(&request)?;
    let mut session = registry.database.begin().await?;
    // Two deliveries at once are put in an order, so that the later one sees the fact.
    residents::touch(&mut session, resident_id).await?;
    people::find(&mut session, resident_id).await?;
    let known = facts::history(&mut session, resident_id).await?;
    if known.iter().any(|recorded| recorded.id == id) {
        return Ok(pb::NotePrepaymentResponse {});
    }
    let created_at = registry.context.now();
    facts::insert(&mut session, &[RecordedFact { resident_id, id, dated, recorded_by: caller, created_at }]).await?;
    session.commit().await?;
    Ok(pb::NotePrepaymentResponse {})
}

fn read(request: &pb::NotePrepaymentRequest) -> Result<(ResidentId, FactId, DatedFact), Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &request.resident_id);
    let id = fields.id("prepayment_id", &request.prepayment_id);
    let start_on = fields.date("payment_date", &request.payment_date);
    let first_policy_year = fields.policy_year("first_policy_year", request.first_policy_year);
    let last_policy_year = fields.policy_year("last_policy_year", request.last_policy_year);
    if last_policy_year < first_policy_year {
        fields.refuse("last_policy_year", Reason::DateOrder, "the last year lies before the first");
    }
    let fact = Fact::Prepayment(Prepayment { first_policy_year, last_policy_year });
    fields.finish((resident_id, id, DatedFact { start_on, end_on: None, fact }))
}
