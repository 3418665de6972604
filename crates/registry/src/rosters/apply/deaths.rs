//! Lists of deaths (J-A1.3-j): the day is recorded, and whoever has to know is told. Nothing is reversed.

use juyi_db::Session;
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::identities::{admit, maybe_day};
use super::{Refused, people};
use crate::deaths;
use crate::store::roster_people;
use crate::store::roster_rows::Outcome;
use crate::store::rosters::Roster;

/// Records the deaths of those whom the registry knows. A list names others too: it is not asked who is insured.
pub(super) async fn effects(
    session: &mut Session,
    context: &Context,
    roster: &Roster,
    rows: &[Outcome],
) -> Result<Refused, Error> {
    let Some(span) = people::maybe_span(roster, rows) else { return Ok(Vec::new()) };
    roster_people::lock(session, span).await?;
    let known = people::known(session, span).await?;
    let mut refused = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let Some(known) = known.get(&row.identity_number) else { continue };
        if let Err(refusals) = admit(roster, row, known) {
            refused.push((place, refusals));
            continue;
        }
        let died_on = if row.content.withdrawn { None } else { maybe_day(&row.content.death_date)? };
        if died_on == known.died_on {
            continue;
        }
        roster_people::update_death(session, known.resident_id, died_on).await?;
        deaths::announce(session, context, known.resident_id, died_on).await?;
    }
    Ok(refused)
}
