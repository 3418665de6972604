//! Many facts in any order, and many people at once.

use juyi_domain::codes::{Category, PaymentMethod};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EnrolmentRoute, EnrolmentTerms, PersonState};
use juyi_proto::registry::v1 as registry;
use juyi_testkit::seeded::Seeded;
use juyi_testkit::targets;

use super::people::*;

/// One delivery.
#[derive(Clone)]
enum Delivery {
    Payment(pb::PaymentFact),
    Refund(pb::RefundFact),
    Person(PersonState),
}

/// What happens to one pupil: paid, refunded, paid again, left, perhaps died.
fn deliveries(seeded: &mut Seeded, number: u64) -> Vec<Delivery> {
    let state = |revision: i64| {
        let terms = EnrolmentTerms {
            enrolment_id: id(20_000 + number),
            category: Category::SchoolStudent.to_wire(),
            application_date: "2020-09-18".to_owned(),
            ..terms()
        };
        PersonState { resident_id: id(10_000 + number), revision, enrolments: vec![terms], ..farmer() }
    };
    let payment = |payment: u64, on: &str| pb::PaymentFact {
        payment_id: id(payment * 100_000 + number),
        enrolment_id: id(20_000 + number),
        payment_date: on.to_owned(),
        person: Some(state(1)),
        method: PaymentMethod::BankCounter.to_wire(),
        ..Default::default()
    };
    let mut all = vec![Delivery::Payment(payment(1, "2020-09-20"))];
    if seeded.below(2) == 0 {
        all.push(Delivery::Refund(pb::RefundFact {
            refund_id: id(300_000 + number),
            payment_id: id(100_000 + number),
            resident_id: id(10_000 + number),
            refund_date: "2020-10-01".to_owned(),
        }));
        if seeded.below(2) == 0 {
            all.push(Delivery::Payment(payment(2, "2021-03-20")));
        }
    }
    if seeded.below(2) == 0 {
        let moved = |district: &str, from: &str| {
            let (from_date, district) = (from.to_owned(), district.to_owned());
            EnrolmentRoute { from_date, district, township: String::new() }
        };
        let mut after = state(2);
        after.enrolments[0].routes = vec![moved("120118", "2020-09-18"), moved("120104", "2021-02-01")];
        "120104".clone_into(&mut after.enrolments[0].district);
        let left = PersonState { school_leaving_dates: vec!["2021-06-30".to_owned()], ..after };
        all.push(Delivery::Person(left.clone()));
        if seeded.below(2) == 0 {
            all.push(Delivery::Person(PersonState { revision: 3, death_date: "2021-10-10".to_owned(), ..left }));
        }
    }
    all
}

async fn deliver(suite: &Suite, delivery: Delivery) {
    let taken = match delivery {
        Delivery::Payment(payment) => suite.pay(vec![payment]).await,
        Delivery::Refund(refund) => suite.refund(vec![refund]).await,
        Delivery::Person(person) => suite.note(vec![person]).await,
    };
    taken.unwrap();
}

/// J-4.1.3-a, J-4.3-a, J-4.3-c, J-A1.3-j: shuffled and repeated deliveries leave the spans of the deliveries in order.
#[tokio::test]
async fn neither_order_nor_repetition_matters() {
    let mut seeded = Seeded::new(20_210_104);
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        for number in 0..60_u64 {
            let in_order = deliveries(&mut seeded, 2 * number);
            for resident in [10_000 + 2 * number, 10_001 + 2 * number] {
                // One whose payments were all refunded has no spans; then the registry is asked for the person.
                let resident_id = id(resident);
                suite.registry.add_resident(registry::Resident { resident_id, ..Default::default() });
            }
            for delivery in in_order.clone() {
                deliver(&suite, delivery).await;
            }
            // The same things happen to somebody else, told in another order and some of them twice.
            let mut seeded_twin = Seeded::new(number);
            let mut told = renumbered(&in_order, 2 * number + 1);
            told.push(told[seeded_twin.index(told.len())].clone());
            seeded_twin.shuffle(&mut told);
            for (day, delivery) in (1..).zip(told) {
                suite.clock.set_day(&format!("2021-03-{day:02}"));
                deliver(&suite, delivery).await;
            }
            let (one, twin) = (10_000 + 2 * number, 10_001 + 2 * number);
            let ordered = suite.explain(one).await.unwrap();
            assert_eq!(suite.spans(one, false).await, suite.spans(twin, false).await, "{} {number}", on.kind);
            let routes = |explained: &pb::ExplainCoverageResponse| {
                let routes = explained.person.iter().flat_map(|person| &person.routes);
                routes.map(|route| (route.known_date.clone(), route.district.clone())).collect::<Vec<_>>()
            };
            assert_eq!(routes(&ordered), routes(&suite.explain(twin).await.unwrap()), "{} {number}", on.kind);
            assert_eq!(ordered.payments.len(), suite.explain(twin).await.unwrap().payments.len(), "{}", on.kind);
        }
    }
}

/// The same deliveries about another person.
fn renumbered(deliveries: &[Delivery], number: u64) -> Vec<Delivery> {
    let person = |state: &PersonState| {
        let mut state = PersonState { resident_id: id(10_000 + number), ..state.clone() };
        state.enrolments[0].enrolment_id = id(20_000 + number);
        state
    };
    let payment_id = |old: &str| {
        let old: u64 = old[24..].parse().unwrap();
        id(old / 100_000 * 100_000 + number)
    };
    let of = |delivery: &Delivery| match delivery {
        Delivery::Payment(it) => Delivery::Payment(pb::PaymentFact {
            payment_id: payment_id(&it.payment_id),
            enrolment_id: id(20_000 + number),
            person: it.person.as_ref().map(person),
            ..it.clone()
        }),
        Delivery::Refund(it) => Delivery::Refund(pb::RefundFact {
            refund_id: id(300_000 + number),
            payment_id: payment_id(&it.payment_id),
            resident_id: id(10_000 + number),
            ..it.clone()
        }),
        Delivery::Person(it) => Delivery::Person(person(it)),
    };
    deliveries.iter().map(of).collect()
}

/// A school's payment: several hundred pupils in one event are all covered, each with the same days.
#[tokio::test]
async fn a_whole_school_is_covered_by_one_event() {
    for on in &targets().await {
        let suite = Suite::start(on, "2020-09-21").await;
        let mut seeded = Seeded::new(1);
        let first = |number| match deliveries(&mut seeded, number).swap_remove(0) {
            Delivery::Payment(payment) => payment,
            Delivery::Refund(_) | Delivery::Person(_) => unreachable!("the first delivery is a payment"),
        };
        let school: Vec<pb::PaymentFact> = (0..500).map(first).collect();
        suite.pay(school.clone()).await.unwrap();
        suite.pay(school).await.unwrap();
        for number in [0, 250, 499] {
            assert_eq!(suite.spans(10_000 + number, true).await.len(), 7, "{}", on.kind);
        }
    }
}
