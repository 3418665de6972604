//! Years of a person: what is brought into one and what it leaves, and contracts with family doctors.
//!
//! `openings` states and reads what a person brings, `closing` tells what a year leaves, `doctors` keeps contracts.
//! Statements are added and never changed; which of them count, `juyi_domain::settlement::opening` decides.

pub(crate) mod closing;
mod doctors;
mod openings;
mod read;
mod reliefs;
mod write;

use juyi_db::{Database, Session};
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::accumulators::Opening;
use juyi_domain::settlement::opening::{Statement, opening};
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::person_year_service_server::PersonYearService;
use tonic::{Request, Response, Status};

use crate::Peers;
use crate::store::openings::{Facts, Stated};

pub(crate) use closing::{advance_all, ask_anew, close_anew};

/// Offices that state and close years, and end contracts which others recorded.
const KEEPERS: &[Office] = &[Office::MedicalInsurance, Office::SocialInsurance, Office::System];
/// Offices that record contracts with family doctors.
const SIGNERS: &[Office] =
    &[Office::Provider, Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// What a person brings into a year, as the settling of its bills needs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    /// The opening.
    pub opening: Opening,
    /// What closing the year said last, if it was closed.
    pub closing: Option<Stated>,
    /// What closing it is made of now, besides the ledger, where that was asked anew.
    pub facts: Option<Facts>,
    /// What the closing says after the bills that are being stored, where it differs.
    pub closed_anew: Option<Stated>,
    /// Later years whose bills were settled on what the closing said before.
    pub years_to_recompute: Vec<i32>,
}

/// What was stated of a year and by its closing.
///
/// # Errors
/// Those of the database.
pub(crate) async fn brought(
    session: &mut Session,
    resident_id: ResidentId,
    policy_year: i32,
) -> Result<Brought, Error> {
    let stated = crate::store::openings::up_to(session, resident_id, policy_year + 1).await?;
    Ok(brought_by(stated, policy_year))
}

/// The same for many people, each with a year.
///
/// # Errors
/// Those of the database.
pub(crate) async fn brought_all(session: &mut Session, years: &[(ResidentId, i32)]) -> Result<Vec<Brought>, Error> {
    let stated = crate::store::openings::of_years(session, years).await?;
    Ok(stated.into_iter().zip(years).map(|(stated, (_, policy_year))| brought_by(stated, *policy_year)).collect())
}

fn brought_by(stated: Vec<Stated>, policy_year: i32) -> Brought {
    let opening = opened(&stated, policy_year);
    let closing = stated.into_iter().rfind(|it| it.policy_year == policy_year + 1 && it.kind.closes());
    Brought { opening, closing, ..Brought::default() }
}

/// The opening of a year from what was stated.
fn opened(stated: &[Stated], policy_year: i32) -> Opening {
    let statements: Vec<Statement> = stated.iter().map(Stated::statement).collect();
    opening(&statements, policy_year)
}

/// The service of years.
pub(crate) struct PersonYears {
    database: Database,
    context: Context,
    peers: Peers,
}

impl PersonYears {
    pub(crate) const fn new(database: Database, context: Context, peers: Peers) -> Self {
        Self { database, context, peers }
    }
}

#[tonic::async_trait]
impl PersonYearService for PersonYears {
    async fn import_opening(
        &self,
        request: Request<pb::ImportOpeningRequest>,
    ) -> Result<Response<pb::ImportOpeningResponse>, Status> {
        answer(self.import(request.into_inner())).await
    }

    async fn get_opening(
        &self,
        request: Request<pb::GetOpeningRequest>,
    ) -> Result<Response<pb::GetOpeningResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn get_reliefs(
        &self,
        request: Request<pb::GetReliefsRequest>,
    ) -> Result<Response<pb::GetReliefsResponse>, Status> {
        answer(self.reliefs(request.get_ref())).await
    }

    async fn close_year(
        &self,
        request: Request<pb::CloseYearRequest>,
    ) -> Result<Response<pb::CloseYearResponse>, Status> {
        answer(self.close(request.into_inner())).await
    }

    async fn list_openings(
        &self,
        request: Request<pb::ListOpeningsRequest>,
    ) -> Result<Response<pb::ListOpeningsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn sign_family_doctor(
        &self,
        request: Request<pb::SignFamilyDoctorRequest>,
    ) -> Result<Response<pb::SignFamilyDoctorResponse>, Status> {
        answer(self.sign(request.into_inner())).await
    }

    async fn end_family_doctor(
        &self,
        request: Request<pb::EndFamilyDoctorRequest>,
    ) -> Result<Response<pb::EndFamilyDoctorResponse>, Status> {
        answer(self.end(request.into_inner())).await
    }

    async fn list_family_doctors(
        &self,
        request: Request<pb::ListFamilyDoctorsRequest>,
    ) -> Result<Response<pb::ListFamilyDoctorsResponse>, Status> {
        answer(self.list_doctors(request.get_ref())).await
    }
}
