//! The release binary under measurement, and the directory of its data.

use crate::manifest::Metadata;
use crate::{command, test};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

const READY_LINE: &str = "juyi: listening service=all ";
const GIVE_UP_AFTER: Duration = Duration::from_secs(60);

/// Builds the binary as it is released.
///
/// # Errors
/// When it does not compile.
pub(super) fn release_binary() -> Result<PathBuf> {
    command::run(&mut command::cargo(&["build", "--release", "--package", "juyi"]))?;
    Ok(test::binary(&Metadata::of_workspace()?.target_directory, "release"))
}

/// A directory that is removed in the end.
pub(super) struct DataDirectory(PathBuf);

impl DataDirectory {
    pub(super) fn create() -> Result<Self> {
        command::private_directory("juyi-bench").map(Self)
    }

    /// The URL of SQLite files in it.
    pub(super) fn sqlite(&self) -> String {
        format!("sqlite:{}", self.0.display())
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        // A directory left in the temporary directory is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `juyi all`, killed when dropped without `stop`.
pub(super) struct Server {
    process: Child,
    pub(super) ready_after: Duration,
    /// `host:port`.
    pub(super) address: String,
}

impl Server {
    /// Starts the binary and waits for the line that says it listens.
    pub(super) fn start(binary: &Path, data: &DataDirectory, url: &str) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("all").current_dir(&data.0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.env("JUYI__LISTEN__ADDRESS", "127.0.0.1:0");
        command.env("JUYI__DATABASE__URL", url);
        let spawned_at = Instant::now();
        let process = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { process, ready_after: Duration::ZERO, address: String::new() };
        let stdout = server.process.stdout.take().context("juyi has no stdout")?;
        let (send, ready) = mpsc::channel();
        // Reads to the end, so that the server never waits for a reader.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(rest) = line.strip_prefix(READY_LINE) {
                    let address = rest.split_once("address=").map_or(rest, |(_, address)| address);
                    // Nobody listens any more once the wait was given up.
                    let _ = send.send((Instant::now(), address.trim().to_owned()));
                }
            }
        });
        let (ready_at, address) = ready.recv_timeout(GIVE_UP_AFTER).context("juyi all did not say that it listens")?;
        server.ready_after = ready_at.duration_since(spawned_at);
        server.address = address;
        Ok(server)
    }

    /// A figure of the process's memory: `VmRSS` is what it holds, `VmHWM` the most it ever held.
    ///
    /// # Errors
    /// When the process has ended, or the system does not tell.
    pub(super) fn memory_kb(&self, name: &str) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        memory_kb(&status, name).with_context(|| format!("no {name} in /proc/<pid>/status"))
    }

    /// Asks the server to end, and waits for it.
    pub(super) fn stop(mut self) -> Result<()> {
        command::output(Command::new("sh").args(["-c", "kill -TERM \"$0\"", &self.process.id().to_string()]))?;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("juyi all ended with {status} after SIGTERM");
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn memory_kb(status: &str, name: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status() {
        let status = "Name:\tjuyi\nVmHWM:\t   41000 kB\nVmRSS:\t   40960 kB\n";
        assert_eq!(memory_kb(status, "VmRSS"), Some(40_960));
        assert_eq!(memory_kb(status, "VmHWM"), Some(41_000));
        assert_eq!(memory_kb("Name:\tjuyi\n", "VmRSS"), None);
    }
}
