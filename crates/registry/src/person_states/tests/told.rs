//! What benefit period is told, and when.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use juyi_domain::codes::Paper;
use juyi_domain::id::ResidentId;
use juyi_domain::registry::employees_insurance::OFFICES;
use juyi_kit::config::OutboxConfig;
use juyi_kit::outbox::{ByTopic, Outbox};
use juyi_proto::benefit_period::v1 as benefit;
use juyi_proto::benefit_period::v1::coverage_facts_service_server::{CoverageFactsService, CoverageFactsServiceServer};
use tonic::service::Routes;
use tonic::{Request, Response};

use super::*;
use crate::person_states::{RESIDENT_CHANGED, ToBenefitPeriod};
use crate::testing::{reasons, worlds};

/// Benefit period with the states it was told. Cloning shares them.
#[derive(Clone, Default)]
struct BenefitPeriod {
    told: Arc<Mutex<Vec<common::PersonState>>>,
    down: Arc<AtomicBool>,
}

#[tonic::async_trait]
impl CoverageFactsService for BenefitPeriod {
    async fn apply_payments(
        &self,
        _: Request<benefit::ApplyPaymentsRequest>,
    ) -> Result<Response<benefit::ApplyPaymentsResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn apply_refunds(
        &self,
        _: Request<benefit::ApplyRefundsRequest>,
    ) -> Result<Response<benefit::ApplyRefundsResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn note_residents(
        &self,
        request: Request<benefit::NoteResidentsRequest>,
    ) -> Result<Response<benefit::NoteResidentsResponse>, Status> {
        assert_eq!(Caller::current().map(|caller| caller.office).ok(), Some(Office::System));
        if self.down.load(Ordering::SeqCst) {
            return Err(Status::unavailable("down"));
        }
        self.told.lock().unwrap().extend(request.into_inner().persons);
        Ok(Response::new(benefit::NoteResidentsResponse::default()))
    }
}

