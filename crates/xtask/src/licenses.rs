//! The part of `cargo deny` that needs no other tool: licences, banned crates and where packages come from, by the
//! lists of `deny.toml`.

use crate::command;
use crate::manifest::{Metadata, Package};
use crate::source;
use anyhow::{Context, Result};
use serde::Deserialize;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

/// Names each package with a licence that is not allowed, from another source than crates.io, or banned.
///
/// # Errors
/// When `deny.toml` or the package list cannot be read.
pub(crate) fn problems() -> Result<Vec<String>> {
    let deny = source::read(&command::root().join("deny.toml"))?;
    let deny: Deny = toml::from_str(&deny).context("deny.toml")?;
    let packages = Metadata::of_all_packages()?.packages;
    Ok(packages.iter().flat_map(|package| judge(package, &deny)).collect())
}

fn judge(package: &Package, deny: &Deny) -> Vec<String> {
    let mut problems = Vec::new();
    let Package { name, version, .. } = package;
    match &package.license {
        Some(license) if allows(license, &deny.licenses.allow) => {}
        Some(license) => problems.push(format!("{name} {version} has the licence {license}")),
        None => problems.push(format!("{name} {version} names no licence")),
    }
    if let Some(source) = package.source.as_ref().filter(|source| *source != CRATES_IO) {
        problems.push(format!("{name} {version} comes from {source}"));
    }
    if deny.bans.deny.iter().any(|banned| banned.name == *name) {
        problems.push(format!("{name} {version} is banned"));
    }
    problems
}

/// Whether an SPDX expression can be satisfied by the allowed licences. `/` is the older way to write `OR`.
fn allows(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    let allows = either(&mut words, allowed);
    allows && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn either(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut result = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        result |= both(words, allowed);
    }
    result
}

fn both(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut result = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        result &= one(words, allowed);
    }
    result
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let result = either(words, allowed);
        return words.next() == Some(")") && result;
    }
    let mut license = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        license = format!("{license} WITH {}", words.next().unwrap_or_default());
    }
    allowed.contains(&license)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_judged_as_a_whole() {
        let allowed = ["MIT", "Unicode-3.0", "Apache-2.0"].map(str::to_owned);
        for good in [
            "MIT",
            "MIT OR LGPL-2.1-or-later",
            "BSL-1.0/MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR MIT",
        ] {
            assert!(allows(good, &allowed), "{good}");
        }
        for bad in ["", "GPL-3.0-only", "MIT AND ISC", "Apache-2.0 WITH LLVM-exception", "(MIT OR", "MIT MIT"] {
            assert!(!allows(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn a_git_source_and_a_banned_crate_are_named() {
        let package = r#"{"name": "openssl", "version": "1.0.0", "license": null, "source": "git+https://x",
                          "manifest_path": "/x/Cargo.toml", "dependencies": []}"#;
        let deny = "licenses.allow = []\nbans.deny = [{ crate = \"openssl\" }]";
        let problems = judge(&serde_json::from_str(package).unwrap(), &toml::from_str(deny).unwrap());
        assert_eq!(
            problems,
            ["openssl 1.0.0 names no licence", "openssl 1.0.0 comes from git+https://x", "openssl 1.0.0 is banned"]
        );
    }
}
