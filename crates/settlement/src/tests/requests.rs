//! Repetition, refusals with all their reasons, and who may settle.

use juyi_domain::codes::{District, Identity, Office, Tier};
use juyi_domain::refusal::Reason;
use juyi_proto::settlement::v1 as pb;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::claimant::{by, filing};
use super::{Stay, Suite, reasons, with_suites};

/// Reason and field of each violation.
fn violations(status: &Status) -> Vec<(String, String)> {
    let violations = status.get_details_bad_request().unwrap().field_violations;
    let reason = |description: &str| description.split(':').next().unwrap_or_default().to_owned();
    violations.into_iter().map(|violation| (violation.field, reason(&violation.description))).collect()
}

async fn is_refused(suite: &Suite, request: pb::SettleRequest, reason: Reason) {
    let status = suite.try_settle(request).await.unwrap_err();
    assert_eq!(reasons(&status), reason.code(), "{}: {}", suite.kind, status.message());
}

#[tokio::test]
async fn a_repeated_request_is_answered_as_the_first_time() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let request = suite.request(resident, &Stay::on("03-01", 120_000));
        let first = suite.try_settle(request.clone()).await.unwrap();
        // Even when the peers would refuse by now.
        suite.peers.set_assistance_down(true);
        assert_eq!(suite.try_settle(request.clone()).await.unwrap(), first);
        suite.peers.set_assistance_down(false);
        suite.file(resident, &Stay::on("02-01", 1_000)).await;
        assert_eq!(suite.try_settle(request.clone()).await.unwrap(), first);
        assert_eq!(suite.list(resident).await.len(), 2);

        let other = pb::SettleRequest { bill: Some(Stay::on("03-02", 1).bill()), ..request.clone() };
        is_refused(&suite, other, Reason::RequestIdReused).await;
        // The answer is not told to an office that may not settle.
        let status = Suite::office(Office::Tax, suite.client().settle(request)).await.unwrap_err();
        assert_eq!(reasons(&status), "ROLE_NOT_ALLOWED");

        let id = first.settlement.unwrap().settlement_id;
        let reversal = pb::ReverseSettlementRequest {
            request_id: "reversal".to_owned(),
            resident_id: resident.to_string(),
            settlement_id: id.clone(),
        };
        let reverse = || Suite::hospital(async { suite.client().reverse_settlement(reversal.clone()).await });
        let reversed = reverse().await.unwrap().into_inner();
        assert_eq!(reverse().await.unwrap().into_inner(), reversed);
        let status = suite.try_reverse(resident, &id).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::AlreadyExists, "ALREADY_REVERSED"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_at_once_has_one_effect() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let request = suite.request(resident, &Stay::on("03-01", 20_000));
        let send = |_| {
            let (suite, request) = (suite.clone(), request.clone());
            tokio::spawn(async move { suite.try_settle(request).await.unwrap() })
        };
        let running: Vec<_> = (0..4).map(send).collect();
        let mut answers = Vec::new();
        for answer in running {
            answers.push(answer.await.unwrap());
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{}", suite.kind);
        assert_eq!(suite.list(resident).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_bill_is_settled_once() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        suite.settle(resident, &stay).await;
        let again = Stay { number: stay.number.clone(), ..Stay::on("04-01", 100) };
        is_refused(&suite, suite.request(resident, &again), Reason::DuplicateBill).await;
        let preview = pb::PreviewSettlementRequest { resident_id: resident.to_string(), bill: Some(stay.bill()) };
        let status = Suite::hospital(suite.client().preview_settlement(preview)).await.unwrap_err();
        assert_eq!(reasons(&status), "DUPLICATE_BILL");
        // Another person may have a bill of the same number.
        suite.settle(suite.resident(), &stay).await;
    })
    .await;
}

