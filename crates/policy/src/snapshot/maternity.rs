//! The maternity table.

use juyi_domain::codes::ProviderLevel;
use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};
use juyi_domain::settlement::maternity::params::{
    MaternityCategory, MaternityItem, MaternityParams, MaternityPay, MaternityRow, Weeks,
};
use serde::Deserialize;
use toml::Value;

use super::exclusions;
use crate::LoadError;
use crate::figure::{Figure, Row};
use crate::reader::{Missing, Reader};

/// Columns of the table; amounts in yuan, rates in percent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    category: MaternityCategory,
    name: String,
    mode: PayMode,
    level: Option<ProviderLevel>,
    weeks_from: Option<u32>,
    weeks_to: Option<u32>,
    amount: Option<Value>,
    rate: Option<Value>,
}

/// Way of paying (J-5.3.T-t).
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum PayMode {
    Limit,
    Fixed,
    ItemRatio,
    InpatientRatio,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<MaternityParams, Missing> {
    let mut rows = Vec::new();
    for (key, row) in reader.each::<Row<Item>>("maternity.item")? {
        rows.push(typed(reader, key, &row)?);
    }
    if let Some(gap) = reader.gap_of("maternity.item").filter(|_| rows.is_empty()) {
        return Err(Missing::Gap(gap));
    }
    let exclusions = exclusions::read(reader)?;
    Ok(MaternityParams { exclusions, rows, fixed_capped_at_cost: reader.get("maternity.fixed_capped_at_cost")? })
}

/// A row whose figure is the one its way of paying needs. The key is the item, with the level where the row has one.
fn typed(reader: &Reader<'_>, key: &str, row: &Effective<Row<Item>>) -> Result<Effective<MaternityRow>, LoadError> {
    let problem = |problem: String| LoadError::Value { parameter: row.name.to_string(), problem };
    let Row(item) = &row.value;
    let (code, level) = match key.split_once('.') {
        None => (reader.code::<MaternityItem>(&row.name, key)?, None),
        Some(_) => {
            let (code, level) = reader.codes::<MaternityItem, ProviderLevel>(&row.name, key)?;
            (code, Some(level))
        }
    };
    if level != item.level {
        return Err(problem("the level of the row is not that of its key".to_owned()));
    }
    let amount = item.amount.as_ref().map(Fen::read).transpose().map_err(problem)?;
    let rate = item.rate.as_ref().map(Rate::read).transpose().map_err(problem)?;
    let pay = match (item.mode, amount, rate) {
        (PayMode::Limit, Some(amount), None) => MaternityPay::Limit(amount),
        (PayMode::Fixed, Some(amount), None) => MaternityPay::Fixed(amount),
        (PayMode::ItemRatio, None, Some(rate)) => MaternityPay::ItemRatio(rate),
        (PayMode::InpatientRatio, None, None) => MaternityPay::InpatientRatio,
        _ => {
            let detail = "LIMIT and FIXED have an amount, ITEM_RATIO a rate, INPATIENT_RATIO neither";
            return Err(problem(detail.to_owned()));
        }
    };
    let weeks = match (item.weeks_from, item.weeks_to) {
        (None, None) => None,
        (Some(from), to) if to.is_none_or(|to| from < to) => Some(Weeks { from, to }),
        _ => return Err(problem("the first week lies before the last".to_owned())),
    };
    let (category, name) = (item.category, item.name.clone());
    Ok(row.map(|_| MaternityRow { item: code, category, name, level, weeks, pay }))
}
