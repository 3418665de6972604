//! What a person brings into a year, from everything that was stated of it (J-5.1.2-b, B-5.4-b, AMB-064).

use std::collections::BTreeMap;

use super::accumulators::{CarriedBalance, Opening};
use crate::money::Fen;

/// What was stated about a year's beginning, by an import or by closing the year before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The year.
    pub policy_year: i32,
    /// What is left of earlier years at its beginning.
    pub balances: Vec<CarriedBalance>,
    /// Unused outpatient years directly before it, where they were stated.
    pub unused_outpatient_years: Option<u32>,
}

/// The opening of a year from the statements in the order they were made.
///
/// Of each origin year the statement for the latest year counts, of those the one made last: a balance is kept over years
/// without insurance (AMB-064). Unused years count only where they are stated for this very year, because a year between
/// would have ended the row. A balance that is used up, or was corrected to nothing, stays as nothing: closing the year again
/// states it so, and what an earlier closing left of it ends there.
#[must_use]
pub fn opening<'a>(statements: impl IntoIterator<Item = &'a Statement>, policy_year: i32) -> Opening {
    let mut balances: BTreeMap<i32, (i32, Fen)> = BTreeMap::new();
    let mut unused_outpatient_years = 0;
    for statement in statements {
        if statement.policy_year > policy_year {
            continue;
        }
        for balance in &statement.balances {
            let known = balances.get(&balance.origin_year).map_or(i32::MIN, |(stated_for, _)| *stated_for);
            if statement.policy_year >= known {
                balances.insert(balance.origin_year, (statement.policy_year, balance.amount));
            }
        }
        if let Some(years) = statement.unused_outpatient_years.filter(|_| statement.policy_year == policy_year) {
            unused_outpatient_years = years;
        }
    }
    let carried = |(origin_year, (_, amount)): (i32, (i32, Fen))| CarriedBalance { origin_year, amount };
    Opening { balances: balances.into_iter().map(carried).collect(), unused_outpatient_years }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(policy_year: i32, balances: &[(i32, i64)], years: Option<u32>) -> Statement {
        let balance =
            |(origin_year, yuan): &(i32, i64)| CarriedBalance { origin_year: *origin_year, amount: Fen::yuan(*yuan) };
        Statement { policy_year, balances: balances.iter().map(balance).collect(), unused_outpatient_years: years }
    }

    fn yuan(opening: &Opening) -> Vec<(i32, i64)> {
        opening.balances.iter().map(|balance| (balance.origin_year, balance.amount.get() / 100)).collect()
    }

    /// S-34, B-5.4-b, J-5.1.2-b: what 2017 left is kept until the import of two more years, and all of it adds up.
    #[test]
    fn balances_of_several_statements_add_up() {
        let made = [stated(2018, &[(2017, 3_000)], Some(1)), stated(2020, &[(2019, 3_000), (2018, 3_000)], Some(3))];
        let opened = opening(&made, 2020);
        assert_eq!(yuan(&opened), [(2017, 3_000), (2018, 3_000), (2019, 3_000)]);
        assert_eq!(opened.unused_outpatient_years, 3);
        assert_eq!(yuan(&opening(&made, 2019)), [(2017, 3_000)]);
        assert_eq!(opening(&made, 2019).unused_outpatient_years, 0);
        assert_eq!(opening(&made, 2017), Opening::default());
    }

    /// AMB-064: used up is gone, and what was stated last for the latest year counts.
    #[test]
    fn later_statements_replace_earlier_ones() {
        let made = [
            stated(2021, &[(2019, 2_500), (2020, 4_000)], Some(2)),
            stated(2022, &[(2019, 0), (2020, 3_500), (2021, 100)], Some(0)),
            stated(2021, &[(2020, 4_100)], None),
            stated(2022, &[(2021, 200)], None),
        ];
        assert_eq!(yuan(&opening(&made, 2021)), [(2019, 2_500), (2020, 4_100)]);
        assert_eq!(yuan(&opening(&made, 2022)), [(2019, 0), (2020, 3_500), (2021, 200)]);
        assert_eq!(
            (opening(&made, 2021).unused_outpatient_years, opening(&made, 2022).unused_outpatient_years),
            (2, 0)
        );
    }

    /// AMB-064, B-5.4-b: what was carried on by a closing goes with the figure it came from, once that was corrected to nothing
    /// and the year was closed again.
    #[test]
    fn a_balance_corrected_to_nothing_is_carried_no_further() {
        let mut made =
            vec![stated(2021, &[(2020, 1_000)], None), stated(2022, &[(2020, 1_000), (2021, 4_000)], Some(1))];
        made.push(stated(2021, &[(2020, 0)], None));
        let corrected = opening(&made, 2021);
        assert_eq!(yuan(&corrected), [(2020, 0)]);
        // What closing 2021 again states: what it began with, and its own.
        let anew = [corrected.balances[0], CarriedBalance { origin_year: 2021, amount: Fen::yuan(4_000) }];
        made.push(Statement { policy_year: 2022, balances: anew.to_vec(), unused_outpatient_years: Some(1) });
        assert_eq!(
            (yuan(&opening(&made, 2022)), opening(&made, 2022).balance()),
            (vec![(2020, 0), (2021, 4_000)], Fen::yuan(4_000))
        );
    }
}
