//! Lists of identities: residents the registry does not know are registered, periods asserted, ended and taken back.
//! Who is not on a list keeps the identity; the comparison tells.

use std::collections::HashMap;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::Identity;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::roster_effect::{Effect, Held, Said, effects as decide};
use juyi_domain::registry::{authority, roster};
use juyi_kit::context::Context;
use juyi_kit::error::Error;

use super::{Refused, another_person, people};
use crate::store::identities::{self, Ended};
use crate::store::residents::Resident;
use crate::store::roster_people::{self, Asserted, Known, KnownIdentity};
use crate::store::roster_rows::{Content, Outcome};
use crate::store::rosters::Roster;

/// Asserts what the rows say, as the office that pushed the roster (J-3.2.5-b).
pub(super) async fn effects(
    session: &mut Session,
    context: &Context,
    roster: &Roster,
    rows: &[Outcome],
) -> Result<Refused, Error> {
    let Some(span) = people::maybe_span(roster, rows) else { return Ok(Vec::new()) };
    roster_people::lock(session, span).await?;
    let known = people::known(session, span).await?;
    let mut held: HashMap<ResidentId, Vec<KnownIdentity>> = HashMap::new();
    for period in roster_people::identities(session, span).await? {
        held.entry(period.resident_id).or_default().push(period);
    }
    let mut plan = Plan::default();
    for (place, row) in rows.iter().enumerate() {
        let Some(identity) = identity_of(roster, row) else { return Err(Error::Fault("a row names no identity")) };
        let said = said(roster, &row.content)?;
        if let Err(refusal) = recognised(roster, identity, row) {
            plan.refused.push((place, refusal.into()));
            continue;
        }
        match known.get(&row.identity_number) {
            Some(known) => match admit(roster, row, known) {
                Ok(()) => {
                    let held = held.get(&known.resident_id).map_or(&[][..], Vec::as_slice);
                    let held = held.iter().filter(|period| period.identity == identity).collect();
                    plan.add(context, &Named { resident_id: known.resident_id, row, identity, said, held });
                }
                Err(refusals) => plan.refused.push((place, refusals)),
            },
            // Nothing was said of somebody unknown, so there is nothing to take back.
            None if row.content.withdrawn => {}
            None => {
                let newcomer = people::newcomer(context, roster, row)?;
                plan.add(context, &Named { resident_id: newcomer.id, row, identity, said, held: Vec::new() });
                plan.newcomers.push(newcomer);
            }
        }
    }
    plan.store(session, context, roster).await
}

/// A person with what the list says.
struct Named<'a> {
    resident_id: ResidentId,
    row: &'a Outcome,
    identity: Identity,
    said: Said,
    /// Periods of this identity.
    held: Vec<&'a KnownIdentity>,
}

/// The changes of a chunk.
#[derive(Default)]
struct Plan {
    newcomers: Vec<Resident>,
    asserted: Vec<Asserted>,
    ended: Vec<(KnownIdentity, NaiveDate)>,
    refused: Refused,
}

impl Plan {
    fn add(&mut self, context: &Context, named: &Named<'_>) {
        let Named { resident_id, row, identity, said, ref held } = *named;
        let periods: Vec<_> = held.iter().map(|it| Held { start_on: it.start_on, end_on: it.end_on }).collect();
        for effect in decide(&periods, said) {
            match effect {
                Effect::Assert(Held { start_on, end_on }) => self.asserted.push(Asserted {
                    period: KnownIdentity { resident_id, id: context.id(), identity, start_on, end_on },
                    recognised_outside: row.content.recognised_outside,
                }),
                Effect::End { place, end_on } => self.ended.push((held[place].clone(), end_on)),
            }
        }
    }

    async fn store(self, session: &mut Session, context: &Context, roster: &Roster) -> Result<Refused, Error> {
        let (by, now) = (&roster.recorded_by, context.now());
        roster_people::insert_residents(session, &self.newcomers).await?;
        roster_people::insert_identities(session, self.asserted, by, now).await?;
        for (period, end_on) in &self.ended {
            let ended = Ended { at: now, by: by.clone() };
            identities::end(session, (period.resident_id, period.id), *end_on, &ended).await?;
        }
        Ok(self.refused)
    }
}

fn identity_of(roster: &Roster, row: &Outcome) -> Option<Identity> {
    match roster::identities(roster.kind) {
        [only] => Some(*only),
        _ => row.content.identity,
    }
}

fn said(roster: &Roster, content: &Content) -> Result<Said, Error> {
    let start_on = maybe_day(&content.start_date)?;
    if content.withdrawn {
        return Ok(Said::Withdrawn { start_on });
    }
    let end_on = maybe_day(&content.end_date)?.and_then(|last_on| last_on.succ_opt());
    // A row that names an end alone speaks of what holds until then.
    let by_default =
        end_on.and_then(|end_on| end_on.pred_opt()).map_or(roster.as_of_on, |day| day.min(roster.as_of_on));
    Ok(Said::Holds { start_on: start_on.unwrap_or(by_default), end_on })
}

/// A day of an accepted row.
pub(super) fn maybe_day(text: &str) -> Result<Option<NaiveDate>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::Fault("a stored day is none"))
}

/// What an authority of another province recognised, the schools say and nobody else's list (J-3.2.5-d).
fn recognised(roster: &Roster, identity: Identity, row: &Outcome) -> Result<(), Refusal> {
    let outside = row.content.recognised_outside;
    if !outside || authority::of_recognised(identity, outside).contains(&roster.recorded_by.office) {
        return Ok(());
    }
    let detail = "an identity that another province recognised comes from the school";
    Err(Refusal::new(Reason::ValueNotAllowed, detail).at("recognised_outside").by("J-3.2.5-d"))
}

/// The number belongs to the person named, and the person to a district of the office.
pub(super) fn admit(roster: &Roster, row: &Outcome, known: &Known) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    if known.name != row.content.name {
        refusals.0.extend(another_person().0);
    }
    let by = &roster.recorded_by;
    let at_home = by.require_district(known.residence_district).or_else(|refusal| match known.household_district {
        Some(household) => by.require_district(household),
        None => Err(refusal),
    });
    refusals.keep(at_home);
    refusals.into_result()
}
