//! What a person brings into a year: stated with its source, and read (J-5.1.2-b, J-5.1.1-a).

use juyi_domain::id::ResidentId;
use juyi_domain::receipt::Receipt;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::settlement::outpatient::deductible;
use juyi_kit::caller::Caller;
use juyi_kit::command::Command;
use juyi_kit::error::Error;
use juyi_kit::wire::next_page;
use juyi_proto::settlement::v1 as pb;

use super::{KEEPERS, PersonYears, closing, read, write};
use crate::reading::Reader;
use crate::store::openings::{self, Kind, Stated};
use crate::store::person_years;
use crate::{coverage, service};

impl PersonYears {
    pub(super) async fn import(&self, request: pb::ImportOpeningRequest) -> Result<pb::ImportOpeningResponse, Error> {
        let command = Command::new("ImportOpening", &request.resident_id, &request.request_id, &request)
            .validating(request.validate_only);
        let caller = Caller::current()?;
        caller.require(KEEPERS)?;
        let read = read::import(&request)?;
        caller.require_district(read.district)?;
        // What was stated is answered as it was, before anybody is asked again.
        if let Some(earlier) = command.maybe_earlier(&self.database).await? {
            return Ok(earlier);
        }
        self.require_covered_in(&caller, &read).await?;
        let (read, caller) = (&read, &caller);
        let work = |mut session| async move {
            let stated = Stated {
                resident_id: read.resident_id,
                id: self.context.id(),
                kind: Kind::Imported,
                policy_year: read.policy_year,
                balances: read.balances.clone(),
                unused: read.unused.clone(),
                facts: None,
                receipt: Receipt::default(),
                recorded_by: caller.clone(),
                created_at: self.context.now(),
            };
            // Whoever is settling a bill of the year plans it anew, and of a later one: a balance is brought there, too.
            let mut years = person_years::later(&mut session, read.resident_id, read.policy_year).await?;
            years.push(read.policy_year);
            years.sort_unstable();
            closing::advance(&mut session, read.resident_id, &years).await?;
            openings::insert(&mut session, &stated).await?;
            let all = openings::up_to(&mut session, read.resident_id, read.policy_year).await?;
            let opening = Some(write::opening(read.resident_id, read.policy_year, &all));
            let years_to_recompute = closing::to_recompute(&mut session, Some(&stated)).await?;
            Ok((pb::ImportOpeningResponse { opening, years_to_recompute }, session))
        };
        command.run(&self.database, &self.context, work).await
    }

    /// Where the person was covered says whose the year is; the caller's word counts only of a year without cover.
    async fn require_covered_in(&self, caller: &Caller, read: &read::Import) -> Result<(), Error> {
        let covered = coverage::of_year(&self.peers.benefit_period, read.resident_id, read.policy_year).await?;
        let Some(covered) = covered else { return Ok(()) };
        caller.require_district(covered.district)?;
        if covered.district != read.district {
            let detail = "the person was covered in another district at the end of that year";
            let refusal = Refusal::new(Reason::ValueNotAllowed, detail).at("district");
            return Err(refusal.with("district", covered.district).into());
        }
        Ok(())
    }

    pub(super) async fn get(&self, request: &pb::GetOpeningRequest) -> Result<pb::GetOpeningResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, policy_year) = read::get(request)?;
        reader.require_person(&self.peers, resident_id, self.context.clock().today()).await?;
        let all = openings::up_to(&mut self.database.read().await?, resident_id, policy_year).await?;
        if all.is_empty() {
            coverage::require_person(&self.peers.benefit_period, resident_id).await?;
        }
        let before = policy_year - 1;
        let stated = all.iter().any(|stated| stated.policy_year == policy_year);
        if !stated && !self.context.policy().policy_years().contains(&before) {
            let detail =
                format!("the law of {before} is not loaded; what that year left has to be imported with its source");
            let refusal = Refusal::new(Reason::ParameterNotSet, detail).at("policy_year").by("J-5.1.2-b");
            return Err(refusal.with("parameter", format!("opening.{policy_year}")).into());
        }
        if !stated {
            self.require_history(resident_id, before).await?;
        }
        let mut opening = write::opening(resident_id, policy_year, &all);
        if service::require_law(&self.context, policy_year, "policy_year").is_ok()
            && let Some(cover) = coverage::of_year(&self.peers.benefit_period, resident_id, policy_year).await?
            && let Ok(law) = self.context.policy().for_(cover.district, policy_year, cover.last_on)
            && let Ok(params) = &law.outpatient
        {
            let years = super::opened(&all, policy_year).unused_outpatient_years;
            opening.outpatient_deductible_fen = Some(deductible::of_year(years, params).get());
        }
        Ok(pb::GetOpeningResponse { opening: Some(opening) })
    }

    /// A year in which the person was covered leaves a balance, and its cost decides the next deductible: as long as it is
    /// neither closed nor stated, both are missing (J-5.1.2-a, J-5.1.1-a, B-5.4-a, B-5.3-a). A history that nobody stated is a
    /// required field as it is in every other rule, so that the graver INVALID_ARGUMENT is the code of both.
    async fn require_history(&self, resident_id: ResidentId, policy_year: i32) -> Result<(), Error> {
        let Some(cover) = coverage::of_year(&self.peers.benefit_period, resident_id, policy_year).await? else {
            return Ok(());
        };
        let law = self.context.policy().for_(cover.district, policy_year, cover.last_on)?;
        let Ok(params) = &law.outpatient else { return Ok(()) };
        let mut refusals = Refusals::default();
        let detail = format!("{policy_year} is not closed, and nobody stated what it left");
        let unclosed = Refusal::new(Reason::OrderViolation, detail).at("policy_year");
        refusals.push(unclosed.by(params.carry_over.reference.rule_id.clone()).with("year", policy_year));
        let detail = format!("the outpatient history of {policy_year} decides the deductible, and is missing");
        let rule = params.reductions.first().map(|reduction| reduction.reference.rule_id.clone());
        let missing = Refusal::new(Reason::RequiredFieldMissing, detail).at("policy_year").with("year", policy_year);
        refusals.push(Refusal { rule_id: rule, ..missing });
        Err(refusals.into())
    }

    pub(super) async fn list(&self, request: &pb::ListOpeningsRequest) -> Result<pb::ListOpeningsResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, after, size) = read::list(request)?;
        reader.require_person(&self.peers, resident_id, self.context.clock().today()).await?;
        let page = openings::page(&mut self.database.read().await?, resident_id, after, size).await?;
        let next_page_token = next_page(&page, size, |last| last.id.to_string());
        let statements = page.iter().map(write::statement).collect();
        Ok(pb::ListOpeningsResponse { statements, next_page_token })
    }
}
