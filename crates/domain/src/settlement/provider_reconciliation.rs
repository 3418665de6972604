//! Reconciliation with a provider: what it states of a period set against what was posted in it.
//!
//! Both sides are amounts per settlement and payer, net of what came back in the period. Whatever comes out, every payer's
//! amounts are kept: sum of theirs − sum of ours = sum of the differences.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Sub};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{UnknownCode, codes};
use crate::money::Fen;

codes! {
    /// In what way the sides differ on a settlement (差异类型).
    ProviderExceptionKind {
        /// The provider has it, we do not.
        MissingHere = "MISSING_HERE",
        /// We have it, the provider does not.
        MissingAtProvider = "MISSING_AT_PROVIDER",
        /// The provider claims more of the funds than we posted.
        Over = "OVER",
        /// The provider claims less of the funds than we posted.
        Under = "UNDER",
        /// The provider states it more than once.
        Duplicate = "DUPLICATE",
        /// The funds owe the same sum, but not from the same payers, or the person another one.
        OtherPayers = "OTHER_PAYERS",
    }
    /// How far a reconciliation with a provider has come (对账状态).
    ProviderReconciliationState {
        /// Totals are compared; no rows came.
        Totals = "TOTALS",
        /// Rows are coming in.
        Receiving = "RECEIVING",
        /// Rows are compared.
        Compared = "COMPARED",
        /// A later statement of the same period was compared.
        Superseded = "SUPERSEDED",
        /// All rows are there and being compared.
        Comparing = "COMPARING",
    }
}

/// What each payer bears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerAmounts {
    /// Residents' basic fund.
    pub basic_fund: Fen,
    /// Critical illness insurance.
    pub critical_illness: Fen,
    /// Maternity insurance.
    pub maternity: Fen,
    /// Medical assistance.
    pub medical_assistance: Fen,
    /// Veterans' assistance.
    pub veterans_assistance: Fen,
    /// The person.
    pub person: Fen,
}

impl PayerAmounts {
    /// What the funds owe the provider: everything but the person's part, which is paid at the counter.
    #[must_use]
    pub fn funds(&self) -> Fen {
        self.basic_fund + self.critical_illness + self.maternity + self.medical_assistance + self.veterans_assistance
    }

    /// True when nobody bears anything.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    fn zip(self, other: Self, with: impl Fn(Fen, Fen) -> Fen) -> Self {
        Self {
            basic_fund: with(self.basic_fund, other.basic_fund),
            critical_illness: with(self.critical_illness, other.critical_illness),
            maternity: with(self.maternity, other.maternity),
            medical_assistance: with(self.medical_assistance, other.medical_assistance),
            veterans_assistance: with(self.veterans_assistance, other.veterans_assistance),
            person: with(self.person, other.person),
        }
    }
}

impl Add for PayerAmounts {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        self.zip(other, |one, other| one + other)
    }
}

impl Sub for PayerAmounts {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.zip(other, |one, other| one - other)
    }
}

impl Sum for PayerAmounts {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::default(), Add::add)
    }
}

/// One side of a kind of care in a period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTotal {
    /// Settlements that posted anything.
    pub settlements: i64,
    /// What each payer bears.
    pub amounts: PayerAmounts,
}

/// Where the sides differ on a settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderDifference {
    /// The settlement, as the provider writes its id.
    pub settlement_id: String,
    /// In what way.
    pub kind: ProviderExceptionKind,
    /// What the provider states.
    pub theirs: PayerAmounts,
    /// What we posted.
    pub ours: PayerAmounts,
}

/// Compares rows, in any order, with what was posted net of each settlement. Each kind comes once at most for a settlement,
/// in the order of their ids.
///
/// The row that says what we say is the right one whatever its place; without such a row the first is compared. The other
/// rows of the settlement are there once too often. What is zero on one side need not stand on the other.
#[must_use]
pub fn compare(theirs: &[(String, PayerAmounts)], ours: &BTreeMap<String, PayerAmounts>) -> Vec<ProviderDifference> {
    let mut stated: BTreeMap<&str, Vec<PayerAmounts>> = BTreeMap::new();
    for (id, amounts) in theirs {
        stated.entry(id).or_default().push(*amounts);
    }
    for id in ours.keys() {
        stated.entry(id).or_default();
    }
    stated.into_iter().flat_map(|(id, rows)| compare_one(id, rows, ours.get(id).copied())).collect()
}

