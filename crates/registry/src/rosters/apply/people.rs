//! The persons whom a chunk names: those the registry knows, and those it gets to know.

use std::collections::HashMap;

use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use crate::store::residents::Resident;
use crate::store::roster_people::{self, Known, Span};
use crate::store::roster_rows::Outcome;
use crate::store::rosters::Roster;

/// The rows of a chunk as a span of identity numbers; `None` for no rows.
pub(super) fn maybe_span<'a>(roster: &Roster, rows: &'a [Outcome]) -> Option<Span<'a>> {
    let (first, last) = rows.first().zip(rows.last())?;
    Some(Span { upload_id: roster.upload_id, first: &first.identity_number, last: &last.identity_number })
}

/// The residents whom the rows name, by identity number.
///
/// # Errors
/// Those of the database.
pub(super) async fn known(session: &mut Session, span: Span<'_>) -> Result<HashMap<String, Known>, Error> {
    let known = roster_people::known(session, span).await?;
    Ok(known.into_iter().map(|known| (known.identity_number.clone(), known)).collect())
}

/// A person whom a list makes known to the registry.
///
/// A list names people of its district: who is registered elsewhere is recognised there (J-3.2.5-d) or named with the
/// district.
///
/// # Errors
/// A fault, when the number of an accepted row is none.
pub(super) fn newcomer(context: &Context, roster: &Roster, row: &Outcome) -> Result<Resident, Error> {
    let number = IdentityNumber::parse(&row.identity_number).map_err(|_| Error::Fault("a stored number is none"))?;
    let registered = match row.content.household_district.as_str() {
        "" if row.content.recognised_outside => None,
        "" => Some(roster.district),
        named => named.parse().ok(),
    };
    Ok(Resident {
        id: context.id::<ResidentId>(),
        identity_number: row.identity_number.clone(),
        name: row.content.name.clone(),
        born_on: number.born_on(),
        household_district: registered,
        residence_district: roster.district,
        died_on: None,
        revision: 1,
        recorded_by: roster.recorded_by.clone(),
        created_at: context.now(),
    })
}