/// What nobody could have meant is not read to its end, and its refusal stays small.
#[tokio::test]
async fn a_list_without_end_is_refused_in_short() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let planning = pb::FamilyPlanning { procedures: vec![99; 500_000], conditions: vec![99; 500_000] };
        let event = pb::maternity_event::Event::FamilyPlanning(planning);
        let maternity = Some(pb::MaternityEvent { event: Some(event) });
        let bill = pb::Bill { maternity, ..Stay::on("03-01", 1).bill() };
        let request = pb::SettleRequest { bill: Some(bill), ..suite.request(resident, &Stay::on("03-01", 1)) };
        let status = suite.try_settle(request).await.unwrap_err();
        let found = violations(&status);
        let field = |name: &str| format!("bill.maternity.family_planning.{name}");
        assert_eq!(found[0], (field("procedures"), "VALUE_NOT_ALLOWED".to_owned()));
        assert_eq!(found[1], (field("procedures"), "UNKNOWN_ENUM".to_owned()));
        assert_eq!(found.len(), 20, "{}", suite.kind);
        // Of each list one word about its length and what was read of it, and what else is wrong with the bill.
        let more: usize = status.get_details_error_info().unwrap().metadata["more_reasons"].parse().unwrap();
        assert!((11 + 51 - 20..11 + 51 - 20 + 10).contains(&more), "{more}");
        assert!(status.message().len() + status.details().len() < 7_500, "{}", suite.kind);
    })
    .await;
}

#[tokio::test]
async fn every_violation_is_reported_and_nothing_is_stored() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let bad = pb::SettleRequest { request_id: String::new(), resident_id: "x".to_owned(), ..Default::default() };
        let status = suite.try_settle(bad).await.unwrap_err();
        assert_eq!(
            violations(&status),
            [
                ("request_id", "REQUIRED_FIELD_MISSING"),
                ("resident_id", "VALUE_NOT_ALLOWED"),
                ("bill", "REQUIRED_FIELD_MISSING")
            ]
            .map(|(field, reason)| (field.to_owned(), reason.to_owned()))
        );
        let empty =
            pb::SettleRequest { bill: Some(pb::Bill::default()), ..suite.request(resident, &Stay::on("03-01", 1)) };
        let status = suite.try_settle(empty).await.unwrap_err();
        let fields: Vec<_> = violations(&status).into_iter().map(|(field, _)| field).collect();
        let expected =
            ["bill_number", "care_kind", "admission_date", "discharge_date", "eligible_fen", "provider", "total_fen"];
        assert_eq!(fields, expected.map(|field| format!("bill.{field}")));

        type Spoil = fn(&mut pb::Bill);
        let cases: [(Spoil, &str, &str); 14] = [
            (|bill| bill.bill_number = "9".repeat(41), "bill.bill_number", "VALUE_NOT_ALLOWED"),
            (|bill| bill.care_kind = 99, "bill.care_kind", "UNKNOWN_ENUM"),
            (|bill| bill.provider.as_mut().unwrap().level = 9, "bill.provider.level", "UNKNOWN_ENUM"),
            (
                |bill| bill.provider.as_mut().unwrap().provider_code.clear(),
                "bill.provider.provider_code",
                "REQUIRED_FIELD_MISSING",
            ),
            (|bill| bill.admission_date = "2021-02-30".to_owned(), "bill.admission_date", "VALUE_NOT_ALLOWED"),
            (|bill| bill.discharge_date = "2021-02-28".to_owned(), "bill.discharge_date", "DATE_ORDER"),
            (|bill| bill.discharge_date = "2022-01-02".to_owned(), "bill.discharge_date", "REQUIRED_FIELD_MISSING"),
            (|bill| bill.stay_admission_date = "2021-03-01".to_owned(), "bill.stay_admission_date", "DATE_ORDER"),
            (|bill| bill.stay_admission_date = "December".to_owned(), "bill.stay_admission_date", "VALUE_NOT_ALLOWED"),
            (|bill| bill.total_fen = 0, "bill.total_fen", "VALUE_NOT_ALLOWED"),
            (|bill| bill.total_fen = 1_000_000_000_001, "bill.total_fen", "VALUE_NOT_ALLOWED"),
            (|bill| bill.eligible_fen = Some(-1), "bill.eligible_fen", "NEGATIVE_AMOUNT"),
            (|bill| bill.eligible_fen = Some(bill.total_fen + 1), "bill.eligible_fen", "AMOUNT_INCONSISTENT"),
            (
                |bill| (bill.admission_date, bill.discharge_date) = ("2022-01-16".to_owned(), "2022-01-16".to_owned()),
                "bill.discharge_date",
                "DATE_ORDER",
            ),
        ];
        for (spoil, field, reason) in cases {
            let mut request = suite.request(resident, &Stay::on("03-01", 100));
            spoil(request.bill.as_mut().unwrap());
            let status = suite.try_settle(request).await.unwrap_err();
            assert_eq!(status.code(), Code::InvalidArgument);
            assert!(violations(&status).contains(&(field.to_owned(), reason.to_owned())), "{}", status.message());
        }
        assert!(suite.list(resident).await.is_empty());
        assert_eq!(suite.accumulators(resident).await.stays, 0);
    })
    .await;
}

