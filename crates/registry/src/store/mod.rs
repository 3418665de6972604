//! Rows of the registry. One file per table, each with its statements.

pub mod appraisals;
mod asked;
pub mod changes;
pub mod circulars;
pub mod compared;
pub mod comparisons;
pub mod deaths;
pub mod deductions;
pub mod enrolled;
pub mod enrolments;
pub mod facts;
pub mod findings;
pub mod identities;
pub mod noted_payments;
pub mod person_states;
pub mod progress;
pub mod providers;
pub mod records;
pub mod residents;
pub mod responsibilities;
pub mod roster_enrolments;
pub mod roster_people;
pub mod roster_rows;
pub mod rosters;
pub mod standings;
pub mod sub_targets;
pub mod units;
pub mod work_items;

use juyi_db::Migration;

macro_rules! own {
    ($($version:literal $name:literal $file:literal,)*) => {
        [$(Migration { version: $version, name: $name, sql: include_str!(concat!("../../migrations/", $file)) },)*]
    };
}

const OWN: [Migration; 9] = own![
    1001 "registry" "1001_registry.sql",
    1002 "people" "1002_people.sql",
    1003 "reference" "1003_reference.sql",
    1004 "rosters" "1004_rosters.sql",
    1005 "findings" "1005_findings.sql",
    1006 "supervision" "1006_supervision.sql",
    1007 "changes" "1007_changes.sql",
    1008 "person states" "1008_person_states.sql",
    1009 "cancelled enrolments" "1009_cancelled_enrolments.sql",
];

/// Every migration of this service, the kit's included.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    juyi_kit::command::MIGRATIONS.iter().copied().chain(OWN).collect()
}

/// Every statement of this service.
#[must_use]
pub fn statements() -> Vec<&'static str> {
    let tables = [
        residents::STATEMENTS,
        facts::STATEMENTS,
        identities::STATEMENTS,
        enrolments::STATEMENTS,
        enrolled::STATEMENTS,
        noted_payments::STATEMENTS,
        person_states::STATEMENTS,
        changes::STATEMENTS,
        records::STATEMENTS,
        units::STATEMENTS,
        providers::STATEMENTS,
        rosters::STATEMENTS,
        roster_enrolments::STATEMENTS,
        roster_people::STATEMENTS,
        roster_rows::STATEMENTS,
        compared::STATEMENTS,
        comparisons::STATEMENTS,
        findings::STATEMENTS,
        deaths::STATEMENTS,
        deductions::STATEMENTS,
        progress::STATEMENTS,
        sub_targets::STATEMENTS,
        circulars::STATEMENTS,
        appraisals::STATEMENTS,
        work_items::STATEMENTS,
        responsibilities::STATEMENTS,
    ];
    tables.concat().into_iter().chain(findings::upserts()).collect()
}
