//! What holds of every refund: a payment that was paid back and made again leaves what one payment leaves.

use chrono::{Days, NaiveDate};

use super::fixtures::tianjin_2021;
use super::{Application, Decision, Ground, benefit_start, decide};
use crate::benefit_period::derive::{Derived, Facts, derive};
use crate::benefit_period::fixtures as coverage;
use crate::codes::{Class, Identity, Payer, PaymentMethod, Tier};
use crate::contribution::fixtures as premium;
use crate::contribution::payment::check_payment;
use crate::contribution::quote::{QuoteRequest, quote};
use crate::dates::written::day;
use crate::money::Fen;
use crate::receipt::Receipt;

/// What is left of a person's account: the balance of all entries, what counts as paid, and what it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Account {
    balance: Fen,
    counting: Option<(NaiveDate, Fen)>,
    covered: Vec<String>,
}

/// Entries in order, each the receipt of a payment or of a refund.
#[derive(Clone, Default)]
struct Ledger {
    entries: Vec<Receipt>,
    counting: Option<(NaiveDate, Fen, Derived)>,
}

impl Ledger {
    fn pay(mut self, due: &Receipt, on: NaiveDate, method: PaymentMethod, derived: &Derived) -> Self {
        assert!(self.counting.is_none(), "one payment counts per enrolment");
        let amount = due.total(Payer::Person);
        check_payment(amount, amount, method).unwrap();
        self.entries.push(due.clone());
        self.counting = Some((on, amount, derived.clone()));
        self
    }

    fn refund(mut self, decision: Decision) -> Self {
        self.entries.push(decision.receipt);
        self.counting = None;
        self
    }

    fn account(&self) -> Account {
        Account {
            balance: self.entries.iter().map(|entry| entry.total(Payer::Person)).sum(),
            counting: self.counting.as_ref().map(|(on, amount, _)| (*on, *amount)),
            covered: self.counting.iter().flat_map(|it| it.2.spans.iter().map(|span| format!("{span:?}"))).collect(),
        }
    }
}

const TIERS: [(Class, Tier); 4] = [
    (Class::Adult, Tier::High),
    (Class::Adult, Tier::Middle),
    (Class::Adult, Tier::Low),
    (Class::StudentChild, Tier::StudentChild),
];

fn facts(class: Class, insured: bool, paid_on: NaiveDate) -> Facts {
    let text = paid_on.to_string();
    let facts = if class == Class::Adult { coverage::adult(&text) } else { coverage::pupil(&text) };
    Facts { previous_year_insured: Some(insured), ..facts }
}

/// J-3.5-a, AMB-037: over every payment day of the year, tier, subsidy and history, and over days of withdrawal around
/// the first day of benefits.
#[test]
fn refund_then_payment_equals_payment() {
    let (law, prices) = (tianjin_2021(), premium::tianjin_2021());
    let (mut refunded, mut kept) = (0, 0);
    for paid_on in day("2020-09-01").iter_days().take_while(|it| *it < day("2021-07-01")) {
        for (class, tier) in TIERS {
            for (insured, identities) in
                [(false, vec![]), (true, vec![]), (true, vec![Identity::SevereDisability, Identity::StudentLoan])]
            {
                let facts = facts(class, insured, paid_on);
                let Ok(derived) = derive(&facts, &coverage::tianjin_2021()) else { continue };
                let start = benefit_start(&facts, &coverage::tianjin_2021()).unwrap();
                let (tier, applied_on, parts) = (Some(tier), paid_on, Vec::new());
                let request = QuoteRequest { class, tier, identities, applied_on, parts };
                let due = quote(&request, &prices).unwrap();
                let subsidised = due.payable.is_zero();
                let method = if subsidised { PaymentMethod::GovernmentSubsidy } else { PaymentMethod::QrCode };
                let paid = Ledger::default().pay(&due.receipt, paid_on, method, &derived);
                for applied_on in days_around(paid_on, start) {
                    let application = Application {
                        paid: due.payable,
                        paid_on,
                        method,
                        class,
                        benefit_start: start,
                        applied_on,
                        ground: Ground::Withdrawal,
                    };
                    let Ok(decision) = decide(&application, &law) else {
                        assert!(applied_on >= start || applied_on < paid_on, "{paid_on} {applied_on} {start}");
                        kept += 1;
                        continue;
                    };
                    assert!(paid_on <= applied_on && applied_on < start);
                    assert_eq!(decision.refund, due.payable);
                    let back = paid.clone().refund(decision);
                    let nothing = Account { balance: Fen::ZERO, counting: None, covered: Vec::new() };
                    assert_eq!(back.account(), nothing);
                    assert_eq!(back.pay(&due.receipt, paid_on, method, &derived).account(), paid.account());
                    refunded += 1;
                }
            }
        }
    }
    assert!(refunded > 3_000 && kept > 3_000, "{refunded} and {kept} cases");
}

/// The day before payment, the day itself, and the days around the first one of benefits.
fn days_around(paid_on: NaiveDate, start: NaiveDate) -> [NaiveDate; 6] {
    let one = Days::new(1);
    [paid_on - one, paid_on, paid_on + one, start - one, start, start + one]
}
