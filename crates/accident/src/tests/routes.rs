//! Routing by resident and by group.

use juyi_domain::codes::{Class, District, InsuredGroup, Insurer};
use juyi_domain::refusal::Reason;
use juyi_proto::accident::v1 as pb;
use juyi_proto::accident::v1::route_accident_request::Subject;
use juyi_proto::code::Coded;
use tonic::Code;
use tonic_types::StatusExt;

use super::{reasons, with_suites};

fn by_resident(resident_id: String, day: &str) -> pb::RouteAccidentRequest {
    let subject = Some(Subject::ResidentId(resident_id));
    pb::RouteAccidentRequest { subject, accident_date: day.to_owned() }
}

fn by_group(group: InsuredGroup, district: &str, day: &str) -> pb::RouteAccidentRequest {
    let group = pb::GroupInDistrict { group: group.to_wire(), district: district.to_owned() };
    pb::RouteAccidentRequest { subject: Some(Subject::Group(group)), accident_date: day.to_owned() }
}

/// S-56: J-6.2.3.6-e, J-13.T-b, J-6.2.3.1-c; the cover decides group and district.
#[tokio::test]
async fn a_resident_is_routed_by_the_cover() {
    with_suites(|suite| async move {
        suite.benefit_period.cover(Class::StudentChild, District::Jinghai);
        let route = suite.route(by_resident(suite.resident(), "2021-03-01")).await.unwrap();
        assert_eq!((route.insurer, route.phone.as_str()), (Insurer::TaikangLife.to_wire(), "4006596193"));
        assert_eq!((route.group, route.district.as_str()), (InsuredGroup::StudentChild.to_wire(), "120118"));
        let kinds: Vec<_> = route.outlets.iter().map(pb::Outlet::kind).collect();
        assert_eq!(kinds, [pb::OutletKind::CityHall]);
        assert!(route.outlets[0].number > 0 && !route.outlets[0].address.is_empty());
        let steps = &route.receipt.as_ref().unwrap().steps;
        assert_eq!(steps[0].rule_id, "J-6.2.3.6-e");
        assert!(steps.iter().all(|step| !step.title.is_empty()));

        // The same group and district by themselves are routed the same way.
        let group = by_group(InsuredGroup::StudentChild, "120118", "2021-03-01");
        assert_eq!(suite.route(group).await.unwrap(), route);

        suite.benefit_period.cover(Class::Adult, District::Jinghai);
        let route = suite.route(by_resident(suite.resident(), "2021-03-01")).await.unwrap();
        assert_eq!(route.insurer, Insurer::SunlifeEverbright.to_wire());
    })
    .await;
}

/// B-6.2.2-a: 2017 prints an address and no phone.
#[tokio::test]
async fn baodi_has_desks_of_its_own() {
    with_suites(|suite| async move {
        let route = suite.route(by_group(InsuredGroup::AdultResident, "120115", "2017-03-01")).await.unwrap();
        assert_eq!(route.insurer, Insurer::PiccHealth.to_wire());
        assert!(!route.desk_address.is_empty() && route.phone.is_empty() && route.outlets.is_empty());
        let status = suite.route(by_group(InsuredGroup::Employee, "120115", "2017-03-01")).await.unwrap_err();
        assert_eq!(reasons(&status), "RULE_NOT_DEFINED");
        // AMB-116: of a resident it prints no period of accident cover either.
        suite.benefit_period.refuse(Reason::RuleNotDefined, "");
        let status = suite.route(by_resident(suite.resident(), "2017-03-01")).await.unwrap_err();
        assert_eq!(reasons(&status), "RULE_NOT_DEFINED");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_routed_is_refused() {
    with_suites(|suite| async move {
        for (district, day, reason) in [
            ("120118", "2020-03-01", "POLICY_YEAR_NOT_LOADED"),
            ("120118", "2017-03-01", "DISTRICT_OUT_OF_SCOPE"),
            ("110101", "2021-03-01", "BAD_DISTRICT"),
            ("120118", "", "REQUIRED_FIELD_MISSING"),
        ] {
            let status = suite.route(by_group(InsuredGroup::Employee, district, day)).await.unwrap_err();
            assert_eq!(reasons(&status), reason);
        }
        suite.benefit_period.refuse(Reason::NotInBenefitPeriod, "J-4.1.1-a");
        let status = suite.route(by_resident(suite.resident(), "2021-03-01")).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::FailedPrecondition, "NOT_IN_BENEFIT_PERIOD"));
        assert_eq!(status.get_details_error_info().unwrap().metadata["rule_id"], "J-4.1.1-a");

        let nobody = pb::RouteAccidentRequest { subject: None, accident_date: "soon".to_owned() };
        let status = suite.route(nobody).await.unwrap_err();
        let violations = status.get_details_bad_request().unwrap().field_violations;
        let fields: Vec<_> = violations.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(fields, ["accident_date", "subject"]);
    })
    .await;
}
