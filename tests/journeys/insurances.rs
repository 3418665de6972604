//! Somebody who changes between the residents' and the employees' insurance within a year: what closes the year, what is
//! brought into it, what is settled anew and what is told of it, with the services that know the employment.

use std::time::Duration;

use juyi_domain::codes::{ContributionStatus, EmployeesInsuranceKind, Office, PayingScheme};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::fact::Fact;
use juyi_proto::settlement::v1 as pb;
use juyi_tests::offices::{Clients, by, reason, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::suites;

const AGENCY: Office = Office::MedicalInsurance;
/// Months at the end of the year.
const AUTUMN: (&str, &str) = ("2021-09-01", "2021-12-31");

/// Employed with paid contributions over some months; comes back when the suite knows.
async fn employ(clients: &Clients, resident: &str, (from, last): (&str, &str)) {
    let insured = registry::EmployeesInsuranceFact {
        kind: EmployeesInsuranceKind::Employer.to_wire(),
        status: ContributionStatus::Paid.to_wire(),
        ..Default::default()
    };
    let fact = registry::Fact {
        start_date: from.to_owned(),
        end_date: last.to_owned(),
        fact: Some(Fact::EmployeesInsurance(insured)),
        ..Default::default()
    };
    let request = registry::RecordFactsRequest {
        request_id: format!("employ-{resident}"),
        resident_id: resident.to_owned(),
        facts: vec![fact],
        validate_only: false,
    };
    by(Office::SocialInsurance, clients.registry.clone().record_facts(request)).await.unwrap();
    for _ in 0..600 {
        let coverage = clients.coverage(resident, last).await;
        if !coverage.covered && coverage.paying_scheme == PayingScheme::Employee.to_wire() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the employment is not known");
}

async fn close(clients: &Clients, resident: &str, which: &str) -> pb::Closing {
    let request = pb::CloseYearRequest {
        request_id: format!("close-{which}-{resident}"),
        validate_only: false,
        resident_id: resident.to_owned(),
        policy_year: 2021,
    };
    by(AGENCY, clients.person_years.clone().close_year(request)).await.unwrap().closing.unwrap()
}

/// What is carried, the next deductible, and the balance of the next year.
fn left(closing: &pb::Closing) -> (i64, i64, i64) {
    (closing.carried_fen, closing.next_deductible_fen, closing.next_opening.as_ref().unwrap().balance_fen)
}

async fn recompute(clients: &Clients, resident: &str) -> pb::RecomputeYearResponse {
    let request = pb::RecomputeYearRequest {
        request_id: format!("recompute-{resident}"),
        resident_id: resident.to_owned(),
        policy_year: 2021,
        validate_only: false,
    };
    by(AGENCY, clients.settlement.clone().recompute_year(request)).await.unwrap()
}

async fn reliefs(clients: &Clients, resident: &str, date: &str) -> pb::GetReliefsResponse {
    let request =
        pb::GetReliefsRequest { resident_id: resident.to_owned(), date: date.to_owned(), claimed: Vec::new() };
    by(AGENCY, clients.person_years.clone().get_reliefs(request)).await.unwrap()
}

async fn import(clients: &Clients, resident: &str) {
    let source = || "a register of the tests".to_owned();
    let request = pb::ImportOpeningRequest {
        request_id: format!("import-{resident}"),
        validate_only: false,
        resident_id: resident.to_owned(),
        district: "120118".to_owned(),
        policy_year: 2021,
        balances: vec![pb::Balance { origin_year: 2020, amount_fen: 100_000, source: source() }],
        unused_years: Some(pb::UnusedYears { years: 1, source: source() }),
    };
    by(AGENCY, clients.person_years.clone().import_opening(request)).await.unwrap();
}

/// J-9-1a, J-9-3, J-5.1.2-a, J-5.1.1-a, AMB-063: a year with an enrolment closes, although another insurance pays on its last
/// day: 4000.00 are carried, and the deductible falls by 100.00 for each year without use. Level 3, middle tier:
/// (6500.00 − 500.00) × 70 %.
#[tokio::test]
async fn a_year_that_ends_in_employees_insurance_is_closed() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let resident = clients.covered_adult(&identity_number("120223", "19850211", 1)).await;
        let bill = |number: &str, day: &str| to_settle(&resident, stay(number, day, day, 650_000));
        let settle = async |request| by(Office::Provider, clients.settlement.clone().settle(request)).await;
        let march = settle(bill("march", "2021-03-01")).await.unwrap().settlement.unwrap();
        assert_eq!(march.shares.unwrap().basic_fund_fen, 420_000, "{}", running.database);
        employ(&clients, &resident, AUTUMN).await;
        let refused = settle(bill("october", "2021-10-08")).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_IN_BENEFIT_PERIOD", "{}", running.database);
        // What was brought into the year is stated late.
        import(&clients, &resident).await;
        let request = pb::GetOpeningRequest { resident_id: resident.clone(), policy_year: 2021 };
        let opening = by(AGENCY, clients.person_years.clone().get_opening(request)).await.unwrap().opening.unwrap();
        assert_eq!((opening.balance_fen, opening.outpatient_deductible_fen), (100_000, Some(40_000)));
        // The maximum that the receipt tells of has the balance in it now; nothing is posted.
        let anew = recompute(&clients, &resident).await;
        let posted: Vec<_> = anew.changes.iter().map(|change| change.difference.unwrap()).collect();
        assert_eq!((anew.settlements, posted), (1, vec![pb::Shares::default()]), "{}", running.database);
        assert_eq!(left(&close(&clients, &resident, "once").await), (400_000, 30_000, 500_000), "{}", running.database);
        let told = reliefs(&clients, &resident, "2021-08-31").await;
        assert!(told.no_inpatient_deductible && told.accumulated_maximum && told.lower_outpatient_deductible);
        running.suite.stop().await.unwrap();
    }
}

