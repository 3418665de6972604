//! What holds for every history, tried on a hundred thousand generated ones. The seed is fixed, so that a failure comes back.

use std::sync::LazyLock;

use uuid::Uuid;

use super::super::fixtures::{baodi_2017, tianjin_2021};
use super::super::params::BenefitPeriodParams;
use super::fixtures::payment;
use super::generated::{Mix, some_facts, told};
use super::{Coverage, Covered, History, Outcome, Payment, Refund};
use crate::codes::Insurance;
use crate::seeded::Seeded;

const HISTORIES: u64 = 100_000;

static LAWS: LazyLock<[BenefitPeriodParams; 2]> = LazyLock::new(|| [tianjin_2021(), baodi_2017()]);

fn derived(history: &History) -> Coverage {
    history.coverage(|terms, _| Ok(&LAWS[usize::from(terms.policy_year == 2017)]))
}

/// The number of a generated payment.
fn number(of: &Payment) -> u128 {
    (1..=8).find(|number| payment(*number) == of.id).unwrap()
}

fn days(spans: &[Covered], insurance: Insurance) -> i64 {
    let of = spans.iter().filter(|it| it.span.insurance == insurance);
    of.map(|it| (it.span.period.end() - it.span.period.start()).num_days()).sum()
}

/// J-3.1-d, J-4.1-a to J-4.3-c, B-3.1-a to B-3.4-a: spans of one insurance share no day, each hangs on a payment that
/// counts, and neither order nor repetition of what is told matters.
#[test]
fn spans_never_overlap_and_hang_on_payments_whatever_the_order() {
    let mut seeded = Seeded::new(20_210_101);
    let mut covered = 0;
    let mut mix = Mix::new();
    for _ in 0..HISTORIES {
        let mut facts = some_facts(&mut seeded, &mut mix);
        let history = told(&facts);
        let coverage = derived(&history);
        for pair in coverage.spans.windows(2) {
            let apart = pair[0].span.period.end() <= pair[1].span.period.start();
            assert!(pair[0].span.insurance != pair[1].span.insurance || apart, "{facts:?}");
        }
        for it in &coverage.spans {
            assert!(matches!(coverage.outcomes[&it.payment_id], Outcome::Opened(_)), "{facts:?}");
            assert!(history.maybe_refund(it.payment_id).is_none(), "{facts:?}");
            assert!(history.person().unwrap().maybe_terms(it.enrolment_id).is_some(), "{facts:?}");
            let died_on = history.person().unwrap().died_on;
            assert!(died_on.is_none_or(|died_on| it.span.period.last_day() <= died_on), "{facts:?}");
        }
        covered += usize::from(!coverage.spans.is_empty());
        let repeated = facts[seeded.index(facts.len())].clone();
        facts.push(repeated);
        seeded.shuffle(&mut facts);
        assert_eq!(derived(&told(&facts)), coverage, "{facts:?}");
    }
    // The generator is no use if hardly anybody is covered.
    assert!(covered as u64 > HISTORIES / 4, "{covered} covered");
    assert_eq!(mix.len(), 11, "{mix:?}");
    assert!(mix.values().all(|count| *count > HISTORIES / 50), "{mix:?}");
}

/// J-3.5-a: a refund and another payment come to what the payment alone came to, whatever else was paid.
#[test]
fn refunded_and_paid_again_is_paid() {
    let mut seeded = Seeded::new(20_210_102);
    let (mut tried, mut covered) = (0, 0);
    for _ in 0..HISTORIES {
        let facts = some_facts(&mut seeded, &mut Mix::new());
        let (plain, mut again) = (told(&facts), told(&facts));
        let counting: Vec<Payment> =
            plain.payments().into_iter().filter(|it| plain.maybe_refund(it.id).is_none()).copied().collect();
        if counting.is_empty() {
            continue;
        }
        let first = seeded.pick(&counting);
        // The next id keeps its place among payments of one day.
        let twin = Payment { id: payment(number(&first) + 1), ..first };
        again.refund(Refund { id: Uuid::from_u128(1).into(), payment_id: first.id, refunded_on: first.paid_on });
        assert!(derived(&again).spans.iter().all(|it| it.payment_id != first.id), "{facts:?}");
        again.pay(twin);
        let mut before = derived(&plain).spans;
        tried += 1;
        covered += u64::from(before.iter().any(|it| it.payment_id == first.id));
        for it in &mut before {
            if it.payment_id == first.id {
                it.payment_id = twin.id;
            }
        }
        assert_eq!(derived(&again).spans, before, "{facts:?}");
    }
    assert!(tried > HISTORIES / 2 && covered > HISTORIES / 8, "{tried} tried, {covered} covered");
}

/// J-A1.3-j, J-4.3-c: neither death nor leaving lengthens the basic insurance, and leaving changes the accident cover alone.
#[test]
fn death_and_leaving_never_lengthen_the_basic_insurance() {
    let mut seeded = Seeded::new(20_210_103);
    for _ in 0..HISTORIES {
        let history = told(&some_facts(&mut seeded, &mut Mix::new()));
        let mut living = history.clone();
        let mut staying = history.clone();
        for (of, is_living) in [(&mut living, true), (&mut staying, false)] {
            let person = of.person.as_mut().unwrap();
            if is_living { person.died_on = None } else { person.left_school_on.clear() }
        }
        let [told, living, staying] = [&history, &living, &staying].map(|it| derived(it).spans);
        for insurance in Insurance::ALL {
            assert!(days(&told, *insurance) <= days(&living, *insurance));
            let (told, staying) = (days(&told, *insurance), days(&staying, *insurance));
            assert!(if *insurance == Insurance::Accident { told >= staying } else { told == staying });
        }
    }
}
