//! `bench adjudicate`: years of bills per second through the rules of settlement, with and without receipts.

use super::load;
use crate::command;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::process::Stdio;

/// The bounds that the project promises: bills per second and core without receipts, and what receipts may cost of it.
const BILLS_PER_S_AND_CORE: u64 = 1_000_000;
const RECEIPTS_PERCENT_AT_MOST: u64 = 130;

/// Runs the measurement; true when the figures are within their bounds.
///
/// # Errors
/// When it cannot be built or does not run.
pub(super) fn run() -> Result<bool> {
    let mut bench = command::cargo(&["bench", "--quiet", "--package", "juyi-policy", "--bench", "adjudicate"]);
    let done = bench.stdout(Stdio::piped()).spawn()?.wait_with_output()?;
    if !done.status.success() {
        bail!("the bench ended with {}", done.status);
    }
    let figures: BTreeMap<String, u64> =
        String::from_utf8_lossy(&done.stdout).lines().filter_map(load::figure).collect();
    for (name, value) in &figures {
        println!("{name:>28}: {value}");
    }
    let line: Vec<_> = figures.iter().map(|(name, value)| format!("{name}={value}")).collect();
    println!("bench=adjudicate {}", line.join(" "));
    let problems = problems(&figures)?;
    problems.iter().for_each(|problem| println!("bench adjudicate: {problem}"));
    Ok(problems.is_empty())
}

fn problems(figures: &BTreeMap<String, u64>) -> Result<Vec<String>> {
    let get = |name: &str| figures.get(name).copied().with_context(|| format!("no figure {name}"));
    let mut problems = Vec::new();
    for cores in [1, 2] {
        let per_second = get(&format!("amounts_{cores}_bills_per_s"))?;
        if per_second < BILLS_PER_S_AND_CORE * cores {
            problems.push(format!("{per_second} bills a second on {cores} cores"));
        }
        let percent = get(&format!("receipts_{cores}_percent"))?;
        if percent > RECEIPTS_PERCENT_AT_MOST {
            problems.push(format!("receipts take {percent} percent of the time without on {cores} cores"));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bounds_are_kept_on_each_number_of_cores() {
        let figures = |bills: u64, percent: u64| -> BTreeMap<String, u64> {
            let named = [("amounts_1_bills_per_s", bills), ("amounts_2_bills_per_s", 2 * bills)];
            let more = [("receipts_1_percent", percent), ("receipts_2_percent", percent)];
            named.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect()
        };
        assert_eq!(problems(&figures(1_000_000, 130)).unwrap(), Vec::<String>::new());
        assert_eq!(problems(&figures(999_999, 131)).unwrap().len(), 4);
        assert!(problems(&BTreeMap::new()).is_err());
    }
}
