//! Suites in this process, on either database.

use juyi::config::Config;
use juyi::suite::Suite;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use tempfile::TempDir;

/// A suite with a database of its own, behind its gateway on a free port of loopback.
pub struct Running {
    /// Channel to the gateway over TCP.
    pub gateway: Channel,
    /// The suite.
    pub suite: Suite,
    /// Name of the database, for messages.
    pub database: &'static str,
    _directory: Option<TempDir>,
}

/// A configuration on an empty SQLite directory.
#[must_use]
pub fn sqlite() -> (Config, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.database.url = format!("sqlite:{}", directory.path().display());
    config.listen.address = "127.0.0.1:0".to_owned();
    (config, directory)
}

/// Starts a suite as configured.
pub async fn start(config: &Config, database: &'static str, directory: Option<TempDir>) -> Running {
    start_with(config, Context::new(config.policy.load().unwrap()), database, directory).await
}

async fn start_with(config: &Config, context: Context, database: &'static str, directory: Option<TempDir>) -> Running {
    let suite = Suite::start(config, context).await.unwrap();
    let gateway = Channel::remote(&format!("http://{}", suite.address)).unwrap();
    Running { gateway, suite, database, _directory: directory }
}

/// A suite on SQLite.
pub async fn on_sqlite() -> Running {
    let (config, directory) = sqlite();
    start(&config, "sqlite", Some(directory)).await
}

/// One suite on each database at hand: SQLite always, PostgreSQL when the test command started a server.
pub async fn on_each_database() -> Vec<Running> {
    each(|config| Context::new(config.policy.load().unwrap())).await
}

/// The same at noon of a day written `YYYY-MM-DD`, at which the clock stays: some duties hold in the running year alone.
pub async fn on_each_database_at(day: &str) -> Vec<Running> {
    each(|_| juyi_testkit::context(day)).await
}

async fn each(context: impl Fn(&Config) -> Context) -> Vec<Running> {
    let (config, directory) = sqlite();
    let mut suites = vec![start_with(&config, context(&config), "sqlite", Some(directory)).await];
    if let Some(url) = juyi_testkit::database::postgres_url().await {
        let mut config = Config::default();
        config.database.url = url;
        config.listen.address = "127.0.0.1:0".to_owned();
        suites.push(start_with(&config, context(&config), "postgres", None).await);
    }
    suites
}

/// The URL of an empty database of each kind at hand, for processes that open it themselves.
pub async fn databases() -> Vec<(&'static str, String, Option<TempDir>)> {
    let directory = tempfile::tempdir().unwrap();
    let mut list = vec![("sqlite", format!("sqlite:{}", directory.path().display()), Some(directory))];
    if let Some(url) = juyi_testkit::database::postgres_url().await {
        list.push(("postgres", url, None));
    }
    list
}
