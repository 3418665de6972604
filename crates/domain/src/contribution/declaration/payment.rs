//! How a declaration is paid: the whole sum, at once, in time, in the way of the declarer (J-3.3.1-c, J-3.3.2-b).

use chrono::NaiveDate;

use super::Declarer;
use crate::codes::PaymentMethod;
use crate::contribution::codes::DeclaringParty;
use crate::contribution::collection::maybe_of_party;
use crate::contribution::params::PaymentParams;
use crate::contribution::payment::check_payment;
use crate::dates::Period;
use crate::effective::Effective;
use crate::money::Fen;
use crate::refusal::{Reason, Refusal, Refusals};

/// The payment of a declaration.
#[derive(Clone, Copy, Debug)]
pub struct DeclarationPayment {
    /// Who declared.
    pub declarer: Declarer,
    /// What is due.
    pub due: Fen,
    /// What was paid.
    pub paid: Fen,
    /// How.
    pub method: PaymentMethod,
    /// When.
    pub on: NaiveDate,
}

/// Checks the payment of a declaration; `windows` are those in which people of the year pay. Where nothing is due, the
/// government pays, whatever the day. A document that prints no ways of units (2017) refuses none, as with one person.
///
/// # Errors
/// `NEGATIVE_AMOUNT`; `AMOUNT_MISMATCH` with metadata `due_fen`, `paid_fen` and `difference_fen`; `UNKNOWN_ENUM` for a way
/// in which no unit pays; `CHANNEL_MISMATCH` for a village that pays in another way than its own, for
/// `GOVERNMENT_SUBSIDY` where something is due or another way where nothing is, and for deductions and prepayments;
/// `WINDOW_NOT_OPEN`, `WINDOW_CLOSED`.
pub fn check(
    payment: &DeclarationPayment,
    params: &PaymentParams,
    windows: &[&Effective<Period>],
) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    let whole = check_payment(payment.due, payment.paid, payment.method);
    refusals.keep(whole.map_err(in_one_sum));
    if refusals.0.iter().all(|refusal| refusal.reason != Reason::ChannelMismatch) {
        refusals.keep(way(payment, params));
    }
    if !payment.due.is_zero() {
        refusals.keep(in_time(payment.on, windows));
    }
    refusals.into_result()
}

/// The unit's sum has a clause of its own.
fn in_one_sum(mut refusals: Refusals) -> Refusals {
    for refusal in refusals.0.iter_mut().filter(|refusal| refusal.reason == Reason::AmountMismatch) {
        refusal.rule_id = Some("J-3.3.1-c".into());
    }
    refusals
}

fn way(payment: &DeclarationPayment, params: &PaymentParams) -> Result<(), Refusal> {
    let DeclarationPayment { declarer, due, method, .. } = *payment;
    let village = declarer == Declarer::Village;
    let party = if village { DeclaringParty::Village } else { DeclaringParty::Unit };
    let Some(rule) = maybe_of_party(party, params).filter(|rule| !due.is_zero() && !rule.methods.contains(&method))
    else {
        return Ok(());
    };
    let allowed = rule.methods.iter().map(|way| way.as_str()).collect::<Vec<_>>().join(", ");
    let (reason, who) = if village { (Reason::ChannelMismatch, "a village") } else { (Reason::UnknownEnum, "a unit") };
    Err(Refusal::new(reason, format!("{who} pays by {allowed}"))
        .at("method")
        .with("allowed", allowed)
        .by(rule.reference.rule_id.clone()))
}

