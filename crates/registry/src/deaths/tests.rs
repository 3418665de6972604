//! Deaths: what other services hear, and what settlement answers.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::{Category, FindingKind, FindingState, Identity, Office, RosterKind};
use juyi_domain::id::ResidentId;
use juyi_kit::caller::Caller;
use juyi_kit::channel::Channel;
use juyi_kit::config::OutboxConfig;
use juyi_kit::outbox::{ByTopic, Outbox};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1::registry_service_client::RegistryServiceClient;
use juyi_proto::registry::v1::standing_service_client::StandingServiceClient;
use juyi_proto::registry::v1::{BatchGetStandingRequest, GetStandingRequest, GetStandingResponse, StandingQuestion};
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::settlement_service_server::{SettlementService, SettlementServiceServer};
use tonic::service::Routes;
use tonic::{Request, Response, Status};

use super::ToSettlement;
use crate::testing::{List, PERSON, World, caller, count, number, reasons, worlds};

/// Settlement with the days of admission of its services. Cloning shares them.
#[derive(Clone, Default)]
struct Settlement {
    days: Arc<Mutex<Vec<&'static str>>>,
    down: Arc<AtomicBool>,
}

type Answer<T> = Result<Response<T>, Status>;

#[tonic::async_trait]
impl SettlementService for Settlement {
    async fn list_services_after(
        &self,
        request: Request<pb::ListServicesAfterRequest>,
    ) -> Answer<pb::ListServicesAfterResponse> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.down.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        let request = request.into_inner();
        // Pages of one.
        let place: usize = request.page_token.parse().unwrap_or_default();
        let days = self.days.lock().unwrap().clone();
        let later: Vec<_> = days.into_iter().filter(|day| **day > *request.date).collect();
        let service = |day: &&str| pb::Service {
            settlement_id: format!("settled-{day}"),
            admission_date: (*day).to_owned(),
            ..Default::default()
        };
        let next_page_token = if place + 1 < later.len() { (place + 1).to_string() } else { String::new() };
        let services = later.get(place).map(service).into_iter().collect();
        Ok(Response::new(pb::ListServicesAfterResponse { services, next_page_token }))
    }

    async fn preview_settlement(
        &self,
        _: Request<pb::PreviewSettlementRequest>,
    ) -> Answer<pb::PreviewSettlementResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn settle(&self, _: Request<pb::SettleRequest>) -> Answer<pb::SettleResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn reverse_settlement(
        &self,
        _: Request<pb::ReverseSettlementRequest>,
    ) -> Answer<pb::ReverseSettlementResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn recompute_year(&self, _: Request<pb::RecomputeYearRequest>) -> Answer<pb::RecomputeYearResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn get_settlement(&self, _: Request<pb::GetSettlementRequest>) -> Answer<pb::GetSettlementResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn list_settlements(&self, _: Request<pb::ListSettlementsRequest>) -> Answer<pb::ListSettlementsResponse> {
        Err(Status::unimplemented("not needed"))
    }

    async fn get_accumulators(&self, _: Request<pb::GetAccumulatorsRequest>) -> Answer<pb::GetAccumulatorsResponse> {
        Err(Status::unimplemented("not needed"))
    }
}

