//! Where cards are issued, as far as the outline says (J-12-a, J-12-b).

use super::not_printed;
use super::params::InformationParams;
use crate::effective::Effective;
use crate::refusal::Refusal;

/// Whether a bank is among those named for the card. The list is open: a bank outside it is unknown, not refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BankStanding {
    /// Named.
    Named,
    /// Not named.
    Unknown,
}

/// Kinds and numbers of card outlets.
#[derive(Clone, Debug, PartialEq)]
pub struct CardOutlets {
    /// Kinds of outlets.
    pub kinds: Vec<Effective<String>>,
    /// There are more than this.
    pub more_than: Effective<u32>,
    /// Cooperating banks announced; fewer are named (AMB-131).
    pub banks_announced: Effective<u32>,
}

/// Looks a bank up (J-12-b). The outline shortens names: 中国工商银行 is its 工商银行.
///
/// # Errors
/// `RULE_NOT_DEFINED` where the document names no banks for cards.
pub fn look_up_bank(bank: &str, params: &InformationParams) -> Result<BankStanding, Refusal> {
    if params.card_banks.is_empty() {
        return Err(not_printed("information.card_bank", "the document names no banks for cards").by("J-12-b"));
    }
    let short = bank.strip_prefix("中国").unwrap_or(bank);
    let named = params.card_banks.iter().any(|own| own.value == bank || own.value == short);
    Ok(if named { BankStanding::Named } else { BankStanding::Unknown })
}

/// Kinds of outlets and how many there are (J-12-a).
///
/// # Errors
/// `RULE_NOT_DEFINED` when addresses or the exact number are asked for, which stand on the bureau's website (J-12-c), and
/// where the document says nothing about card outlets.
pub fn list(with_addresses: bool, params: &InformationParams) -> Result<CardOutlets, Refusal> {
    if with_addresses {
        let detail = "exact number and addresses are not printed; ask the bureau's website or 022-12333 (J-12-c)";
        return Err(not_printed("information.card_outlet_address", detail).at("with_addresses").by("J-12-a"));
    }
    match (&params.card_outlets_more_than, &params.card_banks_announced) {
        (Some(more_than), Some(banks_announced)) => Ok(CardOutlets {
            kinds: params.card_outlet_kinds.clone(),
            more_than: more_than.clone(),
            banks_announced: banks_announced.clone(),
        }),
        _ => {
            Err(not_printed("information.card_outlet_kind", "the document says nothing about card outlets")
                .by("J-12-a"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{information_2017, information_2021};
    use super::*;
    use crate::refusal::Reason;

    /// J-12-b: Bank of Tianjin is a payment bank, and not named for the card.
    #[test]
    fn a_bank_is_named_or_unknown() {
        let standing = |bank| look_up_bank(bank, &information_2021()).unwrap();
        assert_eq!([standing("工商银行"), standing("中国工商银行"), standing("中国银行")], [BankStanding::Named; 3]);
        assert_eq!([standing("天津银行"), standing("滨海农商银行"), standing("银行")], [BankStanding::Unknown; 3]);
        assert_eq!(look_up_bank("工商银行", &information_2017()).unwrap_err().reason, Reason::RuleNotDefined);
    }

    /// J-12-a.
    #[test]
    fn kinds_are_told_and_addresses_refused() {
        let told = list(false, &information_2021()).unwrap();
        assert_eq!((*told.more_than, *told.banks_announced, told.kinds.len()), (960, 15, 1));
        let refusal = list(true, &information_2021()).unwrap_err();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::RuleNotDefined, Some("J-12-a")));
        assert_eq!(list(false, &information_2017()).unwrap_err().reason, Reason::RuleNotDefined);
    }
}
