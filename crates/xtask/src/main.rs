//! The project's habits as code: `cargo xtask test | check | arch | rules | bench <what>`.
//!
//! Each task is a module with one entry point; `command` starts other programs, `manifest` reads `cargo metadata`
//! and `source` reads Rust text. A new step of `check` is one line in `check::STEPS`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool talks to its terminal")]

mod apt;
mod arch;
mod bench;
mod calls;
mod check;
mod clients;
mod command;
mod dependencies;
mod licenses;
mod manifest;
#[cfg(test)]
mod national;
mod postgres;
mod rules;
mod source;
mod summary;
mod test;
mod tokens;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The project's habits: tests, checks and measurements.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every test against SQLite and a throwaway PostgreSQL; ends with `N passed, N failed`.
    Test {
        /// Passed on to `cargo nextest run` (or `cargo test`).
        #[arg(last = true)]
        runner: Vec<String>,
    },
    /// Formatting, lints, docs, licences, dependencies, contracts, default configuration, arch, rules.
    Check {
        /// Only the steps whose name contains this.
        step: Option<String>,
    },
    /// Which crate may depend on which, and which service may call which.
    Arch,
    /// Which rule of the law has code, and which has a test.
    Rules {
        /// List every rule with the files that carry it.
        #[arg(long)]
        verbose: bool,
    },
    /// Measure; ends with lines of `key=value` figures.
    Bench {
        /// What to measure: start, roster, coverage, settle, settle-memory.
        what: String,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test { runner } => Ok(test::run(&runner)),
        Task::Check { step } => check::run(step.as_deref().unwrap_or_default()),
        Task::Arch => arch::run(),
        Task::Rules { verbose } => rules::run(verbose),
        Task::Bench { what } => bench::run(&what),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
