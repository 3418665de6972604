//! Filing self-paid claims: desks, papers, limits, duplicates.

use juyi_domain::codes::{Category, Class, District, LeavingReason, Office};
use juyi_domain::settlement::care::OutOfArea;
use juyi_domain::settlement::claims::codes::{
    AccountKind, AccountState, CardState, ClaimDesk, ClaimPaper, ClaimState, LeaverRegistration,
};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place;

use super::claimant::{account, by, fact, filing, reasons};
use super::{Stay, Suite, with_suites};

/// J-6.2.1.1-a, J-6.2.1.1-c: filed at the township, without a limit that could be applied.
#[tokio::test]
async fn a_claim_is_filed_with_its_reasons() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let request = filing(&suite, resident, &Stay::on("03-01", 20_000));
        let claim = suite.file_claim("township", request.clone()).await.unwrap();
        assert_eq!((claim.state(), claim.wire.due_fen), (ClaimState::Filed, 0));
        assert_eq!((claim.wire.policy_year, claim.wire.district.as_str()), (2021, "120118"));
        let steps = &claim.wire.receipt.as_ref().unwrap().steps;
        let rules: Vec<_> = steps.iter().map(|step| step.rule_id.as_str()).collect();
        assert_eq!(rules, ["J-6.2.1.1-a", "J-6.2.1.1-a", "J-6.2.1.1-c", "J-6.2.1.2-b"]);
        assert_eq!(steps[2].marks, ["LIMIT_NOT_DEFINED"]);
        assert_eq!(claim.read("township").await.unwrap(), claim.wire, "{}", suite.kind);
        // The same request again, and the same request with another body.
        let again = suite.file_claim("township", request.clone()).await.unwrap();
        assert_eq!(again.wire, claim.wire);
        let other = pb::FileClaimRequest { late: true, ..request };
        assert_eq!(reasons(suite.file_claim("township", other).await), "REQUEST_ID_REUSED");
    })
    .await;
}

#[tokio::test]
async fn a_claim_to_validate_is_not_stored() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let request = pb::FileClaimRequest { validate_only: true, ..filing(&suite, resident, &stay) };
        assert!(suite.file_claim("township", request).await.unwrap().wire.claim_id.is_empty());
        suite.file_claim("township", filing(&suite, resident, &stay)).await.unwrap();
    })
    .await;
}

/// J-6.2.1.1-a, J-6.2.1.1-d: the desk of the enrolment; the refusal names it.
#[tokio::test]
async fn the_wrong_desk_names_the_right_one() {
    with_suites("", |suite| async move {
        let stay = Stay::on("03-01", 20_000);
        let at =
            |desk: ClaimDesk| pb::FileClaimRequest { desk: desk.to_wire(), ..filing(&suite, suite.resident(), &stay) };
        let branch = ClaimDesk::DistrictMedicalInsuranceBranch;
        let wrong = suite.file_claim("branch", at(branch)).await;
        assert_eq!(fact(wrong, "right_desk"), "TOWNSHIP_SERVICE,COMMUNITY_WORKSTATION");
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let by_school = pb::FileClaimRequest { filed_by_institution: true, ..at(branch) };
        assert!(suite.file_claim("branch", by_school).await.unwrap().wire.filed_by_institution);
        let wrong = suite.file_claim("township", at(ClaimDesk::TownshipService)).await;
        assert_eq!(fact(wrong, "right_desk"), branch.as_str());
        // An office keeps its own desks alone; the desk of another district is none of this person.
        assert_eq!(reasons(suite.file_claim("township", at(branch)).await), "ROLE_NOT_ALLOWED");
        suite.peers.set_district(District::Nankai);
        let elsewhere = suite.file_claim("branch", at(branch)).await;
        assert_eq!(fact(elsewhere, "right_district"), District::Nankai.as_str());
    })
    .await;
}

/// J-6.2.1.1-f: a graduate without local registration goes to the branch.
#[tokio::test]
async fn leavers_go_by_their_registration() {
    with_suites("", |suite| async move {
        suite.peers.set_category(Class::Adult, Category::SchoolLeaver);
        let request = |desk: ClaimDesk, registration: LeaverRegistration| pb::FileClaimRequest {
            desk: desk.to_wire(),
            school_leaving: Some(pb::ClaimantLeaving {
                leaving_date: "2021-02-01".to_owned(),
                reason: LeavingReason::Graduated.to_wire(),
                registration: registration.to_wire(),
            }),
            ..filing(&suite, suite.resident(), &Stay::on("03-01", 20_000))
        };
        let branch = ClaimDesk::DistrictMedicalInsuranceBranch;
        suite.file_claim("branch", request(branch, LeaverRegistration::NotLocal)).await.unwrap();
        let township = ClaimDesk::TownshipService;
        suite.file_claim("township", request(township, LeaverRegistration::Local)).await.unwrap();
        let wrong = suite.file_claim("branch", request(branch, LeaverRegistration::Local)).await;
        assert_eq!(fact(wrong, "right_desk"), "TOWNSHIP_SERVICE");
        let untold = pb::FileClaimRequest { school_leaving: None, ..request(branch, LeaverRegistration::Local) };
        assert_eq!(reasons(suite.file_claim("branch", untold).await), "REQUIRED_FIELD_MISSING");
    })
    .await;
}

