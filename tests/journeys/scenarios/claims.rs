//! Steps of self-paid claims: filed at a desk, moved step by step, paid.

use juyi_domain::codes::{District, LeavingReason, Office, ProviderLevel};
use juyi_domain::settlement::claims::codes::{
    AccountKind, AccountState, ClaimDecision, ClaimDesk, ClaimPaper, ClaimState, LeaverRegistration,
};
use juyi_domain::settlement::claims::desk::office_of;
use juyi_kit::caller::Caller;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices;
use serde::Deserialize;
use tonic::{Response, Status};

use super::differences::{Differences, told};
use super::stage::{Stage, provider_code};
use super::values::{Day, Expect, Yuan};

/// Files a claim for an inpatient bill that the person paid.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileClaim {
    pub(crate) person: String,
    /// How steps call the bill and its claim.
    pub(crate) bill: String,
    pub(crate) desk: ClaimDesk,
    /// District of the desk, if not that of the enrolment.
    pub(crate) desk_district: Option<District>,
    pub(crate) filed: Day,
    pub(crate) level: ProviderLevel,
    pub(crate) admitted: Day,
    pub(crate) discharged: Day,
    /// The whole bill, all of it inside the three catalogues.
    pub(crate) eligible: Yuan,
    /// Papers presented; a receipt, a prescription and an itemised list when left out.
    #[serde(default = "three_papers")]
    pub(crate) papers: Vec<ClaimPaper>,
    /// The desk calls it late.
    #[serde(default)]
    pub(crate) late: bool,
    /// Account recorded with the claim; a card is active, a settlement account is only opened.
    pub(crate) account: Option<AccountKind>,
    /// Day of leaving a school, why, and the household registration.
    pub(crate) left: Option<Day>,
    pub(crate) left_because: Option<LeavingReason>,
    pub(crate) registration: Option<LeaverRegistration>,
    pub(crate) expect: Expect<Claimed>,
}

fn three_papers() -> Vec<ClaimPaper> {
    vec![ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList]
}

/// Moves a claim.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveClaim {
    pub(crate) person: String,
    pub(crate) bill: String,
    pub(crate) to: Act,
    /// Day of a payment.
    pub(crate) paid: Option<Day>,
    /// Amount of a payment; what is due when left out.
    pub(crate) amount: Option<Yuan>,
    pub(crate) expect: Expect<Claimed>,
}

/// What is done with a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Act {
    Enter,
    Upload,
    HandOver,
    Approve,
    Return,
    Pay,
    /// Activates the account of the person.
    ActivateAccount,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claimed {
    pub(crate) state: Option<ClaimState>,
    pub(crate) due: Option<Yuan>,
    pub(crate) paid: Option<Yuan>,
    pub(crate) account: Option<AccountState>,
    /// Rule ids of the receipt, in order.
    pub(crate) receipt: Option<Vec<String>>,
    /// Mark codes of the receipt, in order.
    pub(crate) marks: Option<Vec<String>>,
}

pub(crate) async fn file(stage: &mut Stage<'_>, step: FileClaim, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let district = step.desk_district.unwrap_or(actor.person.district);
    let mut bill = offices::stay(&step.bill, &step.admitted.0, &step.discharged.0, step.eligible.0);
    if let Some(provider) = &mut bill.provider {
        provider.provider_code = provider_code(step.level);
        provider.level = step.level.to_wire();
    }
    let request = settlement::FileClaimRequest {
        request_id: stage.request_id(&format!("claim-{}-{}", step.bill, step.filed), &step.person),
        resident_id: actor.resident_id.clone(),
        bill: Some(bill),
        desk: step.desk.to_wire(),
        filing_date: step.filed.0.clone(),
        papers: step.papers.iter().map(|paper| paper.to_wire()).collect(),
        late: step.late,
        school_leaving: step.left.as_ref().map(|left| settlement::ClaimantLeaving {
            leaving_date: left.0.clone(),
            reason: step.left_because.map_or(0, Coded::to_wire),
            registration: step.registration.map_or(0, Coded::to_wire),
        }),
        account: step.account.map(account),
        ..Default::default()
    };
    let call = stage.clients.claims.clone();
    let answer = by((office_of(step.desk), Some(district), "desk"), async {
        let mut client = call;
        client.file_claim(request).await
    })
    .await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let claim = answer.claim.ok_or("no claim in the answer")?;
    compare(&claim, expected, differences);
    stage.claims.insert((step.person, step.bill), claim.claim_id);
    Ok(())
}

fn account(kind: AccountKind) -> settlement::ClaimAccount {
    let state = if kind == AccountKind::Card { AccountState::Activated } else { AccountState::Opened };
    settlement::ClaimAccount { kind: kind.to_wire(), state: state.to_wire() }
}

