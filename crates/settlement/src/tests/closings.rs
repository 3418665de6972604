//! A closing beside the bills of its year, and a year that is asked for before it is closed.

use chrono::NaiveDate;
use juyi_domain::codes::{District, Office};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;

use super::family_doctors::{contract, sign};
use super::years::{YEAR, close, import, opening, paid, try_import};
use super::{Stay, reasons, with_suites};
use crate::coverage::YearCover;
use crate::years::closing::{plan, store};

/// J-5.1.2-a: a bill settled, or a contract signed, between the planning of a closing and its storing is not lost: the
/// closing is planned anew. So at the first closing and at those of a closed year.
#[tokio::test]
async fn what_comes_in_between_has_the_closing_planned_anew() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let (resident, caller) = (suite.resident(), Caller::system());
        let last_on = NaiveDate::from_ymd_opt(2021, 12, 31).unwrap();
        let cover = YearCover { district: District::Jinghai, last_on, whole_year: true };
        let database = suite.database().await;
        let planned = async || {
            let mut session = database.begin().await.unwrap();
            plan(&mut session, &suite.context, &caller, (resident, 2021), &cover).await.unwrap()
        };
        let is_contended = async |planned| {
            let stored = store(&mut database.begin().await.unwrap(), &planned).await;
            matches!(stored, Err(Error::Storage(juyi_db::Error::Contended)))
        };
        let left = async || {
            close(&suite, resident, false).await.unwrap();
            opening(&suite, resident, 2022).await.unwrap().balance_fen
        };
        paid(&suite, resident, "03-01", 400).await;
        let first = planned().await;
        paid(&suite, resident, "04-01", 1_000).await;
        assert!(is_contended(first).await, "{}", suite.kind);
        assert_eq!(left().await, 400_000 - 140_000, "{}", suite.kind);

        try_import(&suite, import(&suite, resident, &[(2020, 1_000)], None)).await.unwrap();
        let anew = planned().await;
        paid(&suite, resident, "05-01", 300).await;
        assert!(is_contended(anew).await, "{}", suite.kind);
        assert_eq!(left().await, 100_000 + 400_000 - 170_000, "{}", suite.kind);

        try_import(&suite, import(&suite, resident, &[(2020, 2_000)], None)).await.unwrap();
        let anew = planned().await;
        let hospital = (Office::Provider, None, "a");
        sign(&suite, hospital, contract(&suite, resident, "2021-11-20")).await.unwrap();
        assert!(is_contended(anew).await, "{}", suite.kind);
        assert_eq!(left().await, 200_000 + 420_000 - 170_000, "{}", suite.kind);
        // Undisturbed it is stored.
        try_import(&suite, import(&suite, resident, &[(2020, 0)], None)).await.unwrap();
        assert!(!is_contended(planned().await).await, "{}", suite.kind);
    })
    .await;
}

/// The same through the contract: whoever comes first, the opening of the next year is what the bills leave.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn closings_beside_bills_leave_what_the_bills_leave() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let second = suite.second().await;
        for _ in 0..3 {
            let resident = suite.resident();
            let mut running = Vec::new();
            for day in 1..=8 {
                let settling = suite.clone();
                running.push(tokio::spawn(async move {
                    paid(&settling, resident, &format!("03-{day:02}"), 100).await;
                }));
                if day % 3 == 0 {
                    let closing = second.clone();
                    running.push(tokio::spawn(async move {
                        close(&closing, resident, false).await.unwrap();
                    }));
                }
            }
            for task in running {
                task.await.unwrap();
            }
            let left = opening(&suite, resident, 2022).await.unwrap();
            assert_eq!(left.balance_fen, 400_000 - 80_000, "{}", suite.kind);
            let again = close(&suite, resident, true).await.unwrap();
            assert_eq!(again.next_opening.unwrap().balance_fen, left.balance_fen, "{}", suite.kind);
        }
    })
    .await;
}

/// J-5.1.2-a, J-5.1.1-a: what a year leaves, balance and history, is not known before it is closed; a year without cover
/// leaves nothing.
#[tokio::test]
async fn a_year_that_is_not_closed_leaves_nothing_yet() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let both = "ORDER_VIOLATION,REQUIRED_FIELD_MISSING";
        assert_eq!(reasons(&opening(&suite, resident, 2022).await.unwrap_err()), both, "{}", suite.kind);
        suite.settle(resident, &Stay::on("03-01", 1_000)).await;
        assert_eq!(reasons(&opening(&suite, resident, 2022).await.unwrap_err()), both, "{}", suite.kind);
        close(&suite, resident, false).await.unwrap();
        assert_eq!(opening(&suite, resident, 2022).await.unwrap().balance_fen, 400_000);
        suite.peers.set_span(None);
        assert_eq!(opening(&suite, suite.resident(), 2022).await.unwrap().balance_fen, 0);
    })
    .await;
}
