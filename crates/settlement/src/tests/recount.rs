//! Years of every kind of bill, filed in whatever order and reversed: the ledger is that of the bills that remain.

use std::collections::BTreeSet;

use juyi_domain::codes::{Identity, Office, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place;
use juyi_proto::settlement::v1::maternity_event::Event;

use super::filings::{AGENCY, disease, residence};
use super::ledger::in_force;
use super::recompute::{recompute, request};
use super::registrations::{benefit, birth, register_benefit, register_birth};
use super::years::{YEAR, import, try_import};
use super::{Stay, Suite, with_suites};

/// A small deterministic generator (xorshift).
pub(super) struct Sample(pub(super) u64);

impl Sample {
    pub(super) fn below(&mut self, limit: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit).unwrap()
    }

    fn fen(&mut self, limit: u64) -> i64 {
        1 + i64::try_from(self.below(limit)).unwrap()
    }

    fn shuffled<T>(&mut self, mut items: Vec<T>) -> Vec<T> {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u64 + 1));
        }
        items
    }

    /// A stay at any level, of which any part is eligible.
    fn stay(&mut self, day: &str, limit: u64) -> Stay {
        let level = ProviderLevel::ALL[self.below(3)];
        let stay = Stay::of_fen(day, self.fen(limit)).at(level);
        let eligible_fen = if self.below(2) == 0 { stay.total_fen } else { self.fen(stay.total_fen.unsigned_abs()) };
        Stay { eligible_fen, ..stay }
    }

    /// A bill of a day, of any kind that needs no day of its own.
    pub(super) fn bill(&mut self, day: &str) -> pb::Bill {
        let stay = self.stay(day, 9_000_000).bill();
        match self.below(8) {
            0 => visit(self.stay(day, 400_000).bill()),
            1 => {
                let small = self.stay(day, 100_000);
                self.clinic(visit(small.bill()))
            }
            2 => special(stay),
            3 => home_bed(stay),
            4 => elsewhere(stay, pb::OutOfArea::Residence, "130102", "H13010200001"),
            5 => elsewhere(stay, pb::OutOfArea::SelfChosen, "110000", "H11010000001"),
            6 => self.observation(stay),
            _ if self.below(2) == 0 => planned(self.stay(day, 60_000).bill()),
            _ => stay,
        }
    }

    fn clinic(&mut self, mut bill: pb::Bill) -> pb::Bill {
        let provider = bill.provider.as_mut().unwrap();
        provider.kind = pb::ProviderKind::VillageClinic.into();
        provider.level = 0;
        provider.village_integrated = true;
        if bill.eligible_fen >= Some(1_000) {
            let fee = pb::GeneralFee { registration_fen: 100, consultation_fen: 500, injection_fen: self.fen(400) };
            bill.general_fee = Some(fee);
        }
        bill
    }

    fn observation(&mut self, bill: pb::Bill) -> pb::Bill {
        let outcomes =
            [pb::ObservationOutcome::Death, pb::ObservationOutcome::Admitted, pb::ObservationOutcome::SentHome];
        let observation_outcome = outcomes[self.below(3)].into();
        pb::Bill { care_kind: pb::CareKind::EmergencyObservation.into(), observation_outcome, ..bill }
    }
}

fn visit(bill: pb::Bill) -> pb::Bill {
    pb::Bill { care_kind: pb::CareKind::Outpatient.into(), ..bill }
}

/// Registered from February on.
fn special(mut bill: pb::Bill) -> pb::Bill {
    bill.provider.as_mut().unwrap().provider_code = "H12010100001".to_owned();
    pb::Bill { care_kind: pb::CareKind::SpecialOutpatient.into(), disease_code: "M01600".to_owned(), ..bill }
}

fn home_bed(mut bill: pb::Bill) -> pb::Bill {
    bill.provider.as_mut().unwrap().home_bed = true;
    pb::Bill { care_kind: pb::CareKind::HomeBed.into(), home_bed_days: 1, ..bill }
}

/// Registered from February on where it is residence.
fn elsewhere(mut bill: pb::Bill, category: pb::OutOfArea, region: &str, code: &str) -> pb::Bill {
    let provider = bill.provider.as_mut().unwrap();
    (provider.provider_code, provider.assistance_designated) = (code.to_owned(), false);
    let place = pb::Elsewhere { category: category.into(), region: region.to_owned(), receiving_level: 0 };
    pb::Bill { place: Some(Place::Elsewhere(place)), ..bill }
}

fn event(bill: pb::Bill, kind: pb::CareKind, event: Event) -> pb::Bill {
    let maternity = Some(pb::MaternityEvent { event: Some(event) });
    pb::Bill { care_kind: kind.into(), maternity, ..bill }
}

fn planned(bill: pb::Bill) -> pb::Bill {
    let procedures = vec![pb::FamilyPlanningProcedure::Abortion.into()];
    let planning = Event::FamilyPlanning(pb::FamilyPlanning { procedures, conditions: vec![] });
    event(bill, pb::CareKind::FamilyPlanning, planning)
}

/// A birth whose fixed amount may be above its cost (AMB-084).
fn delivery(stay: &Stay) -> pb::Bill {
    let childbirth = pb::Childbirth { mode: pb::DeliveryMode::Natural.into(), ..Default::default() };
    event(stay.bill(), pb::CareKind::Maternity, Event::Childbirth(childbirth))
}

