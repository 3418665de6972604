//! Steps of births and family planning.

use std::collections::BTreeMap;

use juyi_domain::codes::{Office, ProviderLevel};
use juyi_domain::money::Fen;
use juyi_domain::settlement::maternity::event::{
    DeliveryMode, DeliverySurgery, DeviceCondition, FamilyPlanningProcedure, PregnancyEnd,
};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as settlement;
use juyi_proto::settlement::v1::maternity_event::Event as WireEvent;
use juyi_tests::offices::{by, by_one_of};
use serde::Deserialize;

use super::differences::Differences;
use super::stage::{Stage, provider_code};
use super::values::{Day, Expect, Written, Yuan};

/// Registers a birth at the person's own township, or at another one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterBirth {
    pub(crate) person: String,
    pub(crate) conceived: Day,
    pub(crate) registered: Day,
    pub(crate) desk_township: Option<String>,
    pub(crate) expect: Expect<BirthRegistered>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BirthRegistered {
    pub(crate) desk_township: String,
}

/// Registers the benefit online at an institution of a level, or with a reason at the person's own township.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterBenefit {
    pub(crate) person: String,
    pub(crate) registered: Day,
    pub(crate) level: Option<ProviderLevel>,
    pub(crate) reason: Option<String>,
    pub(crate) expect: Expect<BenefitRegistered>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BenefitRegistered {
    pub(crate) desk: juyi_domain::settlement::maternity::registration::MaternityDesk,
}

/// Settles a maternity or family-planning bill.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleBirth {
    pub(crate) person: String,
    /// How steps call the bill.
    pub(crate) bill: String,
    pub(crate) level: ProviderLevel,
    pub(crate) admitted: Day,
    /// The day of admission where it is not given.
    pub(crate) discharged: Option<Day>,
    /// The whole bill; the eligible part where it is not given.
    pub(crate) total: Option<Yuan>,
    pub(crate) eligible: Yuan,
    pub(crate) event: Event,
    /// The office that settles, if not the provider.
    pub(crate) office: Option<Office>,
    pub(crate) expect: Expect<Settled>,
}

/// What the bill is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Event {
    Checks {
        end: PregnancyEnd,
        weeks: Option<i32>,
    },
    Childbirth {
        mode: Option<DeliveryMode>,
        #[serde(default)]
        surgeries: Vec<DeliverySurgery>,
        #[serde(default)]
        obstetric_complication: bool,
        #[serde(default)]
        severe_disease: bool,
        #[serde(default)]
        transferred_out: bool,
        #[serde(default)]
        multiple_birth: bool,
    },
    Planning {
        procedures: Vec<FamilyPlanningProcedure>,
        #[serde(default)]
        conditions: Vec<DeviceCondition>,
    },
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settled {
    pub(crate) maternity: Option<Yuan>,
    /// Of it, what is above the whole bill.
    pub(crate) above_cost: Option<Yuan>,
    pub(crate) person: Option<Yuan>,
    pub(crate) policy_year: Option<i32>,
    /// Rule ids of the receipt, in order.
    pub(crate) receipt: Option<Vec<String>>,
    /// Outcome and mark codes of the receipt, in order.
    pub(crate) marks: Option<Vec<String>>,
    /// Outputs of steps of the receipt; the last of a name counts.
    #[serde(default)]
    pub(crate) found: BTreeMap<String, Written>,
}

pub(crate) async fn register_birth(
    stage: &Stage<'_>,
    step: RegisterBirth,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let own = actor.person.township.clone().ok_or("lives in no township")?;
    let request = settlement::RegisterBirthRequest {
        request_id: stage.request_id(&format!("birth-{}", step.registered), &step.person),
        resident_id: actor.resident_id.clone(),
        conception_date: step.conceived.0,
        registration_date: step.registered.0,
        desk_township: step.desk_township.unwrap_or_else(|| own.clone()),
        residence_township: own,
        ..Default::default()
    };
    let call = stage.clients.maternity.clone();
    let answer =
        by_one_of(actor.person.district, Office::Township, async move { call.clone().register_birth(request).await });
    let Some((answer, expected)) = differences.answer(answer.await, step.expect) else { return Ok(()) };
    let registration = answer.registration.ok_or("no registration in the answer")?;
    differences.same("desk_township", Some(expected.desk_township), registration.desk_township);
    Ok(())
}

