//! Special persons, declared by their authority (J-3.3.1-e).

use std::collections::HashSet;

use juyi_domain::contribution::declaration::exception::Outcome;
use juyi_domain::contribution::declaration::total::Totals;
use juyi_domain::contribution::declaration::{DeclarationState, Declarer, declarer};
use juyi_domain::id::EnrolmentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_proto::contribution::v1 as pb;

use super::{Declarations, contended, count, find, read, write};
use crate::registry::Enrolled;
use crate::store::declarations::{self, Declaration};

/// Declares special persons, all in one transaction. Errors: those of the contract.
pub(super) async fn declare(
    desk: &Declarations,
    request: pb::DeclareSpecialPersonsRequest,
) -> Result<pb::DeclareSpecialPersonsResponse, Error> {
    let caller = Caller::current()?;
    let read = read::special(&request)?;
    caller.require_district(read.district)?;
    let authority = format!("{}.{}", caller.office, read.district);
    let command = Command::new("DeclareSpecialPersons", &authority, &request.request_id, &request)
        .validating(request.validate_only);
    let ask = desk.registry.batch(&read.persons);
    let people = match Caller::scope(Some(Caller::system()), ask).await {
        Ok(people) => people,
        Err(error) => return command.maybe_earlier(&desk.database).await?.ok_or(error),
    };
    let (caller, read, authority, people) = (&caller, &read, &authority, &people);
    let work = |mut session| async move {
        check(desk, caller, read, people)?;
        let mut declaration = new(desk, caller, read, authority);
        declarations::insert(&mut session, &declaration).await?;
        declaration.totals = count::decide(&mut session, desk, &declaration, people).await?;
        count::check(&declaration)?;
        declarations::add_totals(&mut session, declaration.id, &declaration.totals).await?;
        let (from, to) = (DeclarationState::Counting, DeclarationState::Declared);
        if !declarations::advance(&mut session, declaration.id, from, to).await? {
            return Err(contended());
        }
        let declaration = find(&mut session, declaration.id).await?;
        Ok((pb::DeclareSpecialPersonsResponse { declaration: Some(write::declaration(&declaration)) }, session))
    };
    let mut reply = command.run(&desk.database, &desk.context, work).await?;
    if request.validate_only
        && let Some(declaration) = &mut reply.declaration
    {
        declaration.declaration_id.clear();
    }
    Ok(reply)
}

/// Everybody named is registered, for this year and district, and the authority's.
fn check(desk: &Declarations, caller: &Caller, read: &read::Special, people: &[Enrolled]) -> Result<(), Refusals> {
    let law = desk.context.policy().for_(read.district, read.policy_year, desk.context.clock().today())?;
    let mut refusals = Refusals::default();
    let found: HashSet<EnrolmentId> = people.iter().map(|enrolled| enrolled.enrolment_id).collect();
    let missing = read.persons.iter().filter(|(_, enrolment_id)| !found.contains(enrolment_id)).count();
    if missing > 0 {
        let detail = format!("{missing} of the persons are not registered; registration comes before declaration");
        refusals.push(Refusal::new(Reason::OrderViolation, detail).at("persons").by("J-3.3.1-e"));
    }
    for enrolled in people {
        let enrolment = &enrolled.enrolment;
        if (enrolment.policy_year, enrolment.district) != (read.policy_year, read.district) {
            let detail = "an enrolment belongs to another year or district";
            refusals.push(Refusal::new(Reason::ValueNotAllowed, detail).at("persons").by("J-3.3.1-e"));
        }
        let own =
            declarer::require_authority(caller.office, enrolment.category, &enrolled.identities, &law.declaration);
        refusals.keep(own);
        if !refusals.0.is_empty() {
            // One of five hundred says enough.
            break;
        }
    }
    refusals.into_result()
}

fn new(desk: &Declarations, caller: &Caller, read: &read::Special, authority: &str) -> Declaration {
    Declaration {
        id: desk.context.id(),
        unit_id: authority.to_owned(),
        request_id: read.request_id.clone(),
        declarer: Declarer::Authority,
        policy_year: read.policy_year,
        district: read.district,
        state: DeclarationState::Counting,
        named: None,
        declared_on: desk.context.clock().today(),
        counted_to: String::new(),
        totals: Totals::default(),
        paid_to: String::new(),
        outcome: Outcome::default(),
        payment: None,
        receipt_number: None,
        recorded_by: caller.clone(),
        created_at: desk.context.now(),
    }
}
