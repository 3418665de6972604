//! Questions about one day.

use juyi_domain::codes::{
    Category, Class, ContributionStatus, District, EmployeesInsuranceKind, Identity, Insurance, PaymentMethod, Tier,
    Window,
};
use juyi_proto::benefit_period::v1 as pb;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{EmployeesInsurance, EnrolmentRoute, EnrolmentTerms, PayingScheme, PersonState};
use juyi_testkit::{TestTarget, targets};

use super::people::*;

/// J-4.1.1-b: paid on 2021-02-26, not insured the year before, covered from 2021-05-01.
#[tokio::test]
async fn a_covered_day_names_the_terms() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.pay(vec![late_payment()]).await.unwrap();
        let covered = suite.coverage("2021-05-01", Insurance::Basic).await;
        let span = covered.span.clone().unwrap();
        assert!(covered.covered, "{}", on.kind);
        assert_eq!((span.start_date.as_str(), span.end_date.as_str()), ("2021-05-01", "2021-12-31"));
        assert_eq!((span.enrolment_id, span.payment_id), (id(ENROLMENT), id(PAYMENT)));
        assert_eq!((covered.class, covered.tier), (Class::Adult.to_wire(), Tier::Middle.to_wire()));
        assert_eq!(covered.category, Category::RuralResident.to_wire());
        assert_eq!((covered.district.as_str(), covered.township.as_str()), ("120118", "120118.4"));
        assert_eq!((covered.policy_year, covered.paying_scheme()), (2021, PayingScheme::Resident));
        assert_eq!(covered.identities, [Identity::SingleParentFamily.to_wire()]);
        let steps = covered.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-4.1.1-b" && !step.title.is_empty()), "{}", on.kind);
        assert!(suite.coverage("2021-12-31", Insurance::Accident).await.covered, "{}", on.kind);
    }
}

/// J-4.1-a, J-4.1.1-b, J-4.2-a, J-4.3-b.
#[tokio::test]
async fn an_uncovered_day_names_the_reason() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        let unpaid = suite.coverage("2021-05-01", Insurance::Basic).await;
        assert!(!unpaid.covered && unpaid.span.is_none(), "{}", on.kind);
        assert_eq!(unpaid.identities, [Identity::SingleParentFamily.to_wire()]);
        assert_eq!(grounds(&unpaid), [("NOT_ENROLLED", "J-4.1-a")], "{}", on.kind);

        suite.pay(vec![late_payment()]).await.unwrap();
        for (date, insurance, rule) in [
            ("2021-04-30", Insurance::Basic, "J-4.1.1-b"),
            ("2022-01-01", Insurance::CriticalIllness, "J-4.2-a"),
            ("2021-04-30", Insurance::Accident, "J-4.3-b"),
        ] {
            let early = suite.coverage(date, insurance).await;
            assert_eq!(grounds(&early), [("NOT_IN_BENEFIT_PERIOD", rule)], "{}", on.kind);
            let reason = &early.reasons[0];
            assert!(reason.detail.contains("2021-05-01 to 2021-12-31") && !reason.message.is_empty());
            assert_eq!(reason.metadata["start_date"], "2021-05-01");
        }
    }
}

/// J-A1.3-j: the day of death is covered, the day after is not, by any insurance; a death that the registry knows counts
/// before the fact of it arrives.
#[tokio::test]
async fn coverage_ends_with_the_recorded_death() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.pay(vec![late_payment()]).await.unwrap();
        suite.registry.record_death(&id(RESIDENT), "2021-06-10");
        for told in [false, true] {
            if told {
                let dead = PersonState { revision: 2, death_date: "2021-06-10".to_owned(), ..farmer() };
                suite.note(vec![dead]).await.unwrap();
            }
            assert!(suite.coverage("2021-06-10", Insurance::Basic).await.covered, "{}", on.kind);
            for insurance in Insurance::ALL {
                let after = suite.coverage("2021-06-11", *insurance).await;
                assert_eq!(grounds(&after), [("NOT_IN_BENEFIT_PERIOD", "J-A1.3-j")], "{} {insurance}", on.kind);
                assert_eq!(after.reasons[0].metadata["death_date"], "2021-06-10", "{}", on.kind);
            }
        }
        // The next year there are two reasons.
        let later = suite.coverage("2022-01-01", Insurance::Basic).await;
        let both = [("NOT_IN_BENEFIT_PERIOD", "J-A1.3-j"), ("NOT_IN_BENEFIT_PERIOD", "J-4.1.1-b")];
        assert_eq!(grounds(&later), both, "{}", on.kind);
        // A death that is taken back takes nothing away.
        suite.registry.record_death(&id(RESIDENT), "");
        suite.note(vec![PersonState { revision: 3, ..farmer() }]).await.unwrap();
        assert!(suite.coverage("2021-06-11", Insurance::Basic).await.covered, "{}", on.kind);
    }
}

