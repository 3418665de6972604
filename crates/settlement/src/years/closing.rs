//! What a year leaves: computed from its ledger, and again when a later bill moves it (J-5.1.2-a, J-5.1.1, B-5.3, B-5.4).

use chrono::{Datelike, NaiveDate};
use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::accumulators::{Accumulators, Opening};
use juyi_domain::settlement::closing::{Closing, Ended, close};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{KEEPERS, PersonYears, brought, read, write};
use crate::ledger::{self, Year};
use crate::store::openings::{self, Balance, Facts, Kind, Stated, Unused};
use crate::store::{family_doctors, person_years};
use crate::{coverage, service};

impl PersonYears {
    pub(super) async fn close(&self, request: pb::CloseYearRequest) -> Result<pb::CloseYearResponse, Error> {
        let command = Command::new("CloseYear", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(KEEPERS)?;
        let (resident_id, policy_year) = read::close(&request)?;
        self.require_ended(policy_year)?;
        let covered = coverage::of_year(&self.peers.benefit_period, resident_id, policy_year).await?;
        let Some(covered) = covered else {
            let detail = "the person was covered on no day of the year, which leaves nothing";
            return Err(Refusal::new(Reason::NotEnrolled, detail).at("policy_year").into());
        };
        caller.require_district(covered.district)?;
        let (covered, caller) = (&covered, &caller);
        let work = |mut session| async move {
            let year = ledger::load(&mut session, resident_id, policy_year).await?;
            let brought = brought(&mut session, resident_id, policy_year).await?;
            let doctors = family_doctors::all(&mut session, resident_id).await?;
            let last_on = last_day(policy_year);
            let facts = Facts {
                district: covered.district,
                whole_year: covered.whole_year,
                family_doctor: doctors.iter().any(|signed| signed.contract.in_effect(last_on)),
            };
            let state = year.totals().insurance;
            let closing = compute(&self.context, policy_year, &facts, &state, &brought.opening)?;
            let kind = if brought.closing.is_some() { Kind::ClosedAnew } else { Kind::Closed };
            let stated = stated(&self.context, caller, (resident_id, policy_year), (kind, facts, &closing));
            // A year that says what it said before has nothing to add.
            let says_the_same =
                |before: &Stated| before.statement() == stated.statement() && before.facts == stated.facts;
            if !brought.closing.as_ref().is_some_and(says_the_same) {
                // From the revision that was read: a bill that came in between would be missing.
                let years = vec![(resident_id, policy_year, year.revision + 1)];
                if !advance_all(&mut session, years, &[&stated]).await? {
                    return Err(juyi_db::Error::Contended.into());
                }
                openings::insert(&mut session, &stated).await?;
            }
            let all = openings::up_to(&mut session, resident_id, policy_year + 1).await?;
            let next = write::opening(resident_id, policy_year + 1, &all);
            Ok((pb::CloseYearResponse { closing: Some(write::closing(policy_year, &closing, next)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// A year is closed when it is over and its law is known.
    fn require_ended(&self, policy_year: i32) -> Result<(), Refusals> {
        let mut refusals = Refusals::default();
        refusals.keep(service::require_law(&self.context, policy_year, "policy_year"));
        if self.context.clock().today().year() <= policy_year {
            let detail = format!("{policy_year} is not over; what it leaves is known from 1 January of the next year");
            refusals.push(Refusal::new(Reason::OrderViolation, detail).at("policy_year").by("J-5.1.2-a"));
        }
        refusals.into_result()
    }
}

/// Moves the revision of a year, so that a bill planned on what was known before is planned anew.
pub(super) async fn advance(session: &mut Session, resident_id: ResidentId, policy_year: i32) -> Result<(), Error> {
    let revision = person_years::revision(session, resident_id, policy_year).await?;
    if person_years::advance(session, &[(resident_id, policy_year, revision + 1)]).await? {
        Ok(())
    } else {
        Err(juyi_db::Error::Contended.into())
    }
}

/// Moves years to a revision, and with them those that are opened by what is closed anew; `false` as of
/// [`person_years::advance`]. All in one order of keys, so that two writers do not wait for each other crosswise.
///
/// # Errors
/// Those of the database.
pub(crate) async fn advance_all(
    session: &mut Session,
    mut years: Vec<(ResidentId, i32, i64)>,
    closed: &[&Stated],
) -> Result<bool, Error> {
    if !closed.is_empty() {
        let opened: Vec<_> = closed.iter().map(|closed| (closed.resident_id, closed.policy_year)).collect();
        let revisions = person_years::revisions(session, &opened).await?;
        years.extend(opened.into_iter().zip(revisions).map(|((id, year), revision)| (id, year, revision + 1)));
        years.sort_unstable();
    }
    Ok(person_years::advance(session, &years).await?)
}

/// What closing a closed year says after its bills changed; `None` where that is what it said before, and for a year that
/// was never closed. Later years that were closed already follow when they are closed again.
///
/// # Errors
/// What the law of the year refuses.
pub(crate) fn maybe_closed_anew(context: &Context, caller: &Caller, year: &Year) -> Result<Option<Stated>, Refusals> {
    let Some(before) = &year.brought.closing else { return Ok(None) };
    let Some(facts) = &before.facts else { return Ok(None) };
    let policy_year = before.policy_year - 1;
    let closing = compute(context, policy_year, facts, &year.totals().insurance, &year.brought.opening)?;
    let subject = (before.resident_id, policy_year);
    let stated = stated(context, caller, subject, (Kind::ClosedAnew, facts.clone(), &closing));
    Ok(Some(stated).filter(|stated| stated.statement() != before.statement()))
}

fn compute(
    context: &Context,
    policy_year: i32,
    facts: &Facts,
    state: &Accumulators,
    opening: &Opening,
) -> Result<Closing, Refusals> {
    let law = context.policy().for_(facts.district, policy_year, last_day(policy_year))?;
    let params = law.outpatient.as_ref().map_err(|gap| Refusal::from(gap.clone()))?;
    let ended = Ended { policy_year, state, opening, whole_year: facts.whole_year, family_doctor: facts.family_doctor };
    Ok(close(&ended, params, law.basic.as_ref().ok()))
}

fn stated(
    context: &Context,
    caller: &Caller,
    (resident_id, policy_year): (ResidentId, i32),
    (kind, facts, closing): (Kind, Facts, &Closing),
) -> Stated {
    let source = format!("closing of {policy_year}");
    let balances = closing.opening.balances.iter();
    Stated {
        resident_id,
        id: context.id(),
        kind,
        policy_year: policy_year + 1,
        balances: balances
            .map(|it| Balance { origin_year: it.origin_year, amount: it.amount, source: source.clone() })
            .collect(),
        unused: Some(Unused { years: closing.opening.unused_outpatient_years, source }),
        facts: Some(facts),
        receipt: closing.receipt.clone(),
        recorded_by: caller.clone(),
        created_at: context.now(),
    }
}

/// The last day of a year.
fn last_day(policy_year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(policy_year, 12, 31).unwrap_or_default()
}
