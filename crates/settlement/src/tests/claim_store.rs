//! Rows of self-paid claims on both databases.

use chrono::{DateTime, Utc};
use juyi_db::Error as Storage;
use juyi_domain::codes::{Category, District, Office};
use juyi_domain::id::{ResidentId, SelfPaidClaimId};
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_domain::settlement::claims::account::Account;
use juyi_domain::settlement::claims::codes::{AccountKind, AccountState, ClaimDesk, ClaimPaper, ClaimState};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_testkit::databases;
use uuid::Uuid;

use super::store::{bill, settlement};
use crate::NAME;
use crate::store::self_paid_claim_steps::{self as steps, ClaimStep};
use crate::store::self_paid_claims::{self as claims, Queue, SelfPaidClaim};
use crate::store::settlements::{self, Claim};
use crate::store::{claim_accounts, migrations};

fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(number).into()
}

fn noon() -> DateTime<Utc> {
    "2021-04-01T04:00:00.123456Z".parse().unwrap()
}

fn claim(resident_id: ResidentId, number: u128) -> SelfPaidClaim {
    let day = "2021-03-01".parse().unwrap();
    SelfPaidClaim {
        resident_id,
        id: id(number),
        policy_year: 2021,
        district: District::Jinghai,
        category: Category::SchoolStudent,
        desk: ClaimDesk::DistrictMedicalInsuranceBranch,
        filed_by_institution: true,
        bill: Claim {
            bill_number: format!("bill-{number}"),
            provider_code: "H1".to_owned(),
            bill: bill(day),
            is_placed: true,
        },
        papers: ClaimPaper::ALL.to_vec(),
        filed_on: "2021-04-01".parse().unwrap(),
        state: ClaimState::Filed,
        settlement_id: None,
        settlement_reversed: false,
        paid: Fen::ZERO,
        receipt: Receipt { steps: vec![Step::new("J-6.2.1.1-d").given("category", Category::SchoolStudent)] },
        recorded_by: Caller::system(),
        created_at: noon(),
    }
}

#[tokio::test]
async fn a_claim_comes_back_as_it_was_stored() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        let mut stored = claim(id(1), 1);
        claims::insert(&mut session, &stored).await.unwrap();
        assert!(claims::has_any(&mut session, id(1)).await.unwrap());
        assert!(!claims::has_any(&mut session, id(2)).await.unwrap());
        stored.state = ClaimState::Paid;
        stored.paid = Fen::new(7);
        assert!(claims::advance(&mut session, &stored, ClaimState::Filed).await.unwrap());
        // Somebody who read the state before comes too late.
        assert!(!claims::advance(&mut session, &stored, ClaimState::Filed).await.unwrap());
        assert_eq!(claims::maybe_find(&mut session, id(1), id(1)).await.unwrap(), Some(stored), "{}", test.kind);
        assert_eq!(claims::maybe_find(&mut session, id(2), id(1)).await.unwrap(), None);
    }
}

/// J-6.2.1-a: one claim per bill of a person that is not returned.
#[tokio::test]
async fn a_bill_has_one_claim_that_counts() {
    for test in databases(NAME, &migrations()).await {
        let first = claim(id(1), 1);
        let second = SelfPaidClaim { id: id(2), ..first.clone() };
        let mut session = test.database.begin().await.unwrap();
        claims::insert(&mut session, &first).await.unwrap();
        let others = SelfPaidClaim { resident_id: id(9), ..first.clone() };
        claims::insert(&mut session, &others).await.unwrap();
        let found = claims::maybe_find_of_bill(&mut session, id(1), &first.bill).await.unwrap();
        assert_eq!(found, Some(first.id), "{}", test.kind);
        session.commit().await.unwrap();

        let mut session = test.database.begin().await.unwrap();
        let again = claims::insert(&mut session, &second).await;
        assert!(matches!(again, Err(Error::Storage(Storage::Duplicate))), "{}", test.kind);
        drop(session);

        let mut session = test.database.begin().await.unwrap();
        let returned = SelfPaidClaim { state: ClaimState::Returned, ..first.clone() };
        claims::advance(&mut session, &returned, ClaimState::Filed).await.unwrap();
        assert_eq!(claims::maybe_find_of_bill(&mut session, id(1), &first.bill).await.unwrap(), None);
        claims::insert(&mut session, &second).await.unwrap();
    }
}

