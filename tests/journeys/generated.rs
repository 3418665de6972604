//! Generated people settled through the gateway, with every service behind it, and the second engine beside: every amount of
//! every payer, every running total and what the year leaves agree to the fen, in whatever order bills come and go.

mod bills;
mod entering;
mod people;

use std::collections::BTreeMap;

use juyi_domain::codes::{Identity, Office, Tier};
use juyi_domain::id::SettlementId;
use juyi_domain::settlement::accumulators::Accumulators;
use juyi_domain::settlement::case::Case;
use juyi_proto::settlement::v1 as pb;
use juyi_tests::offices::{Clients, by};
use tonic::Status;
use tonic_types::StatusExt;

use crate::scenarios::suites_under;
use crate::second::closing::close;
use crate::second::engine::{Line, Refused, Regime, Terms, outpatient_deductible, reckon};
use crate::second::readings::{Reading, Readings};
use crate::second::recount::recount;
use crate::second::years::{ENABLED_2017, Reach, SETTLED, Years};
use people::{Facts, Held, day, provider_code};

/// A person who lives through a year in the suite and in the second engine.
struct Life<'a> {
    clients: &'a Clients,
    terms: Terms,
    facts: Facts,
    name: String,
    resident: String,
    /// The bills that are settled, in the order of filing.
    cases: Vec<Case>,
    ids: BTreeMap<SettlementId, String>,
}

/// What everybody pays: total, basic insurance, critical illness insurance, maternity insurance, medical assistance, veterans'
/// assistance, and the person.
type Parts = [i64; 7];

fn parts(line: &Line) -> Parts {
    [line.total, line.basic, line.critical, line.maternity, line.medical, line.veterans, line.person()]
}

fn told(shares: &pb::Shares) -> Parts {
    [
        shares.total_fen,
        shares.basic_fund_fen,
        shares.critical_illness_fen,
        shares.maternity_fen,
        shares.medical_assistance_fen,
        shares.veterans_assistance_fen,
        shares.person_fen,
    ]
}

impl<'a> Life<'a> {
    async fn begin(clients: &'a Clients, terms: Terms, name: &str, facts: Facts, sequence: &mut u32) -> Self {
        let resident = Box::pin(entering::enter(clients, name, &facts, sequence)).await;
        let (name, cases, ids) = (name.to_owned(), Vec::new(), BTreeMap::new());
        Self { clients, terms, facts, name, resident, cases, ids }
    }

    /// Files a bill. What the second engine refuses, the suite refuses for the same reason, and nothing comes of it.
    async fn file(&mut self, case: Case) {
        let number = format!("{}-{}", self.name, case.filed_order);
        let request = pb::SettleRequest {
            request_id: format!("settle-{number}"),
            resident_id: self.resident.clone(),
            bill: Some(bills::wire(&case.bill, &number, &provider_code(&case))),
            ..Default::default()
        };
        let answer = by(Office::Provider, self.clients.settlement.clone().settle(request)).await;
        self.cases.push(case.clone());
        let refused = reckon(self.terms, &self.cases, &self.facts.opening).refused;
        if refused.is_empty() {
            let settlement =
                answer.unwrap_or_else(|status| panic!("{}: {status:?} of {case:#?}", self.name)).settlement;
            self.ids.insert(case.id, settlement.unwrap().settlement_id);
        } else {
            let status = answer.expect_err("is refused");
            assert_eq!(reasons(&status), self.expected(&refused), "{}: {case:#?}", self.name);
            self.cases.pop();
        }
    }

