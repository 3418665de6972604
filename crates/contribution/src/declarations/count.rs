//! Counting a unit's people: who is declared, what each owes, and what the unit owes for all (J-3.3.1-b, J-3.3.2-b).

use std::collections::BTreeMap;

use juyi_db::Session;
use juyi_domain::contribution::agency;
use juyi_domain::contribution::declaration::exception::Outcome;
use juyi_domain::contribution::declaration::line::{Amounts, Candidate, when_declared};
use juyi_domain::contribution::declaration::total::{self, Totals};
use juyi_domain::contribution::declaration::{DeclarationLineState, DeclarationState, declarer};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::id::DeclarationId;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;
use tokio_stream::StreamExt;

use super::{ATTEMPTS, Declarations, PATIENCE, contended, find, is_contention, read, write};
use crate::registry::{BATCH, Enrolled};
use crate::service::quote_enrolled;
use crate::store::declaration_lines::{self as lines, Counted};
use crate::store::declarations::{self, Declaration};
use crate::store::{agency_systems, prepayments};

/// Declares a unit. Errors: those of the contract.
pub(super) async fn declare(desk: &Declarations, request: pb::DeclareRequest) -> Result<pb::DeclareResponse, Error> {
    let caller = Caller::current()?;
    let read = read::declare(&request)?;
    let command = Command::new("Declare", &request.unit_id, &request.request_id, &request);
    if let Some(earlier) = command.maybe_earlier(&desk.database).await? {
        return Ok(earlier);
    }
    if request.validate_only {
        let declaration = new(desk, &caller, &read).await?;
        let declaration = write::declaration(&rehearse(desk, declaration).await?);
        let declaration_id = String::new();
        return Ok(pb::DeclareResponse { declaration: Some(pb::Declaration { declaration_id, ..declaration }) });
    }
    let declaration = begin(desk, &caller, &read).await?;
    let counting = Box::pin(run(desk, declaration.id, Refusing::Tells));
    let Ok(counted) = tokio::time::timeout(PATIENCE, counting).await else {
        let declaration = desk.find(declaration.id).await?;
        return Ok(pb::DeclareResponse { declaration: Some(write::declaration(&declaration)) });
    };
    counted?;
    let id = declaration.id;
    let work = |mut session| async move {
        let declaration = find(&mut session, id).await?;
        Ok((pb::DeclareResponse { declaration: Some(write::declaration(&declaration)) }, session))
    };
    command.run(&desk.database, &desk.context, work).await
}

