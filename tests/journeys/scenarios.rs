//! The scenarios of `tests/scenarios`: data in, calls through the gateway, outcomes compared to the fen.
//!
//! A scenario is a TOML file: people, whom the set-up registers, enrols and covers, and steps, each one call with its
//! expected outcome ([`format`]). Every difference of every scenario is reported at once. To add one, copy a file that
//! is close; a file says what it means in yuan, ISO dates and the codes of the glossary.

mod bills;
mod births;
mod claims;
mod collections;
mod conservation;
mod differences;
mod enrolments;
mod facts;
mod files;
mod filings;
pub(crate) mod format;
mod periods;
mod person_years;
mod routes;
pub(crate) mod stage;
mod totals;
mod values;
mod written_bill;

use juyi_tests::offices::Clients;
use juyi_tests::suites::{self, Running};

use differences::Differences;
use format::{Scenario, Step};
use stage::Stage;

#[tokio::test]
async fn scenarios() {
    let mut differences = Vec::new();
    let by_law = files::by_law(&mut differences);
    assert!(!by_law.is_empty(), "no scenario was read: {differences:?}");
    for (overlay, scenarios) in by_law {
        for running in suites_under(&overlay).await.unwrap() {
            let clients = Clients::new(&running.gateway);
            let mut sequence = 0;
            for scenario in &scenarios {
                let found = Box::pin(play(&clients, scenario.clone(), &mut sequence)).await;
                differences.extend(found.into_iter().map(|line| format!("{line} [{}]", running.database)));
            }
            running.suite.stop().await.unwrap();
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// A suite whose law has the overlay, on each database at hand.
pub(crate) async fn suites_under(overlay: &str) -> std::io::Result<Vec<Running>> {
    let mut suites = Vec::new();
    for (database, url) in [("sqlite", None), ("postgres", juyi_testkit::database::postgres_url().await)] {
        let (mut config, directory) = suites::sqlite();
        match url {
            Some(url) => config.database.url = url,
            None if database == "postgres" => continue,
            None => {}
        }
        if !overlay.is_empty() {
            let path = directory.path().join("overlay.toml");
            std::fs::write(&path, overlay)?;
            config.policy.overlay = path.display().to_string();
        }
        suites.push(suites::start(&config, database, Some(directory)).await);
    }
    Ok(suites)
}

/// Plays a scenario to its end, whatever differs on the way, and gives the differences.
async fn play(clients: &Clients, scenario: Scenario, sequence: &mut u32) -> Vec<String> {
    let Scenario { id, person, step: steps, .. } = scenario;
    let mut stage = match Stage::set(clients, &id, &person, sequence).await {
        Ok(stage) => stage,
        Err(error) => return vec![format!("{id}: {error}")],
    };
    let mut lines = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let mut differences = Differences::at(format!("{id} step {} ({})", index + 1, step.kind()));
        if let Err(error) = Box::pin(take(&mut stage, step, &mut differences)).await {
            differences.failed(error);
        }
        lines.extend(differences.into_lines());
    }
    match conservation::of_everybody(&stage).await {
        Ok(found) => lines.extend(found),
        Err(error) => lines.push(format!("{id} at its end: {error}")),
    }
    lines
}

async fn take(stage: &mut Stage<'_>, step: Step, differences: &mut Differences) -> Result<(), String> {
    match step {
        Step::Enrol(step) => enrolments::enrol(stage, step, differences).await,
        Step::Quote(step) => enrolments::quote(stage, step, differences).await,
        Step::Pay(step) => enrolments::pay(stage, step, differences).await,
        Step::Declare(step) => collections::declare(stage, step, differences).await,
        Step::Deduct(step) => collections::deduct(stage, step, differences).await,
        Step::UsePrepayment(step) => collections::use_prepayment(stage, step, differences).await,
        Step::Refund(step) => collections::refund(stage, step, differences).await,
        Step::Tell(step) => facts::tell(stage, step, differences).await,
        Step::PreviewCoverage(step) => periods::preview(stage, step, differences).await,
        Step::ListCoverage(step) => periods::list(stage, step, differences).await,
        Step::Coverage(step) => periods::coverage(stage, step, differences).await,
        Step::FileResidence(step) => filings::residence(stage, step, differences).await,
        Step::FileTransfer(step) => filings::transfer(stage, step, differences).await,
        Step::RecordTrip(step) => filings::trip(stage, step, differences).await,
        Step::RegisterDisease(step) => filings::disease(stage, step, differences).await,
        Step::Settle(step) => bills::settle(stage, *step, differences).await,
        Step::RegisterBirth(step) => births::register_birth(stage, step, differences).await,
        Step::RegisterBenefit(step) => births::register_benefit(stage, step, differences).await,
        Step::SettleBirth(step) => Box::pin(births::settle(stage, step, differences)).await,
        Step::Reverse(step) => bills::reverse(stage, step, differences).await,
        Step::FileClaim(step) => claims::file(stage, step, differences).await,
        Step::MoveClaim(step) => claims::move_on(stage, step, differences).await,
        Step::ImportOpening(step) => person_years::import(stage, step, differences).await,
        Step::GetOpening(step) => person_years::get(stage, step, differences).await,
        Step::CloseYear(step) => person_years::close(stage, step, differences).await,
        Step::SignFamilyDoctor(step) => person_years::sign(stage, step, differences).await,
        Step::Route(step) => routes::route(stage, step, differences).await,
    }
}
