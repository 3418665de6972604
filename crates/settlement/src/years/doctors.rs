//! Contracts with family doctors (J-5.1.4-a, J-5.1.T-s, AMB-060).

use std::collections::BTreeSet;

use chrono::Datelike;
use juyi_db::Session;
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::outpatient::family_doctor::Contract;
use juyi_domain::settlement::provider_register::Registered;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;

use super::{KEEPERS, PersonYears, SIGNERS, closing, read, write};
use crate::reading::Reader;
use crate::store::family_doctors::{self, Signed};
use crate::{coverage, own, providers};

impl PersonYears {
    pub(super) async fn sign(
        &self,
        request: pb::SignFamilyDoctorRequest,
    ) -> Result<pb::SignFamilyDoctorResponse, Error> {
        let command = Command::new("SignFamilyDoctor", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(SIGNERS)?;
        let read = read::sign(&request, self.context.clock().today())?;
        // What was signed is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        let district = coverage::district(&self.peers.benefit_period, read.resident_id, read.signed_on).await?;
        caller.require_district(district)?;
        let primary = &read.primary_institution_code;
        let primary = providers::maybe_find(&self.peers.registry, primary, read.signed_on).await?;
        let (read, caller) = (&read, &caller);
        let work = |mut session| async move {
            family_doctors::advance(&mut session, read.resident_id).await?;
            let earlier = family_doctors::all(&mut session, read.resident_id).await?;
            judge(read, primary, &earlier)?;
            let signed = Signed {
                resident_id: read.resident_id,
                id: self.context.id(),
                district: Some(district),
                institution_code: read.institution_code.clone(),
                contract: Contract { signed_on: read.signed_on, ended_on: None },
                recorded_by: caller.clone(),
                created_at: self.context.now(),
            };
            family_doctors::insert(&mut session, &signed).await?;
            self.plan_anew(&mut session, read.resident_id, signed.contract.effective_on().year()).await?;
            Ok((pb::SignFamilyDoctorResponse { contract: Some(write::contract(&signed)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    pub(super) async fn end(&self, request: pb::EndFamilyDoctorRequest) -> Result<pb::EndFamilyDoctorResponse, Error> {
        let command = Command::new("EndFamilyDoctor", &request.resident_id, &request.request_id, &request);
        let caller = Caller::current()?;
        caller.require(SIGNERS)?;
        let (resident_id, id, ended_on) = read::end(&request, self.context.clock().today())?;
        let caller = &caller;
        let work = |mut session| async move {
            family_doctors::advance(&mut session, resident_id).await?;
            let found =
                family_doctors::all(&mut session, resident_id).await?.into_iter().find(|signed| signed.id == id);
            let mut signed = found.ok_or_else(|| {
                Refusal::new(Reason::ContractNotFound, "the resident has no contract with this id").at("contract_id")
            })?;
            require_own(caller, &signed)?;
            if signed.contract.ended_on.is_some() {
                let detail = "the contract ended before";
                return Err(Refusal::new(Reason::OrderViolation, detail).at("contract_id").by("J-5.1.4-a").into());
            }
            if ended_on < signed.contract.signed_on {
                let detail = "a contract does not end before it is signed";
                return Err(Refusal::new(Reason::DateOrder, detail).at("end_date").into());
            }
            signed.contract.ended_on = Some(ended_on);
            let by = (caller, self.context.now());
            family_doctors::insert_end(&mut session, (resident_id, id), ended_on, by).await?;
            self.plan_anew(&mut session, resident_id, ended_on.year()).await?;
            Ok((pb::EndFamilyDoctorResponse { contract: Some(write::contract(&signed)) }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// Whoever is settling a bill that the contract concerns, or closing its year, plans anew.
    async fn plan_anew(&self, session: &mut Session, resident_id: ResidentId, since: i32) -> Result<(), Error> {
        let years = since..=self.context.clock().today().year();
        let known: BTreeSet<i32> = self.context.policy().policy_years().into_iter().collect();
        let years: Vec<i32> = known.into_iter().filter(|year| years.contains(year)).collect();
        closing::advance(session, resident_id, &years).await
    }

    pub(super) async fn list_doctors(
        &self,
        request: &pb::ListFamilyDoctorsRequest,
    ) -> Result<pb::ListFamilyDoctorsResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, after, size) = read::list_doctors(request)?;
        reader.require_person(&self.peers, resident_id, self.context.clock().today()).await?;
        let page = family_doctors::page(&mut self.database.read().await?, resident_id, after, size).await?;
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        let contracts = page.iter().map(write::contract).collect();
        Ok(pb::ListFamilyDoctorsResponse { contracts, next_page_token })
    }
}

/// The office that recorded a contract ends it, and the insurance offices of the district in which the person was covered.
/// Where nobody kept that district, it is that of the office that recorded it, and of none the whole city's.
fn require_own(caller: &Caller, signed: &Signed) -> Result<(), Refusal> {
    own::require(caller, KEEPERS, &signed.recorded_by)?;
    match signed.district.or(signed.recorded_by.district) {
        Some(district) => caller.require_district(district),
        None if caller.district.is_none() || signed.recorded_by == *caller => Ok(()),
        None => {
            let detail = "nobody recorded the district of this contract; an office of the whole city ends it";
            Err(Refusal::new(Reason::RoleNotAllowed, detail).with("office", caller.office))
        }
    }
}

/// A contract is made with the person's own primary institution, and one at a time. An institution that the register does
/// not know is taken as the office states it.
fn judge(read: &read::Sign, primary: Option<Registered>, earlier: &[Signed]) -> Result<(), Refusals> {
    let mut refusals = Refusals::default();
    refusals.keep(primary.map_or(Ok(()), |primary| primary.require_primary("primary_institution_code")));
    if read.institution_code != read.primary_institution_code {
        let detail = "the bonus is that of a contract with the person's own primary institution";
        let refusal = Refusal::new(Reason::ClassNotEligible, detail).at("institution_code").by("J-5.1.4-a");
        refusals.push(refusal.with("primary_institution_code", &read.primary_institution_code));
    }
    if let Some(signed) = earlier.iter().find(|it| it.contract.ended_on.is_none_or(|ended| read.signed_on <= ended)) {
        let detail = "a contract with a family doctor is in force on that day; end it first";
        let refusal = Refusal::new(Reason::DuplicateContract, detail).at("signed_date").by("J-5.1.4-a");
        refusals.push(refusal.with("contract_id", signed.id));
    }
    refusals.into_result()
}
