//! The contract of `RegistryService`, method by method.

use juyi_domain::codes::District;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::{Error, answer};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;
use juyi_proto::registry::v1::registry_service_server::RegistryService;
use tonic::{Request, Response, Status};

use crate::registry::Registry;
use crate::store::{enrolments, identities};
use crate::{changes, deaths, payments, read, residents, service, write};

impl Registry {
    async fn register(&self, request: pb::RegisterResidentRequest) -> Result<pb::RegisterResidentResponse, Error> {
        let caller = Caller::current()?;
        let command = Command::new("RegisterResident", &registrations_of(&caller), &request.request_id, &request)
            .validating(request.validate_only);
        let read = &read::register(&request, self.context.clock().today())?;
        let (context, caller) = (&self.context, &caller);
        let work = |mut session| async move {
            let resident = service::register(&mut session, context, caller, read).await?;
            Ok((pb::RegisterResidentResponse { resident: Some(write::resident(&resident)) }, session))
        };
        let mut reply = command.run(&self.database, context, work).await?;
        if let (true, Some(resident)) = (request.validate_only, &mut reply.resident) {
            resident.resident_id.clear();
        }
        Ok(reply)
    }

    async fn get(&self, request: &pb::GetResidentRequest) -> Result<pb::GetResidentResponse, Error> {
        let mut fields = Fields::new();
        let id = fields.id("resident_id", &request.resident_id);
        let id = fields.finish(id)?;
        let resident = service::find(&mut self.database.read().await?, id).await?;
        Ok(pb::GetResidentResponse { resident: Some(write::resident(&resident)) })
    }

    async fn look_up(&self, request: &pb::LookUpResidentRequest) -> Result<pb::LookUpResidentResponse, Error> {
        let number = read::look_up(request)?;
        let resident = service::look_up(&mut self.database.read().await?, &number).await?;
        Ok(pb::LookUpResidentResponse { resident: Some(write::resident(&resident)) })
    }

