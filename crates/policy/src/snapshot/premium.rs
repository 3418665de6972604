//! Parameters of premium and subsidy.

use std::collections::BTreeMap;

use juyi_domain::codes::{Class, Identity, Tier};
use juyi_domain::contribution::params::{Increase, PremiumParams, PrescribedTier, SubsidyGround};
use juyi_domain::effective::{Effective, Gap};
use juyi_domain::money::Fen;
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::{Reader, settle};

/// Columns of a ground of subsidy.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ground {
    class: Option<Class>,
    #[serde(default)]
    requires: Vec<Identity>,
    #[serde(default)]
    any_of: Vec<Identity>,
    #[serde(default)]
    excludes: Vec<Identity>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<PremiumParams, LoadError> {
    Ok(PremiumParams {
        personal: by_class_and_tier(reader, "premium.personal")?,
        government: government(reader)?,
        subsidies: subsidies(reader)?,
        prescribed_tiers: prescribed_tiers(reader)?,
        subsidised_tier: subsidised_tier(reader)?,
        free_insurances: reader.maybe("premium.free_insurances")?,
        internal_transfer: settle(reader.if_declared("premium.internal_transfer"))?,
        increase: increase(reader)?,
        treasury: reader.maybe("premium.treasury")?,
    })
}

/// The three figures are printed together or not at all.
fn increase(reader: &Reader<'_>) -> Result<Option<Increase>, LoadError> {
    let part = |name| reader.maybe(&format!("premium.increase.{name}"));
    let (personal, government, total) = (part("PERSONAL")?, part("GOVERNMENT")?, part("TOTAL")?);
    let parts = personal.zip(government).zip(total);
    Ok(parts.map(|((personal, government), total)| Increase { personal, government, total }))
}

type Amounts = BTreeMap<(Class, Tier), Effective<Fen>>;

fn by_class_and_tier(reader: &Reader<'_>, group: &str) -> Result<Amounts, LoadError> {
    let amounts = reader.each::<Fen>(group)?.into_iter();
    amounts.map(|(key, amount)| Ok((reader.codes(&amount.name, key)?, amount))).collect()
}

/// The gap stays until one amount is known; then a class and tier without an amount is missing in the map.
fn government(reader: &Reader<'_>) -> Result<Result<Amounts, Gap>, LoadError> {
    let amounts = by_class_and_tier(reader, "premium.government")?;
    match reader.gap_of("premium.government") {
        Some(gap) if amounts.is_empty() => Ok(Err(gap)),
        _ => Ok(Ok(amounts)),
    }
}

fn subsidies(reader: &Reader<'_>) -> Result<Vec<Effective<SubsidyGround>>, LoadError> {
    let mut grounds = Vec::new();
    for (code, row) in reader.each::<Row<Ground>>("premium.subsidy")? {
        grounds.push(row.map(|Row(ground)| SubsidyGround {
            code: code.to_owned(),
            class: ground.class,
            requires: ground.requires.clone(),
            any_of: ground.any_of.clone(),
            excludes: ground.excludes.clone(),
        }));
    }
    Ok(grounds)
}

/// The gap behind every identity to which no tier is prescribed, named after the group.
fn subsidised_tier(reader: &Reader<'_>) -> Result<Gap, LoadError> {
    let group = "premium.subsidised_tier";
    let gap = reader.gap_of(group).ok_or_else(|| LoadError::Required { parameter: reader.path(group) })?;
    Ok(Gap { parameter: reader.path(group).into(), ..gap })
}

fn prescribed_tiers(reader: &Reader<'_>) -> Result<Vec<Effective<PrescribedTier>>, LoadError> {
    let mut tiers = Vec::new();
    for (key, tier) in reader.each::<Tier>("premium.subsidised_tier")? {
        let identity = reader.code(&tier.name, key)?;
        tiers.push(tier.map(|tier| PrescribedTier { identity, tier: *tier }));
    }
    Ok(tiers)
}
