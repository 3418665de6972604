//! The event of a death, and what settlement answers to it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use juyi_db::{Database, Session};
use juyi_domain::codes::{FindingKind, FindingState, RosterKind};
use juyi_domain::id::{FindingId, ResidentId};
use juyi_domain::registry::comparison::remedy::{Scene, remedy};
use juyi_kit::channel::Channel;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_kit::outbox::{Deliver, Event};
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::settlement_service_client::SettlementServiceClient;
use tonic::Status;

use crate::store::deaths::{self, Deceased};
use crate::store::findings::{self, Found, Sight};

const KIND: FindingKind = FindingKind::ServiceAfterDeath;

/// Asks settlement for services after a death and keeps the findings that its answer makes. The death is read when the
/// event arrives, so that repetition and delay do no harm.
pub(crate) struct ToSettlement {
    pub(crate) database: Database,
    pub(crate) context: Context,
    pub(crate) settlement: Channel,
}

#[async_trait::async_trait]
impl Deliver for ToSettlement {
    async fn deliver(&self, event: &Event) -> Result<(), Status> {
        Ok(self.look(&event.resident_id).await?)
    }
}

/// A service that begins or goes on after the death.
struct Service {
    settlement_id: String,
    began_on: NaiveDate,
}

impl ToSettlement {
    async fn look(&self, resident_id: &str) -> Result<(), Error> {
        let id: ResidentId = resident_id.parse().map_err(|_| Error::Fault("an event of no resident"))?;
        let Some(before) = deaths::maybe_find(&mut self.database.read().await?, id).await? else { return Ok(()) };
        let services = match before.died_on {
            Some(died_on) => self.services(resident_id, died_on).await?,
            None => Vec::new(),
        };
        let mut session = self.database.begin().await?;
        // A day that changed while settlement was asked has an event of its own.
        if deaths::maybe_find(&mut session, id).await?.as_ref() == Some(&before) {
            self.keep(&mut session, id, &before, services).await?;
            session.commit().await?;
        }
        Ok(())
    }

    async fn services(&self, resident_id: &str, died_on: NaiveDate) -> Result<Vec<Service>, Error> {
        let mut client = SettlementServiceClient::new(self.settlement.clone());
        let (mut services, mut page_token) = (Vec::new(), String::new());
        loop {
            let request = pb::ListServicesAfterRequest {
                resident_id: resident_id.to_owned(),
                date: died_on.to_string(),
                page_size: 100,
                page_token,
            };
            let page = client.list_services_after(request).await?.into_inner();
            for service in page.services {
                let began_on = service.admission_date.parse();
                let began_on = began_on.map_err(|_| Error::Fault("settlement answered a day that is none"))?;
                services.push(Service { settlement_id: service.settlement_id, began_on });
            }
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return Ok(services);
            }
        }
    }

    /// One finding per policy year with services; those of years without any are cleared.
    async fn keep(
        &self,
        session: &mut Session,
        id: ResidentId,
        person: &Deceased,
        services: Vec<Service>,
    ) -> Result<(), Error> {
        let mut years: BTreeMap<i32, Vec<Service>> = BTreeMap::new();
        for service in services {
            years.entry(service.began_on.year()).or_default().push(service);
        }
        let at = self.context.now();
        let roster_id = deaths::list_naming(session, &person.identity_number).await?;
        let mut seen = Vec::new();
        for (policy_year, services) in years {
            let place = deaths::maybe_place(session, id, policy_year).await?;
            let (district, township) = place.unwrap_or((person.residence_district, None));
            let sight = Sight {
                district,
                policy_year,
                roster_kind: RosterKind::Deaths,
                roster_id: roster_id.clone(),
                unit_id: String::new(),
                by: None,
                at,
            };
            let resident_id = Some(id.to_string());
            let found = Found { resident_id, township, ..self.found(person, &sight, &services) };
            let new: FindingId = self.context.id();
            findings::see(session, &sight, &[(new, found)]).await?;
            seen.push((district, policy_year));
        }
        for mut finding in findings::of_resident(session, id, KIND).await? {
            let still = finding.found.identity_number == person.identity_number
                && seen.contains(&(finding.district, finding.policy_year));
            if !still && finding.state != FindingState::Cleared {
                finding.state = FindingState::Cleared;
                finding.updated_at = at;
                findings::update(session, &finding).await?;
            }
        }
        Ok(())
    }

    fn found(&self, person: &Deceased, sight: &Sight, services: &[Service]) -> Found {
        let first = services.iter().map(|service| service.began_on).min().unwrap_or_default();
        let mut ids: Vec<_> = services.iter().map(|service| service.settlement_id.as_str()).collect();
        ids.sort_unstable();
        let detail = format!(
            "{} services begin or go on after the recorded day of death, the first from {first}",
            services.len()
        );
        // The law of a year that settled services is loaded; without it the finding stands all the same.
        let law = self.context.policy().for_(sight.district, sight.policy_year, first).ok();
        let (remedy, rule_id) = law.map_or_else(Default::default, |law| {
            let today = self.context.clock().today();
            let scene = Scene { list: RosterKind::Deaths, today, params: &law.comparison, enrolment: &law.enrolment };
            (remedy(&scene, KIND, None), law.comparison.rule_id(RosterKind::Deaths, KIND).into_owned())
        });
        let died_on = person.died_on.map(|day| day.to_string()).unwrap_or_default();
        Found {
            kind: KIND,
            identity_number: person.identity_number.clone(),
            name: person.name.clone(),
            resident_id: None,
            township: None,
            detail,
            remedy,
            rule_id,
            facts: format!("{died_on}|{}", ids.join(",")),
        }
    }
}
