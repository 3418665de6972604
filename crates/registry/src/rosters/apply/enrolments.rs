//! Collective registration (J-3.2.1-a, J-3.2.2-a, J-3.2.5-a, J-A1.3-q): each row is an application that a unit or an
//! authority files. Who is unknown is registered; what the row says becomes facts; the same rules decide as at a desk.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Desk, InstitutionKind, UnitKind};
use juyi_domain::id::{EnrolmentId, ResidentId};
use juyi_domain::refusal::Refusals;
use juyi_domain::registry::circumstances::Circumstances;
use juyi_domain::registry::facts::{
    Attendance, DatedFact, Employment, Fact, HouseholdRegistration, InstitutionStay, Membership, Residence,
};
use juyi_domain::registry::unit as domain;
use juyi_kit::error::Error;
use juyi_policy::Snapshot;

use super::identities::maybe_day;
use super::{Refused, another_person, people};
use crate::counts;
use crate::enrolment::decision::{self, Applicant, Filing, decide};
use crate::registry::Registry;
use crate::residents::at_home;
use crate::store::facts::RecordedFact;
use crate::store::identities::IdentityPeriod;
use crate::store::residents::Resident;
use crate::store::roster_enrolments::Decided;
use crate::store::roster_rows::{Content, Outcome};
use crate::store::rosters::Roster;
use crate::store::units::{self, Unit};
use crate::store::{roster_enrolments, roster_people};

/// Enrols whom the rules let enrol, as the office that pushed the roster.
pub(super) async fn effects(
    session: &mut Session,
    registry: &Registry,
    roster: &Roster,
    rows: &[Outcome],
) -> Result<Refused, Error> {
    let Some(span) = people::maybe_span(roster, rows) else { return Ok(Vec::new()) };
    let unit = match roster.unit_id.as_str() {
        "" => None,
        id => units::maybe_find(session, id).await?,
    };
    roster_people::lock(session, span).await?;
    let known = Known::read(session, span, roster.policy_year).await?;
    let desk = roster.desk.ok_or(Error::Fault("a collective registration without a desk"))?;
    let law = registry.context.policy().for_(roster.district, roster.policy_year, roster.as_of_on)?;
    let clerk = Clerk { registry, roster, desk, unit, law };
    let mut plan = Plan::default();
    for (place, row) in rows.iter().enumerate() {
        match clerk.enrol(row, &known, &mut plan)? {
            Ok(()) => {}
            Err(refusals) => plan.refused.push((place, refusals)),
        }
    }
    plan.store(session).await
}

/// What the registry knows of the persons of a chunk.
struct Known {
    residents: HashMap<String, Resident>,
    histories: HashMap<ResidentId, Vec<DatedFact>>,
    identities: HashMap<ResidentId, Vec<IdentityPeriod>>,
    enrolled: HashMap<ResidentId, EnrolmentId>,
}

impl Known {
    async fn read(session: &mut Session, span: roster_people::Span<'_>, policy_year: i32) -> Result<Self, Error> {
        let mut known = Self {
            residents: HashMap::new(),
            histories: HashMap::new(),
            identities: HashMap::new(),
            enrolled: roster_enrolments::enrolled(session, span, policy_year).await?.into_iter().collect(),
        };
        for resident in roster_enrolments::residents(session, span).await? {
            known.residents.insert(resident.identity_number.clone(), resident);
        }
        for recorded in roster_enrolments::facts(session, span).await? {
            known.histories.entry(recorded.resident_id).or_default().push(recorded.dated);
        }
        for period in roster_enrolments::identities(session, span).await? {
            known.identities.entry(period.resident_id).or_default().push(period);
        }
        Ok(known)
    }
}

/// Who works the list: the desk with its law, and the unit that files.
struct Clerk<'a> {
    registry: &'a Registry,
    roster: &'a Roster,
    desk: Desk,
    unit: Option<Unit>,
    law: Arc<Snapshot>,
}

