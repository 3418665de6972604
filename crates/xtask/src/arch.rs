//! `arch`: which crate may depend on which, what the pure crates may hold, and how long a file may be.

use crate::manifest::{Dependency, Kind, Metadata, Package};
use crate::{calls, command, source};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The six services; no crate edge leads from one to another.
pub(crate) const SERVICES: [&str; 6] =
    ["registry", "contribution", "benefit-period", "settlement", "assistance", "accident"];

/// The crates that decide and therefore hold no input, output, clock, randomness or floats.
const PURE: [&str; 2] = ["domain", "policy"];
const NOT_IN_PURE: [&str; 8] = ["tokio", "tonic", "prost", "sqlx", "rand", "async-trait", "hyper", "tower"];

const WARN_LINES: usize = 400;
const MOST_LINES: usize = 600;

/// Prints the graph and every breach of it; true when there is none.
///
/// # Errors
/// When the workspace cannot be read.
pub(crate) fn run() -> Result<bool> {
    let problems = problems()?;
    problems.iter().for_each(|problem| println!("arch: {problem}"));
    println!("arch: {} problems", problems.len());
    Ok(problems.is_empty())
}

fn problems() -> Result<Vec<String>> {
    let metadata = Metadata::of_workspace()?;
    let edges: Vec<Edge> = metadata.packages.iter().flat_map(edges_of).collect();
    print!("{}", picture(&edges));
    let mut problems = breaches(&edges);
    problems.extend(cycle(&edges));
    for name in PURE {
        problems.extend(impure_dependencies(name)?);
        problems.extend(impure_sources(&command::root().join("crates").join(name))?);
    }
    problems.extend(calls::problems(&metadata)?);
    problems.extend(long_files(&command::root())?);
    Ok(problems)
}

/// One dependency between two crates of the workspace, by their short names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
    dev: bool,
}

/// `juyi` is `app`; `juyi-registry` is `registry`; `xtask` is itself.
pub(crate) fn short_name(package: &str) -> &str {
    if package == "juyi" { "app" } else { package.strip_prefix("juyi-").unwrap_or(package) }
}

fn edges_of(package: &Package) -> Vec<Edge> {
    let ours = |dependency: &&Dependency| dependency.name == "juyi" || dependency.name.starts_with("juyi-");
    let edge = |dependency: &Dependency| Edge {
        from: short_name(&package.name).to_owned(),
        to: short_name(&dependency.name).to_owned(),
        dev: dependency.kind == Some(Kind::Dev),
    };
    package.dependencies.iter().filter(ours).map(edge).collect()
}

fn breaches(edges: &[Edge]) -> Vec<String> {
    let wrong = edges.iter().filter(|edge| !may_depend(&edge.from, &edge.to, edge.dev));
    wrong.map(|edge| format!("{} may not depend on {}", edge.from, edge.to)).collect()
}

/// The direction of dependencies; a crate missing here may depend on nothing.
fn may_depend(from: &str, to: &str, dev: bool) -> bool {
    if to == "testkit" {
        return from == "tests" || dev && from != "xtask";
    }
    match from {
        "policy" | "proto" | "db" => to == "domain",
        "kit" => ["domain", "policy", "proto", "db"].contains(&to),
        "gateway" => ["domain", "proto", "kit"].contains(&to),
        "app" | "testkit" => !["app", "xtask", "tests"].contains(&to),
        "tests" => to != "xtask",
        service if SERVICES.contains(&service) => ["domain", "policy", "proto", "db", "kit"].contains(&to),
        _ => false,
    }
}

/// Names one cycle of crates, leaving dev-dependencies aside (a crate's tests may use what is built on it).
fn cycle(edges: &[Edge]) -> Option<String> {
    let mut left: Vec<&Edge> = edges.iter().filter(|edge| !edge.dev).collect();
    loop {
        let sources: BTreeSet<&str> = left.iter().map(|edge| edge.from.as_str()).collect();
        let before = left.len();
        left.retain(|edge| sources.contains(edge.to.as_str()));
        if left.len() == before {
            break;
        }
    }
    let caught: BTreeSet<&str> = left.iter().map(|edge| edge.from.as_str()).collect();
    (!caught.is_empty()).then(|| format!("a cycle runs through {}", Vec::from_iter(caught).join(", ")))
}