#[tokio::test]
async fn pages_follow_the_order_of_filing() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        for number in 1..=4 {
            let desk = if number == 4 { ClaimDesk::TownshipService } else { ClaimDesk::School };
            let resident = if number < 3 { id(1) } else { id(2) };
            let state = if number == 2 { ClaimState::Entered } else { ClaimState::Filed };
            claims::insert(&mut session, &SelfPaidClaim { desk, state, ..claim(resident, number) }).await.unwrap();
        }
        let ids = |page: Vec<SelfPaidClaim>| page.into_iter().map(|claim| claim.id).collect::<Vec<SelfPaidClaimId>>();
        assert_eq!(ids(claims::page(&mut session, id(1), None, 10).await.unwrap()), [id(1), id(2)]);
        assert_eq!(ids(claims::page(&mut session, id(1), Some(id(1)), 10).await.unwrap()), [id(2)]);
        for (desk, state, expected) in [
            (None, None, vec![1, 2, 3, 4]),
            (Some(ClaimDesk::School), None, vec![1, 2, 3]),
            (Some(ClaimDesk::School), Some(ClaimState::Filed), vec![1, 3]),
            (None, Some(ClaimState::Paid), vec![]),
        ] {
            let queue = Queue { district: District::Jinghai, desk, state };
            let expected: Vec<SelfPaidClaimId> = expected.into_iter().map(id).collect();
            assert_eq!(ids(claims::queue(&mut session, queue, None, 10).await.unwrap()), expected, "{}", test.kind);
            let rest = expected.iter().copied().skip(1).collect::<Vec<_>>();
            let after = expected.first().copied();
            if after.is_some() {
                assert_eq!(ids(claims::queue(&mut session, queue, after, 10).await.unwrap()), rest);
            }
        }
        let elsewhere = Queue { district: District::Baodi, desk: None, state: None };
        assert!(claims::queue(&mut session, elsewhere, None, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn steps_are_kept_in_order() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        let stored = claim(id(1), 1);
        claims::insert(&mut session, &stored).await.unwrap();
        let step = |state| ClaimStep {
            state,
            reasons: vec!["印章, 不清晰".to_owned(), "\"second\"".to_owned()],
            voucher_number: "run 7".to_owned(),
            paid_on: Some("2021-06-30".parse().unwrap()),
            recorded_by: Caller { office: Office::Township, district: Some(District::Jinghai), name: "one".to_owned() },
            created_at: noon(),
        };
        let all = [step(ClaimState::Filed), step(ClaimState::Entered)];
        for (number, step) in all.iter().enumerate() {
            steps::insert(&mut session, (id(1), id(1)), number + 1, step).await.unwrap();
        }
        let other = (id(1), id(2));
        let listed = steps::list(&mut session, &[other, (id(1), id(1)), other]).await.unwrap();
        assert_eq!(listed, [Vec::new(), all.to_vec(), Vec::new()], "{}", test.kind);
        session.commit().await.unwrap();
        let mut session = test.database.begin().await.unwrap();
        let taken = steps::insert(&mut session, (id(1), id(1)), 2, &all[1]).await;
        assert!(matches!(taken, Err(Error::Storage(Storage::Duplicate))), "{}", test.kind);
    }
}

/// J-6.2.1.2-b: one account a person, in the place of the one that was read and of no other.
#[tokio::test]
async fn the_account_last_told_counts() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        let by = (&Caller::system(), noon());
        let mut before = None;
        for kind in [AccountKind::SettlementAccount, AccountKind::Card] {
            for state in [AccountState::Opened, AccountState::Activated] {
                assert_eq!(claim_accounts::maybe_find(&mut session, id(1)).await.unwrap(), before, "{}", test.kind);
                let account = Account { kind, state };
                claim_accounts::replace(&mut session, id(1), (before, account), by).await.unwrap();
                before = Some(account);
            }
        }
        let found = claim_accounts::of_people(&mut session, &[id(2), id(1), id(1)]).await.unwrap();
        assert_eq!(found, [None, before, before], "{}", test.kind);
        // Who read the settlement account before the card came does not put it back.
        let read = |state| Account { kind: AccountKind::SettlementAccount, state };
        let which = (Some(read(AccountState::Opened)), read(AccountState::Activated));
        let late = claim_accounts::replace(&mut session, id(1), which, by).await;
        assert!(matches!(late, Err(Error::Storage(Storage::Contended))), "{}", test.kind);
        let late = claim_accounts::replace(&mut session, id(1), (None, which.1), by).await;
        assert!(matches!(late, Err(Error::Storage(Storage::Duplicate))), "{}", test.kind);
    }
}

/// J-6.2.1-a: a claim whose settlement was reversed leaves the bill, and is moved by nobody who does not know of it.
#[tokio::test]
async fn a_reversal_frees_the_bill() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        let settled = settlement(id(1), 5);
        settlements::insert(&mut session, &settled).await.unwrap();
        let first = SelfPaidClaim { settlement_id: Some(settled.id), state: ClaimState::Approved, ..claim(id(1), 1) };
        claims::insert(&mut session, &first).await.unwrap();
        claims::insert(&mut session, &claim(id(1), 3)).await.unwrap();
        claims::reverse(&mut session, id(1), settled.id).await.unwrap();
        let paid = SelfPaidClaim { state: ClaimState::Paid, ..first.clone() };
        assert!(!claims::advance(&mut session, &paid, ClaimState::Approved).await.unwrap(), "{}", test.kind);
        let reversed = SelfPaidClaim { settlement_reversed: true, ..paid };
        assert_eq!(claims::maybe_find_unrecovered(&mut session, id(1), &first.bill).await.unwrap(), None);
        assert!(claims::advance(&mut session, &reversed, ClaimState::Approved).await.unwrap());
        let unrecovered = claims::maybe_find_unrecovered(&mut session, id(1), &first.bill).await.unwrap();
        assert_eq!(unrecovered, Some(first.id), "{}", test.kind);
        assert_eq!(claims::maybe_find_of_bill(&mut session, id(1), &first.bill).await.unwrap(), None);
        let second = SelfPaidClaim { id: id(2), ..claim(id(1), 1) };
        claims::insert(&mut session, &second).await.unwrap();
        assert_eq!(claims::maybe_find_of_bill(&mut session, id(1), &first.bill).await.unwrap(), Some(second.id));
        // The claim of another bill holds it as before.
        let other = claim(id(1), 3);
        assert_eq!(claims::maybe_find_of_bill(&mut session, id(1), &other.bill).await.unwrap(), Some(other.id));
        assert_eq!(claims::districts(&mut session, id(1)).await.unwrap(), [District::Jinghai], "{}", test.kind);
    }
}