/// The declaration of a request, which may have been begun before. Errors: REQUEST_ID_REUSED; DUPLICATE_DECLARATION while
/// another one of the unit is being counted; those of [`new`].
async fn begin(desk: &Declarations, caller: &Caller, read: &read::Declare) -> Result<Declaration, Error> {
    for _ in 0..ATTEMPTS {
        let mut session = desk.database.read().await?;
        // In this order, so that the own one is never taken for another one.
        let counted = declarations::maybe_counted(&mut session, &read.unit_id, read.policy_year).await?;
        let begun = declarations::maybe_find_of_request(&mut session, &read.unit_id, &read.request_id).await?;
        drop(session);
        if let Some(begun) = begun {
            let same = (begun.policy_year, begun.named, &begun.recorded_by) == (read.policy_year, read.named, caller);
            if same {
                return Ok(begun);
            }
            if begun.state == DeclarationState::Refused {
                forget(desk, begun.id).await?;
                continue;
            }
            let detail = "this request_id was used before with another body; choose a new one for a new request";
            return Err(Refusal::new(Reason::RequestIdReused, detail).at("request_id").into());
        }
        if let Some(counted) = counted {
            let detail = "another declaration of this unit and year is being counted";
            let refusal = Refusal::new(Reason::DuplicateDeclaration, detail).at("unit_id").by("J-3.3.1-b");
            return Err(refusal.with("declaration_id", counted).into());
        }
        let declaration = new(desk, caller, read).await?;
        let mut session = desk.database.begin().await?;
        match declarations::insert(&mut session, &declaration).await {
            Ok(()) => {
                session.commit().await?;
                return Ok(declaration);
            }
            Err(error) if is_contention(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(contended())
}

/// A declaration that is yet to be counted. Errors: UNIT_NOT_FOUND, ROLE_NOT_ALLOWED, CHANNEL_MISMATCH,
/// POLICY_YEAR_NOT_LOADED, DISTRICT_OUT_OF_SCOPE; ORDER_VIOLATION without the collection system.
async fn new(desk: &Declarations, caller: &Caller, read: &read::Declare) -> Result<Declaration, Error> {
    let unit = desk.units.find(&read.unit_id).await?;
    let declarer = declarer::require_office(unit.kind, caller.office)?;
    caller.require_district(unit.district)?;
    let today = desk.context.clock().today();
    let law = desk.context.policy().for_(unit.district, read.policy_year, today)?;
    let system = agency_systems::maybe_find(&mut desk.database.read().await?, &read.unit_id).await?;
    agency::require_granted(declarer, system.map(|system| system.state), &law.declaration)?;
    Ok(Declaration {
        id: desk.context.id(),
        unit_id: read.unit_id.clone(),
        request_id: read.request_id.clone(),
        declarer,
        policy_year: read.policy_year,
        district: unit.district,
        state: DeclarationState::Counting,
        named: read.named,
        declared_on: today,
        counted_to: String::new(),
        totals: Totals::default(),
        paid_to: String::new(),
        outcome: Outcome::default(),
        payment: None,
        receipt_number: None,
        recorded_by: caller.clone(),
        created_at: desk.context.now(),
    })
}

/// What a refusal does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusing {
    /// The request waits for it, and nothing is left of the declaration.
    Tells,
    /// Nobody waits; it stays until the request comes again.
    Stays,
}

/// Counts what is not counted yet and closes the declaration. Errors: where the request waits, AMOUNT_MISMATCH,
/// ORDER_VIOLATION and DUPLICATE_DECLARATION, after which nothing is left of it; those of registry and database, after which
/// it waits.
pub(super) async fn run(desk: &Declarations, id: DeclarationId, refusing: Refusing) -> Result<(), Error> {
    for _ in 0..ATTEMPTS {
        let Some(mut declaration) = declarations::maybe_find(&mut desk.database.read().await?, id).await? else {
            let detail = "the declaration was given up meanwhile; send the request again";
            return Err(Refusal::new(Reason::RevisionConflict, detail).into());
        };
        if declaration.state == DeclarationState::Counting {
            match pass(desk, &mut declaration).await {
                Ok(()) => {}
                Err(error) if is_contention(&error) => continue,
                Err(error) => return Err(error),
            }
        }
        if declaration.state == DeclarationState::Refused && refusing == Refusing::Tells {
            forget(desk, id).await?;
            // Its figures still say why.
            check(&declaration)?;
        }
        return Ok(());
    }
    Err(contended())
}

/// Removes a refused declaration.
async fn forget(desk: &Declarations, id: DeclarationId) -> Result<(), Error> {
    let mut session = desk.database.begin().await?;
    declarations::delete_uncounted(&mut session, id).await?;
    session.commit().await?;
    Ok(())
}

async fn pass(desk: &Declarations, declaration: &mut Declaration) -> Result<(), Error> {
    let ask = desk.registry.of_unit(&declaration.unit_id, declaration.policy_year);
    let mut parts = Caller::scope(Some(Caller::system()), ask).await?;
    let mut last = None;
    while let Some(part) = parts.next().await {
        let people = part?;
        for enrolled in &people {
            // Whoever came out of order would be taken for counted.
            if last.replace(enrolled.enrolment_id).is_some_and(|last| last >= enrolled.enrolment_id) {
                return Err(Error::Fault("the registry's people are out of order"));
            }
        }
        for chunk in people.chunks(BATCH) {
            step(desk, declaration, chunk).await?;
        }
    }
    close(desk, declaration).await
}

/// Counts some people in one transaction.
async fn step(desk: &Declarations, declaration: &mut Declaration, chunk: &[Enrolled]) -> Result<(), Error> {
    let _turn = desk.turn.lock().await;
    let mut session = desk.database.begin().await?;
    *declaration = declarations::maybe_find(&mut session, declaration.id).await?.ok_or_else(contended)?;
    let counted = |enrolled: &&Enrolled| enrolled.enrolment_id.to_string() <= declaration.counted_to;
    let rest = &chunk[chunk.iter().take_while(counted).count()..];
    let Some(last) = rest.last().map(|last| last.enrolment_id.to_string()) else { return Ok(()) };
    if !declarations::claim_count(&mut session, declaration, &last).await? {
        return Err(contended());
    }
    let more = decide(&mut session, desk, declaration, rest).await?;
    declarations::add_totals(&mut session, declaration.id, &more).await?;
    session.commit().await?;
    declaration.counted_to = last;
    declaration.totals = declaration.totals.plus(more);
    Ok(())
}

/// Stores the lines of some people after the last counted one, and adds them up.
pub(super) async fn decide(
    session: &mut Session,
    desk: &Declarations,
    declaration: &Declaration,
    people: &[Enrolled],
) -> Result<Totals, Error> {
    let quotes: Vec<_> = people.iter().map(|enrolled| quote_enrolled(&desk.context, enrolled, Vec::new())).collect();
    let residents: Vec<_> = people.iter().map(|enrolled| enrolled.resident_id).collect();
    let prepaid = prepayments::covering_many(session, &residents, declaration.policy_year).await?;
    let counted: Vec<_> = people
        .iter()
        .zip(&quotes)
        .map(|(enrolled, quote)| counted(enrolled, quote.as_ref().ok(), prepaid.contains(&enrolled.resident_id)))
        .collect();
    let after = declaration.counted_to.as_str();
    let (known, paid_before) = lines::begin(session, declaration.id, after, &counted).await?;
    let mut totals = Totals { left_out: paid_before, ..Totals::default() };
    let mut left_out = BTreeMap::<_, Vec<_>>::new();
    for ((enrolled, quote), counted) in people.iter().zip(&quotes).zip(&counted) {
        let Some(known) = known.get(&enrolled.enrolment_id) else { continue };
        let candidate = Candidate {
            category: enrolled.enrolment.category,
            died_on: enrolled.died_on(),
            paid_by: known.paid_by,
            declared_elsewhere: known.waits == Some(DeclarationLineState::Declared),
            open_exception: known.waits == Some(DeclarationLineState::Exception),
            withdrew: known.withdrew,
            quoted: quote.is_ok(),
        };
        match when_declared(&candidate, declaration.declarer, declaration.declared_on) {
            Ok(()) => totals.declare(&counted.amounts),
            Err(reason) => {
                totals.leave_out();
                let detail = quote.as_ref().err().map(codes).unwrap_or_default();
                left_out.entry((reason, detail)).or_default().push(enrolled.enrolment_id);
            }
        }
    }
    for ((reason, detail), people) in &left_out {
        lines::leave_out(session, declaration.id, people, (*reason, detail)).await?;
    }
    lines::declare_rest(session, declaration.id, after).await?;
    Ok(totals)
}

fn counted(enrolled: &Enrolled, quote: Option<&Quote>, prepaid: bool) -> Counted {
    let nothing = Amounts { personal: Fen::ZERO, subsidy: Fen::ZERO, payable: Fen::ZERO, prepaid: false };
    Counted {
        resident_id: enrolled.resident_id,
        enrolment_id: enrolled.enrolment_id,
        class: enrolled.enrolment.class,
        tier: enrolled.enrolment.tier,
        amounts: quote.map_or(nothing, |quote| Amounts::of(quote, prepaid)),
        subsidy_ground: quote.and_then(|quote| quote.subsidy_ground.clone()),
    }
}

/// Ends the count: the declaration stands, or is refused and has no lines.
async fn close(desk: &Declarations, declaration: &mut Declaration) -> Result<(), Error> {
    let _turn = desk.turn.lock().await;
    let mut session = desk.database.begin().await?;
    // Nobody else has counted somebody meanwhile.
    if !declarations::claim_count(&mut session, declaration, &declaration.counted_to).await? {
        return Err(contended());
    }
    *declaration = find(&mut session, declaration.id).await?;
    let from = DeclarationState::Counting;
    let to = if check(declaration).is_ok() { DeclarationState::Declared } else { DeclarationState::Refused };
    if to == DeclarationState::Refused {
        lines::delete_all(&mut session, declaration.id).await?;
    }
    declarations::advance(&mut session, declaration.id, from, to).await?;
    session.commit().await?;
    declaration.state = to;
    Ok(())
}

/// Checks the figures of a declaration that is counted.
pub(super) fn check(declaration: &Declaration) -> Result<(), Refusals> {
    let Declaration { totals, declarer, policy_year, named, .. } = declaration;
    total::require_people(totals, *declarer, *policy_year)?;
    total::check(*named, totals, *declarer, *policy_year)?;
    Ok(())
}

/// Counts and stores nothing.
async fn rehearse(desk: &Declarations, mut declaration: Declaration) -> Result<Declaration, Error> {
    let ask = desk.registry.of_unit(&declaration.unit_id, declaration.policy_year);
    let mut parts = Caller::scope(Some(Caller::system()), ask).await?;
    while let Some(part) = parts.next().await {
        for chunk in part?.chunks(BATCH) {
            let mut session = desk.database.begin().await?;
            let more = decide(&mut session, desk, &declaration, chunk).await?;
            declaration.totals = declaration.totals.plus(more);
        }
    }
    check(&declaration)?;
    declaration.state = DeclarationState::Declared;
    Ok(declaration)
}

/// The codes of refusals, separated by commas.
pub(super) fn codes(refusals: &Refusals) -> String {
    refusals.0.iter().map(|refusal| refusal.reason.code()).collect::<Vec<_>>().join(",")
}
