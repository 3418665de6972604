//! A college of 14,015 people, with processes that end in the middle.

use std::time::Duration;

use juyi_domain::contribution::declaration::DeclarationState as State;
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as pb;
use juyi_testkit::{TestTarget, targets};

use super::registry::{Coverage, Crowd, pupil};
use super::{SCHOOL, Site, declare, pay, refusal, told};

const PEOPLE: u32 = 14_015;

/// Waits until the registry is asked for what it does not answer.
async fn until_silent(crowd: &Crowd) {
    for _ in 0..1_200 {
        if crowd.is_silent() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the registry is not asked")
}

/// A process that ends after so many parts.
async fn killed_after<F: Future>(parts: usize, crowd: &Crowd, call: F) {
    crowd.answer_parts(parts);
    tokio::select! {
        _ = call => panic!("it ended by itself"),
        () = until_silent(crowd) => {}
    }
    crowd.answer_parts(usize::MAX);
}

async fn assert_one_effect(site: &Site, declaration_id: &str) {
    let totals = site.get(declaration_id).await.totals.unwrap();
    let persons = i64::from(PEOPLE);
    assert_eq!((totals.persons, totals.payable_fen), (persons, persons * 26_000), "{}", site.kind);
    assert_eq!((totals.confirmed, totals.confirmed_fen), (persons, persons * 26_000), "{}", site.kind);
    assert_eq!((totals.exceptions, totals.exception_fen, totals.left_out), (0, 0, 0), "{}", site.kind);
    assert_eq!(site.paid().await, persons, "{}", site.kind);
    let lines = "SELECT COUNT(*) AS number FROM declaration_line WHERE state = 'CONFIRMED'";
    assert_eq!(site.number(lines).await, persons, "{}", site.kind);
    let of_unit = "SELECT COUNT(*) AS number FROM payment WHERE unit_id = '120118.S1' AND declaration_id IS NOT NULL";
    assert_eq!(site.number(of_unit).await, persons, "{}", site.kind);
}

/// J-3.3.1-b, J-3.3.1-c: sent again after each end, one declaration and one payment of each.
#[tokio::test]
async fn sent_again_it_goes_on_where_it_stopped() {
    for on in &targets().await {
        let (crowd, coverage) = (Crowd::of((1..=PEOPLE).map(pupil)), Coverage::default());
        for parts in [0, 7, 20] {
            let site = Site::start(on, &crowd, &coverage).await;
            killed_after(parts, &crowd, site.declare(declare("one", SCHOOL))).await;
        }
        let site = Site::start(on, &crowd, &coverage).await;
        let counted = site.number("SELECT COUNT(*) AS number FROM declaration_line").await;
        assert_eq!(counted, 20 * 500, "{}", site.kind);
        let declared = site.declare(declare("one", SCHOOL)).await.unwrap();
        assert_eq!(declared.state, State::Declared.to_wire(), "{}", site.kind);
        for parts in [0, 9] {
            let site = Site::start(on, &crowd, &coverage).await;
            killed_after(parts, &crowd, site.pay(pay("pay", &declared))).await;
        }
        let site = Site::start(on, &crowd, &coverage).await;
        let halfway = site.get(&declared.declaration_id).await;
        assert_eq!(
            (halfway.state, halfway.totals.unwrap().confirmed),
            (State::Paying.to_wire(), 4_500),
            "{}",
            site.kind
        );
        let paid = site.pay(pay("pay", &declared)).await.unwrap();
        assert_eq!(paid.state, State::Paid.to_wire(), "{}", site.kind);
        assert_one_effect(&site, &declared.declaration_id).await;
    }
}

/// J-3.3.1-c: the next start brings to its end what was left, and tells of every payment.
#[tokio::test]
async fn the_next_start_goes_on_by_itself() {
    let on = TestTarget::sqlite();
    let (crowd, coverage) = (Crowd::of((1..=PEOPLE).map(pupil)), Coverage::default());
    let site = Site::start(&on, &crowd, &coverage).await;
    killed_after(11, &crowd, site.declare(declare("one", SCHOOL))).await;
    drop(site);
    let site = Site::build(&on, &crowd, &coverage, true).await;
    let declaration_id = {
        let sql = "SELECT declaration_id FROM declaration";
        let row = site.database.read().await.unwrap().maybe_row(sql, Vec::new()).await.unwrap();
        row.unwrap().text("declaration_id").unwrap()
    };
    let declared = site.wait_for(&declaration_id, State::Declared).await;
    drop(site);
    let site = Site::start(&on, &crowd, &coverage).await;
    killed_after(5, &crowd, site.pay(pay("pay", &declared))).await;
    drop(site);
    let site = Site::build(&on, &crowd, &coverage, true).await;
    site.wait_for(&declaration_id, State::Paid).await;
    assert_one_effect(&site, &declaration_id).await;
    for _ in 0..600 {
        if site.number("SELECT COUNT(*) AS number FROM outbox").await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(told(&coverage).len(), PEOPLE as usize);
}

/// J-3.3.1-b: one declaration of a unit is counted at a time, and a refusal waits for its request.
#[tokio::test]
async fn what_the_background_refuses_is_told_to_its_request() {
    for on in &targets().await {
        let (crowd, coverage) = (Crowd::of((1..=600).map(pupil)), Coverage::default());
        let wrong = pb::DeclareRequest { total_fen: Some(1), ..declare("one", SCHOOL) };
        let site = Site::start(on, &crowd, &coverage).await;
        killed_after(1, &crowd, site.declare(wrong.clone())).await;
        let counted = refusal(&site.declare(declare("two", SCHOOL)).await.unwrap_err());
        assert_eq!(counted["reasons"], "DUPLICATE_DECLARATION", "{}", site.kind);
        let id = counted["declaration_id"].clone();
        drop(site);
        let site = Site::build(on, &crowd, &coverage, true).await;
        site.wait_for(&id, State::Refused).await;
        let refused = refusal(&site.declare(wrong).await.unwrap_err());
        let figures = (refused["reasons"].as_str(), refused["due_fen"].as_str(), refused["declared_fen"].as_str());
        assert_eq!(figures, ("AMOUNT_MISMATCH", "15600000", "1"), "{}", site.kind);
        assert_eq!(site.number("SELECT COUNT(*) AS number FROM declaration").await, 0, "{}", site.kind);
        site.declare(declare("one", SCHOOL)).await.unwrap();
    }
}