/// J-10.3.1-a, J-5.1.3-a: what is eligible is said, in the city, elsewhere and in a claim, whatever else is wrong with the bill;
/// nothing eligible is a statement of its own.
#[tokio::test]
async fn the_eligible_part_is_never_taken_for_nothing() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let silent = pb::Bill { eligible_fen: None, ..Stay::on("03-01", 20_000).bill() };
        let category = pb::OutOfArea::Residence.into();
        let there = pb::Elsewhere { category, region: "130102".to_owned(), receiving_level: 0 };
        let elsewhere = pb::Bill { place: Some(pb::bill::Place::Elsewhere(there)), ..silent.clone() };
        let missing = |field: &str| (field.to_owned(), "REQUIRED_FIELD_MISSING".to_owned());
        let refusal = |status: &Status| {
            let rule = status.get_details_error_info().unwrap().metadata.get("rule_id").cloned();
            (status.code(), violations(status), rule.unwrap_or_default())
        };
        let alone = |rule: &str| (Code::InvalidArgument, vec![missing("bill.eligible_fen")], rule.to_owned());
        let burden = pb::Bill { care_kind: pb::CareKind::SuppliedBurden.into(), ..silent.clone() };
        for (bill, rule) in [(&silent, "J-5.1.3-a"), (&elsewhere, "J-10.3.1-a"), (&burden, "J-5.1.3-a")] {
            let bill = Some(bill.clone());
            let request = pb::SettleRequest { bill, ..suite.request(resident, &Stay::on("03-01", 20_000)) };
            assert_eq!(refusal(&suite.try_settle(request).await.unwrap_err()), alone(rule), "{}", suite.kind);
        }
        let claim = pb::FileClaimRequest { bill: Some(elsewhere), ..filing(&suite, resident, &Stay::on("03-01", 1)) };
        let refused = by("branch", suite.claims().file_claim(claim)).await.unwrap_err();
        assert_eq!(refusal(&refused), alone("J-10.3.1-b"), "{}", suite.kind);
        // With everything else that is wrong, and with nothing that only follows from it.
        let (third_party_involved, third_party_fen) = (true, Some(500_000));
        let more = pb::Bill { bill_number: String::new(), third_party_involved, third_party_fen, ..silent.clone() };
        let request = pb::SettleRequest { bill: Some(more), ..suite.request(resident, &Stay::on("03-01", 1)) };
        let refused = violations(&suite.try_settle(request).await.unwrap_err());
        assert_eq!(refused, [missing("bill.bill_number"), missing("bill.eligible_fen")], "{}", suite.kind);

        let nothing = pb::Bill { eligible_fen: Some(0), ..silent };
        let request =
            pb::SettleRequest { bill: Some(nothing.clone()), ..suite.request(resident, &Stay::on("03-01", 20_000)) };
        let settled = suite.try_settle(request).await.unwrap().settlement.unwrap();
        assert_eq!(settled.bill.unwrap().eligible_fen, Some(0), "{}", suite.kind);
        let shares = settled.shares.unwrap();
        assert_eq!((shares.basic_fund_fen, shares.person_fen), (0, nothing.total_fen), "{}", suite.kind);
    })
    .await;
}

