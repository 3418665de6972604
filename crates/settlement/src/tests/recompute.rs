//! A year settled anew on the facts as they are by now.

use juyi_domain::codes::{District, Identity, Office, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::refusal::Reason;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use super::filings::{AGENCY, institution, residence};
use super::ledger::in_force;
use super::{Stay, Suite, reasons, with_suites};

const POOR: &[Identity] = &[Identity::SubsistenceAllowance];

pub(super) fn request(suite: &Suite, resident: ResidentId) -> pb::RecomputeYearRequest {
    let (request_id, resident_id) = (suite.request_id(), resident.to_string());
    pb::RecomputeYearRequest { request_id, resident_id, policy_year: 2021, validate_only: false }
}

pub(super) async fn recompute(
    suite: &Suite,
    request: pb::RecomputeYearRequest,
) -> Result<pb::RecomputeYearResponse, Status> {
    let call = suite.client();
    let work = async move { { call }.recompute_year(request).await };
    Ok(Suite::office(Office::MedicalInsurance, work).await?.into_inner())
}

/// Two stays of a person who is known as poor only afterwards.
async fn two_stays(suite: &Suite, resident: ResidentId) -> Vec<pb::Settlement> {
    for stay in [Stay::numbered("a", "03-01", 120_000), Stay::numbered("b", "06-01", 60_000)] {
        suite.settle(resident, &stay).await;
    }
    suite.list(resident).await
}

#[tokio::test]
async fn an_unchanged_year_posts_nothing_and_moves_nothing() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance, Identity::SevereDisability]);
        let resident = suite.resident();
        let before = two_stays(&suite, resident).await;
        // The order in which identities are told says nothing.
        suite.peers.set_cover(Tier::Middle, &[Identity::SevereDisability, Identity::SubsistenceAllowance]);
        let (groups, single) = (suite.peers.groups().len(), suite.peers.insurances().len());
        let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
        // All bills in one question, none by itself.
        assert_eq!((&suite.peers.groups()[groups..], suite.peers.insurances().len()), (&[2][..], single));
        assert_eq!((answer.recomputation_id.as_str(), answer.settlements, answer.changes.len()), ("", 2, 0));
        assert_eq!(answer.accumulators, Some(suite.accumulators(resident).await));
        assert_eq!(suite.list(resident).await, before, "{}", suite.kind);
        // A year without bills, and one of which only a reversed bill is left.
        let other = suite.resident();
        assert_eq!(recompute(&suite, request(&suite, other)).await.unwrap().settlements, 0);
        let reversed = suite.settle(other, &Stay::on("03-01", 1_000)).await;
        suite.reverse(other, &reversed.settlement_id).await;
        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1-a")]);
        let answer = recompute(&suite, request(&suite, other)).await.unwrap();
        assert_eq!((answer.recomputation_id.as_str(), answer.settlements), ("", 0));
    })
    .await;
}

/// AMB-139: an identity recorded later, but held on the days the stays began.
#[tokio::test]
async fn a_backdated_identity_posts_its_difference() {
    with_suites("", |suite| async move {
        let (resident, other) = (suite.resident(), suite.resident());
        let before = two_stays(&suite, resident).await;
        suite.peers.set_cover(Tier::Middle, POOR);
        let order = request(&suite, resident);
        let shown = recompute(&suite, pb::RecomputeYearRequest { validate_only: true, ..order.clone() }).await.unwrap();
        assert_eq!(suite.list(resident).await, before);
        let posted = recompute(&suite, order.clone()).await.unwrap();
        assert!(shown.recomputation_id.is_empty() && !posted.recomputation_id.is_empty());
        assert_eq!((shown.changes, shown.accumulators), (posted.changes.clone(), posted.accumulators));

        // As if it had been known from the beginning.
        two_stays(&suite, other).await;
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, other).await, "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await, suite.accumulators(other).await);
        assert_eq!(posted.accumulators, Some(suite.accumulators(resident).await));
        for (change, before) in posted.changes.iter().zip(&before) {
            let after = suite.get(resident, &change.settlement_id).await;
            assert_eq!(change.settlement_id, before.settlement_id);
            assert_eq!((change.shares, after.entries.len()), (after.shares, 2));
            assert!(change.before.as_ref().unwrap().identities.is_empty());
            assert_eq!(change.after.as_ref().unwrap().identities, [POOR[0].to_wire()]);
            let entry = &after.entries[1];
            assert_eq!((entry.kind(), entry.shares), (pb::EntryKind::Adjustment, change.difference));
            assert_eq!(entry.cause_recomputation_id, posted.recomputation_id);
            assert!(entry.cause_settlement_id.is_empty());
            assert_eq!(entry.recorded_by.as_ref().unwrap().office, Office::MedicalInsurance.to_wire());
            assert_eq!(after.entries[0].cause_settlement_id, change.settlement_id);
            // Assistance knows.
            let medical = Fen::new(after.shares.unwrap().medical_assistance_fen);
            assert!(medical > Fen::ZERO);
            assert_eq!(suite.peers.registered(&change.settlement_id).0, medical);
        }
        assert_eq!(posted.changes.len(), 2);
        repetitions(&suite, order, &posted).await;
    })
    .await;
}

