//! What is not told of pregnancies, claims and previews to an office that has nothing to do with them.

use juyi_domain::codes::{Category, Class, District, Identity, Office, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::claims::codes::ClaimDesk;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::list_claims_request::Scope;
use tonic::Status;

use super::births::natural;
use super::claimant::{by, filing, reasons};
use super::registrations::{benefit, birth, register_benefit, register_birth};
use super::{Stay, Suite, with_suites};

type Who = (Office, Option<District>);

/// A bill of a registered special disease.
fn of_disease(day: &str, yuan: i64) -> pb::Bill {
    let care_kind = pb::CareKind::SpecialOutpatient.into();
    pb::Bill { care_kind, disease_code: "M01600".to_owned(), ..Stay::on(day, yuan).bill() }
}

async fn pregnancies(suite: &Suite, who: Who, resident: ResidentId) -> Result<Vec<pb::MaternityRegistration>, Status> {
    let request = pb::ListMaternityRegistrationsRequest { resident_id: resident.to_string(), ..Default::default() };
    let mut client = suite.registrations();
    let work = async move { client.list_maternity_registrations(request).await };
    Ok(Suite::called(who.0, who.1, "reader", work).await?.into_inner().registrations)
}

/// J-6.2.2.1-a, J-6.2.2.1-c: a pregnancy is known to those who treat and pay, and to the townships that can register it.
#[tokio::test]
async fn a_pregnancy_is_read_where_it_is_registered() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        // She lives in Jinghai, and her household is registered in Nankai.
        register_birth(&suite, birth(&suite, resident)).await.unwrap();
        let whole = register_benefit(&suite, Office::Provider, benefit(&suite, resident)).await.unwrap();
        for who in [
            (Office::Provider, Some(District::Heping)),
            (Office::MedicalInsurance, None),
            (Office::SocialInsurance, Some(District::Jinghai)),
            (Office::Township, Some(District::Jinghai)),
            (Office::Township, Some(District::Nankai)),
        ] {
            let read = pregnancies(&suite, who, resident).await.unwrap();
            assert_eq!(read, std::slice::from_ref(&whole), "{} {who:?}", suite.kind);
        }
        let abroad = pregnancies(&suite, (Office::Township, Some(District::Heping)), resident).await.unwrap();
        assert_eq!(abroad, [], "{}", suite.kind);
        for who in [(Office::CivilAffairs, Some(District::Jinghai)), (Office::Tax, None), (Office::Insurer, None)] {
            assert_eq!(reasons(pregnancies(&suite, who, resident).await), "ROLE_NOT_ALLOWED", "{who:?}");
        }
        let request = pb::ListMaternityRegistrationsRequest { resident_id: resident.to_string(), ..Default::default() };
        let nobody = suite.registrations().list_maternity_registrations(request).await;
        assert_eq!(reasons(nobody), "ROLE_NOT_ALLOWED", "{}", suite.kind);
    })
    .await;
}

/// A township reads the whole of what its desk took, and of a claim of the branch neither illness nor why it was taken.
#[tokio::test]
async fn a_claim_is_read_whole_where_it_is_worked_on() {
    with_suites("", |suite| async move {
        let (mother, student) = (suite.resident(), suite.resident());
        let filing_date = "2021-11-01".to_owned();
        let bill = Some(natural(4_000));
        let request = pb::FileClaimRequest { bill, filing_date, ..filing(&suite, mother, &Stay::on("03-01", 1)) };
        let own = suite.file_claim("township", request).await.unwrap();
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let (bill, desk) = (Some(of_disease("03-01", 2_000)), ClaimDesk::DistrictMedicalInsuranceBranch.to_wire());
        let request = pb::FileClaimRequest { bill, desk, ..filing(&suite, student, &Stay::on("03-01", 1)) };
        let other = suite.file_claim("branch", request).await.unwrap();

        assert_eq!(own.read("township").await.unwrap(), own.wire, "{}", suite.kind);
        let mut told = other.wire.clone();
        assert_eq!(told.bill.as_ref().unwrap().disease_code, "M01600");
        told.bill.as_mut().unwrap().disease_code.clear();
        told.receipt = None;
        assert_eq!(other.read("township").await.unwrap(), told, "{}", suite.kind);
        assert_eq!(other.read("branch").await.unwrap(), other.wire, "{}", suite.kind);

        let list = async |who: &str, scope: Scope| {
            let request = pb::ListClaimsRequest { scope: Some(scope), ..Default::default() };
            by(who, suite.claims().list_claims(request)).await.unwrap().into_inner().claims
        };
        let queue = || Scope::Queue(pb::ClaimQueue { district: District::Jinghai.to_string(), ..Default::default() });
        assert_eq!(list("township", queue()).await, [own.wire.clone(), told.clone()], "{}", suite.kind);
        assert_eq!(list("branch", queue()).await, [own.wire.clone(), other.wire.clone()], "{}", suite.kind);
        assert_eq!(list("township", Scope::ResidentId(student.to_string())).await, [told], "{}", suite.kind);
    })
    .await;
}

/// A preview tells a township what a bill comes to, and nothing of who the person is to another authority.
#[tokio::test]
async fn a_preview_is_told_as_its_settlement_would_be() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let preview = async |office: Office| {
            let bill = Some(of_disease("03-01", 2_000));
            let request = pb::PreviewSettlementRequest { resident_id: resident.to_string(), bill };
            Suite::office(office, suite.client().preview_settlement(request)).await.unwrap().into_inner()
        };
        let whole = preview(Office::Provider).await;
        let settlement = whole.settlement.clone().unwrap();
        assert!(!settlement.identities.is_empty() && settlement.receipt.is_some(), "{}", suite.kind);
        let mut told = preview(Office::Township).await;
        let read = told.settlement.take().unwrap();
        assert_eq!((read.identities.as_slice(), &read.receipt), (&[][..], &None), "{}", suite.kind);
        assert_eq!(read.bill.unwrap().disease_code, "", "{}", suite.kind);
        assert_eq!((read.shares, read.accumulators), (settlement.shares, settlement.accumulators), "{}", suite.kind);
        assert_eq!(told, pb::PreviewSettlementResponse { settlement: None, ..whole }, "{}", suite.kind);
    })
    .await;
}
