//! The workspace as `cargo metadata` describes it.

use crate::command;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// The part of `cargo metadata --format-version 1` that the tasks need.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) target_directory: PathBuf,
}

/// One package, of the workspace or from a registry.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// Where it comes from; absent for a package of the workspace.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a package's dependency tables.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) kind: Option<Kind>,
    /// The name that the code uses, where it differs.
    pub(crate) rename: Option<String>,
}

/// The table a dependency stands in; absent for `[dependencies]`.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Dev,
    Build,
}

impl Metadata {
    /// The workspace's own packages.
    ///
    /// # Errors
    /// When a manifest is broken.
    pub(crate) fn of_workspace() -> Result<Self> {
        Self::load(&["metadata", "--format-version", "1", "--no-deps"])
    }

    /// The workspace's packages and everything they depend on.
    ///
    /// # Errors
    /// When a manifest is broken or the dependencies cannot be resolved.
    pub(crate) fn of_all_packages() -> Result<Self> {
        Self::load(&["metadata", "--format-version", "1"])
    }

    fn load(arguments: &[&str]) -> Result<Self> {
        let json = command::output(&mut command::cargo(arguments))?;
        serde_json::from_str(&json).context("cargo metadata printed something unexpected")
    }
}

impl Package {
    /// The directory of its `Cargo.toml`.
    pub(crate) fn directory(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }
}

impl Dependency {
    /// The name as the code spells it.
    pub(crate) fn identifier(&self) -> String {
        self.rename.as_ref().unwrap_or(&self.name).replace('-', "_")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_dependency_is_known_by_its_new_name() {
        let json = r#"{"name": "tonic-types", "kind": "dev", "rename": "wire-types", "req": "*"}"#;
        let dependency: Dependency = serde_json::from_str(json).unwrap();
        assert_eq!(dependency.identifier(), "wire_types");
        assert_eq!(dependency.kind, Some(Kind::Dev));
    }
}