/// Once, however often it is asked for.
async fn repetitions(suite: &Suite, order: pb::RecomputeYearRequest, posted: &pb::RecomputeYearResponse) {
    let resident = order.resident_id.parse().unwrap();
    let list = suite.list(resident).await;
    assert_eq!(recompute(suite, order.clone()).await.unwrap(), *posted);
    // Also where it could not be planned any more.
    suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1-a")]);
    assert_eq!(recompute(suite, order.clone()).await.unwrap(), *posted);
    suite.peers.set_reasons(&[]);
    let status = recompute(suite, pb::RecomputeYearRequest { policy_year: 2017, ..order }).await.unwrap_err();
    assert_eq!(reasons(&status), "REQUEST_ID_REUSED");
    assert!(recompute(suite, request(suite, resident)).await.unwrap().changes.is_empty());
    assert_eq!(suite.list(resident).await, list);
}

/// A corrected enrolment, and back: the entries sum to what was settled first.
#[tokio::test]
async fn a_corrected_tier_may_be_corrected_back() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let before = two_stays(&suite, resident).await;
        suite.peers.set_cover(Tier::High, &[]);
        let higher = recompute(&suite, request(&suite, resident)).await.unwrap();
        // Five points more of 119500.00 and, up to the maximum of the year, of 60000.00.
        let differences = higher.changes.iter().map(|change| change.difference.unwrap().basic_fund_fen);
        assert_eq!(differences.collect::<Vec<_>>(), [597_500, 300_000], "{}", suite.kind);
        suite.peers.set_cover(Tier::Middle, &[]);
        let back = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_ne!(higher.recomputation_id, back.recomputation_id);
        for settlement in &before {
            let now = suite.get(resident, &settlement.settlement_id).await;
            assert_eq!((now.shares, &now.receipt, now.tier), (settlement.shares, &settlement.receipt, settlement.tier));
            assert_eq!(now.entries.len(), 3, "{}", suite.kind);
        }
    })
    .await;
}

/// A bill that the law refuses by now is named among the bills of its year (J-10.2.2-a, AMB-072): outpatient care elsewhere
/// after the registration it hung on was withdrawn.
#[tokio::test]
async fn a_bill_that_the_law_refuses_is_named() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let mut order = residence(&suite, resident);
        let chosen = &mut order.residence.as_mut().unwrap().institutions;
        chosen.push(institution("H13010200002", ProviderLevel::One, "130102"));
        let filed = Suite::office(AGENCY, suite.filings().file_residence_elsewhere(order)).await.unwrap();
        let filing_id = filed.into_inner().filing.unwrap().filing_id;
        let stay = suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        let mut visit = suite.request(resident, &Stay::on("04-01", 900).at(ProviderLevel::One));
        let bill = visit.bill.as_mut().unwrap();
        bill.care_kind = pb::CareKind::Outpatient.into();
        bill.provider.as_mut().unwrap().provider_code = "H13010200002".to_owned();
        let (category, region) = (pb::OutOfArea::Residence.into(), "130102".to_owned());
        bill.place = Some(pb::bill::Place::Elsewhere(pb::Elsewhere { category, region, receiving_level: 0 }));
        let visit = suite.try_settle(visit).await.unwrap().settlement.unwrap();
        // (900.00 − 500.00) × 50 %.
        assert_eq!(visit.shares.unwrap().basic_fund_fen, 20_000);

        let withdrawal = pb::WithdrawFilingRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            filing_id,
            reason: "filed by mistake".to_owned(),
        };
        Suite::office(AGENCY, suite.filings().withdraw_filing(withdrawal)).await.unwrap();
        let status = recompute(&suite, request(&suite, resident)).await.unwrap_err();
        assert_eq!((status.code(), reasons(&status).as_str()), (Code::FailedPrecondition, "RULE_NOT_DEFINED"));
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.metadata["settlement_id"], visit.settlement_id, "{}", suite.kind);
        assert_eq!(suite.list(resident).await.len(), 2);
        assert_eq!(suite.get(resident, &stay.settlement_id).await.shares, stay.shares);
        assert_eq!(suite.get(resident, &visit.settlement_id).await.shares, visit.shares);
        // Without it the year is settled.
        suite.reverse(resident, &visit.settlement_id).await;
        let anew = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!((anew.settlements, anew.changes.len()), (1, 0), "{}", suite.kind);
    })
    .await;
}

