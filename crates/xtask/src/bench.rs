//! `bench start`: how soon `juyi all` is ready on an existing database, and how much memory it holds when idle.

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

const RUNS: usize = 5;
const READY_LINE: &str = "juyi: listening service=all ";
const GIVE_UP_AFTER: Duration = Duration::from_secs(60);
/// The bounds that the project promises.
const READY_MS_BELOW: u128 = 1000;
const RSS_MB_BELOW: u64 = 80;

/// Runs a measurement by name; true when the figures are within their bounds.
///
/// # Errors
/// When there is no such measurement, or what it measures does not run.
pub(crate) fn run(what: &str) -> Result<bool> {
    match what {
        "start" => start(),
        unknown => bail!("unknown bench `{unknown}`; there is: start"),
    }
}

fn start() -> Result<bool> {
    command::run(&mut command::cargo(&["build", "--release", "--package", "juyi"]))?;
    let binary = test::binary(&Metadata::of_workspace()?.target_directory, "release");
    let data = DataDirectory::create()?;
    // The first start creates the databases; only later ones are measured.
    Server::start(&binary, &data.0)?.stop()?;
    let mut ready_ms = Vec::new();
    let mut rss_kb = Vec::new();
    for _ in 0..RUNS {
        let server = Server::start(&binary, &data.0)?;
        #[allow(clippy::disallowed_methods, reason = "the server is measured after a second of doing nothing")]
        thread::sleep(Duration::from_secs(1));
        ready_ms.push(server.ready_after.as_millis());
        rss_kb.push(server.resident_kb()?);
        server.stop()?;
    }
    ready_ms.sort_unstable();
    rss_kb.sort_unstable();
    let (median, most) = (ready_ms[RUNS / 2], ready_ms[RUNS - 1]);
    // The largest of the runs, rounded up: the promise holds for each.
    let rss_mb = rss_kb[RUNS - 1].div_ceil(1024);
    println!("ready after, ms: min {}, median {median}, max {most}", ready_ms[0]);
    println!("resident, kB:    min {}, median {}, max {}", rss_kb[0], rss_kb[RUNS / 2], rss_kb[RUNS - 1]);
    println!("bench=start ready_ms_median={median} ready_ms_max={most} rss_mb={rss_mb}");
    Ok(median < READY_MS_BELOW && rss_mb < RSS_MB_BELOW)
}

/// A directory that is removed in the end.
struct DataDirectory(PathBuf);

impl DataDirectory {
    fn create() -> Result<Self> {
        command::private_directory("juyi-bench").map(Self)
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        // A directory left in the temporary directory is no reason to fail.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `juyi all`, killed when dropped without `stop`.
struct Server {
    process: Child,
    ready_after: Duration,
}

impl Server {
    /// Starts the binary and waits for the line that says it listens.
    fn start(binary: &Path, data: &Path) -> Result<Self> {
        let mut command = Command::new(binary);
        command.arg("all").current_dir(data).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.env("JUYI__LISTEN__ADDRESS", "127.0.0.1:0");
        command.env("JUYI__DATABASE__URL", format!("sqlite:{}", data.display()));
        let spawned_at = Instant::now();
        let process = command.spawn().with_context(|| format!("cannot start {}", binary.display()))?;
        let mut server = Self { process, ready_after: Duration::ZERO };
        let stdout = server.process.stdout.take().context("juyi has no stdout")?;
        let (send, ready) = mpsc::channel();
        // Reads to the end, so that the server never waits for a reader.
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if line.starts_with(READY_LINE) {
                    // Nobody listens any more once the wait was given up.
                    let _ = send.send(Instant::now());
                }
            }
        });
        let ready_at = ready.recv_timeout(GIVE_UP_AFTER).context("juyi all did not say that it listens")?;
        server.ready_after = ready_at.duration_since(spawned_at);
        Ok(server)
    }

    fn resident_kb(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        resident_kb(&status).context("no VmRSS in /proc/<pid>/status")
    }

    /// Asks the server to end, and waits for it.
    fn stop(mut self) -> Result<()> {
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

fn resident_kb(status: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resident_memory_is_read_from_the_status() {
        assert_eq!(resident_kb("Name:\tjuyi\nVmHWM:\t   41000 kB\nVmRSS:\t   40960 kB\n"), Some(40_960));
        assert_eq!(resident_kb("Name:\tjuyi\n"), None);
    }

    #[test]
    fn an_unknown_bench_is_named() {
        assert!(run("speed").unwrap_err().to_string().contains("`speed`"));
    }
}
