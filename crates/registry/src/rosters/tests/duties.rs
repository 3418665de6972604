//! Who may push what, what a stream may look like, and which lists there are.

use std::sync::Arc;

use juyi_domain::codes::{Desk, District, Office, RosterKind};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_policy::Policy;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::submit_roster_request::Piece;
use juyi_testkit::{ManualClock, TestTarget};
use tonic_types::StatusExt;

use super::{Site, TODAY, header, of_jinghai, people, person, reason, rule, sites};

/// J-3.2.5-b, J-A1.3-f, -h, -j, -k, -l, -m, -o and -p.
#[tokio::test]
async fn only_the_supplier_pushes_its_list() {
    for site in &sites().await {
        for (kind, supplier, rule_id) in [
            (RosterKind::Students, Office::Education, "J-A1.3-f"),
            (RosterKind::OtherAid, Office::CivilAffairs, "J-A1.3-h"),
            (RosterKind::LowIncome, Office::CivilAffairs, "J-3.2.5-b"),
            (RosterKind::Deaths, Office::CivilAffairs, "J-A1.3-j"),
            (RosterKind::Payments, Office::Tax, "J-A1.3-k"),
            (RosterKind::Population, Office::PublicSecurity, "J-A1.3-l"),
            (RosterKind::SevereDisability, Office::DisabledPersonsFederation, "J-3.2.5-b"),
            (RosterKind::EntitledGroups, Office::VeteransAffairs, "J-3.2.5-b"),
            (RosterKind::CadreSpouses, Office::VeteranCadres, "J-3.2.5-b"),
            (RosterKind::StudentLoans, Office::Education, "J-3.2.5-d"),
        ] {
            let refused = site.push(Office::Township, &header(kind, "x"), &people([1])).await.unwrap_err();
            assert_eq!((reason(&refused).as_str(), rule(&refused).as_str()), ("ROLE_NOT_ALLOWED", rule_id), "{kind}");
            let answer = site.push(supplier, &header(kind, "x"), &[]).await.unwrap();
            assert_eq!(answer.roster.unwrap().collected_by.unwrap().office, supplier.to_wire(), "{}", site.kind);
        }
    }
}

/// B-8.2.5-a and B-8.2.6-a: in 2017 the plan names other bodies, and none for deaths.
#[tokio::test]
async fn the_suppliers_of_2017_are_others() {
    for site in &sites().await {
        let baodi = |kind| pb::RosterHeader {
            district: "120115".to_owned(),
            policy_year: 2017,
            as_of_date: "2016-10-12".to_owned(),
            ..header(kind, "x")
        };
        let by = |office, kind| {
            let caller = Caller { office, district: Some(District::Baodi), name: "Baodi".to_owned() };
            let stream = tokio_stream::iter([pb::SubmitRosterRequest { piece: Some(Piece::Header(baodi(kind))) }]);
            Caller::scope(Some(caller), async move { site.rosters.clone().submit_roster(stream).await })
        };
        let refused = by(Office::Tax, RosterKind::Students).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), rule(&refused).as_str()), ("ROLE_NOT_ALLOWED", "B-8.2.5-a"));
        let refused = by(Office::VeteransAffairs, RosterKind::EntitledGroups).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), rule(&refused).as_str()), ("ROLE_NOT_ALLOWED", "B-8.2.6-a"));
        by(Office::CivilAffairs, RosterKind::EntitledGroups).await.unwrap();
        let refused = by(Office::CivilAffairs, RosterKind::Deaths).await.unwrap_err();
        assert_eq!(reason(&refused), "RULE_NOT_DEFINED", "{}", site.kind);
    }
}

/// J-A1.3-q: at another office's desk nobody enrols. J-3.2.1-a: through the branch a unit is named.
#[tokio::test]
async fn a_collective_registration_has_its_desk_and_its_unit() {
    for site in &sites().await {
        let branch = pb::RosterHeader {
            desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
            ..header(RosterKind::Enrolment, "intake")
        };
        let refused = site.push(Office::Township, &branch, &people([1])).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), rule(&refused).as_str()), ("ROLE_NOT_ALLOWED", "J-A1.3-q"));
        let refused = site.push(Office::SocialInsurance, &branch, &people([1])).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), rule(&refused).as_str()), ("REQUIRED_FIELD_MISSING", "J-3.2.1-a"));
        let unknown = pb::RosterHeader { unit_id: "120118.NOWHERE".to_owned(), ..branch };
        let refused = site.push(Office::SocialInsurance, &unknown, &people([1])).await.unwrap_err();
        assert_eq!(reason(&refused), "UNIT_NOT_FOUND", "{}", site.kind);
        site.assert_empty().await;
    }
}

