//! The steps of a claim until the decision, and lists.

use juyi_domain::codes::{Category, Class, District, Identity, Office, Tier};
use juyi_domain::settlement::claims::codes::{ClaimDecision, ClaimDesk, ClaimPaper, ClaimState};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::list_claims_request::Scope;

use super::claimant::{by, fact, filing, reasons};
use super::{Stay, Suite, with_suites};

/// J-6.2.1.1-b, J-6.2.1-a: entered, uploaded, handed over, approved; the bill is settled as any other (S-24).
#[tokio::test]
async fn an_approval_settles_the_bill() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let mut claim = suite.handed_over(resident, &Stay::on("03-01", 20_000)).await;
        claim.approve("checker").await.unwrap();
        assert_eq!((claim.state(), claim.wire.due_fen), (ClaimState::Approved, 1_365_000), "{}", suite.kind);
        let settlement = suite.get(resident, &claim.wire.settlement_id).await;
        assert_eq!(settlement.shares.unwrap().person_fen, 635_000);
        assert_eq!(settlement.recorded_by.unwrap().name, "checker");
        assert_eq!(suite.accumulators(resident).await.basic_paid_fen, 1_365_000);
        let states: Vec<_> = claim.wire.steps.iter().map(|step| ClaimState::from_wire(step.state).unwrap()).collect();
        assert_eq!(states, ClaimState::ALL[..5]);
        assert_eq!(claim.read("branch").await.unwrap(), claim.wire);
    })
    .await;
}

/// J-6.2.1.1-b: hand-over before entry, and everything else out of its order.
#[tokio::test]
async fn steps_have_one_order() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let request = filing(&suite, resident, &Stay::on("03-01", 20_000));
        let mut claim = suite.file_claim("township", request).await.unwrap();
        assert_eq!(fact(claim.hand_over("township").await, "state"), "FILED");
        assert_eq!(reasons(claim.upload("township").await), "ORDER_VIOLATION");
        assert_eq!(reasons(claim.approve("checker").await), "ORDER_VIOLATION");
        assert_eq!(reasons(claim.pay(claim.payment()).await), "ORDER_VIOLATION");
        claim.enter("colleague").await.unwrap();
        assert_eq!(reasons(claim.enter("township").await), "ORDER_VIOLATION");
        // The branch does not do the township's work, nor the other way round; nor does another district.
        assert_eq!(reasons(claim.upload("branch").await), "ROLE_NOT_ALLOWED");
        assert_eq!(reasons(claim.approve("township").await), "ROLE_NOT_ALLOWED");
        let upload = pb::UploadClaimRequest {
            request_id: suite.request_id(),
            resident_id: resident.to_string(),
            claim_id: claim.wire.claim_id.clone(),
        };
        let mut client = suite.claims();
        let elsewhere = client.upload_claim(upload);
        let elsewhere = Suite::called(Office::Township, Some(District::Nankai), "elsewhere", elsewhere).await;
        assert_eq!(reasons(elsewhere), "ROLE_NOT_ALLOWED");
        claim.upload("township").await.unwrap();
        assert_eq!(reasons(claim.approve("checker").await), "ORDER_VIOLATION");
    })
    .await;
}

/// J-6.2.1.1-e: the branch enters and uploads what it takes, hands nothing over, and another of its people decides.
#[tokio::test]
async fn the_branch_works_on_its_own_claims() {
    with_suites("", |suite| async move {
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        suite.peers.set_cover(Tier::StudentChild, &[]);
        let request = pb::FileClaimRequest {
            desk: ClaimDesk::DistrictMedicalInsuranceBranch.to_wire(),
            ..filing(&suite, suite.resident(), &Stay::on("03-01", 20_000))
        };
        let mut claim = suite.file_claim("branch", request).await.unwrap();
        claim.enter("branch").await.unwrap();
        claim.upload("branch").await.unwrap();
        assert_eq!(reasons(claim.hand_over("branch").await), "ORDER_VIOLATION");
        // Maker and checker are different persons.
        assert_eq!(reasons(claim.approve("branch").await), "ROLE_NOT_ALLOWED");
        claim.approve("checker").await.unwrap();
        assert_eq!(claim.wire.due_fen, 1_462_500, "{}", suite.kind);
    })
    .await;
}

