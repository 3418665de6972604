//! Comparison of rosters with the registry (J-A1.3-b), and the findings that come of it.
//!
//! [`pass`] reads the list beside the registry and stores what it shows; [`found`] words a finding. A comparison is
//! read outside transactions and written in short ones. It comes to its end when nobody waits for the answer any more;
//! one that a process took with it is repeated, under its id, by the same request.

mod found;
mod pass;
mod read;
#[cfg(test)]
mod tests;
mod write;

use juyi_db::Session;
use juyi_domain::codes::{FindingKind, FindingState, Office, RosterKind, UnitKind};
use juyi_domain::id::{ComparisonId, FindingId};
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::comparison::{Tally, looked_for};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::registry::v1 as pb;

use crate::registry::Registry;
use crate::store::comparisons::{self, Comparison, Roster};
use crate::store::findings::{self, Finding};

/// Offices that compare and work findings off.
const COMPARERS: &[Office] = &[
    Office::MedicalInsurance,
    Office::Township,
    Office::SocialInsurance,
    Office::Education,
    Office::CivilAffairs,
    Office::DisabledPersonsFederation,
    Office::VeteransAffairs,
    Office::VeteranCadres,
    Office::System,
];
/// Findings that one transaction clears, so that no writer waits long.
const CLEARED_AT_ONCE: i64 = if cfg!(test) { 2 } else { 500 };

/// Compares the registry with a roster.
pub(crate) async fn compare_roster(
    registry: &Registry,
    request: pb::CompareRosterRequest,
) -> Result<pb::CompareRosterResponse, Error> {
    let caller = Caller::current()?;
    let read = read::compare(&request)?;
    caller.require(&[Office::MedicalInsurance, Office::System]).map_err(|refusal| refusal.by("J-A1.3-b"))?;
    caller.require_district(read.district)?;
    let scope = format!("comparison/{}/{}/{}", read.district, read.kind, read.roster_id);
    let command = Command::new("CompareRoster", &scope, &request.request_id, &request);
    if let Some(answer) = command.maybe_earlier(&registry.database).await? {
        return Ok(answer);
    }
    let roster = find_roster(&mut registry.database.read().await?, &read).await?;
    let begun = begin(registry, &roster, caller.clone(), &request).await?;
    if request.validate_only {
        let tally = pass::run(registry, &roster, None).await?;
        let mut comparison = write::comparison(&done(begun, &tally, (0, 0)));
        comparison.comparison_id.clear();
        return Ok(pb::CompareRosterResponse { comparison: Some(comparison) });
    }
    // What has begun is brought to its end, also when nobody waits for the answer any more.
    let registry = registry.clone();
    let work = async move { finish(&registry, &roster, &begun, &command).await };
    let answer = tokio::spawn(Caller::scope(Some(caller), work));
    answer.await.unwrap_or(Err(Error::Fault("a comparison could not be finished")))
}

/// Runs a comparison that has begun, and keeps its answer. Run twice at once it comes to the same, under one id.
async fn finish(
    registry: &Registry,
    roster: &Roster,
    begun: &Comparison,
    command: &Command,
) -> Result<pb::CompareRosterResponse, Error> {
    let by = begun.id;
    let tally = &pass::run(registry, roster, Some(by)).await?;
    clear(registry, roster, by).await?;
    let work = |mut session: Session| async move {
        let changed = findings::count_changed(&mut session, roster, by).await?;
        let done = done(begun.clone(), tally, changed);
        comparisons::finish(&mut session, &done).await?;
        Ok((pb::CompareRosterResponse { comparison: Some(write::comparison(&done)) }, session))
    };
    command.run(&registry.database, &registry.context, work).await
}

