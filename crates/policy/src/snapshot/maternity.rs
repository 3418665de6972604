//! The maternity table.

use juyi_domain::codes::ProviderLevel;
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use serde::Deserialize;
use toml::Value;

use crate::figure::{Figure, Row};
use crate::reader::{Missing, Reader};

/// One row of the maternity table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaternityItem {
    /// Code of the item; with the level where the amount depends on it, for example `INDUCED_LABOUR.LEVEL_2`.
    pub code: String,
    /// Part of the table: `PRENATAL_CHECK`, `CHILDBIRTH` or `FAMILY_PLANNING`.
    pub category: String,
    /// Name as printed.
    pub name: String,
    /// How it is paid.
    pub mode: PayMode,
    /// Hospital level, where the amount depends on it.
    pub level: Option<ProviderLevel>,
    /// First completed week of gestation, inclusive.
    pub weeks_from: Option<u32>,
    /// Week of gestation before which it ends, exclusive.
    pub weeks_to: Option<u32>,
    /// Amount of a limit or a fixed payment.
    pub amount: Option<Fen>,
    /// Rate of an item payment.
    pub rate: Option<Rate>,
}

/// Way of paying a maternity item (J-5.3.T-t).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PayMode {
    /// The cost up to the amount (限额支付).
    Limit,
    /// The amount (定额支付).
    Fixed,
    /// A share of the eligible cost (项目付费).
    ItemRatio,
    /// The inpatient rate of tier and level (J-5.3.T-g).
    InpatientRatio,
}

/// Columns of the table; amounts in yuan, rates in percent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    category: String,
    name: String,
    mode: PayMode,
    level: Option<ProviderLevel>,
    weeks_from: Option<u32>,
    weeks_to: Option<u32>,
    amount: Option<Value>,
    rate: Option<Value>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Effective<MaternityItem>>, Missing> {
    let mut items = Vec::new();
    for (code, row) in reader.each::<Row<Item>>("maternity.item")? {
        let problem = |problem| crate::LoadError::Value { parameter: row.name.to_string(), problem };
        let Row(item) = &row.value;
        let amount = item.amount.as_ref().map(Fen::read).transpose().map_err(problem)?;
        let rate = item.rate.as_ref().map(Rate::read).transpose().map_err(problem)?;
        items.push(row.map(|_| MaternityItem {
            code: code.to_owned(),
            category: item.category.clone(),
            name: item.name.clone(),
            mode: item.mode,
            level: item.level,
            weeks_from: item.weeks_from,
            weeks_to: item.weeks_to,
            amount,
            rate,
        }));
    }
    match reader.gap_of("maternity.item") {
        Some(gap) if items.is_empty() => Err(Missing::Gap(gap)),
        _ => Ok(items),
    }
}
