//! `test`: every test of the workspace, with the databases, clients and binary that some of them need.

use crate::clients::Clients;
use crate::command;
use crate::manifest::Metadata;
use crate::postgres::{self, Cluster};
use crate::summary::Summary;
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the tests; the last line of stdout is always `N passed, N failed`. True when all passed.
pub(crate) fn run(arguments: &[String]) -> bool {
    let (summary, missing) = match run_with_prerequisites(arguments) {
        Ok(done) => done,
        Err(error) => {
            eprintln!("error: {error:#}");
            (Summary { passed: 0, failed: 1 }, Vec::new())
        }
    };
    missing.iter().for_each(|note| command::shout(note));
    println!("{} passed, {} failed", summary.passed, summary.failed);
    summary.failed == 0
}

fn run_with_prerequisites(arguments: &[String]) -> Result<(Summary, Vec<String>)> {
    let mut missing = Vec::new();
    let target_directory = Metadata::of_workspace()?.target_directory;
    let narrowed = arguments.iter().any(|it| it == "-p" || it.starts_with("--package"));
    build(narrowed)?;
    let cluster = note(
        postgres::programs().and_then(|programs| Cluster::start(&programs)),
        "PostgreSQL: tests ran on SQLite only",
        &mut missing,
    );
    let clients = note(
        Clients::prepare(&target_directory),
        "Python grpcio and buf: tests with external clients were left out",
        &mut missing,
    );
    let mut runner = runner(narrowed);
    runner.command.args(arguments);
    runner.command.env("JUYI_TEST_BINARY", binary(&target_directory, "debug"));
    if let Some(cluster) = &cluster {
        runner.command.env("JUYI_TEST_POSTGRES_URL", cluster.url());
    }
    if let Some(clients) = &clients {
        runner.command.env("JUYI_TEST_PYTHON", &clients.python).env("JUYI_TEST_BUF", &clients.buf);
    }
    Ok((runner.run()?, missing))
}

/// The value of a prerequisite, or a loud note now and another at the end.
fn note<T>(prerequisite: Result<T>, consequence: &str, missing: &mut Vec<String>) -> Option<T> {
    prerequisite
        .inspect_err(|error| {
            let note = format!("MISSING {consequence}\n{error:#}");
            command::shout(&note);
            missing.push(note);
        })
        .ok()
}

/// Builds the binary in one go with the tests: a build of its own would compile dependencies twice, with the features
/// that this package alone asks for and with those of the whole workspace.
fn build(narrowed: bool) -> Result<()> {
    let everything = ["build", "--workspace", "--bins", "--tests"];
    let only_binary = ["build", "--package", "juyi"];
    command::run(&mut command::cargo(if narrowed { &only_binary } else { &everything }))
}

/// The binary that a build of this profile leaves.
pub(crate) fn binary(target_directory: &Path, profile: &str) -> std::path::PathBuf {
    target_directory.join(profile).join("juyi")
}

/// A test runner, and where it prints its counts.
struct Runner {
    command: Command,
    counts_on_stderr: bool,
}

fn runner(narrowed: bool) -> Runner {
    let nextest = command::succeeds(&mut command::cargo(&["nextest", "--version"]));
    let mut command = if nextest {
        command::cargo(&["nextest", "run", "--no-fail-fast"])
    } else {
        println!("cargo-nextest is not installed: running cargo test");
        command::cargo(&["test", "--tests", "--no-fail-fast"])
    };
    if !narrowed {
        command.arg("--workspace");
    }
    Runner { command, counts_on_stderr: nextest }
}

impl Runner {
    /// Runs the tests, showing every line as it comes. A runner that fails without a failed test (nothing compiled, a
    /// test binary died) counts as one failure.
    fn run(mut self) -> Result<Summary> {
        if self.counts_on_stderr {
            self.command.stderr(Stdio::piped());
        } else {
            self.command.stdout(Stdio::piped());
        }
        let mut child = self.command.spawn().context("cannot start the test runner")?;
        let mut summary = Summary::default();
        if let Some(stderr) = child.stderr.take() {
            show_and_count(BufReader::new(stderr), &mut summary)?;
        }
        if let Some(stdout) = child.stdout.take() {
            show_and_count(BufReader::new(stdout), &mut summary)?;
        }
        if !child.wait()?.success() && summary.failed == 0 {
            summary.failed = 1;
        }
        Ok(summary)
    }
}

fn show_and_count(mut output: impl BufRead, summary: &mut Summary) -> Result<()> {
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        print!("{text}");
        summary.read(text.trim_end());
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_script(script: &str) -> Summary {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Runner { command, counts_on_stderr: false }.run().unwrap()
    }

    #[test]
    fn counts_come_from_the_runner() {
        let line = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert_eq!(run_script(&format!("echo '{line}'")), Summary { passed: 3, failed: 0 });
    }

    #[test]
    fn a_runner_that_dies_is_a_failure() {
        assert_eq!(run_script("exit 101"), Summary { passed: 0, failed: 1 });
    }
}
