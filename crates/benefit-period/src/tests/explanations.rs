//! Everything that led to a coverage, in order.

use juyi_domain::codes::Insurance;
use juyi_proto::benefit_period::v1::CauseKind;
use juyi_proto::common::v1::PersonState;
use juyi_testkit::targets;

use super::people::*;

/// J-A1.3-j, J-4.1.1-b: payment, death, death taken back, refund; each with what it changed.
#[tokio::test]
async fn each_fact_is_told_with_what_it_changed() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.pay(vec![late_payment()]).await.unwrap();
        let explained = suite.explain(RESIDENT).await.unwrap();
        let payment = &explained.payments[0];
        assert_eq!((payment.payment_id.as_str(), payment.payment_date.as_str()), (id(PAYMENT).as_str(), "2021-02-26"));
        assert!(payment.receipt.as_ref().unwrap().steps.iter().any(|step| step.rule_id == "J-4.1.1-b"));
        assert_eq!((payment.spans.len(), payment.reasons.len()), (4, 0), "{}", on.kind);

        let dead = PersonState { revision: 2, death_date: "2021-06-10".to_owned(), ..farmer() };
        suite.clock.set_day("2021-06-11");
        suite.note(vec![dead]).await.unwrap();
        suite.clock.set_day("2021-06-12");
        suite.note(vec![PersonState { revision: 3, ..farmer() }]).await.unwrap();
        suite.clock.set_day("2021-06-13");
        suite.refund(vec![refunded()]).await.unwrap();

        let explained = suite.explain(RESIDENT).await.unwrap();
        let counted: Vec<_> = explained
            .recomputations
            .iter()
            .map(|it| (it.opened.len(), it.closed.len(), it.shortened.len(), it.extended.len()))
            .collect();
        assert_eq!(counted, [(4, 0, 0, 0), (0, 0, 4, 0), (0, 0, 0, 4), (0, 4, 0, 0)], "{}", on.kind);
        let causes: Vec<_> = explained
            .recomputations
            .iter()
            .flat_map(|it| &it.causes)
            .map(|cause| (cause.kind(), cause.id.clone()))
            .collect();
        let expected = [
            (CauseKind::Person, "1".to_owned()),
            (CauseKind::Payment, id(PAYMENT)),
            (CauseKind::Person, "2".to_owned()),
            (CauseKind::Person, "3".to_owned()),
            (CauseKind::Refund, id(7)),
        ];
        assert_eq!(causes, expected, "{}", on.kind);
        let shorter = &explained.recomputations[1].shortened[0];
        let ends = [&shorter.before, &shorter.after].map(|span| span.as_ref().unwrap().end_date.clone());
        assert_eq!(ends, ["2021-12-31", "2021-06-10"], "{}", on.kind);
        let payment = &explained.payments[0];
        assert_eq!((payment.refund_id.as_str(), payment.refund_date.as_str()), (id(7).as_str(), "2021-03-20"));
        assert!(payment.spans.is_empty() && payment.receipt.is_none(), "{}", on.kind);
        assert_eq!(explained.person.unwrap().routes[0].known_date, "2020-11-11");
        // Nothing was deleted: four as paid, four shortened, four as paid again, all of them withdrawn.
        let all = suite.spans(RESIDENT, true).await;
        assert_eq!((all.len(), all.iter().filter(|span| span.3).count()), (12, 12), "{}", on.kind);
        assert!(suite.of(Insurance::Basic).await.is_empty(), "{}", on.kind);
    }
}

/// J-3.1-b: a payment that opens nothing is kept with its reasons.
#[tokio::test]
async fn a_refused_payment_is_explained() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-07-02").await;
        suite.pay(vec![paid("2021-07-01", farmer())]).await.unwrap();
        let payment = suite.explain(RESIDENT).await.unwrap().payments.remove(0);
        assert!(payment.receipt.is_none() && payment.spans.is_empty(), "{}", on.kind);
        assert_eq!(
            (payment.reasons[0].reason.as_str(), payment.reasons[0].rule_id.as_str()),
            ("WINDOW_CLOSED", "J-3.1-b")
        );
        assert_eq!(payment.reasons[0].metadata["last_day"], "2021-06-30", "{}", on.kind);
    }
}
