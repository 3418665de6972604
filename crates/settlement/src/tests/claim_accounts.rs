//! The accounts that claims are paid to: who keeps them, and what happens to them at once.

use juyi_domain::codes::{Category, Class, District, Office};
use juyi_domain::refusal::Reason;
use juyi_domain::settlement::claims::codes::{AccountKind, AccountState, ClaimDesk};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::claimant::{account, by, fact, filing, reasons};
use super::suite::Called;
use super::{Stay, Suite, with_suites};

const CARD: AccountKind = AccountKind::Card;

type Answer = Result<Option<pb::ClaimAccount>, Status>;

fn opening(suite: &Suite, resident_id: &str, kind: AccountKind) -> pb::OpenAccountRequest {
    let (request_id, resident_id) = (suite.request_id(), resident_id.to_owned());
    pb::OpenAccountRequest { request_id, resident_id, kind: kind.to_wire() }
}

fn activation(suite: &Suite, resident_id: &str) -> pb::ActivateAccountRequest {
    pb::ActivateAccountRequest { request_id: suite.request_id(), resident_id: resident_id.to_owned() }
}

async fn open(suite: &Suite, request: pb::OpenAccountRequest) -> Answer {
    Ok(suite.claims().open_account(request).await?.into_inner().account)
}

async fn activate(suite: &Suite, request: pb::ActivateAccountRequest) -> Answer {
    Ok(suite.claims().activate_account(request).await?.into_inner().account)
}

/// A township of a district.
fn township<'a, T: 'a>(district: District, work: impl Future<Output = T> + Send + 'a) -> Called<'a, T> {
    Suite::called(Office::Township, Some(district), "of a district", work)
}

/// J-6.2.1.2-b: opened at the township or the branch; a card takes the place of a settlement account.
#[tokio::test]
async fn accounts_are_opened_and_activated() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let open = |kind: AccountKind| {
            let (request_id, resident_id) = (suite.request_id(), resident.to_string());
            let request = pb::OpenAccountRequest { request_id, resident_id, kind: kind.to_wire() };
            let mut client = suite.claims();
            async move { by("township", client.open_account(request)).await }
        };
        let activate = || {
            let (request_id, resident_id) = (suite.request_id(), resident.to_string());
            let mut client = suite.claims();
            async move {
                by("branch", client.activate_account(pb::ActivateAccountRequest { request_id, resident_id })).await
            }
        };
        assert_eq!(reasons(activate().await), "ORDER_VIOLATION");
        open(AccountKind::SettlementAccount).await.unwrap();
        assert_eq!(reasons(open(AccountKind::SettlementAccount).await), "ORDER_VIOLATION");
        let card = open(AccountKind::Card).await.unwrap().into_inner().account;
        assert_eq!(card, account(AccountKind::Card, AccountState::Opened));
        assert_eq!(reasons(open(AccountKind::SettlementAccount).await), "ORDER_VIOLATION");
        activate().await.unwrap();
        activate().await.unwrap();
        let (request_id, resident_id) = (suite.request_id(), resident.to_string());
        let by_school = pb::OpenAccountRequest { request_id, resident_id, kind: AccountKind::Card.to_wire() };
        assert_eq!(reasons(by("school", suite.claims().open_account(by_school)).await), "ROLE_NOT_ALLOWED");
    })
    .await;
}

/// J-6.2.1.2-b: an account is kept in the district where the person is insured, today or last.
#[tokio::test]
async fn an_account_is_kept_where_the_person_is_insured() {
    with_suites("", |suite| async move {
        let resident = suite.resident().to_string();
        let refused = township(District::Nankai, open(&suite, opening(&suite, &resident, CARD))).await;
        assert_eq!(fact(refused.clone(), "district"), District::Jinghai.as_str());
        assert_eq!(reasons(refused), "ROLE_NOT_ALLOWED", "{}", suite.kind);
        township(District::Jinghai, open(&suite, opening(&suite, &resident, CARD))).await.unwrap();
        let refused = township(District::Nankai, activate(&suite, activation(&suite, &resident))).await;
        assert_eq!(reasons(refused), "ROLE_NOT_ALLOWED");
        // A township names its district; an office of the whole city serves everybody.
        let nowhere = Suite::called(Office::Township, None, "nowhere", activate(&suite, activation(&suite, &resident)));
        assert_eq!(reasons(nowhere.await), "ROLE_NOT_ALLOWED");
        by("agency", activate(&suite, activation(&suite, &resident))).await.unwrap();

        let stranger = suite.resident();
        suite.peers.forget(stranger);
        let unknown = opening(&suite, &stranger.to_string(), CARD);
        assert_eq!(reasons(by("township", open(&suite, unknown)).await), "PERSON_NOT_FOUND");
    })
    .await;
}

