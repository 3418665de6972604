//! A group of bills of different people, settled in one transaction.
//!
//! The way of a group is the way of one bill with each question asked for all: what was answered before, what covers the
//! people, how their years stand; then each bill is planned by itself, and the plans are stored together. Whatever is out
//! of the ordinary for a bill (a refusal, a peer that does not answer, a year that moved) takes it out of the group, and it
//! is settled alone, so that there is one meaning of every refusal and no bill spoils its neighbours.

use std::sync::Arc;

use juyi_db::Database;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, Place};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::receipt;
use juyi_proto::settlement::v1 as pb;
use prost::Message;
use tokio::task::JoinSet;
use tracing::{Instrument, Span};

use crate::collector::{Answer, Order};
use crate::ledger::{self, Year};
use crate::service::{self, Desk, Plan};
use crate::store::settlements::{Claim, Cover};
use crate::store::{entries, self_paid_claims};
use crate::{Peers, coverage, providers, standing, write, years};

/// What every settlement needs. Cloning shares it.
#[derive(Clone)]
pub(crate) struct Base {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) peers: Peers,
}

/// A bill that an office on duty filed.
#[derive(Clone)]
pub(crate) struct Filed {
    pub(crate) command: Command,
    pub(crate) caller: Caller,
    pub(crate) resident_id: ResidentId,
    pub(crate) claim: Claim,
    /// The call, to which everything done for the bill belongs.
    pub(crate) span: Span,
}

/// A bill with its plan and the answer that the plan comes to.
struct Planned {
    order: Order,
    plan: Plan,
    reply: pb::SettleResponse,
}

/// Settles a group and answers each of its orders.
pub(crate) async fn settle(base: &Base, orders: Vec<Order>) {
    // What is asked for all belongs to the first call.
    let span = orders.first().map_or_else(Span::none, |order| order.filed.span.clone());
    let found = Caller::scope(Some(Caller::system()), find(base, orders)).instrument(span.clone()).await;
    let mut planned = Vec::with_capacity(found.len());
    let mut planning = JoinSet::new();
    for (order, cover, year) in found {
        // Only for people with identities another service is asked, at once for all of them.
        if cover.identities.is_empty() {
            planned.extend(plan(base, order, cover, year).await);
        } else {
            let base = base.clone();
            planning.spawn(async move { plan(&base, order, cover, year).await });
        }
    }
    while let Some(done) = planning.join_next().await {
        planned.extend(done.ok().flatten());
    }
    // One order of keys for all groups, so that two of them in different processes do not wait for each other crosswise.
    planned.sort_unstable_by_key(|planned| planned.plan.resident_id);
    store(base, planned).instrument(span).await;
}

/// Finds what covers the people, what the register says about the providers, and how the years stand.
async fn find(base: &Base, orders: Vec<Order>) -> Vec<(Order, Cover, Year)> {
    let plain = orders.iter().map(|order| is_plain(&order.filed.claim.bill).then_some(())).collect();
    let orders = keep(base, orders, plain).into_iter().map(|(order, ())| order).collect();
    let orders = new_ones(base, orders).await;
    let questions: Vec<_> = orders.iter().map(|it| (it.filed.resident_id, &it.filed.claim)).collect();
    let claims: Vec<_> = questions.iter().map(|(_, claim)| *claim).collect();
    let asked = tokio::try_join!(
        coverage::find_all(&base.peers.benefit_period, &questions),
        providers::confirm_all(&base.peers.registry, &claims)
    );
    let answers = match asked {
        Ok((covers, providers)) => covers.into_iter().zip(providers).map(|(cover, it)| cover.zip(it)).collect(),
        Err(_) => vec![None; orders.len()],
    };
    let confirmed = |(mut order, (cover, provider)): (Order, _)| {
        order.filed.claim.bill.provider = provider;
        (order, cover)
    };
    // Where no contract with a family doctor has to be asked for.
    let policy = base.context.policy();
    let unsigned = |order: &Order, cover: &Cover| !standing::asks_family_doctor(policy, &order.filed.claim.bill, cover);
    let answers = answers
        .into_iter()
        .zip(&orders)
        .map(|(answer, order): (Option<(Cover, _)>, _)| answer.filter(|(cover, _)| unsigned(order, cover)));
    let answers = answers.collect();
    let orders: Vec<(Order, Cover)> = keep(base, orders, answers).into_iter().map(confirmed).collect();
    let wanted: Vec<_> =
        orders.iter().map(|(it, cover)| (it.filed.resident_id, cover.policy_year, &it.filed.claim)).collect();
    let years = match load(base, &wanted).await {
        Ok(years) => years,
        Err(_) => wanted.iter().map(|_| None).collect(),
    };
    let found = keep(base, orders, years);
    found.into_iter().map(|((order, cover), year)| (order, cover, year)).collect()
}

