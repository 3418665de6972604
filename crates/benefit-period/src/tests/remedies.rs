//! What can still be done about a day that is not covered.

use std::collections::HashMap;

use juyi_domain::codes::{Category, ContributionStatus, District, Insurance};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EnrolmentTerms, PersonState};
use juyi_proto::registry::v1 as registry;
use juyi_testkit::TestTarget;

use super::people::*;

/// The metadata of the first reason of a day in the year.
async fn remedy(suite: &Suite, date: &str) -> HashMap<String, String> {
    let answer = suite.coverage(date, Insurance::Basic).await;
    assert!(!answer.covered);
    answer.reasons[0].metadata.clone()
}

fn has(metadata: &HashMap<String, String>, expected: &[(&str, &str)]) {
    for (key, value) in expected {
        assert_eq!(metadata.get(*key).map(String::as_str), Some(*value), "{key} in {metadata:?}");
    }
}

/// J-3.1-b, J-4.1.1-b: enrolled and unpaid; pay by 2021-06-30 and be covered from 2021-09-01.
#[tokio::test]
async fn who_is_enrolled_is_told_to_pay() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    suite.registry.add_enrolment(listed());
    let told = remedy(&suite, "2021-07-15").await;
    has(
        &told,
        &[
            ("remedy", "PAY"),
            ("enrolment_id", &id(ENROLMENT)),
            ("pay_from", "2021-03-01"),
            ("covered_from_first", "2021-06-01"),
            ("pay_by", "2021-06-30"),
            ("covered_from", "2021-09-01"),
            ("pay_by_to_cover_date", "2021-04-30"),
        ],
    );
    suite.clock.set_day("2021-07-01");
    let closed = suite.coverage("2021-07-15", Insurance::Basic).await;
    assert_eq!(grounds(&closed), [("NOT_ENROLLED", "J-4.1-a")]);
    assert!(!closed.reasons[0].metadata.contains_key("remedy"));
}

/// J-4.1.1-a, J-4.1.1-b: nobody knows whether the unenrolled was insured the year before, so both answers are told.
#[tokio::test]
async fn who_is_not_enrolled_is_told_to_enrol() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let told = remedy(&suite, "2021-07-15").await;
    has(
        &told,
        &[
            ("remedy", "ENROL_AND_PAY"),
            ("category", "URBAN_RESIDENT"),
            ("policy_year", "2021"),
            ("pay_by", "2021-06-30"),
            ("covered_from", "2021-09-01"),
            ("covered_from_if_insured_before", "2021-07-01"),
        ],
    );
}

/// J-4.1.4-a, J-4.1.4-b: a newborn is told the newborns' way.
#[tokio::test]
async fn a_newborn_is_told_its_own_way() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-05-06").await;
    suite
        .note(vec![PersonState { birth_date: "2021-03-15".to_owned(), enrolments: Vec::new(), ..farmer() }])
        .await
        .unwrap();
    let told = remedy(&suite, "2021-04-01").await;
    has(
        &told,
        &[("category", "NEWBORN"), ("covered_from_first", "2021-03-15"), ("pay_by_to_cover_date", "2021-07-15")],
    );
}

/// J-3.2.7-a, J-4.1.5-a: three months after contributions ended.
#[tokio::test]
async fn an_interrupted_employee_is_told_the_channel() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-08-10").await;
    let employees_insurance = vec![employer("2020-01-01", "2021-07-31", Some(ContributionStatus::Paid))];
    suite.note(vec![PersonState { employees_insurance, enrolments: Vec::new(), ..farmer() }]).await.unwrap();
    let told = remedy(&suite, "2021-08-10").await;
    let expected =
        [("category", "INTERRUPTED_EMPLOYEE"), ("covered_from_first", "2021-08-11"), ("pay_by", "2021-10-31")];
    has(&told, &expected);
}

/// AMB-029: nothing late in 2017, and no remedy is made up.
#[tokio::test]
async fn late_in_2017_there_is_none() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2017-01-10").await;
    suite.registry.add_enrolment(registry::Enrolment {
        policy_year: 2017,
        district: District::Baodi.to_string(),
        application_date: "2016-12-12".to_owned(),
        ..listed()
    });
    let answer = suite.coverage("2017-03-01", Insurance::Basic).await;
    assert_eq!(grounds(&answer), [("NOT_ENROLLED", "B-3.3-a")]);
    assert!(!answer.reasons[0].metadata.contains_key("remedy"));
}

/// A refunded payment is named, with what another one would open; a dead person is told nothing to do.
#[tokio::test]
async fn a_refund_is_named_and_can_be_mended() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-25").await;
    suite.pay(vec![late_payment()]).await.unwrap();
    suite.refund(vec![refunded()]).await.unwrap();
    let answer = suite.coverage("2021-05-15", Insurance::Basic).await;
    assert_eq!(grounds(&answer), [("NOT_ENROLLED", "J-4.1-a")]);
    let expected = [("refund_date", "2021-03-20"), ("remedy", "PAY"), ("covered_from_first", "2021-06-01")];
    has(&answer.reasons[0].metadata, &expected);
    suite.note(vec![PersonState { revision: 2, death_date: "2021-03-22".to_owned(), ..farmer() }]).await.unwrap();
    let dead = suite.coverage("2021-05-15", Insurance::Basic).await;
    assert_eq!(grounds(&dead), [("NOT_IN_BENEFIT_PERIOD", "J-A1.3-j"), ("NOT_ENROLLED", "J-4.1-a")]);
    assert!(dead.reasons.iter().all(|it| !it.metadata.contains_key("remedy")));
}

/// A payment that opened nothing is named with everything it was refused for (J-3.1-b, AMB-028).
#[tokio::test]
async fn a_refused_payment_is_named() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-25").await;
    let terms = EnrolmentTerms { previous_year_insured: None, ..terms() };
    let person = PersonState { enrolments: vec![terms], ..farmer() };
    suite.pay(vec![paid("2021-02-26", person)]).await.unwrap();
    let answer = suite.coverage("2021-05-15", Insurance::Basic).await;
    assert_eq!(grounds(&answer), [("REQUIRED_FIELD_MISSING", "J-4.1.1-a")]);
    assert_eq!(answer.reasons[0].metadata["payment_id"], id(PAYMENT));
}

/// The registry may know a payment before the fact of it has arrived here.
#[tokio::test]
async fn a_payment_under_way_is_said() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let category = Category::RuralResident.to_wire();
    suite.registry.add_enrolment(registry::Enrolment { payment_date: "2021-02-26".to_owned(), category, ..listed() });
    let told = remedy(&suite, "2021-05-15").await;
    assert_eq!(told["payment_date"], "2021-02-26");
    assert!(!told.contains_key("remedy"));
}
