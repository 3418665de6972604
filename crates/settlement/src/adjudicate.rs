//! The bills of a person's year through the rules: both insurances, then assistance, then the person (J-6.1-b).

use std::collections::BTreeMap;
use std::sync::Arc;

use juyi_domain::id::SettlementId;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::case::Case;
use juyi_domain::settlement::one_stop::{Settled, combine};
use juyi_domain::settlement::year::{Outcome, receipts_of_year};
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;
use tracing::Instrument;

use crate::aid;
use crate::ledger::{Account, Year};

/// Settles every bill in force anew, in the order of the law.
///
/// # Errors
/// What the law refuses for any of the bills, and the errors of assistance.
pub(crate) async fn adjudicate(
    context: &Context,
    assistance: &Channel,
    year: &Year,
) -> Result<Vec<(SettlementId, Settled)>, Error> {
    let accounts = year.in_force();
    let span = tracing::info_span!("adjudicate", bills = accounts.len());
    let laws = laws(context, &accounts)?;
    let bills: Vec<_> = accounts.iter().copied().zip(insurances(&laws, &accounts, &year.brought.opening)?).collect();
    let gap_of = |id| laws.get(&id).and_then(|law: &Arc<Snapshot>| law.assistance.as_ref().err());
    let aids = aid::assess(assistance, &bills, gap_of).instrument(span).await?;
    let mut settled = Vec::with_capacity(bills.len());
    for ((_, outcome), aid) in bills.into_iter().zip(aids) {
        let law = law_of(&laws, outcome.id)?;
        settled.push((outcome.id, combine(outcome, aid, &law.own_share)));
    }
    Ok(settled)
}

type Laws = BTreeMap<SettlementId, Arc<Snapshot>>;

/// The law of each bill: that of its admission.
fn laws(context: &Context, accounts: &[&Account]) -> Result<Laws, Refusals> {
    let mut refusals = Refusals::default();
    let mut laws = Laws::new();
    for account in accounts {
        let (cover, admitted_on) = (&account.settlement.cover, account.settlement.claim.bill.admitted_on);
        let law = context.policy().for_(cover.district, cover.policy_year, admitted_on);
        laws.extend(refusals.keep(law).map(|law| (account.settlement.id, law)));
    }
    refusals.into_result()?;
    Ok(laws)
}

fn law_of(laws: &Laws, id: SettlementId) -> Result<&Snapshot, Refusal> {
    let law = laws.get(&id).map(AsRef::as_ref);
    law.ok_or_else(|| Refusal::new(Reason::InternalFault, "a bill has no law"))
}

/// Basic and critical illness insurance, each bill by its law.
fn insurances(laws: &Laws, accounts: &[&Account], opening: &Opening) -> Result<Vec<Outcome<Receipt>>, Refusals> {
    let cases: Vec<Case> = accounts.iter().map(|account| account.case()).collect();
    receipts_of_year(&cases, opening, |case| Ok(law_of(laws, case.id)?.law_of_bills()))
}
