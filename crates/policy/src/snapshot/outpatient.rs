//! Parameters of basic insurance for outpatient care.

use std::collections::BTreeMap;

use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::outpatient::params::{FamilyDoctorParams, GeneralFeeParams, OutpatientParams};

use super::exclusions;
use crate::LoadError;
use crate::reader::{Missing, Reader};

pub(super) fn read(reader: &Reader<'_>) -> Result<OutpatientParams, Missing> {
    let mut rate = BTreeMap::new();
    for (key, printed) in reader.each::<Rate>("outpatient.rate")? {
        rate.insert(reader.codes(&printed.name, key)?, printed);
    }
    let mut venue = BTreeMap::new();
    for (key, named) in reader.each::<bool>("outpatient.venue")? {
        venue.insert(reader.code(&named.name, key)?, named);
    }
    Ok(OutpatientParams {
        exclusions: exclusions::read(reader)?,
        venues: reader.get("outpatient.venues")?,
        venue,
        rate,
        deductible: reader.get("outpatient.deductible")?,
        maximum: reader.get("outpatient.maximum")?,
        maximum_basis: reader.get("outpatient.maximum_basis")?,
        reductions: reductions(reader)?,
        reduction_requires_full_year: reader.get("outpatient.reduction_requires_full_year")?,
        restoration: reader.get("outpatient.restoration")?,
        carry_over: reader.get("outpatient.carry_over")?,
        general_fee: general_fee(reader)?,
        family_doctor: family_doctor(reader)?,
    })
}

/// In the order of the years in a row, which are the keys.
fn reductions(reader: &Reader<'_>) -> Result<Vec<Effective<Fen>>, LoadError> {
    let mut by_years = BTreeMap::new();
    for (key, reduction) in reader.each::<Fen>("outpatient.reduction")? {
        by_years.insert(reader.code::<u32>(&reduction.name, key)?, reduction);
    }
    Ok(by_years.into_values().collect())
}

/// The fee is printed as a whole or not at all.
fn general_fee(reader: &Reader<'_>) -> Result<Option<GeneralFeeParams>, Missing> {
    let Some(contains) = reader.maybe("village_general_fee.contains")? else { return Ok(None) };
    let mut rate = BTreeMap::new();
    for (key, printed) in reader.each::<Rate>("village_general_fee.rate")? {
        rate.insert(reader.code(&printed.name, key)?, printed);
    }
    Ok(Some(GeneralFeeParams {
        rate,
        contains,
        restores: reader.required("village_general_fee.general_fee_restores")?,
        counts_for_reduction: reader.required("village_general_fee.general_fee_counts_for_reduction")?,
    }))
}

/// The bonus is printed as a whole or not at all.
pub(super) fn family_doctor(reader: &Reader<'_>) -> Result<Option<FamilyDoctorParams>, LoadError> {
    let Some(amount) = reader.maybe("family_doctor.amount")? else { return Ok(None) };
    Ok(Some(FamilyDoctorParams {
        amount,
        points: reader.required("family_doctor.points")?,
        scope: reader.required("family_doctor.family_doctor_scope")?,
        carried_over: reader.required("family_doctor.carry_over_includes_family_doctor")?,
    }))
}
