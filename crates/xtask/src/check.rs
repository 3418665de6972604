//! `check`: everything that can be said about the workspace without running it.

use crate::manifest::Metadata;
use crate::{arch, clients, command, dependencies, licenses, rules, source};
use anyhow::{Result, bail};
use std::process::Command;

const DEFAULT_CONFIGURATION: &str = "deploy/juyi.default.toml";

/// One step of the check.
type Step = fn() -> Result<Outcome>;

/// Every step, in order; all of them run, whatever the earlier ones said.
const STEPS: [(&str, Step); 11] = [
    ("formatting", || component("rustfmt", &["fmt", "--all", "--check"])),
    ("lints", || component("clippy", &["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])),
    ("documentation", documentation),
    ("cargo deny", cargo_deny),
    ("licences, sources and bans", || listed(&licenses::problems()?)),
    ("unused dependencies", || listed(&dependencies::unused()?)),
    ("purpose of dependencies", || listed(&dependencies::without_purpose()?)),
    ("contracts", contracts),
    ("default configuration", default_configuration),
    ("arch", || whether(arch::run()?)),
    ("rules", || whether(rules::run(false)?)),
];

/// What a step found.
enum Outcome {
    Passed,
    Failed,
    /// The step could not run here, and why.
    LeftOut(String),
}

/// Runs the steps whose name contains `only` (all, if it is empty) and prints what became of each; false when one
/// failed. A step that cannot run has failed.
///
/// # Errors
/// When no step has such a name.
pub(crate) fn run(only: &str) -> Result<bool> {
    let mut report = Vec::new();
    let mut passed = true;
    for (name, step) in STEPS.into_iter().filter(|(name, _)| name.contains(only)) {
        println!("== {name}");
        let outcome = step().unwrap_or_else(|error| {
            println!("{error:#}");
            Outcome::Failed
        });
        passed &= !matches!(outcome, Outcome::Failed);
        report.push(match outcome {
            Outcome::Passed => format!("ok       {name}"),
            Outcome::Failed => format!("FAILED   {name}"),
            Outcome::LeftOut(why) => {
                command::shout(&format!("LEFT OUT {name}: {why}"));
                format!("LEFT OUT {name}: {why}")
            }
        });
    }
    if report.is_empty() {
        bail!("no step is named `{only}`; there are: {}", STEPS.map(|(name, _)| name).join(", "));
    }
    println!("== check\n{}", report.join("\n"));
    Ok(passed)
}

fn whether(passed: bool) -> Result<Outcome> {
    Ok(if passed { Outcome::Passed } else { Outcome::Failed })
}

fn listed(problems: &[String]) -> Result<Outcome> {
    problems.iter().for_each(|problem| println!("{problem}"));
    whether(problems.is_empty())
}

fn cargo(arguments: &[&str]) -> Result<Outcome> {
    command::run(&mut command::cargo(arguments)).map(|()| Outcome::Passed)
}

/// Runs a subcommand that some toolchains come without.
fn component(name: &str, arguments: &[&str]) -> Result<Outcome> {
    if command::succeeds(&mut command::cargo(&[arguments[0], "--version"])) {
        return cargo(arguments);
    }
    Ok(Outcome::LeftOut(format!("not installed (rustup component add {name})")))
}

fn documentation() -> Result<Outcome> {
    let mut doc = command::cargo(&["doc", "--no-deps", "--workspace", "--document-private-items"]);
    command::run(doc.env("RUSTDOCFLAGS", "--deny warnings")).map(|()| Outcome::Passed)
}

/// Advisories are not asked for: their database comes over the network and changes without a change here.
fn cargo_deny() -> Result<Outcome> {
    if !command::succeeds(&mut command::cargo(&["deny", "--version"])) {
        let instead = "not installed; the next step reads the same lists (cargo install --locked cargo-deny)";
        return Ok(Outcome::LeftOut(instead.to_owned()));
    }
    println!("advisories are left out: `cargo deny check advisories` asks for them");
    cargo(&["deny", "check", "bans", "licenses", "sources"])
}

fn contracts() -> Result<Outcome> {
    let target_directory = Metadata::of_workspace()?.target_directory;
    let buf = match clients::python(&target_directory).and_then(|python| clients::buf(&python)) {
        Ok(buf) => buf,
        Err(error) => return Ok(Outcome::LeftOut(format!("{error:#}"))),
    };
    command::run(Command::new(buf).arg("lint").current_dir(command::root())).map(|()| Outcome::Passed)
}

/// The file that operators start from is what the code would print.
fn default_configuration() -> Result<Outcome> {
    let printed =
        command::output(&mut command::cargo(&["run", "--quiet", "--package", "juyi", "--", "config", "default"]))?;
    let file = source::read(&command::root().join(DEFAULT_CONFIGURATION))?;
    if let Some((at, (wanted, found))) = difference(&printed, &file) {
        bail!(
            "{DEFAULT_CONFIGURATION} differs from `juyi config default` at line {at}:\n- {found}\n+ {wanted}\n\
             write it anew: cargo run -- config default > {DEFAULT_CONFIGURATION}"
        );
    }
    Ok(Outcome::Passed)
}

/// The first line that differs, counted from 1.
fn difference<'a>(wanted: &'a str, found: &'a str) -> Option<(usize, (&'a str, &'a str))> {
    let ended = |text: &'a str| text.lines().map(Some).chain(std::iter::repeat(None));
    let lines = wanted.lines().count().max(found.lines().count());
    let mut pairs = (1..=lines).zip(ended(wanted).zip(ended(found)));
    let (at, (wanted, found)) = pairs.find(|(_, (wanted, found))| wanted != found)?;
    Some((at, (wanted.unwrap_or("(end of file)"), found.unwrap_or("(end of file)"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(difference("a\nb\n", "a\nc\n"), Some((2, ("b", "c"))));
        assert_eq!(difference("a\nb\n", "a\n"), Some((2, ("b", "(end of file)"))));
    }
}
