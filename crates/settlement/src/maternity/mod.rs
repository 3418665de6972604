//! Registrations before a birth, method by method: of the birth at the township, then of the benefit.

mod read;
mod service;
mod write;

use juyi_db::Database;
use juyi_domain::codes::Office;
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::maternity::registration::{BirthRegistration, district_of};
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::context::Context;
use juyi_kit::error::{Error, answer};
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::maternity_registration_service_server::MaternityRegistrationService;
use tonic::{Request, Response, Status};

use crate::reading::Reader;
use crate::store::maternity;
use crate::{Peers, coverage, providers};

/// Offices that register a benefit: institutions, and the two fallback desks (J-6.2.2.1-b, J-6.2.2.1-c).
const BENEFIT_DESKS: &[Office] = &[Office::Provider, Office::Township, Office::MedicalInsurance];

/// Offices that read registrations; a township those that name a township of its district.
const READERS: &[Office] =
    &[Office::Provider, Office::Township, Office::MedicalInsurance, Office::SocialInsurance, Office::System];

/// The service of maternity registrations.
#[derive(Clone)]
pub(crate) struct Registrations {
    database: Database,
    context: Context,
    peers: Peers,
}

impl Registrations {
    pub(crate) const fn new(database: Database, context: Context, peers: Peers) -> Self {
        Self { database, context, peers }
    }

    async fn birth(&self, request: &pb::RegisterBirthRequest) -> Result<pb::RegisterBirthResponse, Error> {
        let command = Command::new("RegisterBirth", &request.resident_id, &request.request_id, request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(&[Office::Township])?;
        let read = read::birth(request, self.context.clock().today())?;
        // What was registered is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        self.require_person(read.resident_id).await?;
        let (read, caller) = (&read, &caller);
        let work = |mut session| async move {
            let birth = service::birth(&mut session, &self.context, caller, read).await?;
            let registration = Some(write::registration(&birth, None, request.validate_only));
            Ok((pb::RegisterBirthResponse { registration }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    async fn benefit(&self, request: &pb::RegisterBenefitRequest) -> Result<pb::RegisterBenefitResponse, Error> {
        let command = Command::new("RegisterBenefit", &request.resident_id, &request.request_id, request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(BENEFIT_DESKS)?;
        let mut read = read::benefit(request, &caller, self.context.clock().today())?;
        // What was registered is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        self.require_person(read.resident_id).await?;
        if let Some(institution) = &mut read.institution {
            let on = read.registered_on;
            institution.1 = providers::confirmed_institution(&self.peers.registry, institution, on, "provider").await?;
        }
        let (read, caller) = (&read, &caller);
        let work = |mut session| async move {
            let (birth, benefit) = service::benefit(&mut session, &self.context, caller, read).await?;
            let registration = Some(write::registration(&birth, Some(&benefit), false));
            Ok((pb::RegisterBenefitResponse { registration }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// Somebody nobody registered has no pregnancy on record; asked before the transaction begins.
    async fn require_person(&self, resident_id: ResidentId) -> Result<(), Error> {
        coverage::require_person(&self.peers.benefit_period, resident_id).await
    }

    async fn list(
        &self,
        request: &pb::ListMaternityRegistrationsRequest,
    ) -> Result<pb::ListMaternityRegistrationsResponse, Error> {
        let caller = Caller::current()?;
        caller.require(READERS)?;
        let reader = Reader::of(caller);
        let (resident_id, after, size) = read::list(request)?;
        let mut session = self.database.read().await?;
        let page = maternity::page(&mut session, resident_id, after, size).await?;
        let benefits = maternity::benefits(&mut session, resident_id, &page).await?;
        drop(session);
        let seen = page.iter().filter(|birth| concerns(&reader, &birth.birth));
        let registrations = seen.map(|birth| write::registration(birth, benefits.get(&birth.id), false)).collect();
        if page.is_empty() {
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        }
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        Ok(pb::ListMaternityRegistrationsResponse { registrations, next_page_token })
    }
}

/// True of a pregnancy that an office has to do with: a township registers it where the woman lives and where her household is
/// registered (J-6.2.2.1-a, J-6.2.2.1-c), in whatever district she is insured.
fn concerns(reader: &Reader, birth: &BirthRegistration) -> bool {
    let townships = [Some(&birth.desk_township), birth.residence_township.as_ref(), birth.household_township.as_ref()];
    let mut districts = townships.into_iter().flatten().filter_map(|township| district_of(township));
    districts.any(|district| reader.sees(district))
}

#[tonic::async_trait]
impl MaternityRegistrationService for Registrations {
    async fn register_birth(
        &self,
        request: Request<pb::RegisterBirthRequest>,
    ) -> Result<Response<pb::RegisterBirthResponse>, Status> {
        answer(self.birth(request.get_ref())).await
    }

    async fn register_benefit(
        &self,
        request: Request<pb::RegisterBenefitRequest>,
    ) -> Result<Response<pb::RegisterBenefitResponse>, Status> {
        answer(self.benefit(request.get_ref())).await
    }

    async fn list_maternity_registrations(
        &self,
        request: Request<pb::ListMaternityRegistrationsRequest>,
    ) -> Result<Response<pb::ListMaternityRegistrationsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }
}
