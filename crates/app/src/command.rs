//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use juyi_db::{Database, Migration, Target};
use juyi_kit::context::Context;
use juyi_kit::telemetry::Telemetry;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::compose::Service;
use crate::config::Config;
use crate::demo;
use crate::suite::Suite;

/// Residents' basic medical insurance as a suite of gRPC services.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Command {
    /// Configuration file (TOML). `JUYI__SECTION__KEY` in the environment goes before it.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Every service in this process, on one port (the default).
    All,
    /// Who may enrol, where, when.
    Registry,
    /// Premiums, subsidies, payments.
    Contribution,
    /// From when to when each insurance counts.
    BenefitPeriod,
    /// What each payer owes on each bill.
    Settlement,
    /// Medical and veterans' assistance.
    Assistance,
    /// Accident routing and reports.
    Accident,
    /// The door for the departments.
    Gateway,
    /// One family's 2021 on a temporary database, every amount checked.
    Demo {
        /// Stays up afterwards, so that you can go on with grpcurl.
        #[arg(long)]
        serve: bool,
    },
    /// Brings every database to its newest form, then ends.
    Migrate,
    /// Shows configuration.
    Config {
        #[command(subcommand)]
        which: Which,
    },
}

#[derive(Debug, Subcommand)]
enum Which {
    /// The defaults, with an explanation of each key.
    Default,
    /// What is in force here, without passwords.
    Effective,
}

impl Command {
    /// Runs the command.
    ///
    /// # Errors
    /// Whatever keeps it from running.
    pub async fn run(self) -> Result<ExitCode> {
        let config = || Config::load(self.config.as_deref());
        let service = match self.task.unwrap_or(Task::All) {
            Task::All => return serve(None, &config()?).await,
            // On the heap: it holds the calls of a whole year.
            Task::Demo { serve } => return Box::pin(demo::run(serve, config()?)).await,
            Task::Migrate => return migrate(&config()?).await,
            Task::Config { which: Which::Default } => return show(&Config::default()),
            Task::Config { which: Which::Effective } => return show(&config()?),
            Task::Registry => Service::Registry,
            Task::Contribution => Service::Contribution,
            Task::BenefitPeriod => Service::BenefitPeriod,
            Task::Settlement => Service::Settlement,
            Task::Assistance => Service::Assistance,
            Task::Accident => Service::Accident,
            Task::Gateway => Service::Gateway,
        };
        serve(Some(service), &config()?).await
    }
}

async fn serve(service: Option<Service>, config: &Config) -> Result<ExitCode> {
    let name = service.map_or("all", name);
    let telemetry = Telemetry::install(&config.telemetry, name)?;
    let context = Context::new(config.policy.load()?);
    let mut suite = match service {
        None => Suite::start(config, context).await?,
        Some(service) => Suite::start_one(service, config, context).await?,
    };
    let stop = Stop::listen()?;
    say(&format!("juyi: listening service={name} address={}", suite.address));
    tokio::select! {
        () = stop.asked() => suite.stop().await?,
        ended = suite.ended() => ended?,
    }
    tokio::task::spawn_blocking(move || telemetry.close()).await?;
    Ok(ExitCode::SUCCESS)
}

/// SIGTERM and SIGINT, heard from the moment of listening on.
pub(crate) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    pub(crate) async fn asked(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

async fn migrate(config: &Config) -> Result<ExitCode> {
    let target = Target::parse(&config.database.url)?;
    let services: [(&str, Vec<Migration>); 6] = [
        (juyi_registry::NAME, juyi_registry::store::migrations()),
        (juyi_contribution::NAME, juyi_contribution::store::migrations()),
        (juyi_benefit_period::SCHEMA, juyi_benefit_period::store::migrations()),
        (juyi_settlement::NAME, juyi_settlement::store::migrations()),
        (juyi_assistance::NAME, juyi_assistance::store::migrations()),
        (juyi_accident::NAME, juyi_accident::store::migrations()),
    ];
    for (service, migrations) in services {
        Database::open(&target, service, NonZeroU32::MIN, &migrations).await?.close().await;
        say(&format!("juyi: {service} is at migration {}", migrations.iter().map(|m| m.version).max().unwrap_or(0)));
    }
    Ok(ExitCode::SUCCESS)
}

fn show(config: &Config) -> Result<ExitCode> {
    say(config.to_toml()?.trim_end());
    Ok(ExitCode::SUCCESS)
}

const fn name(service: Service) -> &'static str {
    match service {
        Service::Registry => "registry",
        Service::Contribution => "contribution",
        Service::BenefitPeriod => "benefit-period",
        Service::Settlement => "settlement",
        Service::Assistance => "assistance",
        Service::Accident => "accident",
        Service::Gateway => "gateway",
    }
}

#[allow(clippy::print_stdout, reason = "what an operator or a script asked for")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
