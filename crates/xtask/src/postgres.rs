//! A throwaway PostgreSQL for the tests: a new cluster in a private directory, reachable only through its socket.

use crate::{apt, command};
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const READY_WITHIN: Duration = Duration::from_secs(60);

/// Tells Debian's packages not to create and start a cluster of their own.
const NO_DEFAULT_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/no-main-cluster.conf";

/// Starts the server (`$@`) and ends it, and removes the directory (`$0`), when stdin is closed: on `drop`, and also when
/// the process that holds the other end is interrupted or killed.
const KEEPER: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- >"$0/server.log" 2>&1 &
server=$!
{ read -r _ <&3; kill -INT "$server"; } &
watcher=$!
wait "$server"
kill "$watcher" 2>/dev/null
rm -rf "$0"
"#;

/// A running server; it ends when this is dropped.
pub(crate) struct Cluster {
    keeper: Child,
    directory: PathBuf,
}

/// The directory of the newest PostgreSQL server's programs, installing Debian's if that is possible.
///
/// # Errors
/// When there is none and none can be installed.
pub(crate) fn programs() -> Result<PathBuf> {
    if let Some(found) = find_programs() {
        return Ok(found);
    }
    if !apt::can_install() {
        bail!("no PostgreSQL server (initdb) was found, and it cannot be installed here");
    }
    let drop_in = Path::new(NO_DEFAULT_CLUSTER);
    drop_in.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(drop_in, "create_main_cluster = false\n")?;
    let installed = apt::install(&["postgresql"]);
    fs::remove_file(drop_in)?;
    installed?;
    find_programs().context("the package postgresql brought no initdb")
}

fn find_programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    let newest = installed.max_by_key(|bin| version_of(bin));
    // A link in PATH may lead elsewhere than to the directory with the other programs.
    let in_path =
        || command::find_in_path("initdb").and_then(|it| Some(fs::canonicalize(it).ok()?.parent()?.to_owned()));
    newest.or_else(in_path)
}

/// The number in `/usr/lib/postgresql/15/bin`.
fn version_of(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
}

impl Cluster {
    /// Creates and starts a cluster, and waits until it answers.
    ///
    /// # Errors
    /// When one of PostgreSQL's programs fails; the message has the end of the server's log.
    pub(crate) fn start(programs: &Path) -> Result<Self> {
        Self::start_with(programs, &["fsync=off", "synchronous_commit=off", "full_page_writes=off"])
    }

    /// The same, durable as in production: a commit that was answered survives the loss of power.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub(crate) fn start_durable(programs: &Path) -> Result<Self> {
        Self::start_with(programs, &["fsync=on", "synchronous_commit=on", "shared_buffers=1GB", "max_wal_size=4GB"])
    }

    fn start_with(programs: &Path, settings: &[&str]) -> Result<Self> {
        let account = Account::of_server()?;
        let directory = command::private_directory("juyi-postgres")?;
        account.iter().try_for_each(|it| std::os::unix::fs::chown(&directory, Some(it.user), Some(it.group)))?;
        let prepare = |program: &Path| prepared(program, &directory, account.as_ref());
        let data = directory.join("data");
        let mut initdb = prepare(&programs.join("initdb"));
        initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        if let Err(error) = command::output(initdb.arg("--pgdata").arg(&data)) {
            fs::remove_dir_all(&directory)?;
            return Err(error);
        }
        let mut keeper = prepare(Path::new("sh"));
        keeper.arg("-c").arg(KEEPER).arg(&directory).arg(programs.join("postgres")).arg("-D").arg(&data);
        keeper.args(["-p", "5432", "-c", "listen_addresses=", "-c", "max_connections=200"]);
        for setting in settings {
            keeper.args(["-c", setting]);
        }
        keeper.arg("-k");
        // A process group of its own: an interrupt from the terminal must not end the server under the tests.
        keeper.arg(&directory).stdin(Stdio::piped()).stdout(Stdio::null()).process_group(0);
        let mut cluster = Self { keeper: keeper.spawn()?, directory };
        cluster.wait_until_ready(&programs.join("pg_isready"))?;
        Ok(cluster)
    }

    /// The address for sqlx. `host` as a parameter with a path names the directory of the socket; the port is given so
    /// that `PGPORT` in the environment does not change it.
    pub(crate) fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost:5432/postgres?host={}",
            percent_encoded(&self.directory.to_string_lossy())
        )
    }

    fn wait_until_ready(&mut self, pg_isready: &Path) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        while !command::succeeds(Command::new(pg_isready).args(["-q", "-p", "5432", "-h"]).arg(&self.directory)) {
            if Instant::now() > deadline || self.keeper.try_wait()?.is_some() {
                bail!("PostgreSQL did not become ready\n{}", self.log_end());
            }
            #[allow(clippy::disallowed_methods, reason = "pg_isready asks once; there is no event to wait for")]
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    fn log_end(&self) -> String {
        let log = fs::read_to_string(self.directory.join("server.log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The keeper cannot be lost: it ends with its server, and there is nobody to tell.
        let _ = self.keeper.wait();
    }
}

/// The account that the server runs under when this process is root, which PostgreSQL refuses.
struct Account {
    user: u32,
    group: u32,
}

impl Account {
    /// `postgres`, or `nobody` where the server came without an account; none when this process is not root.
    fn of_server() -> Result<Option<Self>> {
        if !command::is_root() {
            return Ok(None);
        }
        let id = |which: &str, name: &str| -> Result<u32> {
            Ok(command::output(Command::new("id").args([which, name]))?.trim().parse()?)
        };
        let account = |name: &str| Ok(Self { user: id("-u", name)?, group: id("-g", name)? });
        account("postgres").or_else(|_| account("nobody")).map(Some)
    }
}

/// A program in this directory and under this account, without the settings of anyone's other PostgreSQL.
fn prepared(program: &Path, directory: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(directory).env("HOME", directory).env("LC_ALL", "C");
    for setting in ["PGDATA", "PGHOST", "PGPORT", "PGUSER", "PGOPTIONS"] {
        command.env_remove(setting);
    }
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
    command
}

fn percent_encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_wins_by_number() {
        let bins = ["/usr/lib/postgresql/9/bin", "/usr/lib/postgresql/15/bin"].map(Path::new);
        assert_eq!(bins.into_iter().max_by_key(|bin| version_of(bin)).and_then(version_of), Some(15));
    }

    #[test]
    fn a_directory_survives_the_address() {
        assert_eq!(percent_encoded("/tmp/a b+c_1"), "/tmp/a%20b%2Bc_1");
    }

    /// Needs a PostgreSQL server; says so where there is none.
    #[test]
    fn a_cluster_answers_and_leaves_nothing_behind() {
        let Some(programs) = find_programs() else {
            println!("left out: no PostgreSQL server on this machine");
            return;
        };
        let cluster = Cluster::start(&programs).unwrap();
        let directory = cluster.directory.clone();
        let mut psql = Command::new(programs.join("psql"));
        psql.args(["-p", "5432", "-U", "postgres", "-At", "-c", "show max_connections", "-h"]).arg(&directory);
        assert_eq!(command::output(&mut psql).unwrap().trim(), "200");
        drop(cluster);
        assert!(!directory.exists());
    }
}
