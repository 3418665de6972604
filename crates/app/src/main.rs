//! `juyi`: the whole suite, one of its services, or the demo.

use std::process::ExitCode;

use clap::Parser;
use juyi::command::Command;

#[tokio::main]
async fn main() -> ExitCode {
    match Command::parse().run().await {
        Ok(code) => code,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the one place that tells an operator why nothing runs")]
            {
                eprintln!("juyi: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}
