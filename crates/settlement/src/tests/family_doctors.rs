//! Contracts with family doctors: one at a time, and who ends whose.

use juyi_db::args;
use juyi_domain::codes::{District, Office};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::years::YEAR;
use super::{Suite, reasons, with_suites};

pub(super) fn contract(suite: &Suite, resident: ResidentId, signed: &str) -> pb::SignFamilyDoctorRequest {
    pb::SignFamilyDoctorRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        institution_code: "H12011800001".to_owned(),
        primary_institution_code: "H12011800001".to_owned(),
        signed_date: signed.to_owned(),
    }
}

type By = (Office, Option<District>, &'static str);

pub(super) async fn sign(
    suite: &Suite,
    by: By,
    request: pb::SignFamilyDoctorRequest,
) -> Result<pb::FamilyDoctorContract, Status> {
    let mut years = suite.years();
    let answer = Suite::called(by.0, by.1, by.2, async move { years.sign_family_doctor(request).await }).await?;
    Ok(answer.into_inner().contract.unwrap())
}

pub(super) async fn end(
    suite: &Suite,
    by: By,
    contract: &pb::FamilyDoctorContract,
    end_date: &str,
) -> Result<pb::FamilyDoctorContract, Status> {
    let request = pb::EndFamilyDoctorRequest {
        request_id: suite.request_id(),
        resident_id: contract.resident_id.clone(),
        contract_id: contract.contract_id.clone(),
        end_date: end_date.to_owned(),
    };
    let mut years = suite.years();
    let answer = Suite::called(by.0, by.1, by.2, async move { years.end_family_doctor(request).await }).await?;
    Ok(answer.into_inner().contract.unwrap())
}

/// J-5.1.4-a: providers are of no district, so that one of them could end what another recorded.
#[tokio::test]
async fn an_office_ends_its_own_contracts() {
    use Office::{MedicalInsurance, Provider, SocialInsurance, System, Township};
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let (here, far) = (Some(District::Jinghai), Some(District::Nankai));
        for (signer, ender, allowed) in [
            ((Provider, None, "a"), (Provider, None, "a"), true),
            ((Provider, None, "a"), (Provider, None, "b"), false),
            ((Provider, None, "a"), (Provider, here, "a"), false),
            ((Provider, None, ""), (Provider, None, ""), false),
            ((Provider, here, "a"), (Provider, here, "b"), false),
            ((Provider, None, "a"), (Township, here, "a"), false),
            ((Township, here, "a"), (Township, here, "b"), false),
            ((Township, here, "a"), (Township, here, "a"), true),
            ((Provider, None, "a"), (MedicalInsurance, here, "b"), true),
            ((Provider, None, "a"), (MedicalInsurance, far, "b"), false),
            ((Provider, far, "a"), (SocialInsurance, far, "b"), false),
            ((Provider, far, "a"), (SocialInsurance, None, ""), true),
            ((Township, here, "a"), (System, None, "juyi"), true),
        ] {
            let resident = suite.resident();
            let signed = sign(&suite, signer, contract(&suite, resident, "2021-03-20")).await.unwrap();
            assert_eq!(signed.district, District::Jinghai.to_string());
            let ended = end(&suite, ender, &signed, "2021-06-10").await;
            let reason = ended.as_ref().err().map(reasons);
            assert_eq!(
                reason,
                (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()),
                "{} {signer:?} {ender:?}",
                suite.kind
            );
        }
    })
    .await;
}

/// J-5.1.4-a: a contract whose bonus begins in a year without a law moves no year.
#[tokio::test]
async fn a_contract_is_signed_for_a_year_without_a_law() {
    with_suites("", |suite| async move {
        let hospital = (Office::Provider, None, "a");
        let signed = sign(&suite, hospital, contract(&suite, suite.resident(), "2022-01-10")).await.unwrap();
        assert_eq!(signed.effective_date, "2022-02-01", "{}", suite.kind);
        let ended = end(&suite, hospital, &signed, "2022-01-15").await.unwrap();
        assert_eq!(ended.end_date, "2022-01-15", "{}", suite.kind);
    })
    .await;
}

/// A contract recorded before districts were kept: the recorder's district, or the whole city.
#[tokio::test]
async fn a_contract_without_a_district_is_the_citys() {
    use Office::{MedicalInsurance, Provider};
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        for (signer, ender, allowed) in [
            ((Provider, None, "a"), (Provider, None, "a"), true),
            ((Provider, None, "a"), (Provider, None, "b"), false),
            ((Provider, None, "a"), (MedicalInsurance, Some(District::Jinghai), "b"), false),
            ((Provider, None, "a"), (MedicalInsurance, None, "b"), true),
            ((Provider, Some(District::Hexi), "a"), (MedicalInsurance, Some(District::Hexi), "b"), true),
        ] {
            let resident = suite.resident();
            let signed = sign(&suite, signer, contract(&suite, resident, "2021-03-20")).await.unwrap();
            let mut session = suite.database().await.begin().await.unwrap();
            let forget = "UPDATE family_doctor SET district = NULL WHERE resident_id = $1";
            session.execute(forget, args![resident.to_string()]).await.unwrap();
            session.commit().await.unwrap();
            let ended = end(&suite, ender, &signed, "2021-06-10").await;
            let reason = ended.as_ref().err().map(reasons);
            assert_eq!(
                reason,
                (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()),
                "{} {signer:?} {ender:?}",
                suite.kind
            );
        }
    })
    .await;
}

/// J-5.1.4-a: two desks at once, from two processes: one signs, the others find it signed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_signs() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let second = suite.second().await;
        for _ in 0..4 {
            let resident = suite.resident();
            let send = |number: usize| {
                let suite = if number.is_multiple_of(2) { suite.clone() } else { second.clone() };
                let request = contract(&suite, resident, &format!("2021-0{}-20", 1 + number));
                tokio::spawn(async move { sign(&suite, (Office::Provider, None, "a"), request).await })
            };
            let running: Vec<_> = (0..6).map(send).collect();
            let mut signed = 0;
            for answer in running {
                match answer.await.unwrap() {
                    Ok(_) => signed += 1,
                    Err(status) => assert_eq!(reasons(&status), "DUPLICATE_CONTRACT", "{}", suite.kind),
                }
            }
            let request = pb::ListFamilyDoctorsRequest { resident_id: resident.to_string(), ..Default::default() };
            let listed =
                Suite::hospital(suite.years().list_family_doctors(request)).await.unwrap().into_inner().contracts;
            assert_eq!((signed, listed.len()), (1, 1), "{}", suite.kind);
        }
    })
    .await;
}
