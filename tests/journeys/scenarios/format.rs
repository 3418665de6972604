//! The format of a scenario file. Unknown keys are refused everywhere.

use juyi_domain::codes::{Category, Desk, District, Identity, Tier};
use serde::Deserialize;

use super::bills::{Reverse, Settle};
use super::enrolments::{Enrol, Pay, Quote};
use super::periods::{Coverage, ListCoverage, PreviewCoverage};
use super::routes::Route;
use super::values::Day;

/// A scenario: people whose set-up is uneventful, and steps whose outcome is compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The name of the file without its extension.
    pub(crate) id: String,
    /// What it shows.
    pub(crate) title: String,
    /// Rules it exercises.
    pub(crate) rules: Vec<String>,
    /// Figures or readings an operator sets, as the `[[set]]` entries of an overlay file.
    #[serde(default)]
    pub(crate) overlay: Vec<toml::Table>,
    /// People.
    #[serde(default)]
    pub(crate) person: Vec<Person>,
    /// Steps, in order.
    #[serde(default)]
    pub(crate) step: Vec<Step>,
}

/// Somebody who is registered before the steps; with `applied` enrolled as well, with `paid` also covered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// How steps call the person.
    pub(crate) id: String,
    pub(crate) born: Day,
    /// Special identities, held from birth, each asserted by the authority that supplies it.
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) category: Category,
    pub(crate) desk: Desk,
    /// Tier asked for.
    pub(crate) tier: Option<Tier>,
    pub(crate) previous_year_insured: Option<bool>,
    /// Day the employees' insurance was interrupted.
    pub(crate) interrupted: Option<Day>,
    /// Day of the application.
    pub(crate) applied: Option<Day>,
    /// Day on which the whole amount due was paid.
    pub(crate) paid: Option<Day>,
}

/// One call with its expected outcome.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Step {
    Enrol(Enrol),
    Quote(Quote),
    Pay(Pay),
    PreviewCoverage(PreviewCoverage),
    ListCoverage(ListCoverage),
    Coverage(Coverage),
    Settle(Settle),
    Reverse(Reverse),
    Route(Route),
}

impl Step {
    /// The kind, as a file spells it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Enrol(_) => "enrol",
            Self::Quote(_) => "quote",
            Self::Pay(_) => "pay",
            Self::PreviewCoverage(_) => "preview_coverage",
            Self::ListCoverage(_) => "list_coverage",
            Self::Coverage(_) => "coverage",
            Self::Settle(_) => "settle",
            Self::Reverse(_) => "reverse",
            Self::Route(_) => "route",
        }
    }
}
