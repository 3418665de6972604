//! Everybody of Jinghai through the gateway of a running suite: as a roster that is accepted, compared and reported, or
//! enrolled, paid for and asked about.
//!
//! `cargo xtask bench roster`, `bench coverage`, `bench settle` and `bench settle-memory` start the server, run this, and judge. Every figure is a line
//! `FIGURE name value`; times in milliseconds or microseconds, as the name says.

#![allow(clippy::print_stdout, reason = "a command line tool talks to its terminal")]

mod baseline;
mod coverage;
mod covered;
mod load;
mod people;
mod settle;
mod yardstick;

use std::time::Duration;

use anyhow::{Context, Result, bail};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // `cargo bench` adds its own flag.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let subject = arguments.next().context("what to measure")?;
    let server = arguments.next().context("the address of the gateway")?;
    let database = arguments.next().context("the URL of its database")?;
    match subject.as_str() {
        "settle" => {
            let pgbench = arguments.next().context("the path of pgbench")?;
            return settle::measure(&server, &database, pgbench.as_ref()).await;
        }
        "settle-memory" => {
            let bills = arguments.next().context("how many bills")?.parse()?;
            return settle::memory(&server, &database, bills).await;
        }
        _ => {}
    }
    let people = people::everybody();
    figure("persons", people.len() as u128);
    let suite = load::Suite::at(&server)?;
    millis("enrolled_ms", suite.enrol(&people).await?);
    match subject.as_str() {
        "roster" => roster(&suite, &database, &people).await,
        "coverage" => coverage::measure(&server, &database, people.len()).await,
        unknown => bail!("nothing is measured under the name `{unknown}`"),
    }
}

async fn roster(suite: &load::Suite, database: &str, people: &[people::Person]) -> Result<()> {
    millis("baseline_ms", baseline::load(database, people).await?);
    millis("accept_ms", suite.push_population(people).await?);
    millis("compare_ms", suite.compare().await?);
    figure("progress_p99_us", suite.progress().await?.as_micros());
    Ok(())
}

fn millis(name: &str, time: Duration) {
    figure(name, time.as_millis());
}

fn figure(name: &str, value: u128) {
    println!("FIGURE {name} {value}");
}
