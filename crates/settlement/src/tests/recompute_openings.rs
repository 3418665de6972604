//! A year settled anew with what the person brought into it, what is not covered in it, and what it leaves.

use juyi_proto::settlement::v1 as pb;

use super::recompute::{recompute, request};
use super::years::{YEAR, basic, close, import, opening, paid, try_import, visit};
use super::{Stay, Suite, with_suites};
use crate::store::person_years;

/// S-28, S-32: a recomputed year keeps the balances and the deductible it began with.
#[tokio::test]
async fn what_was_brought_is_kept() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        try_import(&suite, import(&suite, resident, &[(2019, 2_500), (2020, 4_000)], Some(3))).await.unwrap();
        let stay = suite.settle(resident, &Stay::on("03-01", 300_000)).await;
        let visit = paid(&suite, resident, "03-02", 700).await;
        assert_eq!((basic(&stay), basic(&visit)), (18_650_000, 25_000));
        let before = suite.list(resident).await;
        let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!((answer.recomputation_id.as_str(), answer.settlements, answer.changes.len()), ("", 2, 0));
        assert_eq!(suite.list(resident).await, before, "{}", suite.kind);
    })
    .await;
}

/// J-5.1.1-c, S-32: an opening imported after a bill was settled is posted to it.
#[tokio::test]
async fn an_opening_imported_later_is_posted() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let visit = paid(&suite, resident, "03-01", 700).await;
        assert_eq!(basic(&visit), 10_000);
        try_import(&suite, import(&suite, resident, &[], Some(3))).await.unwrap();
        let order = request(&suite, resident);
        let shown = recompute(&suite, pb::RecomputeYearRequest { validate_only: true, ..order.clone() }).await.unwrap();
        assert_eq!(suite.get(resident, &visit.settlement_id).await, visit);
        let answer = recompute(&suite, order).await.unwrap();
        assert_eq!((shown.changes, shown.accumulators), (answer.changes.clone(), answer.accumulators));
        let differences: Vec<i64> = answer.changes.iter().map(|it| it.difference.unwrap().basic_fund_fen).collect();
        assert_eq!(differences, [15_000], "{}", suite.kind);
        assert_eq!(basic(&suite.get(resident, &visit.settlement_id).await), 25_000);
    })
    .await;
}

/// J-5.1.1-b, AMB-062: a closed year that is recomputed says anew what it leaves, also where no bill comes to another amount.
#[tokio::test]
async fn a_closed_year_is_closed_anew() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        paid(&suite, resident, "03-01", 400).await;
        close(&suite, resident, false).await.unwrap();
        try_import(&suite, import(&suite, resident, &[], Some(1))).await.unwrap();
        let unused = async || opening(&suite, resident, 2022).await.unwrap().unused_years.unwrap().years;
        let order = request(&suite, resident);
        recompute(&suite, pb::RecomputeYearRequest { validate_only: true, ..order.clone() }).await.unwrap();
        assert_eq!(unused().await, 1);
        let answer = recompute(&suite, order).await.unwrap();
        assert!(!answer.recomputation_id.is_empty());
        let differences: Vec<_> = answer.changes.iter().map(|it| it.difference).collect();
        assert_eq!(differences, [Some(pb::Shares::default())], "the deductible of the visit is another");
        assert_eq!(unused().await, 2, "{}", suite.kind);
        // Once.
        assert_eq!(recompute(&suite, request(&suite, resident)).await.unwrap().recomputation_id, "");
        let list = pb::ListOpeningsRequest { resident_id: resident.to_string(), ..Default::default() };
        let statements = Suite::hospital(suite.years().list_openings(list)).await.unwrap().into_inner().statements;
        let kinds: Vec<i32> = statements.iter().map(|it| it.kind).collect();
        let expected = [pb::OpeningKind::Closed, pb::OpeningKind::Imported, pb::OpeningKind::ClosedAnew];
        assert_eq!(kinds, expected.map(i32::from));
    })
    .await;
}

