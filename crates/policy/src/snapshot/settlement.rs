//! Parameters of basic and critical illness insurance.

use juyi_domain::codes::Identity;
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::care::CareKind;
use juyi_domain::settlement::params::{
    Account, Band, BasicParams, CriticalIllnessParams, ElsewhereParams, HomeBedParams, IncomeParams, Rates,
    SpecialOutpatientParams, TiltParams,
};
use serde::Deserialize;

use super::{exclusions, outpatient};
use crate::LoadError;
use crate::figure::{Figure, Row, percent, yuan};
use crate::reader::{Missing, Reader, settle};

/// Whose inpatient rate is higher, by a share of a rate that is not printed (B-5.5-c).
pub(super) fn raised_rate(reader: &Reader<'_>) -> Result<Option<Effective<Vec<Identity>>>, LoadError> {
    reader.maybe("inpatient.raised_rate_identities")
}

pub(super) fn basic(reader: &Reader<'_>) -> Result<BasicParams, Missing> {
    // Read first: they may be printed or supplied where nothing of inpatient care is.
    let balance_raises_maximum = reader.maybe("inpatient.balance_raises_maximum")?;
    let cross_year_stay_counts_in = reader.maybe("inpatient.cross_year_stay_counts_in")?;
    let family_doctor = outpatient::family_doctor(reader)?;
    let (special_outpatient, home_bed) = (settle(special_outpatient(reader))?, settle(home_bed(reader))?);
    let elsewhere = settle(elsewhere(reader))?;
    let inpatient_rate = rates(reader, "inpatient.rate")?;
    for figure in ["inpatient.deductible_account", "inpatient.maximum_account"] {
        shared(reader, figure)?;
    }
    Ok(BasicParams {
        exclusions: exclusions::read(reader)?,
        inpatient_rate,
        deductible: reader.get("inpatient.deductible")?,
        waived_from_stay: reader.get("inpatient.waived_from_stay")?,
        maximum: reader.get("inpatient.maximum")?,
        maximum_basis: reader.get("inpatient.maximum_basis")?,
        cross_year_stay_counts_in,
        family_doctor,
        balance_raises_maximum,
        special_outpatient,
        home_bed,
        elsewhere,
    })
}

/// Rates by level and tier; a gap where the document prints none.
fn rates(reader: &Reader<'_>, group: &str) -> Result<Rates, Missing> {
    let mut rates = Rates::new();
    for (key, rate) in reader.each::<Rate>(group)? {
        rates.insert(reader.codes(&rate.name, key)?, rate);
    }
    match reader.gap_of(group).filter(|_| rates.is_empty()) {
        Some(gap) => Err(Missing::Gap(gap)),
        None => Ok(rates),
    }
}

/// The account of a deductible or a maximum that the kinds of inpatient and special outpatient care have together; the
/// rules of settlement know no other one for them.
fn shared(reader: &Reader<'_>, figure: &str) -> Result<Effective<Account>, Missing> {
    only(reader, figure, &Account::InpatientAndSpecial, Account::as_str)
}

/// A figure for which the rules of settlement know a single value.
fn only<T: Figure + PartialEq + Copy>(
    reader: &Reader<'_>,
    figure: &str,
    value: &T,
    code: impl Fn(T) -> &'static str,
) -> Result<Effective<T>, Missing> {
    let found = reader.get::<T>(figure)?;
    if found.value == *value {
        return Ok(found);
    }
    let problem = format!("only {} has rules of settlement", code(*value));
    Err(LoadError::Value { parameter: reader.path(figure), problem }.into())
}

fn special_outpatient(reader: &Reader<'_>) -> Result<SpecialOutpatientParams, Missing> {
    Ok(SpecialOutpatientParams {
        rate: rates(reader, "special_outpatient.rate")?,
        deductible: shared(reader, "special_outpatient.deductible_account")?,
        maximum: shared(reader, "special_outpatient.maximum_account")?,
    })
}

fn home_bed(reader: &Reader<'_>) -> Result<HomeBedParams, Missing> {
    only(reader, "home_bed.rates_of", &CareKind::Inpatient, CareKind::as_str)?;
    shared(reader, "home_bed.maximum_account")?;
    Ok(HomeBedParams {
        account: shared(reader, "home_bed.deductible_account")?,
        days_per_year: reader.get("home_bed.days_per_year")?,
    })
}

fn elsewhere(reader: &Reader<'_>) -> Result<ElsewhereParams, Missing> {
    Ok(ElsewhereParams {
        normal_points: reader.get("out_of_area.normal_points")?,
        transfer_points: reader.get("out_of_area.transfer_points")?,
        partner_points: reader.get("out_of_area.partner_points")?,
        self_chosen_points: reader.get("out_of_area.self_chosen_points")?,
        self_chosen_levels: reader.get("out_of_area.self_chosen_levels")?,
        one_bill: reader.get("out_of_area.one_bill")?,
        penalty_in_burden: reader.get("out_of_area.penalty_in_burden")?,
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
    let stated: Effective<Fen> = reader.get("critical_illness.threshold")?;
    let stated_is_provisional = reader.is_provisional("critical_illness.threshold");
    // A threshold of the year prevails over the income that it would follow from.
    let income = income(reader)?.filter(|_| stated_is_provisional);
    let threshold_is_provisional = stated_is_provisional && income.is_none();
    let threshold = income.as_ref().map_or(stated, IncomeParams::threshold);
    let strict = reader.maybe::<bool>("critical_illness.strict_threshold")?;
    if threshold_is_provisional && strict.is_some_and(|strict| *strict) {
        let gap = reader.gap("critical_illness.threshold");
        return Err(gap.map_or_else(|fault| fault.into(), Missing::Gap));
    }
    let bands = reader.each::<Row<BandRow>>("critical_illness.band")?.into_iter();
    let bands = bands.map(|(_, row)| row.map(|Row(band)| Band { up_to: band.up_to, rate: band.rate })).collect();
    let cumulation = reader.get("critical_illness.cumulation")?;
    let supplied_burden = reader.get("critical_illness.supplied_burden")?;
    let tilt = tilt(reader)?;
    Ok(CriticalIllnessParams { threshold, income, threshold_is_provisional, bands, cumulation, tilt, supplied_burden })
}

/// The income of the year before, once an operator states it: from its day on, as any later figure (J-13.N-c).
fn income(reader: &Reader<'_>) -> Result<Option<IncomeParams>, LoadError> {
    let share = reader.maybe("critical_illness.income_share")?;
    let per_head = reader.maybe::<Fen>("critical_illness.income")?.filter(|income| income.since <= reader.on());
    Ok(per_head.zip(share).map(|(per_head, share)| IncomeParams { per_head, share }))
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
        above_last_band: reader.required("critical_illness.tilt.tilt_above_300000_rate")?,
    }))
}
