//! What holds for every history, tried on a hundred thousand generated ones. The seed is fixed, so that a failure comes back.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::super::fixtures::{baodi_2017, tianjin_2021};
use super::super::params::BenefitPeriodParams;
use super::fixtures::{enrolment, payment, terms};
use super::{Coverage, Covered, History, Outcome, Payment, Person, Refund, Terms};
use crate::codes::{Category, District, Insurance, PaymentMethod, Window};
use crate::dates::written::day;

const HISTORIES: u64 = 100_000;

static LAWS: LazyLock<[BenefitPeriodParams; 2]> = LazyLock::new(|| [tianjin_2021(), baodi_2017()]);

/// SplitMix64: the same numbers on every machine.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    /// A day of the two years around a policy year.
    fn day(&mut self, policy_year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(policy_year - 1, 7, 1).unwrap() + Days::new(self.below(600))
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, usize::try_from(self.below(place as u64 + 1)).unwrap());
        }
    }
}

/// What happened, as it is told.
#[derive(Clone, Debug)]
enum Fact {
    Person(Person),
    Payment(Payment),
    Refund(Refund),
}

fn told<'a>(facts: impl IntoIterator<Item = &'a Fact>) -> History {
    let mut history = History::default();
    for fact in facts {
        match fact {
            Fact::Person(person) => history.note(person.clone()),
            Fact::Payment(payment) => history.pay(*payment),
            Fact::Refund(refund) => history.refund(*refund),
        };
    }
    history
}

fn derived(history: &History) -> Coverage {
    history.coverage(|terms, _| Ok(&LAWS[usize::from(terms.policy_year == 2017)]))
}

const CATEGORIES: &[Category] = &[
    Category::RuralResident,
    Category::SchoolStudent,
    Category::NurseryChild,
    Category::Newborn,
    Category::InterruptedEmployee,
    Category::SpecialPerson,
];

fn some_terms(seeded: &mut Seeded, number: u128) -> Terms {
    let policy_year = if seeded.once_in(4) { 2017 } else { 2021 };
    Terms {
        policy_year,
        district: District::Baodi,
        category: seeded.pick(CATEGORIES),
        applied_on: seeded.day(policy_year),
        window: seeded.pick(&[Window::Ordinary, Window::Personal]),
        previous_year_insured: seeded.pick(&[Some(true), Some(false), None]),
        interrupted_on: (!seeded.once_in(3)).then(|| seeded.day(policy_year)),
        ..terms(number)
    }
}

fn some_facts(seeded: &mut Seeded) -> Vec<Fact> {
    let enrolments: Vec<Terms> = (1..=u128::from(1 + seeded.below(3))).map(|it| some_terms(seeded, it)).collect();
    let mut facts = Vec::new();
    let mut person = Person {
        revision: 1,
        born_on: if seeded.once_in(2) { seeded.day(enrolments[0].policy_year) } else { day("1970-05-01") },
        enrolments,
        died_on: None,
        left_school_on: Vec::new(),
        employees: Vec::new(),
        interrupted_on: None,
        routes: Vec::new(),
    };
    facts.push(Fact::Person(person.clone()));
    if seeded.once_in(3) {
        person.revision += 1;
        person.left_school_on = (0..=seeded.below(2)).map(|_| seeded.day(2021)).collect();
        facts.push(Fact::Person(person.clone()));
    }
    if seeded.once_in(3) {
        person.revision += 1;
        person.died_on = Some(seeded.day(2021));
        facts.push(Fact::Person(person.clone()));
    }
    for number in 1..=u128::from(seeded.below(5)) {
        // Now and then an enrolment that nobody told of.
        let known = person.enrolments.len() as u64;
        let untold = u64::from(seeded.once_in(10));
        let of = u128::from(1 + seeded.below(known + untold));
        let year = person.maybe_terms(enrolment(of)).map_or(2021, |terms| terms.policy_year);
        facts.push(Fact::Payment(Payment {
            id: payment(number),
            enrolment_id: enrolment(of),
            paid_on: seeded.day(year),
            method: if seeded.once_in(12) { PaymentMethod::PensionDeduction } else { PaymentMethod::BankCounter },
            fully_subsidised: seeded.once_in(4),
            invokes_epidemic_rule: seeded.once_in(8),
        }));
        if seeded.once_in(3) {
            let id = Uuid::from_u128(number).into();
            facts.push(Fact::Refund(Refund { id, payment_id: payment(number), refunded_on: seeded.day(year) }));
        }
    }
    facts
}

fn days(spans: &[Covered], insurance: Insurance) -> i64 {
    let of = spans.iter().filter(|it| it.span.insurance == insurance);
    of.map(|it| (it.span.period.end() - it.span.period.start()).num_days()).sum()
}

/// J-3.1-d, J-4.1-a to J-4.3-c, B-3.1-a to B-3.4-a: spans of one insurance share no day, each hangs on a payment that
/// counts, and neither order nor repetition of what is told matters.
#[test]
fn spans_never_overlap_and_hang_on_payments_whatever_the_order() {
    let mut seeded = Seeded(20_210_101);
    let mut covered = 0;
    for _ in 0..HISTORIES {
        let mut facts = some_facts(&mut seeded);
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
        let repeated = facts[usize::try_from(seeded.below(facts.len() as u64)).unwrap()].clone();
        facts.push(repeated);
        seeded.shuffle(&mut facts);
        assert_eq!(derived(&told(&facts)), coverage, "{facts:?}");
    }
    // The generator is no use if hardly anybody is covered.
    assert!(covered as u64 > HISTORIES / 4, "{covered} covered");
}

/// A refund and another payment come to what the payment alone came to.
#[test]
fn refunded_and_paid_again_is_paid() {
    let mut seeded = Seeded(20_210_102);
    for _ in 0..HISTORIES {
        let facts: Vec<Fact> =
            some_facts(&mut seeded).into_iter().filter(|it| !matches!(it, Fact::Refund(_))).collect();
        let (mut plain, mut again) = (told(&facts), told(&facts));
        let Some(first) = plain.payments().first().map(|it| **it) else { continue };
        let twin = Payment { id: payment(99), ..first };
        plain.payments.retain(|_, it| it.id == first.id);
        again.payments.retain(|_, it| it.id == first.id);
        again.refund(Refund { id: Uuid::from_u128(1).into(), payment_id: first.id, refunded_on: first.paid_on });
        assert!(derived(&again).spans.is_empty());
        again.pay(twin);
        let spans = |history| derived(history).spans.into_iter().map(|it| it.span).collect::<Vec<_>>();
        assert_eq!(spans(&again), spans(&plain), "{facts:?}");
    }
}

/// J-A1.3-j, J-4.3-c: neither death nor leaving lengthens the basic insurance, and leaving changes the accident cover alone.
#[test]
fn death_and_leaving_never_lengthen_the_basic_insurance() {
    let mut seeded = Seeded(20_210_103);
    for _ in 0..HISTORIES {
        let history = told(&some_facts(&mut seeded));
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
