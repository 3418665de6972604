//! Generated people settled through the gateway, with every service behind it, and the second engine beside: every amount of
//! every payer, every running total and what the year leaves agree to the fen, in whatever order bills come and go.

mod bills;
mod entering;
mod life;
mod people;

use juyi_domain::codes::{Identity, Tier};
use juyi_domain::settlement::care::{CareKind, Place};
use juyi_tests::offices::Clients;

use crate::scenarios::suites_under;
use crate::second::engine::{Line, Regime, Terms, reckon};
use crate::second::readings::{Reading, Readings};
use crate::second::years::{ENABLED_2017, Reach, SETTLED, Years};
use life::{Life, Parts, policy_year};
use people::{Facts, Held, day};

/// Somebody files a year in any order, has one bill reversed, and becomes somebody else after the fact. Gives what everybody
/// paid, and what assistance paid outside the city.
async fn live(clients: &Clients, terms: Terms, years: &mut Years, number: &mut u32) -> (Parts, i64) {
    let (year, policy_year) = (years.year(), policy_year(terms));
    let facts = Facts::of(&year, policy_year, years);
    let cases = years.shuffled(&year.cases);
    let cases = facts.cases(&cases, years);
    let mut life = Life::begin(clients, terms, &format!("G{policy_year}-{number}"), facts, number).await;
    for case in cases {
        life.file(case).await;
    }
    life.compare().await;
    assert_eq!(life.recompute("first").await.changes, [], "{}", life.name);
    if life.cases.len() > 1 {
        let gone = usize::try_from(years.below(life.cases.len() as u64)).unwrap();
        // Without it a home bed may have to come split otherwise, and the reversal is refused (ADR 0004).
        let mut rest = life.cases.clone();
        rest.remove(gone);
        if reckon(terms, &rest, &life.facts.opening).refused.is_empty() {
            life.reverse(gone).await;
            life.compare().await;
            assert_eq!(life.recompute("second").await.changes, [], "{}", life.name);
        }
    }
    // A status learnt of afterwards, from June on.
    let identity = years.pick(&[Identity::SubsistenceAllowance, Identity::MartyrSurvivor, Identity::LowIncome]);
    if !life.facts.held.iter().any(|held| held.identity == identity) {
        let held = Held { identity, from: day(policy_year, 6, 1), last: None };
        entering::identify(clients, &life.resident, &held, &life.facts).await;
        life.facts.held.push(held);
        for case in &mut life.cases {
            case.identities = life.facts.identities(case.bill.admitted_on);
        }
        life.recompute("third").await;
        life.compare().await;
    }
    life.close().await;
    let away = |line: &&Line| life.case(line.id).bill.place != Place::Local;
    let aid = life.lines().iter().filter(away).map(|line| line.medical + line.veterans).sum();
    (life.lines().iter().fold(Parts::default(), |sum, line| life::plus(sum, life::parts(line))), aid)
}

/// J-5.1, J-5.2, J-5.3, J-5.5, J-10.3.2, J-10.4-a, J-10.5.1-a, J-6.1-b; AMB-005, AMB-055, AMB-101, AMB-138.
#[tokio::test]
async fn services_and_second_engine_agree_on_2021() {
    agree(Regime::Tianjin2021.into(), SETTLED, 24, 0x9E37_79B9_7F4A_7C15).await;
}

/// B-5.1-b to -f, B-5.2-a to -d, B-5.3-a to -d, B-5.4-a, AMB-102: identities take nothing from what 2017 pays.
#[tokio::test]
async fn services_and_second_engine_agree_on_2017() {
    // Half of the visits are at hospitals whose outpatient care is not paid.
    let kinds = &[CareKind::Outpatient, CareKind::Outpatient, CareKind::Outpatient, CareKind::SuppliedBurden];
    agree(Regime::Baodi2017.into(), Reach { kinds, ..ENABLED_2017 }, 16, 0x5851_F42D_4C95_7F2D).await;
}

/// AMB-077: a threshold that rises on 1 July, so that one year knows two laws.
#[tokio::test]
async fn services_and_second_engine_agree_on_two_laws_in_one_year() {
    let readings = Readings::only(Reading::ThresholdRises);
    let terms = Terms { regime: Regime::Tianjin2021, readings };
    agree(terms, Reach { elsewhere: false, ..SETTLED }, 14, 0x1F83_D9AB_FB41_BD6B).await;
}

async fn agree(terms: Terms, reach: Reach, people: usize, seed: u64) {
    for running in suites_under(&terms.readings.overlay()).await.unwrap() {
        let clients = Clients::new(&running.gateway);
        entering::set(&clients).await;
        let (mut years, mut number) = (Years::new(seed, policy_year(terms), reach), 0);
        let (mut paid, mut away) = (Parts::default(), 0);
        for _ in 0..people {
            let (parts, aid) = Box::pin(live(&clients, terms, &mut years, &mut number)).await;
            (paid, away) = (life::plus(paid, parts), away + aid);
        }
        running.suite.stop().await.unwrap();
        // Nothing was compared with nothing.
        let [total, basic, critical, others @ .., person] = paid;
        assert!([total, basic, critical, person].iter().all(|part| *part > 0), "{paid:?}");
        assert!(terms.regime == Regime::Baodi2017 || others.iter().all(|part| *part > 0), "{paid:?}");
        assert_eq!(away > 0, reach.elsewhere, "{away}");
    }
}

/// Over a year a better tier never receives less from basic insurance, and a status held all year costs nobody money
/// (`docs/cliffs.md` names what the law does not keep): the same bills of people who differ in one thing.
#[tokio::test]
async fn a_better_tier_and_a_status_are_never_worse() {
    for running in suites_under("").await.unwrap() {
        let clients = Clients::new(&running.gateway);
        entering::set(&clients).await;
        let (mut years, mut sequence) = (Years::new(0xA076_1D64_78BD_642F, 2021, SETTLED), 0);
        for number in 0..4 {
            let year = years.year();
            let facts = Facts { held: Vec::new(), tier: Tier::Low, ..Facts::of(&year, 2021, &mut years) };
            let cases = facts.cases(&years.shuffled(&year.cases), &mut years);
            let identity = years.pick(Identity::ALL);
            let held = vec![Held { identity, from: day(2021, 1, 1), last: None }];
            let mut sums = Vec::new();
            for (which, facts) in [
                ("low", facts.clone()),
                ("middle", Facts { tier: Tier::Middle, ..facts.clone() }),
                ("high", Facts { tier: Tier::High, ..facts.clone() }),
                ("aided", Facts { held, ..facts.clone() }),
            ] {
                let name = format!("T{number}-{which}");
                let mut life = Life::begin(&clients, Regime::Tianjin2021.into(), &name, facts, &mut sequence).await;
                for mut case in cases.clone() {
                    (case.tier, case.identities) = (life.facts.tier, life.facts.identities(case.bill.admitted_on));
                    life.file(case).await;
                }
                life.compare().await;
                // The second engine's sums are those of the suite.
                let lines = life.lines();
                let sum = |part: fn(&Line) -> i64| lines.iter().map(part).sum::<i64>();
                sums.push((sum(|line| line.basic), sum(Line::person)));
            }
            assert!(sums[0].0 <= sums[1].0 && sums[1].0 <= sums[2].0, "{number}: {sums:?}");
            assert!(sums[3].1 <= sums[0].1, "{number} {identity}: {sums:?}");
        }
        running.suite.stop().await.unwrap();
    }
}