/// J-6.2.1.2-b: who is not insured any more has the account where a claim lies, or where the last cover ended.
#[tokio::test]
async fn an_account_outlives_the_cover() {
    with_suites("", |suite| async move {
        let claimant = suite.resident();
        suite.file_claim("township", filing(&suite, claimant, &Stay::on("03-01", 100))).await.unwrap();
        suite.peers.set_district(District::Nankai);
        // The claim lies in Jinghai, the person is insured in Nankai by now; neither is Hexi.
        let claimant = claimant.to_string();
        for (district, may) in [(District::Jinghai, true), (District::Nankai, true), (District::Hexi, false)] {
            let answer = township(district, activate(&suite, activation(&suite, &claimant))).await;
            assert_eq!(answer.is_ok(), may, "{} {district}: {answer:?}", suite.kind);
        }
        // Not covered, and never was: the reasons of benefit period.
        suite.peers.set_reasons(&[(Reason::NotEnrolled, "J-4.1-a")]);
        let nobody = suite.resident().to_string();
        let refused = township(District::Nankai, open(&suite, opening(&suite, &nobody, CARD))).await;
        assert_eq!(reasons(refused), "NOT_ENROLLED");
    })
    .await;
}

/// J-6.2.1.2-b: the last cover ended in 2020, in Nankai.
#[tokio::test]
async fn the_last_cover_tells_the_district() {
    with_suites("", |suite| async move {
        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-4.1-a")]);
        suite.peers.set_before("2021-01-01", &[], &[]);
        suite.peers.set_district(District::Nankai);
        suite.peers.set_span(Some(("2020-01-01", "2020-12-31", 2020)));
        let resident = suite.resident().to_string();
        let refused = township(District::Jinghai, open(&suite, opening(&suite, &resident, CARD))).await;
        assert_eq!(fact(refused, "district"), District::Nankai.as_str(), "{}", suite.kind);
        township(District::Nankai, open(&suite, opening(&suite, &resident, CARD))).await.unwrap();
    })
    .await;
}

/// J-6.2.1.2-b: a school takes claims in 2017, and records no accounts.
#[tokio::test]
async fn a_school_records_no_account_with_a_claim() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let stay = Stay { day: "2017-03-01".to_owned(), ..Stay::on("03-01", 20_000) };
        let request =
            pb::FileClaimRequest { desk: ClaimDesk::School.to_wire(), ..filing(&suite, suite.resident(), &stay) };
        let mut client = suite.claims();
        let file = Suite::called(Office::Education, Some(District::Baodi), "2017", client.file_claim(request));
        assert_eq!(reasons(file.await), "ROLE_NOT_ALLOWED", "{}", suite.kind);
    })
    .await;
}

/// J-6.2.1.2-b: a card that comes while the settlement account is activated is not lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn opening_and_activating_at_once_keep_the_card() {
    with_suites("", |suite| async move {
        let second = suite.second().await;
        for _ in 0..20 {
            let resident = suite.resident().to_string();
            let settlement_account = opening(&suite, &resident, AccountKind::SettlementAccount);
            by("township", open(&suite, settlement_account)).await.unwrap();
            let (card, activation) = (opening(&suite, &resident, CARD), activation(&suite, &resident));
            let (one, other) = (suite.clone(), second.clone());
            let card = tokio::spawn(async move { by("township", open(&one, card)).await });
            let active = tokio::spawn(async move { by("branch", activate(&other, activation)).await });
            assert_eq!(card.await.unwrap().unwrap(), account(CARD, AccountState::Opened));
            active.await.unwrap().unwrap();
            let claim = pb::FileClaimRequest {
                resident_id: resident,
                account: None,
                ..filing(&suite, suite.resident(), &Stay::on("03-01", 100))
            };
            let claim = suite.file_claim("township", claim).await.unwrap();
            assert_eq!(claim.wire.account.unwrap().kind, CARD.to_wire(), "{}", suite.kind);
        }
    })
    .await;
}
