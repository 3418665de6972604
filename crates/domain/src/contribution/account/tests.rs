use uuid::Uuid;

use super::super::fixtures::{Dice, baodi_2017, tianjin_2021};
use super::super::params::PremiumParams;
use super::super::prepayment::covered;
use super::super::quote::{QuoteRequest, quote};
use super::*;
use crate::codes::{Class, Identity, Tier};
use crate::dates::written::day;

fn quoted(class: Class, tier: Tier, identities: &[Identity], law: &PremiumParams) -> Quote {
    let (identities, applied_on) = (identities.to_vec(), day("2020-11-11"));
    let request = QuoteRequest { class, tier: Some(tier), identities, applied_on, parts: Vec::new() };
    quote(&request, law).unwrap()
}

fn middle(identities: &[Identity]) -> Quote {
    quoted(Class::Adult, Tier::Middle, identities, &tianjin_2021())
}

fn paid(on: &str, quote: Quote) -> Paid {
    let method = if quote.payable.is_zero() { PaymentMethod::GovernmentSubsidy } else { PaymentMethod::MobileApp };
    Paid { id: Uuid::from_u128(1).into(), on: day(on), amount: quote.payable, method, quote, refund: None }
}

fn refunded(on: &str, repaid_on: Option<&str>) -> Option<Refund> {
    let rule_id = Cow::Borrowed("J-3.5-a");
    Some(Refund { id: Uuid::from_u128(2).into(), on: day(on), rule_id, repaid_on: repaid_on.map(day) })
}

fn of(payer: Payer, lines: &[Line]) -> (Fen, Fen, Fen) {
    let balance = balances(lines).get(&payer).copied().unwrap_or_default();
    (balance.charged, balance.credited, balance.outstanding())
}

fn written(lines: &[Line]) -> Vec<String> {
    let text = |line: &Line| {
        let on = line.on.map_or(String::new(), |on| on.to_string());
        format!("{} {} {} {} {on}", line.kind, line.payer, line.amount, line.rule_id)
    };
    lines.iter().map(text).collect()
}

/// J-2.1-c: 560.00 are owed until they are paid, J-3.3.6-a.
#[test]
fn a_payment_settles_what_is_charged() {
    let quote = middle(&[]);
    let unpaid = lines(Some(&quote), &[]);
    assert_eq!(written(&unpaid), ["CHARGE PERSON 560.00 J-2.1-c "]);
    assert_eq!(of(Payer::Person, &unpaid), (Fen::yuan(560), Fen::ZERO, Fen::yuan(560)));
    let payments = [paid("2020-11-12", quote.clone())];
    let lines = lines(Some(&quote), &payments);
    let expected = ["CHARGE PERSON 560.00 J-2.1-c 2020-11-12", "CREDIT PERSON 560.00 J-2.1-c 2020-11-12"];
    assert_eq!(written(&lines), expected);
    assert_eq!(of(Payer::Person, &lines).2, Fen::ZERO);
    assert_eq!((state(&[]), state(&payments)), (AccountState::Unpaid, AccountState::Paid));
}

/// J-2.3-j: the person owes nothing; the ground of the subsidy, J-2.3-b, names who does.
#[test]
fn a_subsidy_is_owed_by_the_government_until_it_is_booked() {
    let quote = middle(&[Identity::SubsistenceAllowance]);
    let unpaid = lines(Some(&quote), &[]);
    assert_eq!(written(&unpaid), ["CHARGE PREMIUM_SUBSIDY 560.00 J-2.3-b "]);
    assert_eq!(of(Payer::Person, &unpaid), (Fen::ZERO, Fen::ZERO, Fen::ZERO));
    let booked = lines(None, &[paid("2020-11-12", quote)]);
    assert_eq!(of(Payer::PremiumSubsidy, &booked), (Fen::yuan(560), Fen::yuan(560), Fen::ZERO));
}

/// B-4.2-b: 380.00 from the person and 800.00 from the government; B-7.3.3-d takes the first over.
#[test]
fn the_printed_government_part_is_a_charge_of_its_own() {
    let quote = quoted(Class::Adult, Tier::Middle, &[], &baodi_2017());
    let lines = lines(None, &[paid("2016-10-08", quote)]);
    assert_eq!(of(Payer::Person, &lines), (Fen::yuan(380), Fen::yuan(380), Fen::ZERO));
    assert_eq!(of(Payer::Government, &lines), (Fen::yuan(800), Fen::ZERO, Fen::yuan(800)));
}

/// J-3.5-a and J-3.5-b: 560.00 paid are the person's again from the decision on, until they are paid back.
#[test]
fn a_refund_reverses_and_deletes_nothing() {
    let decided = Paid { refund: refunded("2020-12-10", None), ..paid("2020-11-12", middle(&[])) };
    let owed = lines(None, std::slice::from_ref(&decided));
    assert_eq!(of(Payer::Person, &owed), (Fen::ZERO, Fen::yuan(560), Fen::yuan(-560)));
    assert_eq!(state(std::slice::from_ref(&decided)), AccountState::Refunded);
    let repaid = Paid { refund: refunded("2020-12-10", Some("2020-12-20")), ..decided };
    let lines = lines(None, &[repaid]);
    let expected = [
        "CHARGE PERSON 560.00 J-2.1-c 2020-11-12",
        "CREDIT PERSON 560.00 J-2.1-c 2020-11-12",
        "CHARGE_REVERSED PERSON -560.00 J-3.5-a 2020-12-10",
        "CREDIT_REVERSED PERSON -560.00 J-3.5-a 2020-12-20",
    ];
    assert_eq!(written(&lines), expected);
    assert_eq!(of(Payer::Person, &lines).2, Fen::ZERO);
}