fn compare_one(id: &str, mut rows: Vec<PayerAmounts>, ours: Option<PayerAmounts>) -> Vec<ProviderDifference> {
    rows.sort_unstable_by_key(|row| (Some(*row) != ours, row.funds(), row.person, row.basic_fund));
    let mut rows = rows.into_iter();
    let first = rows.next();
    let kind = match (first, ours) {
        (None, _) => ProviderExceptionKind::MissingAtProvider,
        (Some(_), None) => ProviderExceptionKind::MissingHere,
        (Some(theirs), Some(ours)) if theirs.funds() > ours.funds() => ProviderExceptionKind::Over,
        (Some(theirs), Some(ours)) if theirs.funds() < ours.funds() => ProviderExceptionKind::Under,
        _ => ProviderExceptionKind::OtherPayers,
    };
    let difference = |kind, theirs, ours| ProviderDifference { settlement_id: id.to_owned(), kind, theirs, ours };
    let found = [
        difference(kind, first.unwrap_or_default(), ours.unwrap_or_default()),
        difference(ProviderExceptionKind::Duplicate, rows.sum(), PayerAmounts::default()),
    ];
    found.into_iter().filter(|found| found.theirs != found.ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(basic: i64, person: i64) -> PayerAmounts {
        PayerAmounts { basic_fund: Fen::yuan(basic), person: Fen::yuan(person), ..PayerAmounts::default() }
    }

    fn found(theirs: &[PayerAmounts], ours: Option<PayerAmounts>) -> Vec<(ProviderExceptionKind, Fen)> {
        let rows: Vec<_> = theirs.iter().map(|row| ("S-1".to_owned(), *row)).collect();
        let own = ours.into_iter().map(|own| ("S-1".to_owned(), own)).collect();
        compare(&rows, &own).iter().map(|it| (it.kind, it.theirs.funds() - it.ours.funds())).collect()
    }

    #[test]
    fn each_way_to_differ_has_its_name() {
        use ProviderExceptionKind::{Duplicate, MissingAtProvider, MissingHere, OtherPayers, Over, Under};
        let own = amounts(13_650, 6_350);
        assert_eq!(found(&[own], Some(own)), []);
        assert_eq!(found(&[own], None), [(MissingHere, Fen::yuan(13_650))]);
        assert_eq!(found(&[], Some(own)), [(MissingAtProvider, Fen::yuan(-13_650))]);
        assert_eq!(found(&[amounts(13_700, 6_300)], Some(own)), [(Over, Fen::yuan(50))]);
        assert_eq!(found(&[amounts(13_600, 6_400)], Some(own)), [(Under, Fen::yuan(-50))]);
        let split = PayerAmounts { basic_fund: Fen::yuan(13_000), critical_illness: Fen::yuan(650), ..own };
        assert_eq!(found(&[split], Some(own)), [(OtherPayers, Fen::ZERO)]);
        assert_eq!(found(&[amounts(13_650, 0)], Some(own)), [(OtherPayers, Fen::ZERO)]);
        assert_eq!(found(&[own, own, own], Some(own)), [(Duplicate, Fen::yuan(27_300))]);
        assert_eq!(found(&[own, own], None), [(MissingHere, Fen::yuan(13_650)), (Duplicate, Fen::yuan(13_650))]);
    }

    /// Settled and reversed in one period: nothing is owed, and nothing need be stated.
    #[test]
    fn what_came_back_in_the_period_need_not_be_stated() {
        let nothing = PayerAmounts::default();
        assert_eq!(found(&[], Some(nothing)), []);
        assert_eq!(found(&[nothing], Some(nothing)), []);
        assert_eq!(found(&[nothing], None), []);
        // Stated as if it stood.
        let stated = amounts(100, 50);
        assert_eq!(found(&[stated], Some(nothing)), [(ProviderExceptionKind::Over, Fen::yuan(100))]);
    }

    /// The right row is found in any order.
    #[test]
    fn the_right_row_is_never_the_duplicate() {
        let (own, other) = (amounts(500, 0), amounts(300, 0));
        for rows in [[own, other], [other, own]] {
            assert_eq!(found(&rows, Some(own)), [(ProviderExceptionKind::Duplicate, Fen::yuan(300))]);
        }
    }

    /// No statement, however wrong, makes money of any payer appear or vanish; nor does the order of its rows matter.
    #[test]
    fn differences_carry_what_separates_the_sums() {
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        let mut roll = |sides: u64| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            i64::try_from(seed % sides).unwrap()
        };
        let mut seen = BTreeMap::<ProviderExceptionKind, u32>::new();
        for _ in 0..5_000 {
            let (mut theirs, mut ours) = (Vec::new(), BTreeMap::new());
            for number in 0..roll(20) {
                let id = format!("S-{number}");
                let row = PayerAmounts { critical_illness: Fen::new(roll(3)), ..amounts(roll(5) - 1, roll(4)) };
                let other = PayerAmounts { medical_assistance: Fen::new(roll(9)), ..row };
                match roll(7) {
                    0 => theirs.push((id, row)),
                    1 => theirs.extend([(id.clone(), row), (id, other)]),
                    2 => drop(ours.insert(id, row)),
                    3 => {
                        ours.insert(id.clone(), row);
                        theirs.extend([(id.clone(), other), (id, row)]);
                    }
                    4 => {
                        ours.insert(id.clone(), row);
                        theirs.push((id, other));
                    }
                    5 => {
                        ours.insert(id.clone(), other);
                        theirs.push((id, row));
                    }
                    _ => {
                        let swapped = PayerAmounts { basic_fund: row.person, person: row.basic_fund, ..row };
                        ours.insert(id.clone(), row);
                        theirs.push((id, if row.person == row.basic_fund { row } else { swapped }));
                    }
                }
            }
            let differences = compare(&theirs, &ours);
            let stated: PayerAmounts = theirs.iter().map(|(_, amounts)| *amounts).sum();
            let posted: PayerAmounts = ours.values().copied().sum();
            assert_eq!(differences.iter().map(|it| it.theirs - it.ours).sum::<PayerAmounts>(), stated - posted);
            differences.iter().for_each(|it| *seen.entry(it.kind).or_default() += 1);
            theirs.reverse();
            assert_eq!(compare(&theirs, &ours), differences);
        }
        assert!(ProviderExceptionKind::ALL.iter().filter(|kind| seen.contains_key(kind)).count() >= 5, "{seen:?}");
    }
}
