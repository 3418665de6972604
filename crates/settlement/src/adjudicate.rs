//! The bills of a person's year through the rules: both insurances, then assistance, then the person (J-6.1-b).

use std::collections::BTreeMap;
use std::sync::Arc;

use juyi_domain::id::SettlementId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::one_stop::{Settled, combine};
use juyi_domain::settlement::year::{BillParams, Outcome, adjudicate_year};
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
    let bills: Vec<_> = accounts.iter().copied().zip(insurances(context, &accounts)?).collect();
    let aids = aid::assess(assistance, &bills).instrument(span).await?;
    Ok(bills.iter().zip(&aids).map(|((_, outcome), aid)| (outcome.id, combine(outcome, aid))).collect())
}

/// Basic and critical illness insurance, each bill by the law of its admission.
fn insurances(context: &Context, accounts: &[&Account]) -> Result<Vec<Outcome>, Refusals> {
    let mut refusals = Refusals::default();
    let mut laws: BTreeMap<SettlementId, Arc<Snapshot>> = BTreeMap::new();
    for account in accounts {
        let (cover, admitted_on) = (&account.settlement.cover, account.settlement.claim.admitted_on);
        let law = context.policy().for_(cover.district, cover.policy_year, admitted_on);
        laws.extend(refusals.keep(law).map(|law| (account.settlement.id, law)));
    }
    refusals.into_result()?;
    let bills: Vec<Bill> = accounts.iter().map(|account| account.bill()).collect();
    adjudicate_year(&bills, |bill| match laws.get(&bill.id) {
        Some(law) => params(law),
        None => Err(Refusal::new(Reason::InternalFault, "a bill has no law").into()),
    })
}

/// The law of one bill, or every gap in it.
fn params(law: &Snapshot) -> Result<BillParams<'_>, Refusals> {
    let mut refusals = Refusals::default();
    let basic = refusals.keep(law.basic.as_ref().map_err(Clone::clone));
    let critical_illness = refusals.keep(law.critical_illness.as_ref().map_err(Clone::clone));
    match (basic, critical_illness) {
        (Some(basic), Some(critical_illness)) => Ok(BillParams { basic, critical_illness }),
        _ => Err(refusals),
    }
}
