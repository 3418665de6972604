//! Coverage of facts that a caller gives.

use juyi_domain::codes::{Category, ContributionStatus, District, Insurance};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::PayingScheme;
use juyi_testkit::TestTarget;

use super::people::*;

fn newborn() -> pb::PreviewCoverageRequest {
    pb::PreviewCoverageRequest {
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::Newborn.to_wire(),
        birth_date: "2021-03-15".to_owned(),
        payment_date: "2021-07-15".to_owned(),
        ..Default::default()
    }
}

fn pupil() -> pb::PreviewCoverageRequest {
    pb::PreviewCoverageRequest {
        category: Category::SchoolStudent.to_wire(),
        previous_year_insured: Some(false),
        payment_date: "2020-09-20".to_owned(),
        ..newborn()
    }
}

async fn preview(suite: &Suite, request: pb::PreviewCoverageRequest) -> pb::PreviewCoverageResponse {
    suite.client.clone().preview_coverage(request).await.unwrap().into_inner()
}

fn of(preview: &pb::PreviewCoverageResponse, insurance: Insurance) -> Vec<String> {
    let own = preview.spans.iter().filter(|span| span.insurance == insurance.to_wire());
    own.map(|span| format!("{} to {}", span.start_date, span.end_date)).collect()
}

/// J-4.1.4-a; J-3.2.7-a with the day of the interruption, J-3.2.7-b without; J-4.1.2-a until an operator sets the dates.
#[tokio::test]
async fn given_facts_are_previewed() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let child = preview(&suite, newborn()).await;
    assert_eq!(of(&child, Insurance::Basic), ["2021-03-15 to 2021-12-31"]);
    assert_eq!((child.spans[0].span_id.as_str(), child.spans[0].payment_id.as_str()), ("", ""));
    assert!(child.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-4.1.4-a"));

    let mut client = suite.client.clone();
    let unborn = pb::PreviewCoverageRequest { birth_date: String::new(), district: "x".to_owned(), ..newborn() };
    let refused = reasons(client.preview_coverage(unborn).await);
    assert!(refused.contains("REQUIRED_FIELD_MISSING") && refused.contains("BAD_DISTRICT"));
    let employee = pb::PreviewCoverageRequest {
        category: Category::InterruptedEmployee.to_wire(),
        payment_date: "2021-02-26".to_owned(),
        previous_year_insured: Some(false),
        ..newborn()
    };
    for (interruption_date, start) in [("2021-01-31", "2021-02-27"), ("", "2021-05-01")] {
        let request =
            pb::PreviewCoverageRequest { interruption_date: interruption_date.to_owned(), ..employee.clone() };
        assert_eq!(of(&preview(&suite, request).await, Insurance::Basic), [format!("{start} to 2021-12-31")]);
    }
    let epidemic = pb::PreviewCoverageRequest {
        category: Category::RuralResident.to_wire(),
        invoke_epidemic_rule: true,
        ..employee
    };
    assert_eq!(reasons(client.preview_coverage(epidemic).await), "PARAMETER_NOT_SET");
}

/// J-4.3-c, J-A1.3-j, J-3.3.4-a: leaving, death, deduction, and a refund with another payment.
#[tokio::test]
async fn a_whole_history_is_previewed() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let left = pb::PreviewCoverageRequest { school_leaving_date: "2021-06-30".to_owned(), ..pupil() };
    assert_eq!(of(&preview(&suite, left.clone()).await, Insurance::Accident), ["2020-09-01 to 2021-12-31"]);
    let dead = pb::PreviewCoverageRequest { death_date: "2021-10-10".to_owned(), ..left };
    assert_eq!(of(&preview(&suite, dead).await, Insurance::Accident), ["2020-09-01 to 2021-10-10"]);

    let farmer = pb::PreviewCoverageRequest {
        category: Category::RuralResident.to_wire(),
        previous_year_insured: Some(false),
        payment_date: "2021-02-26".to_owned(),
        ..newborn()
    };
    let deducted = pb::PreviewCoverageRequest { by_deduction: true, ..farmer.clone() };
    assert_eq!(of(&preview(&suite, deducted).await, Insurance::Basic), ["2021-01-01 to 2021-12-31"]);
    let again = pb::PreviewedPayment {
        policy_year: 2021,
        district: District::Jinghai.to_string(),
        category: Category::RuralResident.to_wire(),
        previous_year_insured: Some(false),
        payment_date: "2021-03-20".to_owned(),
        ..Default::default()
    };
    let repaid = pb::PreviewCoverageRequest {
        refund_date: "2021-03-15".to_owned(),
        further_payments: vec![again.clone()],
        ..farmer.clone()
    };
    assert_eq!(of(&preview(&suite, repaid).await, Insurance::Basic), ["2021-06-01 to 2021-12-31"]);

    let late = pb::PreviewedPayment { payment_date: "2021-07-01".to_owned(), ..again };
    let mut client = suite.client.clone();
    let refused = pb::PreviewCoverageRequest { further_payments: vec![late.clone()], ..farmer.clone() };
    assert_eq!(reasons(client.preview_coverage(refused).await), "WINDOW_CLOSED");
    let many = pb::PreviewCoverageRequest { further_payments: vec![late; 21], ..farmer };
    assert!(reasons(client.preview_coverage(many).await).contains("VALUE_NOT_ALLOWED"));
    assert!(suite.spans(RESIDENT, true).await.is_empty());
}

/// J-9-1a, J-9-1b: who pays on a day; AMB-019: a special person who pays.
#[tokio::test]
async fn employees_insurance_and_paying_special_persons_are_previewed() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let farmer = pb::PreviewCoverageRequest {
        category: Category::RuralResident.to_wire(),
        payment_date: "2020-10-08".to_owned(),
        ..pupil()
    };
    let employed = pb::PreviewCoverageRequest {
        employees_insurance: vec![employer("2021-05-01", "2021-07-31", Some(ContributionStatus::Paid))],
        date: "2021-06-12".to_owned(),
        ..farmer.clone()
    };
    let answer = preview(&suite, employed.clone()).await;
    assert_eq!(answer.paying_scheme(), PayingScheme::Employee);
    assert!(answer.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-9-1a"));
    let later = pb::PreviewCoverageRequest { date: "2021-08-01".to_owned(), ..employed.clone() };
    assert_eq!(preview(&suite, later).await.paying_scheme(), PayingScheme::Resident);
    let undated = pb::PreviewCoverageRequest { date: String::new(), ..employed };
    assert_eq!(reasons(suite.client.clone().preview_coverage(undated).await), "REQUIRED_FIELD_MISSING");

    for (pays_premium, start) in [(true, "2021-05-01"), (false, "2021-01-01")] {
        let payment_date = if pays_premium { "2021-02-26" } else { "2020-08-20" }.to_owned();
        let category = Category::SpecialPerson.to_wire();
        let special = pb::PreviewCoverageRequest { category, pays_premium, payment_date, ..farmer.clone() };
        assert_eq!(of(&preview(&suite, special).await, Insurance::Basic), [format!("{start} to 2021-12-31")]);
    }
}
