//! The shape of a law file. Unknown keys are rejected, and no value comes without its clause.

use juyi_domain::codes::District;
use serde::Deserialize;
use toml::value::Datetime;

/// `regime.toml`: the document that governs a policy year in some districts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegimeFile {
    /// Short name, the first part of every parameter path: `tianjin-2021`.
    pub regime: String,
    /// What the document is.
    #[serde(rename = "description")]
    pub _description: String,
    /// Policy year.
    pub policy_year: i32,
    /// Districts the document speaks for.
    pub districts: Vec<District>,
}

/// Any other file: groups of parameters of one regime.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LawFile {
    /// Regime the groups belong to.
    pub regime: String,
    /// Document that prints every value of the file.
    pub document: String,
    /// What the file holds.
    #[serde(rename = "description")]
    pub _description: String,
    /// The groups.
    pub group: Vec<Group>,
}

/// Parameters that share meaning, unit and governing date.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    /// Path below the regime: `inpatient.rate`.
    pub name: String,
    /// What the figures mean.
    #[serde(rename = "description")]
    pub _description: String,
    /// Their unit.
    pub unit: Unit,
    /// The date that selects the value: admission, payment, service, birth and so on.
    #[serde(rename = "governed_by")]
    pub _governed_by: String,
    /// Why this reading of an ambiguous clause is the default.
    #[serde(rename = "reason")]
    pub _reason: Option<String>,
    /// Dated values; those of one key in increasing order of `since`.
    #[serde(default)]
    pub values: Vec<Entry>,
    /// Figures the document does not print.
    #[serde(default)]
    pub unset: Vec<Unset>,
}

/// One dated value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Path below the group; absent when the group is one parameter.
    pub key: Option<String>,
    /// First day it holds.
    pub since: Datetime,
    /// The value, as the document prints it.
    pub value: toml::Value,
    /// Clause path.
    pub section: String,
    /// Rule of the catalogue.
    pub rule_id: String,
    /// True when it is another year's figure, in use until the year's own is known.
    #[serde(default)]
    pub provisional: bool,
}

/// Figures that are not printed. An overlay may supply them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unset {
    /// Paths below the group; absent when the group is one parameter.
    pub keys: Option<Vec<String>>,
    /// Rule that needs the figures.
    pub rule_id: String,
    /// True when the document leaves the figure to the operator, false when it prints no rule at all.
    pub configurable: bool,
    /// Name under the regime by which the gap is reported; the parameter's own when absent.
    pub reported_as: Option<String>,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unit {
    /// Yuan: a whole number, or a text with up to two decimals.
    Yuan,
    /// Percent between 0 and 100: a whole number, or a text with decimals.
    Percent,
    /// Percentage points.
    Points,
    /// A number of things.
    Count,
    /// Calendar months.
    Months,
    /// Calendar days.
    Days,
    /// Full years of age.
    Years,
    /// A day.
    Date,
    /// A period named by its first and last day, both included.
    Period,
    /// `{ months = n }` or `{ days = n }`.
    Grace,
    /// A code of the glossary.
    Code,
    /// Codes of the glossary.
    Codes,
    /// True or false.
    Flag,
    /// Words or digits as printed.
    Text,
    /// A table row with named columns.
    Row,
}
