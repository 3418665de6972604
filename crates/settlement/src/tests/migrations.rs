//! What the migrations make of a database with rows.

use std::num::NonZeroU32;

use chrono::NaiveDate;
use juyi_db::{Database, Session, Target, args};
use juyi_domain::receipt::{Receipt, Step};
use juyi_domain::settlement::case::Standing;
use juyi_kit::wire::receipt_to_json;
use juyi_testkit::targets;

use super::store::{bill, noon};
use crate::store::migrations;
use crate::{NAME, ledger};

const PERSON: &str = "00000000-0000-7000-8000-000000000001";
const SETTLEMENT: &str = "INSERT INTO settlement (resident_id, settlement_id, policy_year, filed_order, care_kind, \
    bill_number, provider_code, began_on, admitted_on, discharged_on, bill, district, class, tier, identities, standing, \
    state, receipt, office, office_name, created_at) VALUES ($1, $2, 2021, $3, 'INPATIENT', $2, 'H1', $4, $4, $4, $5, \
    '120118', 'ADULT', 'HIGH', '', $6, 'SETTLED', $7, 'PROVIDER', 'one', $8)";
const ENTRY: &str = "INSERT INTO entry (resident_id, entry_id, settlement_id, kind, total_fen, eligible_fen, \
    basic_fund_fen, critical_illness_fen, maternity_fen, medical_assistance_fen, veterans_assistance_fen, person_fen, \
    receipt, cause_settlement_id, office, office_name, created_at) VALUES ($1, $2, $2, 'SETTLEMENT', 1, 1, 0, 0, 0, 0, 0, 1, \
    $3, $2, 'PROVIDER', 'one', $4)";
const STATEMENT: &str = "INSERT INTO provider_reconciliation (reconciliation_id, provider_code, district, begins_on, \
    ends_on, statement_id, state, row_count, rows_received, office, office_name, created_at) \
    VALUES ('S1', 'H1', '120118', $1, $1, 'S', 'RECEIVING', 2, 1, 'PROVIDER', 'one', $2)";
const REQUEST: &str = "INSERT INTO request (resident_id, request_id, fingerprint, reply, created_at) \
    VALUES ('reconciliation/S1', 'chunk', '', $1, $2)";
const COUNT: &str = "SELECT (SELECT COUNT(*) FROM settlement WHERE explanation IS NOT NULL) AS anew, \
    (SELECT COUNT(*) FROM entry WHERE payee_code = 'H1' AND payee_district = '120118') AS payees, \
    (SELECT COUNT(*) FROM request) AS requests, \
    (SELECT COUNT(*) FROM provider_reconciliation WHERE state = 'TOTALS') AS statements";

fn receipt(rule_id: &'static str) -> Receipt {
    Receipt { steps: vec![Step::new(rule_id)] }
}

async fn fill(session: &mut Session) {
    let day: NaiveDate = "2021-03-01".parse().unwrap();
    let (first, anew) = (receipt("J-6.1-b"), receipt("J-5.1.T-e"));
    let ids = ["00000000-0000-7000-8000-000000000011", "00000000-0000-7000-8000-000000000012"];
    for (order, (id, told)) in (1_i64..).zip(ids.into_iter().zip([&first, &anew])) {
        let bill = serde_json::to_string(&bill(day)).unwrap();
        let standing = serde_json::to_string(&Standing::default()).unwrap();
        let told = receipt_to_json(told).unwrap();
        session.execute(SETTLEMENT, args![PERSON, id, order, day, bill, standing, told, noon()]).await.unwrap();
        session.execute(ENTRY, args![PERSON, id, receipt_to_json(&first).unwrap(), noon()]).await.unwrap();
    }
    session.execute(STATEMENT, args![day, noon()]).await.unwrap();
    session.execute(REQUEST, args![Vec::<u8>::new(), noon()]).await.unwrap();
}

/// Receipts stay, each once; dues find their entries; a statement that is half here comes again under its own requests.
#[tokio::test]
async fn a_ledger_from_before_is_kept() {
    let before: Vec<_> = migrations().into_iter().filter(|migration| migration.version < 1008).collect();
    for on in &targets().await {
        let target = Target::parse(&on.url).unwrap();
        let database = Database::open(&target, NAME, NonZeroU32::MIN, &before).await.unwrap();
        let mut session = database.begin().await.unwrap();
        fill(&mut session).await;
        session.commit().await.unwrap();
        database.close().await;

        let database = Database::open(&target, NAME, NonZeroU32::MIN, &migrations()).await.unwrap();
        let mut session = database.read().await.unwrap();
        let year = ledger::load(&mut session, PERSON.parse().unwrap(), 2021).await.unwrap();
        let told: Vec<_> = year.accounts.iter().map(|account| (*account.settlement.receipt).clone()).collect();
        assert_eq!(told, [receipt("J-6.1-b"), receipt("J-5.1.T-e")], "{}", on.kind);
        let row = session.maybe_row(COUNT, Vec::new()).await.unwrap().unwrap();
        let counts = ["anew", "payees", "requests", "statements"].map(|column| row.int(column).unwrap());
        assert_eq!(counts, [1, 2, 0, 1], "{}", on.kind);
    }
}
