//! The settlement process killed under load, again and again.

use std::collections::{BTreeMap, BTreeSet};

use juyi_domain::codes::Office;
use juyi_proto::settlement::v1::{GetAccumulatorsRequest, ListSettlementsRequest, SettleRequest, Settlement};
use juyi_tests::offices::{Clients, by, stay, to_settle};
use juyi_tests::people::identity_number;
use juyi_tests::processes::Process;
use juyi_tests::suites;
use tokio::task::JoinSet;

const KILLS: usize = 10;
const PEOPLE: usize = 8;
/// Bills of a person that wait when the process dies.
const WAITING: usize = 3;

/// The suite with settlement as a process of its own, which alone dies.
struct Parts {
    settings: Vec<(&'static str, String)>,
    others: Vec<Process>,
}

impl Parts {
    async fn start(url: &str) -> Self {
        let mut parts = Self { settings: vec![("JUYI__DATABASE__URL", url.to_owned())], others: Vec::new() };
        for (task, key) in [
            ("registry", "JUYI__PEERS__REGISTRY"),
            ("benefit-period", "JUYI__PEERS__BENEFIT_PERIOD"),
            ("contribution", "JUYI__PEERS__CONTRIBUTION"),
            ("assistance", "JUYI__PEERS__ASSISTANCE"),
        ] {
            let process = parts.process(task).await;
            parts.settings.push((key, process.url()));
            parts.others.push(process);
        }
        parts
    }

    async fn process(&self, task: &str) -> Process {
        let settings: Vec<_> = self.settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
        Process::start(task, &settings).await
    }

    /// A gateway and the settlement behind it.
    async fn settlement(&mut self) -> (Process, Process) {
        let settlement = self.process("settlement").await;
        self.settings.retain(|(key, _)| *key != "JUYI__PEERS__SETTLEMENT");
        self.settings.push(("JUYI__PEERS__SETTLEMENT", settlement.url()));
        (settlement, self.process("gateway").await)
    }
}

/// Whatever was acknowledged is there once, and as it was acknowledged; what was not is absent or complete; the running
/// totals equal a recount of the ledger; and every request sent again has its one effect.
#[tokio::test]
async fn killed_ten_times_every_acknowledged_settlement_is_there_once() {
    for (name, url, _directory) in suites::databases().await {
        let mut parts = Parts::start(&url).await;
        let (mut settlement, mut gateway) = parts.settlement().await;
        let mut clients = Clients::new(&gateway.channel());
        let mut people = Vec::new();
        for sequence in 0..PEOPLE {
            let number = identity_number("120223", "19820101", u32::try_from(sequence).unwrap());
            // Aid is told to another service after the commit, so that some die in between.
            let aided = sequence % 4 == 0;
            people.push(if aided { clients.aided_adult(&number).await } else { clients.covered_adult(&number).await });
        }
        let mut requests: BTreeMap<String, SettleRequest> = BTreeMap::new();
        let mut acknowledged: BTreeMap<String, Settlement> = BTreeMap::new();
        for kill in 0..KILLS {
            let mut calls = JoinSet::new();
            for bill in 0..PEOPLE * WAITING {
                let number = format!("B-{kill}-{bill}");
                let day = format!("2021-{:02}-{:02}", kill + 1, bill / PEOPLE + 1);
                let fen = 1_000_000 + i64::try_from(bill).unwrap() * 100;
                let request = to_settle(&people[bill % PEOPLE], stay(&number, &day, &day, fen));
                requests.insert(number.clone(), request.clone());
                let mut client = clients.settlement.clone();
                calls.spawn(async move { (number, by(Office::Provider, client.settle(request)).await) });
            }
            // Each time another number of answers is out, and the others are anywhere on their way.
            for _ in 0..=kill * 2 {
                let (number, answer) = calls.join_next().await.unwrap().unwrap();
                acknowledged.insert(number, answer.unwrap().settlement.unwrap());
            }
            settlement.kill().await;
            while let Some(call) = calls.join_next().await {
                let (number, answer) = call.unwrap();
                acknowledged.extend(answer.ok().map(|answer| (number, answer.settlement.unwrap())));
            }
            assert_eq!(gateway.stop().await, 0);
            (settlement, gateway) = parts.settlement().await;
            clients = Clients::new(&gateway.channel());
            check(&clients, &people, &acknowledged, name).await;
        }
        assert!(acknowledged.len() < requests.len(), "{name}: nothing was lost on its way");
        for (number, request) in &requests {
            let again = by(Office::Provider, clients.settlement.clone().settle(request.clone())).await.unwrap();
            if let Some(first) = acknowledged.get(number) {
                assert_eq!(again.settlement.as_ref(), Some(first), "{name}: the same answer to the same request");
            }
        }
        let stored: BTreeSet<_> = check(&clients, &people, &acknowledged, name).await;
        assert_eq!(stored, requests.into_keys().collect(), "{name}");
        for process in [gateway, settlement].into_iter().chain(parts.others.into_iter().rev()) {
            assert_eq!(process.stop().await, 0, "{name}");
        }
    }
}

/// Checks what is stored against what was acknowledged, and gives the numbers of the bills stored.
async fn check(
    clients: &Clients,
    people: &[String],
    acknowledged: &BTreeMap<String, Settlement>,
    name: &str,
) -> BTreeSet<String> {
    let mut stored: BTreeMap<String, Settlement> = BTreeMap::new();
    for resident_id in people {
        let mut settlement = clients.settlement.clone();
        let request = ListSettlementsRequest { resident_id: resident_id.clone(), page_size: 100, ..Default::default() };
        let list = by(Office::Provider, settlement.list_settlements(request)).await.unwrap().settlements;
        let request =
            GetAccumulatorsRequest { resident_id: resident_id.clone(), policy_year: 2021, ..Default::default() };
        let totals = by(Office::Provider, settlement.get_accumulators(request)).await.unwrap().accumulators.unwrap();
        let entries = || list.iter().flat_map(|it| &it.entries).map(|entry| entry.shares.unwrap());
        let recount = (
            i32::try_from(list.len()).unwrap(),
            entries().map(|shares| shares.basic_fund_fen).sum::<i64>(),
            entries().map(|shares| shares.eligible_fen).sum::<i64>(),
            entries().map(|shares| shares.medical_assistance_fen).sum::<i64>(),
        );
        let told = (totals.stays, totals.basic_paid_fen, totals.eligible_fen, totals.medical_assistance_paid_fen);
        assert_eq!(told, recount, "{name}: the running totals are those of the ledger");
        for it in list {
            let bill = it.bill.as_ref().unwrap();
            assert!(!it.entries.is_empty() && it.receipt.as_ref().is_some_and(|receipt| !receipt.steps.is_empty()));
            assert_eq!(it.shares.unwrap().total_fen, bill.total_fen, "{name}: a settlement is whole");
            let number = bill.bill_number.clone();
            assert!(stored.insert(number.clone(), it).is_none(), "{name}: {number} is there once");
        }
    }
    for (number, settlement) in acknowledged {
        let found = stored.get(number).unwrap_or_else(|| panic!("{name}: {number} was acknowledged and is lost"));
        assert_eq!(found.settlement_id, settlement.settlement_id, "{name}: {number}");
    }
    stored.into_keys().collect()
}
