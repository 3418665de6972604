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
    let scenario = parse(&text, rules)?;
    if path.file_name().and_then(|name| name.to_str()) != Some(&format!("{}.toml", scenario.id)) {
        return Err(format!("the file is not named after its scenario, {}", scenario.id));
    }
    Ok(scenario)
}

fn parse(text: &str, rules: &BTreeSet<String>) -> Result<Scenario, String> {
    let scenario: Scenario = toml::from_str(text).map_err(|error| error.to_string())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const RIGHT: &str = r#"
        id = "S-0"
        title = "An example"
        rules = ["J-2.1-d"]

        [[overlay]]
        parameter = "tianjin-2021.benefit_period.epidemic"
        value = { first = 2020-01-24, last = 2021-03-31 }
        since = 2020-09-01
        source = { document = "a decision", section = "all" }

        [[step]]
        kind = "quote"
        people = [{ policy_year = 2021, district = "120118", class = "ADULT", tier = "LOW" }]
        expect = { payable = "280.00" }
    "#;

    fn read(text: &str) -> Result<Scenario, String> {
        parse(text, &BTreeSet::from(["J-2.1-d".to_owned()]))
    }

    #[test]
    fn nothing_unknown_and_nothing_empty_is_read() {
        assert_eq!(read(RIGHT).map(|scenario| scenario.step.len()), Ok(1));
        for (from, to) in [
            ("title =", "name ="),
            ("kind = \"quote\"", "kind = \"quote\"\nwhat = \"ever\""),
            ("kind = \"quote\"", "kind = \"ask\""),
            ("tier = \"LOW\"", "grade = \"LOW\""),
            ("\"LOW\"", "\"LOWEST\""),
            ("payable", "payment"),
            ("\"280.00\"", "\"280\""),
            ("payable = \"280.00\"", ""),
            ("payable = \"280.00\"", "payable = \"280.00\", refused = \"TIER_NOT_ALLOWED\""),
            ("J-2.1-d", "J-2.1-z"),
            ("[\"J-2.1-d\"]", "[]"),
        ] {
            assert!(RIGHT.contains(from) && read(&RIGHT.replace(from, to)).is_err(), "{from} as {to} was read");
        }
        let (without_steps, _) = RIGHT.split_once("[[step]]").unwrap();
        assert!(read(without_steps).is_err());
    }

    #[test]
    fn an_overlay_is_written_as_an_operator_writes_it() {
        let text = overlay(&read(RIGHT).unwrap()).unwrap();
        let written: toml::Table = text.parse().unwrap();
        assert_eq!(written["set"][0]["value"]["last"].to_string(), "2021-03-31");
    }
}
