//! `rules`: which rule of the catalogue has code, and which has a test.

use crate::source;
use crate::tokens::{self, Found};
use crate::{command, manifest};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

const CATALOGUE: &str = "crates/policy/data/rules.toml";
/// Rules that software does not carry, each with the reason.
const OUTSIDE: &str = "crates/policy/data/outside-software.toml";
/// Columns of the table.
const COLUMNS: [&str; 5] = ["code and test", "code only", "test only", "outside", "neither"];

/// Crates whose text says nothing about the law: this tool's own examples, and the builders of tests.
const NOT_SCANNED: [&str; 2] = ["xtask", "testkit"];

#[derive(Deserialize)]
struct Catalogue {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    id: String,
    title_en: String,
    service: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutsideFile {
    rules: Vec<Outside>,
}

/// A rule that software does not carry.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Outside {
    id: String,
    #[serde(default)]
    reason: String,
}

/// Where ids were found, by id, and why some are carried by nothing.
#[derive(Default)]
struct Carriers {
    outside: BTreeMap<String, String>,
    code: BTreeMap<String, BTreeSet<PathBuf>>,
    tests: BTreeMap<String, BTreeSet<PathBuf>>,
    problems: Vec<String>,
}

/// Prints the report; false when a rule has code and no test, when an id is not in the catalogue, or when a rule listed
/// as outside software has code or no reason.
///
/// # Errors
/// When the catalogue or a source file cannot be read.
pub(crate) fn run(verbose: bool) -> Result<bool> {
    let root = command::root();
    let catalogue: Catalogue = toml::from_str(&source::read(&root.join(CATALOGUE))?).context(CATALOGUE)?;
    let ids: BTreeSet<&str> = catalogue.rules.iter().map(|rule| rule.id.as_str()).collect();
    let mut carriers = scan(&root, &ids)?;
    if ids.len() != catalogue.rules.len() {
        carriers.problems.push(format!("{CATALOGUE} names an id twice"));
    }
    let outside: OutsideFile = toml::from_str(&source::read(&root.join(OUTSIDE))?).context(OUTSIDE)?;
    carriers.leave_outside(outside, &ids);
    carriers.problems.extend(untested(&carriers));
    let mut report = String::new();
    if verbose {
        report.extend(catalogue.rules.iter().map(|rule| one_rule(rule, &carriers)));
    }
    report += &by_service(&catalogue.rules, &carriers);
    report.extend(carriers.problems.iter().map(|problem| format!("rules: {problem}\n")));
    writeln!(std::io::stdout(), "{report}rules: {} problems", carriers.problems.len())?;
    Ok(carriers.problems.is_empty())
}

fn scan(root: &Path, ids: &BTreeSet<&str>) -> Result<Carriers> {
    let mut carriers = Carriers::default();
    for package in manifest::Metadata::of_workspace()?.packages {
        let directory = package.directory();
        let name = directory.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if !directory.starts_with(root.join("crates")) || NOT_SCANNED.contains(&name) {
            continue;
        }
        let files = source::files(&directory.join("src"), &["rs"])?;
        let test_files = test_only_files(&files)?;
        for file in files {
            let text = source::read(&file)?;
            let in_tests = test_files.iter().any(|test| file == *test || file.starts_with(test.with_extension("")));
            let (code, tests) = if in_tests { ("", text.as_str()) } else { source::split_tests(&text) };
            carriers.add_code(root, &file, tokens::find(code, ids));
            carriers.add_tests(root, &file, tokens::find(tests, ids));
        }
        for file in source::files(&directory.join("tests"), &["rs", "toml"])? {
            carriers.add_tests(root, &file, tokens::find(&source::read(&file)?, ids));
        }
    }
    for file in source::files(&root.join("crates/policy/data"), &["toml"])? {
        if ![CATALOGUE, OUTSIDE].map(|list| root.join(list)).contains(&file) {
            carriers.add_code(root, &file, tokens::find(&source::read(&file)?, ids));
        }
    }
    for file in source::files(&root.join("tests"), &["rs", "toml", "py"])? {
        carriers.add_tests(root, &file, tokens::find(&source::read(&file)?, ids));
    }
    Ok(carriers)
}

