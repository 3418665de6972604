//! Dependencies that nothing uses, and dependencies that nobody has given a reason.

use crate::manifest::{Dependency, Kind, Metadata, Package};
use crate::{command, source};
use anyhow::Result;
use std::path::PathBuf;

/// What generated code needs in the crate that includes it.
const USED_BY_GENERATED_CODE: [&str; 4] = ["prost", "prost_types", "tonic", "tonic_prost"];

/// Names each dependency whose name does not occur in its package's code.
///
/// # Errors
/// When the workspace cannot be read.
pub(crate) fn unused() -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for package in Metadata::of_workspace()?.packages {
        for kind in [None, Some(Kind::Dev), Some(Kind::Build)] {
            let text = code(&package, kind)?;
            let idle = package.dependencies.iter().filter(|it| it.kind == kind && !is_used(it, &text));
            problems.extend(idle.map(|it| format!("{} does not use {}", package.name, it.name)));
        }
    }
    Ok(problems)
}

/// The stripped code that can use this table's dependencies.
fn code(package: &Package, kind: Option<Kind>) -> Result<String> {
    let directory = package.directory();
    let mut files: Vec<PathBuf> = Vec::new();
    if kind == Some(Kind::Build) {
        files.extend(Some(directory.join("build.rs")).filter(|file| file.is_file()));
    } else {
        files.extend(source::files(&directory.join("src"), &["rs"])?);
    }
    // The package `juyi-tests` stands in `tests/` itself and keeps its test files beside its manifest.
    if kind == Some(Kind::Dev) || directory == command::root().join("tests") {
        files.extend(source::files(directory, &["rs"])?);
    }
    let mut texts = Vec::with_capacity(files.len());
    while let Some(file) = files.pop() {
        let text = source::read(&file)?;
        files.extend(elsewhere(&text).filter_map(|path| Some(file.parent()?.join(path))));
        texts.push(source::strip(&text));
    }
    Ok(texts.join("\n"))
}

/// The files of modules that lie in another package.
fn elsewhere(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("#[path = \"")?.split('"').next())
        .filter(|it| it.starts_with(".."))
}

fn is_used(dependency: &Dependency, stripped: &str) -> bool {
    let name = dependency.identifier();
    let generated = ["include_proto", "OUT_DIR", "include"].iter().any(|word| has_word(stripped, word));
    generated && USED_BY_GENERATED_CODE.contains(&name.as_str())
        || source::words(stripped).any(|(at, word)| word == name && is_crate_path(stripped, at, word))
}

fn has_word(stripped: &str, word: &str) -> bool {
    source::words(stripped).any(|(_, it)| it == word)
}

/// Whether the word at this place begins a path (`name::x`) or is imported (`use name;`, `use {name, ..};`).
fn is_crate_path(stripped: &str, at: usize, word: &str) -> bool {
    let before = stripped[..at].trim_end();
    let inside_a_path = before
        .strip_suffix("::")
        .is_some_and(|path| path.ends_with(|last: char| last.is_alphanumeric() || last == '_' || last == '>'));
    let statement = before.rsplit([';', '}']).next().unwrap_or_default();
    let imported = statement.split_whitespace().any(|it| it == "use" || it == "crate");
    !inside_a_path && (stripped[at + word.len()..].starts_with("::") || imported)
}

/// Names each external crate of `[workspace.dependencies]` without a comment that says what it is for.
///
/// # Errors
/// When the root manifest cannot be read.
pub(crate) fn without_purpose() -> Result<Vec<String>> {
    let text = source::read(&command::root().join("Cargo.toml"))?;
    Ok(unexplained(&text).into_iter().map(|name| format!("{name} has no purpose comment in Cargo.toml")).collect())
}

fn unexplained(manifest: &str) -> Vec<&str> {
    let section = manifest.split_once("[workspace.dependencies]").map_or("", |(_, rest)| rest);
    let section = section.split_once("\n[").map_or(section, |(section, _)| section);
    let entries = section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    let silent = entries.filter(|(_, value)| !value.contains("path = ") && purpose(value).is_empty());
    silent.map(|(name, _)| name.trim()).collect()
}

fn purpose(value: &str) -> &str {
    value.split_once(" #").map_or("", |(_, comment)| comment.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uses(name: &str, text: &str) -> bool {
        let dependency = Dependency { name: name.to_owned(), kind: None, rename: None };
        is_used(&dependency, &source::strip(text))
    }

    #[test]
    fn a_dependency_is_used_by_a_path_or_an_import() {
        assert!(uses("serde-json", "fn a() { serde_json::to_string(b) }"));
        assert!(uses("toml", "let a = ::toml::Table::new();"));
        assert!(uses("toml", "use toml as t;"));
        assert!(uses("toml", "use {serde, toml};"));
        assert!(!uses("toml", "fn a() { let toml = crate::toml::read(); }"));
        assert!(!uses("toml", "// toml::Table"));
    }

    #[test]
    fn a_module_of_another_package_is_code_of_this_one() {
        let text = "#[path = \"../../a/b.rs\"]\nmod b;\n#[path = \"beside.rs\"]\nmod c;\n";
        assert_eq!(elsewhere(text).collect::<Vec<_>>(), ["../../a/b.rs"]);
    }

    #[test]
    fn generated_code_uses_what_it_is_generated_for() {
        assert!(uses("prost", "tonic::include_proto!(\"a\");"));
        assert!(!uses("prost", "fn a() {}"));
    }

    #[test]
    fn a_line_without_a_comment_is_unexplained() {
        let manifest = "[workspace.dependencies]\nours = { path = \"a\" }\n# Group.\na = \"1\" # why\nb = { version = \"1\" }\n\
                        c = \"1\" #\n\n[workspace.lints.rust]\nd = \"warn\"\n";
        assert_eq!(unexplained(manifest), ["b", "c"]);
    }
}