/// J-A1.3-j: the registry hears of the services that begin after a death, reversed ones left out; a bill that comes
/// later is refused, because coverage has ended.
#[tokio::test]
async fn services_after_a_day_are_listed() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let days = ["02-20", "03-02", "03-01", "04-01", "05-01"];
        let mut ids = Vec::new();
        for day in days {
            ids.push(suite.settle(resident, &Stay::on(day, 1_000)).await.settlement_id);
        }
        suite.reverse(resident, &ids[3]).await;
        let after = async |date: &str, page_token: &str| {
            let request = pb::ListServicesAfterRequest {
                resident_id: resident.to_string(),
                date: date.to_owned(),
                page_size: 1,
                page_token: page_token.to_owned(),
            };
            let answer = Suite::office(Office::System, suite.client().list_services_after(request)).await;
            answer.unwrap().into_inner()
        };
        let first = after("2021-03-01", "").await;
        let service = &first.services[0];
        assert_eq!((service.settlement_id.as_str(), service.admission_date.as_str()), (ids[1].as_str(), "2021-03-02"));
        let second = after("2021-03-01", &first.next_page_token).await;
        assert_eq!(second.services[0].settlement_id, ids[4], "{}", suite.kind);
        assert!(after("2021-03-01", &second.next_page_token).await.services.is_empty(), "{}", suite.kind);
        assert!(after("2021-05-01", "").await.services.is_empty(), "{}", suite.kind);

        let request = pb::ListServicesAfterRequest {
            resident_id: resident.to_string(),
            ..pb::ListServicesAfterRequest::default()
        };
        let status = Suite::hospital(suite.client().list_services_after(request)).await.unwrap_err();
        assert_eq!(reasons(&status), "ROLE_NOT_ALLOWED", "{}", suite.kind);

        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-A1.3-j")]);
        is_refused(&suite, suite.request(resident, &Stay::on("06-01", 1_000)), Reason::NotInBenefitPeriod).await;
        assert_eq!(suite.list(resident).await.len(), 5, "{}", suite.kind);
    })
    .await;
}

#[tokio::test]
async fn who_is_not_covered_is_refused_with_all_reasons() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1.1-a"), (Reason::NotEnrolled, "")]);
        let status = suite.try_settle(suite.request(resident, &Stay::on("03-01", 100))).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        assert_eq!(reasons(&status), "NOT_IN_BENEFIT_PERIOD,NOT_ENROLLED");
        suite.peers.set_reasons(&[]);

        // AMB-003: no document governs the neighbouring year; AMB-082: 2017 prints no inpatient rates.
        let of_year = |year: &str| Stay { day: format!("{year}-03-01"), ..Stay::on("03-01", 100) };
        is_refused(&suite, suite.request(resident, &of_year("2020")), Reason::PolicyYearNotLoaded).await;
        is_refused(&suite, suite.request(resident, &of_year("2017")), Reason::DistrictOutOfScope).await;
        suite.peers.set_district(District::Baodi);
        is_refused(&suite, suite.request(resident, &of_year("2017")), Reason::RuleNotDefined).await;
        assert!(suite.list(resident).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_peer_that_does_not_answer_leaves_nothing_behind() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        suite.peers.set_assistance_down(true);
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 100));
        is_refused(&suite, suite.request(resident, &stay), Reason::PeerUnavailable).await;
        assert!(suite.list(resident).await.is_empty());
        suite.peers.set_assistance_down(false);
        suite.settle(resident, &stay).await;
    })
    .await;
}

/// A resident without bills has none; whom nobody registered is not found, and a year without a law has no totals.
#[tokio::test]
async fn nobody_has_no_totals() {
    with_suites("", |suite| async move {
        let (resident, nobody) = (suite.resident(), suite.resident());
        suite.peers.forget(nobody);
        for year in [2017, 2021] {
            assert_eq!(suite.try_accumulators(resident, year).await.unwrap().stays, 0);
            let status = suite.try_accumulators(nobody, year).await.unwrap_err();
            assert_eq!((status.code(), reasons(&status).as_str()), (Code::NotFound, "PERSON_NOT_FOUND"));
        }
        for person in [resident, nobody] {
            let status = suite.try_accumulators(person, 2020).await.unwrap_err();
            assert_eq!(reasons(&status), "POLICY_YEAR_NOT_LOADED");
        }
        assert!(suite.list(resident).await.is_empty());
        let request = pb::ListSettlementsRequest { resident_id: nobody.to_string(), ..Default::default() };
        let status = Suite::hospital(suite.client().list_settlements(request)).await.unwrap_err();
        assert_eq!(reasons(&status), "PERSON_NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    with_suites("", |suite| async move {
        let (resident, other) = (suite.resident(), suite.resident());
        let settled = suite.settle(resident, &Stay::on("03-01", 100)).await;
        let status = suite.try_reverse(other, &settled.settlement_id).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::NotFound, "SETTLEMENT_NOT_FOUND"));
        let request =
            pb::GetSettlementRequest { resident_id: other.to_string(), settlement_id: settled.settlement_id.clone() };
        assert_eq!(Suite::hospital(suite.client().get_settlement(request)).await.unwrap_err().code(), Code::NotFound);
        assert!(suite.list(other).await.is_empty());
        assert_eq!(suite.get(resident, &settled.settlement_id).await, settled);
    })
    .await;
}