/// The files of `#[cfg(test)] mod name;`. A directory of the same name belongs to them.
fn test_only_files(files: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for file in files {
        let text = source::read(file)?;
        let holds_children = ["lib", "main", "mod"].iter().any(|stem| file.file_stem().is_some_and(|it| it == *stem));
        let directory = if holds_children { file.with_file_name("") } else { file.with_extension("") };
        found.extend(source::test_modules(&text).iter().map(|module| directory.join(format!("{module}.rs"))));
    }
    Ok(found)
}

impl Carriers {
    fn add_code(&mut self, root: &Path, file: &Path, found: Found) {
        let file = file.strip_prefix(root).unwrap_or(file);
        let unknown = found.unknown.iter();
        self.problems.extend(unknown.map(|id| format!("{}: {id} is not in the catalogue", file.display())));
        found.known.into_iter().for_each(|id| {
            self.code.entry(id).or_default().insert(file.to_owned());
        });
    }

    fn add_tests(&mut self, root: &Path, file: &Path, found: Found) {
        let file = file.strip_prefix(root).unwrap_or(file);
        found.known.into_iter().for_each(|id| {
            self.tests.entry(id).or_default().insert(file.to_owned());
        });
    }

    /// Takes the list of rules that software does not carry. What has code is carried, whatever the list says.
    fn leave_outside(&mut self, list: OutsideFile, ids: &BTreeSet<&str>) {
        for Outside { id, reason } in list.rules {
            let problem = if !ids.contains(id.as_str()) {
                Some(format!("{OUTSIDE}: {id} is not in the catalogue"))
            } else if reason.trim().is_empty() {
                Some(format!("{OUTSIDE}: {id} has no reason"))
            } else {
                let code = self.code.get(&id).map(listed);
                code.map(|files| format!("{OUTSIDE}: {id} has code ({files}); take it off the list"))
            };
            match problem {
                Some(problem) => self.problems.push(problem),
                None => {
                    if self.outside.insert(id.clone(), reason).is_some() {
                        self.problems.push(format!("{OUTSIDE} names {id} twice"));
                    }
                }
            }
        }
    }

    /// What a rule has: code, a test, both, a reason to have none, or nothing.
    fn standing(&self, id: &str) -> &'static str {
        let [code_and_test, code_only, test_only, outside, neither] = COLUMNS;
        match (self.code.contains_key(id), self.tests.contains_key(id)) {
            (true, true) => code_and_test,
            (true, false) => code_only,
            (false, _) if self.outside.contains_key(id) => outside,
            (false, true) => test_only,
            (false, false) => neither,
        }
    }
}

fn untested(carriers: &Carriers) -> Vec<String> {
    let untested = carriers.code.iter().filter(|(id, _)| !carriers.tests.contains_key(*id));
    untested.map(|(id, files)| format!("{id} has code ({}) and no test", listed(files))).collect()
}

fn by_service(rules: &[Rule], carriers: &Carriers) -> String {
    let mut services: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for rule in rules {
        for service in [rule.service.as_str(), "total"] {
            *services.entry(service).or_default().entry(carriers.standing(&rule.id)).or_default() += 1;
        }
    }
    let total = services.remove_entry("total");
    let mut table = format!("{:<16}{}\n", "service", COLUMNS.map(|column| format!("{column:>15}")).concat());
    for (service, counts) in services.into_iter().chain(total) {
        let counts = COLUMNS.map(|column| format!("{:>15}", counts.get(column).copied().unwrap_or_default()));
        table += &format!("{service:<16}{}\n", counts.concat());
    }
    table
}

