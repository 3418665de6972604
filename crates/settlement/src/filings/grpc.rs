//! The contract `FilingService`, method by method.

use juyi_kit::command::Command;
use juyi_kit::error::{Error, answer};
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::filing_service_server::FilingService;
use tonic::{Request, Response, Status};

use super::{Filings, read, register, write};

/// Methods that change the filings of a person differ in nothing but their messages.
macro_rules! changes {
    ($($method:ident: $name:literal, $request:ident => $response:ident, $read:expr, $work:ident;)*) => {
        impl Filings {
            $(async fn $method(&self, request: pb::$request) -> Result<pb::$response, Error> {
                let command = Command::new($name, &request.resident_id, &request.request_id, &request)
                    .validating(request.validate_only);
                let read = $read(self, &request)?;
                self.$work(&command, &read, |filing| pb::$response { filing: Some(filing) }).await
            })*
        }
    };
}

changes! {
    do_file_residence_elsewhere: "FileResidenceElsewhere", FileResidenceElsewhereRequest => FileResidenceElsewhereResponse,
        |own: &Self, request| read::residence(request, own.context.clock().today()), file;
    do_file_transfer: "FileTransfer", FileTransferRequest => FileTransferResponse,
        |own: &Self, request| read::transfer(request, own.context.clock().today()), file;
    do_record_trip: "RecordTrip", RecordTripRequest => RecordTripResponse,
        |own: &Self, request| read::trip(request, own.context.clock().today()), file;
    do_register_student_at_home: "RegisterStudentAtHome", RegisterStudentAtHomeRequest => RegisterStudentAtHomeResponse,
        |own: &Self, request| read::student(request, own.context.clock().today()), file;
    do_register_special_disease: "RegisterSpecialDisease", RegisterSpecialDiseaseRequest => RegisterSpecialDiseaseResponse,
        |own: &Self, request| read::disease(request, own.context.clock().today()), file;
    do_review_filing: "ReviewFiling", ReviewFilingRequest => ReviewFilingResponse, |_, request| read::review(request), change;
    do_end_filing: "EndFiling", EndFilingRequest => EndFilingResponse, |_, request| read::end(request), change;
    do_withdraw_filing: "WithdrawFiling", WithdrawFilingRequest => WithdrawFilingResponse, |_, request| read::withdraw(request), change;
}

impl Filings {
    async fn get(&self, request: &pb::GetFilingRequest) -> Result<pb::GetFilingResponse, Error> {
        let caller = register::reader()?;
        let (resident_id, id) = read::get(request)?;
        let mut session = self.database.read().await?;
        let filing = super::find(&mut session, resident_id, id).await?;
        caller.require_district(filing.district)?;
        let filing = super::answer(&mut session, &self.context, &filing).await?;
        Ok(pb::GetFilingResponse { filing: Some(filing) })
    }

    async fn list(&self, request: &pb::ListFilingsRequest) -> Result<pb::ListFilingsResponse, Error> {
        let caller = register::reader()?;
        let (resident_id, after, size) = read::list(request)?;
        let mut session = self.database.read().await?;
        let (page, next_page_token) = register::page(&mut session, &caller, resident_id, (after, size)).await?;
        let filings = page.iter().map(|filing| write::filing(&self.context, filing, &[])).collect();
        Ok(pb::ListFilingsResponse { filings, next_page_token })
    }
}

#[tonic::async_trait]
impl FilingService for Filings {
    async fn file_residence_elsewhere(
        &self,
        request: Request<pb::FileResidenceElsewhereRequest>,
    ) -> Result<Response<pb::FileResidenceElsewhereResponse>, Status> {
        answer(self.do_file_residence_elsewhere(request.into_inner())).await
    }

    async fn file_transfer(
        &self,
        request: Request<pb::FileTransferRequest>,
    ) -> Result<Response<pb::FileTransferResponse>, Status> {
        answer(self.do_file_transfer(request.into_inner())).await
    }

    async fn record_trip(
        &self,
        request: Request<pb::RecordTripRequest>,
    ) -> Result<Response<pb::RecordTripResponse>, Status> {
        answer(self.do_record_trip(request.into_inner())).await
    }

    async fn register_student_at_home(
        &self,
        request: Request<pb::RegisterStudentAtHomeRequest>,
    ) -> Result<Response<pb::RegisterStudentAtHomeResponse>, Status> {
        answer(self.do_register_student_at_home(request.into_inner())).await
    }

    async fn register_special_disease(
        &self,
        request: Request<pb::RegisterSpecialDiseaseRequest>,
    ) -> Result<Response<pb::RegisterSpecialDiseaseResponse>, Status> {
        answer(self.do_register_special_disease(request.into_inner())).await
    }

    async fn review_filing(
        &self,
        request: Request<pb::ReviewFilingRequest>,
    ) -> Result<Response<pb::ReviewFilingResponse>, Status> {
        answer(self.do_review_filing(request.into_inner())).await
    }

    async fn end_filing(
        &self,
        request: Request<pb::EndFilingRequest>,
    ) -> Result<Response<pb::EndFilingResponse>, Status> {
        answer(self.do_end_filing(request.into_inner())).await
    }

    async fn withdraw_filing(
        &self,
        request: Request<pb::WithdrawFilingRequest>,
    ) -> Result<Response<pb::WithdrawFilingResponse>, Status> {
        answer(self.do_withdraw_filing(request.into_inner())).await
    }

    async fn get_filing(
        &self,
        request: Request<pb::GetFilingRequest>,
    ) -> Result<Response<pb::GetFilingResponse>, Status> {
        answer(self.get(request.get_ref())).await
    }

    async fn list_filings(
        &self,
        request: Request<pb::ListFilingsRequest>,
    ) -> Result<Response<pb::ListFilingsResponse>, Status> {
        answer(self.list(request.get_ref())).await
    }

    async fn register_partner(
        &self,
        request: Request<pb::RegisterPartnerRequest>,
    ) -> Result<Response<pb::RegisterPartnerResponse>, Status> {
        answer(self.add_partner(request.into_inner())).await
    }

    async fn list_partners(
        &self,
        request: Request<pb::ListPartnersRequest>,
    ) -> Result<Response<pb::ListPartnersResponse>, Status> {
        answer(self.partners(request.get_ref())).await
    }

    async fn set_school_holidays(
        &self,
        request: Request<pb::SetSchoolHolidaysRequest>,
    ) -> Result<Response<pb::SetSchoolHolidaysResponse>, Status> {
        answer(self.set_holidays(request.into_inner())).await
    }

    async fn get_school_holidays(
        &self,
        request: Request<pb::GetSchoolHolidaysRequest>,
    ) -> Result<Response<pb::GetSchoolHolidaysResponse>, Status> {
        answer(self.get_holidays(request.get_ref())).await
    }
}
