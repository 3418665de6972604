//! `SetAppraisalCriteria`, `Appraise` and `ListAppraisals` (J-A1.2-d).

use juyi_db::Session;
use juyi_domain::codes::{District, Office};
use juyi_domain::effective::Effective;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::supervision::appraisal::{Criterion, Measure, Measured, check, score};
use juyi_domain::registry::supervision::params::SupervisionParams;
use juyi_domain::registry::supervision::targets;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use super::{law, progress, public_text, require};
use crate::reference::read::unit_id;
use crate::registry::Registry;
use crate::store::appraisals::{self as store, Appraisal};

/// The offices that appraise in a district.
fn offices(law: &SupervisionParams) -> Result<&Effective<Vec<Office>>, Refusal> {
    law.appraisal_offices.as_ref().ok_or_else(|| {
        let detail = "the year's document provides for no appraisal";
        Refusal::new(Reason::RuleNotDefined, detail).with("parameter", "supervision.appraisal_offices").by("J-A1.2-d")
    })
}

/// Criteria that one request may state.
const MOST_CRITERIA: usize = 10;

fn criteria(request: &pb::SetAppraisalCriteriaRequest) -> Result<Vec<Criterion>, Refusals> {
    let mut fields = Fields::new();
    let listed = fields.listed("criteria", &request.criteria, MOST_CRITERIA);
    let read = listed.iter().enumerate().map(|(index, criterion)| {
        let measure = match pb::AppraisalMeasure::try_from(criterion.measure) {
            Ok(pb::AppraisalMeasure::Completion) => Measure::Completion,
            Ok(pb::AppraisalMeasure::FindingsWorkedOff) => Measure::FindingsWorkedOff,
            Ok(pb::AppraisalMeasure::WorkClosed) => Measure::WorkClosed,
            Ok(pb::AppraisalMeasure::Unspecified) => {
                let name = format!("criteria[{index}].measure");
                fields.refuse(&name, Reason::RequiredFieldMissing, format!("{name} is required"));
                Measure::Completion
            }
            Err(_) => {
                let name = format!("criteria[{index}].measure");
                fields.refuse(&name, Reason::UnknownEnum, format!("{name} is not a code of its enumeration"));
                Measure::Completion
            }
        };
        Criterion { measure, weight_percent: criterion.weight_percent }
    });
    let read = read.collect();
    fields.finish(read)
}

pub(crate) async fn set_appraisal_criteria(
    registry: &Registry,
    request: pb::SetAppraisalCriteriaRequest,
) -> Result<pb::SetAppraisalCriteriaResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let source = &public_text(&mut fields, "source", &request.source, 100);
    let mut refusals = Refusals::default();
    refusals.keep(fields.finish(()));
    let criteria = refusals.keep(criteria(&request));
    if let Some(criteria) = &criteria {
        refusals.keep(check(criteria));
    }
    refusals.into_result()?;
    let criteria = &criteria.unwrap_or_default();
    let context = &registry.context;
    let snapshot = law(registry, (district, policy_year), context.clock().today())?;
    let law = &snapshot.supervision;
    let scope = format!("appraisal/{district}/{policy_year}");
    let command = Command::new("SetAppraisalCriteria", &scope, &request.request_id, &request);
    let work = |mut session| async move {
        require(caller, offices(law)?, district)?;
        targets::table(law, district)?;
        if !store::list(&mut session, district, policy_year).await?.is_empty() {
            let detail = "units of this year were appraised by the criteria that are set; all are measured alike";
            return Err(Refusal::new(Reason::OrderViolation, detail).by("J-A1.2-d").into());
        }
        let of = (district, policy_year);
        store::set_criteria(&mut session, of, (criteria, source), (caller, context.now())).await?;
        let stored = store::criteria(&mut session, district, policy_year).await?;
        let criteria = stored.iter().map(criterion).collect();
        Ok((pb::SetAppraisalCriteriaResponse { criteria }, session))
    };
    command.run(&registry.database, context, work).await
}