    fn expected(&self, refused: &[(SettlementId, Refused)]) -> Vec<&'static str> {
        let reason = |(_, why): &(SettlementId, Refused)| match why {
            Refused::NotDefined => "RULE_NOT_DEFINED",
            Refused::Twice => "DUPLICATE_BILL",
            Refused::Missing | Refused::Days(_) => "REQUIRED_FIELD_MISSING",
        };
        refused.iter().map(reason).collect()
    }

    async fn reverse(&mut self, index: usize) {
        let case = self.cases.remove(index);
        let request = pb::ReverseSettlementRequest {
            request_id: format!("reverse-{}-{}", self.name, case.filed_order),
            resident_id: self.resident.clone(),
            settlement_id: self.ids.remove(&case.id).unwrap(),
        };
        by(Office::Provider, self.clients.settlement.clone().reverse_settlement(request)).await.unwrap();
    }

    async fn recompute(&self, which: &str) -> pb::RecomputeYearResponse {
        let request = pb::RecomputeYearRequest {
            request_id: format!("recompute-{which}-{}", self.name),
            resident_id: self.resident.clone(),
            policy_year: self.facts.policy_year,
            validate_only: false,
        };
        by(Office::MedicalInsurance, self.clients.settlement.clone().recompute_year(request)).await.unwrap()
    }

    fn lines(&self) -> Vec<Line> {
        let reckoned = reckon(self.terms, &self.cases, &self.facts.opening);
        assert!(reckoned.refused.is_empty(), "{:?}", reckoned.refused);
        reckoned.lines
    }

    /// Every bill in force, and the running totals; what is reversed is worth nothing.
    async fn compare(&self) {
        let request =
            pb::ListSettlementsRequest { resident_id: self.resident.clone(), page_size: 100, ..Default::default() };
        let listed =
            by(Office::MedicalInsurance, self.clients.settlement.clone().list_settlements(request)).await.unwrap();
        let mut told_of: BTreeMap<String, Parts> = BTreeMap::new();
        for settlement in &listed.settlements {
            let shares = settlement.shares.unwrap();
            conserves(&shares);
            let mut posted = [0; 7];
            for entry in &settlement.entries {
                let entry = entry.shares.unwrap();
                conserves(&entry);
                posted.iter_mut().zip(told(&entry)).for_each(|(sum, part)| *sum += part);
            }
            assert_eq!(posted, told(&shares), "{}", self.name);
            told_of.insert(settlement.settlement_id.clone(), told(&shares));
        }
        let lines = self.lines();
        for line in &lines {
            let found = told_of.remove(&self.ids[&line.id]);
            assert_eq!(found, Some(parts(line)), "{}: {line:?} of {:?} and {:#?}", self.name, self.facts, self.cases);
        }
        assert!(told_of.values().all(|parts| *parts == Parts::default()), "{}: {told_of:?}", self.name);
        self.compare_totals(&lines).await;
    }

    async fn compare_totals(&self, lines: &[Line]) {
        let request = pb::GetAccumulatorsRequest {
            resident_id: self.resident.clone(),
            policy_year: self.facts.policy_year,
            as_of_date: String::new(),
        };
        let totals = by(Office::MedicalInsurance, self.clients.settlement.clone().get_accumulators(request)).await;
        let sum = |part: fn(&Line) -> i64| lines.iter().map(part).sum::<i64>();
        let expected = pb::Accumulators {
            assistance_base_fen: sum(|line| line.filled),
            medical_assistance_paid_fen: sum(|line| line.medical),
            veterans_assistance_paid_fen: sum(|line| line.veterans),
            policy_year: self.facts.policy_year,
            ..of(&recount(self.terms, lines, &self.facts.opening))
        };
        assert_eq!(totals.unwrap().accumulators.unwrap(), expected, "{}", self.name);
        self.within_the_limits(&expected);
    }

    /// J-5.1.T-d, -f, -o, -r, J-5.1.2-b, J-5.1.4-a, B-5.2-c.
    fn within_the_limits(&self, totals: &pb::Accumulators) {
        let balances = self.facts.opening.balance().get();
        assert!(totals.basic_paid_fen <= 18_000_000 + balances && totals.balance_used_fen <= balances, "{totals:?}");
        assert!(totals.deductible_used_fen <= 50_000 && totals.home_bed_days <= 90, "{totals:?}");
        let outpatient = match (self.facts.policy_year, self.facts.doctor_from) {
            (..2021, _) => 300_000,
            (_, Some(_)) => 420_000,
            (_, None) => 400_000,
        };
        assert!(totals.outpatient_paid_fen <= outpatient, "{totals:?}");
    }

    /// What the year leaves (J-5.1.1-a to -d, J-5.1.2-a, -b).
    async fn close(&self) {
        let request = pb::CloseYearRequest {
            request_id: format!("close-{}", self.name),
            validate_only: false,
            resident_id: self.resident.clone(),
            policy_year: self.facts.policy_year,
        };
        let closed = by(Office::MedicalInsurance, self.clients.person_years.clone().close_year(request)).await;
        let closing = closed.unwrap().closing.unwrap();
        let (opening, doctor) = (&self.facts.opening, self.facts.doctor_from.is_some());
        let left = close(self.terms, &self.lines(), opening, doctor, true);
        let next = closing.next_opening.unwrap();
        assert_eq!(
            (closing.carried_fen, closing.next_deductible_fen, next.balance_fen),
            (left.carried, outpatient_deductible(left.unused_years), left.carried + left.balances.iter().sum::<i64>()),
            "{}: {:?}",
            self.name,
            self.facts,
        );
    }
}

