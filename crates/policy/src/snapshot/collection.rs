//! Parameters of prepayment and of the deduction from the living subsidy.

use juyi_domain::contribution::deduction::DeductionParams;
use juyi_domain::contribution::prepayment::PrepaymentParams;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn prepayment(reader: &Reader<'_>) -> Result<PrepaymentParams, LoadError> {
    Ok(PrepaymentParams {
        institutions: settle(reader.get("prepayment.institutions"))?,
        premium_times_years: settle(reader.get("prepayment.premium_times_years"))?,
    })
}

pub(super) fn deduction(reader: &Reader<'_>) -> Result<DeductionParams, LoadError> {
    Ok(DeductionParams {
        tier: reader.required("deduction.tier")?,
        collection_window: reader.required("enrolment.collection_window")?,
        insufficient: reader.gap("deduction.insufficient_subsidy")?,
    })
}
