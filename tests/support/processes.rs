//! The real binary in processes of its own, each on a free port, each ended by its own id.

use std::ffi::OsString;
use std::process::Stdio;
use std::time::Duration;

use juyi_kit::channel::Channel;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// The binary, when the test command built it.
#[must_use]
pub fn binary() -> Option<OsString> {
    std::env::var_os("JUYI_TEST_BINARY")
}

/// A process of the suite.
pub struct Process {
    /// Where it listens.
    pub address: String,
    child: Child,
}

impl Process {
    /// Starts `juyi <task>` and waits for the line that says where it listens.
    pub async fn start(task: &str, settings: &[(&str, &str)]) -> Self {
        Self::start_with(task, settings, Stdio::inherit()).await
    }

    /// The same with its log written to a file.
    pub async fn start_logging(task: &str, settings: &[(&str, &str)], log: std::fs::File) -> Self {
        Self::start_with(task, settings, log.into()).await
    }

    async fn start_with(task: &str, settings: &[(&str, &str)], log: Stdio) -> Self {
        let binary = binary().expect("run by `cargo xtask test`, which builds the binary");
        let mut child = Command::new(binary)
            .arg(task)
            .env("JUYI__LISTEN__ADDRESS", "127.0.0.1:0")
            .envs(settings.iter().copied())
            .stdout(Stdio::piped())
            .stdin(Stdio::null())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.unwrap() {
                if let Some((_, address)) =
                    line.split_once("juyi: listening ").and_then(|(_, l)| l.split_once("address="))
                {
                    return address.to_owned();
                }
            }
            panic!("juyi {task} ended before it listened");
        };
        let address = tokio::time::timeout(Duration::from_secs(60), ready).await.expect("juyi listens in time");
        Self { address, child }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A channel to it.
    #[must_use]
    pub fn channel(&self) -> Channel {
        Channel::remote(&self.url()).unwrap()
    }

    /// Resident memory.
    #[must_use]
    pub fn memory_kb(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a figure of memory");
        resident.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Its memory is gone at once (SIGKILL).
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Asks it to stop (SIGTERM) and waits for its exit code.
    pub async fn stop(mut self) -> i32 {
        let id = self.child.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        let status = tokio::time::timeout(Duration::from_secs(20), self.child.wait()).await;
        status.expect("juyi stops in time").unwrap().code().unwrap_or(-1)
    }
}
