//! What can still be done about a day that is not covered.

use std::collections::HashMap;

use juyi_domain::codes::{Category, ContributionStatus, District, Identity, Insurance, Window};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EnrolmentTerms, PayingScheme, PersonState};
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

/// J-3.2.8-a: born before the window, a newborn to the first birthday.
#[tokio::test]
async fn a_newborn_of_the_summer_before_is_told_its_own_way() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-07-10").await;
    let child = PersonState { birth_date: "2020-08-20".to_owned(), enrolments: Vec::new(), ..farmer() };
    suite.note(vec![child]).await.unwrap();
    let told = remedy(&suite, "2021-08-01").await;
    let expected = [("category", "NEWBORN"), ("enrol_by", "2021-08-20"), ("covered_from_first", "2021-07-11")];
    has(&told, &expected);
}

/// The category of whom nobody knows is not told; nor is a way where nobody knows where the person lives.
#[tokio::test]
async fn nothing_is_made_up_about_the_unenrolled() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    assert!(!remedy(&suite, "2021-07-15").await.contains_key("category"));
    suite.registry.add_resident(registry::Resident {
        resident_id: id(STRANGER),
        birth_date: "1970-05-01".to_owned(),
        ..Default::default()
    });
    let request = pb::GetCoverageRequest {
        resident_id: id(STRANGER),
        date: "2021-07-15".to_owned(),
        insurance: Insurance::Basic.to_wire(),
        scheme_date: String::new(),
    };
    let nowhere = suite.client.clone().get_coverage(request).await.unwrap().into_inner();
    assert_eq!(nowhere.reasons[0].reason, "NOT_ENROLLED");
    assert!(!nowhere.reasons[0].metadata.contains_key("remedy"));
}

/// J-9-1a: employed and without an enrolment, the employees' scheme pays, and nobody is told to enrol.
#[tokio::test]
async fn who_is_employed_is_not_told_to_enrol() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-10").await;
    let employees_insurance = vec![employer("2020-01-01", "2021-03-31", Some(ContributionStatus::Paid))];
    suite.note(vec![PersonState { employees_insurance, enrolments: Vec::new(), ..farmer() }]).await.unwrap();
    let answer = suite.coverage("2021-03-10", Insurance::Basic).await;
    assert_eq!(answer.paying_scheme(), PayingScheme::Employee);
    assert_eq!(grounds(&answer), [("NOT_IN_BENEFIT_PERIOD", "J-9-1a"), ("NOT_ENROLLED", "J-4.1-a")]);
    assert!(answer.reasons.iter().all(|it| !it.metadata.contains_key("remedy")));
}

/// J-3.2.5-f, AMB-019: a special person who owes nothing is told to pay by nobody.
#[tokio::test]
async fn who_owes_nothing_is_not_told_to_pay() {
    for (applied, expected) in [("2020-08-20", None), ("2021-02-10", Some(("RULE_NOT_DEFINED", "J-3.2.5-f")))] {
        let on = TestTarget::sqlite();
        let suite = Suite::start(&on, "2021-03-01").await;
        let identity = Identity::LowIncome.to_wire();
        suite.registry.add_identity(&id(RESIDENT), registry::IdentityPeriod { identity, ..Default::default() });
        suite.registry.add_enrolment(registry::Enrolment {
            category: Category::SpecialPerson.to_wire(),
            application_date: applied.to_owned(),
            window: Window::Personal.to_wire(),
            ..listed()
        });
        let answer = suite.coverage("2021-07-15", Insurance::Basic).await;
        let reasons: Vec<_> = [("NOT_ENROLLED", "J-4.1-a")].into_iter().chain(expected).collect();
        assert_eq!(grounds(&answer), reasons);
        if expected.is_none() {
            has(&answer.reasons[0].metadata, &[("remedy", "SETTLE_SUBSIDY"), ("covered_from", "2021-01-01")]);
        } else {
            assert!(!answer.reasons[0].metadata.contains_key("remedy"));
        }
    }
}

/// Paid already: nothing is left to pay, neither for a payment that opened nothing nor for one that is under way.
#[tokio::test]
async fn who_has_paid_is_not_told_to_pay() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-25").await;
    suite.pay(vec![paid("2021-02-26", farmer())]).await.unwrap();
    suite.refund(vec![refunded()]).await.unwrap();
    suite.registry.add_enrolment(registry::Enrolment { payment_date: "2021-03-22".to_owned(), ..listed() });
    let answer = suite.coverage("2021-06-15", Insurance::Basic).await;
    assert_eq!(grounds(&answer), [("NOT_ENROLLED", "J-4.1-a"), ("NOT_ENROLLED", "J-4.1-a")]);
    assert_eq!(answer.reasons[1].metadata["payment_date"], "2021-03-22");
    assert!(answer.reasons.iter().all(|it| !it.metadata.contains_key("remedy")));
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
    assert!(!answer.reasons[0].metadata.contains_key("remedy"));
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