/// J-5.1.T-p, AMB-140: nothing of a bill that is not covered is eligible, also when its year is settled anew.
#[tokio::test]
async fn a_bill_that_is_not_covered_posts_nothing_again() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let mut outside = visit(&suite, resident, "03-02", 800);
        outside.bill.as_mut().unwrap().provider.as_mut().unwrap().level = 3;
        let outside = suite.try_settle(outside).await.unwrap().settlement.unwrap();
        assert_eq!(outside.shares.unwrap().eligible_fen, 0);
        let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!((answer.recomputation_id.as_str(), answer.changes.len()), ("", 0), "{}", suite.kind);
        assert_eq!(suite.list(resident).await, [outside]);
    })
    .await;
}

/// AMB-064: a balance that is corrected to nothing is no part of what the year leaves, when it is closed again or recomputed.
#[tokio::test]
async fn a_balance_corrected_to_nothing_ends() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let balance = async |resident| opening(&suite, resident, 2022).await.unwrap().balance_fen;
        for by_closing in [true, false] {
            let resident = suite.resident();
            try_import(&suite, import(&suite, resident, &[(2020, 1_000)], None)).await.unwrap();
            close(&suite, resident, false).await.unwrap();
            assert_eq!(balance(resident).await, 500_000);
            let corrected = try_import(&suite, import(&suite, resident, &[(2020, 0)], None)).await.unwrap();
            assert_eq!((corrected.balance_fen, corrected.balances.len()), (0, 0));
            if by_closing {
                close(&suite, resident, false).await.unwrap();
            } else {
                recompute(&suite, request(&suite, resident)).await.unwrap();
            }
            assert_eq!(balance(resident).await, 400_000, "{}", suite.kind);
        }
    })
    .await;
}

/// What closes a year, at first or anew, moves the year it opens: a bill planned on the opening before is planned again.
#[tokio::test]
async fn a_closing_moves_the_year_it_opens() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let database = suite.database().await;
        let revision =
            async || person_years::revision(&mut database.read().await.unwrap(), resident, 2022).await.unwrap();
        close(&suite, resident, true).await.unwrap();
        assert_eq!(revision().await, 0);
        close(&suite, resident, false).await.unwrap();
        close(&suite, resident, false).await.unwrap();
        assert_eq!(revision().await, 1, "{}", suite.kind);
        let bill = paid(&suite, resident, "11-01", 400).await;
        assert_eq!(revision().await, 2);
        suite.reverse(resident, &bill.settlement_id).await;
        assert_eq!(revision().await, 3);
        // What is stated of a year is brought into later ones, too.
        try_import(&suite, import(&suite, resident, &[], Some(1))).await.unwrap();
        assert_eq!(revision().await, 4, "{}", suite.kind);
        recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!(revision().await, 5, "{}", suite.kind);
    })
    .await;
}

/// J-5.1.1-b, S-28: a balance imported after a stay that reached the annual maximum is shown, then posted, and then nothing
/// is left to post; a late earlier stay is posted by its own settlement and leaves nothing either.
#[tokio::test]
async fn a_balance_imported_later_is_shown_and_posted_once() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let stay = suite.settle(resident, &Stay::on("03-01", 300_000)).await;
        assert_eq!(basic(&stay), 18_000_000);
        try_import(&suite, import(&suite, resident, &[(2019, 2_500), (2020, 4_000)], None)).await.unwrap();
        let order = request(&suite, resident);
        let shown = recompute(&suite, pb::RecomputeYearRequest { validate_only: true, ..order.clone() }).await.unwrap();
        assert_eq!(shown.changes[0].difference.unwrap().basic_fund_fen, 650_000);
        assert_eq!(suite.list(resident).await, std::slice::from_ref(&stay));
        let posted = recompute(&suite, order).await.unwrap();
        assert_eq!((shown.changes, shown.accumulators), (posted.changes, posted.accumulators));
        assert_eq!(basic(&suite.get(resident, &stay.settlement_id).await), 18_650_000, "{}", suite.kind);
        suite.settle(resident, &Stay::on("02-01", 20_000)).await;
        let settled = suite.list(resident).await;
        let again = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!((again.recomputation_id.as_str(), again.settlements, again.changes.len()), ("", 2, 0));
        assert_eq!(suite.list(resident).await, settled, "{}", suite.kind);
    })
    .await;
}
