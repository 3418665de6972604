//! The collection system of a unit.

use juyi_domain::codes::Office;
use juyi_domain::contribution::agency::AgencyState;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::targets;

use super::registry::{Coverage, Crowd, pupil};
use super::{SCHOOL, Site, VILLAGE, by, declare, reasons};

fn request(request_id: &str, unit_id: &str) -> pb::RequestAgencySystemRequest {
    pb::RequestAgencySystemRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        unit_id: unit_id.to_owned(),
        policy_year: 2021,
    }
}

fn grant(request_id: &str, key_serial_number: &str) -> pb::GrantAgencySystemRequest {
    pb::GrantAgencySystemRequest {
        request_id: request_id.to_owned(),
        validate_only: false,
        unit_id: SCHOOL.to_owned(),
        key_serial_number: key_serial_number.to_owned(),
        grant_date: "2020-10-19".to_owned(),
    }
}

/// J-3.3.1-a: registration, request, key; each once.
#[tokio::test]
async fn a_unit_gets_its_system_after_registration() {
    for on in &targets().await {
        let site = Site::build(on, &Crowd::of([]), &Coverage::default(), false).await;
        let ask = |request| by(Office::Education, async { site.client.clone().request_agency_system(request).await });
        let issue = |office, request| by(office, async { site.client.clone().grant_agency_system(request).await });
        assert_eq!(reasons(ask(request("one", SCHOOL)).await), "ORDER_VIOLATION", "{}", site.kind);
        assert_eq!(reasons(issue(Office::Tax, grant("key", "K-1")).await), "ORDER_VIOLATION", "{}", site.kind);
        let village = by(Office::Township, site.client.clone().request_agency_system(request("one", VILLAGE))).await;
        assert_eq!(reasons(village), "CHANNEL_MISMATCH", "{}", site.kind);
        let get = pb::GetAgencySystemRequest { unit_id: SCHOOL.to_owned() };
        let unknown = by(Office::Tax, site.client.clone().get_agency_system(get.clone())).await;
        assert_eq!(reasons(unknown), "UNIT_NOT_FOUND", "{}", site.kind);

        site.crowd.put(pupil(1));
        let too_early = reasons(site.declare(declare("early", SCHOOL)).await);
        assert_eq!(too_early, "ORDER_VIOLATION", "{}", site.kind);
        let asked = ask(request("one", SCHOOL)).await.unwrap().agency_system.unwrap();
        assert_eq!(asked.state, AgencyState::Requested.to_wire(), "{}", site.kind);
        assert_eq!(reasons(site.declare(declare("early", SCHOOL)).await), "ORDER_VIOLATION", "{}", site.kind);
        assert_eq!(ask(request("two", SCHOOL)).await.unwrap().agency_system.unwrap(), asked, "{}", site.kind);
        assert_eq!(reasons(issue(Office::Education, grant("key", "K-1")).await), "ROLE_NOT_ALLOWED", "{}", site.kind);
        let granted = issue(Office::Tax, grant("key", "K-1")).await.unwrap().agency_system.unwrap();
        assert_eq!((granted.state, granted.key_serial_number.as_str()), (AgencyState::Granted.to_wire(), "K-1"));
        assert_eq!(issue(Office::Tax, grant("again", "K-1")).await.unwrap().agency_system.unwrap(), granted);
        assert_eq!(reasons(issue(Office::Tax, grant("other", "K-2")).await), "ORDER_VIOLATION", "{}", site.kind);
        let found = by(Office::Tax, site.client.clone().get_agency_system(get)).await.unwrap().agency_system;
        assert_eq!(found, Some(granted), "{}", site.kind);
        site.declare(declare("early", SCHOOL)).await.unwrap();
    }
}