/// Makes a call on behalf of an office of that name.
async fn by<T>(
    (office, district, name): (Office, Option<District>, &str),
    call: impl Future<Output = Result<Response<T>, Status>>,
) -> Result<T, Status> {
    let caller = Caller { office, district, name: name.to_owned() };
    Caller::scope(Some(caller), call).await.map(Response::into_inner)
}

/// Whose claim, and as it stands.
struct Moved<'a> {
    stage: &'a Stage<'a>,
    district: District,
    claim: settlement::SelfPaidClaim,
    request_id: String,
}

pub(crate) async fn move_on(stage: &Stage<'_>, step: MoveClaim, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let id = stage.claims.get(&(step.person.clone(), step.bill.clone()));
    let id = id.ok_or_else(|| format!("no claim of the bill {}", step.bill))?;
    let district = actor.person.district;
    let get = settlement::GetClaimRequest { resident_id: actor.resident_id.clone(), claim_id: id.clone() };
    let read = by((Office::MedicalInsurance, Some(district), "reader"), async {
        stage.clients.claims.clone().get_claim(get).await
    });
    let claim = read.await.map_err(|status| told(&status))?.claim.ok_or("no claim in the answer")?;
    // A returned claim may be followed by another one for the bill.
    let (filed, steps) = (&claim.filing_date, claim.steps.len());
    let request_id = stage.request_id(&format!("{:?}-{}-{filed}-{steps}", step.to, step.bill), &step.person);
    let moved = Moved { stage, district, claim, request_id };
    let answer = moved.take(&step).await;
    let Some((claim, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    compare(&claim, expected, differences);
    Ok(())
}

impl Moved<'_> {
    async fn take(self, step: &MoveClaim) -> Result<settlement::SelfPaidClaim, Status> {
        let mut client = self.stage.clients.claims.clone();
        let (request_id, resident_id, claim_id) =
            (self.request_id.clone(), self.claim.resident_id.clone(), self.claim.claim_id.clone());
        let desk = ClaimDesk::from_wire(self.claim.desk).map_err(|_| Status::internal("a claim has no desk"))?;
        let desk = (office_of(desk), Some(self.district), "desk");
        let checker = (Office::MedicalInsurance, Some(self.district), "checker");
        let claim = match step.to {
            Act::Enter => {
                let request = settlement::EnterClaimRequest { request_id, resident_id, claim_id };
                by(desk, client.enter_claim(request)).await?.claim
            }
            Act::Upload => {
                let request = settlement::UploadClaimRequest { request_id, resident_id, claim_id };
                by(desk, client.upload_claim(request)).await?.claim
            }
            Act::HandOver => {
                let request = settlement::HandOverClaimRequest { request_id, resident_id, claim_id };
                by(desk, client.hand_over_claim(request)).await?.claim
            }
            Act::Approve | Act::Return => {
                let (decision, reasons) = match step.to {
                    Act::Approve => (ClaimDecision::Approve, Vec::new()),
                    _ => (ClaimDecision::Return, vec!["the papers are not complete".to_owned()]),
                };
                let decision = decision.to_wire();
                let request = settlement::ReviewClaimRequest { request_id, resident_id, claim_id, decision, reasons };
                by(checker, client.review_claim(request)).await?.claim
            }
            Act::Pay => {
                let request = settlement::PayClaimRequest {
                    request_id,
                    resident_id,
                    claim_id,
                    amount_fen: step.amount.map_or(self.claim.due_fen, |amount| amount.0),
                    voucher_number: format!("C-{}", step.bill),
                    payment_date: step.paid.as_ref().map(|day| day.0.clone()).unwrap_or_default(),
                };
                by((Office::MedicalInsurance, None, "city"), client.pay_claim(request)).await?.claim
            }
            Act::ActivateAccount => {
                let request = settlement::ActivateAccountRequest { request_id, resident_id: resident_id.clone() };
                by(checker, client.activate_account(request)).await?;
                let get = settlement::GetClaimRequest { resident_id, claim_id };
                by(checker, client.get_claim(get)).await?.claim
            }
        };
        claim.ok_or_else(|| Status::internal("no claim in the answer"))
    }
}

fn compare(got: &settlement::SelfPaidClaim, expected: Claimed, differences: &mut Differences) {
    let Claimed { state, due, paid, account, receipt, marks } = expected;
    differences.code("state", state, got.state);
    differences.amount("due", due, got.due_fen);
    differences.amount("paid", paid, got.paid_fen);
    differences.code("account", account, got.account.map_or(0, |account| account.state));
    let steps = got.receipt.iter().flat_map(|receipt| &receipt.steps);
    differences.list("receipt", receipt.as_deref(), steps.clone().map(|step| &step.rule_id));
    differences.list("marks", marks.as_deref(), steps.flat_map(|step| &step.marks));
}
