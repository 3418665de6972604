//! `bench roster`: everybody of Jinghai as a list, accepted, compared and reported, on each database, against the time
//! that the database's own bulk path needs for the same rows.

use super::server::{DataDirectory, Server, release_binary};
use crate::command;
use crate::postgres::{self, Cluster};
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

/// The bounds that the project promises.
const RATIO_PERCENT_AT_MOST: u64 = 300;
const RSS_MB_BELOW: u64 = 300;
const REPORT_US_BELOW: u64 = 50_000;

/// What was measured on one database.
struct Figures {
    database: &'static str,
    values: BTreeMap<String, u64>,
}

/// Runs the measurement on each database; true when the figures are within their bounds.
///
/// # Errors
/// When the binary cannot be built, a database cannot be had, or a call fails.
pub(super) fn run() -> Result<bool> {
    let binary = release_binary()?;
    command::run(&mut command::cargo(&["bench", "--package", "juyi-tests", "--bench", "roster", "--no-run"]))?;
    let directory = DataDirectory::create()?;
    let sqlite = measure(&binary, "sqlite", &directory, &directory.sqlite())?;
    let cluster = Cluster::start(&postgres::programs()?)?;
    let postgres = measure(&binary, "postgres", &directory, &cluster.url())?;
    let all = [sqlite, postgres];
    for figures in &all {
        println!("{}", figures.line()?);
    }
    let problems = all.iter().map(Figures::problems).collect::<Result<Vec<_>>>()?.concat();
    problems.iter().for_each(|problem| println!("bench roster: {problem}"));
    Ok(problems.is_empty())
}

fn measure(binary: &Path, database: &'static str, directory: &DataDirectory, url: &str) -> Result<Figures> {
    println!("bench roster on {database}");
    let server = Server::start(binary, directory, url)?;
    let address = format!("http://{}", server.address);
    let mut load = command::cargo(&["bench", "--quiet", "--package", "juyi-tests", "--bench", "roster", "--"]);
    load.args([address.as_str(), url]).stdout(Stdio::piped());
    let mut load = load.spawn().context("cannot start the load")?;
    let mut values = BTreeMap::new();
    for line in BufReader::new(load.stdout.take().context("the load has no stdout")?).lines() {
        let line = line?;
        println!("  {line}");
        values.extend(figure(&line));
    }
    let status = load.wait()?;
    if !status.success() {
        bail!("the load ended with {status}");
    }
    // The most that the server ever held, rounded up.
    values.insert("rss_mb".to_owned(), server.memory_kb("VmHWM")?.div_ceil(1024));
    server.stop()?;
    Ok(Figures { database, values })
}

/// A line `FIGURE name value`.
fn figure(line: &str) -> Option<(String, u64)> {
    let (name, value) = line.strip_prefix("FIGURE ")?.split_once(' ')?;
    Some((name.to_owned(), value.parse().ok()?))
}

impl Figures {
    fn get(&self, name: &str) -> Result<u64> {
        self.values.get(name).copied().with_context(|| format!("the load gave no {name} on {}", self.database))
    }

    /// A time in percent of the baseline, rounded up.
    fn percent(&self, millis: u64) -> Result<u64> {
        let baseline = self.get("baseline_ms")?;
        Ok((millis * 100).div_ceil(baseline.max(1)))
    }

    fn line(&self) -> Result<String> {
        let accept = self.get("accept_ms")?;
        let both = accept + self.get("compare_ms")?;
        let measured = self.values.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
        let (accept, both) = (ratio(self.percent(accept)?), ratio(self.percent(both)?));
        Ok(format!("bench=roster database={}{measured} ratio_accept={accept} ratio={both}", self.database))
    }

    fn problems(&self) -> Result<Vec<String>> {
        let percent = self.percent(self.get("accept_ms")? + self.get("compare_ms")?)?;
        let (rss, report) = (self.get("rss_mb")?, self.get("progress_p99_us")?);
        let judged = [
            (percent > RATIO_PERCENT_AT_MOST, format!("took {} times the baseline", ratio(percent))),
            (rss >= RSS_MB_BELOW, format!("held {rss} MB")),
            (report >= REPORT_US_BELOW, format!("the progress report took {report} us")),
        ];
        let missed = judged.into_iter().filter(|(missed, _)| *missed);
        Ok(missed.map(|(_, problem)| format!("{}: {problem}", self.database)).collect())
    }
}

/// `1.37` of 137 percent.
fn ratio(percent: u64) -> String {
    format!("{}.{:02}", percent / 100, percent % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(accept: u64, rss: u64, report: u64) -> Figures {
        let named = [("baseline_ms", 1000), ("accept_ms", accept), ("compare_ms", 501)];
        let more = [("rss_mb", rss), ("progress_p99_us", report)];
        let values = named.into_iter().chain(more).map(|(name, value)| (name.to_owned(), value)).collect();
        Figures { database: "sqlite", values }
    }

    #[test]
    fn a_figure_is_a_line_of_its_own() {
        assert_eq!(figure("FIGURE accept_ms 1200"), Some(("accept_ms".to_owned(), 1200)));
        assert_eq!(figure("Compiling juyi"), None);
    }

    #[test]
    fn ratios_are_rounded_up_and_bounds_are_kept() {
        let good = figures(1500, 299, 49_999);
        assert!(good.line().unwrap().ends_with("ratio_accept=1.50 ratio=2.01"));
        assert_eq!(good.problems().unwrap(), Vec::<String>::new());
        assert_eq!(figures(2500, 300, 50_000).problems().unwrap().len(), 3);
        let nothing = Figures { database: "sqlite", values: BTreeMap::new() };
        assert!(nothing.line().is_err());
    }
}
