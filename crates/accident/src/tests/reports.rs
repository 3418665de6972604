//! Reports: once a day, in time or late, with the route of the cover.

use juyi_domain::codes::{Class, District, Office};
use juyi_domain::refusal::Reason;
use juyi_proto::accident::v1 as pb;
use tonic::Code;

use super::{Suite, reasons, with_suites};

fn report(resident_id: &str, request_id: &str, days: [&str; 2]) -> pb::ReportAccidentRequest {
    let [accident_date, report_date] = days.map(str::to_owned);
    pb::ReportAccidentRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        resident_id: resident_id.to_owned(),
        accident_date,
        report_date,
    }
}

async fn is_refused(suite: &Suite, request: pb::ReportAccidentRequest, code: Code, reason: &str) {
    let status = suite.report(request).await.unwrap_err();
    assert_eq!((status.code(), reasons(&status).as_str()), (code, reason));
}

/// S-52: J-6.2.3.1-a, in time until the fifth day after the accident.
#[tokio::test]
async fn a_late_report_is_marked_and_kept() {
    with_suites(|suite| async move {
        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        let resident = suite.resident();
        let in_time = suite.report(report(&resident, "1", ["2021-02-20", "2021-02-25"])).await.unwrap();
        assert_eq!((in_time.report_due_date.as_str(), in_time.late), ("2021-02-25", false));
        assert_eq!(suite.get(&resident, &in_time.claim_id).await.unwrap(), in_time);

        let late = suite.report(report(&resident, "2", ["2021-02-21", "2021-02-27"])).await.unwrap();
        assert!(late.late);
        let steps = late.route.unwrap().receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-6.2.3.1-a" && step.marks == ["LATE"]));
    })
    .await;
}

/// AMB-116: 2017 prints neither a period of accident cover nor a deadline.
#[tokio::test]
async fn without_a_printed_period_or_deadline_nothing_is_reported() {
    with_suites(|suite| async move {
        let request = report(&suite.resident(), "1", ["2017-02-20", "2017-02-21"]);
        suite.benefit_period.refuse(Reason::RuleNotDefined, "");
        is_refused(&suite, request.clone(), Code::FailedPrecondition, "RULE_NOT_DEFINED").await;
        suite.benefit_period.cover(Class::Adult, District::Baodi);
        is_refused(&suite, request, Code::FailedPrecondition, "RULE_NOT_DEFINED").await;
    })
    .await;
}

/// J-6.2.3.1-a: desks take reports, those of a district for its people.
#[tokio::test]
async fn each_desk_has_its_duty_and_district() {
    with_suites(|suite| async move {
        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        for office in Office::ALL {
            let days = ["2021-02-20", "2021-02-21"];
            let desk = matches!(
                office,
                Office::Insurer
                    | Office::Provider
                    | Office::Township
                    | Office::Education
                    | Office::MedicalInsurance
                    | Office::SocialInsurance
                    | Office::System
            );
            let whole_city = matches!(office, Office::Insurer | Office::Provider | Office::System);
            for (district, allowed) in [(District::Jinghai, desk), (District::Nankai, desk && whole_city)] {
                let reported = suite.report_by(*office, district, report(&suite.resident(), "1", days)).await;
                let reason = reported.err().map(|status| reasons(&status));
                assert_eq!(reason, (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()), "{office}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_accident_is_reported_once() {
    with_suites(|suite| async move {
        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        let resident = suite.resident();
        let request = report(&resident, "1", ["2021-02-20", "2021-02-21"]);
        let checked = pb::ReportAccidentRequest { validate_only: true, ..request.clone() };
        assert!(suite.report(checked).await.unwrap().claim_id.is_empty());
        let first = suite.report(request.clone()).await.unwrap();
        // Repeated, it is answered as the first time, even when the cover is gone.
        suite.benefit_period.refuse(Reason::NotEnrolled, "");
        assert_eq!(suite.report(request).await.unwrap(), first);
        suite.benefit_period.cover(Class::Adult, District::Jinghai);

        let again = ["2021-02-20", "2021-02-22"];
        is_refused(&suite, report(&resident, "2", again), Code::AlreadyExists, "REPORT_ALREADY_FILED").await;
        is_refused(&suite, report(&resident, "1", again), Code::AlreadyExists, "REQUEST_ID_REUSED").await;
        suite.report(report(&suite.resident(), "1", again)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_reported_is_refused_and_not_kept() {
    with_suites(|suite| async move {
        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        let resident = suite.resident();
        let sound = report(&resident, "1", ["2021-02-20", "2021-02-21"]);
        for (days, reason) in [
            (["2021-02-20", "2021-02-19"], "DATE_ORDER"),
            (["2021-02-20", "2022-01-16"], "DATE_ORDER"),
            (["2021-02-20", ""], "REQUIRED_FIELD_MISSING"),
            (["", ""], "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING"),
        ] {
            is_refused(&suite, report(&resident, "1", days), Code::InvalidArgument, reason).await;
        }
        suite.benefit_period.refuse(Reason::NotEnrolled, "");
        is_refused(&suite, sound.clone(), Code::FailedPrecondition, "NOT_ENROLLED").await;
        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        let nobody = suite.client.clone().report_accident(sound.clone()).await.unwrap_err();
        assert_eq!(reasons(&nobody), "ROLE_NOT_ALLOWED");
        // Nothing of all that stands in the way of the report.
        let kept = suite.report(sound).await.unwrap();
        let status = suite.get(&suite.resident(), &kept.claim_id).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::NotFound, "CLAIM_NOT_FOUND"));
    })
    .await;
}
