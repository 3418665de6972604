//! `test`: every test of the workspace, with the databases, clients and binary that some of them need.

use crate::manifest::Metadata;
use crate::postgres::{self, Cluster};
use crate::summary::Summary;
use crate::{clients, command};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs the tests; the last line of stdout is always `N passed, N failed`. True when nothing failed.
pub(crate) fn run(arguments: &[String]) -> bool {
    let mut missing = Missing::default();
    let summary = run_with_prerequisites(arguments, &mut missing).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        Summary { passed: 0, failed: 1 }
    });
    missing.notes.iter().for_each(|note| command::shout(note));
    let summary = missing.counted(summary, is_complete_run_due());
    println!("{} passed, {} failed", summary.passed, summary.failed);
    summary.failed == 0
}

/// Whether a prerequisite that is missing is a failure. As root everything can be installed, and nobody reads the notes
/// of a CI run that succeeded; a developer's own account may have to do without.
fn is_complete_run_due() -> bool {
    command::is_root() || std::env::var_os("CI").is_some()
}

fn run_with_prerequisites(arguments: &[String], missing: &mut Missing) -> Result<Summary> {
    let target_directory = Metadata::of_workspace()?.target_directory;
    let narrowed = arguments.iter().any(|it| it == "-p" || it.starts_with("--package"));
    build(narrowed)?;
    let cluster = missing.unless(
        postgres::programs().and_then(|programs| Cluster::start(&programs)),
        "PostgreSQL: tests run on SQLite only",
    );
    let python = missing
        .unless(clients::python(&target_directory), "Python with grpcio: tests with Python clients are left out");
    let buf = python.as_deref().context("it is installed together with the Python clients").and_then(clients::buf);
    let buf = missing.unless(buf, "buf: tests with buf are left out");
    let mut runner = runner(narrowed);
    let skipped = [("clients::python", python.is_none()), ("clients::buf", buf.is_none())];
    runner.command.args(with_skips(arguments, &skipped));
    runner.command.env("JUYI_TEST_BINARY", binary(&target_directory, "debug"));
    if let Some(cluster) = &cluster {
        runner.command.env("JUYI_TEST_POSTGRES_URL", cluster.url());
    }
    if let Some(python) = &python {
        runner.command.env("JUYI_TEST_PYTHON", python);
    }
    if let Some(buf) = &buf {
        runner.command.env("JUYI_TEST_BUF", buf);
    }
    runner.run()
}

/// The runner's arguments, without the tests whose tool is missing: a test that was not made is not one that passed.
fn with_skips(arguments: &[String], tests: &[(&str, bool)]) -> Vec<String> {
    let mut all = arguments.to_vec();
    for (test, _) in tests.iter().filter(|(_, skipped)| *skipped) {
        if !all.iter().any(|argument| argument == "--") {
            all.push("--".to_owned());
        }
        all.extend(["--skip".to_owned(), (*test).to_owned()]);
    }
    all
}

/// The prerequisites that cannot be had here: for each, what follows from it and why.
#[derive(Default)]
struct Missing {
    notes: Vec<String>,
}

impl Missing {
    /// The value of a prerequisite, or a loud note now and another at the end.
    fn unless<T>(&mut self, prerequisite: Result<T>, consequence: &str) -> Option<T> {
        prerequisite
            .inspect_err(|error| {
                let note = format!("MISSING {consequence}\n{error:#}");
                command::shout(&note);
                self.notes.push(note);
            })
            .ok()
    }

    /// The summary, in which each of these is a failure if they are to count.
    fn counted(&self, summary: Summary, count: bool) -> Summary {
        Summary { failed: summary.failed + if count { self.notes.len() } else { 0 }, ..summary }
    }
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
    fn a_test_without_its_tool_is_skipped_and_not_passed() {
        let given = ["-p".to_owned(), "juyi-tests".to_owned()];
        assert_eq!(with_skips(&given, &[("clients::python", false)]), given);
        let both = with_skips(&given, &[("clients::python", true), ("clients::buf", true)]);
        assert_eq!(both[2..], ["--", "--skip", "clients::python", "--skip", "clients::buf"]);
    }

    #[test]
    fn a_runner_that_dies_is_a_failure() {
        assert_eq!(run_script("exit 101"), Summary { passed: 0, failed: 1 });
    }

    #[test]
    fn each_missing_prerequisite_is_a_failure_where_a_complete_run_is_due() {
        let mut missing = Missing::default();
        assert_eq!(missing.unless(Ok(1), "one"), Some(1));
        for name in ["two", "three"] {
            assert_eq!(missing.unless::<u8>(Err(anyhow::anyhow!("no network")), name), None);
        }
        assert_eq!(missing.notes[1], "MISSING three\nno network");
        let summary = Summary { passed: 5, failed: 1 };
        assert_eq!(missing.counted(summary, true), Summary { passed: 5, failed: 3 });
        assert_eq!(missing.counted(summary, false), summary);
    }
}
