//! The college of the district: as many students as its target for 2021, declared, paid for at once and covered, by a suite
//! that dies while it counts and again while it pays.

use std::time::Duration;

use juyi_domain::codes::{Desk, InstitutionKind, Insurance, Office, PaymentMethod, RosterKind};
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::registry::v1 as registry;
use juyi_tests::lists::{self, List};
use juyi_tests::offices::{Clients, by, collection_system};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use juyi_tests::suites;
use tokio::task::JoinHandle;
use tonic::Status;

/// The college in the target table (J-A2.T-c).
const COLLEGE: &str = "120118.19";
/// Its target.
const STUDENTS: u32 = 14_015;
/// What each of them pays (J-2.1-e).
const PREMIUM_FEN: i64 = 26_000;
/// Every so many students one is asked about.
const STRIDE: usize = 7;

fn students() -> List {
    let student = |index: u32| registry::RosterRow {
        identity_number: identity_number(
            "120223",
            &format!("{}09{:02}", 1999 + index / 25_000, index / 999 + 1),
            index % 999 + 1,
        ),
        name: "somebody".to_owned(),
        household_district: "120118".to_owned(),
        institution_kind: InstitutionKind::HigherEducation.to_wire(),
        start_date: "2020-09-01".to_owned(),
        verified: true,
        previous_year: registry::PreviousYear::NotInsured.into(),
        ..Default::default()
    };
    let header = registry::RosterHeader {
        unit_id: COLLEGE.to_owned(),
        desk: Desk::DistrictSocialInsuranceBranch.to_wire(),
        ..lists::header("students-2020", RosterKind::Enrolment, "2020-09-20")
    };
    List { office: Office::Education, header, rows: (0..STUDENTS).map(student).collect() }
}

/// The college tells its total with the declaration (J-3.3.1-b).
fn declare(clients: &Clients) -> JoinHandle<Result<contribution::DeclareResponse, Status>> {
    let request = contribution::DeclareRequest {
        request_id: "declare".to_owned(),
        unit_id: COLLEGE.to_owned(),
        policy_year: 2021,
        total_fen: Some(i64::from(STUDENTS) * PREMIUM_FEN),
        validate_only: false,
    };
    let mut client = clients.declarations.clone();
    tokio::spawn(async move { by(Office::Education, client.declare(request)).await })
}

/// It pays once, by transfer (J-3.3.1-c).
fn pay(clients: &Clients, id: &str) -> JoinHandle<Result<contribution::PayDeclarationResponse, Status>> {
    let request = contribution::PayDeclarationRequest {
        request_id: "pay".to_owned(),
        declaration_id: id.to_owned(),
        amount_fen: i64::from(STUDENTS) * PREMIUM_FEN,
        method: PaymentMethod::AuthorisedTransfer.to_wire(),
        payment_date: "2020-10-09".to_owned(),
        voucher_number: "COLLEGE-2021".to_owned(),
        validate_only: false,
    };
    let mut client = clients.declarations.clone();
    tokio::spawn(async move { by(Office::Tax, client.pay_declaration(request)).await })
}

/// The college's only declaration, once there is one.
async fn maybe_declaration(clients: &Clients) -> Option<contribution::Declaration> {
    let request =
        contribution::ListDeclarationsRequest { unit_id: COLLEGE.to_owned(), policy_year: 2021, ..Default::default() };
    let mut page = by(Office::Tax, clients.declarations.clone().list_declarations(request)).await.unwrap().declarations;
    assert!(page.len() < 2, "declared {} times", page.len());
    page.pop()
}

