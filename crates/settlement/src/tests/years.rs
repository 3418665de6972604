//! Openings, closings and contracts with family doctors through the contract.

use juyi_domain::codes::{District, Office, ProviderLevel};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::{Stay, Suite, reasons, with_suites};

pub(super) const YEAR: Option<(&str, &str, i32)> = Some(("2021-01-01", "2021-12-31", 2021));

/// A visit at a level 1 institution.
pub(super) fn visit(suite: &Suite, resident_id: ResidentId, day: &str, yuan: i64) -> pb::SettleRequest {
    let mut request = suite.request(resident_id, &Stay::on(day, yuan).at(ProviderLevel::One));
    request.bill.as_mut().unwrap().care_kind = pb::CareKind::Outpatient.into();
    request
}

pub(super) async fn paid(suite: &Suite, resident_id: ResidentId, day: &str, yuan: i64) -> pb::Settlement {
    suite.try_settle(visit(suite, resident_id, day, yuan)).await.unwrap().settlement.unwrap()
}

pub(super) fn basic(settlement: &pb::Settlement) -> i64 {
    settlement.shares.unwrap().basic_fund_fen
}

pub(super) async fn close(suite: &Suite, resident_id: ResidentId, validate_only: bool) -> Result<pb::Closing, Status> {
    let request = pb::CloseYearRequest {
        request_id: suite.request_id(),
        validate_only,
        resident_id: resident_id.to_string(),
        policy_year: 2021,
    };
    let answer = Suite::office(Office::MedicalInsurance, suite.years().close_year(request)).await?;
    Ok(answer.into_inner().closing.unwrap())
}

pub(super) fn import(
    suite: &Suite,
    resident_id: ResidentId,
    balances: &[(i32, i64)],
    years: Option<i32>,
) -> pb::ImportOpeningRequest {
    let source = || "register of 2020".to_owned();
    let balance = |(origin_year, yuan): &(i32, i64)| pb::Balance {
        origin_year: *origin_year,
        amount_fen: yuan * 100,
        source: source(),
    };
    pb::ImportOpeningRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident_id.to_string(),
        district: District::Jinghai.to_string(),
        policy_year: 2021,
        balances: balances.iter().map(balance).collect(),
        unused_years: years.map(|years| pb::UnusedYears { years, source: source() }),
    }
}

pub(super) async fn try_import(suite: &Suite, request: pb::ImportOpeningRequest) -> Result<pb::Opening, Status> {
    let answer = Suite::office(Office::MedicalInsurance, suite.years().import_opening(request)).await?;
    Ok(answer.into_inner().opening.unwrap())
}

pub(super) async fn opening(suite: &Suite, resident_id: ResidentId, policy_year: i32) -> Result<pb::Opening, Status> {
    let request = pb::GetOpeningRequest { resident_id: resident_id.to_string(), policy_year };
    Ok(Suite::hospital(suite.years().get_opening(request)).await?.into_inner().opening.unwrap())
}

/// S-29 with J-5.1.T-p and J-5.1.2-a: what counts, what does not, and what is left.
#[tokio::test]
async fn visits_and_what_they_leave() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        assert_eq!(basic(&paid(&suite, resident, "03-01", 420).await), 0);
        let mut outside = visit(&suite, resident, "03-02", 800);
        outside.bill.as_mut().unwrap().provider.as_mut().unwrap().level = 3;
        let outside = suite.try_settle(outside).await.unwrap().settlement.unwrap();
        assert_eq!((basic(&outside), outside.shares.unwrap().person_fen), (0, 80_000));
        let third = paid(&suite, resident, "03-03", 280).await;
        assert_eq!(basic(&third), 10_000);
        let totals = suite.accumulators(resident).await;
        assert_eq!((totals.outpatient_eligible_fen, totals.outpatient_paid_fen, totals.stays), (70_000, 10_000, 0));
        assert_eq!((totals.burden_fen, totals.eligible_fen, totals.basic_paid_fen), (0, 0, 0));
        let shown = close(&suite, resident, true).await.unwrap();
        assert_eq!((shown.carried_fen, shown.next_deductible_fen), (330_000, 50_000));
        assert_eq!(reasons(&opening(&suite, resident, 2023).await.unwrap_err()), "PARAMETER_NOT_SET");
        // A bill filed late with an earlier day moves the others, as on stays.
        let late = suite.try_settle(visit(&suite, resident, "02-01", 100)).await.unwrap();
        let moved: Vec<i64> = late.adjustments.iter().map(|it| it.difference.unwrap().basic_fund_fen).collect();
        assert_eq!((basic(&late.settlement.unwrap()), moved), (0, vec![1_000, 4_000]));
    })
    .await;
}

