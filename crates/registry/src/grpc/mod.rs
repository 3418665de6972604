//! The contracts of `juyi.registry.v1`: one file per service, each method handed to its area.

mod enrolled;
mod information;
mod reference;
mod registry;
mod roster;
mod supervision;
