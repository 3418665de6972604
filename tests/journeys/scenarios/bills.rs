//! Steps of settlement.

use std::collections::BTreeMap;

use juyi_domain::codes::Office;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices::by;
use serde::Deserialize;
use tonic::Status;

use super::conservation::conserved;
use super::differences::Differences;
use super::stage::{Actor, Stage};
use super::totals::{Adjusted, Year, adjustments_of, year};
use super::values::{Expect, Written, Yuan};
use super::written_bill::WrittenBill;

/// Settles a bill: an inpatient stay at a designated hospital of the city, where the scenario says nothing else.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    pub(crate) person: String,
    /// How steps call the bill.
    pub(crate) bill: String,
    #[serde(flatten)]
    pub(crate) written: WrittenBill,
    /// Only previews it.
    #[serde(default)]
    pub(crate) preview: bool,
    pub(crate) expect: Expect<Settled>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settled {
    pub(crate) basic_fund: Option<Yuan>,
    pub(crate) critical_illness: Option<Yuan>,
    pub(crate) medical_assistance: Option<Yuan>,
    pub(crate) veterans_assistance: Option<Yuan>,
    pub(crate) person: Option<Yuan>,
    pub(crate) maternity: Option<Yuan>,
    /// Eligible part of the bill.
    pub(crate) eligible: Option<Yuan>,
    /// Running totals of the year after the bill.
    pub(crate) year: Option<Year>,
    /// Rule ids of the receipt, in order.
    pub(crate) receipt: Option<Vec<String>>,
    /// Outcome and mark codes of the receipt, in order.
    pub(crate) marks: Option<Vec<String>>,
    /// Outputs of steps of the receipt; the last of a name counts.
    #[serde(default)]
    pub(crate) found: BTreeMap<String, Written>,
    /// What the other bills of the year gain or lose.
    pub(crate) adjusted: Option<BTreeMap<String, Adjusted>>,
}

/// Reverses a settled bill.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reverse {
    pub(crate) person: String,
    pub(crate) bill: String,
    pub(crate) expect: Expect<Settled>,
}

/// A settlement with what it changes of other bills.
struct Answer {
    settlement: Option<settlement::Settlement>,
    adjustments: Vec<settlement::Adjustment>,
}

pub(crate) async fn settle(stage: &mut Stage<'_>, step: Settle, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let bill = step.written.bill(&step.bill);
    let answer =
        if step.preview { preview_bill(stage, actor, bill).await } else { settle_bill(stage, actor, bill).await };
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let settlement = answer.settlement.as_ref().ok_or("no settlement in the answer")?;
    conserved(settlement, differences);
    if !step.preview {
        stage.bills.insert((step.person.clone(), step.bill), settlement.settlement_id.clone());
    }
    compare(stage, &step.person, &answer, expected, differences)
}

async fn preview_bill(stage: &Stage<'_>, actor: &Actor, bill: settlement::Bill) -> Result<Answer, Status> {
    let request = settlement::PreviewSettlementRequest { resident_id: actor.resident_id.clone(), bill: Some(bill) };
    let answer = by(Office::Provider, stage.clients.settlement.clone().preview_settlement(request)).await?;
    Ok(Answer { settlement: answer.settlement, adjustments: answer.adjustments })
}

async fn settle_bill(stage: &Stage<'_>, actor: &Actor, bill: settlement::Bill) -> Result<Answer, Status> {
    let request = settlement::SettleRequest {
        request_id: stage.request_id(&format!("settle-{}", bill.bill_number), &actor.person.id),
        resident_id: actor.resident_id.clone(),
        bill: Some(bill),
        ..Default::default()
    };
    let answer = by(Office::Provider, stage.clients.settlement.clone().settle(request)).await?;
    Ok(Answer { settlement: answer.settlement, adjustments: answer.adjustments })
}

pub(crate) async fn reverse(stage: &Stage<'_>, step: Reverse, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let id = stage.bills.get(&(step.person.clone(), step.bill.clone()));
    let request = settlement::ReverseSettlementRequest {
        request_id: stage.request_id(&format!("reverse-{}", step.bill), &step.person),
        resident_id: actor.resident_id.clone(),
        settlement_id: id.cloned().ok_or_else(|| format!("no settled bill {}", step.bill))?,
    };
    let answer = by(Office::Provider, stage.clients.settlement.clone().reverse_settlement(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let answer = Answer { settlement: answer.settlement, adjustments: answer.adjustments };
    compare(stage, &step.person, &answer, expected, differences)
}

fn compare(
    stage: &Stage<'_>,
    person: &str,
    answer: &Answer,
    expected: Settled,
    differences: &mut Differences,
) -> Result<(), String> {
    let Settled {
        basic_fund,
        critical_illness,
        medical_assistance,
        veterans_assistance,
        person: own,
        maternity,
        eligible,
        year: totals,
        receipt: rules,
        marks,
        found,
        adjusted,
    } = expected;
    let got = answer.settlement.as_ref().ok_or("no settlement in the answer")?;
    let shares = got.shares.as_ref().ok_or("no shares in the answer")?;
    differences.amount("basic_fund", basic_fund, shares.basic_fund_fen);
    differences.amount("critical_illness", critical_illness, shares.critical_illness_fen);
    differences.amount("medical_assistance", medical_assistance, shares.medical_assistance_fen);
    differences.amount("veterans_assistance", veterans_assistance, shares.veterans_assistance_fen);
    differences.amount("person", own, shares.person_fen);
    differences.amount("maternity", maternity, shares.maternity_fen);
    differences.amount("eligible", eligible, shares.eligible_fen);
    if let Some(expected) = totals {
        year(&expected, got.accumulators.as_ref().ok_or("no running totals in the answer")?, differences);
    }
    let receipt = got.receipt.as_ref().ok_or("no receipt in the answer")?;
    differences.receipt(rules.as_deref(), receipt);
    differences.list("marks", marks.as_deref(), receipt.steps.iter().flat_map(|step| &step.marks));
    differences.found(&found, Some(receipt));
    match adjusted {
        Some(expected) => adjustments_of(stage, person, expected, &answer.adjustments, differences),
        None => Ok(()),
    }
}
