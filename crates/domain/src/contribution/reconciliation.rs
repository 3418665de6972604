//! Reconciliation with the tax side (J-A1.3-k): the tax statement of a day set against what was booked that day.
//!
//! Both sides are entries under a key: unit, voucher, and what was paid for. Money that went back is an entry of its own,
//! with a voucher of its own and an amount below zero. Whatever comes out, the amounts are kept:
//! sum of the tax side − sum of ours = sum of the differences.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::codes::{PaymentMethod, UnknownCode, codes};
use crate::money::Fen;

codes! {
    /// What a row of the statement, or one of ours without such a row, shows (差异类型).
    ExceptionKind {
        /// The tax side has it, we do not.
        MissingHere = "MISSING_HERE",
        /// We have it, the tax side does not.
        MissingAtTax = "MISSING_AT_TAX",
        /// The tax side booked more than we did.
        Over = "OVER",
        /// The tax side booked less than we did.
        Under = "UNDER",
        /// The tax side has it more often than we do.
        Duplicate = "DUPLICATE",
    }
    /// What becomes of an exception (处理状态).
    ExceptionState {
        /// Nobody has explained it.
        Open = "OPEN",
        /// Explained; opens again only when the facts change.
        Resolved = "RESOLVED",
        /// No longer found.
        Cleared = "CLEARED",
    }
    /// How far a reconciliation has come (对账状态).
    ReconciliationState {
        /// Totals are compared; no details came.
        Totals = "TOTALS",
        /// Details are coming in.
        Receiving = "RECEIVING",
        /// Details are compared.
        Compared = "COMPARED",
    }
}

/// Count and sum of one side, of one unit and day. A reversal counts as one and takes its amount off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Entries.
    pub count: i64,
    /// Their sum.
    pub sum: Fen,
}

/// True when both sides say the same of a unit, as far as totals tell.
#[must_use]
pub fn totals_match(tax: Total, own: Total) -> bool {
    tax == own
}

/// True for a payment that passes through the hands of the tax side and so stands in its statement. A subsidy is booked
/// with the treasury (J-2.3-j), a deduction from the old-age living subsidy comes from the social insurance centre
/// (J-3.3.4-a).
#[must_use]
pub const fn through_tax(method: PaymentMethod) -> bool {
    !matches!(method, PaymentMethod::GovernmentSubsidy | PaymentMethod::PensionDeduction)
}

/// What an entry is known by on both sides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Unit that paid; empty for individuals.
    pub unit_id: String,
    /// Voucher.
    pub voucher_number: String,
    /// What was paid for: the id of an enrolment, or of a unit's declaration.
    pub subject: String,
}

/// An amount booked under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Key.
    pub key: Key,
    /// Amount; below zero in a reversal.
    pub amount: Fen,
}

/// Where the sides differ under one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// In what way.
    pub kind: ExceptionKind,
    /// Entries it speaks of, on the side that has them.
    pub entries: i64,
    /// What the tax side booked.
    pub tax: Fen,
    /// What we booked.
    pub own: Fen,
}

impl Difference {
    /// What the tax side has more than we have; below zero when it has less.
    #[must_use]
    pub fn amount(self) -> Fen {
        self.tax - self.own
    }
}

/// Compares what both sides booked under one key, in any order; each kind comes once at most.
///
/// Equal amounts are set against each other first, then what is left, smallest against smallest. What the tax side has
/// beyond that is there once too often; only where we have nothing at all is its first entry missing here.
#[must_use]
pub fn compare_key(tax: &[Fen], own: &[Fen]) -> Vec<Difference> {
    let mut found = BTreeMap::new();
    let mut note = |kind, tax: Fen, own: Fen| {
        let sum = found.entry(kind).or_insert(Difference { kind, entries: 0, tax: Fen::ZERO, own: Fen::ZERO });
        *sum = Difference { kind, entries: sum.entries + 1, tax: sum.tax + tax, own: sum.own + own };
    };
    let (left_at_tax, left_here) = without_equals(tax, own);
    let pairs = left_at_tax.len().min(left_here.len());
    for (tax, own) in left_at_tax.iter().zip(&left_here) {
        note(if tax > own { ExceptionKind::Over } else { ExceptionKind::Under }, *tax, *own);
    }
    for (place, tax) in left_at_tax.iter().enumerate().skip(pairs) {
        let first = own.is_empty() && place == 0;
        note(if first { ExceptionKind::MissingHere } else { ExceptionKind::Duplicate }, *tax, Fen::ZERO);
    }
    for own in left_here.iter().skip(pairs) {
        note(ExceptionKind::MissingAtTax, Fen::ZERO, *own);
    }
    found.into_values().collect()
}

