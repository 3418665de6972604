//! The account of a unit in a policy year.

use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::{Accounts, write};
use crate::store::exceptions;
use crate::store::unit_payments::{self, UnitYear};

/// Payments that an answer shows.
const SHOWN: usize = 1_000;

pub(super) async fn account(of: &Accounts, asked: &UnitYear) -> Result<pb::UnitAccount, Error> {
    Caller::current()?.require_district(asked.district)?;
    let session = &mut of.database.read().await?;
    let sum = unit_payments::sum(session, asked).await?;
    let payments = unit_payments::of_unit(session, asked, 1_001).await?;
    let (open_exceptions, open_difference) = exceptions::count_open(session, asked).await?;
    let declared = unit_payments::declared(session, asked).await?;
    Ok(pb::UnitAccount {
        unit_id: asked.unit_id.clone(),
        district: asked.district.to_string(),
        policy_year: asked.policy_year,
        declared_fen: declared.declared.get(),
        confirmed_fen: declared.confirmed.get(),
        exception_fen: declared.exceptions.get(),
        has_more_payments: payments.len() > SHOWN,
        paid_fen: sum.paid.get(),
        refunded_fen: sum.refunded.get(),
        subsidy_fen: sum.subsidy.get(),
        outstanding_fen: declared.open.get(),
        open_exceptions,
        open_difference_fen: open_difference.get(),
        payments: payments.iter().take(SHOWN).map(write::unit_payment).collect(),
    })
}
