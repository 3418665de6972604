//! Filings through their contract: who files, what is refused, what becomes of them.

use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::{Suite, with_suites};

pub(super) const AGENCY: Office = Office::MedicalInsurance;

/// All reasons of a refusal, as the status lists them.
pub(super) fn reasons(status: &Status) -> String {
    status.get_details_error_info().unwrap().metadata["reasons"].clone()
}

pub(super) fn institution(provider_code: &str, level: ProviderLevel, region: &str) -> pb::Institution {
    let (provider_code, region) = (provider_code.to_owned(), region.to_owned());
    pb::Institution { provider_code, level: level.to_wire(), region, designated: true }
}

/// A long-term resident of Shijiazhuang who chose one hospital.
pub(super) fn residence(suite: &Suite, resident: ResidentId) -> pb::FileResidenceElsewhereRequest {
    pb::FileResidenceElsewhereRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        filing_date: "2021-02-01".to_owned(),
        residence: Some(pb::ResidenceElsewhere {
            residence_kind: pb::ResidenceKind::LongTermResident.into(),
            mode: pb::ClaimMode::SelfPaid.into(),
            region: "130100".to_owned(),
            channel: pb::FilingChannel::AgencyWindow.into(),
            papers: vec![pb::FilingPaper::SocialSecurityCard.into(), pb::FilingPaper::RelatedPapers.into()],
            institutions: vec![institution("H13010200001", ProviderLevel::Three, "130102")],
        }),
    }
}

pub(super) fn transfer(suite: &Suite, resident: ResidentId) -> pb::FileTransferRequest {
    pb::FileTransferRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        transfer_date: "2021-03-10".to_owned(),
        transfer: Some(pb::Transfer {
            route: pb::TransferRoute::OutOfCity.into(),
            issuer_code: "H12010100001".to_owned(),
            issuer_responsible: true,
            target: Some(institution("H31010100009", ProviderLevel::Three, "310101")),
            target_networked: true,
            mode: pb::ClaimMode::Direct.into(),
        }),
    }
}

pub(super) fn disease(suite: &Suite, resident: ResidentId) -> pb::RegisterSpecialDiseaseRequest {
    pb::RegisterSpecialDiseaseRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        registration_date: "2021-02-01".to_owned(),
        disease: Some(pb::SpecialDisease {
            disease_code: "M01600".to_owned(),
            route: pb::DiagnosisRoute::CityInstitution.into(),
            institution_code: "H12010100001".to_owned(),
            institution_qualified: true,
            papers: Vec::new(),
        }),
    }
}

async fn get(suite: &Suite, office: Office, filing: &pb::Filing) -> Result<pb::Filing, Status> {
    let (resident_id, filing_id) = (filing.resident_id.clone(), filing.filing_id.clone());
    let request = pb::GetFilingRequest { resident_id, filing_id };
    let answer = Suite::office(office, suite.filings().get_filing(request)).await?;
    Ok(answer.into_inner().filing.unwrap())
}

/// J-10.2.2-a, J-10.2.1-c: registered once, the first time with the card, repeated without effect, checked without a trace.
#[tokio::test]
async fn residence_is_registered_at_the_agency() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let bare = |mut request: pb::FileResidenceElsewhereRequest| {
            request.residence.as_mut().unwrap().papers.clear();
            request
        };
        let file = |request| Suite::office(AGENCY, async { suite.filings().file_residence_elsewhere(request).await });
        let refused = file(bare(residence(&suite, resident))).await.unwrap_err();
        assert_eq!(reasons(&refused), "EVIDENCE_NOT_ACCEPTED,EVIDENCE_NOT_ACCEPTED", "{}", suite.kind);
        let checked = pb::FileResidenceElsewhereRequest { validate_only: true, ..residence(&suite, resident) };
        assert_eq!(file(checked).await.unwrap().into_inner().filing.unwrap().filing_id, "");
        let request = residence(&suite, resident);
        let filed = file(request.clone()).await.unwrap().into_inner();
        assert_eq!(file(request).await.unwrap().into_inner(), filed);
        let filing = filed.filing.unwrap();
        assert_eq!((filing.district.as_str(), filing.start_date.as_str()), ("120118", "2021-02-01"));
        assert_eq!((filing.last_date.as_str(), filing.steps.len()), ("", 1));
        assert_eq!(get(&suite, AGENCY, &filing).await.unwrap(), filing);
        // A second one of the kind on the same days is not allowed; after the end of the first it is, without the card.
        let again = || bare(residence(&suite, resident));
        assert_eq!(reasons(&file(again()).await.unwrap_err()), "DUPLICATE_FILING");
        let end = pb::EndFilingRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            filing_id: filing.filing_id.clone(),
            last_date: "2021-06-30".to_owned(),
        };
        let ended = Suite::office(AGENCY, suite.filings().end_filing(end)).await.unwrap().into_inner().filing.unwrap();
        assert_eq!((ended.last_date.as_str(), ended.steps.len()), ("2021-06-30", 2));
        assert_eq!(reasons(&file(again()).await.unwrap_err()), "DUPLICATE_FILING");
        let later = pb::FileResidenceElsewhereRequest { filing_date: "2021-07-01".to_owned(), ..again() };
        let later = file(later).await.unwrap().into_inner().filing.unwrap();
        assert_eq!((later.start_date.as_str(), later.last_date.as_str()), ("2021-07-01", ""), "{}", suite.kind);
    })
    .await;
}

