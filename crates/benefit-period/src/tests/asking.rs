//! Who asks, and for whom.

use juyi_domain::codes::{ContributionStatus, Insurance, Office};
use juyi_kit::caller::Caller;
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::PersonState;
use juyi_testkit::{TestTarget, targets};

use super::people::*;

/// J-6.1-c: identities are for the offices that settle with them.
#[tokio::test]
async fn identities_are_for_those_who_settle() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    for office in Office::ALL {
        let answer = suite.coverage_for(Some(*office), "2021-05-01", Insurance::Basic).await;
        let settles = matches!(
            office,
            Office::Provider | Office::Township | Office::MedicalInsurance | Office::SocialInsurance | Office::System
        );
        assert_eq!(!answer.identities.is_empty(), settles, "{office}");
    }
    assert!(suite.coverage_for(None, "2021-05-01", Insurance::Basic).await.identities.is_empty());
}

/// Days of employees' insurance and of the death are for the offices that settle or explain; that the day is not covered,
/// and by which rule, everybody is told (J-9-1b, J-A1.3-j).
#[tokio::test]
async fn private_days_are_for_those_who_settle_or_explain() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-09-01").await;
    let person = PersonState {
        employees_insurance: vec![employer("2021-05-03", "2021-07-31", Some(ContributionStatus::Paid))],
        death_date: "2021-10-10".to_owned(),
        ..farmer()
    };
    suite.pay(vec![paid("2020-10-08", person)]).await.unwrap();
    for (office, sees) in [(Office::Provider, true), (Office::Tax, true), (Office::Education, false)] {
        let covered = suite.coverage_for(Some(office), "2021-08-12", Insurance::Basic).await;
        let steps = covered.receipt.unwrap().steps;
        for rule in ["J-9-1b", "J-A1.3-j"] {
            let step = steps.iter().find(|step| step.rule_id == rule).unwrap();
            assert_eq!(!step.inputs.is_empty(), sees, "{office} {rule}");
        }
        let after = suite.coverage_for(Some(office), "2021-10-11", Insurance::Basic).await;
        assert_eq!(grounds(&after), [("NOT_IN_BENEFIT_PERIOD", "J-A1.3-j")]);
        let reason = &after.reasons[0];
        assert_eq!((reason.metadata.contains_key("death_date"), reason.detail.contains("2021-10-10")), (sees, sees));
    }
}

#[tokio::test]
async fn a_stranger_is_not_found() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let request = pb::GetCoverageRequest {
        resident_id: id(STRANGER),
        date: "2021-05-01".to_owned(),
        insurance: Insurance::Basic.to_wire(),
        scheme_date: String::new(),
    };
    assert_eq!(reasons(suite.client.clone().get_coverage(request).await), "PERSON_NOT_FOUND");
    let list = |resident| pb::ListCoverageRequest { resident_id: id(resident), ..Default::default() };
    assert_eq!(reasons(suite.client.clone().list_coverage(list(STRANGER)).await), "PERSON_NOT_FOUND");
    assert!(suite.client.clone().list_coverage(list(RESIDENT)).await.unwrap().into_inner().spans.is_empty());
    assert_eq!(reasons(suite.explain(STRANGER).await), "PERSON_NOT_FOUND");
    assert!(suite.explain(RESIDENT).await.unwrap().payments.is_empty());
}

/// A token that no page gave is refused, not answered with an empty page.
#[tokio::test]
async fn an_unknown_page_token_is_refused() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.pay(vec![late_payment()]).await.unwrap();
        let list = |page_token: String| pb::ListCoverageRequest {
            resident_id: id(RESIDENT),
            page_size: 2,
            page_token,
            ..Default::default()
        };
        let first = suite.client.clone().list_coverage(list(String::new())).await.unwrap().into_inner();
        let second = suite.client.clone().list_coverage(list(first.next_page_token)).await.unwrap().into_inner();
        assert_eq!((first.spans.len(), second.spans.len()), (2, 2), "{}", on.kind);
        let unknown = suite.client.clone().list_coverage(list(id(777))).await;
        assert_eq!(reasons(unknown), "VALUE_NOT_ALLOWED", "{}", on.kind);
    }
}

