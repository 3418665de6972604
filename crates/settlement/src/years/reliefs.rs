//! Which adjustments a person meets on a day (J-5.1.3-b, B-5.5-c).

use juyi_domain::refusal::Refusals;
use juyi_domain::settlement::relief::{ReliefLaw, reliefs};
use juyi_kit::error::Error;
use juyi_proto::settlement::v1 as pb;

use super::{PersonYears, brought, read};
use crate::reading::Reader;
use crate::{coverage, ledger};

impl PersonYears {
    pub(super) async fn reliefs(&self, request: &pb::GetReliefsRequest) -> Result<pb::GetReliefsResponse, Error> {
        let reader = Reader::current()?;
        let (resident_id, on, claimed) = read::reliefs(request)?;
        let cover = coverage::on(&self.peers.benefit_period, resident_id, on, "date").await?;
        reader.require(cover.district)?;
        let mut refusals = Refusals::default();
        let law = refusals.keep(self.context.policy().for_(cover.district, cover.policy_year, on));
        claimed.into_iter().for_each(|claimed| refusals.push(claimed.refusal().at("claimed")));
        let Some(law) = law.filter(|_| refusals.0.is_empty()) else { return Err(refusals.into()) };
        let mut session = self.database.read().await?;
        let year = ledger::load(&mut session, resident_id, cover.policy_year).await?;
        let opening = brought(&mut session, resident_id, cover.policy_year).await?.opening;
        let law = ReliefLaw {
            outpatient: law.outpatient.as_ref().ok(),
            basic: law.basic.as_ref().ok(),
            raised_rate: law.raised_rate.as_ref(),
        };
        let found = reliefs(&year.totals_as_of(on).insurance, &opening, &cover.identities, law);
        Ok(pb::GetReliefsResponse {
            lower_outpatient_deductible: found.lower_outpatient_deductible,
            no_inpatient_deductible: found.no_inpatient_deductible,
            accumulated_maximum: found.accumulated_maximum,
            higher_inpatient_rate: found.higher_inpatient_rate,
        })
    }
}