/// J-10.2.1-a: every failing condition is told; travellers are not listed. J-10.5.3-a: nobody else is provided for.
#[tokio::test]
async fn what_the_outline_does_not_list_is_refused() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let refused = async |change: fn(&mut pb::ResidenceElsewhere)| {
            let mut request = residence(&suite, resident);
            change(request.residence.as_mut().unwrap());
            let answer = Suite::office(AGENCY, suite.filings().file_residence_elsewhere(request)).await;
            reasons(&answer.unwrap_err())
        };
        let direct = |residence: &mut pb::ResidenceElsewhere| {
            residence.mode = pb::ClaimMode::Direct.into();
            residence.residence_kind = pb::ResidenceKind::TemporaryTraveller.into();
            residence.region = "130102".to_owned();
            residence.institutions.clear();
        };
        assert_eq!(refused(direct).await, "RULE_NOT_DEFINED,VALUE_NOT_ALLOWED", "{}", suite.kind);
        assert_eq!(refused(|it| it.residence_kind = pb::ResidenceKind::Other.into()).await, "RULE_NOT_DEFINED");
        assert_eq!(refused(|it| it.region = "1301".to_owned()).await, "VALUE_NOT_ALLOWED");
        // Uncovered on the day, unknown day, another office, another district.
        suite.peers.set_reasons(&[(Reason::NotEnrolled, "J-4.1-a")]);
        assert_eq!(refused(|_| ()).await, "NOT_ENROLLED");
        suite.peers.set_reasons(&[]);
        suite.peers.set_district(District::Nankai);
        assert_eq!(refused(|_| ()).await, "ROLE_NOT_ALLOWED");
        let request = residence(&suite, resident);
        let township = Suite::office(Office::Township, suite.filings().file_residence_elsewhere(request)).await;
        assert_eq!(reasons(&township.unwrap_err()), "ROLE_NOT_ALLOWED");
        let future = pb::FileTransferRequest { transfer_date: "2022-01-16".to_owned(), ..transfer(&suite, resident) };
        let future = Suite::office(AGENCY, suite.filings().file_transfer(future)).await;
        assert_eq!(reasons(&future.unwrap_err()), "DATE_ORDER");
    })
    .await;
}

