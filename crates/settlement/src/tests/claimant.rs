//! A claim and the offices that work on it.

use juyi_domain::codes::{District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::claims::codes::{
    AccountKind, AccountState, ClaimDecision, ClaimDesk, ClaimPaper, ClaimState,
};
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::{Response, Status};
use tonic_types::StatusExt;

use super::suite::Called;
use super::{Stay, Suite};

/// All reasons of a refusal, as the status lists them.
pub(super) fn reasons<T: std::fmt::Debug>(answer: Result<T, Status>) -> String {
    answer.unwrap_err().get_details_error_info().unwrap().metadata["reasons"].clone()
}

/// A fact of the gravest refusal.
pub(super) fn fact<T: std::fmt::Debug>(answer: Result<T, Status>, key: &str) -> String {
    answer.unwrap_err().get_details_error_info().unwrap().metadata.get(key).cloned().unwrap_or_default()
}

/// The office behind a name of these tests, in Jinghai; the city's has no district.
pub(super) fn by<'a, T: 'a>(who: &'a str, work: impl Future<Output = T> + Send + 'a) -> Called<'a, T> {
    let (office, district) = match who {
        "township" | "colleague" => (Office::Township, Some(District::Jinghai)),
        "branch" | "checker" => (Office::MedicalInsurance, Some(District::Jinghai)),
        "school" => (Office::Education, Some(District::Jinghai)),
        "agency" => (Office::SocialInsurance, None),
        _ => (Office::MedicalInsurance, None),
    };
    Suite::called(office, district, who, work)
}

/// An account to be recorded with a claim.
pub(super) fn account(kind: AccountKind, state: AccountState) -> Option<pb::ClaimAccount> {
    Some(pb::ClaimAccount { kind: kind.to_wire(), state: state.to_wire() })
}

/// A farmer who claims the bill of a stay on 1 April, with an active card.
pub(super) fn filing(suite: &Suite, resident_id: ResidentId, stay: &Stay) -> pb::FileClaimRequest {
    pb::FileClaimRequest {
        request_id: suite.request_id(),
        resident_id: resident_id.to_string(),
        bill: Some(stay.bill()),
        desk: ClaimDesk::TownshipService.to_wire(),
        filing_date: "2021-04-01".to_owned(),
        papers: [ClaimPaper::Receipt, ClaimPaper::Prescription, ClaimPaper::ItemisedList].map(Coded::to_wire).to_vec(),
        account: account(AccountKind::Card, AccountState::Activated),
        ..Default::default()
    }
}

impl Suite {
    pub(super) async fn file_claim(&self, who: &str, request: pb::FileClaimRequest) -> Result<Claim<'_>, Status> {
        let answer = by(who, self.claims().file_claim(request)).await?.into_inner();
        Ok(Claim { suite: self, wire: answer.claim.unwrap() })
    }

    /// A claim filed at the township, entered, uploaded and handed over.
    pub(super) async fn handed_over(&self, resident_id: ResidentId, stay: &Stay) -> Claim<'_> {
        let mut claim = self.file_claim("township", filing(self, resident_id, stay)).await.unwrap();
        claim.enter("township").await.unwrap();
        claim.upload("township").await.unwrap();
        claim.hand_over("township").await.unwrap();
        claim
    }
}

/// A claim as it was last answered.
#[derive(Clone, Debug)]
pub(super) struct Claim<'a> {
    suite: &'a Suite,
    pub(super) wire: pb::SelfPaidClaim,
}

macro_rules! steps {
    ($($name:ident, $method:ident, $request:ident;)*) => {$(
        pub(super) async fn $name(&mut self, who: &str) -> Result<(), Status> {
            let request = pb::$request {
                request_id: self.suite.request_id(),
                resident_id: self.wire.resident_id.clone(),
                claim_id: self.wire.claim_id.clone(),
            };
            let answer = by(who, self.suite.claims().$method(request)).await?.into_inner();
            self.wire = answer.claim.unwrap();
            Ok(())
        }
    )*};
}

impl Claim<'_> {
    steps! {
        enter, enter_claim, EnterClaimRequest;
        upload, upload_claim, UploadClaimRequest;
        hand_over, hand_over_claim, HandOverClaimRequest;
    }

    pub(super) fn state(&self) -> ClaimState {
        ClaimState::from_wire(self.wire.state).unwrap()
    }

    /// A decision; a return with one reason.
    pub(super) fn review(&self, decision: ClaimDecision) -> pb::ReviewClaimRequest {
        let reasons = match decision {
            ClaimDecision::Approve => Vec::new(),
            ClaimDecision::Return => vec!["the itemised list is not stamped".to_owned()],
        };
        pb::ReviewClaimRequest {
            request_id: self.suite.request_id(),
            resident_id: self.wire.resident_id.clone(),
            claim_id: self.wire.claim_id.clone(),
            decision: decision.to_wire(),
            reasons,
        }
    }

    async fn decide(&mut self, who: &str, decision: ClaimDecision) -> Result<(), Status> {
        let answer = by(who, self.suite.claims().review_claim(self.review(decision))).await?;
        self.wire = answer.into_inner().claim.unwrap();
        Ok(())
    }

    pub(super) async fn approve(&mut self, who: &str) -> Result<(), Status> {
        self.decide(who, ClaimDecision::Approve).await
    }

    pub(super) async fn give_back(&mut self, who: &str) -> Result<(), Status> {
        self.decide(who, ClaimDecision::Return).await
    }

    /// The payment of what is due.
    pub(super) fn payment(&self) -> pb::PayClaimRequest {
        pb::PayClaimRequest {
            request_id: self.suite.request_id(),
            resident_id: self.wire.resident_id.clone(),
            claim_id: self.wire.claim_id.clone(),
            amount_fen: self.wire.due_fen,
            voucher_number: "run 7".to_owned(),
            payment_date: "2021-06-30".to_owned(),
        }
    }

    pub(super) async fn pay(&mut self, request: pb::PayClaimRequest) -> Result<(), Status> {
        let answer: Response<pb::PayClaimResponse> = by("city", self.suite.claims().pay_claim(request)).await?;
        self.wire = answer.into_inner().claim.unwrap();
        Ok(())
    }

    /// The repayment of what is to be recovered.
    pub(super) fn repayment(&self) -> pb::RecoverClaimRequest {
        pb::RecoverClaimRequest {
            request_id: self.suite.request_id(),
            resident_id: self.wire.resident_id.clone(),
            claim_id: self.wire.claim_id.clone(),
            amount_fen: self.wire.to_recover_fen,
            voucher_number: "back 7".to_owned(),
            repayment_date: "2021-09-30".to_owned(),
        }
    }

    pub(super) async fn recover(&mut self, request: pb::RecoverClaimRequest) -> Result<(), Status> {
        let answer = by("city", self.suite.claims().recover_claim(request)).await?;
        self.wire = answer.into_inner().claim.unwrap();
        Ok(())
    }

    /// The claim as it is read now.
    pub(super) async fn read(&self, who: &str) -> Result<pb::SelfPaidClaim, Status> {
        let request =
            pb::GetClaimRequest { resident_id: self.wire.resident_id.clone(), claim_id: self.wire.claim_id.clone() };
        Ok(by(who, self.suite.claims().get_claim(request)).await?.into_inner().claim.unwrap())
    }
}
