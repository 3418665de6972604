//! Parameters of basic and critical illness insurance.

use std::collections::BTreeMap;

use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::params::{Band, BasicParams, CriticalIllnessParams, TiltParams};
use serde::Deserialize;

use crate::figure::{Row, percent, yuan};
use crate::reader::{Missing, Reader};

pub(super) fn basic(reader: &Reader<'_>) -> Result<BasicParams, Missing> {
    let mut inpatient_rate = BTreeMap::new();
    for (key, rate) in reader.each::<Rate>("inpatient.rate")? {
        inpatient_rate.insert(reader.codes(&rate.name, key)?, rate);
    }
    if let Some(gap) = reader.gap_of("inpatient.rate").filter(|_| inpatient_rate.is_empty()) {
        return Err(Missing::Gap(gap));
    }
    Ok(BasicParams {
        inpatient_rate,
        deductible: reader.get("inpatient.deductible")?,
        waived_from_stay: reader.get("inpatient.waived_from_stay")?,
        maximum: reader.get("inpatient.maximum")?,
        maximum_basis: reader.get("inpatient.maximum_basis")?,
    })
}

/// Columns of a band.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BandRow {
    #[serde(deserialize_with = "yuan")]
    up_to: Fen,
    #[serde(deserialize_with = "percent")]
    rate: Rate,
}

pub(super) fn critical_illness(reader: &Reader<'_>) -> Result<CriticalIllnessParams, Missing> {
    let threshold: Effective<Fen> = reader.get("critical_illness.threshold")?;
    let threshold_is_provisional = reader.is_provisional("critical_illness.threshold");
    let strict = reader.maybe::<bool>("critical_illness.strict_threshold")?;
    if threshold_is_provisional && strict.is_some_and(|strict| *strict) {
        let gap = reader.gap("critical_illness.threshold");
        return Err(gap.map_or_else(|fault| fault.into(), Missing::Gap));
    }
    let bands = reader.each::<Row<BandRow>>("critical_illness.band")?.into_iter();
    let bands = bands.map(|(_, row)| row.map(|Row(band)| Band { up_to: band.up_to, rate: band.rate })).collect();
    let cumulation = reader.get("critical_illness.cumulation")?;
    Ok(CriticalIllnessParams { threshold, threshold_is_provisional, bands, cumulation, tilt: tilt(reader)? })
}

/// The tilt is printed as a whole or not at all.
fn tilt(reader: &Reader<'_>) -> Result<Option<TiltParams>, Missing> {
    let Some(identities) = reader.maybe("critical_illness.tilt.identities")? else {
        return Ok(None);
    };
    Ok(Some(TiltParams {
        identities,
        threshold_share: reader.required("critical_illness.tilt.threshold_share")?,
        extra_points: reader.required("critical_illness.tilt.extra_points")?,
        unlimited: reader.required("critical_illness.tilt.unlimited")?,
    }))
}
