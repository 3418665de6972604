//! Facts that become known in the course of the year.

use std::time::Duration;

use juyi_domain::codes::{ContributionStatus, EmployeesInsuranceKind, Insurance, LeavingReason, Office, PayingScheme};
use juyi_proto::benefit_period::v1 as benefit_period;
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as registry;
use juyi_proto::registry::v1::fact::Fact;
use juyi_tests::offices::{by, by_one_of};
use serde::Deserialize;

use super::differences::{Differences, told};
use super::stage::Stage;
use super::values::{Day, Expect};

/// How often and how long the effect is waited for: the registry tells it within a second or so.
const PATIENCE: (u32, Duration) = (600, Duration::from_millis(25));

/// Tells the registry, and waits until the coverage of a day is as expected.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tell {
    pub(crate) person: String,
    /// Day of leaving a school, and why.
    pub(crate) left: Option<Day>,
    pub(crate) left_because: Option<LeavingReason>,
    #[serde(default)]
    pub(crate) employees_insurance: Vec<EmployeesInsurance>,
    /// The coverage that follows.
    pub(crate) insurance: Insurance,
    pub(crate) on: Day,
    pub(crate) expect: Expect<Told>,
}

/// A period of employees' insurance, both days included.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EmployeesInsurance {
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) insured: EmployeesInsuranceKind,
    pub(crate) contributions: Option<ContributionStatus>,
    pub(crate) waiting_until: Option<Day>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    pub(crate) covered: Option<bool>,
    pub(crate) paying_scheme: Option<PayingScheme>,
}

pub(crate) async fn tell(stage: &Stage<'_>, step: Tell, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let Expect::Answer(expected) = step.expect else { return Err("facts are told, and not refused".to_owned()) };
    let leaving = step.left.zip(step.left_because).map(|(day, reason)| registry::Fact {
        start_date: day.0,
        fact: Some(Fact::SchoolLeaving(registry::SchoolLeaving { reason: reason.to_wire() })),
        ..Default::default()
    });
    let insured: Vec<_> = step.employees_insurance.into_iter().map(fact).collect();
    for (office, facts) in [(Office::Township, Vec::from_iter(leaving)), (Office::SocialInsurance, insured)] {
        if facts.is_empty() {
            continue;
        }
        let request = registry::RecordFactsRequest {
            request_id: stage.request_id(&format!("tell-{office}-{}", step.on), &step.person),
            resident_id: actor.resident_id.clone(),
            facts,
            validate_only: false,
        };
        let mut client = stage.clients.registry.clone();
        by_one_of(actor.person.district, office, client.record_facts(request)).await.map_err(|status| told(&status))?;
    }
    let mut answer = benefit_period::GetCoverageResponse::default();
    for _ in 0..PATIENCE.0 {
        let request = benefit_period::GetCoverageRequest {
            resident_id: actor.resident_id.clone(),
            date: step.on.0.clone(),
            insurance: step.insurance.to_wire(),
            scheme_date: String::new(),
        };
        let mut client = stage.clients.benefit_period.clone();
        answer = by(Office::MedicalInsurance, client.get_coverage(request)).await.map_err(|status| told(&status))?;
        let as_expected = expected.covered.is_none_or(|covered| covered == answer.covered)
            && expected.paying_scheme.is_none_or(|scheme| scheme.to_wire() == answer.paying_scheme);
        if as_expected {
            break;
        }
        tokio::time::sleep(PATIENCE.1).await;
    }
    differences.same("covered", expected.covered, answer.covered);
    differences.code("paying_scheme", expected.paying_scheme, answer.paying_scheme);
    Ok(())
}

fn fact(insured: EmployeesInsurance) -> registry::Fact {
    let fact = registry::EmployeesInsuranceFact {
        kind: insured.insured.to_wire(),
        status: insured.contributions.map_or(0, Coded::to_wire),
        waiting_period_end_date: insured.waiting_until.map(|day| day.0).unwrap_or_default(),
        ..Default::default()
    };
    registry::Fact {
        start_date: insured.from.0,
        end_date: insured.to.map(|day| day.0).unwrap_or_default(),
        fact: Some(Fact::EmployeesInsurance(fact)),
        ..Default::default()
    }
}