pub(super) async fn settle(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::Settlement {
    let (request_id, resident_id) = (suite.request_id(), resident.to_string());
    let request = pb::SettleRequest { request_id, resident_id, bill: Some(bill), ..Default::default() };
    suite.try_settle(request).await.unwrap().settlement.unwrap()
}

/// The day on which identities of a sample begin and end.
const TURN: &str = "2021-07-01";

/// Somebody of a sample, with the identities held before and from the turn on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Person {
    tier: Tier,
    before: &'static [Identity],
    from: &'static [Identity],
}

pub(super) const PEOPLE: [Person; 6] = [
    Person::always(Tier::Low, &[]),
    Person::always(Tier::Middle, &[Identity::SubsistenceAllowance]),
    Person::always(Tier::High, &[Identity::MartyrSurvivor, Identity::LowIncome]),
    Person::always(Tier::StudentChild, &[Identity::RuralExtremePoverty]),
    Person { tier: Tier::Middle, before: &[], from: &[Identity::SubsistenceAllowance] },
    Person { tier: Tier::Low, before: &[Identity::RuralExtremePoverty, Identity::MartyrSurvivor], from: &[] },
];

impl Person {
    const fn always(tier: Tier, identities: &'static [Identity]) -> Self {
        Self { tier, before: identities, from: identities }
    }

    /// Registers somebody like this, with openings, residence elsewhere, a special disease and a pregnancy on record.
    pub(super) async fn register(self, suite: &Suite) -> ResidentId {
        let resident = suite.resident();
        suite.peers.set_cover(self.tier, self.from);
        suite.peers.set_before(TURN, self.before, &[]);
        suite.peers.set_span(YEAR);
        try_import(suite, import(suite, resident, &[(2019, 2_500), (2020, 400)], Some(2))).await.unwrap();
        let (home, ill) = (residence(suite, resident), disease(suite, resident));
        Suite::office(AGENCY, suite.filings().file_residence_elsewhere(home)).await.unwrap();
        Suite::office(AGENCY, suite.filings().register_special_disease(ill)).await.unwrap();
        register_birth(suite, birth(suite, resident)).await.unwrap();
        register_benefit(suite, Office::Provider, benefit(suite, resident)).await.unwrap();
        resident
    }

    /// What is held on the day of a bill.
    fn identities_on(self, day: &str) -> BTreeSet<i32> {
        let held = if day < TURN { self.before } else { self.from };
        held.iter().map(|identity| identity.to_wire()).collect()
    }
}

/// The bills of a person's year, in no order, each on a day of its own.
pub(super) fn bills(sample: &mut Sample, number: usize) -> Vec<pb::Bill> {
    let days = (1..=12).flat_map(|month| (1..=28).map(move |day| format!("{month:02}-{day:02}")));
    let days = sample.shuffled(days.filter(|day| day != "10-20").collect());
    let mut bills: Vec<pb::Bill> = days.iter().take(number).map(|day| sample.bill(day)).collect();
    let fen = sample.fen(400_000);
    bills.push(delivery(&Stay::of_fen("10-20", fen)));
    sample.shuffled(bills)
}

/// AMB-055, AMB-138, J-5.5.1-a: whatever order bills are filed and reversed in, and whether identities last or begin or end in the
/// year, the ledger is that of the bills that remain, filed in the order of the law, each with the identities of its own day;
/// settling the year anew finds nothing to post.
#[tokio::test]
async fn the_ledger_equals_a_recount() {
    with_suites("", |suite| async move {
        let mut sample = Sample(0x9E37_79B9_7F4A_7C15);
        for person in PEOPLE {
            let (resident, recounted) = (person.register(&suite).await, person.register(&suite).await);
            let mut remaining: Vec<(String, pb::Bill)> = Vec::new();
            for bill in bills(&mut sample, 14) {
                remaining.push((Box::pin(settle(&suite, resident, bill.clone())).await.settlement_id, bill));
                if sample.below(4) == 0 {
                    let (id, _) = remaining.remove(sample.below(remaining.len() as u64));
                    Box::pin(suite.reverse(resident, &id)).await;
                }
            }
            remaining.sort_by_key(|(_, bill)| bill.admission_date.clone());
            for (_, bill) in &remaining {
                Box::pin(settle(&suite, recounted, bill.clone())).await;
            }
            let (left, right) = (in_force(&suite, resident).await, in_force(&suite, recounted).await);
            assert_eq!((left.len(), left), (remaining.len(), right), "{}", suite.kind);
            assert_eq!(suite.accumulators(resident).await, suite.accumulators(recounted).await, "{}", suite.kind);
            let halves: BTreeSet<bool> = remaining.iter().map(|(_, bill)| *bill.admission_date < *TURN).collect();
            assert_eq!(halves.len(), 2, "bills on both sides of the turn");
            for settlement in suite.list(resident).await {
                let held = person.identities_on(&settlement.bill.as_ref().unwrap().admission_date);
                assert_eq!(settlement.identities.iter().copied().collect::<BTreeSet<_>>(), held, "{}", suite.kind);
                let shares = settlement.shares.unwrap();
                let registered = suite.peers.registered(&settlement.settlement_id);
                let aid = [shares.medical_assistance_fen, shares.veterans_assistance_fen].map(Fen::new);
                assert_eq!(registered, (aid[0], aid[1]), "{}", suite.kind);
            }
            let anew = recompute(&suite, request(&suite, resident)).await.unwrap();
            let nothing = (anew.recomputation_id.as_str(), anew.changes.len());
            assert_eq!((nothing, anew.settlements), (("", 0), i32::try_from(remaining.len()).unwrap()));
        }
    })
    .await;
}
