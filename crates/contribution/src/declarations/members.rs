//! The payments of the people of a paid declaration, some hundred at a time: each is confirmed, or set aside with its
//! reason (J-3.3.1-c).

use std::collections::HashMap;

use juyi_db::Session;
use juyi_domain::contribution::declaration::exception::Outcome;
use juyi_domain::contribution::declaration::line::{Amounts, Member, when_paid};
use juyi_domain::contribution::declaration::{DeclarationLineReason, DeclarationState, Declarer};
use juyi_domain::contribution::quote::Quote;
use juyi_domain::contribution::ways::Way;
use juyi_domain::id::DeclarationId;
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox;

use super::count::codes;
use super::{ATTEMPTS, Declarations, is_contention};
use crate::confirm::opens_coverage;
use crate::delivery;
use crate::registry::{BATCH, Enrolled};
use crate::service::quote_enrolled;
use crate::store::declaration_lines::{self as lines, Waiting};
use crate::store::declarations::{self, Declaration, Paid};
use crate::store::payments::{self, Payment};

/// Brings a paid declaration to its end. Errors: those of registry and database, after which it waits.
pub(super) async fn run(desk: &Declarations, id: DeclarationId) -> Result<(), Error> {
    let mut attempts = 0;
    loop {
        let declaration = desk.find(id).await?;
        let Some(paid) = declaration.payment.as_ref().filter(|_| declaration.state == DeclarationState::Paying) else {
            return Ok(());
        };
        match step(desk, &declaration, paid).await {
            Ok(()) => attempts = 0,
            Err(error) if is_contention(&error) && attempts < ATTEMPTS => attempts += 1,
            Err(error) => return Err(error),
        }
    }
}

/// The next people in one transaction; where there are none, the end. Where somebody else has moved on meanwhile, nothing.
async fn step(desk: &Declarations, declaration: &Declaration, paid: &Paid) -> Result<(), Error> {
    let id = declaration.id;
    let size = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let keys = lines::waiting(&mut desk.database.read().await?, id, &declaration.paid_to, size).await?;
    let Some((_, last)) = keys.last() else { return finish(desk, declaration).await };
    let last = last.to_string();
    let part = (declaration.paid_to.as_str(), last.as_str());
    // Asked before the turn and the transaction, which must not wait for a peer.
    let people = desk.registry.batch(&keys).await?;
    let people: HashMap<_, _> = people.iter().map(|enrolled| (enrolled.enrolment_id, enrolled)).collect();

    let _turn = desk.turn.lock().await;
    let mut session = desk.database.begin().await?;
    if !declarations::claim_payments(&mut session, declaration, &last).await? {
        return Ok(());
    }
    let paying = Paying { context: &desk.context, declaration, paid, recorded_by: &paid.recorded_by };
    let mut outcome = Outcome::default();
    let (mut payments, mut noted) = (Vec::new(), Vec::new());
    for waiting in lines::chunk(&mut session, id, part).await? {
        let (amounts, enrolment_id) = (&waiting.line.amounts, waiting.line.enrolment_id);
        match settle(paying, &waiting, people.get(&enrolment_id).copied()) {
            Ok((payment, enrolled)) => {
                outcome.confirm(amounts.payable);
                payments.push(payment);
                // The payment is the next entry of the enrolment.
                noted.push((enrolled, waiting.entries_now + 1));
            }
            Err((reason, detail)) => {
                outcome.set_aside(amounts.payable);
                lines::set_aside(&mut session, id, enrolment_id, reason, &detail).await?;
            }
        }
    }
    payments::insert_all(&mut session, &payments).await?;
    lines::confirm_rest(&mut session, id, part).await?;
    declarations::add_outcome(&mut session, id, &outcome).await?;
    let confirmed: Vec<_> = payments.iter().zip(noted).map(|(payment, (by, version))| (payment, by, version)).collect();
    tell(&mut session, &desk.context, id, &confirmed).await?;
    session.commit().await?;
    Ok(())
}