fn picture(edges: &[Edge]) -> String {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for edge in edges {
        let mark = if edge.dev { " (dev)" } else { "" };
        lines.entry(&edge.from).or_default().push(format!("{}{mark}", edge.to));
    }
    lines.iter().map(|(from, to)| format!("  {from:<14} -> {}\n", to.join(", "))).collect()
}

fn impure_dependencies(name: &str) -> Result<Vec<String>> {
    let package = format!("juyi-{name}");
    let arguments = ["tree", "--package", &package, "--edges", "normal", "--prefix", "none", "--format", "{p}"];
    let tree = command::output(&mut command::cargo(&arguments))?;
    let names: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    let found = NOT_IN_PURE.iter().filter(|banned| names.contains(**banned));
    Ok(found.map(|banned| format!("{name} is pure but depends on {banned}")).collect())
}

fn impure_sources(directory: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for file in source::files(&directory.join("src"), &["rs"])? {
        let found = impurities(&source::read(&file)?);
        problems.extend(found.into_iter().map(|word| format!("{} is pure but uses {word}", file.display())));
    }
    Ok(problems)
}

fn impurities(text: &str) -> BTreeSet<&'static str> {
    let stripped = source::strip(text);
    let words: BTreeSet<&str> = source::words(&stripped).map(|(_, word)| word).collect();
    let mut found: BTreeSet<&str> = ["f32", "f64", "async"].into_iter().filter(|word| words.contains(word)).collect();
    if stripped.contains("Utc::now") {
        found.insert("Utc::now");
    }
    found
}

fn long_files(root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for directory in ["crates", "tests", "proto"] {
        for file in source::files(&root.join(directory), &["rs", "proto"])? {
            let lines = source::read(&file)?.lines().count();
            let file = file.strip_prefix(root).unwrap_or(&file).display();
            if lines > MOST_LINES {
                problems.push(format!("{file} has {lines} lines; split it (the limit is {MOST_LINES})"));
            } else if lines > WARN_LINES {
                println!("arch: warning: {file} has {lines} lines (more than {WARN_LINES})");
            }
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str, dev: bool) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), dev }
    }

    #[test]
    fn dependencies_point_downwards_only() {
        let allowed = [edge("app", "registry", false), edge("kit", "db", false), edge("settlement", "testkit", true)];
        assert_eq!(breaches(&allowed), Vec::<String>::new());
        let refused = [
            edge("registry", "settlement", false),
            edge("registry", "settlement", true),
            edge("gateway", "policy", false),
            edge("domain", "policy", false),
            edge("settlement", "testkit", false),
            edge("app", "testkit", false),
            edge("unheard-of", "domain", false),
            edge("xtask", "domain", false),
        ];
        assert_eq!(breaches(&refused).len(), refused.len());
        assert_eq!(breaches(&refused)[0], "registry may not depend on settlement");
    }

    #[test]
    fn a_cycle_is_named_and_a_dev_dependency_makes_none() {
        let chain = [edge("app", "kit", false), edge("kit", "db", false), edge("db", "testkit", true)];
        assert_eq!(cycle(&chain), None);
        let ring = [edge("app", "kit", false), edge("kit", "db", false), edge("db", "kit", false)];
        assert_eq!(cycle(&ring).unwrap(), "a cycle runs through app, db, kit");
    }

    #[test]
    fn only_code_makes_a_crate_impure() {
        assert!(impurities("// f64 and async\nconst A: &str = \"Utc::now\";").is_empty());
        assert_eq!(Vec::from_iter(impurities("async fn a() -> f64 { Utc::now() }")), ["Utc::now", "async", "f64"]);
    }
}
