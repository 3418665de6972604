//! What a person registers with the agency before a bill is settled: care outside the city and special diseases.
//!
//! One file per family of rules, each with its check: [`residence`], [`transfer`], [`partner`], [`trip`], [`student`] and
//! [`disease`]. [`register`] tells which filings confirm a bill, [`progress`] what becomes of one. Everything the outline leaves to the city's rules of
//! care elsewhere is refused (J-10.5.3-a): [`params::FilingParams::others`].

pub mod codes;
pub mod disease;
#[cfg(test)]
mod fixtures;
pub mod institution;
pub mod params;
pub mod partner;
pub mod progress;
pub mod region;
pub mod register;
pub mod residence;
pub mod student;
pub mod transfer;
pub mod trip;
