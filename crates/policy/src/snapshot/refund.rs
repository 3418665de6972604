//! Parameters of refunds.

use juyi_domain::contribution::refund::params::RefundParams;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<RefundParams, LoadError> {
    Ok(RefundParams {
        grounds: settle(reader.get("refund.grounds"))?,
        desk: reader.required("refund.desk")?,
        repaid_by: settle(reader.get("refund.repaid_by"))?,
        loan_months: settle(reader.get("refund.loan_months"))?,
        death_last_day: settle(reader.get("refund.death_last_day"))?,
        others: reader.gap("refund.others")?,
    })
}