/// J-10.2.2-d: valid to the anniversary. J-10.3.2-b: what a hospital filed waits for the review of the agency.
#[tokio::test]
async fn a_transfer_of_a_hospital_is_reviewed() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let filed = Suite::hospital(suite.filings().file_transfer(transfer(&suite, resident))).await.unwrap();
        let filing = filed.into_inner().filing.unwrap();
        assert_eq!(filing.state, i32::from(pb::FilingState::Pending));
        assert_eq!((filing.start_date.as_str(), filing.last_date.as_str()), ("2021-03-10", "2022-03-10"));
        let review = |decision: pb::FilingState, reason: &str| pb::ReviewFilingRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            filing_id: filing.filing_id.clone(),
            decision: decision.into(),
            reason: reason.to_owned(),
        };
        let by = |office, request| Suite::office(office, async { suite.filings().review_filing(request).await });
        let own = by(Office::Provider, review(pb::FilingState::InForce, "")).await.unwrap_err();
        assert_eq!(reasons(&own), "ROLE_NOT_ALLOWED", "{}", suite.kind);
        let bare = by(AGENCY, review(pb::FilingState::Rejected, "")).await.unwrap_err();
        assert_eq!(reasons(&bare), "REQUIRED_FIELD_MISSING");
        let confirmed = by(AGENCY, review(pb::FilingState::InForce, "")).await.unwrap().into_inner().filing.unwrap();
        assert_eq!((confirmed.state, confirmed.steps.len()), (pb::FilingState::InForce.into(), 2));
        let twice = by(AGENCY, review(pb::FilingState::Rejected, "no need")).await.unwrap_err();
        assert_eq!(reasons(&twice), "ORDER_VIOLATION");
        // The agency withdraws what a hospital filed; another hospital does not.
        let withdraw = || pb::WithdrawFilingRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            filing_id: filing.filing_id.clone(),
            reason: "filed in error".to_owned(),
        };
        let other = Suite::called(Office::Provider, None, "another", suite.filings().withdraw_filing(withdraw())).await;
        assert_eq!(reasons(&other.unwrap_err()), "ROLE_NOT_ALLOWED");
        let gone = Suite::office(AGENCY, suite.filings().withdraw_filing(withdraw())).await.unwrap().into_inner();
        assert_eq!(gone.filing.unwrap().state, i32::from(pb::FilingState::Withdrawn));
        let twice = Suite::office(AGENCY, suite.filings().withdraw_filing(withdraw())).await.unwrap_err();
        assert_eq!(reasons(&twice), "ORDER_VIOLATION", "{}", suite.kind);
    })
    .await;
}

/// J-5.1.T-k, J-10.2.2-c: a disease once, by who may diagnose it; no error names it.
#[tokio::test]
async fn a_special_disease_is_registered_once() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let register = |request| Suite::hospital(async { suite.filings().register_special_disease(request).await });
        let mut elsewhere = disease(&suite, resident);
        elsewhere.disease.as_mut().unwrap().route = pb::DiagnosisRoute::ChosenElsewhere.into();
        let refused = register(elsewhere).await.unwrap_err();
        let each = "EVIDENCE_NOT_ACCEPTED,EVIDENCE_NOT_ACCEPTED,EVIDENCE_NOT_ACCEPTED,WRONG_DESK";
        assert_eq!(reasons(&refused), each, "{}", suite.kind);
        assert!(!format!("{refused:?}").contains("M01600"));
        let filing = register(disease(&suite, resident)).await.unwrap().into_inner().filing.unwrap();
        assert_eq!(filing.kind, i32::from(pb::FilingKind::SpecialDisease));
        let twice = register(disease(&suite, resident)).await.unwrap_err();
        assert_eq!(reasons(&twice), "DUPLICATE_FILING");
        assert!(!format!("{twice:?}").contains("M01600"));
        assert_eq!(reasons(&get(&suite, Office::Township, &filing).await.unwrap_err()), "ROLE_NOT_ALLOWED");
        let other = pb::Filing { resident_id: suite.resident().to_string(), ..filing };
        assert_eq!(reasons(&get(&suite, AGENCY, &other).await.unwrap_err()), "FILING_NOT_FOUND");
    })
    .await;
}

/// Two desks at once: one files, the other finds it filed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_at_once_one_files() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let send = |_| {
            let (suite, request) = (suite.clone(), disease(&suite, resident));
            tokio::spawn(async move { Suite::hospital(suite.filings().register_special_disease(request)).await })
        };
        let running: Vec<_> = (0..4).map(send).collect();
        let mut filed = 0;
        for answer in running {
            match answer.await.unwrap() {
                Ok(_) => filed += 1,
                Err(status) => assert_eq!(reasons(&status), "DUPLICATE_FILING"),
            }
        }
        assert_eq!(filed, 1, "{}", suite.kind);
    })
    .await;
}

#[tokio::test]
async fn filings_are_listed_in_pages() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        for _ in 0..3 {
            Suite::hospital(suite.filings().file_transfer(transfer(&suite, resident))).await.unwrap();
        }
        let (mut found, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListFilingsRequest { resident_id: resident.to_string(), page_size: 2, page_token };
            let page = Suite::office(AGENCY, suite.filings().list_filings(request)).await.unwrap().into_inner();
            found.extend(page.filings.into_iter().map(|filing| filing.filing_id));
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(found.len(), 3, "{}", suite.kind);
        assert!(found.is_sorted());
        let request = pb::ListFilingsRequest { resident_id: resident.to_string(), ..Default::default() };
        let far = Suite::called(AGENCY, Some(District::Nankai), "far", suite.filings().list_filings(request)).await;
        assert!(far.unwrap().into_inner().filings.is_empty());
    })
    .await;
}