fn one_rule(rule: &Rule, carriers: &Carriers) -> String {
    let files = |kind: &str, found: &BTreeMap<String, BTreeSet<PathBuf>>| {
        found.get(&rule.id).map(|files| format!("    {kind}: {}\n", listed(files))).unwrap_or_default()
    };
    let standing = carriers.standing(&rule.id);
    let (code, tests) = (files("code", &carriers.code), files("test", &carriers.tests));
    let reason = carriers.outside.get(&rule.id).map(|reason| format!("    why: {reason}\n")).unwrap_or_default();
    format!("{:<14} {standing:<14} {}\n{code}{tests}{reason}", rule.id, rule.title_en)
}

fn listed(files: &BTreeSet<PathBuf>) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_with_code_needs_a_test() {
        let ids = BTreeSet::from(["J-7-1", "J-7-2", "J-7-3"]);
        let mut carriers = Carriers::default();
        carriers.add_code(Path::new("/r"), Path::new("/r/a.rs"), tokens::find("J-7-1 J-7-2 J-7-4", &ids));
        carriers.add_tests(Path::new("/r"), Path::new("/r/b.rs"), tokens::find("J-7-2 J-7-9", &ids));
        assert_eq!(carriers.problems, ["a.rs: J-7-4 is not in the catalogue"]);
        assert_eq!(untested(&carriers), ["J-7-1 has code (a.rs) and no test"]);
        let rule = Rule { id: "J-7-2".to_owned(), title_en: "Two".to_owned(), service: "registry".to_owned() };
        assert_eq!(one_rule(&rule, &carriers), "J-7-2          code and test  Two\n    code: a.rs\n    test: b.rs\n");
        assert!(by_service(&[rule], &carriers).contains("\ntotal                         1"));
        assert_eq!(["J-7-2", "J-7-3"].map(|id| carriers.standing(id)), ["code and test", "neither"]);
    }

    /// A list that excuses what is built, what is unknown, or without saying why, excuses nothing.
    #[test]
    fn a_rule_outside_software_has_a_reason_and_no_code() {
        let ids = BTreeSet::from(["J-7-1", "J-7-2", "J-7-3"]);
        let mut carriers = Carriers::default();
        carriers.add_code(Path::new("/r"), Path::new("/r/a.rs"), tokens::find("J-7-1", &ids));
        let row = |id: &str, reason: &str| Outside { id: id.to_owned(), reason: reason.to_owned() };
        let rules = vec![
            row("J-7-1", "built"),
            row("J-7-2", "no figure"),
            row("J-7-2", "no figure"),
            row("J-7-3", " "),
            row("J-7-9", "unknown"),
        ];
        carriers.leave_outside(OutsideFile { rules }, &ids);
        let problems = [
            "crates/policy/data/outside-software.toml: J-7-1 has code (a.rs); take it off the list",
            "crates/policy/data/outside-software.toml names J-7-2 twice",
            "crates/policy/data/outside-software.toml: J-7-3 has no reason",
            "crates/policy/data/outside-software.toml: J-7-9 is not in the catalogue",
        ];
        assert_eq!(carriers.problems, problems);
        assert_eq!(["J-7-1", "J-7-2", "J-7-3"].map(|id| carriers.standing(id)), ["code only", "outside", "neither"]);
        let rule = Rule { id: "J-7-2".to_owned(), title_en: "Two".to_owned(), service: "registry".to_owned() };
        assert_eq!(one_rule(&rule, &carriers), "J-7-2          outside        Two\n    why: no figure\n");
    }

    #[test]
    fn the_list_is_readable_and_a_missing_reason_is_told() {
        let text = "rules = [{ id = 'J-7-1' }, { id = 'J-7-2', reason = 'x' }]";
        let list: OutsideFile = toml::from_str(text).unwrap();
        assert_eq!(list.rules.iter().map(|row| row.reason.as_str()).collect::<Vec<_>>(), ["", "x"]);
        assert!(toml::from_str::<OutsideFile>("rules = [{ id = 'J-7-1', why = 'x' }]").is_err());
        let own = source::read(&command::root().join(OUTSIDE)).unwrap();
        assert!(toml::from_str::<OutsideFile>(&own).is_ok());
    }
}
