//! Steps of the benefit period.

use std::collections::BTreeMap;

use juyi_domain::codes::{Category, Class, District, Insurance, Office, PayingScheme, Tier};
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::common::v1::Receipt;
use juyi_tests::offices::by;
use serde::Deserialize;

use super::differences::Differences;
use super::stage::Stage;
use super::values::{Day, Expect, Written};

/// Asks which coverage a payment would open.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PreviewCoverage {
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    pub(crate) category: Category,
    pub(crate) born: Option<Day>,
    pub(crate) previous_year_insured: Option<bool>,
    pub(crate) interrupted: Option<Day>,
    pub(crate) paid: Day,
    /// The payer invokes the rule of the epidemic.
    #[serde(default)]
    pub(crate) epidemic_rule: bool,
    /// Deducted from the old-age living subsidy.
    #[serde(default)]
    pub(crate) by_deduction: bool,
    pub(crate) died: Option<Day>,
    pub(crate) left_school: Option<Day>,
    pub(crate) expect: Expect<Spans>,
}

/// Reads the coverage of a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListCoverage {
    pub(crate) person: String,
    pub(crate) expect: Expect<Spans>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spans {
    pub(crate) basic: Option<Vec<Span>>,
    pub(crate) critical_illness: Option<Vec<Span>>,
    pub(crate) maternity: Option<Vec<Span>>,
    pub(crate) accident: Option<Vec<Span>>,
    #[serde(default)]
    pub(crate) found: BTreeMap<String, Written>,
}

/// Days covered, both included, and the year whose benefits apply.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) year: i32,
}

/// Asks whether a person is covered on a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Coverage {
    pub(crate) person: String,
    pub(crate) insurance: Insurance,
    pub(crate) on: Day,
    pub(crate) expect: Expect<Covered>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Covered {
    pub(crate) covered: Option<bool>,
    /// All reasons why not.
    pub(crate) reasons: Option<Vec<String>>,
    pub(crate) from: Option<Day>,
    pub(crate) to: Option<Day>,
    pub(crate) year: Option<i32>,
    pub(crate) class: Option<Class>,
    pub(crate) tier: Option<Tier>,
    /// The insurance that pays on the day.
    pub(crate) paying_scheme: Option<PayingScheme>,
    /// Metadata of the first reason, for example `pay_by`.
    #[serde(default)]
    pub(crate) because: BTreeMap<String, Written>,
}

pub(crate) async fn preview(
    stage: &Stage<'_>,
    step: PreviewCoverage,
    differences: &mut Differences,
) -> Result<(), String> {
    let day = |day: Option<Day>| day.map(|day| day.0).unwrap_or_default();
    let request = benefit_period::PreviewCoverageRequest {
        policy_year: step.policy_year,
        district: step.district.to_string(),
        category: step.category.to_wire(),
        birth_date: day(step.born),
        previous_year_insured: step.previous_year_insured,
        payment_date: step.paid.0,
        interruption_date: day(step.interrupted),
        invoke_epidemic_rule: step.epidemic_rule,
        by_deduction: step.by_deduction,
        death_date: day(step.died),
        school_leaving_date: day(step.left_school),
        ..Default::default()
    };
    let answer = by(Office::Township, stage.clients.benefit_period.clone().preview_coverage(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    spans(expected, &answer.spans, answer.receipt.as_ref(), differences);
    Ok(())
}

pub(crate) async fn list(stage: &Stage<'_>, step: ListCoverage, differences: &mut Differences) -> Result<(), String> {
    let answer = stage.spans_of(stage.actor(&step.person)?).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    spans(expected, &answer.spans, None, differences);
    Ok(())
}

fn spans(expected: Spans, got: &[benefit_period::Span], receipt: Option<&Receipt>, differences: &mut Differences) {
    let Spans { basic, critical_illness, maternity, accident, found } = expected;
    for (insurance, expected) in [
        (Insurance::Basic, basic),
        (Insurance::CriticalIllness, critical_illness),
        (Insurance::Maternity, maternity),
        (Insurance::Accident, accident),
    ] {
        let expected: Option<Vec<String>> = expected.map(|spans| spans.iter().map(written).collect());
        let got = got.iter().filter(|span| span.insurance == insurance.to_wire());
        let got = got.map(|span| format!("{}/{} of {}", span.start_date, span.end_date, span.benefit_year));
        differences.list(insurance.as_str(), expected.as_deref(), got);
    }
    differences.found(&found, receipt);
}

fn written(span: &Span) -> String {
    format!("{}/{} of {}", span.from, span.to, span.year)
}

pub(crate) async fn coverage(stage: &Stage<'_>, step: Coverage, differences: &mut Differences) -> Result<(), String> {
    let request = benefit_period::GetCoverageRequest {
        resident_id: stage.actor(&step.person)?.resident_id.clone(),
        date: step.on.0,
        insurance: step.insurance.to_wire(),
        scheme_date: String::new(),
    };
    let answer = by(Office::MedicalInsurance, stage.clients.benefit_period.clone().get_coverage(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    let Covered { covered, reasons, from, to, year, class, tier, paying_scheme, because } = expected;
    differences.same("covered", covered, answer.covered);
    let got = answer.reasons.iter().map(|condition| &condition.reason);
    differences.list("reasons", reasons.as_deref(), got);
    let span = answer.span.unwrap_or_default();
    differences.same("from", from, &span.start_date);
    differences.same("to", to, &span.end_date);
    differences.same("year", year, span.benefit_year);
    differences.code("class", class, answer.class);
    differences.code("tier", tier, answer.tier);
    differences.code("paying_scheme", paying_scheme, answer.paying_scheme);
    for (key, expected) in &because {
        let told = answer.reasons.first().and_then(|reason| reason.metadata.get(key));
        differences.same(&format!("because.{key}"), Some(&expected.0), told.map_or("nothing", String::as_str));
    }
    Ok(())
}