/// The same where the employment is learnt of after the year was closed.
#[tokio::test]
async fn an_employment_learnt_of_after_the_closing_takes_nothing() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let resident = clients.covered_adult(&identity_number("120223", "19850212", 1)).await;
        let bill = to_settle(&resident, stay("march", "2021-03-01", "2021-03-05", 650_000));
        by(Office::Provider, clients.settlement.clone().settle(bill)).await.unwrap();
        let before = close(&clients, &resident, "before").await;
        assert_eq!(left(&before), (400_000, 40_000, 400_000), "{}", running.database);
        employ(&clients, &resident, AUTUMN).await;
        let anew = recompute(&clients, &resident).await;
        assert_eq!((anew.settlements, anew.changes.len()), (1, 0), "{}", running.database);
        assert_eq!(left(&close(&clients, &resident, "after").await), left(&before), "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}

/// AMB-139, J-5.1.6-a: who was admitted on 20 December and took up work in January has the part of the stay after New Year paid
/// by the residents' scheme, 12000.00 × 70 %, and a stay that begins in January by nobody here.
#[tokio::test]
async fn a_stay_stays_with_the_scheme_of_its_first_day() {
    for running in suites::on_each_database().await {
        let clients = Clients::new(&running.gateway);
        let resident = clients.covered_adult(&identity_number("120223", "19850213", 1)).await;
        employ(&clients, &resident, ("2021-01-01", "2021-03-31")).await;
        let settle = async |bill| by(Office::Provider, clients.settlement.clone().settle(bill)).await;
        let january = |number: &str| stay(number, "2021-01-01", "2021-01-15", 1_200_000);
        let refused = settle(to_settle(&resident, january("own"))).await.unwrap_err();
        assert_eq!(reason(&refused), "NOT_IN_BENEFIT_PERIOD", "{}", running.database);
        let rest = pb::Bill { stay_admission_date: "2020-12-20".to_owned(), ..january("rest") };
        let settled = settle(to_settle(&resident, rest)).await.unwrap().settlement.unwrap();
        assert_eq!(settled.shares.unwrap().basic_fund_fen, 840_000, "{}", running.database);
        running.suite.stop().await.unwrap();
    }
}
