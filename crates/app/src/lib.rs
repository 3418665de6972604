//! The composition root: configuration, the suite in one process or as one service of several, the demo.
//!
//! [`suite::Suite`] is what `juyi all` runs and what a test starts in process; [`command`] is the command line.
//!
//! To add a service: its section in [`config`], its line in [`compose`], its command in [`command`].

pub mod command;
pub mod compose;
pub mod config;
pub mod demo;
pub mod suite;
