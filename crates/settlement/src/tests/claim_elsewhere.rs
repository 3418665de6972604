//! Claims of care elsewhere, from the desk to the settlement.

use juyi_domain::codes::{Category, Class, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::claims::codes::{ClaimDesk, ClaimPaper};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;

use super::claimant::{Claim, filing, reasons};
use super::recompute::{recompute, request};
use super::{Stay, Suite, with_suites};

/// A claim of a stay elsewhere as it comes to the branch.
fn elsewhere(
    suite: &Suite,
    resident: ResidentId,
    stay: &Stay,
    category: pb::OutOfArea,
    filed: &str,
) -> pb::FileClaimRequest {
    let mut request = filing(suite, resident, stay);
    let place = pb::Elsewhere { category: category.into(), region: "130102".to_owned(), receiving_level: 0 };
    request.bill.as_mut().unwrap().place = Some(pb::bill::Place::Elsewhere(place));
    request.desk = ClaimDesk::DistrictMedicalInsuranceBranch.to_wire();
    request.papers.push(ClaimPaper::ProofOfLivingElsewhere.to_wire());
    request.filing_date = filed.to_owned();
    request
}

/// A claim of a child's stay elsewhere, ready to be decided.
async fn uploaded<'a>(
    suite: &'a Suite,
    resident: ResidentId,
    stay: &Stay,
    category: pb::OutOfArea,
    filed: &str,
) -> Claim<'a> {
    let request = elsewhere(suite, resident, stay, category, filed);
    let mut claim = suite.file_claim("branch", request).await.unwrap();
    claim.enter("branch").await.unwrap();
    claim.upload("branch").await.unwrap();
    claim
}

/// J-10.5.1-b: a month after the return the claim has to be filed, and the desk says so; its approval may take longer. A visit
/// needs the calendar of the school at the desk, too (J-10.5.1-a, AMB-076).
#[tokio::test]
async fn the_day_of_filing_keeps_the_month_of_students() {
    with_suites("", |suite| async move {
        suite.peers.set_student();
        suite.peers.set_category(Class::StudentChild, Category::PreschoolChild);
        let resident = suite.resident();
        let home = pb::RegisterStudentAtHomeRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            start_date: "2021-01-23".to_owned(),
            student: Some(pb::StudentAtHome {
                home_province: "130000".to_owned(),
                unit_id: "120118.S.1".to_owned(),
                return_date: "2021-03-20".to_owned(),
                file_by_date: String::new(),
            }),
        };
        Suite::office(Office::Education, suite.filings().register_student_at_home(home)).await.unwrap();
        // Today is 2022-01-15.
        let at_home = pb::OutOfArea::StudentAtHome;
        let in_time = Stay::on("02-01", 5_000);
        let mut claim = uploaded(&suite, resident, &in_time, at_home, "2021-04-20").await;
        claim.approve("checker").await.unwrap();
        let late = Stay::on("02-03", 5_000);
        let refused = suite.file_claim("branch", elsewhere(&suite, resident, &late, at_home, "2021-04-21")).await;
        assert_eq!(reasons(refused.map(|_| ())), "DEADLINE_PASSED", "{}", suite.kind);
        let mut visit = elsewhere(&suite, resident, &late, at_home, "2021-04-21");
        let bill = visit.bill.as_mut().unwrap();
        (bill.care_kind, bill.disease_code) = (CareKind::SpecialOutpatient.to_wire(), "M01600".to_owned());
        bill.discharge_date = bill.admission_date.clone();
        let refused = suite.file_claim("branch", visit).await.map(|_| ());
        assert_eq!(reasons(refused), "REQUIRED_FIELD_MISSING,DEADLINE_PASSED", "{}", suite.kind);
    })
    .await;
}

