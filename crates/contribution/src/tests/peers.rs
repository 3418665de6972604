//! What passes between contribution and its peers: people by the hundred, events by the hundred.

use juyi_domain::codes::Identity;
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_kit::context::Context;
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::common::v1::EnrolmentTerms;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::context;
use prost::Message;
use tokio_stream::StreamExt;

use super::stand_in::{People, farmer, person};
use super::store::payment;
use crate::delivery;
use crate::registry::{Enrolled, Registry, read};
use crate::store::payments::Refunded;

fn enrolled(context: &Context, people: &People, unit_id: &str) -> (ResidentId, EnrolmentId) {
    let (resident_id, enrolment_id) = (context.id::<ResidentId>(), context.id::<EnrolmentId>());
    let terms = EnrolmentTerms { enrolment_id: enrolment_id.to_string(), unit_id: unit_id.to_owned(), ..farmer() };
    people.add(person(&resident_id.to_string(), terms));
    (resident_id, enrolment_id)
}

#[tokio::test]
async fn people_are_found_in_the_order_asked_and_the_unknown_left_out() {
    let (context, people) = (context("2020-11-11"), People::default());
    let (one, other) = (enrolled(&context, &people, "S"), enrolled(&context, &people, "S"));
    people.add_identity(&one.0.to_string(), Identity::LowIncome);
    people.add_identity(&one.0.to_string(), Identity::LowIncome);
    let registry = Registry::new(people.channel());
    let found = registry.batch(&[other, (one.0, other.1), one]).await.unwrap();
    let keys: Vec<_> = found.iter().map(|enrolled| (enrolled.resident_id, enrolled.enrolment_id)).collect();
    assert_eq!(keys, [other, one]);
    assert_eq!((found[0].identities.as_slice(), found[1].identities.as_slice()), (&[][..], &[Identity::LowIncome][..]));
    assert_eq!(found[1].person.enrolments[0].enrolment_id, one.1.to_string());
    assert_eq!(registry.find(one.0, one.1).await.unwrap(), found[1]);
    registry.find(one.0, other.1).await.unwrap_err();
}

#[tokio::test]
async fn a_unit_is_read_by_the_hundred() {
    let (context, people) = (context("2020-11-11"), People::default());
    for _ in 0..501 {
        enrolled(&context, &people, "S");
    }
    enrolled(&context, &people, "another");
    let mut parts = Registry::new(people.channel()).of_unit("S", 2021).await.unwrap();
    let mut sizes = Vec::new();
    while let Some(part) = parts.next().await {
        sizes.push(part.unwrap().len());
    }
    assert_eq!(sizes, [500, 1]);
}

/// At most 500 payments in an event, each with its person and its version.
#[test]
fn events_carry_some_hundred_payments() {
    let context = context("2020-11-11");
    let one = |_| {
        let payment = payment(&context, context.id(), context.id(), "V-1");
        let terms = EnrolmentTerms { enrolment_id: payment.enrolment_id.to_string(), ..farmer() };
        (read(person(&payment.resident_id.to_string(), terms)).unwrap(), payment)
    };
    let paid: Vec<(Enrolled, _)> = (0..501).map(one).collect();
    let rows: Vec<_> = paid.iter().map(|(enrolled, payment)| (payment, enrolled, 3)).collect();
    let events = delivery::confirmed(&context, "a batch", &rows);
    let topics: Vec<_> = events.iter().map(|event| (event.topic.as_str(), event.resident_id.as_str())).collect();
    let (applied, noted) = (("payments_applied", "a batch"), ("payments_noted", "a batch"));
    assert_eq!(topics, [applied, noted, applied, noted]);
    let read = |index: usize| benefit_period::ApplyPaymentsRequest::decode(events[index].payload.as_slice()).unwrap();
    assert_eq!((read(0).payments.len(), read(2).payments.len()), (500, 1));
    assert_eq!(read(0).event_id, events[0].id.to_string());
    let last = read(2).payments.remove(0);
    assert_eq!((&last.payment_id, last.person), (&paid[500].1.id.to_string(), Some(paid[500].0.person.clone())));
    let noted = pb::NotePaymentsRequest::decode(events[3].payload.as_slice()).unwrap().payments.remove(0);
    assert_eq!((noted.payment_date.as_str(), noted.version), ("2020-11-11", 3));

    let refund = Refunded { id: context.id(), on: context.clock().today() };
    let events = delivery::refunded(&context, "a batch", &[(&paid[0].1, refund, 4)]);
    let back = benefit_period::ApplyRefundsRequest::decode(events[0].payload.as_slice()).unwrap().refunds.remove(0);
    assert_eq!((back.payment_id, back.refund_id), (paid[0].1.id.to_string(), refund.id.to_string()));
    let noted = pb::NotePaymentsRequest::decode(events[1].payload.as_slice()).unwrap().payments.remove(0);
    assert_eq!((noted.payment_date.as_str(), noted.version), ("", 4));
}