/// S-17: J-4.1.3-a, J-4.3-a; J-4.3-c once the leaving is told.
#[tokio::test]
async fn a_pupil_who_left_keeps_the_accident_cover() {
    for on in &targets().await {
        let suite = Suite::start(on, "2020-09-21").await;
        suite.pay(vec![paid("2020-09-20", pupil())]).await.unwrap();
        assert_eq!(suite.of(Insurance::Basic).await, ["2020-09-01 to 2020-12-31", "2021-01-01 to 2021-12-31"]);
        assert_eq!(suite.of(Insurance::Accident).await, ["2020-09-01 to 2021-08-31"], "{}", on.kind);
        let stays = suite.coverage("2021-10-10", Insurance::Accident).await;
        assert_eq!(grounds(&stays), [("NOT_IN_BENEFIT_PERIOD", "J-4.3-a")], "{}", on.kind);
        let left = PersonState { revision: 2, school_leaving_dates: vec!["2021-06-30".to_owned()], ..pupil() };
        suite.note(vec![left]).await.unwrap();
        let covered = suite.coverage("2021-10-10", Insurance::Accident).await;
        assert!(covered.covered, "{}", on.kind);
        assert!(covered.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-4.3-c"), "{}", on.kind);
        assert_eq!(suite.of(Insurance::Accident).await, ["2020-09-01 to 2021-12-31"], "{}", on.kind);
        let all = suite.spans(RESIDENT, true).await;
        assert_eq!(all.iter().filter(|span| span.3).count(), 1, "{}: {all:?}", on.kind);
    }
}

/// J-9-1a, J-9-1b: while contributions are paid the employees' scheme pays alone.
#[tokio::test]
async fn employed_months_are_not_the_residents() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-09-01").await;
        let employed = PersonState {
            employees_insurance: vec![
                employer("2021-05-01", "2021-07-31", Some(ContributionStatus::Paid)),
                employer("2021-08-01", "2021-09-30", Some(ContributionStatus::Interrupted)),
                employer("2021-10-01", "", None),
            ],
            ..farmer()
        };
        suite.pay(vec![paid("2020-10-08", employed)]).await.unwrap();
        for (date, rule) in [("2021-04-30", None), ("2021-08-01", Some("J-9-1b"))] {
            let answer = suite.coverage(date, Insurance::Basic).await;
            assert!(answer.covered && answer.paying_scheme() == PayingScheme::Resident, "{} {date}", on.kind);
            let steps = answer.receipt.unwrap().steps;
            assert_eq!(steps.iter().find(|step| step.rule_id.starts_with("J-9")).map(|it| it.rule_id.as_str()), rule);
        }
        let employed = suite.coverage("2021-06-12", Insurance::Basic).await;
        assert_eq!(grounds(&employed), [("NOT_IN_BENEFIT_PERIOD", "J-9-1a")], "{}", on.kind);
        assert_eq!(employed.reasons[0].metadata["paying_scheme"], "EMPLOYEE");
        assert_eq!(employed.paying_scheme(), PayingScheme::Employee);
        let unknown = suite.coverage("2021-10-12", Insurance::Basic).await;
        assert_eq!(grounds(&unknown), [("REQUIRED_FIELD_MISSING", "J-9-1a")], "{}", on.kind);
        assert_eq!(unknown.paying_scheme(), PayingScheme::Unspecified);
        // Suspended, not gone: the spans are what was paid for.
        assert_eq!(suite.of(Insurance::Basic).await, ["2021-01-01 to 2021-12-31"], "{}", on.kind);
    }
}

/// J-9-2a, J-9-2b: the individually insured.
#[tokio::test]
async fn the_waiting_period_is_the_residents() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let individual = EmployeesInsurance {
        start_date: "2021-01-15".to_owned(),
        kind: EmployeesInsuranceKind::Individual.to_wire(),
        waiting_period_end_date: "2021-06-30".to_owned(),
        ..Default::default()
    };
    let person = PersonState { employees_insurance: vec![individual], ..farmer() };
    suite.pay(vec![paid("2020-10-08", person)]).await.unwrap();
    let waiting = suite.coverage("2021-06-30", Insurance::Basic).await;
    assert!(waiting.covered && waiting.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-9-2a"));
    let waited = suite.coverage("2021-07-01", Insurance::Basic).await;
    assert_eq!(grounds(&waited), [("NOT_IN_BENEFIT_PERIOD", "J-9-2b")]);
    assert_eq!(waited.paying_scheme(), PayingScheme::Employee);
}

