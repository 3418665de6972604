//! Steps of registry and contribution: may somebody enrol, what is due, is a payment the right one.

use std::collections::BTreeMap;

use juyi_domain::codes::{Category, Class, Desk, District, Identity, Office, PaymentMethod, Tier, Window};
use juyi_proto::code::Coded;
use juyi_proto::common::v1::{Receipt, value::Kind};
use juyi_proto::contribution::v1 as contribution;
use juyi_proto::contribution::v1::quote_premium_request::Subject;
use juyi_tests::offices::{by, by_one_of};
use serde::Deserialize;
use tonic::Status;

use super::differences::Differences;
use super::stage::{Stage, office_of};
use super::values::{Day, Expect, Written, Yuan};

/// Asks whether a person may enrol on a day. Nothing is stored.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrol {
    pub(crate) person: String,
    pub(crate) applied: Day,
    /// Another desk than the person's.
    pub(crate) desk: Option<Desk>,
    pub(crate) expect: Expect<Enrolled>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Enrolled {
    /// Another category than the person's.
    pub(crate) category: Option<Category>,
    pub(crate) class: Option<Class>,
    pub(crate) tier: Option<Tier>,
    pub(crate) window: Option<Window>,
    pub(crate) desk: Option<Desk>,
    #[serde(default)]
    pub(crate) found: BTreeMap<String, Written>,
}

/// Quotes the premium of an enrolled person, or of some people by their facts; amounts are added up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quote {
    pub(crate) person: Option<String>,
    #[serde(default)]
    pub(crate) people: Vec<Insured>,
    /// Refuse where the law prints no government part.
    #[serde(default)]
    pub(crate) government_part_required: bool,
    pub(crate) expect: Expect<Quoted>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Insured {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) class: Class,
    pub(crate) tier: Option<Tier>,
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quoted {
    /// Personal part before any subsidy.
    pub(crate) personal: Option<Yuan>,
    pub(crate) subsidy: Option<Yuan>,
    pub(crate) payable: Option<Yuan>,
    pub(crate) government: Option<Yuan>,
    /// Personal and government part.
    pub(crate) total: Option<Yuan>,
    /// Ground of the subsidy, of one person.
    pub(crate) subsidy_ground: Option<String>,
    /// Charge for the insurances that come with the premium.
    pub(crate) extra: Option<Yuan>,
}

/// Checks a payment of an enrolled person. Nothing is stored.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pay {
    pub(crate) person: String,
    pub(crate) paid: Day,
    pub(crate) amount: Yuan,
    pub(crate) method: PaymentMethod,
    #[serde(default)]
    pub(crate) epidemic_rule: bool,
    pub(crate) expect: Expect<Paid>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paid {
    pub(crate) amount: Option<Yuan>,
    pub(crate) subsidy: Option<Yuan>,
}

