//! Steps of settlement.

use std::collections::BTreeMap;

use juyi_domain::codes::{Office, Payer, ProviderLevel};
use juyi_domain::money::Fen;
use juyi_domain::settlement::care::{CareKind, ProviderKind};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices::by;
use serde::Deserialize;
use tonic::Status;

use super::differences::Differences;
use super::stage::{Actor, Stage, provider_code};
use super::totals::{Adjusted, Year, adjustments_of, year};
use super::values::{Day, Expect, Written, Yuan};

/// Settles a bill; an inpatient one at a hospital unless said otherwise.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settle {
    pub(crate) person: String,
    /// How steps call the bill.
    pub(crate) bill: String,
    /// Kind of care.
    pub(crate) care_kind: Option<CareKind>,
    /// Kind of the provider.
    pub(crate) provider_kind: Option<ProviderKind>,
    pub(crate) level: Option<ProviderLevel>,
    /// Level 2 hospital under the reform.
    #[serde(default)]
    pub(crate) reform_registered: bool,
    /// Village clinic under the integrated management.
    #[serde(default)]
    pub(crate) village_integrated: bool,
    /// General treatment fee, a part of the eligible cost.
    pub(crate) general_fee: Option<GeneralFee>,
    pub(crate) admitted: Day,
    pub(crate) discharged: Day,
    /// Day the stay began, of the later part of a stay that crosses New Year.
    pub(crate) stay_admitted: Option<Day>,
    /// The whole bill; the eligible part where it is not given.
    pub(crate) total: Option<Yuan>,
    /// Part inside the three catalogues.
    pub(crate) eligible: Yuan,
    /// False for a provider that is not designated for medical assistance.
    #[serde(default = "designated")]
    pub(crate) assistance_designated: bool,
    /// Only previews it.
    #[serde(default)]
    pub(crate) preview: bool,
    pub(crate) expect: Expect<Settled>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GeneralFee {
    pub(crate) registration: Yuan,
    pub(crate) consultation: Yuan,
    pub(crate) injection: Yuan,
}

const fn designated() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settled {
    pub(crate) basic_fund: Option<Yuan>,
    pub(crate) critical_illness: Option<Yuan>,
    pub(crate) medical_assistance: Option<Yuan>,
    pub(crate) veterans_assistance: Option<Yuan>,
    pub(crate) person: Option<Yuan>,
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
    let bill = bill(&step);
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

fn bill(step: &Settle) -> settlement::Bill {
    settlement::Bill {
        bill_number: step.bill.clone(),
        care_kind: step.care_kind.unwrap_or(CareKind::Inpatient).to_wire(),
        provider: Some(settlement::Provider {
            provider_code: step.level.map_or_else(|| "C120118".to_owned(), provider_code),
            level: step.level.map_or(0, Coded::to_wire),
            kind: step.provider_kind.map_or(0, Coded::to_wire),
            assistance_designated: step.assistance_designated,
            designated: true,
            reform_registered: step.reform_registered,
            village_integrated: step.village_integrated,
            ..Default::default()
        }),
        admission_date: step.admitted.0.clone(),
        discharge_date: step.discharged.0.clone(),
        total_fen: step.total.unwrap_or(step.eligible).0,
        eligible_fen: step.eligible.0,
        general_fee: step.general_fee.map(|fee| settlement::GeneralFee {
            registration_fen: fee.registration.0,
            consultation_fen: fee.consultation.0,
            injection_fen: fee.injection.0,
        }),
        stay_admission_date: step.stay_admitted.as_ref().map(|day| day.0.clone()).unwrap_or_default(),
        ..Default::default()
    }
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

/// What holds of every settlement: the payers' parts make the whole, and each is the sum of its payment lines.
fn conserved(got: &settlement::Settlement, differences: &mut Differences) {
    let (Some(shares), Some(receipt)) = (&got.shares, &got.receipt) else { return };
    let mut sum = 0;
    for (payer, fen) in [
        (Payer::BasicFund, shares.basic_fund_fen),
        (Payer::CriticalIllness, shares.critical_illness_fen),
        (Payer::MedicalAssistance, shares.medical_assistance_fen),
        (Payer::VeteransAssistance, shares.veterans_assistance_fen),
        (Payer::Person, shares.person_fen),
    ] {
        differences.lines_of(receipt, payer, fen);
        sum += fen;
    }
    differences.amount("sum of the shares", Some(Fen::new(shares.total_fen)), sum);
}