/// J-3.5-d: the student's 260.00 go back, and the government pays them in the student's place (J-2.3-l).
#[test]
fn a_student_loan_moves_the_charge_to_the_government() {
    let law = tianjin_2021();
    let of_student = |held: &[Identity]| quoted(Class::StudentChild, Tier::StudentChild, held, &law);
    let first = Paid { refund: refunded("2021-03-01", Some("2021-03-09")), ..paid("2020-09-20", of_student(&[])) };
    let second = paid("2020-09-20", of_student(&[Identity::StudentLoan]));
    let payments = [first, second];
    let lines = lines(None, &payments);
    assert_eq!(of(Payer::Person, &lines), (Fen::ZERO, Fen::ZERO, Fen::ZERO));
    assert_eq!(of(Payer::PremiumSubsidy, &lines), (Fen::yuan(260), Fen::yuan(260), Fen::ZERO));
    assert_eq!(state(&payments), AccountState::Paid);
}

/// J-3.3.3-b: a later year of a prepaid term asks nothing more of the person.
#[test]
fn a_prepayment_pays_what_the_year_takes_of_it() {
    let quote = quoted(Class::StudentChild, Tier::StudentChild, &[], &tianjin_2021());
    let later = Paid { amount: Fen::ZERO, method: PaymentMethod::Prepayment, ..paid("2020-09-20", quote) };
    let mine = lines(None, std::slice::from_ref(&later));
    assert_eq!(written(&mine)[1], "CREDIT PERSON 260.00 J-3.3.3-b 2020-09-20");
    assert_eq!(of(Payer::Person, &mine).2, Fen::ZERO);
    let taken_back = lines(None, &[Paid { refund: refunded("2020-12-01", None), ..later }]);
    assert_eq!(of(Payer::Person, &taken_back).2, Fen::ZERO);
}

/// J-3.3.3-b: nor does a prepaid year that is not paid yet.
#[test]
fn a_prepaid_year_owes_nothing() {
    let quote = covered(quoted(Class::StudentChild, Tier::StudentChild, &[], &tianjin_2021()));
    let mine = lines(Some(&quote), &[]);
    assert_eq!(written(&mine), ["CHARGE PERSON 260.00 J-2.1-e ", "CREDIT PERSON 260.00 J-3.3.3-b "]);
    assert_eq!(of(Payer::Person, &mine).2, Fen::ZERO);
}

impl Dice {
    /// Paid, refunded, perhaps paid back, paid again; of either year, with or without a ground.
    fn history(&mut self) -> (Quote, Vec<Paid>) {
        let law = if self.roll(2) == 0 { tianjin_2021() } else { baodi_2017() };
        let tier = [Tier::High, Tier::Middle, Tier::Low][usize::try_from(self.roll(3)).unwrap()];
        let mut last = quoted(Class::Adult, tier, &[], &law);
        let mut payments = Vec::new();
        for round in 0..self.roll(4) {
            let held: &[Identity] = if self.roll(3) == 0 { &[Identity::SevereDisability] } else { &[] };
            last = quoted(Class::Adult, tier, held, &law);
            let month = 2 * round + 1;
            let repaid = format!("2021-{:02}-20", month + 1);
            let refund = refunded(&format!("2021-{month:02}-28"), (self.roll(2) == 0).then_some(repaid.as_str()));
            payments.push(Paid { refund, ..paid(&format!("2021-{month:02}-05"), last.clone()) });
        }
        if let Some(last) = payments.last_mut().filter(|_| self.roll(2) == 0) {
            last.refund = None;
        }
        (last, payments)
    }
}

/// J-3.5-a, J-3.5-b: whatever happened, the lines come to the balance, and the person owes what is neither paid nor
/// refunded, less what is still to be paid back.
#[test]
fn lines_always_come_to_the_balance() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..10_000 {
        let (quote, payments) = dice.history();
        let lines = lines(Some(&quote), &payments);
        let balances = balances(&lines);
        let is_credit = |line: &&Line| matches!(line.kind, AccountLineKind::Credit | AccountLineKind::CreditReversed);
        let credits: Fen = lines.iter().filter(is_credit).map(|line| line.amount).sum();
        let charges: Fen = lines.iter().map(|line| line.amount).sum::<Fen>() - credits;
        let outstanding: Fen = balances.values().map(|balance| balance.outstanding()).sum();
        assert_eq!(charges - credits, outstanding);

        let to_pay_back = |paid: &&Paid| paid.refund.as_ref().is_some_and(|refund| refund.repaid_on.is_none());
        let back: Fen = payments.iter().filter(to_pay_back).map(|paid| paid.amount).sum();
        let due = if payments.is_empty() { quote.payable } else { Fen::ZERO };
        let person = balances.get(&Payer::Person).copied().unwrap_or_default();
        assert_eq!(person.outstanding(), due - back);
        assert!(lines.iter().all(|line| !line.rule_id.is_empty() && !line.amount.is_zero()));
        assert!(lines.windows(2).all(|pair| pair[0].on <= pair[1].on), "in the order of the days");
    }
}