/// Waits for a state of the declaration.
async fn until(clients: &Clients, reached: impl Fn(&contribution::Declaration) -> bool) -> contribution::Declaration {
    let waiting = async {
        loop {
            match maybe_declaration(clients).await.filter(&reached) {
                Some(declaration) => break declaration,
                None => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(240), waiting).await.expect("a declaration goes on by itself")
}

fn totals(declaration: &contribution::Declaration) -> contribution::DeclarationTotals {
    declaration.totals.unwrap_or_default()
}

/// Everybody of the declaration whose payment is confirmed.
async fn paid_residents(clients: &Clients, id: &str) -> Vec<String> {
    let mut request = contribution::ListDeclarationLinesRequest {
        declaration_id: id.to_owned(),
        state: contribution::DeclarationLineState::Confirmed.into(),
        page_size: 100,
        ..Default::default()
    };
    let mut residents = Vec::new();
    loop {
        let page = by(Office::Tax, clients.declarations.clone().list_declaration_lines(request.clone())).await.unwrap();
        residents.extend(page.lines.into_iter().map(|line| line.resident_id));
        if page.next_page_token.is_empty() {
            return residents;
        }
        request.page_token = page.next_page_token;
    }
}

/// New students, not insured in 2020: from September on basic, critical illness and maternity insurance in two benefit
/// years, and the accident insurance of the school year.
async fn is_covered_once(clients: &Clients, resident_id: &str) {
    clients.await_coverage(resident_id, "2020-09-01").await;
    let request = benefit_period::ListCoverageRequest { resident_id: resident_id.to_owned(), ..Default::default() };
    let spans = by(Office::SocialInsurance, clients.benefit_period.clone().list_coverage(request)).await.unwrap().spans;
    let days = |insurance: Insurance| -> Vec<_> {
        let own = spans.iter().filter(|span| span.insurance == insurance.to_wire());
        own.map(|span| (span.start_date.as_str(), span.end_date.as_str())).collect()
    };
    let both = [("2020-09-01", "2020-12-31"), ("2021-01-01", "2021-12-31")];
    for insurance in [Insurance::Basic, Insurance::CriticalIllness, Insurance::Maternity] {
        assert_eq!(days(insurance), both, "{insurance}");
    }
    assert_eq!(days(Insurance::Accident), [("2020-09-01", "2021-08-31")]);
}

/// What the tax side booked for the college that day, one payment, is the sum of everybody's, and not of a sample.
async fn tax_books_the_same(clients: &Clients, name: &str) {
    let total =
        contribution::TaxTotal { unit_id: COLLEGE.to_owned(), count: 1, sum_fen: i64::from(STUDENTS) * PREMIUM_FEN };
    let request = contribution::SubmitTaxTotalsRequest {
        request_id: "totals".to_owned(),
        statement_id: "2020-10-09".to_owned(),
        district: "120118".to_owned(),
        booked_date: "2020-10-09".to_owned(),
        totals: vec![total],
    };
    let answer = by(Office::Tax, clients.reconciliation.clone().submit_tax_totals(request)).await.unwrap();
    let outcome = answer.reconciliation.unwrap();
    assert_eq!((outcome.units_different, outcome.units.len()), (0, 1), "{name}");
}

#[tokio::test]
async fn a_college_declares_pays_and_is_covered_whatever_dies() {
    let everybody = i64::from(STUDENTS);
    for (name, url, _directory) in suites::databases().await {
        let database = [("JUYI__DATABASE__URL", url.as_str())];
        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        let roster = students().send(&clients.roster).await.unwrap().roster.unwrap();
        assert_eq!((roster.counts.unwrap().accepted, roster.applied), (everybody, everybody), "{name}");

        collection_system(&clients, COLLEGE).await.unwrap();
        let declared = declare(&clients);
        let middle = until(&clients, |declaration| totals(declaration).persons > 0).await;
        assert!(totals(&middle).persons < everybody, "{name}: counted at once, so that there is no middle");
        process.kill().await;
        assert!(declared.await.unwrap().is_err(), "{name}");

        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        declare(&clients).await.unwrap().unwrap();
        let declaration =
            until(&clients, |declaration| declaration.state() == contribution::DeclarationState::Declared).await;
        let counted = totals(&declaration);
        assert_eq!((counted.persons, counted.payable_fen), (everybody, everybody * PREMIUM_FEN), "{name}");

        let paid = pay(&clients, &declaration.declaration_id);
        let middle = until(&clients, |declaration| totals(declaration).confirmed > 0).await;
        assert!(totals(&middle).confirmed < everybody, "{name}: paid at once, so that there is no middle");
        process.kill().await;
        // The payment itself may have been answered before: what follows goes on by itself.
        let _ = paid.await.unwrap();

        let process = Process::start("all", &database).await;
        let clients = Clients::new(&process.channel());
        pay(&clients, &declaration.declaration_id).await.unwrap().unwrap();
        let declaration =
            until(&clients, |declaration| declaration.state() == contribution::DeclarationState::Paid).await;
        let paid = totals(&declaration);
        assert_eq!((paid.confirmed, paid.exceptions), (everybody, 0), "{name}");
        assert_eq!(declaration.marks, ["PENDING_RECEIPT"], "{name}");
        tax_books_the_same(&clients, name).await;

        let residents = paid_residents(&clients, &declaration.declaration_id).await;
        let different: std::collections::BTreeSet<_> = residents.iter().collect();
        assert_eq!((residents.len(), different.len()), (STUDENTS as usize, STUDENTS as usize), "{name}");
        for resident_id in residents.iter().step_by(STRIDE) {
            is_covered_once(&clients, resident_id).await;
        }
        assert_eq!(process.stop().await, 0, "{name}");
    }
}