pub(crate) async fn enrol(stage: &Stage<'_>, step: Enrol, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let desk = step.desk.unwrap_or(actor.person.desk);
    let request = stage.enrolment(actor, &step.applied, desk, true);
    let answer = by_one_of(actor.person.district, office_of(desk), stage.clients.registry.clone().enrol(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let enrolment = answer.enrolment.ok_or("no enrolment in the answer")?;
    let Enrolled { category, class, tier, window, desk, found } = expected;
    differences.code("category", category.or(Some(actor.person.category)), enrolment.category);
    differences.code("class", class, enrolment.class);
    differences.code("tier", tier, enrolment.tier);
    differences.code("window", window, enrolment.window);
    differences.code("desk", desk, enrolment.desk);
    differences.found(&found, enrolment.receipt.as_ref());
    Ok(())
}

pub(crate) async fn quote(stage: &Stage<'_>, step: Quote, differences: &mut Differences) -> Result<(), String> {
    let answer = match &step.person {
        Some(_) if !step.people.is_empty() || step.government_part_required => {
            return Err("a quote is for one enrolled person, or for people by their facts".to_owned());
        }
        Some(person) => stage.quote_of(stage.actor(person)?).await?.map(|answer| vec![answer]),
        None => quote_all(stage, &step.people, step.government_part_required).await,
    };
    let Some((answers, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let quotes: Vec<_> = answers.into_iter().filter_map(|answer| answer.quote).collect();
    let sum = |part: fn(&contribution::Quote) -> i64| quotes.iter().map(part).sum::<i64>();
    let Quoted { personal, subsidy, payable, government, total, subsidy_ground, extra } = expected;
    differences.amount("personal", personal, sum(|quote| quote.personal_fen));
    differences.amount("subsidy", subsidy, sum(|quote| quote.subsidy_fen));
    differences.amount("payable", payable, sum(|quote| quote.payable_fen));
    let government_fen: Option<i64> = quotes.iter().map(|quote| quote.government_fen).sum();
    if government.is_some() || total.is_some() {
        let government_fen = government_fen.ok_or("no government part in the answer")?;
        differences.amount("government", government, government_fen);
        differences.amount("total", total, government_fen + sum(|quote| quote.personal_fen));
    }
    let grounds: Vec<_> = quotes.iter().map(|quote| quote.subsidy_ground.as_str()).collect();
    differences.same("subsidy_ground", subsidy_ground, grounds.join(","));
    if extra.is_some() {
        let charges: Option<Vec<i64>> = quotes.iter().map(|quote| extra_charge(quote.receipt.as_ref())).collect();
        differences.amount("extra", extra, charges.ok_or("no insurance at no charge in the receipt")?.iter().sum());
    }
    Ok(())
}

async fn quote_all(
    stage: &Stage<'_>,
    people: &[Insured],
    require_government_part: bool,
) -> Result<Vec<contribution::QuotePremiumResponse>, Status> {
    let mut answers = Vec::new();
    for insured in people {
        let facts = contribution::PremiumFacts {
            policy_year: insured.policy_year,
            district: insured.district.to_string(),
            class: insured.class.to_wire(),
            tier: insured.tier.map_or(0, Coded::to_wire),
            identities: insured.identities.iter().map(|identity| identity.to_wire()).collect(),
            ..Default::default()
        };
        let subject = Some(Subject::Facts(facts));
        let request = contribution::QuotePremiumRequest { subject, require_government_part, ..Default::default() };
        answers.push(by(Office::Tax, stage.clients.contribution.clone().quote_premium(request)).await?);
    }
    Ok(answers)
}

/// What the insurances of J-2.2-a cost; `None` when the receipt does not name the three.
fn extra_charge(receipt: Option<&Receipt>) -> Option<i64> {
    let step = receipt?.steps.iter().find(|step| step.rule_id == "J-2.2-a")?;
    let charge = |name: &str| match step.outputs.iter().find(|output| output.name == name)?.value.as_ref()?.kind {
        Some(Kind::Fen(fen)) => Some(fen),
        _ => None,
    };
    ["CRITICAL_ILLNESS", "MATERNITY", "ACCIDENT"].into_iter().map(charge).sum()
}

pub(crate) async fn pay(stage: &Stage<'_>, step: Pay, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = contribution::ConfirmPaymentRequest {
        request_id: stage.request_id(&format!("pay-{}-{}", step.paid, step.amount), &step.person),
        validate_only: true,
        resident_id: actor.resident_id.clone(),
        enrolment_id: actor.enrolment_id.clone().ok_or("is not enrolled")?,
        amount_fen: step.amount.0,
        payment_date: step.paid.0,
        method: step.method.to_wire(),
        voucher_number: format!("C-{}-{}", stage.id, step.person),
        invoke_epidemic_rule: step.epidemic_rule,
        ..Default::default()
    };
    let answer = by(Office::Tax, stage.clients.contribution.clone().confirm_payment(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let payment = answer.payment.ok_or("no payment in the answer")?;
    let Paid { amount, subsidy } = expected;
    differences.amount("amount", amount, payment.amount_fen);
    differences.amount("subsidy", subsidy, payment.subsidy_fen);
    Ok(())
}
