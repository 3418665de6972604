//! What the journeys share: suites in process and as processes, offices that call, people with valid numbers.

pub mod offices;
pub mod people;
pub mod processes;
pub mod suites;
