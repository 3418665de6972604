//! `bench settle`: bills settled through the gateway of `juyi all` on a durable PostgreSQL, 128 calls in flight, against
//! pgbench with the same reads and writes as one hand-written transaction per bill on the same server. And
//! `bench settle-memory`: a million bills in a row, and what they leave in memory.

use super::load::{self, Figures};
use super::server::{DataDirectory, release_binary};
use crate::apt;
use crate::postgres::{self, Cluster};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The bounds that the project promises.
const RATIO_PERCENT_AT_LEAST: u64 = 100;
const GROWTH_KB_BELOW: u64 = 50 * 1024;
const MANY: &str = "1000000";

/// Runs the comparison; true when the suite is no slower than pgbench.
///
/// # Errors
/// When something cannot be built or had, or a call fails.
pub(super) fn run() -> Result<bool> {
    let programs = postgres::programs()?;
    let pgbench = pgbench(&programs)?;
    let figures = measure(&programs, "settle", &pgbench.to_string_lossy())?;
    let percent = percent(&figures)?;
    println!("{} ratio={}.{:02}", figures.line("settle"), percent / 100, percent % 100);
    let is_quick = percent >= RATIO_PERCENT_AT_LEAST;
    if !is_quick {
        println!("bench settle: slower than pgbench");
    }
    Ok(is_quick && keeps_memory("settle", &figures)?)
}

/// Settles a million bills; true when memory stays.
///
/// # Errors
/// As [`run`].
pub(super) fn run_memory() -> Result<bool> {
    let figures = measure(&postgres::programs()?, "settle-memory", MANY)?;
    println!("{} growth_kb={}", figures.line("settle-memory"), growth_kb(&figures)?);
    keeps_memory("settle-memory", &figures)
}

fn measure(programs: &Path, subject: &str, told: &str) -> Result<Figures> {
    let binary = release_binary()?;
    load::build()?;
    let directory = DataDirectory::create()?;
    let cluster = Cluster::start_durable(programs)?;
    load::measure_with(subject, &binary, "postgres", &directory, &[&cluster.url(), told])
}

/// Debian has pgbench in the package of the server; elsewhere it may be a package of its own.
fn pgbench(programs: &Path) -> Result<PathBuf> {
    let beside = programs.join("pgbench");
    if !beside.is_file() && apt::can_install() {
        apt::install(&["postgresql-contrib"])?;
    }
    let found = Some(beside).filter(|it| it.is_file()).or_else(|| crate::command::find_in_path("pgbench"));
    found.context("no pgbench beside the PostgreSQL server")
}

/// Settlements in percent of pgbench's transactions.
fn percent(figures: &Figures) -> Result<u64> {
    Ok(figures.get("settle_tps")? * 100 / figures.get("pgbench_tps")?.max(1))
}

fn growth_kb(figures: &Figures) -> Result<u64> {
    Ok(figures.get("rss_after_kb")?.saturating_sub(figures.get("rss_before_kb")?))
}

fn keeps_memory(subject: &str, figures: &Figures) -> Result<bool> {
    let growth = growth_kb(figures)?;
    if growth >= GROWTH_KB_BELOW {
        println!("bench {subject}: memory grew by {growth} kB");
    }
    Ok(growth < GROWTH_KB_BELOW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_is_rounded_down_and_growth_has_a_bound() {
        let figures = |before, after| {
            let named =
                [("settle_tps", 1999), ("pgbench_tps", 1000), ("rss_before_kb", before), ("rss_after_kb", after)];
            let values = named.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Figures { database: "postgres", values }
        };
        assert_eq!(percent(&figures(0, 0)).unwrap(), 199);
        assert!(keeps_memory("settle", &figures(100, 51_299)).unwrap());
        assert!(!keeps_memory("settle", &figures(100, 51_300)).unwrap());
        assert!(keeps_memory("settle", &figures(100, 50)).unwrap());
    }
}