/// J-10.4-c, J-10.4-d: care elsewhere at the agency of the insured place, a child's with its proof.
#[tokio::test]
async fn care_elsewhere_is_claimed_at_the_agency() {
    with_suites("", |suite| async move {
        suite.peers.set_category(Class::StudentChild, Category::PreschoolChild);
        let mut request = filing(&suite, suite.resident(), &Stay::on("03-01", 20_000));
        let elsewhere =
            pb::Elsewhere { category: OutOfArea::Residence.to_wire(), region: "110105".to_owned(), receiving_level: 0 };
        request.bill.as_mut().unwrap().place = Some(Place::Elsewhere(elsewhere));
        let both = suite.file_claim("township", request.clone()).await;
        assert_eq!(reasons(both), "WRONG_DESK,EVIDENCE_NOT_ACCEPTED");
        request.desk = ClaimDesk::DistrictMedicalInsuranceBranch.to_wire();
        request.papers.push(ClaimPaper::ProofOfLivingElsewhere.to_wire());
        let claim = suite.file_claim("branch", request).await.unwrap();
        let rules: Vec<_> = claim.wire.receipt.unwrap().steps.into_iter().map(|step| step.rule_id).collect();
        assert_eq!(rules, ["J-10.4-c", "J-6.2.1.1-a", "J-10.4-d", "J-6.2.1.1-c", "J-6.2.1.2-b"]);
    })
    .await;
}

/// J-6.2.1.1-c, AMB-089: what the desk calls late, and every other reason at once.
#[tokio::test]
async fn every_failing_condition_is_told() {
    with_suites("", |suite| async move {
        let request = pb::FileClaimRequest {
            late: true,
            papers: Vec::new(),
            filing_date: "2021-02-28".to_owned(),
            ..filing(&suite, suite.resident(), &Stay::on("03-01", 20_000))
        };
        let refused = reasons(suite.file_claim("township", request).await);
        assert_eq!(refused, "DATE_ORDER,EVIDENCE_NOT_ACCEPTED,RULE_NOT_DEFINED");
        let malformed = pb::FileClaimRequest {
            request_id: String::new(),
            desk: ClaimDesk::TownshipService.to_wire(),
            bill: None,
            filing_date: "2022-01-16".to_owned(),
            ..Default::default()
        };
        let refused = reasons(suite.file_claim("township", malformed).await);
        assert_eq!(refused.split(',').filter(|reason| *reason == "REQUIRED_FIELD_MISSING").count(), 3);
        assert!(refused.contains("DATE_ORDER"), "{refused}");
        suite.peers.set_reasons(&[(juyi_domain::refusal::Reason::NotEnrolled, "J-4.1-a")]);
        let request = filing(&suite, suite.resident(), &Stay::on("03-01", 20_000));
        assert_eq!(reasons(suite.file_claim("township", request).await), "NOT_ENROLLED");
    })
    .await;
}

/// J-6.2.1.1-c: a configured limit of 30 days after 1 March.
#[tokio::test]
async fn a_configured_limit_is_applied() {
    let overlay = "[[set]]\nparameter = 'tianjin-2021.self_paid_claim.limit_days'\nvalue = 30\nsince = 2021-01-01\n\
        source = { document = '津医保局发〔2021〕9号', section = '第一条' }\n";
    with_suites(overlay, |suite| async move {
        let on = |day: &str| pb::FileClaimRequest {
            filing_date: day.to_owned(),
            ..filing(&suite, suite.resident(), &Stay::on("03-01", 20_000))
        };
        let claim = suite.file_claim("township", on("2021-03-31")).await.unwrap();
        let steps = claim.wire.receipt.unwrap().steps;
        assert!(steps.iter().any(|step| step.rule_id == "J-6.2.1.1-c"));
        assert!(steps.iter().all(|step| step.marks.is_empty()));
        assert_eq!(fact(suite.file_claim("township", on("2021-04-01")).await, "last_day"), "2021-03-31");
    })
    .await;
}

/// J-6.2.1-a: one claim covers both insurances; J-6.1-a: what the card settled is not claimed.
#[tokio::test]
async fn a_bill_is_claimed_once() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let file = || suite.file_claim("township", filing(&suite, resident, &stay));
        let first = file().await.unwrap();
        assert_eq!(fact(file().await, "claim_id"), first.wire.claim_id);
        assert_eq!(reasons(file().await), "DUPLICATE_CLAIM", "{}", suite.kind);
        // Another person may have a bill of that number.
        suite.file_claim("township", filing(&suite, suite.resident(), &stay)).await.unwrap();

        let by_card = Stay::on("03-05", 1_000);
        let settled = suite.settle(resident, &by_card).await;
        let claimed = || suite.file_claim("township", filing(&suite, resident, &by_card));
        assert_eq!(fact(claimed().await, "settlement_id"), settled.settlement_id);
        assert_eq!(reasons(claimed().await), "DUPLICATE_BILL");
        suite.reverse(resident, &settled.settlement_id).await;
        claimed().await.unwrap();
    })
    .await;
}