fn of(totals: &Accumulators) -> pb::Accumulators {
    pb::Accumulators {
        deductible_used_fen: totals.deductible_used.get(),
        stays: i32::try_from(totals.stays).unwrap(),
        basic_paid_fen: totals.basic_paid.get(),
        eligible_fen: totals.eligible.get(),
        burden_fen: totals.burden.get(),
        critical_illness_paid_fen: totals.critical_illness_paid.get(),
        home_bed_days: i32::try_from(totals.home_bed_days).unwrap(),
        balance_used_fen: totals.balance_used.get(),
        outpatient_eligible_fen: totals.outpatient_eligible.get(),
        general_fee_fen: totals.general_fee.get(),
        outpatient_paid_fen: totals.outpatient_paid.get(),
        general_fee_paid_fen: totals.general_fee_paid.get(),
        ..Default::default()
    }
}

/// J-6.1-b, AMB-005, AMB-084: the parts make the whole, and what a birth is paid above its cost.
fn conserves(shares: &pb::Shares) {
    let [total, parts @ ..] = told(shares);
    assert_eq!(parts.iter().sum::<i64>(), total + shares.maternity_above_cost_fen, "{shares:?}");
}

fn reasons(status: &Status) -> Vec<String> {
    let info = status.get_details_error_info().unwrap_or_else(|| panic!("{status:?}"));
    info.metadata["reasons"].split(',').map(str::to_owned).collect()
}

/// Somebody files a year in any order, has one bill reversed, and becomes somebody else after the fact.
async fn live(clients: &Clients, terms: Terms, years: &mut Years, policy_year: i32, number: usize, sequence: &mut u32) {
    let year = years.year();
    let facts = Facts::of(&year, policy_year, years);
    let cases = years.shuffled(&year.cases);
    let cases = facts.cases(&cases, years);
    let mut life = Life::begin(clients, terms, &format!("G{policy_year}-{number}"), facts, sequence).await;
    for case in cases {
        life.file(case).await;
    }
    life.compare().await;
    assert_eq!(life.recompute("first").await.changes, [], "{}", life.name);
    if life.cases.len() > 1 {
        let gone = usize::try_from(years.below(life.cases.len() as u64)).unwrap();
        // Without it a home bed may have to come split otherwise.
        let mut rest = life.cases.clone();
        rest.remove(gone);
        if reckon(terms, &rest, &life.facts.opening).refused.is_empty() {
            life.reverse(gone).await;
            life.compare().await;
            assert_eq!(life.recompute("second").await.changes, [], "{}", life.name);
        }
    }
    // A status learnt of afterwards, from June on.
    let identity = years.pick(&[Identity::SubsistenceAllowance, Identity::MartyrSurvivor, Identity::LowIncome]);
    if !life.facts.held.iter().any(|held| held.identity == identity) {
        let held = Held { identity, from: day(policy_year, 6, 1), last: None };
        entering::identify(clients, &life.resident, &held, &life.facts).await;
        life.facts.held.push(held);
        for case in &mut life.cases {
            case.identities = life.facts.identities(case.bill.admitted_on);
        }
        life.recompute("third").await;
        life.compare().await;
    }
    life.close().await;
}

