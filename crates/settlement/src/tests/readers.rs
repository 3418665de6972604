//! Which office reads what of a person's settlements and years.

use juyi_domain::codes::{District, Identity, Office, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::claimant::reasons;
use super::{Stay, Suite, with_suites};

type Who = (Office, Option<District>);

const ABROAD: Option<District> = Some(District::Baodi);
const HERE: Option<District> = Some(District::Jinghai);

async fn get(suite: &Suite, who: Who, resident: ResidentId, id: &str) -> Result<pb::Settlement, Status> {
    let request = pb::GetSettlementRequest { resident_id: resident.to_string(), settlement_id: id.to_owned() };
    let answer = Suite::called(who.0, who.1, "reader", suite.client().get_settlement(request)).await?;
    Ok(answer.into_inner().settlement.unwrap())
}

async fn list(suite: &Suite, who: Who, resident: ResidentId) -> Vec<pb::Settlement> {
    let request = pb::ListSettlementsRequest { resident_id: resident.to_string(), ..Default::default() };
    let answer = Suite::called(who.0, who.1, "reader", suite.client().list_settlements(request)).await;
    answer.unwrap().into_inner().settlements
}

/// How each reading about a person and year ends for an office, by its reason; empty where it is answered.
async fn about(suite: &Suite, who: Who, resident: ResidentId) -> [String; 5] {
    let resident_id = resident.to_string();
    let called = async |work| match Suite::called(who.0, who.1, "reader", work).await {
        Ok(()) => String::new(),
        Err(status) => reasons::<()>(Err(status)),
    };
    let (mut client, mut years) = (suite.client(), suite.years());
    let request =
        pb::GetAccumulatorsRequest { resident_id: resident_id.clone(), policy_year: 2021, ..Default::default() };
    let accumulators =
        called(Box::pin(async move { client.get_accumulators(request).await.map(|_| ()) }) as Work).await;
    let request =
        pb::GetReliefsRequest { resident_id: resident_id.clone(), date: "2021-06-01".to_owned(), ..Default::default() };
    let reliefs = called(Box::pin(async move { years.get_reliefs(request).await.map(|_| ()) })).await;
    let (request, mut years) =
        (pb::ListOpeningsRequest { resident_id: resident_id.clone(), ..Default::default() }, suite.years());
    let openings = called(Box::pin(async move { years.list_openings(request).await.map(|_| ()) })).await;
    let (request, mut years) =
        (pb::ListFamilyDoctorsRequest { resident_id: resident_id.clone(), ..Default::default() }, suite.years());
    let doctors = called(Box::pin(async move { years.list_family_doctors(request).await.map(|_| ()) })).await;
    let (request, mut years) = (pb::GetOpeningRequest { resident_id, policy_year: 2021 }, suite.years());
    let opening = called(Box::pin(async move { years.get_opening(request).await.map(|_| ()) })).await;
    [accumulators, reliefs, openings, doctors, opening]
}

type Work = std::pin::Pin<Box<dyn Future<Output = Result<(), Status>> + Send>>;

/// Those who pay and those who treat read the whole, wherever they are; others what concerns their own district, and nothing
/// about illness and identities.
#[tokio::test]
async fn diagnoses_and_identities_are_read_by_those_who_pay_and_those_who_treat() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let mut request = suite.request(resident, &Stay::on("03-01", 2_000));
        let bill = request.bill.as_mut().unwrap();
        bill.care_kind = pb::CareKind::SpecialOutpatient.into();
        bill.disease_code = "M01600".to_owned();
        bill.discharge_date.clone_from(&bill.admission_date);
        let settled = suite.try_settle(request).await.unwrap().settlement.unwrap();
        let id = &settled.settlement_id;

        for who in [
            (Office::Provider, ABROAD),
            (Office::Provider, None),
            (Office::MedicalInsurance, None),
            (Office::MedicalInsurance, HERE),
            (Office::SocialInsurance, HERE),
        ] {
            let read = get(&suite, who, resident, id).await.unwrap();
            assert_eq!(read, settled, "{} {who:?}", suite.kind);
            assert_eq!(read.bill.as_ref().unwrap().disease_code, "M01600");
            assert_eq!(list(&suite, who, resident).await, [read]);
        }
        let mut withheld = settled.clone();
        withheld.identities.clear();
        withheld.receipt = None;
        withheld.bill.as_mut().unwrap().disease_code.clear();
        for office in [Office::Township, Office::CivilAffairs, Office::VeteransAffairs] {
            assert_eq!(get(&suite, (office, HERE), resident, id).await.unwrap(), withheld, "{} {office}", suite.kind);
            assert_eq!(list(&suite, (office, HERE), resident).await, [withheld.clone()]);
            let refused = get(&suite, (office, ABROAD), resident, id).await;
            assert_eq!(reasons(refused), "ROLE_NOT_ALLOWED", "{office}");
            assert_eq!(list(&suite, (office, ABROAD), resident).await, []);
        }
        for who in [(Office::Township, None), (Office::Tax, HERE), (Office::Insurer, None)] {
            assert_eq!(reasons(get(&suite, who, resident, id).await), "ROLE_NOT_ALLOWED", "{who:?}");
        }
        let nobody = pb::GetSettlementRequest { resident_id: resident.to_string(), settlement_id: id.clone() };
        assert_eq!(reasons(suite.client().get_settlement(nobody).await), "ROLE_NOT_ALLOWED");
    })
    .await;
}

/// Earlier entries have receipts of their own, which tell no more.
#[tokio::test]
async fn earlier_receipts_are_withheld_too() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let later = suite.settle(resident, &Stay::on("06-01", 20_000)).await;
        suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        let id = &later.settlement_id;
        let receipts = |it: &pb::Settlement| it.entries.iter().filter(|entry| entry.receipt.is_some()).count();
        let whole = get(&suite, (Office::Provider, None), resident, id).await.unwrap();
        assert_eq!((whole.entries.len(), receipts(&whole)), (2, 1), "{}", suite.kind);
        let told = get(&suite, (Office::Township, HERE), resident, id).await.unwrap();
        assert_eq!((told.entries.len(), receipts(&told), told.shares), (2, 0, whole.shares), "{}", suite.kind);
    })
    .await;
}

/// What a person used and brings is read where the person is insured.
#[tokio::test]
async fn years_are_read_by_the_district_that_insures() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        let whole = about(&suite, (Office::MedicalInsurance, HERE), resident).await;
        assert_eq!(whole[..4], [const { String::new() }; 4], "{}", suite.kind);
        assert_eq!(about(&suite, (Office::Provider, ABROAD), resident).await, whole);
        for office in [Office::Township, Office::CivilAffairs, Office::VeteransAffairs] {
            assert_eq!(about(&suite, (office, HERE), resident).await, whole, "{} {office}", suite.kind);
            assert_eq!(about(&suite, (office, ABROAD), resident).await, ["ROLE_NOT_ALLOWED"; 5], "{office}");
        }
    })
    .await;
}
