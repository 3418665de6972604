//! What a year leaves: computed from its ledger, and again when a later bill moves it (J-5.1.2-a, J-5.1.1, B-5.3, B-5.4).

use chrono::{Datelike, NaiveDate};
use juyi_db::{Database, Session};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::accumulators::{Accumulators, Opening};
use juyi_domain::settlement::closing::{Closing, Ended, close};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{Brought, KEEPERS, PersonYears, brought, read, write};
use crate::coverage::YearCover;
use crate::ledger::{self, Year};
use crate::store::openings::{self, Balance, Facts, Kind, Stated, Unused};
use crate::store::{family_doctors, person_years, settlements};
use crate::{Peers, coverage, service};

impl PersonYears {
    pub(super) async fn close(&self, request: pb::CloseYearRequest) -> Result<pb::CloseYearResponse, Error> {
        let command = Command::new("CloseYear", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(KEEPERS)?;
        let (resident_id, policy_year) = read::close(&request)?;
        self.require_ended(policy_year)?;
        // What was closed is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        let covered = coverage::of_year(&self.peers.benefit_period, resident_id, policy_year).await?;
        let Some(covered) = covered else {
            let detail = "the person was covered on no day of the year, which leaves nothing";
            return Err(Refusal::new(Reason::NotEnrolled, detail).at("policy_year").into());
        };
        caller.require_district(covered.district)?;
        let (covered, caller) = (&covered, &caller);
        let work = |mut session| async move {
            let subject = (resident_id, policy_year);
            let planned = plan(&mut session, &self.context, caller, subject, covered).await?;
            store(&mut session, &planned).await?;
            let all = openings::up_to(&mut session, resident_id, policy_year + 1).await?;
            let next = write::opening(resident_id, policy_year + 1, &all);
            let closing = Some(write::closing(policy_year, &planned.closing, next));
            let years_to_recompute = to_recompute(&mut session, planned.stated.as_ref()).await?;
            Ok((pb::CloseYearResponse { closing, years_to_recompute }, session))
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

/// A closing as it was planned on a year that may have moved since.
pub(crate) struct Planned {
    /// Revision of the year that was read.
    revision: i64,
    closing: Closing,
    /// What is stated; `None` where the year says what it said before.
    stated: Option<Stated>,
}

/// What a year leaves by its ledger and the facts as they are now.
///
/// # Errors
/// What the law of the year refuses, and those of the database.
pub(crate) async fn plan(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    (resident_id, policy_year): (ResidentId, i32),
    covered: &YearCover,
) -> Result<Planned, Error> {
    let year = ledger::load(session, resident_id, policy_year).await?;
    let brought = brought(session, resident_id, policy_year).await?;
    let facts = facts(session, (resident_id, policy_year), covered).await?;
    let closing = compute(context, policy_year, &facts, &year.totals().insurance, &brought.opening)?;
    let kind = if brought.closing.is_some() { Kind::ClosedAnew } else { Kind::Closed };
    let stated = stated(context, caller, (resident_id, policy_year), (kind, facts, &closing));
    let before = brought.closing.as_ref();
    let stated = Some(stated).filter(|stated| !before.is_some_and(|before| says_the_same(before, stated)));
    Ok(Planned { revision: year.revision, closing, stated })
}

/// Stores a closing from the revision that was read: a bill that came in between would be missing.
///
/// # Errors
/// `Contended` when the year moved since: plan again.
pub(crate) async fn store(session: &mut Session, planned: &Planned) -> Result<(), Error> {
    let Some(stated) = &planned.stated else { return Ok(()) };
    let years = vec![(stated.resident_id, stated.policy_year - 1, planned.revision + 1)];
    if !advance_all(session, years, &[stated]).await? {
        return Err(juyi_db::Error::Contended.into());
    }
    openings::insert(session, stated).await
}

/// The years whose bills were settled on what was stated before.
///
/// # Errors
/// Those of the database.
pub(crate) async fn to_recompute(session: &mut Session, stated: Option<&Stated>) -> Result<Vec<i32>, juyi_db::Error> {
    match stated {
        Some(stated) => settlements::years_from(session, stated.resident_id, stated.policy_year).await,
        None => Ok(Vec::new()),
    }
}

/// What a closing is made of besides the ledger, as it is known now.
async fn facts(
    session: &mut Session,
    (resident_id, policy_year): (ResidentId, i32),
    covered: &YearCover,
) -> Result<Facts, Error> {
    let doctors = family_doctors::all(session, resident_id).await?;
    let last_on = last_day(policy_year);
    Ok(Facts {
        district: covered.district,
        whole_year: covered.whole_year,
        family_doctor: doctors.iter().any(|signed| signed.contract.in_effect(last_on)),
    })
}

/// Asks again what a closed year was made of besides its ledger; of a year that was never closed nothing. A closed year
/// of which no day is covered any more keeps what it was made of.
///
/// # Errors
/// ROLE_NOT_ALLOWED where the year belongs to another district, those of the peer and of the database.
pub(crate) async fn ask_anew(
    (database, peers, caller): (&Database, &Peers, &Caller),
    (resident_id, policy_year): (ResidentId, i32),
    brought: &mut Brought,
) -> Result<(), Error> {
    let Some(closing) = &brought.closing else { return Ok(()) };
    brought.facts.clone_from(&closing.facts);
    if let Some(covered) = coverage::of_year(&peers.benefit_period, resident_id, policy_year).await? {
        caller.require_district(covered.district)?;
        let session = &mut database.read().await?;
        brought.facts = Some(facts(session, (resident_id, policy_year), &covered).await?);
    }
    Ok(())
}

/// True where a closing has nothing to add to the one before.
fn says_the_same(before: &Stated, stated: &Stated) -> bool {
    before.statement() == stated.statement() && before.facts == stated.facts
}

/// Moves the revisions of years, so that a bill planned on what was known before is planned anew.
pub(super) async fn advance(session: &mut Session, resident_id: ResidentId, years: &[i32]) -> Result<(), Error> {
    if years.is_empty() {
        return Ok(());
    }
    let years: Vec<_> = years.iter().map(|year| (resident_id, *year)).collect();
    let revisions = person_years::revisions(session, &years).await?;
    let years: Vec<_> =
        years.into_iter().zip(revisions).map(|((id, year), revision)| (id, year, revision + 1)).collect();
    if person_years::advance(session, &years).await? { Ok(()) } else { Err(juyi_db::Error::Contended.into()) }
}

/// Moves years to a revision, and with them all that what is closed anew reaches: a balance is brought into later years,
/// too. `false` as of [`person_years::advance`]. All in one order of keys, so that two writers do not wait for each other crosswise.
///
/// # Errors
/// Those of the database.
pub(crate) async fn advance_all(
    session: &mut Session,
    mut years: Vec<(ResidentId, i32, i64)>,
    closed: &[&Stated],
) -> Result<bool, Error> {
    if !closed.is_empty() {
        let mut opened = Vec::new();
        for closed in closed {
            opened.push((closed.resident_id, closed.policy_year));
            let later = person_years::later(session, closed.resident_id, closed.policy_year).await?;
            opened.extend(later.into_iter().map(|year| (closed.resident_id, year)));
        }
        let revisions = person_years::revisions(session, &opened).await?;
        years.extend(opened.into_iter().zip(revisions).map(|((id, year), revision)| (id, year, revision + 1)));
        years.sort_unstable();
    }
    Ok(person_years::advance(session, &years).await?)
}

/// Closes a closed year anew after its bills or, where they were asked anew, its facts changed. Later years that were closed
/// already follow when they are closed again, and those with bills when they are recomputed.
///
/// # Errors
/// What the law of the year refuses, and those of the database.
pub(crate) async fn close_anew(
    (database, context, caller): (&Database, &Context, &Caller),
    year: &mut Year,
) -> Result<(), Error> {
    let Some(stated) = maybe_closed_anew(context, caller, year)? else { return Ok(()) };
    year.brought.years_to_recompute = to_recompute(&mut database.read().await?, Some(&stated)).await?;
    year.brought.closed_anew = Some(stated);
    Ok(())
}

/// What closing says now; `None` where that is what it said before, and for a year that was never closed.
fn maybe_closed_anew(context: &Context, caller: &Caller, year: &Year) -> Result<Option<Stated>, Refusals> {
    let Some(before) = &year.brought.closing else { return Ok(None) };
    let Some(facts) = year.brought.facts.as_ref().or(before.facts.as_ref()) else { return Ok(None) };
    let policy_year = before.policy_year - 1;
    let closing = compute(context, policy_year, facts, &year.totals().insurance, &year.brought.opening)?;
    let subject = (before.resident_id, policy_year);
    let stated = stated(context, caller, subject, (Kind::ClosedAnew, facts.clone(), &closing));
    Ok(Some(stated).filter(|stated| !says_the_same(before, stated)))
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
