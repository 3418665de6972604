//! Steps of a person's years: openings, closings, family doctors.

use std::collections::BTreeMap;

use juyi_domain::codes::Office;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices::by_one_of;
use serde::Deserialize;

use super::differences::Differences;
use super::stage::Stage;
use super::values::{Day, Expect, Written, Yuan};

/// States what a person brings into the policy year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportOpening {
    pub(crate) person: String,
    /// The year, if not that of the person.
    pub(crate) policy_year: Option<i32>,
    /// Balances by origin year.
    #[serde(default)]
    pub(crate) balances: BTreeMap<String, Yuan>,
    pub(crate) unused_years: Option<i32>,
    pub(crate) expect: Expect<Opened>,
}

/// Reads what a person brings into a year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GetOpening {
    pub(crate) person: String,
    pub(crate) policy_year: i32,
    pub(crate) expect: Expect<Opened>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Opened {
    /// Sum of the balances.
    pub(crate) balance: Option<Yuan>,
    pub(crate) unused_years: Option<i32>,
    pub(crate) outpatient_deductible: Option<Yuan>,
}

/// Closes the policy year of the person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseYear {
    pub(crate) person: String,
    pub(crate) expect: Expect<Closed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Closed {
    pub(crate) carried: Option<Yuan>,
    pub(crate) next_deductible: Option<Yuan>,
    /// Sum of the balances that the next year begins with.
    pub(crate) next_balance: Option<Yuan>,
    pub(crate) receipt: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) found: BTreeMap<String, Written>,
}

/// Signs a contract with a family doctor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignFamilyDoctor {
    pub(crate) person: String,
    pub(crate) signed: Day,
    /// True for an institution that is not the person's own.
    #[serde(default)]
    pub(crate) foreign_institution: bool,
    pub(crate) expect: Expect<Signed>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signed {
    pub(crate) effective: Option<Day>,
}

pub(crate) async fn import(
    stage: &Stage<'_>,
    step: ImportOpening,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let source = || "a register of the scenario".to_owned();
    let mut balances = Vec::new();
    for (year, amount) in &step.balances {
        let origin_year = year.parse().map_err(|_| format!("{year} is no year"))?;
        balances.push(settlement::Balance { origin_year, amount_fen: amount.0, source: source() });
    }
    let policy_year = step.policy_year.unwrap_or(actor.person.policy_year);
    let request = settlement::ImportOpeningRequest {
        request_id: stage.request_id(&format!("import-{policy_year}-{:?}", step.unused_years), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        district: actor.person.district.to_string(),
        policy_year,
        balances,
        unused_years: step.unused_years.map(|years| settlement::UnusedYears { years, source: source() }),
    };
    let (office, mut years) = (Office::MedicalInsurance, stage.clients.person_years.clone());
    let answer = by_one_of(actor.person.district, office, years.import_opening(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    opened(&expected, &answer.opening.ok_or("no opening in the answer")?, differences);
    Ok(())
}

pub(crate) async fn get(stage: &Stage<'_>, step: GetOpening, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request =
        settlement::GetOpeningRequest { resident_id: actor.resident_id.clone(), policy_year: step.policy_year };
    let (office, mut years) = (Office::MedicalInsurance, stage.clients.person_years.clone());
    let answer = by_one_of(actor.person.district, office, years.get_opening(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    opened(&expected, &answer.opening.ok_or("no opening in the answer")?, differences);
    Ok(())
}

fn opened(expected: &Opened, got: &settlement::Opening, differences: &mut Differences) {
    let Opened { balance, unused_years, outpatient_deductible } = *expected;
    differences.amount("balance", balance, got.balance_fen);
    differences.same("unused_years", unused_years, got.unused_years.as_ref().map_or(0, |unused| unused.years));
    let deductible = got.outpatient_deductible_fen.unwrap_or(-1);
    differences.amount("outpatient_deductible", outpatient_deductible, deductible);
}

pub(crate) async fn close(stage: &Stage<'_>, step: CloseYear, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = settlement::CloseYearRequest {
        request_id: stage.request_id("close", &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        policy_year: actor.person.policy_year,
    };
    let (office, mut years) = (Office::MedicalInsurance, stage.clients.person_years.clone());
    let answer = by_one_of(actor.person.district, office, years.close_year(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let got = answer.closing.ok_or("no closing in the answer")?;
    let Closed { carried, next_deductible, next_balance, receipt, found } = expected;
    differences.amount("carried", carried, got.carried_fen);
    differences.amount("next_deductible", next_deductible, got.next_deductible_fen);
    let next = got.next_opening.ok_or("no opening in the closing")?;
    differences.amount("next_balance", next_balance, next.balance_fen);
    let steps = got.receipt.ok_or("no receipt in the closing")?;
    differences.receipt(receipt.as_deref(), &steps);
    differences.found(&found, Some(&steps));
    Ok(())
}

pub(crate) async fn sign(
    stage: &Stage<'_>,
    step: SignFamilyDoctor,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let own = "C12011800001";
    let request = settlement::SignFamilyDoctorRequest {
        request_id: stage.request_id(&format!("sign-{}", step.signed), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        institution_code: if step.foreign_institution { "C12011800002" } else { own }.to_owned(),
        primary_institution_code: own.to_owned(),
        signed_date: step.signed.0.clone(),
    };
    let (office, mut years) = (Office::Provider, stage.clients.person_years.clone());
    let answer = by_one_of(actor.person.district, office, years.sign_family_doctor(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let contract = answer.contract.ok_or("no contract in the answer")?;
    differences.same("effective", expected.effective, contract.effective_date);
    Ok(())
}
