//! Parameters of filings.

use juyi_domain::settlement::filings::params::FilingParams;

use crate::reader::{Missing, Reader};

pub(super) fn read(reader: &Reader<'_>) -> Result<FilingParams, Missing> {
    Ok(FilingParams {
        self_paid_kinds: reader.get("filing.self_paid_kinds")?,
        direct_kinds: reader.get("filing.direct_kinds")?,
        direct_channels: reader.get("filing.direct_channels")?,
        fewest_institutions: reader.get("filing.fewest_institutions")?,
        most_institutions: reader.get("filing.most_institutions")?,
        institution_level: reader.get("filing.institution_level")?,
        transfer_level: reader.get("filing.transfer_level")?,
        transfer_months: reader.get("filing.transfer_months")?,
        trip_reasons: reader.get("filing.trip_reasons")?,
        student_months: reader.get("filing.student_months")?,
        others: reader.gap("filing.others")?,
    })
}