/// AMB-114, J-3.4.2-a: claims go to the new district from the day the change is known.
#[tokio::test]
async fn a_change_of_district_routes_from_the_day_it_is_known() {
    for on in &targets().await {
        let suite = Suite::start(on, "2020-11-12").await;
        suite.pay(vec![paid("2020-11-11", farmer())]).await.unwrap();
        // Told late: the day of the move counts, not that of the delivery.
        suite.clock.set_day("2021-07-20");
        let route = |from: &str, district: District, township: &str| EnrolmentRoute {
            from_date: from.to_owned(),
            district: district.to_string(),
            township: township.to_owned(),
        };
        let routes =
            vec![route("2020-11-11", District::Jinghai, "120118.4"), route("2021-06-10", District::Nankai, "")];
        let (district, township) = (District::Nankai.to_string(), String::new());
        let terms = EnrolmentTerms { district, township, routes, ..terms() };
        suite.note(vec![PersonState { revision: 2, enrolments: vec![terms], ..farmer() }]).await.unwrap();
        for (date, district, township) in [("2021-06-09", "120118", "120118.4"), ("2021-06-10", "120104", "")] {
            let answer = suite.coverage(date, Insurance::Accident).await;
            assert_eq!((answer.district.as_str(), answer.township.as_str()), (district, township), "{}", on.kind);
        }
    }
}

/// B-5-a prints the benefits of 2017 without a period of maternity and accident insurance.
#[tokio::test]
async fn an_insurance_without_printed_period_is_not_one_without_payment() {
    for on in &targets().await {
        let suite = Suite::start(on, "2016-10-13").await;
        let terms = EnrolmentTerms {
            policy_year: 2017,
            district: District::Baodi.to_string(),
            application_date: "2016-10-12".to_owned(),
            ..terms()
        };
        let person = PersonState { enrolments: vec![terms], ..farmer() };
        suite.pay(vec![paid("2016-10-12", person)]).await.unwrap();
        assert!(suite.coverage("2017-06-01", Insurance::CriticalIllness).await.covered, "{}", on.kind);
        for insurance in [Insurance::Maternity, Insurance::Accident] {
            let answer = suite.coverage("2017-06-01", insurance).await;
            assert_eq!(grounds(&answer), [("RULE_NOT_DEFINED", "B-5-a")], "{}", on.kind);
        }
    }
}

/// What each rule of the start opens, through the whole service: J-3.2.5-f, J-4.1.5-a, J-3.2.7-b, J-3.3.4-a, J-4.1.4-c.
#[tokio::test]
async fn the_terms_decide_from_when() {
    let special = |window: Window| EnrolmentTerms {
        category: Category::SpecialPerson.to_wire(),
        window: window.to_wire(),
        ..terms()
    };
    let interrupted = |window: Window| EnrolmentTerms {
        category: Category::InterruptedEmployee.to_wire(),
        window: window.to_wire(),
        interruption_date: "2020-12-15".to_owned(),
        ..terms()
    };
    let newborn = EnrolmentTerms { category: Category::Newborn.to_wire(), ..terms() };
    for (terms, fully_subsidised, start) in [
        (special(Window::Personal), true, "2021-01-01"),
        (special(Window::Personal), false, "2021-05-01"),
        (interrupted(Window::Personal), false, "2021-02-27"),
        (interrupted(Window::Ordinary), false, "2021-05-01"),
        (EnrolmentTerms { by_deduction: true, ..terms() }, false, "2021-05-01"),
        (newborn, false, "2020-11-10"),
    ] {
        let on = TestTarget::sqlite();
        let suite = Suite::start(&on, "2021-03-01").await;
        let person = PersonState { enrolments: vec![terms], birth_date: "2020-11-10".to_owned(), ..farmer() };
        suite.pay(vec![pb::PaymentFact { fully_subsidised, ..paid("2021-02-26", person) }]).await.unwrap();
        assert!(suite.of(Insurance::Basic).await[0].starts_with(start), "{start}");
    }
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let method = PaymentMethod::PensionDeduction.to_wire();
    suite.pay(vec![pb::PaymentFact { method, ..late_payment() }]).await.unwrap();
    assert_eq!(suite.of(Insurance::Basic).await, ["2021-01-01 to 2021-12-31"]);
}