/// A unit pays between the first day of the earliest window and the last day of the latest; which of them opens coverage
/// for whom, the rules of each person say.
fn in_time(on: NaiveDate, windows: &[&Effective<Period>]) -> Result<(), Refusal> {
    let first = windows.iter().min_by_key(|window| window.start());
    if let Some(first) = first.filter(|first| on < first.start()) {
        return Err(Refusal::new(Reason::WindowNotOpen, format!("payment opens on {}", first.start()))
            .at("payment_date")
            .with("opens_on", first.start())
            .by(first.reference.rule_id.clone()));
    }
    let last = windows.iter().max_by_key(|window| window.end());
    match last.filter(|last| on > last.last_day()) {
        None => Ok(()),
        Some(last) => Err(Refusal::new(Reason::WindowClosed, format!("payment was open until {}", last.last_day()))
            .at("payment_date")
            .with("last_day", last.last_day())
            .by(last.reference.rule_id.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::fixtures::ways_2021;
    use super::*;
    use crate::dates::written::day;

    const TRANSFER: PaymentMethod = PaymentMethod::AuthorisedTransfer;
    const VOUCHER: PaymentMethod = PaymentMethod::BankInquiryVoucher;

    fn school() -> DeclarationPayment {
        let (due, on) = (Fen::yuan(7_280), day("2020-10-20"));
        DeclarationPayment { declarer: Declarer::Institution, due, paid: due, method: TRANSFER, on }
    }

    fn window(first: &str, last: &str, rule_id: &'static str) -> Effective<Period> {
        Effective::printed(Period::maybe_inclusive(day(first), day(last)).unwrap(), rule_id)
    }

    fn refused(payment: &DeclarationPayment) -> Vec<(Reason, Option<String>)> {
        let collection = window("2020-09-01", "2020-12-31", "J-3.1-a");
        let late = window("2021-01-01", "2021-06-30", "J-3.1-b");
        let refusals = check(payment, &ways_2021(), &[&collection, &late]).err().unwrap_or_default();
        refusals.0.into_iter().map(|refusal| (refusal.reason, refusal.rule_id.map(String::from))).collect()
    }

    fn by(reason: Reason, rule_id: &str) -> Vec<(Reason, Option<String>)> {
        vec![(reason, Some(rule_id.to_owned()))]
    }

    /// J-3.3.1-c: 7280.00 in one payment, not 3640.00 twice.
    #[test]
    fn a_unit_pays_the_whole_sum_at_once() {
        assert_eq!(refused(&school()), []);
        let half = DeclarationPayment { paid: Fen::yuan(3_640), ..school() };
        assert_eq!(refused(&half), by(Reason::AmountMismatch, "J-3.3.1-c"));
    }

    /// J-3.3.1-c: two ways and no other.
    #[test]
    fn a_unit_pays_in_one_of_two_ways() {
        assert_eq!(refused(&DeclarationPayment { method: VOUCHER, ..school() }), []);
        for method in [PaymentMethod::MobileApp, PaymentMethod::BankCounter, PaymentMethod::PosCard] {
            assert_eq!(refused(&DeclarationPayment { method, ..school() }), by(Reason::UnknownEnum, "J-3.3.1-c"));
        }
    }

    /// J-3.3.2-b: the bank inquiry voucher is the village's only way.
    #[test]
    fn a_village_pays_by_voucher_alone() {
        let village = DeclarationPayment { declarer: Declarer::Village, ..school() };
        assert_eq!(refused(&DeclarationPayment { method: VOUCHER, ..village }), []);
        for method in [TRANSFER, PaymentMethod::PosCard] {
            assert_eq!(refused(&DeclarationPayment { method, ..village }), by(Reason::ChannelMismatch, "J-3.3.2-b"));
        }
    }

    /// J-2.3-j: who owes nothing is paid for by the government, also before the window (J-3.2.5-c).
    #[test]
    fn an_authority_pays_nothing() {
        let method = PaymentMethod::GovernmentSubsidy;
        let (due, on) = (Fen::ZERO, day("2020-08-25"));
        let authority = DeclarationPayment { declarer: Declarer::Authority, due, paid: due, method, on };
        assert_eq!(refused(&authority), []);
        assert_eq!(
            refused(&DeclarationPayment { method: TRANSFER, ..authority }),
            by(Reason::ChannelMismatch, "J-2.3-j")
        );
        assert_eq!(refused(&DeclarationPayment { method, ..school() }), by(Reason::ChannelMismatch, "J-2.3-j"));
    }

    /// J-3.1-a, J-3.1-b: inside the time limit (J-3.3.1-c).
    #[test]
    fn a_unit_pays_in_time() {
        let on = |text| DeclarationPayment { on: day(text), ..school() };
        assert_eq!(refused(&on("2020-08-31")), by(Reason::WindowNotOpen, "J-3.1-a"));
        assert_eq!(refused(&on("2020-09-01")), []);
        assert_eq!(refused(&on("2021-06-30")), []);
        assert_eq!(refused(&on("2021-07-01")), by(Reason::WindowClosed, "J-3.1-b"));
    }

    /// J-3.3.3-a, J-3.3.4-a: what has a method of its own is no way of a unit.
    #[test]
    fn nothing_is_deducted_from_a_unit() {
        let of = |method| DeclarationPayment { method, ..school() };
        assert_eq!(refused(&of(PaymentMethod::Prepayment)), by(Reason::ChannelMismatch, "J-3.3.3-a"));
        assert_eq!(refused(&of(PaymentMethod::PensionDeduction)), by(Reason::ChannelMismatch, "J-3.3.4-a"));
    }

    /// B-7.3.1-a, B-7.3.2-b: the plan of 2017 prints no way in which units pay, and sets no bound; all else is checked.
    #[test]
    fn no_way_is_printed_for_2017() {
        let collection = window("2016-10-01", "2016-12-31", "B-2.3-a");
        for declarer in [Declarer::Institution, Declarer::Village] {
            let payment = DeclarationPayment { declarer, on: day("2016-10-09"), ..school() };
            let check = |payment| check(&payment, &PaymentParams::default(), &[&collection]);
            for method in [TRANSFER, VOUCHER, PaymentMethod::BankCounter] {
                assert_eq!(check(DeclarationPayment { method, ..payment }), Ok(()));
            }
            let half = DeclarationPayment { paid: Fen::yuan(3_640), on: day("2017-01-01"), ..payment };
            let refusals = check(half).unwrap_err();
            assert!(refusals.has(Reason::AmountMismatch) && refusals.has(Reason::WindowClosed));
            let subsidy = DeclarationPayment { method: PaymentMethod::GovernmentSubsidy, ..payment };
            assert!(check(subsidy).unwrap_err().has(Reason::ChannelMismatch));
        }
    }
}