impl Clerk<'_> {
    /// One row: what to store, or why not.
    fn enrol(&self, row: &Outcome, known: &Known, plan: &mut Plan) -> Result<Result<(), Refusals>, Error> {
        let (context, roster) = (&self.registry.context, self.roster);
        let filing = self.filing(&row.content)?;
        let holder = known.residents.get(&row.identity_number);
        let resident = match holder {
            Some(resident) => resident.clone(),
            None => {
                let newcomer = people::newcomer(context, roster, row)?;
                // A row says where somebody is registered; without it the person is not registered in the city.
                let household_district = row.content.household_district.parse().ok();
                Resident { household_district, ..newcomer }
            }
        };
        let mut refusals = Refusals::default();
        if resident.name != row.content.name {
            refusals.0.extend(another_person().0);
        }
        let unit = self.unit.as_ref().map(Unit::to_domain);
        // Of the people of an institution only asks where it lies (J-3.2.1-a).
        if !unit.as_ref().is_some_and(domain::Unit::is_institution) {
            refusals.keep(at_home(&roster.recorded_by, resident.residence_district, resident.household_district));
        }
        let mut history = known.histories.get(&resident.id).cloned().unwrap_or_default();
        let learned = self.learned((&resident, holder.is_some()), &history, row, filing.applied_on)?;
        history.extend(learned.iter().cloned());
        let applicant = Applicant {
            resident: &resident,
            history: &history,
            identities: known.identities.get(&resident.id).map_or(&[], Vec::as_slice),
            existing: known.enrolled.get(&resident.id).copied(),
        };
        let desk = decision::Desk { caller: &roster.recorded_by, unit: unit.as_ref(), law: &self.law };
        let decided = refusals.keep(decide(context, &applicant, &filing, &desk));
        let Some(enrolment) = decided.filter(|_| refusals.0.is_empty()) else { return Ok(Err(refusals)) };
        plan.facts.extend(learned.into_iter().map(|dated| RecordedFact {
            resident_id: resident.id,
            id: context.id(),
            dated,
            recorded_by: roster.recorded_by.clone(),
            created_at: context.now(),
        }));
        plan.enrolments.push(Decided {
            enrolment,
            identity_number: resident.identity_number.clone(),
            name: resident.name.clone(),
            is_alive: resident.died_on.is_none(),
        });
        if holder.is_none() {
            plan.newcomers.push(resident);
        }
        Ok(Ok(()))
    }

    fn filing(&self, content: &Content) -> Result<Filing, Error> {
        Ok(Filing {
            policy_year: self.roster.policy_year,
            district: self.roster.district,
            desk: self.desk,
            desk_township: None,
            unit_id: Some(self.roster.unit_id.clone()).filter(|id| !id.is_empty()),
            applied_on: maybe_day(&content.application_date)?.unwrap_or(self.roster.as_of_on),
            tier: content.tier,
            previous_year_insured: content.previous_year_insured,
            papers: Vec::new(),
        })
    }

    /// What the row adds to what is known. Registration and residence of somebody known are the registry's, which
    /// changes them by changes alone.
    fn learned(
        &self,
        (resident, is_known): (&Resident, bool),
        history: &[DatedFact],
        row: &Outcome,
        applied_on: NaiveDate,
    ) -> Result<Vec<DatedFact>, Error> {
        let content = &row.content;
        let said_on = maybe_day(&content.start_date)?.unwrap_or(applied_on);
        let end_on = maybe_day(&content.end_date)?.and_then(|last_on| last_on.succ_opt());
        let before = decision::circumstances(resident, history, said_on);
        let mut learned = Vec::new();
        let mut learn = |start_on, end_on, fact| learned.push(DatedFact { start_on, end_on, fact });
        let township = Some(content.township.clone()).filter(|township| !township.is_empty());
        let local = resident.household_district == Some(self.roster.district);
        if before.registration.as_ref().is_none_or(|registration| registration.area.is_none()) {
            let known_township = before.registration.as_ref().and_then(|registration| registration.township.clone());
            let registration = HouseholdRegistration {
                district: before.registration.as_ref().map_or(resident.household_district, |known| known.district),
                area: content.household_area,
                township: known_township.or_else(|| township.clone().filter(|_| local)),
            };
            let since = if is_known { said_on } else { resident.born_on };
            learn(since, None, Fact::HouseholdRegistration(registration));
        }
        if !is_known {
            let residence = Residence { district: resident.residence_district, township, address: None };
            learn(resident.born_on, None, Fact::Residence(residence));
        }
        if content.employed && before.employment.as_ref().is_none_or(|employment| !employment.what.employed) {
            learn(said_on, None, Fact::Employment(Employment { employed: true }));
        }
        if let Some(fact) = self.belonging(content, &before) {
            learn(said_on, end_on, fact);
        }
        Ok(learned)
    }

    /// That the person belongs to the unit that files, where that is not known.
    fn belonging(&self, content: &Content, before: &Circumstances) -> Option<Fact> {
        let unit = self.unit.as_ref()?;
        let unit_id = unit.id.clone();
        let institution_kind = content.institution_kind.or(unit.institution_kind).unwrap_or(InstitutionKind::Other);
        match unit.kind {
            UnitKind::School | UnitKind::Nursery => {
                let attendance = Attendance {
                    institution_kind,
                    full_time: !content.part_time,
                    outside_tianjin: false,
                    unit_id: Some(unit_id),
                    verified: content.verified,
                };
                (before.attendance.as_ref().map(|since| &since.what) != Some(&attendance))
                    .then_some(Fact::Attendance(attendance))
            }
            UnitKind::WelfareInstitution | UnitKind::DetentionFacility => {
                let stay = InstitutionStay { institution_kind, unit_id };
                (before.stay.as_ref() != Some(&stay)).then_some(Fact::InstitutionStay(stay))
            }
            UnitKind::Village | UnitKind::Community | UnitKind::Household => {
                let membership = Membership { unit_id };
                (!before.memberships.contains(&membership)).then_some(Fact::Membership(membership))
            }
            UnitKind::Township | UnitKind::SpecialAccount => None,
        }
    }
}

/// What a chunk stores.
#[derive(Default)]
struct Plan {
    newcomers: Vec<Resident>,
    facts: Vec<RecordedFact>,
    enrolments: Vec<Decided>,
    refused: Refused,
}

impl Plan {
    async fn store(self, session: &mut Session) -> Result<Refused, Error> {
        roster_people::insert_residents(session, &self.newcomers).await?;
        roster_enrolments::insert_facts(session, &self.facts).await?;
        roster_enrolments::insert_enrolments(session, &self.enrolments).await?;
        let enrolments: Vec<_> = self.enrolments.into_iter().map(|decided| decided.enrolment).collect();
        counts::enrolled(session, &enrolments).await?;
        Ok(self.refused)
    }
}