impl Settlement {
    fn settles(&self, days: &[&'static str]) {
        days.clone_into(&mut self.days.lock().unwrap());
    }

    /// Delivers the events of a resident, as the background work does.
    async fn hears(&self, world: &World, id: ResidentId) {
        let settlement = Channel::local("settlement", Routes::new(SettlementServiceServer::new(self.clone())));
        let delivery = ToSettlement { database: world.database.clone(), context: world.context.clone(), settlement };
        let receivers = ByTopic::default().with(super::DEATH, delivery);
        let outbox = Outbox::new(world.database.clone(), receivers, OutboxConfig::default());
        outbox.flush(&id.to_string()).await;
    }
}

/// Events that wait for settlement.
async fn waiting(world: &World) -> usize {
    let mut session = world.database.read().await.unwrap();
    session.rows("SELECT event_id FROM outbox WHERE topic = 'death'", Vec::new()).await.unwrap().len()
}

const KIND: FindingKind = FindingKind::ServiceAfterDeath;

/// J-A1.3-j: later services are reported as a conflict, nothing is reversed; told again, nothing changes.
#[tokio::test]
async fn services_after_a_death_are_found() {
    for world in worlds().await {
        let settlement = Settlement::default();
        settlement.settles(&["2021-02-01", "2021-02-02", "2021-02-20", "2022-01-05"]);
        let id = world.resident(0, PERSON).await;
        world.enrol(id, Category::RuralResident, 2021).await;
        world.accept(&List::of(RosterKind::Deaths, "march", 0..1)).await;
        world.die(id, Some("2021-02-01")).await;
        settlement.hears(&world, id).await;
        let found = world.findings(KIND).await;
        assert_eq!((found.len(), waiting(&world).await), (2, 0), "{}", world.kind);
        let (first, second) = (&found[0], &found[1]);
        assert_eq!((first.policy_year, second.policy_year), (2021, 2022), "{}", world.kind);
        assert!(first.detail.starts_with("2 services") && first.detail.contains("2021-02-02"), "{}", first.detail);
        assert_eq!((first.rule_id.as_str(), first.roster_id.as_str()), ("J-A1.3-j", "march"), "{}", world.kind);
        assert!(first.remedy.contains("nothing is reversed by itself"), "{}", first.remedy);
        assert_eq!((first.township.as_str(), first.resident_id.clone()), ("120118.4", id.to_string()));
        // No document governs 2022; the finding stands without a rule.
        assert_eq!((second.rule_id.as_str(), second.district.as_str()), ("", "120118"), "{}", world.kind);

        world.die(id, Some("2021-02-01")).await;
        settlement.hears(&world, id).await;
        assert_eq!(world.findings(KIND).await, found, "{}", world.kind);
    }
}

/// A day that changes, a bill that is reversed and a death that is taken back each leave what is true.
#[tokio::test]
async fn findings_follow_the_facts() {
    for world in worlds().await {
        let settlement = Settlement::default();
        settlement.settles(&["2021-02-10", "2021-02-20"]);
        let id = world.resident(0, PERSON).await;
        world.die(id, Some("2021-02-01")).await;
        settlement.hears(&world, id).await;
        let first = world.findings(KIND).await.remove(0);
        world.die(id, Some("2021-02-15")).await;
        settlement.hears(&world, id).await;
        let later = world.findings(KIND).await.remove(0);
        assert!(later.detail.starts_with("1 services") && later.etag != first.etag, "{}", later.detail);

        settlement.settles(&[]);
        let mut session = world.database.begin().await.unwrap();
        super::ask_again(&mut session, &world.context, id).await.unwrap();
        session.commit().await.unwrap();
        settlement.hears(&world, id).await;
        assert_eq!(world.states(KIND).await, [(number(0), FindingState::Cleared)], "{}", world.kind);
        settlement.settles(&["2021-02-20"]);
        world.die(id, Some("2021-02-15")).await;
        settlement.hears(&world, id).await;
        let back = world.findings(KIND).await.remove(0);
        assert_eq!((back.reopened, back.finding_id), (1, first.finding_id), "{}", world.kind);
        world.die(id, None).await;
        settlement.hears(&world, id).await;
        assert_eq!(world.states(KIND).await, [(number(0), FindingState::Cleared)], "{}", world.kind);
    }
}

/// While settlement is away the event waits.
#[tokio::test]
async fn a_death_waits_for_settlement() {
    for world in worlds().await {
        let settlement = Settlement::default();
        settlement.settles(&["2021-02-20"]);
        settlement.down.store(true, Ordering::SeqCst);
        let id = world.resident(0, PERSON).await;
        world.die(id, Some("2021-02-15")).await;
        settlement.hears(&world, id).await;
        assert_eq!((waiting(&world).await, world.findings(KIND).await.len()), (1, 0), "{}", world.kind);
        settlement.down.store(false, Ordering::SeqCst);
        settlement.hears(&world, id).await;
        assert_eq!((waiting(&world).await, world.findings(KIND).await.len()), (0, 1), "{}", world.kind);
    }
}

/// J-A1.3-j: a list of deaths is compared with the recorded deaths, and asks settlement once more about each.
#[tokio::test]
async fn a_list_of_deaths_asks_again() {
    for world in worlds().await {
        let settlement = Settlement::default();
        let id = world.resident(0, PERSON).await;
        world.resident(1, "李四").await;
        world.enrol(id, Category::RuralResident, 2021).await;
        world.die(id, Some("2021-02-15")).await;
        settlement.hears(&world, id).await;
        let list = List { complete: true, ..List::of(RosterKind::Deaths, "march", [0, 1, 2, 0]) };
        let comparison = world.take(&list).await;
        assert_eq!((comparison.listed, comparison.matched, comparison.not_enrolled), (3, 1, 1), "{}", world.kind);
        assert_eq!((count(&comparison, KIND), waiting(&world).await), (0, 1), "{}", world.kind);
        // Settled before the death was known, and told after it was asked for.
        settlement.settles(&["2021-02-20"]);
        settlement.hears(&world, id).await;
        let comparison = world.compare(&list).await;
        assert_eq!((count(&comparison, KIND), comparison.opened, comparison.cleared), (1, 0, 0), "{}", world.kind);
        assert_eq!(world.states(KIND).await, [(number(0), FindingState::Open)], "{}", world.kind);
        assert_eq!(count(&comparison, FindingKind::ConflictingIdentity), 1, "{}", world.kind);
        assert_eq!(count(&comparison, FindingKind::Duplicate), 1, "{}", world.kind);
    }
}

async fn standing(world: &World, id: &str, on: &str) -> Result<GetStandingResponse, Status> {
    let request = GetStandingRequest { resident_id: id.to_owned(), on_date: on.to_owned() };
    Ok(RegistryServiceClient::new(world.channel.clone()).get_standing(request).await?.into_inner())
}

/// J-A1.3-j: identities of the day, and the death whatever the day.
#[tokio::test]
async fn a_standing_tells_identities_and_death() {
    for world in worlds().await {
        let id = world.resident(0, PERSON).await;
        world.hold(id, Identity::LowIncome, "2021-02-01").await;
        let held = async |on: &str| {
            let standing = standing(&world, &id.to_string(), on).await.unwrap();
            (standing.identities.len(), standing.death_date)
        };
        assert_eq!(held("2021-01-31").await, (0, String::new()), "{}", world.kind);
        assert_eq!(held("2021-02-01").await, (1, String::new()), "{}", world.kind);
        world.die(id, Some("2021-02-15")).await;
        assert_eq!(held("2021-01-31").await, (0, "2021-02-15".to_owned()), "{}", world.kind);
        let stranger: ResidentId = world.context.id();
        assert_eq!(reasons(standing(&world, &stranger.to_string(), "2021-01-31").await), "PERSON_NOT_FOUND");
        assert_eq!(reasons(standing(&world, "", "").await), "REQUIRED_FIELD_MISSING,REQUIRED_FIELD_MISSING");
    }
}

/// Many at once are told what each would be told alone; nobody but the suite asks so.
#[tokio::test]
async fn standings_of_many_are_those_of_each() {
    for world in worlds().await {
        let (poor, other, stranger) =
            (world.resident(0, PERSON).await, world.resident(1, PERSON).await, world.context.id::<ResidentId>());
        world.hold(poor, Identity::LowIncome, "2021-02-01").await;
        world.hold(poor, Identity::SevereDisability, "2021-01-01").await;
        world.die(other, Some("2021-02-15")).await;
        let asked = [
            (poor, "2021-02-01"),
            (stranger, "2021-02-01"),
            (other, "2021-02-01"),
            (poor, "2021-01-31"),
            (poor, "2020-12-31"),
        ];
        let question =
            |(id, on): &(ResidentId, &str)| StandingQuestion { resident_id: id.to_string(), on_date: (*on).to_owned() };
        let request = BatchGetStandingRequest { questions: asked.iter().map(question).collect() };
        let client = || StandingServiceClient::new(world.channel.clone());
        let answer = Caller::scope(Some(Caller::system()), client().batch_get_standing(request.clone())).await.unwrap();
        let told = answer.into_inner().persons.into_iter().map(|it| (it.question, it.identities, it.death_date));
        let (low, severe) = (Identity::LowIncome.to_wire(), Identity::SevereDisability.to_wire());
        let mut both = vec![low, severe];
        both.sort_unstable();
        let expected = [
            (0, both, String::new()),
            (2, Vec::new(), "2021-02-15".to_owned()),
            (3, vec![severe], String::new()),
            (4, Vec::new(), String::new()),
        ];
        let told: Vec<_> = told
            .map(|(question, mut held, died)| {
                held.sort_unstable();
                (question, held, died)
            })
            .collect();
        assert_eq!(told, expected, "{}", world.kind);
        let by_office = Caller::scope(caller(Office::MedicalInsurance), client().batch_get_standing(request)).await;
        assert_eq!(reasons(by_office), "ROLE_NOT_ALLOWED");
        let bad = BatchGetStandingRequest { questions: vec![StandingQuestion::default(); 501] };
        let refused = reasons(Caller::scope(Some(Caller::system()), client().batch_get_standing(bad)).await);
        assert!(refused.starts_with("VALUE_NOT_ALLOWED,REQUIRED_FIELD_MISSING"), "{refused}");
    }
}
