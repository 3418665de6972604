//! Measurements: `bench start`, `bench roster`, `bench coverage`, `bench adjudicate`, `bench settle` and
//! `bench settle-memory`.

mod adjudicate;
mod coverage;
mod load;
mod roster;
mod server;
mod settle;
mod start;

use anyhow::{Result, bail};

/// Runs a measurement by name; true when the figures are within their bounds.
///
/// # Errors
/// When there is no such measurement, or what it measures does not run.
pub(crate) fn run(what: &str) -> Result<bool> {
    match what {
        "start" => start::run(),
        "roster" => roster::run(),
        "coverage" => coverage::run(),
        "adjudicate" => adjudicate::run(),
        "settle" => settle::run(),
        "settle-memory" => settle::run_memory(),
        unknown => {
            bail!("unknown bench `{unknown}`; there are: start, roster, coverage, adjudicate, settle, settle-memory")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_bench_is_named() {
        assert!(run("speed").unwrap_err().to_string().contains("`speed`"));
    }
}
