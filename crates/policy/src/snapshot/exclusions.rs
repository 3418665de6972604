//! What holds of every bill, whatever the kind of care.

use juyi_domain::settlement::params::ExclusionParams;

use crate::LoadError;
use crate::reader::{Reader, settle};

pub(super) fn read(reader: &Reader<'_>) -> Result<ExclusionParams, LoadError> {
    Ok(ExclusionParams {
        catalogues: reader.required("exclusion.catalogues")?,
        outside_catalogues: reader.required("exclusion.outside_catalogues")?,
        undesignated: reader.required("exclusion.undesignated")?,
        outside_border: settle(reader.get("exclusion.outside_border"))?,
        public_health: settle(reader.get("exclusion.public_health"))?,
        third_party: settle(reader.get("exclusion.third_party"))?,
        other_cost: reader.gap("exclusion.other_cost")?,
    })
}
