//! `bench roster`: everybody of Jinghai as a list, accepted, compared and reported, on each database, against the time
//! that the database's own bulk path needs for the same rows.

use super::load::{self, Figures};
use super::server::{DataDirectory, release_binary};
use crate::postgres::{self, Cluster};
use anyhow::Result;

/// The bounds that the project promises.
const RATIO_PERCENT_AT_MOST: u64 = 300;
const RSS_MB_BELOW: u64 = 300;
const REPORT_US_BELOW: u64 = 50_000;

/// Runs the measurement on each database; true when the figures are within their bounds.
///
/// # Errors
/// When the binary cannot be built, a database cannot be had, or a call fails.
pub(super) fn run() -> Result<bool> {
    let binary = release_binary()?;
    load::build()?;
    let directory = DataDirectory::create()?;
    let sqlite = load::measure("roster", &binary, "sqlite", &directory, &directory.sqlite())?;
    let cluster = Cluster::start(&postgres::programs()?)?;
    let postgres = load::measure("roster", &binary, "postgres", &directory, &cluster.url())?;
    let all = [sqlite, postgres];
    for figures in &all {
        println!("{} {}", figures.line("roster"), ratios(figures)?);
    }
    let problems = all.iter().map(problems).collect::<Result<Vec<_>>>()?.concat();
    problems.iter().for_each(|problem| println!("bench roster: {problem}"));
    Ok(problems.is_empty())
}

/// A time in percent of the baseline, rounded up.
fn percent(figures: &Figures, millis: u64) -> Result<u64> {
    let baseline = figures.get("baseline_ms")?;
    Ok((millis * 100).div_ceil(baseline.max(1)))
}

fn ratios(figures: &Figures) -> Result<String> {
    let accept = figures.get("accept_ms")?;
    let both = accept + figures.get("compare_ms")?;
    Ok(format!("ratio_accept={} ratio={}", ratio(percent(figures, accept)?), ratio(percent(figures, both)?)))
}

fn problems(figures: &Figures) -> Result<Vec<String>> {
    let percent = percent(figures, figures.get("accept_ms")? + figures.get("compare_ms")?)?;
    let (rss, report) = (figures.get("rss_mb")?, figures.get("progress_p99_us")?);
    let judged = [
        (percent > RATIO_PERCENT_AT_MOST, format!("took {} times the baseline", ratio(percent))),
        (rss >= RSS_MB_BELOW, format!("held {rss} MB")),
        (report >= REPORT_US_BELOW, format!("the progress report took {report} us")),
    ];
    let missed = judged.into_iter().filter(|(missed, _)| *missed);
    Ok(missed.map(|(_, problem)| format!("{}: {problem}", figures.database)).collect())
}

/// `1.37` of 137 percent.
fn ratio(percent: u64) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn figures(accept: u64, rss: u64, report: u64) -> Figures {
        let named = [("baseline_ms", 1000), ("accept_ms", accept), ("compare_ms", 501)];
        let more = [("rss_mb", rss), ("progress_p99_us", report)];
        let values = named.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect();
        Figures { database: "sqlite", values }
    }

    #[test]
    fn ratios_are_rounded_up_and_bounds_are_kept() {
        let good = figures(1500, 299, 49_999);
        assert_eq!(ratios(&good).unwrap(), "ratio_accept=1.50 ratio=2.01");
        assert_eq!(problems(&good).unwrap(), Vec::<String>::new());
        assert_eq!(problems(&figures(2500, 300, 50_000)).unwrap().len(), 3);
        let nothing = Figures { database: "sqlite", values: BTreeMap::new() };
        assert!(ratios(&nothing).is_err());
    }
}
