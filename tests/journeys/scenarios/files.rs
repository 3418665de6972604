//! The files of the directory, read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::format::Scenario;

const SCENARIOS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
const CATALOGUE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/policy/data/rules.toml");

#[derive(Deserialize)]
struct Catalogue {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
}

/// Every scenario, by the text of its overlay. A file that cannot be read is a difference.
pub(crate) fn by_law(differences: &mut Vec<String>) -> BTreeMap<String, Vec<Scenario>> {
    let mut by_law: BTreeMap<String, Vec<Scenario>> = BTreeMap::new();
    let rules = match rules() {
        Ok(rules) => rules,
        Err(error) => {
            differences.push(error);
            return by_law;
        }
    };
    for path in files(differences) {
        match scenario(&path, &rules).and_then(|scenario| Ok((overlay(&scenario)?, scenario))) {
            Ok((overlay, scenario)) => by_law.entry(overlay).or_default().push(scenario),
            Err(error) => differences.push(format!("{}: {error}", path.display())),
        }
    }
    by_law
}

fn rules() -> Result<BTreeSet<String>, String> {
    let text = std::fs::read_to_string(CATALOGUE).map_err(|error| format!("{CATALOGUE}: {error}"))?;
    let catalogue: Catalogue = toml::from_str(&text).map_err(|error| format!("{CATALOGUE}: {error}"))?;
    Ok(catalogue.rules.into_iter().map(|rule| rule.id).collect())
}

/// Everything in the directory, in order of its name, so that nothing lies there unread.
fn files(differences: &mut Vec<String>) -> BTreeSet<PathBuf> {
    match std::fs::read_dir(SCENARIOS).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries.iter().map(std::fs::DirEntry::path).collect(),
        Err(error) => {
            differences.push(format!("{SCENARIOS}: {error}"));
            BTreeSet::new()
        }
    }
}

fn scenario(path: &Path, rules: &BTreeSet<String>) -> Result<Scenario, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let scenario: Scenario = toml::from_str(&text).map_err(|error| error.to_string())?;
    if path.file_name().and_then(|name| name.to_str()) != Some(&format!("{}.toml", scenario.id)) {
        return Err(format!("the file is not named after its scenario, {}", scenario.id));
    }
    if scenario.title.is_empty() || scenario.rules.is_empty() || scenario.step.is_empty() {
        return Err("a scenario has a title, rules and steps".to_owned());
    }
    match scenario.rules.iter().find(|rule| !rules.contains(*rule)) {
        Some(rule) => Err(format!("{rule} is no rule of the catalogue")),
        None => Ok(scenario),
    }
}

/// The overlay file of a scenario; empty without one.
fn overlay(scenario: &Scenario) -> Result<String, String> {
    if scenario.overlay.is_empty() {
        return Ok(String::new());
    }
    toml::to_string(&BTreeMap::from([("set", &scenario.overlay)])).map_err(|error| error.to_string())
}