/// True for a bill about which no register is asked: a stay in the city. Other bills are settled alone.
fn is_plain(bill: &Bill) -> bool {
    bill.kind == CareKind::Inpatient && bill.place == Place::Local
}

/// The orders that were not answered before. Repetitions are settled alone: there the memory is asked once more.
async fn new_ones(base: &Base, orders: Vec<Order>) -> Vec<Order> {
    let commands: Vec<_> = orders.iter().map(|order| &order.filed.command).collect();
    let earlier = async {
        let mut session = base.database.read().await?;
        Command::earlier_of_all::<pb::SettleResponse>(&mut session, &commands).await
    };
    let earlier = match earlier.await {
        Ok(earlier) => earlier.into_iter().map(|answer| matches!(answer, Ok(None)).then_some(())).collect(),
        Err(_) => vec![None; orders.len()],
    };
    keep(base, orders, earlier).into_iter().map(|(order, ())| order).collect()
}

async fn load(base: &Base, wanted: &[(ResidentId, i32, &Claim)]) -> Result<Vec<Option<Year>>, Error> {
    let mut session = base.database.read().await?;
    let mut years = ledger::load_all(&mut session, wanted).await?;
    for place in self_paid_claims::unrecovered(&mut session, wanted).await? {
        if let Some(year) = years.get_mut(place) {
            *year = None;
        }
    }
    let keys: Vec<_> = wanted.iter().map(|(resident_id, policy_year, _)| (*resident_id, *policy_year)).collect();
    for (year, brought) in years.iter_mut().zip(years::brought_all(&mut session, &keys).await?) {
        if let Some(year) = year {
            year.brought = brought;
        }
    }
    Ok(years)
}

/// The orders of which something was found; the others are settled alone.
fn keep<O: Into<Order>, T>(base: &Base, orders: Vec<O>, found: Vec<Option<T>>) -> Vec<(O, T)> {
    let mut kept = Vec::with_capacity(orders.len());
    for (order, found) in orders.into_iter().zip(found) {
        match found {
            Some(found) => kept.push((order, found)),
            None => leave(base, order.into()),
        }
    }
    kept
}

impl From<(Self, Cover)> for Order {
    fn from((order, _): (Self, Cover)) -> Self {
        order
    }
}

/// Plans one bill; nothing when it left the group.
async fn plan(base: &Base, order: Order, cover: Cover, year: Year) -> Option<Planned> {
    let Filed { caller, resident_id, claim, span, .. } = &order.filed;
    let work = async {
        let desk = Desk::try_new(&base.database, &base.context, &base.peers, caller)?;
        let plan = desk.filed(*resident_id, claim, cover, year).await?;
        let reply = reply(&plan)?;
        Ok::<_, Error>((plan, reply))
    };
    match Caller::scope(Some(caller.clone()), work).instrument(span.clone()).await {
        Ok((plan, reply)) => Some(Planned { order, plan, reply }),
        Err(_) => {
            leave(base, order);
            None
        }
    }
}

/// Stores plans in one transaction, and when one of them is in the way of that, in smaller ones. A plan stays good: what
/// it was made on is checked when it is stored. The plans of yesterday are in the way, too: once a day they are found by
/// halving, and made anew one by one, while those of their group that were made after midnight are stored as they are.
async fn store(base: &Base, planned: Vec<Planned>) {
    let mut groups = vec![planned];
    while let Some(mut group) = groups.pop() {
        match store_all(base, &group).await {
            Ok(()) => group.into_iter().for_each(answer),
            Err(error) if group.len() > 1 && is_of_one(&error) => {
                let second = group.split_off(group.len() / 2);
                groups.extend([second, group]);
            }
            Err(_) => group.into_iter().for_each(|planned| leave(base, planned.order)),
        }
    }
}