/// J-10.5.1-b: the school files what a student paid at home, (5000.00 − 500.00) × 75 %; a trip it does not.
#[tokio::test]
async fn a_school_files_the_bill_of_a_student_at_home() {
    with_suites("", |suite| async move {
        suite.peers.set_student();
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let resident = suite.resident();
        let home = pb::RegisterStudentAtHomeRequest {
            request_id: suite.request_id(),
            resident_id: resident.to_string(),
            start_date: "2021-01-23".to_owned(),
            student: Some(pb::StudentAtHome {
                home_province: "130000".to_owned(),
                unit_id: "120118.S.1".to_owned(),
                return_date: "2021-03-20".to_owned(),
                file_by_date: String::new(),
            }),
            ..Default::default()
        };
        Suite::office(Office::Education, suite.filings().register_student_at_home(home)).await.unwrap();
        let by_school = |category: pb::OutOfArea| {
            let mut request = filing(&suite, resident, &Stay::on("02-01", 5_000));
            let place = pb::Elsewhere { category: category.into(), region: "130102".to_owned(), receiving_level: 0 };
            request.bill.as_mut().unwrap().place = Some(pb::bill::Place::Elsewhere(place));
            request.desk = ClaimDesk::DistrictMedicalInsuranceBranch.to_wire();
            request.papers.push(ClaimPaper::ProofOfLivingElsewhere.to_wire());
            request.filed_by_institution = true;
            request
        };
        let trip = suite.file_claim("branch", by_school(pb::OutOfArea::TemporaryEmergency)).await.map(|_| ());
        assert_eq!(reasons(trip), "VALUE_NOT_ALLOWED", "{}", suite.kind);
        let mut claim = suite.file_claim("branch", by_school(pb::OutOfArea::StudentAtHome)).await.unwrap();
        assert!(claim.wire.filed_by_institution, "{}", suite.kind);
        claim.enter("branch").await.unwrap();
        claim.upload("branch").await.unwrap();
        claim.approve("checker").await.unwrap();
        let settled = suite.get(resident, &claim.wire.settlement_id).await.shares.unwrap();
        assert_eq!((settled.basic_fund_fen, settled.person_fen), (337_500, 162_500), "{}", suite.kind);
    })
    .await;
}

/// J-10.3.1-b: what a person paid elsewhere and claims is eligible by this city's catalogues; J-10.3.1-a: what is settled there
/// directly, by those of the place. A recomputation keeps it so.
#[tokio::test]
async fn a_claim_is_judged_by_the_catalogues_of_the_city() {
    with_suites("", |suite| async move {
        suite.peers.set_category(Class::StudentChild, Category::PreschoolChild);
        let resident = suite.resident();
        let category = pb::OutOfArea::TemporaryEmergency;
        let mut claim = uploaded(&suite, resident, &Stay::on("03-01", 20_000), category, "2021-04-01").await;
        claim.approve("checker").await.unwrap();
        let mut direct = suite.request(resident, &Stay::on("03-05", 20_000));
        let place = pb::Elsewhere { category: category.into(), region: "130102".to_owned(), receiving_level: 0 };
        direct.bill.as_mut().unwrap().place = Some(pb::bill::Place::Elsewhere(place));
        let direct = suite.try_settle(direct).await.unwrap().settlement.unwrap();
        let catalogue = async |settlement_id: &str| {
            let steps = suite.get(resident, settlement_id).await.receipt.unwrap().steps;
            let rules = steps.into_iter().map(|step| step.rule_id).filter(|rule| rule.starts_with("J-10.3.1"));
            rules.collect::<Vec<_>>()
        };
        for _ in 0..2 {
            assert_eq!(catalogue(&claim.wire.settlement_id).await, ["J-10.3.1-b"], "{}", suite.kind);
            assert_eq!(catalogue(&direct.settlement_id).await, ["J-10.3.1-a"]);
            let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
            assert_eq!((answer.recomputation_id.as_str(), answer.settlements, answer.changes.len()), ("", 2, 0));
        }
    })
    .await;
}