/// J-3.2.5-a: the centre registers special persons, and a district's office of the same authority is not it.
#[tokio::test]
async fn a_list_at_the_centre_comes_from_the_city() {
    for site in &sites().await {
        let desk = Desk::CityMedicalInsuranceCentre.to_wire();
        let centre = pb::RosterHeader { desk, ..header(RosterKind::Enrolment, "special") };
        let refused = site.push(Office::MedicalInsurance, &centre, &people([1])).await.unwrap_err();
        let details = refused.get_error_details();
        assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED", "{}", site.kind);
        assert_eq!(details.error_info().unwrap().metadata["office_district"], "120118", "{}", site.kind);
        site.assert_empty().await;

        let city = Caller { district: None, ..of_jinghai(Office::MedicalInsurance) };
        let stream = tokio_stream::iter([pb::SubmitRosterRequest { piece: Some(Piece::Header(centre)) }]);
        let mut rosters = site.rosters.clone();
        Caller::scope(Some(city), rosters.submit_roster(stream)).await.unwrap();
        // Elsewhere a desk says nothing.
        let deaths = pb::RosterHeader { desk, ..header(RosterKind::Deaths, "x") };
        site.push(Office::CivilAffairs, &deaths, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn an_office_pushes_the_list_of_its_own_district() {
    for site in &sites().await {
        let nankai = pb::RosterHeader { district: "120104".to_owned(), ..header(RosterKind::Population, "x") };
        let refused = site.push(Office::PublicSecurity, &nankai, &people([1])).await.unwrap_err();
        assert_eq!(reason(&refused), "ROLE_NOT_ALLOWED", "{}", site.kind);
        site.push(Office::PublicSecurity, &header(RosterKind::Population, "x"), &people([1])).await.unwrap();
        let request = pb::ListRosterRowsRequest {
            district: "120118".to_owned(),
            kind: RosterKind::Population.to_wire(),
            roster_id: "x".to_owned(),
            ..Default::default()
        };
        for (office, allowed) in
            [(Office::PublicSecurity, true), (Office::MedicalInsurance, true), (Office::Tax, false)]
        {
            let mut client = site.rosters.clone();
            let call = client.list_roster_rows(request.clone());
            let answer = Caller::scope(Some(of_jinghai(office)), call).await;
            assert_eq!(answer.is_ok(), allowed, "{} {office}", site.kind);
        }
    }
}

#[tokio::test]
async fn a_stream_out_of_shape_is_refused_whole() {
    let rows = |rows| Piece::Rows(pb::RosterRows { rows });
    let good = || Piece::Header(header(RosterKind::Population, "x"));
    let announced = |expected_rows| pb::RosterHeader { expected_rows, ..header(RosterKind::Population, "x") };
    let future = pb::RosterHeader { as_of_date: "2020-11-12".to_owned(), ..header(RosterKind::Population, "x") };
    for site in &sites().await {
        for (pieces, expected) in [
            (vec![], "REQUIRED_FIELD_MISSING"),
            (vec![rows(people([1]))], "REQUIRED_FIELD_MISSING"),
            (vec![good(), rows(people([1])), good()], "VALUE_NOT_ALLOWED"),
            (vec![good(), rows(people([1])), Piece::Csv(b"name\n".to_vec())], "VALUE_NOT_ALLOWED"),
            (vec![good(), Piece::Csv(b"identity_number,name\n".to_vec()), rows(people([1]))], "VALUE_NOT_ALLOWED"),
            (vec![good(), rows(vec![])], "VALUE_NOT_ALLOWED"),
            (vec![good(), rows(vec![person(1); 5_001])], "VALUE_NOT_ALLOWED"),
            (vec![good(), Piece::Csv(vec![b'x'; (1 << 20) + 1])], "VALUE_NOT_ALLOWED"),
            (vec![good(), Piece::Csv(vec![b'x'; 5 << 20])], "MESSAGE_TOO_LARGE"),
            (vec![Piece::Header(announced(3)), rows(people([1, 2]))], "AMOUNT_INCONSISTENT"),
            (vec![Piece::Header(announced(2_000_001))], "VALUE_NOT_ALLOWED"),
            (vec![Piece::Header(future.clone())], "DATE_ORDER"),
            (vec![Piece::Header(pb::RosterHeader::default())], "REQUIRED_FIELD_MISSING"),
        ] {
            let refused = site.send(Office::PublicSecurity, pieces).await.unwrap_err();
            assert_eq!(reason(&refused), expected, "{}: {}", site.kind, refused.message());
        }
        site.assert_no_uploads().await;
        site.assert_empty().await;
    }
}

/// J-3.2.5-b and AMB-123: who supplies is told in the outline's words. AMB-120: without an interval nothing is overdue.
#[tokio::test]
async fn every_list_has_its_standing() {
    let overlay = "[[set]]\nparameter = 'tianjin-2021.data_set.interval_days.SEVERE_DISABILITY'\nvalue = 9\n\
        since = 2020-09-01\nsource = { document = '局务会议纪要', section = '一' }\n";
    let policy = Arc::new(Policy::embedded().unwrap().with_overlay(overlay).unwrap());
    let configured = Context::new(policy).with_clock(Arc::new(ManualClock::on(TODAY)));
    let site = Site::over(TestTarget::sqlite(), configured).await;
    let disabled = header(RosterKind::SevereDisability, "disabled");
    site.push(Office::DisabledPersonsFederation, &disabled, &people([1])).await.unwrap();
    let request = pb::ListDataSetsRequest { district: "120118".to_owned(), policy_year: 2021, ..Default::default() };
    let mut client = site.rosters.clone();
    let call = client.list_data_sets(request);
    let sets = Caller::scope(Some(of_jinghai(Office::MedicalInsurance)), call).await.unwrap().into_inner().data_sets;
    assert_eq!(sets.len(), 12);
    let of = |kind: RosterKind| sets.iter().find(|set| set.kind == kind.to_wire()).unwrap();
    let disabled = of(RosterKind::SevereDisability);
    assert_eq!((disabled.interval_days, disabled.due_date.as_str(), disabled.overdue), (9, "2020-11-10", true));
    assert_eq!(disabled.rule_id, "J-A1.3-m");
    assert_eq!(disabled.last.as_ref().unwrap().supplied_by, "市残联");
    let students = of(RosterKind::Students);
    assert_eq!((students.last.is_none(), students.due_date.as_str(), students.overdue), (true, "", false));
}
