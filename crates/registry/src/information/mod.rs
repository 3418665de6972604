//! Information services: what the documents tell the public. Nothing is stored.
//!
//! Each method reads its request, takes the law as it stands today, and asks `juyi_domain::information`.

mod cards;
mod hours;
mod outlets;
mod sources;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use juyi_domain::codes::District;
use juyi_domain::refusal::Refusal;
use juyi_kit::context::Context;
use juyi_policy::Snapshot;

pub(crate) use cards::{check_card_application, get_card_guide, list_card_outlets, look_up_card_bank};
pub(crate) use hours::get_office_hours;
pub(crate) use outlets::{find_outlets, get_outlet, list_outlets};
pub(crate) use sources::{get_document, list_contacts, list_publicity_channels};

/// The law of a year as it stands today: a later policy prevails from its day on (J-13.N-c).
///
/// # Errors
/// POLICY_YEAR_NOT_LOADED, DISTRICT_OUT_OF_SCOPE.
fn law(context: &Context, district: District, policy_year: i32) -> Result<Arc<Snapshot>, Refusal> {
    context.policy().for_(district, policy_year, context.clock().today())
}

/// The law of a year in any district that its document speaks for: what cards, banks and the outlet table concern is the
/// same for all of them.
///
/// # Errors
/// POLICY_YEAR_NOT_LOADED.
fn law_of_year(context: &Context, policy_year: i32) -> Result<Arc<Snapshot>, Refusal> {
    let found = District::ALL.iter().find_map(|district| law(context, *district, policy_year).ok());
    found.map_or_else(|| law(context, District::ALL[0], policy_year), Ok)
}
