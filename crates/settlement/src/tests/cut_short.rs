//! Years on whose last day residents' insurance did not pay: they leave what they left.

use juyi_domain::codes::{District, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::settlement::v1 as pb;

use super::recompute::{recompute, request};
use super::years::{YEAR, close, import, opening, try_import};
use super::{Stay, Suite, reasons, with_suites};

type Time = (&'static str, &'static str);

/// Employed from September, dead in June, and employed at both ends of the year: the spans hold all of it.
const CUT_SHORT: [(&[Time], (Reason, &str)); 3] = [
    (&[("2021-09-01", "2021-12-31")], (Reason::NotInBenefitPeriod, "J-9-1a")),
    (&[("2021-06-16", "2021-12-31")], (Reason::NotInBenefitPeriod, "J-4.1-a")),
    (&[("2021-01-01", "2021-03-31"), ("2021-11-01", "2021-12-31")], (Reason::NotInBenefitPeriod, "J-9-1a")),
];

/// What the year left: the balance, and the deductible of the next year.
async fn left(suite: &Suite, resident: ResidentId) -> (i64, i64) {
    let closing = close(suite, resident, false).await.unwrap();
    assert_eq!(opening(suite, resident, 2022).await.unwrap().balance_fen, closing.carried_fen, "{}", suite.kind);
    (closing.carried_fen, closing.next_deductible_fen)
}

/// J-5.1.2-a, AMB-063, J-9-3: a year with an enrolment and without a visit leaves 4000.00, and the next deductible is 400.00.
/// Its opening is stated and read, and before the closing it is the closing that is missing.
#[tokio::test]
async fn a_year_cut_short_is_closed() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        suite.peers.set_cover(Tier::Low, &[]);
        for (times, reason) in CUT_SHORT {
            suite.peers.set_uncovered(times, reason);
            let resident = suite.resident();
            let unclosed = opening(&suite, resident, 2022).await.unwrap_err();
            assert_eq!(reasons(&unclosed), "ORDER_VIOLATION,REQUIRED_FIELD_MISSING", "{} {times:?}", suite.kind);
            assert_eq!(left(&suite, resident).await, (400_000, 40_000), "{} {times:?}", suite.kind);

            let other = suite.resident();
            try_import(&suite, import(&suite, other, &[(2020, 1_000)], Some(0))).await.unwrap();
            let stated = opening(&suite, other, 2021).await.unwrap();
            let told = (stated.balance_fen, stated.outpatient_deductible_fen);
            assert_eq!(told, (100_000, Some(50_000)), "{} {times:?}", suite.kind);
            // Whose year it is, is asked as ever.
            let far = District::Nankai.to_string();
            let request = pb::ImportOpeningRequest { district: far, ..import(&suite, other, &[], Some(0)) };
            assert_eq!(reasons(&try_import(&suite, request).await.unwrap_err()), "ROLE_NOT_ALLOWED");
        }
    })
    .await;
}

/// J-9-3: a closed year of which the employment, or the death, became known afterwards is settled anew and leaves the same.
#[tokio::test]
async fn a_closed_year_cut_short_is_settled_anew() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        for (times, reason) in CUT_SHORT {
            suite.peers.set_uncovered(&[], reason);
            let resident = suite.resident();
            suite.settle(resident, &Stay::on("05-01", 20_000)).await;
            assert_eq!(left(&suite, resident).await, (400_000, 40_000), "{} {times:?}", suite.kind);
            suite.peers.set_uncovered(times, reason);
            let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
            assert_eq!((answer.settlements, answer.changes.len()), (1, 0), "{} {times:?}", suite.kind);
            assert_eq!(left(&suite, resident).await, (400_000, 40_000), "{} {times:?}", suite.kind);
        }
    })
    .await;
}

/// Who was covered on no day of a span keeps the reasons.
#[tokio::test]
async fn a_year_without_a_covered_day_says_why() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        suite.peers.set_uncovered(&[("2021-01-01", "2021-12-31")], (Reason::NotInBenefitPeriod, "J-9-1a"));
        let refused = close(&suite, suite.resident(), false).await.unwrap_err();
        assert_eq!(reasons(&refused), "NOT_IN_BENEFIT_PERIOD", "{}", suite.kind);
    })
    .await;
}
