//! Reconciliations through the generated client.

pub(crate) mod suite;

mod conservation;
mod streams;
mod totals;
mod worked_off;

use juyi_proto::contribution::v1 as pb;

/// Kind, state and difference in yuan of each exception, in words.
fn written(exceptions: &[pb::ReconciliationException]) -> Vec<String> {
    let mut written: Vec<_> = exceptions
        .iter()
        .map(|found| {
            let kind = found.kind().as_str_name().trim_start_matches("EXCEPTION_KIND_");
            let state = found.state().as_str_name().trim_start_matches("EXCEPTION_STATE_");
            format!("{kind} {state} {}", found.difference_fen / 100)
        })
        .collect();
    written.sort();
    written
}

fn adds_up(found: &pb::Reconciliation) -> bool {
    found.tax_fen - found.own_fen == found.explained_fen + found.unexplained_fen
}
