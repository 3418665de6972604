//! `bench coverage`: how long `GetCoverage` takes for one person over loopback, with everybody of Jinghai enrolled, paid
//! for and covered, on SQLite.

use super::load::{self, Figures};
use super::server::{DataDirectory, release_binary};
use anyhow::Result;

/// The bound that the project promises for the 99th percentile.
const P99_US_BELOW: u64 = 2_000;

/// Runs the measurement; true when the figures are within their bounds.
///
/// # Errors
/// When the binary cannot be built, or a call fails.
pub(super) fn run() -> Result<bool> {
    let binary = release_binary()?;
    load::build()?;
    let directory = DataDirectory::create()?;
    let figures = load::measure("coverage", &binary, "sqlite", &directory, &directory.sqlite())?;
    println!("{}", figures.line("coverage"));
    let problems = problems(&figures)?;
    problems.iter().for_each(|problem| println!("bench coverage: {problem}"));
    Ok(problems.is_empty())
}

fn problems(figures: &Figures) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for name in ["covered_p99_us", "uncovered_p99_us"] {
        let p99 = figures.get(name)?;
        if p99 >= P99_US_BELOW {
            problems.push(format!("{name} is {p99}, the bound is {P99_US_BELOW}"));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_answers_have_to_be_quick() {
        let figures = |covered, uncovered| {
            let named = [("covered_p99_us", covered), ("uncovered_p99_us", uncovered)];
            let values = named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Figures { database: "sqlite", values }
        };
        assert_eq!(problems(&figures(1_999, 1_999)).unwrap(), Vec::<String>::new());
        assert_eq!(problems(&figures(2_000, 1_000)).unwrap().len(), 1);
        assert_eq!(problems(&figures(2_000, 2_000)).unwrap().len(), 2);
    }
}
