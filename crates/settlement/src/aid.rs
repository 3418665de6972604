//! Assistance as settlement meets it: asked before a bill is settled, told afterwards what was posted.

use juyi_domain::assistance::unprinted::not_printed;
use juyi_domain::assistance::year::{AidCase, Care, follows};
use juyi_domain::effective::Gap;
use juyi_domain::id::{EventId, SettlementId};
use juyi_domain::receipt::Receipt;
use juyi_domain::settlement::year::Outcome;
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{Deliver, Event};
use juyi_proto::assistance::v1 as pb;
use juyi_proto::assistance::v1::assistance_service_client::AssistanceServiceClient;
use juyi_proto::code::Coded;
use juyi_proto::receipt::from_wire;
use prost::Message;
use tonic::Status;

use crate::ledger::Account;
use crate::store::entries::Entry;

/// Topic of an event that posts a difference of aid.
pub(crate) const AID_POSTED: &str = "aid_posted";

/// The aid on each bill of a year, in the order given. Nobody is asked about a person without special identities, about
/// bills of maternity insurance, which no assistance follows (AMB-087), or about a burden that was settled elsewhere
/// (B-5.1-b). Nor about a bill whose law prints no assistance: it is settled without, and its receipt says so (AMB-102).
///
/// # Errors
/// Those of the peer.
pub(crate) async fn assess<'a>(
    channel: &Channel,
    bills: &[(&Account, Outcome<Receipt>)],
    gap_of: impl Fn(SettlementId) -> Option<&'a Gap>,
) -> Result<Vec<Receipt>, Error> {
    let nobody = bills.iter().all(|(account, _)| account.settlement.cover.identities.is_empty());
    let follows = |account: &Account| follows(account.settlement.claim.bill.kind);
    let asks = |account: &Account| !nobody && follows(account) && gap_of(account.settlement.id).is_none();
    let asked: Vec<&(&Account, Outcome<Receipt>)> = bills.iter().filter(|(account, _)| asks(account)).collect();
    let mut aids = ask(channel, &asked).await?.into_iter();
    let aid = |(account, _): &(&Account, Outcome<Receipt>)| {
        if asks(account) {
            return aids.next().unwrap_or_default();
        }
        let gap = gap_of(account.settlement.id).filter(|_| follows(account));
        gap.map(|gap| not_printed(gap, &account.settlement.cover.identities)).unwrap_or_default()
    };
    Ok(bills.iter().map(aid).collect())
}

/// What assistance answers about bills, in their order; without any it is not asked.
async fn ask(channel: &Channel, asked: &[&(&Account, Outcome<Receipt>)]) -> Result<Vec<Receipt>, Error> {
    let Some((last, _)) = asked.last() else { return Ok(Vec::new()) };
    let request = pb::AssessAidRequest {
        resident_id: last.settlement.resident_id.to_string(),
        policy_year: last.settlement.cover.policy_year,
        district: last.settlement.cover.district.to_string(),
        cases: asked.iter().map(|(account, outcome)| case(account, outcome)).collect(),
    };
    let answer = AssistanceServiceClient::new(channel.clone()).assess_aid(request).await?.into_inner();
    let ids = asked.iter().map(|(_, outcome)| outcome.id);
    receipts(ids, answer.outcomes).ok_or(Error::Fault("assistance answered outcomes that cannot be read"))
}

fn case(account: &Account, outcome: &Outcome<Receipt>) -> pb::AidCase {
    let case = AidCase::of(&account.case(), outcome.aid_base);
    pb::AidCase {
        settlement_id: case.id.to_string(),
        base_fen: case.base.get(),
        service_date: case.service_on.to_string(),
        identity_date: case.tested_on.to_string(),
        assistance_designated: case.aid_designated,
        identities: case.identities.iter().map(|identity| identity.to_wire()).collect(),
        outpatient_venue: match case.care {
            Care::Inpatient => 0,
            Care::Outpatient(venue) => venue.to_wire(),
        },
        elsewhere: case.elsewhere,
    }
}

/// One receipt per bill asked about; `None` when the answer is not of that form.
fn receipts(asked: impl ExactSizeIterator<Item = SettlementId>, outcomes: Vec<pb::AidOutcome>) -> Option<Vec<Receipt>> {
    if asked.len() != outcomes.len() {
        return None;
    }
    let receipt = |(id, outcome): (SettlementId, pb::AidOutcome)| {
        (outcome.settlement_id == id.to_string()).then_some(())?;
        from_wire(outcome.receipt.unwrap_or_default()).ok()
    };
    asked.zip(outcomes).map(receipt).collect()
}

/// The event that tells assistance about an entry; `None` when the entry moves no aid.
pub(crate) fn maybe_event(context: &Context, account: &Account, entry: &Entry) -> Option<Event> {
    entry.shares.moves_aid().then_some(())?;
    let id: EventId = context.id();
    let (claim, cover) = (&account.settlement.claim, &account.settlement.cover);
    let request = pb::RecordAidRequest {
        event_id: id.to_string(),
        resident_id: entry.resident_id.to_string(),
        settlement_id: entry.settlement_id.to_string(),
        policy_year: cover.policy_year,
        service_date: claim.bill.admitted_on.to_string(),
        medical_fen: entry.shares.medical_assistance.get(),
        veterans_fen: entry.shares.veterans_assistance.get(),
    };
    Some(Event {
        id,
        resident_id: request.resident_id.clone(),
        topic: AID_POSTED.to_owned(),
        payload: request.encode_to_vec(),
    })
}

/// The register of assistance, to which the outbox delivers.
pub(crate) struct Register {
    assistance: Channel,
}

impl Register {
    pub(crate) const fn new(assistance: Channel) -> Self {
        Self { assistance }
    }
}

#[async_trait::async_trait]
impl Deliver for Register {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        let request = pb::RecordAidRequest::decode(event.payload.as_slice())
            .map_err(|_| Status::internal("a stored event is unreadable"))?;
        AssistanceServiceClient::new(self.assistance.clone()).record_aid(request).await?;
        Ok(())
    }
}