/// J-6.2.1-a: a returned claim tells why and may be filed anew.
#[tokio::test]
async fn a_returned_claim_may_be_filed_anew() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        let mut silent = claim.review(ClaimDecision::Return);
        silent.reasons.clear();
        assert_eq!(reasons(by("checker", suite.claims().review_claim(silent)).await), "REQUIRED_FIELD_MISSING");
        let mut talkative = claim.review(ClaimDecision::Approve);
        talkative.reasons.push("because".to_owned());
        assert_eq!(reasons(by("checker", suite.claims().review_claim(talkative)).await), "VALUE_NOT_ALLOWED");
        claim.give_back("checker").await.unwrap();
        assert_eq!(claim.state(), ClaimState::Returned);
        assert_eq!(claim.wire.steps.last().unwrap().reasons, ["the itemised list is not stamped"]);
        assert!(claim.wire.settlement_id.is_empty() && suite.list(resident).await.is_empty());
        assert_eq!(reasons(claim.approve("checker").await), "ORDER_VIOLATION");
        suite.handed_over(resident, &stay).await.approve("checker").await.unwrap();
    })
    .await;
}

/// J-6.1-a: a bill that the provider settled while the claim was on its way is not settled twice.
#[tokio::test]
async fn an_approval_that_cannot_settle_leaves_the_claim() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 120_000));
        let mut claim = suite.handed_over(resident, &stay).await;
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        suite.peers.set_assistance_down(true);
        assert_eq!(reasons(claim.approve("checker").await), "PEER_UNAVAILABLE");
        suite.peers.set_assistance_down(false);
        let settled = suite.settle(resident, &stay).await;
        assert_eq!(reasons(claim.approve("checker").await), "DUPLICATE_BILL");
        assert_eq!(claim.read("township").await.unwrap(), claim.wire);
        suite.reverse(resident, &settled.settlement_id).await;
        claim.approve("checker").await.unwrap();
        let aid = suite.get(resident, &claim.wire.settlement_id).await.shares.unwrap().medical_assistance_fen;
        let registered = suite.peers.registered(&claim.wire.settlement_id).0;
        assert!(aid > 0 && registered.get() == aid, "{}", suite.kind);
    })
    .await;
}

/// Two approvals at once settle once, and a repetition is answered as the first time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_approval_settles_once() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let claim = suite.handed_over(resident, &Stay::on("03-01", 20_000)).await;
        let request = claim.review(ClaimDecision::Approve);
        let send = |request: pb::ReviewClaimRequest| {
            let mut client = suite.claims();
            tokio::spawn(async move { by("checker", client.review_claim(request)).await })
        };
        let other = pb::ReviewClaimRequest { request_id: suite.request_id(), ..request.clone() };
        let (one, same, other) = (send(request.clone()), send(request), send(other));
        let answers = [one.await.unwrap(), same.await.unwrap(), other.await.unwrap()];
        let approved = answers.iter().filter(|answer| answer.is_ok()).count();
        assert!((1..=2).contains(&approved), "{}: {answers:?}", suite.kind);
        assert_eq!(suite.list(resident).await.len(), 1);
        assert_eq!(claim.read("branch").await.unwrap().steps.len(), 5);
    })
    .await;
}