/// J-5.1.2-a, J-5.1.1-a: a closed year is the opening of the next, and a later bill closes it anew.
#[tokio::test]
async fn a_closed_year_follows_its_bills() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let closing = close(&suite, resident, false).await.unwrap();
        assert_eq!((closing.carried_fen, closing.next_deductible_fen), (400_000, 40_000));
        let next = opening(&suite, resident, 2022).await.unwrap();
        assert_eq!((next.balance_fen, next.unused_years.as_ref().unwrap().years), (400_000, 1));
        // Nothing new is said by closing it again.
        close(&suite, resident, false).await.unwrap();
        let bill = paid(&suite, resident, "11-01", 1_500).await;
        let next = opening(&suite, resident, 2022).await.unwrap();
        assert_eq!((next.balance_fen, next.unused_years.unwrap().years), (250_000, 0));
        suite.reverse(resident, &bill.settlement_id).await;
        assert_eq!(opening(&suite, resident, 2022).await.unwrap().balance_fen, 400_000);
        let request =
            pb::ListOpeningsRequest { resident_id: resident.to_string(), page_size: 2, page_token: String::new() };
        let page = Suite::hospital(suite.years().list_openings(request.clone())).await.unwrap().into_inner();
        let request = pb::ListOpeningsRequest { page_token: page.next_page_token, ..request };
        let rest = Suite::hospital(suite.years().list_openings(request)).await.unwrap().into_inner();
        let kinds: Vec<i32> = page.statements.iter().chain(&rest.statements).map(|it| it.kind).collect();
        assert_eq!(
            kinds,
            [pb::OpeningKind::Closed, pb::OpeningKind::ClosedAnew, pb::OpeningKind::ClosedAnew].map(i32::from)
        );
    })
    .await;
}

/// S-32, J-5.1.1-c, J-5.1.1-d: three unused years before, by import.
#[tokio::test]
async fn imported_years_lower_the_deductible() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let request = import(&suite, resident, &[(2019, 2_500), (2020, 4_000)], Some(3));
        let stated = try_import(&suite, request.clone()).await.unwrap();
        assert_eq!((stated.balance_fen, stated.balances.len()), (650_000, 2));
        assert_eq!(stated.balances[0].source, "register of 2020");
        assert_eq!(try_import(&suite, request).await.unwrap(), stated);
        let read = opening(&suite, resident, 2021).await.unwrap();
        assert_eq!(read.outpatient_deductible_fen, Some(20_000));
        assert_eq!(basic(&paid(&suite, resident, "03-01", 700).await), 25_000);
        let closing = close(&suite, resident, false).await.unwrap();
        assert_eq!(closing.next_deductible_fen, 50_000);
        assert_eq!(closing.next_opening.unwrap().balance_fen, 650_000 + 330_000);
        assert!(closing.receipt.unwrap().steps.iter().any(|step| step.rule_id == "J-5.1.1-d"));
    })
    .await;
}

/// J-5.1.2-b: bad input, and who may state and close years.
#[tokio::test]
async fn what_cannot_be_stated_or_closed() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let bad = import(&suite, resident, &[(2021, 1), (2020, -1), (2020, 1)], Some(101));
        let refused = reasons(&try_import(&suite, bad).await.unwrap_err());
        for reason in ["DATE_ORDER", "NEGATIVE_AMOUNT", "VALUE_NOT_ALLOWED"] {
            assert!(refused.contains(reason), "{refused}");
        }
        let nothing = import(&suite, resident, &[], None);
        assert_eq!(reasons(&try_import(&suite, nothing).await.unwrap_err()), "REQUIRED_FIELD_MISSING");
        let request = import(&suite, resident, &[(2020, 1)], None);
        let hospital = Suite::hospital(suite.years().import_opening(request.clone())).await.unwrap_err();
        assert_eq!(reasons(&hospital), "ROLE_NOT_ALLOWED");
        let mut years = suite.years();
        let call = years.import_opening(request.clone());
        let elsewhere = Suite::called(Office::SocialInsurance, Some(District::Nankai), "", call).await.unwrap_err();
        assert_eq!(reasons(&elsewhere), "ROLE_NOT_ALLOWED");
        suite.peers.set_span(None);
        assert_eq!(reasons(&close(&suite, resident, false).await.unwrap_err()), "NOT_ENROLLED");
        suite.peers.forget(resident);
        assert_eq!(reasons(&try_import(&suite, request).await.unwrap_err()), "PERSON_NOT_FOUND");
        let running = pb::CloseYearRequest {
            request_id: suite.request_id(),
            resident_id: resident.to_string(),
            policy_year: 2022,
            ..Default::default()
        };
        let early = Suite::office(Office::MedicalInsurance, suite.years().close_year(running)).await.unwrap_err();
        assert!(reasons(&early).contains("ORDER_VIOLATION") && reasons(&early).contains("POLICY_YEAR_NOT_LOADED"));
    })
    .await;
}

