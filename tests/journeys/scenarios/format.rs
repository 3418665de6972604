//! The format of a scenario file. Unknown keys are refused everywhere.

use juyi_domain::codes::{
    Area, Category, CertificateKind, Desk, District, Identity, InstitutionKind, LeavingReason, Office, Tier,
};
use serde::Deserialize;

use super::bills::{Reverse, Settle};
use super::births::{RegisterBenefit, RegisterBirth, SettleBirth};
use super::claims::{FileClaim, MoveClaim};
use super::collections::{Declare, Deduct, Refund, UsePrepayment};
use super::enrolments::{Enrol, Pay, Quote};
use super::facts::Tell;
use super::filings::{FileResidence, FileTransfer, RecordTrip, RegisterDisease};
use super::periods::{Coverage, ListCoverage, PreviewCoverage};
use super::person_years::{CloseYear, GetOpening, ImportOpening, SignFamilyDoctor};
use super::routes::Route;
use super::values::Day;

/// A scenario: people whose set-up is uneventful, and steps whose outcome is compared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    /// The name of the file without its extension.
    pub(crate) id: String,
    /// What it shows.
    pub(crate) title: String,
    /// Rules it exercises.
    pub(crate) rules: Vec<String>,
    /// Figures or readings an operator sets, as the `[[set]]` entries of an overlay file.
    #[serde(default)]
    pub(crate) overlay: Vec<toml::Table>,
    /// People.
    #[serde(default)]
    pub(crate) person: Vec<Person>,
    /// Steps, in order.
    #[serde(default)]
    pub(crate) step: Vec<Step>,
}

/// Somebody who is registered before the steps; with `applied` enrolled as well, with `paid` also covered.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Person {
    /// How steps call the person.
    pub(crate) id: String,
    pub(crate) born: Day,
    /// Special identities, held from birth, each asserted by the authority that supplies it, unless said otherwise.
    #[serde(default)]
    pub(crate) identities: Vec<Identity>,
    /// Day since which they are held, if not from birth.
    pub(crate) identified: Option<Day>,
    /// The office that asserts them, if not the authority that supplies them.
    pub(crate) identified_by: Option<Office>,
    pub(crate) policy_year: i32,
    pub(crate) district: District,
    /// The category that the registry has to decide from the facts.
    pub(crate) category: Category,
    /// Kind of the household registration; a village when left out.
    pub(crate) area: Option<Area>,
    /// Township of registration and residence.
    pub(crate) township: Option<String>,
    /// True for somebody registered outside Tianjin.
    #[serde(default)]
    pub(crate) registered_elsewhere: bool,
    /// Certificate held.
    pub(crate) certificate: Option<CertificateKind>,
    /// Kind of the school attended since the September before the policy year.
    pub(crate) school: Option<InstitutionKind>,
    /// True for a school of the scenario's own, whose people can be declared together.
    #[serde(default)]
    pub(crate) own_school: bool,
    /// So many more people of the same facts, all in one.
    #[serde(default)]
    pub(crate) copies: u32,
    /// Last policy year of a prepayment that began in the year before.
    pub(crate) prepaid_until: Option<i32>,
    /// Recorded day of death.
    pub(crate) died: Option<Day>,
    /// Day of leaving a school, and why.
    pub(crate) left: Option<Day>,
    pub(crate) left_because: Option<LeavingReason>,
    /// Day the labour contract ended.
    pub(crate) contract_ended: Option<Day>,
    /// Day the unemployment benefit ended.
    pub(crate) benefit_ended: Option<Day>,
    pub(crate) desk: Desk,
    /// Tier asked for.
    pub(crate) tier: Option<Tier>,
    pub(crate) previous_year_insured: Option<bool>,
    /// Day of the application.
    pub(crate) applied: Option<Day>,
    /// Day on which the whole amount due was paid.
    pub(crate) paid: Option<Day>,
}

/// One call with its expected outcome.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Step {
    Enrol(Enrol),
    Quote(Quote),
    Pay(Pay),
    Declare(Declare),
    Deduct(Deduct),
    UsePrepayment(UsePrepayment),
    Refund(Refund),
    Tell(Tell),
    PreviewCoverage(PreviewCoverage),
    ListCoverage(ListCoverage),
    Coverage(Coverage),
    FileResidence(FileResidence),
    FileTransfer(FileTransfer),
    RecordTrip(RecordTrip),
    RegisterDisease(RegisterDisease),
    Settle(Box<Settle>),
    RegisterBirth(RegisterBirth),
    RegisterBenefit(RegisterBenefit),
    SettleBirth(SettleBirth),
    Reverse(Reverse),
    FileClaim(FileClaim),
    MoveClaim(MoveClaim),
    ImportOpening(ImportOpening),
    GetOpening(GetOpening),
    CloseYear(CloseYear),
    SignFamilyDoctor(SignFamilyDoctor),
    Route(Route),
}

impl Step {
    /// The kind, as a file spells it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Enrol(_) => "enrol",
            Self::Quote(_) => "quote",
            Self::Pay(_) => "pay",
            Self::Declare(_) => "declare",
            Self::Deduct(_) => "deduct",
            Self::UsePrepayment(_) => "use_prepayment",
            Self::Refund(_) => "refund",
            Self::Tell(_) => "tell",
            Self::PreviewCoverage(_) => "preview_coverage",
            Self::ListCoverage(_) => "list_coverage",
            Self::Coverage(_) => "coverage",
            Self::FileResidence(_) => "file_residence",
            Self::FileTransfer(_) => "file_transfer",
            Self::RecordTrip(_) => "record_trip",
            Self::RegisterDisease(_) => "register_disease",
            Self::Settle(_) => "settle",
            Self::RegisterBirth(_) => "register_birth",
            Self::RegisterBenefit(_) => "register_benefit",
            Self::SettleBirth(_) => "settle_birth",
            Self::Reverse(_) => "reverse",
            Self::FileClaim(_) => "file_claim",
            Self::MoveClaim(_) => "move_claim",
            Self::ImportOpening(_) => "import_opening",
            Self::GetOpening(_) => "get_opening",
            Self::CloseYear(_) => "close_year",
            Self::SignFamilyDoctor(_) => "sign_family_doctor",
            Self::Route(_) => "route",
        }
    }
}
