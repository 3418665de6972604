//! Installing what the tests need on a Debian machine that lacks it.

use crate::command;
use anyhow::Result;
use std::process::Command;

/// Whether packages can be installed here without asking anybody: as root, on a system with apt.
pub(crate) fn can_install() -> bool {
    command::is_root() && command::find_in_path("apt-get").is_some()
}

/// Installs Debian packages.
///
/// # Errors
/// When apt fails, for example without a network.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    command::run(apt().arg("update"))?;
    command::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages))
}

fn apt() -> Command {
    let mut command = Command::new("apt-get");
    command.arg("--quiet").env("DEBIAN_FRONTEND", "noninteractive");
    command
}