/// What is left of two lists, in order, when equal amounts are taken out in pairs.
fn without_equals(tax: &[Fen], own: &[Fen]) -> (Vec<Fen>, Vec<Fen>) {
    let (mut tax, mut own) = (tax.to_vec(), own.to_vec());
    tax.sort_unstable();
    own.sort_unstable();
    tax.retain(|amount| match own.iter().position(|other| other == amount) {
        Some(place) => {
            own.remove(place);
            false
        }
        None => true,
    });
    (tax, own)
}

/// Compares two lists of entries, in any order. The sum of the differences is the sum of `tax` less the sum of `own`.
#[must_use]
pub fn compare(tax: &[Entry], own: &[Entry]) -> Vec<(Key, Difference)> {
    let mut keys: BTreeMap<&Key, (Vec<Fen>, Vec<Fen>)> = BTreeMap::new();
    for entry in tax {
        keys.entry(&entry.key).or_default().0.push(entry.amount);
    }
    for entry in own {
        keys.entry(&entry.key).or_default().1.push(entry.amount);
    }
    let of_key = |(key, (tax, own)): (&Key, (Vec<Fen>, Vec<Fen>))| {
        compare_key(&tax, &own).into_iter().map(move |difference| (key.clone(), difference)).collect::<Vec<_>>()
    };
    keys.into_iter().flat_map(of_key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::Dice;
    use super::*;

    fn entry(voucher: &str, subject: &str, yuan: i64) -> Entry {
        let key = Key { unit_id: String::new(), voucher_number: voucher.into(), subject: subject.into() };
        Entry { key, amount: Fen::yuan(yuan) }
    }

    fn sum(entries: &[Entry]) -> Fen {
        entries.iter().map(|entry| entry.amount).sum()
    }

    fn found(tax: &[i64], own: &[i64]) -> Vec<(ExceptionKind, i64, Fen)> {
        let yuan = |amounts: &[i64]| amounts.iter().copied().map(Fen::yuan).collect::<Vec<_>>();
        let differences = compare_key(&yuan(tax), &yuan(own));
        differences.iter().map(|found| (found.kind, found.entries, found.amount())).collect()
    }

    /// J-A1.3-k: a payment of 260.00 that the tax side has and we have not.
    #[test]
    fn each_way_to_differ_has_its_name() {
        assert_eq!(found(&[260], &[260]), []);
        assert_eq!(found(&[260], &[]), [(ExceptionKind::MissingHere, 1, Fen::yuan(260))]);
        assert_eq!(found(&[], &[260]), [(ExceptionKind::MissingAtTax, 1, Fen::yuan(-260))]);
        assert_eq!(found(&[280], &[260]), [(ExceptionKind::Over, 1, Fen::yuan(20))]);
        assert_eq!(found(&[260], &[280]), [(ExceptionKind::Under, 1, Fen::yuan(-20))]);
        assert_eq!(found(&[260, 260, 260], &[260]), [(ExceptionKind::Duplicate, 2, Fen::yuan(520))]);
        let twice = [(ExceptionKind::MissingHere, 1, Fen::yuan(260)), (ExceptionKind::Duplicate, 1, Fen::yuan(260))];
        assert_eq!(found(&[260, 260], &[]), twice);
    }

    /// A refund of 560.00 is an entry of −560.00; one of −500.00 at the tax side took 60.00 too little off.
    #[test]
    fn a_reversal_is_an_entry_below_zero() {
        assert_eq!(found(&[-560], &[-560]), []);
        assert_eq!(found(&[-500], &[-560]), [(ExceptionKind::Over, 1, Fen::yuan(60))]);
        assert_eq!(found(&[], &[-560]), [(ExceptionKind::MissingAtTax, 1, Fen::yuan(560))]);
    }

    /// Which of two rows is the one too many does not hang on their order.
    #[test]
    fn the_right_row_is_never_the_duplicate() {
        for tax in [[500, 560], [560, 500]] {
            assert_eq!(found(&tax, &[560]), [(ExceptionKind::Duplicate, 1, Fen::yuan(500))]);
        }
        // Paid, refunded and paid again on one day by one voucher: both sides have it twice.
        assert_eq!(found(&[560, 560], &[560, 560]), []);
    }

    #[test]
    fn the_same_voucher_may_pay_for_several() {
        let (one, other) = (entry("V-1", "a", 280), entry("V-1", "b", 260));
        assert_eq!(compare(&[one.clone(), other.clone()], &[other.clone(), one.clone()]), []);
        let differences = compare(&[one], &[other]);
        let kinds: Vec<_> = differences.iter().map(|(_, difference)| difference.kind).collect();
        assert_eq!(kinds, [ExceptionKind::MissingHere, ExceptionKind::MissingAtTax]);
    }

    #[test]
    fn equal_sums_of_different_numbers_of_payments_do_not_match() {
        let total = |count, yuan| Total { count, sum: Fen::yuan(yuan) };
        assert!(totals_match(total(2, 520), total(2, 520)));
        assert!(!totals_match(total(1, 520), total(2, 520)));
        assert!(!totals_match(total(2, 521), total(2, 520)));
    }

    /// J-2.3-j and J-3.3.4-a: what never passes the tax side is not looked for there.
    #[test]
    fn subsidies_and_deductions_stand_in_no_tax_statement() {
        let left_out: Vec<_> = PaymentMethod::ALL.iter().copied().filter(|method| !through_tax(*method)).collect();
        assert_eq!(left_out, [PaymentMethod::GovernmentSubsidy, PaymentMethod::PensionDeduction]);
    }

    impl Dice {
        /// A day of ours, and a statement of it that loses, adds, repeats and changes rows.
        fn day(&mut self) -> (Vec<Entry>, Vec<Entry>) {
            let (mut tax, mut own) = (Vec::new(), Vec::new());
            for _ in 0..self.roll(30) {
                let reversal = self.roll(5) == 0;
                let yuan = [260, 280, 560, 910][usize::try_from(self.roll(4)).unwrap()];
                let mut ours = entry(&format!("V-{}", self.roll(8)), &format!("E-{}", self.roll(8)), yuan);
                ours.key.unit_id = if self.roll(3) == 0 { "U-1".to_owned() } else { String::new() };
                if reversal {
                    ours.amount = Fen::ZERO - ours.amount;
                }
                let mut theirs = ours.clone();
                match self.roll(8) {
                    0 => own.push(ours),
                    1 => tax.push(theirs),
                    2 => {
                        own.push(ours);
                        tax.extend([theirs.clone(), theirs]);
                    }
                    3 => {
                        theirs.amount += Fen::new(i64::try_from(self.roll(20_000)).unwrap() - 10_000);
                        own.push(ours);
                        tax.push(theirs);
                    }
                    _ => {
                        own.push(ours);
                        tax.push(theirs);
                    }
                }
            }
            (tax, own)
        }

        fn shuffle(&mut self, entries: &mut [Entry]) {
            for last in (1..entries.len()).rev() {
                entries.swap(last, usize::try_from(self.roll(last as u64 + 1)).unwrap());
            }
        }
    }

    /// J-A1.3-k: no statement, however wrong, makes money appear or vanish between the sides; nor does the order matter.
    #[test]
    fn differences_carry_what_separates_the_sums() {
        let mut dice = Dice(0x2545_F491_4F6C_DD1D);
        let mut seen = BTreeMap::<ExceptionKind, u32>::new();
        for _ in 0..10_000 {
            let (mut tax, mut own) = dice.day();
            let differences = compare(&tax, &own);
            let carried: Fen = differences.iter().map(|(_, difference)| difference.amount()).sum();
            assert_eq!(carried, sum(&tax) - sum(&own));
            let more: i64 = differences.iter().map(|(_, found)| entries_more_at_tax(*found)).sum();
            assert_eq!(more, i64::try_from(tax.len()).unwrap() - i64::try_from(own.len()).unwrap());
            let mut known: Vec<_> = differences.iter().map(|(key, difference)| (key, difference.kind)).collect();
            known.dedup();
            assert_eq!(known.len(), differences.len(), "each kind comes once under a key");
            differences.iter().for_each(|(_, difference)| *seen.entry(difference.kind).or_default() += 1);

            dice.shuffle(&mut tax);
            dice.shuffle(&mut own);
            assert_eq!(compare(&tax, &own), differences);
        }
        assert!(ExceptionKind::ALL.iter().all(|kind| seen[kind] > 100), "{seen:?}");
    }

    fn entries_more_at_tax(found: Difference) -> i64 {
        match found.kind {
            ExceptionKind::MissingHere | ExceptionKind::Duplicate => found.entries,
            ExceptionKind::MissingAtTax => -found.entries,
            ExceptionKind::Over | ExceptionKind::Under => 0,
        }
    }

    #[test]
    fn a_statement_of_what_we_have_shows_nothing() {
        let mut dice = Dice(42);
        for _ in 0..1_000 {
            let (tax, _) = dice.day();
            assert_eq!(compare(&tax, &tax), []);
        }
    }
}
