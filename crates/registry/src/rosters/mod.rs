//! Rosters: lists that offices push, row by row.
//!
//! A stream goes through `header` (what it is, whose duty), `intake` (rows from messages or from `csv`, each checked by
//! `row`), `stage` (into the database while it comes), `close` (it becomes a roster, or leaves nothing) and `apply` (its
//! effect on the registry). `read` and `data_sets` answer questions, `upkeep` goes on with what a process left that died.
//!
//! To add a kind of list: its code, its identities in `juyi_domain::registry::roster`, its checks in `roster_row`, its
//! office in the law's `data-sets.toml` and, where it changes the registry, its file in `apply`.

mod apply;
mod close;
mod csv;
mod data_sets;
mod header;
mod intake;
mod read;
mod row;
mod stage;
mod submit;
#[cfg(test)]
mod tests;
pub(crate) mod upkeep;
mod write;

pub(crate) use data_sets::list_data_sets;
pub(crate) use read::{get_roster, list_roster_rows, list_rosters};
pub(crate) use submit::submit_roster;
