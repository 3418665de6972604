//! How a declaration is paid: the whole sum, at once, in time, in the way of the declarer (J-3.3.1-c, J-3.3.2-b).

use chrono::NaiveDate;

use super::{DeclarationParams, Declarer};
use crate::codes::PaymentMethod;
use crate::dates::Period;
use crate::effective::{Effective, Gap};
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
/// government pays, whatever the day.
///
/// # Errors
/// `NEGATIVE_AMOUNT`; `AMOUNT_MISMATCH` with metadata `due_fen`, `paid_fen` and `difference_fen`; `UNKNOWN_ENUM` for a way
/// in which no unit pays; `CHANNEL_MISMATCH` for a village that pays in another way than its own, and for
/// `GOVERNMENT_SUBSIDY` where something is due or another way where nothing is; `WINDOW_NOT_OPEN`, `WINDOW_CLOSED`; the gap
/// where no way is printed.
pub fn check(
    payment: &DeclarationPayment,
    params: &DeclarationParams,
    windows: &[&Effective<Period>],
) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    refusals.keep(whole(payment));
    refusals.keep(way(payment, params));
    if !payment.due.is_zero() {
        refusals.keep(in_time(payment.on, windows));
    }
    refusals.into_result()
}

fn whole(payment: &DeclarationPayment) -> Result<(), Refusal> {
    let DeclarationPayment { due, paid, .. } = *payment;
    if paid.is_negative() {
        return Err(Refusal::new(Reason::NegativeAmount, "a payment is not negative").at("amount_fen"));
    }
    if paid == due {
        return Ok(());
    }
    Err(Refusal::new(Reason::AmountMismatch, format!("{due} yuan are due in one payment, {paid} were paid"))
        .at("amount_fen")
        .with("due_fen", due.get())
        .with("paid_fen", paid.get())
        .with("difference_fen", (due - paid).get())
        .by("J-3.3.1-c"))
}

fn way(payment: &DeclarationPayment, params: &DeclarationParams) -> Result<(), Refusal> {
    let DeclarationPayment { declarer, due, method, .. } = *payment;
    let by_government = method == PaymentMethod::GovernmentSubsidy;
    if due.is_zero() != by_government {
        let detail = if due.is_zero() {
            "nothing is due from the unit; the way of payment is GOVERNMENT_SUBSIDY"
        } else {
            "the unit owes this sum; GOVERNMENT_SUBSIDY is for those who owe nothing"
        };
        return Err(Refusal::new(Reason::ChannelMismatch, detail).at("method").by("J-2.3-j"));
    }
    if by_government {
        return Ok(());
    }
    let village = declarer == Declarer::Village;
    let ways = printed(if village { &params.village_ways } else { &params.unit_ways })?;
    if ways.contains(&method) {
        return Ok(());
    }
    let allowed = ways.iter().map(|way| way.as_str()).collect::<Vec<_>>().join(", ");
    let (reason, who) = if village { (Reason::ChannelMismatch, "a village") } else { (Reason::UnknownEnum, "a unit") };
    Err(Refusal::new(reason, format!("{who} pays by {allowed}"))
        .at("method")
        .with("allowed", allowed)
        .by(ways.reference.rule_id.clone()))
}

fn printed<T>(parameter: &Result<Effective<T>, Gap>) -> Result<&Effective<T>, Refusal> {
    parameter.as_ref().map_err(|gap| gap.clone().into())
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
    use super::super::fixtures;
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
        let refusals = check(payment, &fixtures::tianjin_2021(), &[&collection, &late]).err().unwrap_or_default();
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
        for method in [PaymentMethod::MobileApp, PaymentMethod::BankCounter, PaymentMethod::Prepayment] {
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

    /// B-7.3.1-a, B-7.3.2-b: the plan of 2017 prints no way in which units pay.
    #[test]
    fn no_way_is_printed_for_2017() {
        for (declarer, rule_id) in [(Declarer::Institution, "B-7.3.1-a"), (Declarer::Village, "B-7.3.2-b")] {
            let payment = DeclarationPayment { declarer, on: day("2016-10-09"), ..school() };
            let collection = window("2016-10-01", "2016-12-31", "B-2.3-a");
            let refusals = check(&payment, &fixtures::baodi_2017(), &[&collection]).unwrap_err();
            let [refusal] = &refusals.0[..] else { panic!("one refusal") };
            assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some(rule_id)));
        }
    }
}
