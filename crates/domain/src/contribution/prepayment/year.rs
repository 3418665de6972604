//! A year inside a prepaid term (J-3.3.3-b).

use crate::codes::{Payer, PaymentMethod};
use crate::contribution::quote::Quote;
use crate::money::Fen;
use crate::receipt::Step;
use crate::refusal::{Reason, Refusal, Refusals};

/// What a year inside a prepaid term still costs: nothing, whatever the premium has become (J-3.3.3-b).
///
/// # Errors
/// `AMOUNT_MISMATCH` with metadata `due_fen` 0 for a surcharge; `CHANNEL_MISMATCH` for another way of payment.
pub fn check_prepaid_year(asked: Fen, method: PaymentMethod) -> Result<Step, Refusals> {
    let mut refusals = Refusals::default();
    if !asked.is_zero() {
        refusals.push(
            Refusal::new(
                Reason::AmountMismatch,
                format!("the year is prepaid; nothing is due, {asked} yuan are asked"),
            )
            .at("amount_fen")
            .with("due_fen", 0)
            .with("paid_fen", asked.get())
            .by("J-3.3.3-b"),
        );
    }
    if method != PaymentMethod::Prepayment {
        let detail = "the year is prepaid; its way of payment is PREPAYMENT";
        refusals.push(Refusal::new(Reason::ChannelMismatch, detail).at("method").by("J-3.3.3-b"));
    }
    refusals.into_result()?;
    Ok(Step::new("J-3.3.3-b").found("surcharge", Fen::ZERO))
}

/// The quote of a prepaid year: nothing is payable, whatever the premium has become (J-3.3.3-b). Where the government
/// pays the whole (J-2.3-j), the term takes nothing over.
#[must_use]
pub fn covered(mut quote: Quote) -> Quote {
    if quote.payable.is_zero() {
        return quote;
    }
    let taken_over = Step::new("J-3.3.3-b").given("premium", quote.payable).found("surcharge", Fen::ZERO);
    quote.receipt.push(taken_over.paying(Payer::Person, -quote.payable));
    quote.payable = quote.receipt.total(Payer::Person);
    quote.prepaid = true;
    quote
}

/// What was taken for a term, and what its years have used of it. What they use is the premium of each, of which a later
/// increase is nobody's (J-3.3.3-b), so that never more is used than was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Taken for the whole term.
    pub taken: Fen,
    /// Used by the years that are paid with it.
    pub used: Fen,
}

impl Taken {
    /// With the premiums of the years that are paid with it.
    #[must_use]
    pub fn by(taken: Fen, premiums: impl IntoIterator<Item = Fen>) -> Self {
        Self { taken, used: premiums.into_iter().sum::<Fen>().min(taken) }
    }

    /// Left for later years.
    #[must_use]
    pub fn left(self) -> Fen {
        self.taken - self.used
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{Class, Identity, Tier};
    use crate::contribution::fixtures::tianjin_2021;
    use crate::contribution::quote::{QuoteRequest, quote};
    use crate::dates::written::day;
    use crate::receipt::Value;

    /// S-10: J-3.3.3-b, whatever the premium has become.
    #[test]
    fn a_prepaid_year_costs_nothing_more() {
        let step = check_prepaid_year(Fen::ZERO, PaymentMethod::Prepayment).unwrap();
        assert_eq!(step.output("surcharge"), Some(&Value::Fen(Fen::ZERO)));
        let refusals = check_prepaid_year(Fen::yuan(20), PaymentMethod::Prepayment).unwrap_err();
        assert_eq!(refusals.0[0].reason, Reason::AmountMismatch);
        assert_eq!(refusals.0[0].metadata[0], ("due_fen", "0".to_owned()));
        assert!(check_prepaid_year(Fen::ZERO, PaymentMethod::MobileApp).unwrap_err().has(Reason::ChannelMismatch));
    }

    fn student(identities: Vec<Identity>) -> Quote {
        let (class, tier) = (Class::StudentChild, Some(Tier::StudentChild));
        let request = QuoteRequest { class, tier, identities, applied_on: day("2020-09-20"), parts: Vec::new() };
        quote(&request, &tianjin_2021()).unwrap()
    }

    /// J-3.3.3-b: the premium stays what it is, and nothing of it is payable.
    #[test]
    fn the_quote_of_a_prepaid_year_asks_nothing() {
        let quote = covered(student(Vec::new()));
        assert_eq!((quote.personal, quote.payable, quote.prepaid), (Fen::yuan(260), Fen::ZERO, true));
        assert_eq!(quote.receipt.total(Payer::Person), Fen::ZERO);
        assert!(quote.receipt.applies("J-3.3.3-b"));
        let free = student(vec![Identity::SpecialFamilyStudent]);
        assert_eq!(covered(free.clone()), free, "J-2.3-k: the government pays it");
    }

    /// J-3.3.3-b.
    #[test]
    fn taken_is_used_or_left() {
        let four = |years| Taken::by(Fen::yuan(1_040), (0..years).map(|_| Fen::yuan(260)));
        assert_eq!((four(0).left(), four(1).left(), four(4).left()), (Fen::yuan(1_040), Fen::yuan(780), Fen::ZERO));
        assert_eq!((four(5).used, four(5).left()), (Fen::yuan(1_040), Fen::ZERO), "an increase is nobody's");
    }
}