/// A bill that is covered no more, or elsewhere, is named and left as it is.
#[tokio::test]
async fn bills_that_are_covered_no_more_are_named() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let before = two_stays(&suite, resident).await;
        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1-a")]);
        let status = recompute(&suite, request(&suite, resident)).await.unwrap_err();
        assert_eq!(
            (status.code(), reasons(&status).as_str()),
            (Code::FailedPrecondition, "NOT_IN_BENEFIT_PERIOD,NOT_IN_BENEFIT_PERIOD")
        );
        let violations = status.get_details_precondition_failure().unwrap().violations;
        for (violation, settlement) in violations.iter().zip(&before) {
            assert!(violation.description.contains(&settlement.settlement_id));
        }
        let info = status.get_details_error_info().unwrap();
        assert_eq!(info.metadata["settlement_id"], before[0].settlement_id);
        suite.peers.set_reasons(&[]);

        suite.peers.set_district(District::Baodi);
        let status = recompute(&suite, request(&suite, resident)).await.unwrap_err();
        assert_eq!(reasons(&status), "SETTLE_ANEW,SETTLE_ANEW");
        assert_eq!(suite.list(resident).await, before, "{}", suite.kind);
    })
    .await;
}

#[tokio::test]
async fn only_insurance_offices_of_the_district_recompute() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        two_stays(&suite, resident).await;
        let refused = |office, district| {
            let (call, request) = (suite.client(), request(&suite, resident));
            let work = async move { { call }.recompute_year(request).await };
            async move { Suite::called(office, district, "test", work).await.unwrap_err() }
        };
        for (office, district) in [
            (Office::Provider, Some(District::Jinghai)),
            (Office::Township, Some(District::Jinghai)),
            (Office::MedicalInsurance, Some(District::Nankai)),
        ] {
            assert_eq!(reasons(&refused(office, district).await), "ROLE_NOT_ALLOWED");
        }
        let order = pb::RecomputeYearRequest { policy_year: 1999, ..request(&suite, resident) };
        assert_eq!(reasons(&recompute(&suite, order).await.unwrap_err()), "POLICY_YEAR_NOT_LOADED");
        let nobody = suite.resident();
        suite.peers.forget(nobody);
        assert_eq!(reasons(&recompute(&suite, request(&suite, nobody)).await.unwrap_err()), "PERSON_NOT_FOUND");
        suite.peers.set_cover(Tier::High, POOR);
        suite.peers.set_assistance_down(true);
        let status = recompute(&suite, request(&suite, resident)).await.unwrap_err();
        assert_eq!(status.code(), Code::Unavailable);
    })
    .await;
}

/// Whatever comes first, the year ends as its bills and the facts say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bills_settled_beside_a_recomputation_count() {
    with_suites("", |suite| async move {
        let (resident, recount) = (suite.resident(), suite.resident());
        let first = Stay::numbered("first", "02-01", 100_000);
        suite.settle(resident, &first).await;
        suite.peers.set_cover(Tier::High, POOR);
        let stays: Vec<Stay> =
            (1..=8).map(|day| Stay::numbered(&format!("n{day}"), &format!("03-{day:02}"), 30_000)).collect();
        let mut running = Vec::new();
        for stay in &stays {
            let (settling, filed) = (suite.clone(), stay.clone());
            running.push(tokio::spawn(async move { drop(settling.settle(resident, &filed).await) }));
            if stay.number == "n4" {
                let (suite, order) = (suite.clone(), request(&suite, resident));
                running.push(tokio::spawn(async move { drop(recompute(&suite, order).await.unwrap()) }));
            }
        }
        for task in running {
            task.await.unwrap();
        }
        suite.settle(recount, &first).await;
        for stay in &stays {
            suite.settle(recount, stay).await;
        }
        assert_eq!(in_force(&suite, resident).await, in_force(&suite, recount).await, "{}", suite.kind);
        assert_eq!(suite.accumulators(resident).await, suite.accumulators(recount).await);
    })
    .await;
}
