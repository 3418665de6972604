//! Starting other programs, and saying things loudly.

use anyhow::{Context, Result, bail};
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, io};

/// The workspace's root directory.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The cargo that runs this tool, started in the workspace's root. It does not learn what cargo says to this tool about its
/// package: build scripts take that for a change, and half of the dependencies would be compiled anew.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root());
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a program with its output on this terminal.
///
/// # Errors
/// When it cannot be started or ends with a failure.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    println!("+ {}", shown(command));
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a program and returns what it printed on stdout.
///
/// # Errors
/// When it cannot be started, ends with a failure (its stderr is in the message) or prints something other than text.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{} ended with {}\n{}", shown(command), output.status, stderr.trim_end());
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no text", shown(command)))
}

/// Whether a program can be started and succeeds; nothing it prints is shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// The first file of this name in `PATH`.
pub(crate) fn find_in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
}

/// Whether this process runs as root.
pub(crate) fn is_root() -> bool {
    output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Creates a new directory in the temporary directory that only this account can enter.
///
/// # Errors
/// When the temporary directory cannot be written to.
pub(crate) fn private_directory(name: &str) -> Result<PathBuf> {
    let base = env::temp_dir().join(format!("{name}-{}", std::process::id()));
    for number in 0_u32.. {
        // One that exists was left by another process with this id.
        let directory = base.with_extension(number.to_string());
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            created => return created.map(|()| directory.clone()).with_context(|| directory.display().to_string()),
        }
    }
    bail!("no free name for {}", base.display())
}

/// Prints a message in a box, so that nobody overlooks it in a long log.
pub(crate) fn shout(message: &str) {
    println!("{}", boxed(message));
}

fn boxed(message: &str) -> String {
    let width = message.lines().map(|line| line.chars().count()).max().unwrap_or_default();
    let rule = "#".repeat(width + 4);
    let lines: Vec<String> = message.lines().map(|line| format!("# {line:width$} #")).collect();
    format!("{rule}\n{}\n{rule}", lines.join("\n"))
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program.to_string_lossy().into_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_as_wide_as_its_longest_line() {
        assert_eq!(boxed("ab\nabcd"), "########\n# ab   #\n# abcd #\n########");
    }

    #[test]
    fn a_failed_program_is_an_error_with_its_stderr() {
        let error = output(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err().to_string();
        assert!(error.contains("why") && error.contains('3'), "{error}");
    }
}