/// B-6.1.2-b, B-5.5-c: in 2017 the agency decides, and no inpatient rate is printed.
#[tokio::test]
async fn a_claim_of_2017_is_decided_by_the_agency() {
    with_suites("", |suite| async move {
        let stay = Stay { day: "2017-03-01".to_owned(), ..Stay::on("03-01", 20_000) };
        suite.peers.set_district(District::Baodi);
        let mut request = filing(&suite, suite.resident(), &stay);
        request.papers =
            [ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList].map(Coded::to_wire).into();
        let mut client = suite.claims();
        let filed = Suite::called(Office::Township, Some(District::Baodi), "Baodi", client.file_claim(request)).await;
        let claim = filed.unwrap().into_inner().claim.unwrap();
        let step = |request_id: &str| (request_id.to_owned(), claim.resident_id.clone(), claim.claim_id.clone());
        let work = async {
            let (request_id, resident_id, claim_id) = step("enter");
            client.enter_claim(pb::EnterClaimRequest { request_id, resident_id, claim_id }).await?;
            let (request_id, resident_id, claim_id) = step("upload");
            client.upload_claim(pb::UploadClaimRequest { request_id, resident_id, claim_id }).await?;
            let (request_id, resident_id, claim_id) = step("hand over");
            client.hand_over_claim(pb::HandOverClaimRequest { request_id, resident_id, claim_id }).await
        };
        Suite::called(Office::Township, Some(District::Baodi), "Baodi", work).await.unwrap();
        let (request_id, resident_id, claim_id) = step("approve");
        let decision = ClaimDecision::Approve.to_wire();
        let approve = pb::ReviewClaimRequest { request_id, resident_id, claim_id, decision, reasons: Vec::new() };
        assert_eq!(reasons(by("city", suite.claims().review_claim(approve.clone())).await), "ROLE_NOT_ALLOWED");
        assert_eq!(reasons(by("agency", suite.claims().review_claim(approve)).await), "RULE_NOT_DEFINED");
    })
    .await;
}

/// Claims of a district by desk and state, page by page; nobody sees those of another district.
#[tokio::test]
async fn claims_are_listed_by_desk_and_state() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let mut first = suite.file_claim("township", filing(&suite, resident, &Stay::on("03-01", 1))).await.unwrap();
        first.enter("township").await.unwrap();
        for day in ["03-02", "03-03"] {
            suite.file_claim("township", filing(&suite, suite.resident(), &Stay::on(day, 1))).await.unwrap();
        }
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let desk = ClaimDesk::DistrictMedicalInsuranceBranch.to_wire();
        let request = pb::FileClaimRequest { desk, ..filing(&suite, resident, &Stay::on("03-04", 1)) };
        suite.file_claim("branch", request).await.unwrap();

        let queue = |desk: i32, state: i32| {
            let district = District::Jinghai.to_string();
            Scope::Queue(pb::ClaimQueue { district, desk, state })
        };
        let (filed, township) = (ClaimState::Filed.to_wire(), ClaimDesk::TownshipService.to_wire());
        assert_eq!(listed(&suite, "township", &queue(0, 0)).await, 4, "{}", suite.kind);
        assert_eq!(listed(&suite, "township", &queue(township, filed)).await, 2);
        assert_eq!(listed(&suite, "branch", &queue(desk, 0)).await, 1);
        assert_eq!(listed(&suite, "branch", &queue(0, ClaimState::Entered.to_wire())).await, 1);
        assert_eq!(listed(&suite, "branch", &Scope::ResidentId(resident.to_string())).await, 2);
        // A school sees claims of schools alone.
        assert_eq!(listed(&suite, "school", &queue(0, 0)).await, 0);
        assert_eq!(reasons(first.read("school").await), "ROLE_NOT_ALLOWED");

        let of = |scope| pb::ListClaimsRequest { scope: Some(scope), ..Default::default() };
        let other = pb::ClaimQueue { district: District::Nankai.to_string(), ..Default::default() };
        let other = by("branch", suite.claims().list_claims(of(Scope::Queue(other)))).await;
        assert_eq!(reasons(other), "ROLE_NOT_ALLOWED");
        let stranger = suite.resident();
        suite.peers.forget(stranger);
        let unknown = by("branch", suite.claims().list_claims(of(Scope::ResidentId(stranger.to_string())))).await;
        assert_eq!(reasons(unknown), "PERSON_NOT_FOUND");
    })
    .await;
}

/// How many claims a list has, in pages of two.
async fn listed(suite: &Suite, who: &str, scope: &Scope) -> usize {
    let (mut found, mut page_token) = (0, String::new());
    loop {
        let request = pb::ListClaimsRequest { scope: Some(scope.clone()), page_size: 2, page_token };
        let page = by(who, suite.claims().list_claims(request)).await.unwrap().into_inner();
        found += page.claims.len();
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}
