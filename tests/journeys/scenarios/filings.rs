//! Steps of filings: care outside the city, and special diseases.

use juyi_domain::codes::{Office, ProviderLevel};
use juyi_domain::settlement::filings::codes::{ClaimMode, FilingPaper, FilingState, ResidenceKind};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as settlement;
use juyi_tests::offices::by;
use serde::Deserialize;

use super::differences::Differences;
use super::stage::{Stage, provider_in};
use super::values::{Day, Expect};

/// Files a transfer to a hospital in Shanghai, at the agency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileTransfer {
    pub(crate) person: String,
    pub(crate) transferred: Day,
    /// Level of the receiving hospital.
    pub(crate) level: ProviderLevel,
    /// Its code; that of the level when left out.
    pub(crate) target: Option<String>,
    /// False for a hospital that is not networked across provinces.
    #[serde(default = "yes")]
    pub(crate) networked: bool,
    /// False for a transfer by a hospital that is not responsible for transfers.
    #[serde(default = "yes")]
    pub(crate) responsible: bool,
    pub(crate) expect: Expect<Filed>,
}

/// Registers residence in Shijiazhuang, with all papers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileResidence {
    pub(crate) person: String,
    pub(crate) filed: Day,
    pub(crate) residence_kind: ResidenceKind,
    pub(crate) mode: ClaimMode,
    /// Levels of the chosen hospitals.
    #[serde(default)]
    pub(crate) chosen: Vec<ProviderLevel>,
    pub(crate) expect: Expect<Filed>,
}

/// Records a business trip with an acute illness, at the agency.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordTrip {
    pub(crate) person: String,
    pub(crate) start: Day,
    pub(crate) last: Day,
    pub(crate) region: String,
    pub(crate) expect: Expect<Filed>,
}

/// Registers a special disease that a qualified institution of the city diagnosed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterDisease {
    pub(crate) person: String,
    pub(crate) registered: Day,
    pub(crate) disease: String,
    #[serde(default = "yes")]
    pub(crate) qualified: bool,
    pub(crate) expect: Expect<Filed>,
}

const fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filed {
    pub(crate) state: Option<FilingState>,
    /// Last day, included.
    pub(crate) last: Option<Day>,
}

/// The hospital of a level that steps transfer to or choose.
pub(crate) fn hospital(level: ProviderLevel) -> String {
    provider_in("310101", level)
}

pub(crate) async fn transfer(
    stage: &Stage<'_>,
    step: FileTransfer,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let target = settlement::Institution {
        provider_code: step.target.unwrap_or_else(|| hospital(step.level)),
        level: step.level.to_wire(),
        region: "310101".to_owned(),
        designated: true,
    };
    let request = settlement::FileTransferRequest {
        request_id: stage.request_id(&format!("transfer-{}-{}", step.transferred, step.level), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        transfer_date: step.transferred.0,
        transfer: Some(settlement::Transfer {
            route: settlement::TransferRoute::OutOfCity.into(),
            issuer_code: "H12010100001".to_owned(),
            issuer_responsible: step.responsible,
            target: Some(target),
            target_networked: step.networked,
            mode: settlement::ClaimMode::Direct.into(),
        }),
    };
    let answer = by(Office::MedicalInsurance, stage.clients.filings.clone().file_transfer(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    compare(answer.filing, expected, differences)
}

pub(crate) async fn residence(
    stage: &Stage<'_>,
    step: FileResidence,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let institution = |(index, level): (usize, &ProviderLevel)| settlement::Institution {
        provider_code: format!("H1301020000{index}"),
        level: level.to_wire(),
        region: "130102".to_owned(),
        designated: true,
    };
    let place = format!("residence-{}-{}-{}", step.filed, step.residence_kind, step.chosen.len());
    let request = settlement::FileResidenceElsewhereRequest {
        request_id: stage.request_id(&format!("{place}-{}", step.mode), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        filing_date: step.filed.0,
        residence: Some(settlement::ResidenceElsewhere {
            residence_kind: step.residence_kind.to_wire(),
            mode: step.mode.to_wire(),
            region: "130100".to_owned(),
            channel: settlement::FilingChannel::AgencyWindow.into(),
            papers: FilingPaper::ALL.iter().map(|paper| paper.to_wire()).collect(),
            institutions: step.chosen.iter().enumerate().map(institution).collect(),
        }),
    };
    let answer = by(Office::MedicalInsurance, stage.clients.filings.clone().file_residence_elsewhere(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    compare(answer.filing, expected, differences)
}

pub(crate) async fn trip(stage: &Stage<'_>, step: RecordTrip, differences: &mut Differences) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = settlement::RecordTripRequest {
        request_id: stage.request_id(&format!("trip-{}", step.start), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        start_date: step.start.0,
        last_date: step.last.0,
        trip: Some(settlement::Trip {
            reason: settlement::TripReason::Business.into(),
            region: step.region,
            acute: true,
        }),
    };
    let answer = by(Office::MedicalInsurance, stage.clients.filings.clone().record_trip(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    compare(answer.filing, expected, differences)
}

pub(crate) async fn disease(
    stage: &Stage<'_>,
    step: RegisterDisease,
    differences: &mut Differences,
) -> Result<(), String> {
    let actor = stage.actor(&step.person)?;
    let request = settlement::RegisterSpecialDiseaseRequest {
        request_id: stage.request_id(&format!("disease-{}-{}", step.registered, step.disease), &step.person),
        validate_only: false,
        resident_id: actor.resident_id.clone(),
        registration_date: step.registered.0,
        disease: Some(settlement::SpecialDisease {
            disease_code: step.disease,
            route: settlement::DiagnosisRoute::CityInstitution.into(),
            institution_code: "H12010100001".to_owned(),
            institution_qualified: step.qualified,
            papers: Vec::new(),
        }),
    };
    let answer = by(Office::Provider, stage.clients.filings.clone().register_special_disease(request)).await;
    let Some((answer, expected)) = differences.answer(answer, step.expect) else { return Ok(()) };
    compare(answer.filing, expected, differences)
}

fn compare(got: Option<settlement::Filing>, expected: Filed, differences: &mut Differences) -> Result<(), String> {
    let got = got.ok_or("no filing in the answer")?;
    let Filed { state, last } = expected;
    differences.code("state", state, got.state);
    differences.same("last", last, &got.last_date);
    Ok(())
}