    async fn assert(&self, request: pb::AssertIdentityRequest) -> Result<pb::AssertIdentityResponse, Error> {
        let command = Command::new("AssertIdentity", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        let read = &read::assert(&request)?;
        let (context, caller) = (&self.context, &caller);
        let work = |mut session| async move {
            let period = service::assert(&mut session, context, caller, read).await?;
            Ok((pb::AssertIdentityResponse { identity: Some(write::identity(&period)) }, session))
        };
        let mut reply = command.run(&self.database, context, work).await?;
        if let (true, Some(identity)) = (request.validate_only, &mut reply.identity) {
            identity.identity_id.clear();
        }
        Ok(reply)
    }

    async fn identities(&self, request: &pb::ListIdentitiesRequest) -> Result<pb::ListIdentitiesResponse, Error> {
        let mut fields = Fields::new();
        let id = fields.id("resident_id", &request.resident_id);
        let on = fields.maybe_date("on_date", &request.on_date);
        let (id, on) = fields.finish((id, on))?;
        let mut session = self.database.read().await?;
        service::find(&mut session, id).await?;
        let periods = identities::list(&mut session, id, on).await?;
        Ok(pb::ListIdentitiesResponse {
            identities: periods.iter().map(write::identity).collect(),
            ..Default::default()
        })
    }

    async fn enrol(&self, request: pb::EnrolRequest) -> Result<pb::EnrolResponse, Error> {
        let command = Command::new("Enrol", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        let read = &read::enrol(&request, self.context.clock().today())?;
        let (context, caller) = (&self.context, &caller);
        let work = |mut session| async move {
            let enrolment = service::enrol(&mut session, context, caller, read).await?;
            Ok((pb::EnrolResponse { enrolment: Some(write::enrolment(&enrolment)) }, session))
        };
        let mut reply = command.run(&self.database, context, work).await?;
        if let (true, Some(enrolment)) = (request.validate_only, &mut reply.enrolment) {
            enrolment.enrolment_id.clear();
        }
        Ok(reply)
    }

    async fn enrolment(&self, request: &pb::GetEnrolmentRequest) -> Result<pb::GetEnrolmentResponse, Error> {
        let mut fields = Fields::new();
        let resident_id = fields.id("resident_id", &request.resident_id);
        let id = fields.id("enrolment_id", &request.enrolment_id);
        let (resident_id, id) = fields.finish((resident_id, id))?;
        let enrolment = service::find_enrolment(&mut self.database.read().await?, resident_id, id).await?;
        Ok(pb::GetEnrolmentResponse { enrolment: Some(write::enrolment(&enrolment)) })
    }

    async fn enrolments(&self, request: &pb::ListEnrolmentsRequest) -> Result<pb::ListEnrolmentsResponse, Error> {
        let (resident_id, before, size) = read::list_enrolments(request)?;
        let mut session = self.database.read().await?;
        service::find(&mut session, resident_id).await?;
        let page = enrolments::page(&mut session, resident_id, before, size).await?;
        let full = i64::try_from(page.len()) == Ok(size);
        let next = page.last().filter(|_| full).map(|last| last.policy_year.to_string());
        Ok(pb::ListEnrolmentsResponse {
            enrolments: page.iter().map(write::enrolment).collect(),
            next_page_token: next.unwrap_or_default(),
        })
    }
}

/// A registration belongs to no resident yet; its request is remembered under the kind and district of the office.
fn registrations_of(caller: &Caller) -> String {
    format!("registration/{}/{}", caller.office, caller.district.map_or("", District::as_str))
}

#[tonic::async_trait]
impl RegistryService for Registry {
    async fn register_resident(
        &self,
        request: Request<pb::RegisterResidentRequest>,
    ) -> Result<Response<pb::RegisterResidentResponse>, Status> {
        answer(self.register(request.into_inner())).await
    }

    async fn get_resident(
        &self,
        request: Request<pb::GetResidentRequest>,
    ) -> Result<Response<pb::GetResidentResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn look_up_resident(
        &self,
        request: Request<pb::LookUpResidentRequest>,
    ) -> Result<Response<pb::LookUpResidentResponse>, Status> {
        answer(self.look_up(request.get_ref())).await
    }

    async fn assert_identity(
        &self,
        request: Request<pb::AssertIdentityRequest>,
    ) -> Result<Response<pb::AssertIdentityResponse>, Status> {
        answer(self.assert(request.into_inner())).await
    }

    async fn list_identities(
        &self,
        request: Request<pb::ListIdentitiesRequest>,
    ) -> Result<Response<pb::ListIdentitiesResponse>, Status> {
        answer(self.identities(request.get_ref())).await
    }

    async fn enrol(&self, request: Request<pb::EnrolRequest>) -> Result<Response<pb::EnrolResponse>, Status> {
        answer(Self::enrol(self, request.into_inner())).await
    }

    async fn get_enrolment(
        &self,
        request: Request<pb::GetEnrolmentRequest>,
    ) -> Result<Response<pb::GetEnrolmentResponse>, Status> {
        answer(self.enrolment(request.get_ref())).await
    }

    async fn list_enrolments(
        &self,
        request: Request<pb::ListEnrolmentsRequest>,
    ) -> Result<Response<pb::ListEnrolmentsResponse>, Status> {
        answer(self.enrolments(request.get_ref())).await
    }

    async fn end_identity(
        &self,
        request: Request<pb::EndIdentityRequest>,
    ) -> Result<Response<pb::EndIdentityResponse>, Status> {
        answer(residents::end_identity(self, request.into_inner())).await
    }

    async fn record_facts(
        &self,
        request: Request<pb::RecordFactsRequest>,
    ) -> Result<Response<pb::RecordFactsResponse>, Status> {
        answer(residents::record_facts(self, request.into_inner())).await
    }

    async fn list_facts(
        &self,
        request: Request<pb::ListFactsRequest>,
    ) -> Result<Response<pb::ListFactsResponse>, Status> {
        answer(residents::list_facts(self, request.into_inner())).await
    }

    async fn file_change(
        &self,
        request: Request<pb::FileChangeRequest>,
    ) -> Result<Response<pb::FileChangeResponse>, Status> {
        answer(changes::file_change(self, request.into_inner())).await
    }

    async fn decide_change(
        &self,
        request: Request<pb::DecideChangeRequest>,
    ) -> Result<Response<pb::DecideChangeResponse>, Status> {
        answer(changes::decide_change(self, request.into_inner())).await
    }

    async fn confirm_tax_change(
        &self,
        request: Request<pb::ConfirmTaxChangeRequest>,
    ) -> Result<Response<pb::ConfirmTaxChangeResponse>, Status> {
        answer(changes::confirm_tax_change(self, request.into_inner())).await
    }

    async fn list_changes(
        &self,
        request: Request<pb::ListChangesRequest>,
    ) -> Result<Response<pb::ListChangesResponse>, Status> {
        answer(changes::list_changes(self, request.into_inner())).await
    }

    async fn get_standing(
        &self,
        request: Request<pb::GetStandingRequest>,
    ) -> Result<Response<pb::GetStandingResponse>, Status> {
        answer(deaths::get_standing(self, request.into_inner())).await
    }

    async fn note_payment(
        &self,
        request: Request<pb::NotePaymentRequest>,
    ) -> Result<Response<pb::NotePaymentResponse>, Status> {
        answer(payments::note_payment(self, request.into_inner())).await
    }
}
