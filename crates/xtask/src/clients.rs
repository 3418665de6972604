//! Real clients from outside the Rust world: Python's grpcio and buf, in an environment of their own.

use crate::{apt, command};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every package with its exact version; a change here renews the environment.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The environment's Python with every package. The environment lies below the target directory and is made anew unless
/// it holds what is asked for.
///
/// # Errors
/// When there is no usable Python, or the packages cannot be installed, for example without a network.
pub(crate) fn python(target_directory: &Path) -> Result<PathBuf> {
    let venv = target_directory.join("xtask").join("venv");
    let python = venv.join("bin/python");
    // An environment holds absolute paths, so one that was moved is another one.
    let stamp = format!("{}\n{REQUIREMENTS}", venv.display());
    let stamp_file = venv.join("installed.txt");
    if fs::read_to_string(&stamp_file).is_ok_and(|found| found == stamp) {
        return Ok(python);
    }
    if venv.exists() {
        fs::remove_dir_all(&venv).with_context(|| format!("cannot remove {}", venv.display()))?;
    }
    create(&venv)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"]);
    let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("requirements.txt");
    command::run(pip.arg("--requirement").arg(requirements))?;
    fs::write(&stamp_file, stamp)?;
    Ok(python)
}

/// The buf that was installed beside this Python.
///
/// # Errors
/// When it does not start.
pub(crate) fn buf(python: &Path) -> Result<PathBuf> {
    let buf = python.with_file_name("buf");
    command::output(Command::new(&buf).arg("--version"))?;
    Ok(buf)
}

fn create(venv: &Path) -> Result<()> {
    let create_with = |python: &Path| command::succeeds(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv));
    if command::find_in_path("python3").is_some_and(|python| create_with(&python)) {
        return Ok(());
    }
    if !apt::can_install() {
        bail!("python3 with its venv module was not found, and it cannot be installed here");
    }
    apt::install(&["python3", "python3-venv"])?;
    // An earlier python3 in PATH may be one that the packages know nothing of.
    if !create_with(Path::new("/usr/bin/python3")) {
        bail!("/usr/bin/python3 cannot create an environment");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_pinned() {
        assert!(REQUIREMENTS.lines().all(|line| line.contains("==")));
        assert!(["buf-bin", "grpcio-reflection"].iter().all(|name| REQUIREMENTS.contains(name)));
    }
}
