//! Configuration: defaults, then a TOML file, then `JUYI__SECTION__KEY`. Unknown keys are refused.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use juyi_kit::config::{DatabaseConfig, OutboxConfig, ServiceConfig};
use juyi_kit::telemetry::TelemetryConfig;
use juyi_policy::Policy;
use serde::{Deserialize, Serialize};

/// Everything that can be configured.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the process listens.
    pub listen: ListenConfig,
    /// Where data lie.
    pub database: DatabaseConfig,
    /// What an operator adds to the law.
    pub policy: PolicyConfig,
    /// Where the other services are, when each runs for itself.
    pub peers: PeersConfig,
    /// Delivery of events.
    pub outbox: OutboxConfig,
    /// Logs and traces.
    pub telemetry: TelemetryConfig,
}

/// Where the process listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ListenConfig {
    /// IP address and port; port 0 takes a free one and reports it.
    pub address: String,
    /// Allows an address beyond loopback, where callers are not authenticated.
    pub insecure: bool,
}

impl Default for ListenConfig {
    fn default() -> Self {
        Self { address: "127.0.0.1:7171".to_owned(), insecure: false }
    }
}

/// What an operator adds to the law.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PolicyConfig {
    /// Path of the overlay file; empty for none.
    pub overlay: String,
}

impl PolicyConfig {
    /// The law with the operator's overlay.
    ///
    /// # Errors
    /// When the overlay cannot be read or is refused.
    pub fn load(&self) -> Result<Arc<Policy>> {
        let policy = Policy::embedded().context("the embedded law")?;
        if self.overlay.is_empty() {
            return Ok(Arc::new(policy));
        }
        let text = std::fs::read_to_string(&self.overlay).with_context(|| format!("overlay {}", self.overlay))?;
        Ok(Arc::new(policy.with_overlay(&text).with_context(|| format!("overlay {}", self.overlay))?))
    }
}

/// Addresses of services that run as processes of their own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeersConfig {
    /// Registry.
    pub registry: String,
    /// Contribution.
    pub contribution: String,
    /// Benefit period.
    pub benefit_period: String,
    /// Settlement.
    pub settlement: String,
    /// Assistance.
    pub assistance: String,
    /// Accident.
    pub accident: String,
}

impl Default for PeersConfig {
    fn default() -> Self {
        let on = |port: u16| format!("http://127.0.0.1:{port}");
        Self {
            registry: on(7172),
            contribution: on(7173),
            benefit_period: on(7174),
            settlement: on(7175),
            assistance: on(7176),
            accident: on(7177),
        }
    }
}

/// What each key means, in the order it is printed.
const COMMENTS: &[(&str, &str)] = &[
    ("listen.address", "IP address and port; port 0 takes a free one, which is printed when ready"),
    (
        "listen.insecure",
        "allow an address beyond loopback; callers are not authenticated, so only on a private network",
    ),
    ("database.url", "sqlite:<directory> (one file per service) or postgres://user:password@host/database"),
    ("database.connections", "connections per service"),
    ("policy.overlay", "TOML file with figures the documents do not print, each with its source; empty for none"),
    (
        "peers.registry",
        "addresses of the services when each runs as a process of its own; `juyi all` does not use them",
    ),
    ("peers.contribution", ""),
    ("peers.benefit_period", ""),
    ("peers.settlement", ""),
    ("peers.assistance", ""),
    ("peers.accident", ""),
    ("outbox.paused", "keep events in the outbox instead of delivering them, for maintenance of a peer"),
    ("telemetry.log", "filter of the JSON logs on standard error: error, warn, info, debug, or per crate"),
    ("telemetry.otlp_endpoint", "OTLP receiver over gRPC, for example http://127.0.0.1:4317; empty for none"),
];

impl Config {
    /// Reads defaults, the file if one is given, and the environment.
    ///
    /// # Errors
    /// For a file that cannot be read, an unknown key or a value of the wrong type.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut builder = config::Config::builder();
        if let Some(path) = file {
            builder = builder.add_source(config::File::from(path).format(config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("JUYI").prefix_separator("__").separator("__");
        let read = builder.add_source(environment.try_parsing(true)).build().context("configuration")?;
        read.try_deserialize().context("configuration")
    }

    /// What the services need of it.
    #[must_use]
    pub fn service(&self) -> ServiceConfig {
        ServiceConfig { database: self.database.clone(), outbox: self.outbox.clone() }
    }

    /// The configuration as a TOML file that explains itself. A password in the database URL is not shown.
    ///
    /// # Errors
    /// Never for a configuration made by this program.
    pub fn to_toml(&self) -> Result<String> {
        let mut shown = self.clone();
        shown.database.url = without_password(&shown.database.url);
        let plain = toml::to_string(&shown)?;
        let mut section = String::new();
        let mut text = String::new();
        for line in plain.lines() {
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                name.clone_into(&mut section);
            } else if let Some((key, _)) = line.split_once(" = ") {
                let path = format!("{section}.{key}");
                let comment = COMMENTS.iter().find(|(name, _)| *name == path).map_or("", |(_, comment)| comment);
                if !comment.is_empty() {
                    text.push_str(&format!("# {comment}\n"));
                }
            }
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }
}

/// A database URL as it may be shown: without the password, wherever the URL carries it.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (address, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let address = match address.rsplit_once('@') {
        Some((credentials, host)) => {
            let user = credentials.split(':').next().unwrap_or_default();
            format!("{user}:***@{host}")
        }
        None => address.to_owned(),
    };
    let shown = parameters
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| if parameter.starts_with("password=") { "password=***" } else { parameter });
    let parameters = shown.collect::<Vec<_>>().join("&");
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{address}{mark}{parameters}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_explained_and_reads_back() {
        let text = Config::default().to_toml().unwrap();
        let value: toml::Table = text.parse().unwrap();
        for (section, keys) in &value {
            for key in keys.as_table().unwrap().keys() {
                let path = format!("{section}.{key}");
                assert!(COMMENTS.iter().any(|(name, _)| *name == path), "{path} is not explained");
            }
        }
        let read: Config = toml::from_str(&text).unwrap();
        assert_eq!(read, Config::default());
    }

    #[test]
    fn unknown_keys_are_refused_and_passwords_are_not_shown() {
        assert!(toml::from_str::<Config>("[listen]\nadress = \"x\"\n").is_err());
        for (url, shown) in [
            ("postgres://juyi:secret@db/juyi", "postgres://juyi:***@db/juyi"),
            ("postgres://juyi:sec@ret@db/juyi?sslmode=require", "postgres://juyi:***@db/juyi?sslmode=require"),
            ("postgres://db/juyi?user=juyi&password=secret", "postgres://db/juyi?user=juyi&password=***"),
            ("sqlite:juyi-data", "sqlite:juyi-data"),
        ] {
            assert_eq!(without_password(url), shown);
        }
    }
}