impl BenefitPeriod {
    /// Delivers the events of a resident, as the background work does, and gives what was told.
    async fn hears(&self, world: &World, id: &str) -> Vec<common::PersonState> {
        let benefit_period =
            Channel::local("benefit-period", Routes::new(CoverageFactsServiceServer::new(self.clone())));
        let delivery = ToBenefitPeriod { database: world.database.clone(), benefit_period };
        let receivers = ByTopic::default().with(RESIDENT_CHANGED, delivery);
        Outbox::new(world.database.clone(), receivers, OutboxConfig::default()).flush(id).await;
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

/// J-A1.3-j: recorded, changed and taken back.
#[tokio::test]
async fn a_death_is_told() {
    for world in worlds().await {
        let benefit_period = BenefitPeriod::default();
        let id = world.farmer().await;
        world.enrol_farmer(&id).await;
        assert!(benefit_period.hears(&world, &id).await.is_empty(), "an enrolment comes with its payment");
        let resident: ResidentId = id.parse().unwrap();
        for (on, written) in [(Some("2021-02-01"), "2021-02-01"), (Some("2021-02-02"), "2021-02-02"), (None, "")] {
            world.die(resident, on).await;
            let told = benefit_period.hears(&world, &id).await;
            assert_eq!((told.len(), told[0].death_date.as_str()), (1, written), "{}", world.kind);
            assert_eq!((told[0].resident_id.as_str(), told[0].enrolments.len()), (id.as_str(), 1), "{}", world.kind);
        }
    }
}

/// J-4.3-c, J-9-1a: by a record of its own, and by an application that brings it.
#[tokio::test]
async fn facts_that_coverage_depends_on_are_told() {
    for world in worlds().await {
        let benefit_period = BenefitPeriod::default();
        let id = world.farmer().await;
        let work = fact("2020-01-01", Fact::Employment(pb::Employment { employed: false }));
        world.record(Office::Township, &id, vec![work]).await.unwrap();
        assert!(benefit_period.hears(&world, &id).await.is_empty(), "{}", world.kind);
        world.record(Office::Township, &id, vec![left("2021-02-01")]).await.unwrap();
        let told = benefit_period.hears(&world, &id).await;
        assert_eq!((told.len(), told[0].school_leaving_dates.concat()), (1, "2021-02-01".to_owned()), "{}", world.kind);
        for office in OFFICES {
            world.record(*office, &id, vec![employed("2021-03-01", "2021-12-31")]).await.unwrap();
            let told = benefit_period.hears(&world, &id).await;
            assert_eq!((told.len(), told[0].employees_insurance.len()), (1, 1), "{}", world.kind);
        }
        let papers = [Paper::IdentityPaper, Paper::SupportingMaterial].map(Coded::to_wire).to_vec();
        let enrol = pb::EnrolRequest { facts: vec![left("2020-07-01")], papers, ..application(&id) };
        by(Office::Township, world.desk().enrol(enrol)).await.unwrap();
        assert_eq!(benefit_period.hears(&world, &id).await.len(), 1, "{}", world.kind);
    }
}

/// J-9-1a: a township does not know who is insured with the employees, and an employer's months are whole.
#[tokio::test]
async fn employees_insurance_is_the_insurance_offices_to_say() {
    for world in worlds().await {
        let id = world.farmer().await;
        let record = |office, fact| world.record(office, &id, vec![fact]);
        assert_eq!(reasons(record(Office::Township, employed("2021-03-01", "2021-12-31")).await), "ROLE_NOT_ALLOWED");
        assert_eq!(
            reasons(record(OFFICES[0], employed("2021-03-02", "2021-03-30")).await),
            ["VALUE_NOT_ALLOWED"; 2].join(",")
        );
        let bare = |kind: i32| {
            fact("2021-03-01", Fact::EmployeesInsurance(pb::EmployeesInsuranceFact { kind, ..Default::default() }))
        };
        let individual = bare(EmployeesInsuranceKind::Individual.to_wire());
        assert_eq!(reasons(record(OFFICES[1], individual).await), "REQUIRED_FIELD_MISSING", "{}", world.kind);
        let employer = bare(EmployeesInsuranceKind::Employer.to_wire());
        assert_eq!(reasons(record(OFFICES[1], employer).await), "REQUIRED_FIELD_MISSING", "{}", world.kind);
        assert_eq!(reasons(record(OFFICES[1], bare(0)).await), "REQUIRED_FIELD_MISSING", "{}", world.kind);
        assert_eq!(reasons(record(OFFICES[1], bare(9)).await), "UNKNOWN_ENUM", "{}", world.kind);

        record(OFFICES[0], employed("2021-03-01", "2021-03-31")).await.unwrap();
        let request =
            pb::ListFactsRequest { resident_id: id.clone(), on_date: "2021-03-31".to_owned(), ..Default::default() };
        let facts = by(Office::Township, world.desk().list_facts(request)).await.unwrap().facts;
        let expected = employed("2021-03-01", "2021-03-31");
        assert!(facts.iter().any(|fact| fact.fact == expected.fact && fact.end_date == expected.end_date));
    }
}

/// An event that waited tells what is true by then, and the one after it tells it again.
#[tokio::test]
async fn what_waited_tells_the_newest_state() {
    for world in worlds().await {
        let benefit_period = BenefitPeriod::default();
        let id = world.farmer().await;
        benefit_period.down.store(true, Ordering::SeqCst);
        world.record(Office::Township, &id, vec![left("2021-01-20")]).await.unwrap();
        world.record(Office::Township, &id, vec![left("2021-02-01")]).await.unwrap();
        assert!(benefit_period.hears(&world, &id).await.is_empty(), "{}", world.kind);
        benefit_period.down.store(false, Ordering::SeqCst);
        let told = benefit_period.hears(&world, &id).await;
        assert_eq!(told.len(), 2, "{}", world.kind);
        assert!(
            told.iter().all(|state| state.revision == 3 && state.school_leaving_dates == ["2021-01-20", "2021-02-01"])
        );
        assert!(benefit_period.hears(&world, &id).await.is_empty(), "{}", world.kind);
    }
}
