//! Everybody of Jinghai as a roster, through the gateway of a running suite: accepted, compared, reported.
//!
//! `cargo xtask bench roster` starts the server, runs this, and judges. Every figure is a line `FIGURE name value`; times
//! in milliseconds.

#![allow(clippy::print_stdout, reason = "a command line tool talks to its terminal")]

mod baseline;
mod load;
mod people;

use std::time::Duration;

use anyhow::{Context, Result};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    // `cargo bench` adds its own flag.
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let server = arguments.next().context("the address of the gateway")?;
    let database = arguments.next().context("the URL of its database")?;
    let people = people::everybody();
    let suite = load::Suite::at(&server)?;

    figure("persons", people.len() as u128);
    let enrolled = suite.enrol(&people).await?;
    millis("enrolled_ms", enrolled);
    let baseline = baseline::load(&database, &people).await?;
    millis("baseline_ms", baseline);
    let accepted = suite.push_population(&people).await?;
    millis("accept_ms", accepted);
    let compared = suite.compare().await?;
    millis("compare_ms", compared);
    figure("progress_p99_us", suite.progress().await?.as_micros());
    Ok(())
}

fn millis(name: &str, time: Duration) {
    figure(name, time.as_millis());
}

fn figure(name: &str, value: u128) {
    println!("FIGURE {name} {value}");
}
