//! Steps of contribution beyond a single payment: declarations, deductions, refunds.

use juyi_domain::codes::{Office, PaymentMethod, RefundGround, RefundState};
use juyi_proto::code::Coded;
use juyi_proto::contribution::v1 as contribution;
use juyi_tests::offices::{Clients, by, collection_system};
use serde::Deserialize;
use tonic::Status;

use super::differences::Differences;
use super::stage::{Actor, Stage, unit};
use super::values::{Day, Expect, Yuan};

/// Applies for the refund of a person's payment; with `completed` it is verified and paid back as well.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refund {
    pub(crate) person: String,
    pub(crate) applied: Day,
    pub(crate) ground: RefundGround,
    /// Day of admission to the school, and day of the loan.
    pub(crate) admitted: Option<Day>,
    pub(crate) loan: Option<Day>,
    /// Nothing is stored without it.
    #[serde(default)]
    pub(crate) completed: bool,
    pub(crate) expect: Expect<Refunded>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refunded {
    pub(crate) amount: Option<Yuan>,
    /// First day of the earliest period that the payment opened.
    pub(crate) benefits_from: Option<Day>,
    pub(crate) state: Option<RefundState>,
}

/// Deducts the premium of a person from the old-age living subsidy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deduct {
    pub(crate) person: String,
    pub(crate) deducted: Day,
    /// The living subsidy, where the list tells it.
    pub(crate) living_subsidy: Option<Yuan>,
    pub(crate) expect: Expect<Deducted>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deducted {
    pub(crate) amount: Option<Yuan>,
    pub(crate) method: Option<PaymentMethod>,
}

/// Uses a year of a prepaid term.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UsePrepayment {
    pub(crate) person: String,
    pub(crate) used: Day,
    /// What is asked from the person on top.
    pub(crate) surcharge: Yuan,
    pub(crate) expect: Expect<Deducted>,
}

/// Declares everybody whom the unit of the scenario registered. Only an answer without `total` is stored.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declare {
    pub(crate) policy_year: i32,
    /// The sum that the unit names.
    pub(crate) total: Option<Yuan>,
    /// With a day the declaration is paid in one sum.
    pub(crate) paid: Option<Day>,
    pub(crate) expect: Expect<Declared>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Declared {
    pub(crate) persons: Option<i64>,
    pub(crate) subsidised: Option<i64>,
    pub(crate) payable: Option<Yuan>,
    pub(crate) subsidy: Option<Yuan>,
    /// People whose payment is confirmed.
    pub(crate) confirmed: Option<i64>,
}

