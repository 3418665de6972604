//! Institutions that a filing names.

use serde::{Deserialize, Serialize};

use super::region::Region;
use crate::codes::ProviderLevel;

/// A medical institution elsewhere, with its attributes on the day of the filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Institution {
    /// Code; national name `fixmedins_code`.
    pub provider_code: String,
    /// Level; `None` for an ungraded institution.
    pub level: Option<ProviderLevel>,
    /// Where it lies.
    pub region: Region,
    /// Designated for the insurance there (定点).
    pub designated: bool,
}

/// True when a code is among the institutions of the highest level (最高级别医疗机构).
#[must_use]
pub fn is_of_highest_level(institutions: &[Institution], provider_code: &str) -> bool {
    let highest = institutions.iter().filter_map(|institution| institution.level).max();
    let mut found = institutions.iter().filter(|institution| institution.provider_code == provider_code);
    found.any(|institution| institution.level.is_some() && institution.level == highest)
}