/// J-6.2.1.2-b: the first claim without a card opens the account; a second one without an account is refused.
#[tokio::test]
async fn the_account_comes_with_the_first_claim() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let file = |day: &str, account| {
            let request = pb::FileClaimRequest { account, ..filing(&suite, resident, &Stay::on(day, 100)) };
            suite.file_claim("township", request)
        };
        let first = file("03-01", None).await.unwrap();
        assert!(first.wire.account.is_none());
        assert_eq!(first.wire.receipt.unwrap().steps[3].marks, ["PENDING_ACCOUNT"]);
        assert_eq!(reasons(file("03-02", None).await), "EVIDENCE_NOT_ACCEPTED");
        let opened = account(AccountKind::SettlementAccount, AccountState::Opened);
        assert_eq!(file("03-02", opened).await.unwrap().wire.account, opened);
        assert_eq!(file("03-03", None).await.unwrap().wire.account, opened);
        let card = account(AccountKind::Card, AccountState::Activated);
        assert_eq!(file("03-04", card).await.unwrap().wire.account, card);
        assert_eq!(file("03-05", opened).await.unwrap().wire.account, card);
    })
    .await;
}

/// B-6.1.2-a, B-6.1.2-b: in 2017 students claim at the school, with three papers.
#[tokio::test]
async fn in_2017_a_student_claims_at_the_school() {
    with_suites("", |suite| async move {
        suite.peers.set_district(District::Baodi);
        suite.peers.set_category(Class::StudentChild, Category::SchoolStudent);
        let stay = Stay { day: "2017-03-01".to_owned(), ..Stay::on("03-01", 20_000) };
        let mut request = filing(&suite, suite.resident(), &stay);
        request.account = None;
        let at = |desk: ClaimDesk, office| {
            let request = pb::FileClaimRequest { desk: desk.to_wire(), ..request.clone() };
            let mut client = suite.claims();
            async move { Suite::called(office, Some(District::Baodi), "2017", client.file_claim(request)).await }
        };
        let wrong = at(ClaimDesk::TownshipService, Office::Township).await;
        assert_eq!(fact(wrong, "right_desk"), "SCHOOL");
        let claim = at(ClaimDesk::School, Office::Education).await.unwrap().into_inner().claim.unwrap();
        let rules: Vec<_> = claim.receipt.unwrap().steps.into_iter().map(|step| step.rule_id).collect();
        assert_eq!(rules, ["B-6.1.2-b", "B-6.1.2-a", "B-6.1.2-b"]);
    })
    .await;
}

/// J-6.1-a: a card that is not active takes the self-paid route.
#[tokio::test]
async fn a_card_that_is_not_active_does_not_settle() {
    with_suites("", |suite| async move {
        let (resident, stay) = (suite.resident(), Stay::on("03-01", 20_000));
        let with_card =
            |card: CardState| pb::SettleRequest { card_state: card.to_wire(), ..suite.request(resident, &stay) };
        let refused = suite.try_settle(with_card(CardState::NotActive)).await;
        assert_eq!(fact(refused.clone(), "route"), "SELF_PAID_CLAIM");
        assert_eq!(reasons(refused), "EVIDENCE_NOT_ACCEPTED");
        suite.file_claim("township", filing(&suite, resident, &stay)).await.unwrap();
        let active = pb::SettleRequest { bill: Some(Stay::on("03-02", 1).bill()), ..with_card(CardState::Active) };
        suite.try_settle(active).await.unwrap();
        let unknown = pb::SettleRequest { card_state: 9, ..with_card(CardState::Active) };
        assert_eq!(reasons(suite.try_settle(unknown).await), "UNKNOWN_ENUM");
    })
    .await;
}

/// Who works on claims is known by name, and is an office with that duty.
#[tokio::test]
async fn nameless_offices_and_others_file_nothing() {
    with_suites("", |suite| async move {
        let request = filing(&suite, suite.resident(), &Stay::on("03-01", 20_000));
        let mut client = suite.claims();
        let district = Some(District::Jinghai);
        let nameless = Suite::called(Office::Township, district, "", client.file_claim(request.clone())).await;
        assert_eq!(reasons(nameless), "ROLE_NOT_ALLOWED");
        let hospital = Suite::hospital(client.file_claim(request)).await;
        assert_eq!(reasons(hospital), "ROLE_NOT_ALLOWED");
        let stranger = pb::GetClaimRequest {
            resident_id: suite.resident().to_string(),
            claim_id: suite.context.id::<juyi_domain::id::SelfPaidClaimId>().to_string(),
        };
        assert_eq!(reasons(by("township", client.get_claim(stranger)).await), "CLAIM_NOT_FOUND");
    })
    .await;
}