pub(crate) async fn refund(stage: &Stage<'_>, step: Refund, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let answer = answer_of(stage, actor, &step).await?;
    let Some((refund, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let Refunded { amount, benefits_from, state } = expected;
    differences.amount("amount", amount, refund.refund_fen);
    differences.same("benefits_from", benefits_from, &refund.benefit_start_date);
    differences.code("state", state, refund.state);
    Ok(())
}

async fn answer_of(
    stage: &Stage<'_>,
    actor: &Actor,
    step: &Refund,
) -> Result<Result<contribution::Refund, Status>, String> {
    let day = |day: &Option<Day>| day.as_ref().map(|day| day.0.clone()).unwrap_or_default();
    let loan = step
        .loan
        .as_ref()
        .map(|loan| contribution::StudentLoanFacts { admission_date: day(&step.admitted), loan_date: loan.0.clone() });
    let request = contribution::ApplyRefundRequest {
        request_id: stage
            .request_id(&format!("refund-{}-{}-{}", step.applied, step.ground, step.completed), &step.person),
        validate_only: !step.completed,
        resident_id: actor.resident_id.clone(),
        enrolment_id: actor.enrolment_id.clone().ok_or("is not enrolled")?,
        ground: step.ground.to_wire(),
        application_date: step.applied.0.clone(),
        student_loan: loan,
    };
    let mut client = stage.clients.refunds.clone();
    let accepted = match by(Office::Tax, client.apply_refund(request)).await {
        Ok(answer) => answer.refund.ok_or("no refund in the answer")?,
        Err(status) => return Ok(Err(status)),
    };
    if !step.completed {
        return Ok(Ok(accepted));
    }
    Ok(complete(stage.clients, accepted).await)
}

/// The tax office verifies, and only then the social insurance agency pays back (J-3.5-b).
async fn complete(clients: &Clients, accepted: contribution::Refund) -> Result<contribution::Refund, Status> {
    let mut client = clients.refunds.clone();
    let verify = contribution::VerifyRefundRequest {
        request_id: format!("verify-{}", accepted.refund_id),
        resident_id: accepted.resident_id.clone(),
        refund_id: accepted.refund_id.clone(),
        decision: RefundState::Verified.to_wire(),
        ..Default::default()
    };
    let verified = by(Office::Tax, client.verify_refund(verify)).await?.refund.unwrap_or_default();
    let repay = contribution::RepayRefundRequest {
        request_id: format!("repay-{}", accepted.refund_id),
        resident_id: accepted.resident_id,
        voucher_number: format!("R-{}", accepted.refund_id).chars().take(40).collect(),
        refund_id: accepted.refund_id,
        amount_fen: accepted.refund_fen,
        // The offices act today, whatever day the application bears.
        repayment_date: verified.steps.last().map(|step| step.date.clone()).unwrap_or_default(),
        validate_only: false,
    };
    Ok(by(Office::SocialInsurance, client.repay_refund(repay)).await?.refund.unwrap_or_default())
}

pub(crate) async fn deduct(stage: &mut Stage<'_>, step: Deduct, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = contribution::DeductPremiumRequest {
        request_id: stage.request_id(&format!("deduct-{}", step.deducted), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        policy_year: actor.person.policy_year,
        district: actor.person.district.to_string(),
        deduction_date: step.deducted.0,
        voucher_number: format!("D-{}-{}", stage.id, step.person),
        subsidy_fen: step.living_subsidy.map(|yuan| yuan.0),
    };
    let answer = by(Office::SocialInsurance, stage.clients.collection.clone().deduct_premium(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let payment = answer.payment.ok_or("no payment in the answer")?;
    let Deducted { amount, method } = expected;
    differences.amount("amount", amount, payment.amount_fen);
    differences.code("method", method, payment.method);
    stage.await_coverage_of(&step.person, &payment.payment_id).await
}

pub(crate) async fn use_prepayment(
    stage: &Stage<'_>,
    step: UsePrepayment,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = contribution::UsePrepaymentRequest {
        request_id: stage.request_id(&format!("use-{}", step.surcharge), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        policy_year: actor.person.policy_year,
        amount_fen: step.surcharge.0,
        payment_date: step.used.0,
    };
    let answer = by(Office::Tax, stage.clients.collection.clone().use_prepayment(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let payment = answer.payment.ok_or("no payment in the answer")?;
    let Deducted { amount, method } = expected;
    differences.amount("amount", amount, payment.amount_fen);
    differences.code("method", method, payment.method);
    stage.await_coverage_of(&step.person, &payment.payment_id).await
}

pub(crate) async fn declare(stage: &Stage<'_>, step: Declare, differences: &mut Differences) -> Result<(), String> {
    collection_system(stage.clients, &unit(stage.id)).await.map_err(|status| super::differences::told(&status))?;
    let request = contribution::DeclareRequest {
        request_id: stage.request_id("declare", &step.total.map(|total| total.to_string()).unwrap_or_default()),
        validate_only: false,
        unit_id: unit(stage.id),
        policy_year: step.policy_year,
        total_fen: step.total.map(|total| total.0),
    };
    let answer = by(Office::Education, stage.clients.declarations.clone().declare(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let mut declaration = answer.declaration.ok_or("no declaration in the answer")?;
    if let Some(paid) = step.paid {
        declaration = pay(stage, &declaration, paid).await?;
    }
    let totals = declaration.totals.unwrap_or_default();
    let Declared { persons, subsidised, payable, subsidy, confirmed } = expected;
    differences.same("persons", persons, totals.persons);
    differences.same("subsidised", subsidised, totals.subsidised);
    differences.amount("payable", payable, totals.payable_fen);
    differences.amount("subsidy", subsidy, totals.subsidy_fen);
    differences.same("confirmed", confirmed, totals.confirmed);
    Ok(())
}

async fn pay(
    stage: &Stage<'_>,
    declaration: &contribution::Declaration,
    paid: Day,
) -> Result<contribution::Declaration, String> {
    let request = contribution::PayDeclarationRequest {
        request_id: stage.request_id("pay-declaration", &declaration.declaration_id),
        validate_only: false,
        declaration_id: declaration.declaration_id.clone(),
        amount_fen: declaration.totals.unwrap_or_default().payable_fen,
        method: PaymentMethod::AuthorisedTransfer.to_wire(),
        payment_date: paid.0,
        voucher_number: format!("U-{}", stage.id),
    };
    let answer = by(Office::Tax, stage.clients.declarations.clone().pay_declaration(request)).await;
    let answer = answer.map_err(|status| super::differences::told(&status))?;
    answer.declaration.ok_or_else(|| "no declaration in the answer".to_owned())
}
