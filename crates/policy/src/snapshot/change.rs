//! Parameters of changes of recorded data.

use juyi_domain::codes::Desk;
use juyi_domain::registry::change::params::{ChangeParams, ChangeRule, Place};
use serde::Deserialize;

use crate::LoadError;
use crate::figure::Row;
use crate::reader::Reader;

/// Columns of a case.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    desks: Vec<Desk>,
    place: Place,
    decided_at: Option<Desk>,
    #[serde(default)]
    one_body: bool,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<ChangeParams, LoadError> {
    let mut rules = Vec::new();
    for (key, row) in reader.each::<Row<Rule>>("change.rule")? {
        let case = reader.code(&row.name, key)?;
        rules.push(row.map(|Row(rule)| ChangeRule {
            case,
            desks: rule.desks.clone(),
            place: rule.place,
            decided_at: rule.decided_at,
            one_body: rule.one_body,
        }));
    }
    Ok(ChangeParams { rules, tax_desk: reader.maybe("change.tax_desk")? })
}