fn criterion(criterion: &Criterion) -> pb::AppraisalCriterion {
    let measure = match criterion.measure {
        Measure::Completion => pb::AppraisalMeasure::Completion,
        Measure::FindingsWorkedOff => pb::AppraisalMeasure::FindingsWorkedOff,
        Measure::WorkClosed => pb::AppraisalMeasure::WorkClosed,
    };
    pb::AppraisalCriterion { measure: measure.into(), weight_percent: criterion.weight_percent }
}

pub(crate) async fn appraise(registry: &Registry, request: pb::AppraiseRequest) -> Result<pb::AppraiseResponse, Error> {
    let caller = &Caller::current()?;
    let mut fields = Fields::new();
    fields.request_id(&request.request_id);
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    let unit_id = &unit_id(&mut fields, "unit_id", &request.unit_id, true);
    fields.finish(())?;
    let context = &registry.context;
    let snapshot = law(registry, (district, policy_year), context.clock().today())?;
    let law = &snapshot.supervision;
    let command = Command::new("Appraise", &format!("unit/{unit_id}"), &request.request_id, &request)
        .validating(request.validate_only);
    let work = |mut session| async move {
        require(caller, offices(law)?, district)?;
        let appraisal = assess(&mut session, context, caller, law, (district, policy_year, unit_id)).await?;
        Ok((pb::AppraiseResponse { appraisal: Some(to_wire(&appraisal)) }, session))
    };
    command.run(&registry.database, context, work).await
}

async fn assess(
    session: &mut Session,
    context: &Context,
    caller: &Caller,
    law: &SupervisionParams,
    (district, policy_year, unit_id): (District, i32, &str),
) -> Result<Appraisal, Error> {
    targets::table(law, district)?.unit(unit_id, law)?;
    if store::maybe_find(session, unit_id, policy_year).await?.is_some() {
        let detail = "the unit is appraised once a year";
        return Err(Refusal::new(Reason::AppraisalExists, detail).at("unit_id").by("J-A1.2-d").into());
    }
    let of = (district, policy_year);
    let report = progress::report(session, law, of, context.clock().today()).await?;
    let own = report.units.iter().find(|unit| unit.unit_id == unit_id).map(|unit| unit.total);
    let completion = own.map_or((0, 0), |line| (line.counted, line.target.unwrap_or_default()));
    let measured = [
        (Measure::Completion, completion),
        (Measure::FindingsWorkedOff, store::findings(session, of, unit_id).await?),
        (Measure::WorkClosed, store::work(session, of, unit_id).await?),
    ]
    .map(|(measure, (done, whole))| Measured { measure, done, whole });
    let criteria = store::criteria(session, district, policy_year).await?;
    let (score, receipt) = score(&criteria, &measured)?;
    let appraisal = Appraisal {
        unit_id: unit_id.to_owned(),
        policy_year,
        district,
        score,
        receipt,
        recorded_by: caller.clone(),
        created_at: context.now(),
    };
    store::insert(session, &appraisal).await?;
    Ok(appraisal)
}

pub(crate) async fn list_appraisals(
    registry: &Registry,
    request: pb::ListAppraisalsRequest,
) -> Result<pb::ListAppraisalsResponse, Error> {
    let mut fields = Fields::new();
    let district = fields.district("district", &request.district);
    let policy_year = fields.policy_year("policy_year", request.policy_year);
    fields.finish(())?;
    let appraisals = store::list(&mut registry.database.read().await?, district, policy_year).await?;
    Ok(pb::ListAppraisalsResponse { appraisals: appraisals.iter().map(to_wire).collect() })
}

fn to_wire(appraisal: &Appraisal) -> pb::Appraisal {
    pb::Appraisal {
        unit_id: appraisal.unit_id.clone(),
        policy_year: appraisal.policy_year,
        score_basis_points: appraisal.score,
        receipt: Some(receipt(&appraisal.receipt)),
        recorded_by: Some(recorded_by(&appraisal.recorded_by)),
        create_time: instant(appraisal.created_at),
    }
}