/// The roster, whole and with all its effects: half of a list would open findings about the other half.
async fn find_roster(session: &mut Session, read: &read::Compare) -> Result<Roster, Error> {
    if looked_for(read.kind, false).is_none() {
        let detail = format!("a list of kind {} holds applications and is not compared", read.kind);
        return Err(Refusal::new(Reason::RuleNotDefined, detail).at("kind").into());
    }
    let roster = comparisons::maybe_find_roster(session, read.district, read.kind, &read.roster_id).await?;
    let roster = roster.ok_or_else(|| {
        Refusal::new(Reason::RosterNotFound, "no such roster was accepted in this district").at("roster_id")
    })?;
    // Lists without an effect on the registry are whole from the beginning.
    let has_effect = !matches!(roster.kind, RosterKind::Students | RosterKind::Population | RosterKind::Payments);
    if has_effect && !roster.applied {
        let detail = "the roster is still being applied to the registry; compare when all its rows are";
        return Err(Refusal::new(Reason::OrderViolation, detail).at("roster_id").into());
    }
    Ok(roster)
}

/// The comparison that the same request began earlier, or a new one; nothing is stored of one that only validates.
async fn begin(
    registry: &Registry,
    roster: &Roster,
    caller: Caller,
    request: &pb::CompareRosterRequest,
) -> Result<Comparison, Error> {
    let mut begun = Comparison {
        id: registry.context.id(),
        district: roster.district,
        kind: roster.kind,
        roster_id: roster.id.clone(),
        policy_year: roster.policy_year,
        listed: 0,
        matched: 0,
        not_enrolled: 0,
        findings: Default::default(),
        opened: 0,
        cleared: 0,
        recorded_by: caller,
        created_at: registry.context.now(),
    };
    if !request.validate_only {
        let mut session = registry.database.begin().await?;
        begun.id = comparisons::begin(&mut session, &begun, &request.request_id).await?;
        session.commit().await?;
    }
    Ok(begun)
}

/// Clears what was not found any more, in transactions that keep nobody waiting.
async fn clear(registry: &Registry, roster: &Roster, by: ComparisonId) -> Result<(), Error> {
    let mut after = findings::Place::default();
    loop {
        let mut session = registry.database.read().await?;
        let to = findings::maybe_clear_to(&mut session, roster, by, &after, CLEARED_AT_ONCE).await?;
        drop(session);
        let Some(to) = to else { return Ok(()) };
        let mut session = registry.database.begin().await?;
        findings::clear_between(&mut session, roster, (by, registry.context.now()), (&after, &to)).await?;
        session.commit().await?;
        after = to;
    }
}

fn done(begun: Comparison, tally: &Tally, (opened, cleared): (i64, i64)) -> Comparison {
    Comparison {
        listed: tally.listed(),
        matched: tally.matched(),
        not_enrolled: tally.not_enrolled(),
        findings: tally.findings().clone(),
        opened,
        cleared,
        ..begun
    }
}

/// Reads a comparison that is finished.
pub(crate) async fn get_comparison(
    registry: &Registry,
    request: pb::GetComparisonRequest,
) -> Result<pb::GetComparisonResponse, Error> {
    let caller = Caller::current()?;
    let id = read::get(&request)?;
    caller.require(COMPARERS).map_err(|refusal| refusal.by("J-A1.3-b"))?;
    let found = comparisons::maybe_find(&mut registry.database.read().await?, id).await?;
    let found = found.ok_or_else(|| {
        Refusal::new(Reason::ComparisonNotFound, "no finished comparison has this id").at("comparison_id")
    })?;
    caller.require_district(found.district)?;
    Ok(pb::GetComparisonResponse { comparison: Some(write::comparison(&found)) })
}

/// Lists findings of the caller's district: they tell who receives what.
pub(crate) async fn list_findings(
    registry: &Registry,
    request: pb::ListFindingsRequest,
) -> Result<pb::ListFindingsResponse, Error> {
    let caller = Caller::current()?;
    let wanted = read::list(&request)?;
    caller.require(COMPARERS).map_err(|refusal| refusal.by("J-A1.3-b"))?;
    caller.require_district(wanted.district)?;
    let page = findings::page(&mut registry.database.read().await?, &wanted).await?;
    let next_page_token = next_page(&page, wanted.size, |last| last.id.to_string());
    Ok(pb::ListFindingsResponse { findings: page.iter().map(write::finding).collect(), next_page_token })
}

