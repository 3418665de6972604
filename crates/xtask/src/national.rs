//! The page of national names has every name that a comment of a contract gives.

use crate::command;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::path::Path;

/// What a comment says before a name.
const MARK: &str = "national name: ";

/// The names that comments give and the page does not have.
fn missing(contracts: &str, page: &str) -> BTreeSet<String> {
    // Comments are wrapped, so that a name may begin a line.
    let lines: Vec<_> = contracts.lines().map(|line| line.trim().trim_start_matches("//").trim()).collect();
    let text = lines.join(" ");
    let is_of_name = |it: &char| it.is_ascii_alphanumeric() || *it == '_';
    let names = text.split(MARK).skip(1).map(|rest| rest.chars().take_while(is_of_name).collect::<String>());
    names.filter(|name| !page.contains(&format!("`{name}`"))).collect()
}

fn contracts(directory: &Path) -> Result<String> {
    let mut text = String::new();
    for entry in std::fs::read_dir(directory).with_context(|| directory.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            text.push_str(&contracts(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            text.push_str(&std::fs::read_to_string(&path)?);
        }
    }
    Ok(text)
}

#[test]
fn the_page_has_every_name_of_the_contracts() {
    let page = std::fs::read_to_string(command::root().join("docs/national-names.md")).unwrap();
    let contracts = contracts(&command::root().join("proto")).unwrap();
    assert!(contracts.matches(MARK).count() > 50);
    assert_eq!(missing(&contracts, &page), BTreeSet::new());
    // A name of a wrapped comment, and one that stands on no page.
    let comment =
        "  // Weeks (national\n  // name: geso_val).\n  // Else (AMB-1; national name: nowhere_said, a text).\n";
    assert_eq!(missing(comment, &page), BTreeSet::from(["nowhere_said".to_owned()]));
}
