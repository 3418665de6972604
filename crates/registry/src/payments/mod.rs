//! That an enrolment is paid, as the contribution service says; changes of recorded data depend on it (J-3.4.2-a).

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use juyi_domain::codes::Office;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::store::records;

/// Notes the day of payment. The earliest day told stays, so that repetitions in any order come to the same.
pub(crate) async fn note_payment(
    registry: &Registry,
    request: pb::NotePaymentRequest,
) -> Result<pb::NotePaymentResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let mut fields = Fields::new();
    let resident_id: ResidentId = fields.id("resident_id", &request.resident_id);
    let enrolment_id: EnrolmentId = fields.id("enrolment_id", &request.enrolment_id);
    let paid_on: NaiveDate = fields.date("payment_date", &request.payment_date);
    fields.finish(())?;
    let mut session = registry.database.begin().await?;
    if !records::note_payment(&mut session, resident_id, enrolment_id, paid_on).await? {
        let detail = "the resident has no enrolment with this id";
        return Err(Refusal::new(Reason::EnrolmentNotFound, detail).at("enrolment_id").into());
    }
    session.commit().await?;
    Ok(pb::NotePaymentResponse {})
}
