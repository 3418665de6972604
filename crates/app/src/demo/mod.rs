//! One Jinghai family's 2021, played through the gateway with real calls on a temporary database, every amount
//! checked against the law.

mod checks;
mod family;
mod office;
mod show;

use std::process::ExitCode;

use anyhow::Result;
pub use checks::Checks;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::telemetry::{Telemetry, TelemetryConfig};

use crate::command::{Stop, say};
use crate::config::Config;
use crate::suite::Suite;

/// Plays the family's year through a gateway and holds every amount against the law.
///
/// # Errors
/// When a call fails that the law allows.
pub async fn play(gateway: &Channel) -> Result<Checks> {
    Ok(Box::pin(family::play(gateway)).await?.checks)
}

/// Plays the demo; with `serve` it stays up afterwards.
///
/// # Errors
/// When the suite cannot start or a call fails that the law allows.
pub async fn run(serve: bool, mut config: Config) -> Result<ExitCode> {
    let directory = tempfile::tempdir()?;
    config.database.url = format!("sqlite:{}", directory.path().display());
    // A port of its own choice, so that the demo runs beside a suite; served, it takes the configured one.
    if !serve {
        config.listen.address = "127.0.0.1:0".to_owned();
    }
    // The tables are what the reader came for.
    let quiet = TelemetryConfig { log: "error".to_owned(), ..config.telemetry.clone() };
    let telemetry = Telemetry::install(&quiet, "demo")?;
    let suite = Suite::start(&config, Context::new(config.policy.load()?)).await?;

    let gateway = Channel::remote(&format!("http://{}", suite.address))?;
    let played = Box::pin(family::play(&gateway)).await;
    if let (true, Ok(family)) = (serve, &played) {
        show::invitation(suite.address, family);
        Stop::listen()?.asked().await;
    }
    suite.stop().await?;
    tokio::task::spawn_blocking(move || telemetry.close()).await?;

    let checks = played?.checks;
    say(&checks.summary());
    Ok(if checks.all_hold() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
