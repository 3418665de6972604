//! Whether enrolments are paid, as contribution says; changes of recorded data depend on it (J-3.4.2-a). And premiums
//! that are prepaid by academic years (J-3.2.1-c), which leave a student out of the lists of those years.

mod prepayment;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use juyi_domain::codes::Office;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
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
/// the same; of a batch with an unknown enrolment nothing is noted.
pub(crate) async fn note_payments(
    registry: &Registry,
    request: pb::NotePaymentsRequest,
) -> Result<pb::NotePaymentsResponse, Error> {
    Caller::current()?.require(&[Office::System])?;
    let noted = read(&request)?;
    let enrolments: BTreeSet<_> = noted.iter().map(|noted| noted.enrolment).collect();
    let mut session = registry.database.begin().await?;
    let known = noted_payments::known(&mut session, enrolments.iter().copied()).await?;
    if usize::try_from(known) != Ok(enrolments.len()) {
        let detail = "a payment is noted of an enrolment that no resident has";
        return Err(Refusal::new(Reason::EnrolmentNotFound, detail).at("payments").into());
    }
    // Most of a batch was paid on one day and for the first time: then it is one statement.
    let mut alike: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Noted { enrolment, paid_on, version } in noted {
        alike.entry((version, paid_on)).or_default().push(enrolment);
    }
    for ((version, paid_on), enrolments) in alike {
        noted_payments::note(&mut session, enrolments, paid_on, version).await?;
    }
    session.commit().await?;
    Ok(pb::NotePaymentsResponse {})
}

fn read(request: &pb::NotePaymentsRequest) -> Result<Vec<Noted>, Refusals> {
    let mut fields = Fields::new();
    if request.payments.len() > MOST {
        fields.refuse("payments", Reason::ValueNotAllowed, format!("at most {MOST} payments are noted at once"));
        return fields.finish(Vec::new());
    }
    let mut noted = Vec::with_capacity(request.payments.len());
    for (place, payment) in request.payments.iter().enumerate() {
        let at = |name: &str| format!("payments[{place}].{name}");
        let resident_id = fields.id(&at("resident_id"), &payment.resident_id);
        let enrolment_id = fields.id(&at("enrolment_id"), &payment.enrolment_id);
        let paid_on = fields.maybe_date(&at("payment_date"), &payment.payment_date);
        if payment.version < 1 {
            fields.refuse(&at("version"), Reason::ValueNotAllowed, "the first payment has version 1");
        }
        noted.push(Noted { enrolment: (resident_id, enrolment_id), paid_on, version: payment.version });
    }
    fields.finish(noted)
}