/// Leaves the events of payments under the declaration.
pub(super) async fn tell(
    session: &mut Session,
    context: &Context,
    id: DeclarationId,
    confirmed: &[(&Payment, &Enrolled, i64)],
) -> Result<(), Error> {
    for event in delivery::confirmed(context, &id.to_string(), confirmed) {
        outbox::enqueue(session, &event, context.now()).await?;
    }
    Ok(())
}

async fn finish(desk: &Declarations, declaration: &Declaration) -> Result<(), Error> {
    let mut session = desk.database.begin().await?;
    let (from, to) = (DeclarationState::Paying, DeclarationState::Paid);
    if declarations::claim_payments(&mut session, declaration, &declaration.paid_to).await? {
        declarations::advance(&mut session, declaration.id, from, to).await?;
        session.commit().await?;
    }
    Ok(())
}

/// A declaration that is being paid.
#[derive(Clone, Copy)]
pub(super) struct Paying<'a> {
    pub(super) context: &'a Context,
    pub(super) declaration: &'a Declaration,
    pub(super) paid: &'a Paid,
    /// Office that confirms the payments of its people.
    pub(super) recorded_by: &'a Caller,
}

/// Why somebody is set aside, with the codes of the refusals behind it.
pub(super) type Exception = (DeclarationLineReason, String);

/// The payment of one person, or why there is none.
pub(super) fn settle<'a>(
    paying: Paying<'_>,
    waiting: &Waiting,
    enrolled: Option<&'a Enrolled>,
) -> Result<(Payment, &'a Enrolled), Exception> {
    let Paying { context, declaration, paid, .. } = paying;
    let amounts = &waiting.line.amounts;
    let quote = enrolled.map(|enrolled| quote_enrolled(context, enrolled, Vec::new()));
    let due = quote.as_ref().and_then(|quote| quote.as_ref().ok());
    let due = due.map(|quote| Amounts::of(quote, amounts.prepaid).payable);
    let (unquoted, made) = match (enrolled, quote) {
        (Some(enrolled), Some(Ok(quote))) => (None, Some((payment(paying, amounts, enrolled, quote), enrolled))),
        (_, quote) => (quote.and_then(Result::err), None),
    };
    let covered = made.as_ref().map(|(payment, enrolled)| opens_coverage(context, payment, enrolled));
    let member = Member {
        enrolled: enrolled.is_some(),
        died_on: enrolled.and_then(Enrolled::died_on),
        paid: waiting.paid,
        moved: enrolled.is_some_and(|enrolled| enrolled.enrolment.district != declaration.district),
        declared: amounts.payable,
        due,
        opens_coverage: covered.as_ref().is_some_and(Result::is_ok),
    };
    match (when_paid(&member, paid.on), made) {
        (Ok(()), Some(made)) => Ok(made),
        (Ok(()), None) => Err((DeclarationLineReason::NotQuoted, String::new())),
        (Err(reason), _) => {
            let behind = match reason {
                DeclarationLineReason::NotQuoted => unquoted,
                DeclarationLineReason::OpensNoCoverage => covered.and_then(Result::err),
                _ => None,
            };
            Err((reason, behind.as_ref().map(codes).unwrap_or_default()))
        }
    }
}

fn payment(paying: Paying<'_>, amounts: &Amounts, enrolled: &Enrolled, quote: Quote) -> Payment {
    let Paying { context, declaration, paid, recorded_by } = paying;
    let by_unit = declaration.declarer != Declarer::Authority;
    Payment {
        resident_id: enrolled.resident_id,
        id: context.id(),
        enrolment_id: enrolled.enrolment_id,
        policy_year: enrolled.enrolment.policy_year,
        district: enrolled.enrolment.district,
        unit_id: by_unit.then(|| declaration.unit_id.clone()),
        declaration_id: Some(declaration.id),
        amount: amounts.payable,
        paid_on: paid.on,
        method: amounts.way(paid.method),
        voucher_number: paid.voucher_number.clone(),
        way: Way::default(),
        invokes_epidemic_rule: false,
        refund: None,
        quote,
        recorded_by: recorded_by.clone(),
        created_at: context.now(),
    }
}