pub(crate) async fn register_benefit(
    stage: &Stage<'_>,
    step: RegisterBenefit,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let online = step.reason.is_none();
    let level = step.level.unwrap_or(ProviderLevel::One);
    let request = settlement::RegisterBenefitRequest {
        request_id: stage.request_id(&format!("benefit-{}-{level}", step.registered), &step.person),
        resident_id: actor.resident_id.clone(),
        registration_date: step.registered.0,
        provider: online.then(|| provider(level)),
        desk_township: if online { String::new() } else { actor.person.township.clone().unwrap_or_default() },
        reason: step.reason.unwrap_or_default(),
        ..Default::default()
    };
    let office = if online { Office::Provider } else { Office::Township };
    let call = stage.clients.maternity.clone();
    let answer =
        by_one_of(actor.person.district, office, async move { call.clone().register_benefit(request).await }).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let benefit =
        answer.registration.and_then(|registration| registration.benefit).ok_or("no benefit in the answer")?;
    differences.code("desk", Some(expected.desk), benefit.desk);
    Ok(())
}

pub(crate) async fn settle(
    stage: &mut Stage<'_>,
    step: SettleBirth,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = settlement::SettleRequest {
        request_id: stage.request_id(&format!("settle-{}", step.bill), &step.person),
        resident_id: actor.resident_id.clone(),
        bill: Some(bill(&step)),
        ..Default::default()
    };
    let call = stage.clients.settlement.clone();
    let office = step.office.unwrap_or(Office::Provider);
    let answer = Box::pin(by(office, async move { call.clone().settle(request).await })).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let got = answer.settlement.ok_or("no settlement in the answer")?;
    stage.bills.insert((step.person, step.bill), got.settlement_id.clone());
    compare(&got, &expected, differences)
}

fn bill(step: &SettleBirth) -> settlement::Bill {
    let kind = match step.event {
        Event::Planning { .. } => settlement::CareKind::FamilyPlanning,
        _ => settlement::CareKind::Maternity,
    };
    settlement::Bill {
        bill_number: step.bill.clone(),
        care_kind: kind.into(),
        provider: Some(provider(step.level)),
        admission_date: step.admitted.0.clone(),
        discharge_date: step.discharged.as_ref().unwrap_or(&step.admitted).0.clone(),
        total_fen: step.total.unwrap_or(step.eligible).0,
        eligible_fen: Some(step.eligible.0),
        maternity: Some(settlement::MaternityEvent { event: Some(event(&step.event)) }),
        place: Some(settlement::bill::Place::OutsideBorder(false)),
        ..Default::default()
    }
}

fn provider(level: ProviderLevel) -> settlement::Provider {
    settlement::Provider {
        provider_code: provider_code(level),
        level: level.to_wire(),
        designated: true,
        ..Default::default()
    }
}

fn event(event: &Event) -> WireEvent {
    match event {
        Event::Checks { end, weeks } => {
            WireEvent::PrenatalChecks(settlement::PrenatalChecks { end: end.to_wire(), completed_weeks: *weeks })
        }
        Event::Childbirth {
            mode,
            surgeries,
            obstetric_complication,
            severe_disease,
            transferred_out,
            multiple_birth,
        } => WireEvent::Childbirth(settlement::Childbirth {
            mode: mode.map(Coded::to_wire).unwrap_or_default(),
            surgeries: surgeries.iter().map(|code| code.to_wire()).collect(),
            obstetric_complication: *obstetric_complication,
            severe_disease: *severe_disease,
            transferred_out: *transferred_out,
            multiple_birth: *multiple_birth,
        }),
        Event::Planning { procedures, conditions } => WireEvent::FamilyPlanning(settlement::FamilyPlanning {
            procedures: procedures.iter().map(|code| code.to_wire()).collect(),
            conditions: conditions.iter().map(|code| code.to_wire()).collect(),
        }),
    }
}

fn compare(got: &settlement::Settlement, expected: &Settled, differences: &mut Differences) -> Result<(), String> {
    let shares = got.shares.as_ref().ok_or("no shares in the answer")?;
    let receipt = got.receipt.as_ref().ok_or("no receipt in the answer")?;
    differences.amount("maternity", expected.maternity, shares.maternity_fen);
    differences.amount("above_cost", expected.above_cost, shares.maternity_above_cost_fen);
    differences.amount("person", expected.person, shares.person_fen);
    differences.same("policy_year", expected.policy_year, got.policy_year);
    differences.receipt(expected.receipt.as_deref(), receipt);
    differences.list("marks", expected.marks.as_deref(), receipt.steps.iter().flat_map(|step| &step.marks));
    differences.found(&expected.found, Some(receipt));
    // Maternity insurance and the person alone pay, and above the whole what the fixed amount is above it (AMB-084).
    let whole = Fen::new(shares.total_fen + shares.maternity_above_cost_fen);
    differences.amount("sum of the shares", Some(whole), shares.maternity_fen + shares.person_fen);
    Ok(())
}
