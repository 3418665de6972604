//! A person in the suite and in the second engine, held against each other.

use std::collections::BTreeMap;

use juyi_domain::codes::Office;
use juyi_domain::id::SettlementId;
use juyi_domain::settlement::accumulators::Accumulators;
use juyi_domain::settlement::case::Case;
use juyi_proto::settlement::v1 as pb;
use juyi_tests::offices::{Clients, by};
use tonic::Status;
use tonic_types::StatusExt;

use super::people::{Facts, provider_code};
use super::{bills, entering};
use crate::second::closing::close;
use crate::second::engine::{Line, Refused, Regime, Terms, outpatient_deductible, reckon};
use crate::second::recount::recount;

/// A person who lives through a year in the suite and in the second engine.
pub(super) struct Life<'a> {
    clients: &'a Clients,
    terms: Terms,
    pub(super) facts: Facts,
    pub(super) name: String,
    pub(super) resident: String,
    /// The bills that are settled, in the order of filing.
    pub(super) cases: Vec<Case>,
    ids: BTreeMap<SettlementId, String>,
}

/// What everybody pays: total, basic insurance, critical illness insurance, maternity insurance, medical assistance, veterans'
/// assistance, and the person.
pub(super) type Parts = [i64; 7];

pub(super) fn parts(line: &Line) -> Parts {
    [line.total, line.basic, line.critical, line.maternity, line.medical, line.veterans, line.person()]
}

pub(super) fn plus(left: Parts, right: Parts) -> Parts {
    std::array::from_fn(|index| left[index] + right[index])
}

/// The year of a regime.
pub(super) fn policy_year(terms: Terms) -> i32 {
    match terms.regime {
        Regime::Baodi2017 => 2017,
        Regime::Tianjin2021 => 2021,
    }
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
    pub(super) async fn begin(
        clients: &'a Clients,
        terms: Terms,
        name: &str,
        facts: Facts,
        sequence: &mut u32,
    ) -> Self {
        let resident = Box::pin(entering::enter(clients, name, &facts, sequence)).await;
        let (name, cases, ids) = (name.to_owned(), Vec::new(), BTreeMap::new());
        Self { clients, terms, facts, name, resident, cases, ids }
    }

    /// Files a bill. What the second engine refuses, the suite refuses for the same reason, and nothing comes of it.
    pub(super) async fn file(&mut self, case: Case) {
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

    /// A settled bill.
    pub(super) fn case(&self, id: SettlementId) -> &Case {
        self.cases.iter().find(|case| case.id == id).unwrap()
    }

    fn expected(&self, refused: &[(SettlementId, Refused)]) -> Vec<&'static str> {
        let reason = |(_, why): &(SettlementId, Refused)| match why {
            Refused::NotDefined => "RULE_NOT_DEFINED",
            Refused::Twice => "DUPLICATE_BILL",
            Refused::Missing | Refused::Days(_) => "REQUIRED_FIELD_MISSING",
        };
        refused.iter().map(reason).collect()
    }

    pub(super) async fn reverse(&mut self, index: usize) {
        let case = self.cases.remove(index);
        let request = pb::ReverseSettlementRequest {
            request_id: format!("reverse-{}-{}", self.name, case.filed_order),
            resident_id: self.resident.clone(),
            settlement_id: self.ids.remove(&case.id).unwrap(),
        };
        by(Office::Provider, self.clients.settlement.clone().reverse_settlement(request)).await.unwrap();
    }

    pub(super) async fn recompute(&self, which: &str) -> pb::RecomputeYearResponse {
        let request = pb::RecomputeYearRequest {
            request_id: format!("recompute-{which}-{}", self.name),
            resident_id: self.resident.clone(),
            policy_year: self.facts.policy_year,
            validate_only: false,
        };
        by(Office::MedicalInsurance, self.clients.settlement.clone().recompute_year(request)).await.unwrap()
    }

    pub(super) fn lines(&self) -> Vec<Line> {
        let reckoned = reckon(self.terms, &self.cases, &self.facts.opening);
        assert!(reckoned.refused.is_empty(), "{:?}", reckoned.refused);
        reckoned.lines
    }

    /// Every bill in force, and the running totals; what is reversed is worth nothing.
    pub(super) async fn compare(&self) {
        let request =
            pb::ListSettlementsRequest { resident_id: self.resident.clone(), page_size: 100, ..Default::default() };
        let listed =
            by(Office::MedicalInsurance, self.clients.settlement.clone().list_settlements(request)).await.unwrap();
        let mut told_of: BTreeMap<String, Parts> = BTreeMap::new();
        for settlement in &listed.settlements {
            let shares = settlement.shares.unwrap();
            conserves(&shares);
            let mut posted = Parts::default();
            for entry in &settlement.entries {
                let entry = entry.shares.unwrap();
                conserves(&entry);
                posted = plus(posted, told(&entry));
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
    pub(super) async fn close(&self) {
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