/// Assigns a finding to a township, whose visits close the gap (J-A2.2-a).
pub(crate) async fn assign_finding(
    registry: &Registry,
    request: pb::AssignFindingRequest,
) -> Result<pb::AssignFindingResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::assign(&request)?;
    caller.require(&[Office::MedicalInsurance, Office::System]).map_err(|refusal| refusal.by("J-A2.2-a"))?;
    let command = Command::new("AssignFinding", &format!("finding/{}", read.id), &request.request_id, &request);
    let work = |mut session: Session| async move {
        let mut finding = open(&mut session, caller, read.id, read.revision).await?;
        require_township(&mut session, &finding, &read.township).await?;
        finding.found.township = Some(read.township.clone());
        store(&mut session, registry, &mut finding, FindingState::Assigned).await?;
        Ok((pb::AssignFindingResponse { finding: Some(write::finding(&finding)) }, session))
    };
    command.run(&registry.database, &registry.context, work).await
}

/// Resolves a finding with a reason.
pub(crate) async fn resolve_finding(
    registry: &Registry,
    request: pb::ResolveFindingRequest,
) -> Result<pb::ResolveFindingResponse, Error> {
    let caller = &Caller::current()?;
    let read = &read::resolve(&request)?;
    caller.require(COMPARERS).map_err(|refusal| refusal.by("J-A2.2-a"))?;
    let command = Command::new("ResolveFinding", &format!("finding/{}", read.id), &request.request_id, &request);
    let work = |mut session: Session| async move {
        let mut finding = open(&mut session, caller, read.id, read.revision).await?;
        finding.resolution.clone_from(&read.resolution);
        store(&mut session, registry, &mut finding, FindingState::Resolved).await?;
        Ok((pb::ResolveFindingResponse { finding: Some(write::finding(&finding)) }, session))
    };
    command.run(&registry.database, &registry.context, work).await
}

/// A finding of the caller's district that is neither resolved nor cleared, in the version that was read.
async fn open(session: &mut Session, caller: &Caller, id: FindingId, revision: i64) -> Result<Finding, Error> {
    let finding = findings::maybe_find(session, id).await?;
    let finding =
        finding.ok_or_else(|| Refusal::new(Reason::FindingNotFound, "no finding has this id").at("finding_id"))?;
    caller.require_district(finding.district)?;
    let mut refusals = Refusals::default();
    if matches!(finding.state, FindingState::Resolved | FindingState::Cleared) {
        let detail = format!("the finding is {}; it opens again when its facts change", finding.state);
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("finding_id").with("state", finding.state));
    }
    if finding.revision != revision {
        let detail = "the finding changed after it was read";
        refusals.push(Refusal::new(Reason::RevisionConflict, detail).at("etag").with("etag", finding.revision));
    }
    refusals.into_result()?;
    Ok(finding)
}

async fn require_township(session: &mut Session, finding: &Finding, township: &str) -> Result<(), Error> {
    match findings::maybe_unit(session, township).await? {
        Some((UnitKind::Township, district)) if district == finding.district => Ok(()),
        Some(_) => {
            let detail = format!("the unit is no township of district {}", finding.district);
            Err(Refusal::new(Reason::ValueNotAllowed, detail).at("township").into())
        }
        None => Err(Refusal::new(Reason::UnitNotFound, "no unit has this id").at("township").into()),
    }
}

async fn store(
    session: &mut Session,
    registry: &Registry,
    finding: &mut Finding,
    state: FindingState,
) -> Result<(), Error> {
    finding.state = state;
    finding.updated_at = registry.context.now();
    findings::update(session, finding).await?;
    finding.revision += 1;
    Ok(())
}

/// Findings of services after a death stand beside those of a comparison; only the deaths themselves change them.
pub(crate) const STANDING: FindingKind = FindingKind::ServiceAfterDeath;