/// S-31, J-5.1.4-a, J-5.1.4-b, J-5.1.T-s: signed in March, five points from April, and the end of a contract.
#[tokio::test]
async fn a_family_doctor_from_the_month_after() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let request = |institution: &str, signed: &str| pb::SignFamilyDoctorRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            institution_code: institution.to_owned(),
            primary_institution_code: "H12011800001".to_owned(),
            signed_date: signed.to_owned(),
        };
        let sign = |request| {
            let mut years = suite.years();
            async move { Suite::hospital(years.sign_family_doctor(request)).await }
        };
        let other = sign(request("H12011800002", "2021-03-20")).await.unwrap_err();
        assert_eq!(reasons(&other), "CLASS_NOT_ELIGIBLE");
        assert_eq!(reasons(&sign(request("H12011800001", "2022-03-20")).await.unwrap_err()), "DATE_ORDER");
        let contract = sign(request("H12011800001", "2021-03-20")).await.unwrap().into_inner().contract.unwrap();
        assert_eq!(contract.effective_date, "2021-04-01");
        let again = sign(request("H12011800001", "2021-05-01")).await.unwrap_err();
        assert_eq!(reasons(&again), "DUPLICATE_CONTRACT");
        assert_eq!(basic(&paid(&suite, resident, "03-31", 900).await), 20_000);
        assert_eq!(basic(&paid(&suite, resident, "04-02", 400).await), 22_000);
        assert_eq!(close(&suite, resident, true).await.unwrap().carried_fen, 290_000);
        let end = |end_date: &str| pb::EndFamilyDoctorRequest {
            request_id: suite.request_id(),
            resident_id: resident.to_string(),
            contract_id: contract.contract_id.clone(),
            end_date: end_date.to_owned(),
        };
        let ended = |request| {
            let mut years = suite.years();
            async move { Suite::hospital(years.end_family_doctor(request)).await }
        };
        assert_eq!(reasons(&ended(end("2021-03-01")).await.unwrap_err()), "DATE_ORDER");
        ended(end("2021-06-10")).await.unwrap();
        assert_eq!(reasons(&ended(end("2021-07-10")).await.unwrap_err()), "ORDER_VIOLATION");
        assert_eq!(basic(&paid(&suite, resident, "06-30", 100).await), 5_500);
        assert_eq!(basic(&paid(&suite, resident, "07-01", 100).await), 5_000);
        let unknown = pb::EndFamilyDoctorRequest { contract_id: resident.to_string(), ..end("2021-07-01") };
        assert_eq!(reasons(&ended(unknown).await.unwrap_err()), "CONTRACT_NOT_FOUND");
        let request = pb::ListFamilyDoctorsRequest { resident_id: resident.to_string(), ..Default::default() };
        let listed = Suite::hospital(suite.years().list_family_doctors(request)).await.unwrap().into_inner().contracts;
        assert_eq!((listed.len(), listed[0].end_date.as_str()), (1, "2021-06-10"));
    })
    .await;
}

/// J-5.1.1-a, J-5.1.2-a: what the next year begins with is not known before the year is closed or somebody states it; of a
/// year without cover nothing is missing.
#[tokio::test]
async fn a_year_that_is_not_closed_leaves_its_history_missing() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_span(YEAR);
        let missing = opening(&suite, resident, 2022).await.unwrap_err();
        assert_eq!(reasons(&missing), "ORDER_VIOLATION,REQUIRED_FIELD_MISSING", "{}", suite.kind);
        assert_eq!(missing.code(), tonic::Code::InvalidArgument);
        close(&suite, resident, false).await.unwrap();
        assert_eq!(opening(&suite, resident, 2022).await.unwrap().unused_years.unwrap().years, 1);
        let stated = suite.resident();
        let request = pb::ImportOpeningRequest { policy_year: 2022, ..import(&suite, stated, &[(2021, 100)], None) };
        try_import(&suite, request).await.unwrap();
        assert_eq!(opening(&suite, stated, 2022).await.unwrap().balance_fen, 10_000);
        suite.peers.set_span(None);
        let nothing = opening(&suite, suite.resident(), 2022).await.unwrap();
        assert_eq!((nothing.balance_fen, nothing.balances.len(), nothing.unused_years), (0, 0, None));
    })
    .await;
}
