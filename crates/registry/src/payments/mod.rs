//! Whether enrolments are paid, as contribution says; changes of recorded data depend on it (J-3.4.2-a). And premiums
//! that are prepaid by academic years (J-3.2.1-c), which leave a student out of the lists of those years.

mod prepayment;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use juyi_domain::codes::Office;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::person_states::MOST;
use crate::registry::Registry;
use crate::store::noted_payments;

pub(crate) use prepayment::note_prepayment;

/// What is told of one enrolment.
struct Noted {
    enrolment: (ResidentId, EnrolmentId),
    paid_on: Option<NaiveDate>,
    version: i64,
}

/// Notes which enrolments are paid. Of one enrolment the highest version stays, so that repetitions in any order come to
/// the same. What is unreadable or about an unknown enrolment is logged and left out: it would be as often as it is told,
/// and the rest of the batch must not wait for it.
pub(crate) async fn note_payments(
    registry: &Registry,
    request: pb::NotePaymentsRequest,
) -> Result<pb::NotePaymentsResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let (mut noted, mut left_out) = read(&request)?;
    let mut session = registry.database.begin().await?;
    let known = noted_payments::known(&mut session, noted.iter().map(|noted| noted.enrolment)).await?;
    noted.retain(|Noted { enrolment, .. }| {
        let is_known = known.contains(enrolment);
        if !is_known {
            let (resident_id, enrolment_id) = enrolment;
            tracing::error!(event_id = request.event_id, %resident_id, %enrolment_id, "a payment of an unknown enrolment");
            left_out += 1;
        }
        is_known
    });
    // Most of a batch was paid on one day and for the first time: then it is one statement.
    let mut alike: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Noted { enrolment, paid_on, version } in noted {
        alike.entry((version, paid_on)).or_default().push(enrolment);
    }
    for ((version, paid_on), enrolments) in alike {
        noted_payments::note(&mut session, enrolments, paid_on, version).await?;
    }
    session.commit().await?;
    Ok(pb::NotePaymentsResponse { left_out })
}

/// What can be read, and how many cannot.
fn read(request: &pb::NotePaymentsRequest) -> Result<(Vec<Noted>, i32), Refusals> {
    let mut fields = Fields::new();
    if request.payments.len() > MOST {
        fields.refuse("payments", Reason::ValueNotAllowed, format!("at most {MOST} payments are noted at once"));
        return fields.finish((Vec::new(), 0));
    }
    let (mut noted, mut left_out) = (Vec::with_capacity(request.payments.len()), 0);
    for (place, payment) in request.payments.iter().enumerate() {
        match read_one(payment) {
            Ok(one) => noted.push(one),
            Err(refusals) => {
                let pb::NotedPayment { resident_id, enrolment_id, .. } = payment;
                let fields: Vec<_> = refusals.0.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
                let event_id = request.event_id.as_str();
                tracing::error!(event_id, place, resident_id, enrolment_id, ?fields, "a noted payment is unreadable");
                left_out += 1;
            }
        }
    }
    Ok((noted, left_out))
}

fn read_one(payment: &pb::NotedPayment) -> Result<Noted, Refusals> {
    let mut fields = Fields::new();
    let resident_id = fields.id("resident_id", &payment.resident_id);
    let enrolment_id = fields.id("enrolment_id", &payment.enrolment_id);
    let paid_on = fields.maybe_date("payment_date", &payment.payment_date);
    if payment.version < 1 {
        fields.refuse("version", Reason::ValueNotAllowed, "the first payment has version 1");
    }
    fields.finish(Noted { enrolment: (resident_id, enrolment_id), paid_on, version: payment.version })
}
