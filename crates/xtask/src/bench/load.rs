//! The client side of a measurement: everybody of a district, through the gateway of a running suite.

use super::server::{DataDirectory, Server};
use crate::command;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// What was measured on one database.
pub(super) struct Figures {
    pub(super) database: &'static str,
    pub(super) values: BTreeMap<String, u64>,
}

/// Builds the client, so that its compilation is no part of a measurement.
///
/// # Errors
/// When it does not compile.
pub(super) fn build() -> Result<()> {
    command::run(&mut cargo(&["--no-run"]))
}

/// Starts the server on a database and runs the client against it.
///
/// # Errors
/// When one of them cannot be started or fails.
pub(super) fn measure(
    subject: &str,
    binary: &Path,
    database: &'static str,
    directory: &DataDirectory,
    url: &str,
) -> Result<Figures> {
    measure_with(subject, binary, database, directory, &[url])
}

/// The same, telling the client more than the URL of the database, which stands first.
///
/// # Errors
/// As [`measure`].
pub(super) fn measure_with(
    subject: &str,
    binary: &Path,
    database: &'static str,
    directory: &DataDirectory,
    told: &[&str],
) -> Result<Figures> {
    let url = told.first().context("the URL of the database")?;
    println!("bench {subject} on {database}");
    let server = Server::start(binary, directory, url)?;
    let address = format!("http://{}", server.address);
    let mut load = cargo(&["--", subject, &address]).args(told).stdout(Stdio::piped()).spawn()?;
    let mut values = BTreeMap::new();
    for line in BufReader::new(load.stdout.take().context("the load has no stdout")?).lines() {
        let line = line?;
        println!("  {line}");
        values.extend(figure(&line));
        if let Some(moment) = line.strip_prefix("MEMORY ") {
            values.insert(format!("rss_{moment}_kb"), server.memory_kb("VmRSS")?);
        }
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

fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command::cargo(&["bench", "--quiet", "--package", "juyi-tests", "--bench", "district"]);
    cargo.args(arguments);
    cargo
}

/// A line `FIGURE name value`.
pub(super) fn figure(line: &str) -> Option<(String, u64)> {
    let (name, value) = line.strip_prefix("FIGURE ")?.split_once(' ')?;
    Some((name.to_owned(), value.parse().ok()?))
}

impl Figures {
    /// A figure by name.
    ///
    /// # Errors
    /// When the client did not print it.
    pub(super) fn get(&self, name: &str) -> Result<u64> {
        self.values.get(name).copied().with_context(|| format!("the load gave no {name} on {}", self.database))
    }

    /// All figures in one line.
    pub(super) fn line(&self, subject: &str) -> String {
        let measured = self.values.iter().map(|(name, value)| format!(" {name}={value}")).collect::<String>();
        format!("bench={subject} database={}{measured}", self.database)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_line_of_its_own() {
        assert_eq!(figure("FIGURE accept_ms 1200"), Some(("accept_ms".to_owned(), 1200)));
        assert_eq!(figure("Compiling juyi"), None);
    }

    #[test]
    fn a_missing_figure_is_named() {
        let figures = Figures { database: "sqlite", values: BTreeMap::from([("persons".to_owned(), 3)]) };
        assert_eq!(figures.line("roster"), "bench=roster database=sqlite persons=3");
        assert!(figures.get("accept_ms").unwrap_err().to_string().contains("accept_ms on sqlite"));
    }
}