async fn store_all(base: &Base, planned: &[Planned]) -> Result<(), Error> {
    if planned.is_empty() {
        return Ok(());
    }
    let plans: Vec<_> = planned.iter().map(|it| &it.plan).collect();
    let answers: Vec<_> = planned.iter().map(|it| (&it.order.filed.command, &it.reply)).collect();
    let mut session = base.database.begin().await?;
    // Not before the transaction has begun: the database ends one that stands still, not a process that has none.
    let now = base.context.now();
    service::store_all(&mut session, &plans, now).await?;
    Command::remember_all(&mut session, &answers, now).await?;
    Ok(session.commit().await?)
}

/// True for what one bill of a group may have caused alone.
fn is_of_one(error: &Error) -> bool {
    match error {
        Error::Storage(juyi_db::Error::Duplicate | juyi_db::Error::Contended) => true,
        Error::Refused(refusals) => refusals.has(Reason::RevisionConflict),
        _ => false,
    }
}

fn answer(planned: Planned) {
    let Planned { order: Order { answer, turn, .. }, plan, mut reply } = planned;
    if let (Some(settlement), Some(account)) = (&mut reply.settlement, plan.year.maybe_find(plan.subject)) {
        settlement.receipt = Some(receipt(&account.settlement.receipt));
    }
    // Who does not wait any more finds the answer by the same request.
    let _ = answer.send(Ok((reply, plan.moves_aid())));
    drop(turn);
}

/// Settles a bill alone, beside its group.
fn leave(base: &Base, order: Order) {
    let base = base.clone();
    tokio::spawn(async move {
        let Order { filed, answer, turn } = order;
        let work = Box::pin(alone(&base, &filed)).instrument(filed.span.clone());
        let _ = answer.send(Caller::scope(Some(filed.caller.clone()), work).await);
        drop(turn);
    });
}

async fn alone(base: &Base, filed: &Filed) -> Answer {
    let desk = Desk::try_new(&base.database, &base.context, &base.peers, &filed.caller)?;
    let order = service::Order::File(Box::new(filed.claim.clone()));
    carry_out(base, &filed.command, desk, (filed.resident_id, &order), reply).await
}

/// The answer to a bill as it is kept: without the receipt, which stands in the entry that the bill posted.
fn reply(plan: &Plan) -> Result<pb::SettleResponse, Error> {
    let account = service::find(&plan.year, plan.subject)?;
    let settlement = Some(write::unexplained(&plan.year, account));
    let years_to_recompute = plan.year.brought.years_to_recompute.clone();
    Ok(pb::SettleResponse { settlement, adjustments: write::adjustments(plan), years_to_recompute })
}

/// The answer to a bill as it was first given.
///
/// # Errors
/// Those of the database.
pub(crate) async fn explained(
    base: &Base,
    resident_id: ResidentId,
    mut answer: pb::SettleResponse,
) -> Result<pb::SettleResponse, Error> {
    if let Some(settlement) = answer.settlement.as_mut().filter(|settlement| settlement.receipt.is_none())
        && let Some(entry_id) = settlement.entries.last().and_then(|entry| entry.entry_id.parse().ok())
    {
        let found = entries::receipt(&mut base.database.read().await?, resident_id, entry_id).await?;
        settlement.receipt = Some(receipt(&found));
    }
    Ok(answer)
}

/// Plans and stores one order, again when another process stored a bill of the person in between; with the answer, whether
/// aid was posted.
pub(crate) async fn carry_out<R: Message + Default>(
    base: &Base,
    command: &Command,
    desk: Desk<'_>,
    (resident_id, order): (ResidentId, &service::Order),
    reply: fn(&Plan) -> Result<R, Error>,
) -> Result<(R, bool), Error> {
    let plan = || desk.plan(resident_id, order);
    let work = |mut session, plan: Arc<Plan>| async move {
        service::store(&mut session, &base.context, &plan).await?;
        Ok((reply(&plan)?, session))
    };
    let (answer, plan) = command.run_planned(&base.database, &base.context, plan, work).await?;
    Ok((answer, plan.is_some_and(|plan| plan.moves_aid())))
}