/// J-5.1, J-5.2, J-5.3, J-5.5, J-10.3.2, J-10.4-a, J-10.5.1-a, J-6.1-b; AMB-005, AMB-055, AMB-101, AMB-138.
#[tokio::test]
async fn services_and_second_engine_agree_on_2021() {
    agree(Regime::Tianjin2021.into(), (2021, SETTLED), 24, 0x9E37_79B9_7F4A_7C15).await;
}

/// B-5.1-b to -f, B-5.2-a to -d, B-5.3-a to -d, B-5.4-a, AMB-102: identities take nothing from what 2017 pays.
#[tokio::test]
async fn services_and_second_engine_agree_on_2017() {
    agree(Regime::Baodi2017.into(), (2017, ENABLED_2017), 10, 0x5851_F42D_4C95_7F2D).await;
}

/// AMB-077: a threshold that rises on 1 July, so that one year knows two laws.
#[tokio::test]
async fn services_and_second_engine_agree_on_two_laws_in_one_year() {
    let readings = Readings::only(Reading::ThresholdRises);
    let terms = Terms { regime: Regime::Tianjin2021, readings };
    agree(terms, (2021, Reach { elsewhere: false, ..SETTLED }), 8, 0x1F83_D9AB_FB41_BD6B).await;
}

async fn agree(terms: Terms, (policy_year, reach): (i32, Reach), people: usize, seed: u64) {
    for running in suites_under(&terms.readings.overlay()).await.unwrap() {
        let clients = Clients::new(&running.gateway);
        entering::set(&clients).await;
        let (mut years, mut sequence) = (Years::new(seed, policy_year, reach), 0);
        for number in 0..people {
            Box::pin(live(&clients, terms, &mut years, policy_year, number, &mut sequence)).await;
        }
        running.suite.stop().await.unwrap();
    }
}

/// Over a year a better tier never receives less from basic insurance, and a status held all year costs nobody money
/// (`CLIFFS.md` names what the law does not keep): the same bills of people who differ in one thing.
#[tokio::test]
async fn a_better_tier_and_a_status_are_never_worse() {
    for running in suites_under("").await.unwrap() {
        let clients = Clients::new(&running.gateway);
        entering::set(&clients).await;
        let (mut years, mut sequence) = (Years::new(0xA076_1D64_78BD_642F, 2021, SETTLED), 0);
        for number in 0..4 {
            let year = years.year();
            let facts = Facts { held: Vec::new(), tier: Tier::Low, ..Facts::of(&year, 2021, &mut years) };
            let cases = facts.cases(&years.shuffled(&year.cases), &mut years);
            let identity = years.pick(Identity::ALL);
            let held = vec![Held { identity, from: day(2021, 1, 1), last: None }];
            let mut sums = Vec::new();
            for (which, facts) in [
                ("low", facts.clone()),
                ("middle", Facts { tier: Tier::Middle, ..facts.clone() }),
                ("high", Facts { tier: Tier::High, ..facts.clone() }),
                ("aided", Facts { held, ..facts.clone() }),
            ] {
                let name = format!("T{number}-{which}");
                let mut life = Life::begin(&clients, Regime::Tianjin2021.into(), &name, facts, &mut sequence).await;
                for mut case in cases.clone() {
                    (case.tier, case.identities) = (life.facts.tier, life.facts.identities(case.bill.admitted_on));
                    life.file(case).await;
                }
                life.compare().await;
                // The second engine's sums are those of the suite.
                let lines = life.lines();
                let sum = |part: fn(&Line) -> i64| lines.iter().map(part).sum::<i64>();
                sums.push((sum(|line| line.basic), sum(Line::person)));
            }
            assert!(sums[0].0 <= sums[1].0 && sums[1].0 <= sums[2].0, "{number}: {sums:?}");
            assert!(sums[3].1 <= sums[0].1, "{number} {identity}: {sums:?}");
        }
        running.suite.stop().await.unwrap();
    }
}