/// A state of the person that changes no span leaves no recomputation.
#[tokio::test]
async fn a_state_that_changes_nothing_is_no_recomputation() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.note(vec![farmer()]).await.unwrap();
        assert!(suite.explain(RESIDENT).await.unwrap().recomputations.is_empty(), "{}", on.kind);
        suite.pay(vec![late_payment()]).await.unwrap();
        suite.note(vec![PersonState { revision: 2, ..farmer() }]).await.unwrap();
        assert_eq!(suite.explain(RESIDENT).await.unwrap().recomputations.len(), 1, "{}", on.kind);
    }
}

/// AMB-139, J-5.1.6-a: who took up work while in hospital has the part after New Year paid by the residents' scheme, because
/// that scheme paid on the day of admission; asked alone and among many. A day after the one asked for decides nothing.
#[tokio::test]
async fn the_day_a_stay_began_decides_which_scheme_pays() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-09-01").await;
        let employed = vec![employer("2021-06-01", "2021-08-31", Some(ContributionStatus::Paid))];
        suite.pay(vec![paid("2021-02-26", PersonState { employees_insurance: employed, ..farmer() })]).await.unwrap();
        let request = |scheme_date: &str| pb::GetCoverageRequest {
            resident_id: id(RESIDENT),
            date: "2021-06-01".to_owned(),
            insurance: Insurance::Basic.to_wire(),
            scheme_date: scheme_date.to_owned(),
        };
        let question = |scheme_date: &str| pb::CoveredQuestion {
            resident_id: id(RESIDENT),
            date: "2021-06-01".to_owned(),
            scheme_date: scheme_date.to_owned(),
        };
        let system = || Some(Caller::system());
        for (scheme_date, expected) in [("", false), ("2021-06-01", false), ("2021-05-31", true)] {
            let mut client = suite.client.clone();
            let alone = Caller::scope(system(), client.get_coverage(request(scheme_date))).await.unwrap().into_inner();
            assert_eq!(alone.covered, expected, "{} {scheme_date}", on.kind);
            let insurance = Insurance::Basic.to_wire();
            let many = pb::BatchGetCoveredRequest { insurance, questions: vec![question(scheme_date)] };
            let mut client = suite.covered.clone();
            let many = Caller::scope(system(), client.batch_get_covered(many)).await.unwrap().into_inner();
            assert_eq!(many.covered.len(), usize::from(expected), "{} {scheme_date}", on.kind);
        }
        assert_eq!(reasons(suite.client.clone().get_coverage(request("2021-06-02")).await), "DATE_ORDER");
    }
}

/// Many asked about at once are covered as each is alone; who is not is left out, and the registry is asked for all.
#[tokio::test]
async fn many_are_covered_as_each_is_alone() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-09-01").await;
        let person = PersonState {
            employees_insurance: vec![employer("2021-06-03", "2021-07-31", Some(ContributionStatus::Paid))],
            ..farmer()
        };
        suite.pay(vec![paid("2021-02-26", person)]).await.unwrap();
        suite.registry.record_death(&id(RESIDENT), "2021-10-10");
        let days = ["2021-04-30", "2021-05-01", "2021-06-15", "2021-08-01", "2021-10-10", "2021-10-11"];
        let question = |(resident, date): (u64, &str)| pb::CoveredQuestion {
            resident_id: id(resident),
            date: date.to_owned(),
            scheme_date: String::new(),
        };
        let asked = [(STRANGER, days[1])].into_iter().chain(days.map(|day| (RESIDENT, day)));
        let request = pb::BatchGetCoveredRequest {
            insurance: Insurance::Basic.to_wire(),
            questions: asked.clone().map(question).collect(),
        };
        let client = || suite.covered.clone();
        let answer = Caller::scope(Some(Caller::system()), client().batch_get_covered(request.clone())).await;
        let mut expected = Vec::new();
        for (question, (resident, day)) in (0..).zip(asked) {
            let alone = suite.coverage(day, Insurance::Basic).await;
            if resident == RESIDENT && alone.covered {
                expected.push(pb::Covered {
                    question,
                    benefit_year: alone.span.unwrap().benefit_year,
                    district: alone.district,
                    class: alone.class,
                    tier: alone.tier,
                    identities: alone.identities,
                });
            }
        }
        assert!(expected.len() >= 2, "{expected:?}");
        assert_eq!(answer.unwrap().into_inner().covered, expected, "{}", on.kind);
        let caller = Some(Caller { office: Office::Provider, district: None, name: "H".to_owned() });
        assert_eq!(reasons(Caller::scope(caller, client().batch_get_covered(request)).await), "ROLE_NOT_ALLOWED");
    }
}
